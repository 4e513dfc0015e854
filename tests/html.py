"""Pages parsed strictly, and what each of them owes its readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = ("input", "select", "textarea")
NEEDS_NO_LABEL = ("hidden", "submit", "button", "image", "reset")
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "option": "select"}
"""Where a fragment that begins with this tag belongs."""


class Page:
    """A parsed page or fragment."""

    def __init__(self, text: str, root: Element) -> None:
        self.text, self.root = text, root

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements by tag (`*` for any) and attributes (`class_` means has that class)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements()
            if (tag == "*" or element.tag == XHTML + tag)
            and all(
                value in element.get(n, "").split() if n == "class" else element.get(n) == value
                for n, value in wanted.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def elements(self) -> Iterator[Element]:
        """Every element, comments left out."""
        return (element for element in self.root.iter() if isinstance(element.tag, str))

    def words(self, element: Element | None = None) -> str:
        """The text people read, white space folded."""
        return re.sub(r"\s+", " ", "".join((element if element is not None else self.root).itertext())).strip()

    def form_values(self, form: Element) -> dict[str, Any]:
        """What a browser without script would post from a form."""
        values: dict[str, Any] = {}
        for element in form.iter():
            name = element.get("name")
            if name and element.get("disabled") is None:
                for value in _posted(element):
                    values.setdefault(name, []).append(value)
        return values


def _posted(element: Element) -> list[str]:
    if element.tag == XHTML + "input":
        kind = element.get("type", "text")
        ticked = kind in ("checkbox", "radio")
        if kind in ("submit", "button", "image", "reset", "file") or (ticked and element.get("checked") is None):
            return []
        return [element.get("value", "on" if ticked else "")]
    if element.tag == XHTML + "textarea":
        return ["".join(element.itertext())]
    if element.tag == XHTML + "select":
        options = list(element.iter(XHTML + "option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", "".join(o.itertext())) for o in chosen]
    return []


def parse(text: str, fragment: bool = False) -> Page:
    """Parse strictly.

    Raises:
        AssertionError: the HTML has a parse error.
    """
    parser = html5lib.HTMLParser(strict=True)
    try:
        if not fragment:
            return Page(text, parser.parse(text))
        first = re.match(r"\s*<(\w+)", text)
        root = Element("fragment")
        root.extend(parser.parseFragment(text, CONTAINERS.get(first.group(1) if first else "", "div")))
        return Page(text, root)
    except ParseError as error:
        line, column = parser.errors[-1][0] if parser.errors else (0, 0)
        near = text.splitlines()[max(0, line - 1) : line]
        raise AssertionError(f"not strict HTML: {error} at {line}:{column}: {near}") from None


def check(page: Page, path: str, fragment: bool = False) -> None:
    """Everything a page (or part of one) owes its readers.

    Raises:
        AssertionError: with all that is wrong.
    """
    rules = PARTS if fragment else PARTS + WHOLE
    problems = [problem for rule in rules for problem in rule(page)]
    assert not problems, f"{path}: " + "; ".join(problems)


def _unique_ids(page: Page) -> Iterator[str]:
    ids = [element.get("id") for element in page.elements() if element.get("id")]
    yield from (f"id {i} twice" for i in sorted({i for i in ids if ids.count(i) > 1}))


def _one_heading(page: Page) -> Iterator[str]:
    h1, title = page.all("h1"), page.words(page.one("title"))
    if len(h1) != 1:
        yield f"{len(h1)} h1"
    elif not title.startswith(page.words(h1[0])):
        yield f"title {title!r} doesn't begin with h1 {page.words(h1[0])!r}"


def _language(page: Page) -> Iterator[str]:
    if not page.one("html").get("lang"):
        yield "no language"


def _labels(page: Page) -> Iterator[str]:
    labels = {element.get("for") for element in page.all("label")}
    wrapped = {child for label in page.all("label") for child in label.iter()}
    for element in page.elements():
        if element.tag.removeprefix(XHTML) not in LABELLED or element.get("type", "text") in NEEDS_NO_LABEL:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not (element.get("id") in labels or element in wrapped or named):
            yield f"control {element.get('name')} has no label"


def _descriptions(page: Page) -> Iterator[str]:
    ids = {element.get("id") for element in page.elements()}
    for element in page.elements():
        for name in ("aria-describedby", "aria-labelledby"):
            yield from (f"{name} names no element: {i}" for i in element.get(name, "").split() if i not in ids)


def _nothing_inline(page: Page) -> Iterator[str]:
    for element in page.elements():
        tag = element.tag.removeprefix(XHTML)
        if tag == "style" or (tag == "script" and not element.get("src")):
            yield f"inline {tag}"
        yield from (f"inline {name} on {tag}" for name in element.attrib if name == "style" or name.startswith("on"))


def _nothing_outside(page: Page) -> Iterator[str]:
    for element in page.elements():
        tag = element.tag.removeprefix(XHTML)
        for name in ("src", "href", "action", "srcset", "poster"):
            value = element.get(name, "")
            if urlsplit(value).netloc and tag != "a":
                yield f"{tag} leads outside: {value}"
            if value.startswith(("data:", "javascript:")):
                yield f"{tag} {name} {value[:20]}"


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.get("action") is None:
            yield "form without action"
        if form.get("method", "get").lower() == "post" and "csrf_token" not in [e.get("name") for e in form.iter()]:
            yield f"form {form.get('action')} without CSRF token"


def _pictures(page: Page) -> Iterator[str]:
    yield from (f"img {img.get('src')} without alt" for img in page.all("img") if img.get("alt") is None)


Rule = Callable[[Page], Iterator[str]]
PARTS: tuple[Rule, ...] = (_unique_ids, _labels, _nothing_inline, _nothing_outside, _forms, _pictures)
WHOLE: tuple[Rule, ...] = (_one_heading, _language, _descriptions)
