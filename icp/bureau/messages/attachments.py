"""Which papers go to the bureau: five purposes, everything else stays with the provider.

Only papers that are there are sent: a change brings those of what it changes.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from icp.bureau.messages.build import Report
from icp.bureau.messages.writing import Owner, Writer, as_base64
from icp.documents import pictures
from icp.filings.answers import Answers
from icp.filings.paths import row_of, type_path

FORM, SUBJECT, PRINCIPAL, WEBSITE_PRINCIPAL, PHOTO = "1", "2", "3", "4", "5"
APPROVAL = "approval"
"""Stands for the scans of pre-approvals, which are no attachments to the interface and have no purpose."""
DOCUMENT = "subject.papers.document"
SCAN = "website.pre_approvals.papers.document"
SIDES = ("identity_front", "identity_back")


@dataclass(frozen=True)
class Attachment:
    """One picture on the wire: its purpose (附件用途), the JPEG, and the slot it comes from."""

    purpose: str
    data: bytes
    path: str


def write(writer: Writer, record: Any, found: Iterable[Attachment], owner: Owner) -> None:
    """Append attachments of one owner to a record, each in a ``Fj`` of its own."""
    for paper in found:
        wrapper = writer.group(record, "Fj", paper.path)
        writer.attachment(wrapper, paper.purpose, as_base64(paper.data), owner, paper.path)


def of_subject(report: Report) -> list[Attachment]:
    """The subject's document (2) and its principal's identity (3); a person's document is the identity itself."""
    individual = report.vocabulary.is_individual(report.answers.text("subject.organisation_type"))
    purposes = (SUBJECT, PRINCIPAL) if individual or DOCUMENT in report.papers else (PRINCIPAL,)
    return [paper for purpose in purposes for paper in _pictures(report, purpose)]


def of_website(report: Report, row: str) -> list[Attachment]:
    """The 核验单 (1), the principal's identity (4) and photo (5); the subject's principal's papers serve for both."""
    return [paper for purpose in (FORM, WEBSITE_PRINCIPAL, PHOTO) for paper in _pictures(report, purpose, row)]


def slots(purpose: str, row: str, answers: Answers, papers: Collection[str]) -> list[str]:
    """The slots whose pictures go to the bureau for a purpose.

    Args:
        purpose: 附件用途, ``APPROVAL``, or '' for none.
        row: of the website, where the purpose is one's.
        answers: they say whose papers serve for whom.
        papers: slots in which there is a picture.
    """
    principal = f"website[{row}].principal"
    if purpose == APPROVAL:
        return [path for path in papers if type_path(path) == SCAN and row_of(path) == row]
    if purpose == SUBJECT and DOCUMENT not in papers:
        purpose = PRINCIPAL
    if purpose == WEBSITE_PRINCIPAL:
        own = _there(_sides(principal), papers)
        if own or answers.get(f"{principal}.same_as_subject") == "no":
            return own
        purpose = PRINCIPAL
    wanted = {
        FORM: [f"website[{row}].papers.verification_form"],
        SUBJECT: [DOCUMENT],
        PRINCIPAL: _sides("subject.principal"),
        PHOTO: [f"{principal}.papers.photo"],
    }
    return _there(wanted.get(purpose, []), papers)


def _sides(principal: str) -> list[str]:
    return [f"{principal}.papers.{side}" for side in SIDES]


def _there(paths: list[str], papers: Collection[str]) -> list[str]:
    return [path for path in paths if path in papers]


def _pictures(report: Report, purpose: str, row: str = "") -> list[Attachment]:
    paths = slots(purpose, row, report.answers, report.papers)
    if report.stacked_identity and len(paths) > 1:
        return [Attachment(purpose, stacked([report.papers[path] for path in paths], purpose), paths[0])]
    return [Attachment(purpose, report.papers[path], path) for path in paths]


def stacked(sides: list[bytes], purpose: str) -> bytes:
    """Pictures one above the other on white, reduced to the limit of the purpose."""
    images = [Image.open(io.BytesIO(side)).convert("RGB") for side in sides]
    width = max(image.width for image in images)
    sheet = Image.new("RGB", (width, sum(image.height for image in images)), "white")
    top = 0
    for image in images:
        sheet.paste(image, ((width - image.width) // 2, top))
        top += image.height
    return pictures.reduce(sheet, purpose).data
