"""新增网站: a subject on record adds websites; known here or not, filing-domain § 3.4."""

from __future__ import annotations

from icp.filings.answers import Answers
from icp.filings.operations import papers as paper
from icp.filings.operations import steps
from icp.filings.operations.base import Operation, PaperSlot
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The papers of the new websites; those of the subject are with the bureau already."""
    slots = [slot for row in answers.rows("website") for slot in paper.of_website(answers, row, vocabulary)]
    return slots + paper.commitment(answers, vocabulary)


NEW_WEBSITE = Operation(
    code="new_website",
    label=N_("新增网站"),
    steps=(steps.SUBJECT_TOLD, steps.RECORD, steps.PASSWORD, steps.WEBSITE, steps.PAPERS, steps.CHECK),
    slots=papers,
    visits=steps.every_website,
    password=True,
    upload_group="XZWZ",
    operation_type="2",
    register_effect="add_website",
    begins="number",
    hidden=steps.known_or_shared,
    row_presets=steps.another_principal,
    paper_labels=paper.PAPER_LABELS,
)
