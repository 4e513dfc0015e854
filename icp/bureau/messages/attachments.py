"""Which papers go to the bureau: five purposes, everything else stays with the provider.

Only papers that are there are sent: a change brings those of what it changes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from icp.bureau.messages.build import Report
from icp.bureau.messages.writing import Owner, Writer, as_base64
from icp.documents import pictures

FORM, SUBJECT, PRINCIPAL, WEBSITE_PRINCIPAL, PHOTO = "1", "2", "3", "4", "5"
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
    identity = _sides(report, "subject.principal")
    found = _single(report, SUBJECT, "subject.papers.document")
    if not found and report.vocabulary.is_individual(report.answers.text("subject.organisation_type")):
        found = _pictures(report, SUBJECT, identity)
    return found + _pictures(report, PRINCIPAL, identity)


def of_website(report: Report, row: str) -> list[Attachment]:
    """The 核验单 (1), the principal's identity (4) and photo (5); the subject's principal's papers serve for both."""
    principal = f"website[{row}].principal"
    identity = _sides(report, principal)
    if not identity and report.answers.get(f"{principal}.same_as_subject") != "no":
        identity = _sides(report, "subject.principal")
    form, photo = f"website[{row}].papers.verification_form", f"{principal}.papers.photo"
    return [
        *_single(report, FORM, form),
        *_pictures(report, WEBSITE_PRINCIPAL, identity),
        *_single(report, PHOTO, photo),
    ]


def _sides(report: Report, principal: str) -> list[str]:
    paths = [f"{principal}.papers.{side}" for side in SIDES]
    return [path for path in paths if path in report.papers]


def _single(report: Report, purpose: str, path: str) -> list[Attachment]:
    return [Attachment(purpose, report.papers[path], path)] if path in report.papers else []


def _pictures(report: Report, purpose: str, paths: list[str]) -> list[Attachment]:
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
