"""Looking into what was sent and received: lists by number and name, and one file's XML with personal data masked."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from sqlalchemy import Select, or_, select

from icp.bureau import archive
from icp.bureau.codec import xml
from icp.bureau.codec.packing import PackingError, unzip_one
from icp.bureau.models import BureauRecord, BureauResult, Download, Upload
from icp.extensions import db
from icp.filings.models import Filing

PAGE = 50
SHOWN = 200_000  # characters of one file on a page
PERSONAL = re.compile(r"(zjhm|dhhm|sjhm|dzyj|dh|txdz|xxdz|wgdz|_dz|zjzs|msn|qq)$", re.IGNORECASE)
"""Document numbers, telephones, mail, addresses: shown with all but the ends hidden."""
PICTURES = frozenset(("Fjnr", "Spwj"))
SECRET = frozenset(("ICPmm",))


@dataclass(frozen=True)
class Page:
    """Rows and the id to go on after, None on the last page."""

    rows: list[Any]
    after: int | None


def sent(text: str = "", after: int | None = None) -> Page:
    """Sent files, newest first; found by data sequence, file name, or number of a filing in them."""
    wanted = select(Upload).order_by(Upload.id.desc())
    if text:
        inside = select(BureauRecord.upload_id).join(Filing, Filing.id == BureauRecord.filing_id)
        ways = [Upload.file_name == text, Upload.id.in_(inside.where(Filing.number == text))]
        if text.isascii() and text.isdigit() and len(text) < 10:
            ways.append(Upload.sequence == int(text))
        wanted = wanted.where(or_(*ways))
    return _page(wanted if after is None else wanted.where(Upload.id < after))


def received(text: str = "", after: int | None = None, *, troubled: bool = False) -> Page:
    """Received files, newest first; found by name, or by number of a filing they answered."""
    wanted = select(Download).order_by(Download.id.desc())
    if text:
        answered = select(BureauResult.download_id).join(Filing, Filing.id == BureauResult.filing_id)
        named = or_(Download.file_name == text, Download.id.in_(answered.where(Filing.number == text)))
        wanted = wanted.where(named)
    if troubled:
        wanted = wanted.where(or_(Download.problem != "", Download.applied_at.is_(None)))
    return _page(wanted if after is None else wanted.where(Download.id < after))


def _page(wanted: Select[Any]) -> Page:
    rows = list(db.session.scalars(wanted.limit(PAGE + 1)))
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def sent_text(upload: Upload) -> str | None:
    """The XML of a sent file, masked; None when it is no longer kept."""
    zipped = archive.open_upload(upload)
    if zipped is None:
        return None
    try:
        return masked(unzip_one(zipped).xml)
    except PackingError as error:
        return str(error)


def received_text(download: Download) -> str | None:
    """The XML of a received file, masked; None when it is no longer kept, '' when it isn't to be shown.

    What is no well-formed data file can't be masked, so none of its text is shown.
    """
    if archive.erased(download):
        return None
    return "" if download.unopened else masked(archive.open_download(download))


def masked(data: bytes) -> str:
    """A data file, indented, with personal data hidden; '' when it can't be read."""
    try:
        root = xml.parse(data)
    except xml.XmlError:
        return ""
    for element in root.iter():
        if element.text and len(element) == 0:
            element.text = _hidden(str(element.tag), element.text)
    etree.indent(root, space="  ")
    text: str = etree.tostring(root, encoding="unicode")
    return text if len(text) <= SHOWN else text[:SHOWN] + "\n…"


def _hidden(tag: str, text: str) -> str:
    if tag in PICTURES:
        return f"[{_size(text)} B]"
    if tag in SECRET:
        return "*" * 8
    if PERSONAL.search(tag) and text.strip():
        kept = 1 if len(text) < 8 else 2
        return text[:kept] + "*" * max(3, len(text) - 2 * kept) + text[-kept:]
    return text


def _size(text: str) -> int:
    try:
        return len(base64.b64decode("".join(text.split())))
    except ValueError:
        return len(text)
