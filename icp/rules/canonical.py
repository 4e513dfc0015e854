"""What people type, brought to one form: full-width characters, spaces, invisible characters, look-alike signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from icp.rules.correction import Value

# Control characters (Cc) but line end and tab, lone surrogates (Cs), and invisible or one-way characters that come
# along with pasted text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\ufffe\uffff]"
)
_WIDE_CHARACTER = re.compile("[\uff01-\uff5e]")
_SPACES = re.compile(r"\s+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = str.maketrans({"。": ".", "．": ".", "｡": ".", "—": "-", "–": "-", "－": "-", "‐": "-", "‑": "-", "−": "-"})
_SIGNS |= str.maketrans({"～": "-", "〜": "-", "：": ":", "；": ";", "，": ",", "、": ",", "＠": "@", "／": "/"})
_SIGNS |= str.maketrans({"―": "-", "（": "(", "）": ")", "【": "[", "】": "]", "《": "<", "》": ">"})


def clean(text: str) -> str:
    """Text without control and invisible characters, line ends made one kind, outer spaces removed."""
    if text.isprintable():  # neither line ends nor anything unwanted in it; most answers are like that
        return text.strip()
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """Cleaned text on one line; each run of spaces becomes one space."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", clean(text))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their ordinary form (`１２３Ａ＠` becomes `123A@`)."""
    return text.translate(_WIDE).replace("\u3000", " ")


def half_width_letters(text: str) -> str:
    """Full-width letters and digits in their ordinary form; punctuation stays, for names and addresses."""
    return _WIDE_CHARACTER.sub(lambda c: chr(ord(c[0]) - 0xFEE0) if c[0].isalnum() else c[0], text)


def plain(text: str) -> str:
    """Text of a number, address or name of the Internet: half-width, Chinese signs as ASCII, on one line."""
    text = one_line(text).translate(_WIDE)
    # Digits of other scripts look like digits and are none to anyone else.
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdigit() else c for c in text)
    return one_line(text.translate(_SIGNS))


def without_spaces(text: str) -> str:
    """The text with every space taken out."""
    return _SPACES.sub("", text)


def settle(step: Callable[[str], str], text: str) -> str:
    """Apply a step that takes something away until nothing more goes, so that a canonical form stays as it is."""
    while (shorter := step(text)) != text and len(shorter) < len(text):
        text = shorter
    return text


def as_text(value: Value) -> str:
    """One text, whatever came from the form."""
    return value if isinstance(value, str) else " ".join(value)


def as_list(value: Value) -> list[str]:
    """Texts of a field with several values; one text is split at line ends, commas and semicolons."""
    parts = re.split(r"[\n,;，；、]+", value) if isinstance(value, str) else value
    return [part for part in (clean(p) for p in parts) if part]


def is_han(character: str) -> bool:
    """Whether a character is a Chinese ideograph, including the extensions."""
    return "CJK" in unicodedata.name(character, "") and unicodedata.category(character) == "Lo"
