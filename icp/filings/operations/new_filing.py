"""新用户备案: the first filing of a subject with its first website(s), filing-domain § 3.1."""

from __future__ import annotations

from icp.filings.answers import Answers
from icp.filings.operations import papers as paper
from icp.filings.operations import steps
from icp.filings.operations.base import Operation, PaperSlot
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The papers of subject, principals and websites, and what the province asks besides."""
    slots = paper.of_subject(answers, vocabulary) + paper.of_province(answers, vocabulary)
    for row in answers.rows("website"):
        slots += paper.of_website(answers, row, vocabulary)
    return slots + paper.commitment(answers, vocabulary)


NEW_FILING = Operation(
    code="new_filing",
    label=N_("首次备案"),
    steps=(steps.SUBJECT, steps.PRINCIPAL, steps.WEBSITE, steps.PAPERS, steps.CHECK),
    slots=papers,
    visits=steps.every_website,
    password=False,
    upload_group="XZBA",
    operation_type="1",
    register_effect="record",
    one_at_a_time=True,
    hidden=steps.shared,
    paper_labels=paper.PAPER_LABELS,
)
