"""``make catalog``: gathers every text of the site, brings the English catalog up to date and compiles it.

The catalog holds texts alone, sorted: no dates, places or names that would change without a change of text. A text
that is new comes with an empty translation, which ``tests/gate/test_catalog.py`` refuses.
"""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from icp.settings import ROOT

FOLDER = ROOT / "icp" / "translations" / "en" / "LC_MESSAGES"
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "N_": None, "Message": None, "_l": None}
HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def mappings() -> tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]:
    """Which files are read how, from ``pyproject.toml``."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods, options = [], {}
    for item in listed:
        pattern = item.pop("pattern")
        methods.append((pattern, item.pop("method")))
        options[pattern] = {name: str(value).lower() for name, value in item.items()}
    return methods, options


def gathered() -> Catalog:
    """Every text of the sources, untranslated."""
    methods, options = mappings()
    template = Catalog()
    for folder in ("icp", "templates"):
        found = extract_from_dir(ROOT / folder, _below(folder, methods), _keyed(folder, options), KEYWORDS)
        for _file, _line, message, _comments, context in found:
            template.add(message, context=context)
    return template


def _below(folder: str, methods: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(p.removeprefix(folder + "/"), m) for p, m in methods if p.startswith(folder + "/")]


def _keyed(folder: str, options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {p.removeprefix(folder + "/"): o for p, o in options.items() if p.startswith(folder + "/")}


def read(path: Path = FOLDER / "messages.po") -> Catalog:
    """The English catalog as it is committed; an empty one before the first run."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def updated(catalog: Catalog, template: Catalog) -> Catalog:
    """The catalog with new texts added and those no longer used left out; translations are never guessed."""
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = catalog.revision_date = LONG_AGO
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalog as text."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, no_location=True, omit_header=True, sort_output=True)
    return HEADER.encode() + out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalog compiled; equal texts give equal bytes."""
    catalog.creation_date = catalog.revision_date = LONG_AGO
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [str(m.id) for m in catalog if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "messages.po").write_bytes(as_po(updated(read(), gathered())))
    catalog = read()
    (FOLDER / "messages.mo").write_bytes(as_mo(catalog))
    missing = untranslated(catalog)
    print(f"{len(catalog)} texts, {len(missing)} without English")  # noqa: T201 # this is a command
