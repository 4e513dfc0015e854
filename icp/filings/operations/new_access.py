"""新增接入: websites on record that run here from now on, filing-domain § 3.3.

The subject's data become visible to the provider only after approval, so none are asked.
"""

from __future__ import annotations

from icp.filings.answers import Answers
from icp.filings.forms.record import WebsiteOnRecordForm
from icp.filings.forms.website import AccessForm, WebsitePrincipalForm
from icp.filings.operations import papers as paper
from icp.filings.operations import steps
from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.filings.paths import in_row
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """Domain certificate and principal of each website."""
    slots = []
    for row in answers.rows("website"):
        slots.append(paper.slot(in_row("website.papers.domain_certificate", "website", row), paper.CERTIFICATE))
        if answers.get(in_row("website.principal.same_as_subject", "website", row)) == "no":
            slots += paper.of_website_principal(answers, row, vocabulary)
    return slots


NEW_ACCESS = Operation(
    code="new_access",
    label=N_("新增接入"),
    steps=(
        steps.SUBJECT_TOLD,
        steps.RECORD,
        steps.PASSWORD,
        Step(
            "website",
            N_("网站与接入"),
            N_("已备案、要接到我们这里的网站；同一主体的几个网站可以一起办。原来的接入商不用配合。"),
            (Part(WebsiteOnRecordForm), Part(WebsitePrincipalForm), Part(AccessForm)),
            repeat="website",
        ),
        steps.PAPERS,
        steps.CHECK,
    ),
    slots=papers,
    visits=steps.every_website,
    password=True,
    upload_group="XZJR",
    operation_type="3",
    register_effect="add_access",
    declaration=N_("以上内容真实；网站已经备案，由我们接入以后有变化会及时变更。"),
    begins="number",
    hidden=steps.known_or_shared,
    row_presets=steps.another_principal,
    paper_labels=paper.PAPER_LABELS,
)
