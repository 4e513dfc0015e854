"""Markup prepared once and filled: a field is rendered by its macro a single time and then only joined.

Drawing each field of each page through a template engine is what costs most in a page of forms (see
``docs/decisions/08-drawing-fields.md``). So the macro is given marks in place of what changes from page to page, and
the markup is cut at the marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARK = re.compile("\ue000([^\ue001]*)\ue001")


def mark(key: str) -> str:
    """What stands in the markup for the value called ``key``; private characters, which escaping leaves alone."""
    return f"\ue000{key}\ue001"


class Pattern:
    """Markup with holes.

    Args:
        markup: text with marks.
    """

    __slots__ = ("_holes", "_parts")

    def __init__(self, markup: str) -> None:
        self._parts: list[str] = _MARK.split(markup)
        self._holes: dict[str, list[int]] = {}
        for at in range(1, len(self._parts), 2):
            self._holes.setdefault(self._parts[at], []).append(at)
            self._parts[at] = ""

    def fill(self, values: Mapping[str, str]) -> str:
        """The markup with its holes filled; a value that isn't given is ''. Values must be escaped."""
        parts = self._parts[:]
        for key, value in values.items():
            for at in self._holes.get(key, ()):
                parts[at] = value
        return "".join(parts)
