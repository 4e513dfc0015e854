"""取消接入 and 备案注销: what is on record goes, filing-domain § 3.5 and § 3.6."""

from __future__ import annotations

from typing import Any

from icp.filings.answers import Answers
from icp.filings.forms.record import AccessEndForm, CancellationForm
from icp.filings.operations import papers as paper
from icp.filings.operations import steps
from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_

WHY = Step(
    "cancellation",
    N_("注销理由"),
    N_("注销以后不能恢复，要再用只能重新备案。"),
    (Part(CancellationForm),),
)
WHY_ACCESS = Step(
    "cancellation",
    N_("取消接入的理由"),
    N_("只取消我们这里的接入，备案号还在；网站在别处没有接入的，会成为空壳。"),
    (Part(AccessEndForm),),
)
CHECK = Step("check", N_("核对并提交"), N_("看清楚会消失什么，再提交。"))


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """A statement, when the principal can't be reached any more."""
    return [paper.statement()]


def no_papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """None."""
    return []


def _cancellation(code: str, label: str, operation_type: str, effect: str, confirm: str, **more: Any) -> Operation:
    return Operation(
        code=code,
        label=label,
        steps=(steps.SUBJECT_TOLD, steps.WEBSITES_TOLD, WHY, steps.PASSWORD, steps.PAPERS, CHECK),
        slots=papers,
        visits=steps.nobody,
        password=True,
        upload_group="ZXBA",
        operation_type=operation_type,
        register_effect=effect,
        begins="record",
        confirm=confirm,
        declaration=N_("我确认要注销上面列出的内容，知道注销后不能恢复。"),
        paper_labels=paper.PAPER_LABELS,
        **more,
    )


CANCEL_SUBJECT = _cancellation(
    "cancel_subject",
    N_("主体注销"),
    "6",
    "remove_subject",
    "subject.filing_number",
    one_at_a_time=True,
    access_here="one",
)
CANCEL_WEBSITE = _cancellation(
    "cancel_website", N_("网站注销"), "7", "remove_website", "website.filing_number", access_here="each"
)
CANCEL_ACCESS = Operation(
    code="cancel_access",
    label=N_("取消接入"),
    steps=(steps.SUBJECT_TOLD, steps.WEBSITES_TOLD, WHY_ACCESS, CHECK),
    slots=no_papers,
    visits=steps.nobody,
    password=False,
    upload_group="ZXBA",
    operation_type="5",
    register_effect="remove_access",
    begins="record",
    by_staff_only=True,
    declaration=N_("我们确认不再为上面的网站提供接入，并会告知主办者。"),
    paper_labels={**paper.PAPER_LABELS, "cancellation": N_("取消接入的理由")},
)
