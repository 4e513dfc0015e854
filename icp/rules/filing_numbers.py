"""Filing numbers (备案号) as people type them: `闽 ICP 备 2026000001-1` is `闽ICP备2026000001号-1`.

A subject's number is the province's character, ICP备 or ICP证 and digits; a website's has a hyphen and its place after
it (filing-domain.md § 6.1). Pure text; whether a number is on record is the register's matter.
"""

from __future__ import annotations

import re
import unicodedata

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


def is_of_website(number: str) -> bool:
    """Whether a canonical number is a website's."""
    return "号-" in number
