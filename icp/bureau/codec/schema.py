"""The interface's schemas, made from our own tables of its elements (``data/*_elements.csv``).

``python -m icp.bureau.codec.schema --write`` makes ``data/upload.xsd`` and ``data/download.xsd`` anew after a table
was changed; a test asserts that they agree. Where the interface's text and its schema differ, the table follows what
the wire needs: results may carry operation 35, cancellations kind 2, dictionaries owner type 0.

Columns of the tables: ``path``; ``times`` (``1``, ``0-1``, ``1-n``); ``children``, how those of a group are arranged
(``sequence``, ``all`` in any order, ``choice``); ``kind`` (group, text, number, any, attribute); ``shortest`` and
``longest`` in characters; ``least`` and ``greatest``; ``also``, one more number that is allowed; ``like``, the path of
a group with the same content; ``meaning``.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from lxml import etree

DATA = Path(__file__).parent / "data"
XS = "http://www.w3.org/2001/XMLSchema"
DIRECTIONS = ("upload", "download")


@dataclass(frozen=True)
class Row:
    """One element of the interface, a line of the tables."""

    path: str
    times: str
    children: str
    kind: str
    shortest: str
    longest: str
    least: str
    greatest: str
    also: str
    like: str
    meaning: str

    @property
    def name(self) -> str:
        """The element's own name."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The path of the group it belongs to."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class SchemaError:
    """A violation: the element's path with positions among siblings of its name, and what is wrong with it."""

    path: str
    message: str


@cache
def rows(direction: str) -> tuple[Row, ...]:
    """The table of one direction, `upload` or `download`, parents before their children."""
    text = (DATA / f"{direction}_elements.csv").read_text(encoding="utf-8")
    return tuple(Row(**line) for line in csv.DictReader(StringIO(text)))


@cache
def _children(direction: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows(direction):
        found.setdefault(row.parent, []).append(row)
    return found


def required(direction: str, path: str) -> bool:
    """Whether the element at a path (without positions) must stand in its group."""
    return any(row.path == path and row.times.startswith("1") for row in rows(direction))


def _tag(name: str) -> str:
    return f"{{{XS}}}{name}"


def _occurs(element: Any, times: str) -> None:
    low, dash, high = times.partition("-")
    high = high if dash else low
    if low != "1":
        element.set("minOccurs", low)
    if high != "1":
        element.set("maxOccurs", "unbounded" if high == "n" else high)


def _restriction(parent: Any, base: str, facets: list[tuple[str, str]]) -> None:
    simple = etree.SubElement(parent, _tag("simpleType"))
    restriction = etree.SubElement(simple, _tag("restriction"), base=base)
    for name, value in facets:
        if value != "":
            etree.SubElement(restriction, _tag(name), value=value)


def _simple(element: Any, row: Row) -> None:
    if row.kind == "text":
        if row.shortest or row.longest:
            _restriction(element, "xs:string", [("minLength", row.shortest), ("maxLength", row.longest)])
        else:
            element.set("type", "xs:string")
        return
    facets = [("minInclusive", row.least), ("maxInclusive", row.greatest)]
    if row.also:
        union = etree.SubElement(etree.SubElement(element, _tag("simpleType")), _tag("union"))
        _restriction(union, "xs:long", facets)
        _restriction(union, "xs:long", [("enumeration", row.also)])
    elif row.least or row.greatest:
        _restriction(element, "xs:long", facets)
    else:
        element.set("type", "xs:long")


def _element(parent: Any, row: Row, direction: str, *, top: bool = False) -> None:
    element = etree.SubElement(parent, _tag("element"), name=row.name)
    if not top:
        _occurs(element, row.times)
    if row.kind == "any":
        return
    if row.kind != "group":
        _simple(element, row)
        return
    by_path = {r.path: r for r in rows(direction)}
    source = by_path[row.like] if row.like else row
    complex_type = etree.SubElement(element, _tag("complexType"))
    arrangement = etree.SubElement(complex_type, _tag(source.children))
    inside = _children(direction)[source.path]
    for item in inside:
        if item.kind != "attribute":
            _element(arrangement, item, direction)
    for item in inside:
        if item.kind == "attribute":
            use = "required" if item.times == "1" else "optional"
            name = item.name.removeprefix("@")
            etree.SubElement(complex_type, _tag("attribute"), name=name, type="xs:string", use=use)


def generate(direction: str) -> bytes:
    """The schema of one direction as an XSD document (UTF-8)."""
    schema = etree.Element(_tag("schema"), nsmap={"xs": XS})
    _element(schema, rows(direction)[0], direction, top=True)
    text: bytes = etree.tostring(schema, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text


@cache
def _compiled(direction: str) -> Any:
    return etree.XMLSchema(etree.fromstring((DATA / f"{direction}.xsd").read_bytes()))


def _check(direction: str, root: Any) -> list[SchemaError]:
    schema = _compiled(direction)
    if schema.validate(root):
        return []
    return [SchemaError(entry.path or "/", entry.message) for entry in schema.error_log]


def check_upload(root: Any) -> list[SchemaError]:
    """Violations of the upload schema in a parsed data file; empty when it's valid."""
    return _check("upload", root)


def check_download(root: Any) -> list[SchemaError]:
    """Violations of the download schema in a parsed data file; empty when it's valid."""
    return _check("download", root)


def write_numbers_plainly(direction: str, root: Any) -> None:
    """Write each number of a valid data file as a number is usually written: `` +01 `` becomes ``1``.

    Whoever compares codes and ids as text afterwards compares numbers.
    """
    _write_plainly(root, rows(direction)[0], direction)


def _write_plainly(element: Any, row: Row, direction: str) -> None:
    if row.kind == "number":
        element.text = str(int(element.text))
    if row.kind != "group":
        return
    inside = {item.name: item for item in _children(direction).get(row.like or row.path, [])}
    for child in element:
        _write_plainly(child, inside[child.tag], direction)


def main(arguments: list[str]) -> int:
    """``--write`` makes the XSD files anew; without it they are only compared."""
    stale = []
    for direction in DIRECTIONS:
        path, text = DATA / f"{direction}.xsd", generate(direction)
        if "--write" in arguments:
            path.write_bytes(text)
        elif not path.exists() or path.read_bytes() != text:
            stale.append(path.name)
    if stale:
        sys.stderr.write(f"not what the tables give: {', '.join(stale)}; run with --write\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
