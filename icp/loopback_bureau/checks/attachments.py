"""Checks of attachments: format and purpose codes, whose they are, whether they open, how large they are."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from icp.bureau.codec.xml import text_of
from icp.loopback_bureau.checks.base import Case, Finding

KB = 1024
APPROVAL_SCAN_KB = 100
OWNERS = {"1": "subject", "2": "website"}
FORMATS = {"1": "JPEG", "2": "PNG"}
MAX_PIXELS = 40_000_000


def decoded(text: str) -> bytes | None:
    """The bytes of base64 text, None when it isn't any; line breaks do no harm."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def opens(data: bytes, picture_format: str) -> bool:
    """Whether bytes are a picture of a format (``JPEG`` or ``PNG``) that can be opened."""
    try:
        with Image.open(io.BytesIO(data), formats=[picture_format]) as picture:
            fits = picture.width * picture.height <= MAX_PIXELS
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return fits


def _fault(text: str, picture_format: str, limit_kb: int) -> str:
    if len(text) > limit_kb * KB:
        return f"超过 {limit_kb} KB"
    data = decoded(text)
    return "" if data is not None and opens(data, picture_format) else "无法打开"


def attachments_of(case: Case) -> list[Any]:
    """The ``Fjxx`` of a record; material on its own is one itself."""
    return [case.record] if case.record.tag == "Fjxx" else list(case.record.findall("Fj/Fjxx"))


def codes(case: Case) -> Iterator[Finding]:
    """1056: unknown format; 1057: unknown purpose."""
    for node in attachments_of(case):
        if not case.vocabulary.has("attachment_formats", text_of(node, "Fjwjgs")):
            yield Finding(1056, text_of(node, "Fjwjgs"))
        if not case.vocabulary.has("attachment_types", text_of(node, "Fjyt")):
            yield Finding(1057, text_of(node, "Fjyt"))


def owner_of(node: Any) -> str:
    """The id or number that an attachment names its owner by."""
    paths = ("Fjssdx/Ssdxbs", "Fjssdx/Ssdxbs/Jlid", "Fjssdx/Ssdxbs/Baxh")
    return next(filter(None, (text_of(node, path) for path in paths)), "")


def owned_by(own: Callable[[Case], dict[str, set[str]]]) -> Callable[[Case], Iterator[Finding]]:
    """A check of the owners of a record's attachments.

    Args:
        own: the ids and numbers that name what the record is about, for ``subject`` and ``website``.

    Returns:
        The check. 1061: a purpose that doesn't belong to the kind of owner; 1055: an owner outside the record.
    """

    def owners(case: Case) -> Iterator[Finding]:
        named = own(case)
        for node in attachments_of(case):
            purpose = case.vocabulary.row("attachment_types", text_of(node, "Fjyt"))
            if not purpose:
                continue
            kind = OWNERS.get(text_of(node, "Fjssdx/Ssdxlx"), "")
            if kind != purpose["owner"]:
                yield Finding(1061, purpose["zh"])
            elif owner_of(node) not in named[kind]:
                yield Finding(1055, purpose["zh"])

    return owners


def new_ids(case: Case) -> dict[str, set[str]]:
    """What names the sponsor and the websites of a new filing: the enterprise's ids."""
    return {"subject": {case.text("Zt_xx/IspZtid")}, "website": {text_of(w, "IspWzid") for w in case.websites}}


def contents(case: Case) -> Iterator[Finding]:
    """5010: an attachment or approval scan that can't be opened or is larger than its purpose allows."""
    for node in attachments_of(case):
        purpose = case.vocabulary.row("attachment_types", text_of(node, "Fjyt"))
        picture_format = FORMATS.get(text_of(node, "Fjwjgs"), "")
        if purpose and picture_format:
            fault = _fault(text_of(node, "Fjnr"), picture_format, int(purpose["base64_kb"]))
            if fault:
                yield Finding(5010, f"{purpose['zh']}{fault}")
    for node in case.record.iterfind("Wz_xx/Nrlx/Nrlx_xx/Spwj"):
        fault = _fault((node.text or "").strip(), "JPEG", APPROVAL_SCAN_KB)
        if fault:
            yield Finding(5010, f"审批文件{fault}")
