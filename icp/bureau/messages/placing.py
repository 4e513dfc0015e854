"""Where in a filing what the bureau says belongs: at the fields that can mend it, else at what stands on record, else
at the website around it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from icp.bureau.messages import attachments
from icp.bureau.messages.attachments import APPROVAL, FORM, PHOTO, PRINCIPAL, SUBJECT, WEBSITE_PRINCIPAL
from icp.bureau.messages.build import asked_at
from icp.bureau.messages.codes_table import Meaning
from icp.filings.answers import Answers
from icp.filings.operations.base import Operation
from icp.filings.paths import in_row

ABOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("网站负责人", ("website.principal.",)),
    ("主体负责人", ("subject.principal.",)),
    ("单位性质", ("subject.document_", "subject.organisation_type")),
    ("主体", ("subject.document_",)),
)
"""Whom a text of the bureau names → where the type paths about it begin; the first that is named counts."""
OF_DOCUMENT = (("证件类型", ".document_type"), ("证件号码", ".document_number"), ("单位性质", ".organisation_type"))
"""Which part of a document, or of what it has to fit, a text names → where the type paths about it end."""
PURPOSES = (
    ("照片", PHOTO),
    ("主体负责人", PRINCIPAL),
    ("网站负责人", WEBSITE_PRINCIPAL),
    ("主办", SUBJECT),
    ("审批", APPROVAL),
    ("核验单", FORM),
)
"""How a text names an attachment → its purpose (附件用途). The photo's name begins with the principal, and the codes'
own texts speak of the 核验单 whatever they are about, so that the order counts."""


class Standing(IntEnum):
    """What can be done at a place."""

    ASKED = 0  # it is mended there
    ON_RECORD = 1  # it is shown as it stands, and can't be changed
    AROUND = 2  # the website; what it is about isn't shown


@dataclass(frozen=True)
class Place:
    """An instance path, and whether something can be mended there; ``choice``: by choosing another principal."""

    path: str
    standing: Standing = Standing.ASKED
    choice: bool = False


@dataclass(frozen=True)
class Sent:
    """What was sent, as far as the bureau speaks of it.

    Attributes:
        operation: what was asked for.
        answers: of the revision.
        rows: the websites that are spoken of.
        papers: slots of the revision's papers.
    """

    operation: Operation
    answers: Answers
    rows: Sequence[str]
    papers: Collection[str] = ()


def places(meaning: Meaning, text: str, sent: Sent) -> list[Place]:
    """Where a code belongs, every place it may mean; none: the filing as a whole.

    Args:
        meaning: of the code.
        text: the bureau's own, which may name a person, a part of a document, or an attachment.
        sent: what was sent.
    """
    if meaning.attached:
        return _slots(meaning, text, sent)
    otherwise = (*meaning.instead, *meaning.otherwise) if _stand(meaning.paths, sent) else meaning.otherwise
    groups = [_part(text, group) for group in _about(text, (meaning.paths, otherwise))]
    found = [[place for path in group for place in _at(path, sent)] for group in groups]
    for standing in Standing:
        for group in found:
            at = [place for place in group if place.standing is standing]
            if at:
                return list(dict.fromkeys(_of_document(meaning.document, at, sent.answers)))
    return []


def _stand(paths: Sequence[str], sent: Sent) -> bool:
    """Whether paths are shown as they stand on record, and not one of them can be mended."""
    found = {place.standing for path in paths for place in _at(path, sent)}
    return Standing.ON_RECORD in found and Standing.ASKED not in found


def _about(text: str, groups: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Of each group the paths of whom a text names, where several may be meant; all when it names nobody."""
    begins = next((begins for words, begins in ABOUT if words in text), ())
    several = any(".principal." in path for group in groups for path in group)
    named = [[path for path in group if path.startswith(begins)] for group in groups]
    return named if several and any(named) else groups


def _part(text: str, paths: Sequence[str]) -> Sequence[str]:
    """The paths of the part of a document that a text names, all when it names none."""
    ends = tuple(ends for words, ends in OF_DOCUMENT if words in text)
    return [path for path in paths if ends and path.endswith(ends)] or paths


def _of_document(kind: str, found: list[Place], answers: Answers) -> list[Place]:
    """Those of a type of document, all when there is none or any will do."""

    def fits(place: Place) -> bool:
        return place.choice or answers.text(f"{place.path.rpartition('.')[0]}.document_type") == kind

    return [place for place in found if fits(place)] or found if kind else found


def _at(path: str, sent: Sent) -> list[Place]:
    if path == "filing_password":
        return [Place(path)] if sent.operation.password else []
    if path == "website":
        return [Place(f"website[{row}]") for row in sent.rows]
    if path.startswith("website."):
        return [_in_site(path, row, sent) for row in sent.rows]
    return _field(path, sent)


def _in_site(path: str, row: str, sent: Sent) -> Place:
    """The field of a website; the question who its principal is, where that person isn't asked for here; else the
    website."""
    fields = _field(asked_at(in_row(path, "website", row), sent.answers), sent)
    if fields:
        return fields[0]
    choice = f"website[{row}].principal.same_as_subject"
    if path.startswith("website.principal.") and _field(choice, sent):
        return Place(choice, choice=True)
    return Place(f"website[{row}]", Standing.AROUND)


def _field(path: str, sent: Sent) -> list[Place]:
    """The field at an instance path, none when this operation doesn't ask for it here."""
    if not sent.operation.asks(path) or sent.operation.hidden(path, sent.answers):
        return []
    fixed = sent.operation.is_fixed(path, sent.answers)
    return [Place(path, Standing.ON_RECORD if fixed else Standing.ASKED)]


def _slots(meaning: Meaning, text: str, sent: Sent) -> list[Place]:
    purpose = next((purpose for words, purpose in PURPOSES if words in text), meaning.purpose)
    rows = sent.rows or [""]
    found = [slot for row in rows for slot in attachments.slots(purpose, row, sent.answers, sent.papers)]
    return [Place(path) for path in dict.fromkeys(found)]
