"""What htmx does with an answer, done to a parsed page: the result must equal the page loaded afresh."""

from __future__ import annotations

import copy
import difflib
import re
from typing import Any
from xml.etree.ElementTree import Element

from tests.html import XHTML, Page, parse

AROUND = {"outerHTML": (0, 1), "delete": (0, 1), "beforebegin": (0, 0), "afterend": (1, 1)}
"""Way of swapping → which slice of the parent's children, counted from the target, the new ones take."""
WAYS = ("innerHTML", "beforeend", "afterbegin", "none", *AROUND)
VOLATILE = re.compile(r"[\w.-]{40,}")
"""CSRF tokens and the like, which differ from load to load."""


def update_page_with_htmx(page: Page, response: Any, target: str, swap: str = "outerHTML") -> Page:
    """The page after htmx has put an answer into it.

    Args:
        page: the page before; it is left as it is.
        response: the answer (or its text).
        target: id of the element that is swapped.
        swap: one of htmx's ways, ``outerHTML`` unless the element says otherwise.

    Raises:
        AssertionError: target or the target of an out-of-band part isn't on the page.
    """
    text = response if isinstance(response, str) else response.get_data(as_text=True)
    root = copy.deepcopy(page.root)
    fragment = parse(text, fragment=True).root
    rest = []
    for child in list(fragment):
        how = child.get("hx-swap-oob")
        if how is None:
            rest.append(child)
            continue
        del child.attrib["hx-swap-oob"]
        way, _, selector = how.partition(":")
        _put(root, (selector.lstrip("#") or child.get("id", "")), "outerHTML" if way == "true" else way, [child], "")
    _put(root, target, swap, rest, fragment.text or "")
    return Page("", root)


def assert_same(page: Page, fresh: Page, inside: str = "main") -> None:
    """Both pages read alike within the element with id ``inside``.

    Raises:
        AssertionError: with the lines that differ.
    """
    had, wanted = (_lines(p.one("*", id=inside)) for p in (page, fresh))
    difference = list(difflib.unified_diff(wanted, had, "loaded afresh", "after htmx", lineterm="", n=1))
    assert not difference, "\n".join(difference)


def _put(root: Element, target: str, way: str, new: list[Element], text: str) -> None:
    assert way in WAYS, f"htmx knows no swap {way!r}"
    found = [element for element in root.iter() if element.get("id") == target]
    assert len(found) == 1, f"{len(found)} elements with id {target!r} to swap"
    place = found[0]
    parent = next(element for element in root.iter() if place in list(element))
    at = list(parent).index(place)
    if way == "innerHTML":
        place[:] = new
        place.text = text
    elif way == "afterbegin":
        place[:0] = new
    elif way == "beforeend":
        place.extend(new)
    elif way in AROUND:
        first, last = AROUND[way]
        if way in ("outerHTML", "delete"):
            new = new if way == "outerHTML" else []
            if new:
                new[-1].tail = place.tail
        parent[at + first : at + last] = new


def _lines(element: Element, depth: int = 0) -> list[str]:
    tag = str(element.tag).removeprefix(XHTML)
    attributes = " ".join(f'{name}="{VOLATILE.sub("…", value)}"' for name, value in sorted(element.items()))
    lines = [f"{' ' * depth}<{tag} {attributes}>"]
    for words in [element.text, *(part for child in element for part in (child, child.tail))]:
        if isinstance(words, str) and words.strip():
            lines.append(" " * (depth + 1) + re.sub(r"\s+", " ", words.strip()))
        elif isinstance(words, Element):
            lines += _lines(words, depth + 1)
    return lines
