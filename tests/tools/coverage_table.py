"""``make coverage-table``: writes docs/interface-coverage.md, which names a test for each part of the interface.

A test says what it shows by a mark: ``@pytest.mark.shows("XZWZ", "1037")``; one that is run for a table of codes says
which of its parameters names what it shows: ``@pytest.mark.shows(by="code")``.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from icp.bureau.applying import READERS
from icp.bureau.codec.wsdl import METHODS
from icp.bureau.messages import BUILDERS, TASK_BUILDERS
from icp.settings import ROOT
from icp.vocabulary import builtin

PAGE = ROOT / "docs" / "interface-coverage.md"
HEAD = """# The interface, part by part

Which tests of `tests/bureau` show it; made by `make coverage-table` from the marks at the tests. The bureau's side of a
code is shown at the loopback bureau, ours in `test_codes.py`: where it stands, and how it is mended.
"""
CALLS, DATA = ("method_call",), ("icp_data", "general_data")


class Collector:
    """Gathers what each collected test shows."""

    def __init__(self) -> None:
        self.shown: dict[str, set[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Read the marks of every test."""
        for item in session.items:
            place = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("shows"):
                for what in {*map(str, mark.args), *_by(item, mark.kwargs.get("by", ()))}:
                    self.shown.setdefault(what, set()).add(place)


def _by(item: pytest.Item, names: str | tuple[str, ...]) -> Iterator[str]:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for name in (names,) if isinstance(names, str) else names:
        yield str(parameters[name])


def sections() -> dict[str, list[tuple[str, str]]]:
    """Heading → what is to be shown: its name, and what it is."""
    words = builtin()

    def codes(categories: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = [row for row in words.tables["bureau_codes"] if row["category"] in categories]
        return [(row["code"], row["en"]) for row in sorted(rows, key=lambda row: int(row["code"]))]

    downloads = [*READERS, "GJSHS"]
    return {
        "Methods": [(name, "") for name in METHODS],
        "Uploads": [(name, "") for name in (*BUILDERS, *TASK_BUILDERS)],
        "Downloads": [(name, "") for name in downloads],
        "Codes of calls": codes(CALLS),
        "Codes of results": codes(DATA),
    }


def collected() -> dict[str, set[str]]:
    """What is shown → the tests that show it."""
    collector = Collector()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        ended = pytest.main(["tests/bureau", "--collect-only", "-q", "-p", "no:cacheprovider"], plugins=[collector])
    if ended != pytest.ExitCode.OK:
        raise SystemExit(f"the tests can't be collected: {said.getvalue()[-3000:]}")
    return collector.shown


def page(shown: dict[str, set[str]]) -> str:
    """The page as Markdown."""
    lines = [HEAD]
    for title, rows in sections().items():
        lines += [f"## {title}", "", "| | | shown by |", "|---|---|---|"]
        for name, meaning in rows:
            lines.append(f"| `{name}` | {meaning.replace('|', '/')} | {_told(shown.get(name, set()))} |")
        lines.append("")
    return "\n".join(lines)


def _told(tests: set[str]) -> str:
    return "<br>".join(f"`{place.removeprefix('tests/bureau/')}`" for place in sorted(tests))


def missing(shown: dict[str, set[str]]) -> list[str]:
    """What no test shows."""
    return [name for rows in sections().values() for name, _ in rows if not shown.get(name)]


def unknown(shown: dict[str, set[str]]) -> list[str]:
    """What a test shows and the interface doesn't have."""
    known = {name for rows in sections().values() for name, _ in rows}
    return sorted(set(shown) - known)


def main(path: Path = PAGE) -> int:
    """Write the page, or with ``--check`` see whether it is as it should be; 1 when not."""
    shown = collected()
    faults = [f"no test shows {name}" for name in missing(shown)]
    faults += [f"the interface has no {name}" for name in unknown(shown)]
    if "--check" not in sys.argv:
        path.write_text(page(shown), encoding="utf-8")
    elif path.read_text(encoding="utf-8") != page(shown):
        faults.append("docs/interface-coverage.md is not what the tests say: make coverage-table")
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
