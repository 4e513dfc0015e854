"""The 《网站备案信息真实性核验单》 as a PDF with everything filled in except signatures, seals and dates."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from icp.documents.verification_items import ONE_OF, PARTS, Item, items_for

HERE = Path(__file__).parent
TEMPLATE = HERE / "forms" / "verification_form.typ"
FONTS = HERE / "fonts"
STAND_IN = "〓"
"""The printers' geta: stands where the font has no glyph, to be written in by hand."""
SAME_SIGN = {"・": "·", "‧": "·"}
"""Other code points of the dot in names; the form prints the usual one."""


@dataclass(frozen=True)
class VerificationFormData:
    """What is printed on the form of one website.

    Attributes:
        application: readable number of the filing.
        website: row id of the website.
        revision: number of the revision.
        revision_hash: SHA-256 of the revision (64 hex).
        provider_name: the access provider.
        host_name: name of the subject (网站主办者名称).
        domain: the website's domain.
        principal_name: the website's principal.
        individual: whether the subject is a person; then the items of organisations and the unit's seal are left out.
        values: key of an item → data as filed, printed beside it.
        verdicts: key of an item → code of the answer to tick; items that are absent stay empty.
        other_kinds: key of a one-of item → text after 其他.
        verifier_name: printed under the place for the signature, '' to leave it out.
    """

    application: str
    website: str
    revision: int
    revision_hash: str
    provider_name: str
    host_name: str
    domain: str
    principal_name: str
    individual: bool
    values: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    other_kinds: Mapping[str, str] = field(default_factory=dict)
    verifier_name: str = ""


def qr_payload(data: VerificationFormData) -> str:
    """What the QR code says: filing, website, revision and its full hash, so that paper and data can't disagree."""
    return f"{data.application}/{data.website}/{data.revision}/{data.revision_hash}"


def render(data: VerificationFormData) -> bytes:
    """The form as PDF, A4; the same data give the same bytes.

    Raises:
        typst.TypstError: the template is broken; no data can cause it.
    """
    missing = sorted(missing_glyphs("".join(_texts(data))))
    content = _printable(_content(data), SAME_SIGN | dict.fromkeys(missing, STAND_IN))
    content["missing"] = bool(missing)
    code = io.BytesIO()
    segno.make(qr_payload(data), error="m", micro=False).save(code, kind="svg", border=0, xmldecl=False)
    compiler = typst.Compiler(
        str(TEMPLATE),
        root=str(HERE),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(content, ensure_ascii=False), "qr": code.getvalue().decode()},
    )
    # A fixed moment: the same form printed twice is the same file.
    pdf = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(pdf, bytes)  # noqa: S101 - without an output path it is
    return pdf


def missing_glyphs(text: str) -> set[str]:
    """Characters of ``text`` for which the form's font has no glyph; they are printed as 〓."""
    return {c for c in text if ord(c) >= 0x20 and c not in SAME_SIGN and ord(c) not in _glyphs()}


def _content(data: VerificationFormData) -> dict[str, Any]:
    """The data as the template reads them."""
    items = items_for(data.individual)
    return {
        "application": data.application,
        "revision": data.revision,
        "hash": data.revision_hash[:12],
        "provider": data.provider_name,
        "host": data.host_name,
        "domain": data.domain,
        "principal": data.principal_name,
        "verifier": data.verifier_name,
        "individual": data.individual,
        "parts": [
            {"title": title, "items": [_line(item, data) for item in items if item.part == part]}
            for part, title in PARTS.items()
        ],
    }


def _line(item: Item, data: VerificationFormData) -> dict[str, Any]:
    verdict = data.verdicts.get(item.key, "")
    boxes = [{"text": text, "ticked": code == verdict} for code, text in item.answers]
    other = data.other_kinds.get(item.key, "")
    if item.kind == ONE_OF and other:
        boxes[-1]["text"] = f"{boxes[-1]['text']}：{other}"
    return {"label": item.label, "value": data.values.get(item.key, ""), "wide": item.kind == ONE_OF, "boxes": boxes}


def _texts(data: VerificationFormData) -> list[str]:
    return [
        data.application,
        data.provider_name,
        data.host_name,
        data.domain,
        data.principal_name,
        data.verifier_name,
        *data.values.values(),
        *data.other_kinds.values(),
    ]


def _printable(value: Any, stand_ins: dict[str, str]) -> Any:
    """The same data with control characters gone and characters without a glyph replaced."""
    if isinstance(value, str):
        text = "".join(c if ord(c) >= 0x20 and ord(c) != 0x7F else " " for c in value)
        return "".join(stand_ins.get(character, character) for character in text)
    if isinstance(value, list):
        return [_printable(item, stand_ins) for item in value]
    if isinstance(value, dict):
        return {key: _printable(item, stand_ins) for key, item in value.items()}
    return value


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _glyphs() -> frozenset[int]:
    """Code points the regular face has, read from its `cmap` table (format 12, or 4 for the basic plane)."""
    font = (FONTS / "NotoSansSC-Regular.ttf").read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    cmap = places[b"cmap"]
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for number in range(subtables):
        start = cmap + struct.unpack_from(">I", font, cmap + 4 + 8 * number + 4)[0]
        (form,) = struct.unpack_from(">H", font, start)
        if form == 12:
            (groups,) = struct.unpack_from(">I", font, start + 12)
            for group in range(groups):
                first, last, _glyph = struct.unpack_from(">III", font, start + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:
            (twice,) = struct.unpack_from(">H", font, start + 6)
            ends = struct.unpack_from(f">{twice // 2}H", font, start + 14)
            firsts = struct.unpack_from(f">{twice // 2}H", font, start + 16 + twice)
            for first, last in zip(firsts, ends, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return frozenset(found)
