"""The English catalog is complete, true to its sources, and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from tests.tools import catalog

HOLES = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)[^}]*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def pairs() -> Iterator[tuple[Message, str, str]]:
    for message in catalog.read():
        if message.id:
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            targets = message.string if isinstance(message.string, tuple) else (message.string,)
            for source, target in zip(sources, targets, strict=False):
                yield message, source, target


def test_every_text_of_the_sources_is_in_the_catalog() -> None:
    known = {message.id for message in catalog.read()}
    assert [m.id for m in catalog.gathered() if m.id and m.id not in known] == [], "run `make catalog`"


def test_every_text_is_in_english() -> None:
    assert catalog.untranslated(catalog.read()) == []
    assert [m.id for m in catalog.read() if m.fuzzy] == []


def test_translations_keep_the_places_for_values() -> None:
    def holes(text: str) -> list[str]:
        return sorted({a or b for a, b in HOLES.findall(text)})

    assert [source for _, source, target in pairs() if target and holes(source) != holes(target)] == []


def test_sources_are_chinese() -> None:
    """A msgid in English would be shown to Chinese readers as it is."""
    assert [
        source for _, source, _ in pairs() if not CHINESE.search(source) and re.search("[a-z]{3} [a-z]{3}", source)
    ] == []


@pytest.mark.parametrize("form", ["po", "mo"])
def test_the_catalog_is_as_made(form: str) -> None:
    made = {"po": catalog.as_po, "mo": catalog.as_mo}[form](catalog.updated(catalog.read(), catalog.gathered()))
    path = catalog.FOLDER / f"messages.{form}"
    assert path.exists(), "run `make catalog`"
    assert path.read_bytes() == made, "run `make catalog`"
