"""Filing numbers (备案号) as people type them: `闽 ICP 备 2026000001-1` is `闽ICP备2026000001号-1`.

A subject's number is the province's character, ICP备 or ICP证 and digits; a website's has a hyphen and its place after
it (filing-domain.md § 6.1). The closing 号 is customary, not fixed (interface, § 17.3).
Whether a number is on record is the register's matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from icp.rules.canonical import as_text
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings
from icp.vocabulary import Vocabulary

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕陇甘青宁新"
_TRADITIONAL = str.maketrans("備證號粵蘇贛閩滬遼魯瀋雲貴隴陝寧黔", "备证号粤苏赣闽沪辽鲁沈云贵陇陕宁黔")
_DASHES = re.compile(r"[‐‑‒–—―−﹣－ー一_]+(?=\d+$)")
_SHAPE = re.compile(rf"([{PROVINCES}])ICP([备证])(\d{{6,12}})号?(?:-([1-9]\d{{0,5}}))?", re.ASCII)


def canonical(text: str) -> str | None:
    """The number in the one form in which it is on record; None when it isn't shaped like one.

    Spaces, full-width and traditional characters, lower case, other dashes and a missing 号 are forgiven.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper().translate(_TRADITIONAL)
    match = _SHAPE.fullmatch(_DASHES.sub("-", plain))
    if match is None:
        return None
    province, kind, digits, place = match.groups()
    return f"{province}ICP{kind}{digits}号" + (f"-{place}" if place else "")


def of_subject(number: str) -> str:
    """The subject's part of a canonical number: `闽ICP备2026000001号-2` → `闽ICP备2026000001号`."""
    return number.partition("号")[0] + "号" if "号" in number else number


def spellings(number: str) -> tuple[str, ...]:
    """A canonical number as bureaus may write it: 号 is customary, only province, ICP备 and serial are fixed
    (interface, § 17.3)."""
    return tuple(dict.fromkeys((number, number.replace("号", ""))))


def is_of_website(number: str) -> bool:
    """Whether a canonical number is a website's."""
    return "号-" in number


@dataclass(frozen=True)
class FilingNumber:
    """The parts of a number; ``suffix`` is '' for a subject's."""

    prefix: str
    kind: str
    serial: str
    suffix: str = ""

    @property
    def subject(self) -> str:
        """The subject's number as it is customarily written."""
        return f"{self.prefix}ICP{self.kind}{self.serial}号"

    def __str__(self) -> str:
        return f"{self.subject}-{self.suffix}" if self.suffix else self.subject


def parse(text: str) -> FilingNumber | None:
    """The parts of a number, however it is typed (``canonical``); None when it isn't shaped like one."""
    number = canonical(text)
    if number is None:
        return None
    digits, _, suffix = number[5:].partition("号")
    return FilingNumber(number[0], number[4], digits, suffix.removeprefix("-"))


def province_of(text: str, vocabulary: Vocabulary) -> str:
    """The province (six digits) whose bureau gave the number, '' when it can't be told."""
    number = parse(text)
    if number is None:
        return ""
    rows = vocabulary.tables["provinces"]
    return next((row["code"] for row in rows if row["prefix"] == number.prefix), "")


def with_province(lookup: Callable[[str], Value], vocabulary: Vocabulary) -> Callable[[str], Value]:
    """A look-up that tells the province by the subject's number on record where no region was asked."""

    def found(path: str) -> Value:
        value = lookup(path)
        if value or path != "subject.region_code":
            return value
        number = lookup("subject.filing_number")
        return province_of(number, vocabulary) if number and isinstance(number, str) else ""

    return found


def subject_number(path: str, value: Value, context: Context) -> Checked:
    """A subject's number; a website's is shortened by its suffix."""
    found = Findings(path)
    number = _known(as_text(value), found, context)
    if number is None:
        return found.checked(as_text(value).strip())
    if number.suffix:
        found.inform("filing_number.subject", number.subject, suffix=number.suffix)
    return found.checked(number.subject)


def website_number(path: str, value: Value, context: Context) -> Checked:
    """A website's number, which has the subject's before it."""
    found = Findings(path)
    number = _known(as_text(value), found, context)
    if number is None:
        return found.checked(as_text(value).strip())
    if not number.suffix:
        found.error("filing_number.website", f"{number.subject}-1")
    subject = parse(context.text("subject.filing_number"))
    if subject is not None and subject.subject != number.subject:
        found.error("filing_number.other_subject", subject=subject.subject)
    return found.checked(str(number))


def _known(text: str, found: Findings, context: Context) -> FilingNumber | None:
    number = parse(text)
    if number is None:
        found.error("filing_number.form")
    elif not province_of(text, context.vocabulary):
        found.error("filing_number.prefix", prefix=number.prefix)
        return None
    return number
