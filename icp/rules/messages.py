"""What each code of a check says: what is wrong, then how to mend it. Chinese is the source language.

A code is a stable dotted name, or the id of the reason (`R0xx`, table `reasons`) that says exactly this.
"""

from __future__ import annotations

from icp.rules.message_texts import documents, site, subject, whole
from icp.rules.message_texts.text import Text


def _merged() -> dict[str, Text]:
    merged: dict[str, Text] = {}
    for part in (documents.TEXTS, subject.TEXTS, site.TEXTS, whole.TEXTS):
        if twice := merged.keys() & part.keys():
            raise ValueError(f"two texts for {', '.join(sorted(twice))}")
        merged |= part
    return merged


MESSAGES: dict[str, Text] = _merged()


def reason_of(code: str) -> str:
    """The id of the reason a reviewer would give for what a code says; `""` when there is none."""
    text = MESSAGES.get(code)
    if text is None:
        return ""
    return text.reason or (code if code[:1] == "R" and code[1:].isdigit() else "")
