"""The English catalog is complete, true to its sources, and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from tests.tools import catalog

HOLES = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)[^}]*\}")
SIGNS = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
QUOTED = re.compile(r"“[^”\w]+”|[\u4e00-\u9fff][\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")
PLAIN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SEAL = re.compile(">[批]<")
"""One character in a square, drawn for its shape and named for those who can't see it."""
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


def test_english_has_no_chinese_signs() -> None:
    """Full-width punctuation belongs to Chinese; a name or word that is quoted in Chinese may stand."""
    assert [target for _, _, target in pairs() if SIGNS.search(QUOTED.sub("", target))] == []


def test_templates_write_nothing_chinese_beside_the_catalog() -> None:
    """What stands in a template outside of ``_()`` is read in both languages: no words, and no full-width signs."""
    found = [
        f"{path.name}: {text.strip()}"
        for path in sorted((catalog.ROOT / "templates").rglob("*.*"))
        for text in PLAIN.split(SEAL.sub("><", path.read_text(encoding="utf-8")))
        if CHINESE.search(text) or SIGNS.search(text)
    ]
    assert found == []


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
