"""信息变更: subject, websites, access, or several at once, filing-domain § 3.2.

Begins with what is on record. Only the blocks that differ are judged, and only their papers are asked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from icp.filings.answers import Answers
from icp.filings.forms.record import SubjectNumberForm, WebsiteNumberForm
from icp.filings.forms.subject import SubjectForm
from icp.filings.operations import papers as paper
from icp.filings.operations import steps
from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.filings.paths import in_row, type_path
from icp.rules.correction import Value
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_

PERSON = ("name", "document_type", "document_number")
IDENTITY = (*PERSON, "document_valid_from", "document_valid_to")
ON_THE_DOCUMENT = ("organisation_type", "name", "document_address", "document_valid_from", "document_valid_to")
BY_LAW = N_("证件号码是主体的身份，变更不能改。换了证件的，请先注销，再重新备案。")
ONE_DOMAIN = N_("变更不能换域名。新域名请办“新增网站”，旧的请注销。")
ITS_NUMBER = N_("备案号由管局给，变更后不变。")


def hidden(path: str, answers: Answers) -> bool:
    """Each website has its access on record, so none is "the same as the first"."""
    return type_path(path) == "website.access.same_as_first" or steps.shared(path, answers)


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The papers of what differs from the record."""
    slots = []
    changed = answers.changed_blocks()
    individual = vocabulary.is_individual(answers.text("subject.organisation_type"))
    if not individual and _differs(answers, "subject", ON_THE_DOCUMENT):
        slots.append(paper.slot("subject.papers.document", paper.PICTURE, purpose="2"))
    if not individual and answers.changed("subject.name"):
        because = N_("单位名称变了。")
        hint = N_("市场监管部门出具的更名通知。")
        slots.append(paper.slot("subject.papers.name_change_letter", hint, because=because))
    if _differs(answers, "subject.principal", IDENTITY):
        slots += paper.of_subject_principal(answers)
    for row in answers.rows("website"):
        other = answers.get(in_row("website.principal.same_as_subject", "website", row)) == "no"
        if other and _differs(answers, f"website[{row}].principal", (*IDENTITY, "same_as_subject")):
            slots += paper.of_website_principal(answers, row, vocabulary)
        if f"website[{row}].pre_approvals" in changed:
            slots += paper.of_approvals(answers, row)
    return slots


def visits(answers: Answers) -> list[str]:
    """Websites whose principal is another person than on record."""
    return [row for row in answers.rows("website") if _person(answers.get, row) != _person(answers.was, row)]


def _person(read: Callable[[str], Value], row: str) -> list[Value]:
    other = read(f"website[{row}].principal.same_as_subject") == "no"
    principal = f"website[{row}].principal" if other else "subject.principal"
    return [read(f"{principal}.{name}") for name in PERSON]


def _differs(answers: Answers, prefix: str, names: tuple[str, ...]) -> bool:
    return any(answers.changed(f"{prefix}.{name}") for name in names)


CHANGE = Operation(
    code="change",
    label=N_("信息变更"),
    steps=(
        dataclasses.replace(steps.SUBJECT, parts=(Part(SubjectNumberForm), Part(SubjectForm))),
        steps.PRINCIPAL,
        Step(
            "website",
            N_("网站信息"),
            N_("登记的内容已经填好，只改要变更的。"),
            (Part(WebsiteNumberForm), *steps.WEBSITE_PARTS),
            repeat="website",
            grows=False,
        ),
        steps.PASSWORD,
        steps.PAPERS,
        steps.CHECK,
    ),
    slots=papers,
    visits=visits,
    password=True,
    upload_group="BGBA",
    operation_type="4",
    register_effect="replace",
    begins="record",
    one_at_a_time=True,
    access_here="one",
    fixed={
        "subject.filing_number": ITS_NUMBER,
        "subject.document_type": BY_LAW,
        "subject.document_number": BY_LAW,
        "website.domain": ONE_DOMAIN,
        "website.filing_number": ITS_NUMBER,
    },
    partial=True,
    declaration=N_("以上内容真实，与证件一致；以后再有变化，会及时变更。"),
    hidden=hidden,
    paper_labels=paper.PAPER_LABELS,
)
