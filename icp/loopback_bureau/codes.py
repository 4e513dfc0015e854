"""JCDM, the code tables as the bureau distributes them, and SJTB, the synchronisation.

The tables come from ``icp.vocabulary``. Bureaus (``Gj_dms``) are the places where servers stand, one for each province:
their code is that of the location, their mask one bit for each. Verification opinions have no public values; those here
are the stand-in's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec import RECORD_LIMIT, XML_LIMIT
from icp.bureau.codec.xml import child
from icp.loopback_bureau import downloads
from icp.loopback_bureau.notices import Values, add
from icp.loopback_bureau.store import Connection, Row
from icp.vocabulary import Vocabulary

OPINIONS = ({"code": "1", "zh": "信息真实准确"}, {"code": "2", "zh": "信息不实"}, {"code": "3", "zh": "无法联系"})

MASKS = {"preapproval_types": {"11": 1 << 11, "13": 1 << 12, "14": 1 << 13, "15": 1 << 14}}
"""Masks (Ysid) that are not the bit at the place of the code."""

FILE_LIMIT = XML_LIMIT - 1024
SHORT, NAME, LONG = 32, 64, 128
Columns = Callable[[str, Mapping[str, str], Vocabulary], Values]


@dataclass(frozen=True)
class Table:
    """One table of JCDM: its elements, the table of the vocabulary, and what a row holds between Id and Sfyx."""

    group: str
    row: str
    name: str
    columns: Columns
    flagged: bool = True


@dataclass(frozen=True)
class Change:
    """A row that differs from the vocabulary: renamed, added, or withdrawn (``valid`` False)."""

    table: str
    code: str
    name: str = ""
    valid: bool = True


def changed(text: str) -> Change:
    """Read ``languages:18=藏语``.

    Raises:
        ValueError: not of that form; the text is the value.
    """
    place, _, name = text.partition("=")
    table, _, code = place.partition(":")
    if not (table and code.isdecimal() and name):
        raise ValueError(text)
    return Change(table, str(int(code)), name)


def withdrawn(text: str) -> Change:
    """Read ``languages:18``.

    Raises:
        ValueError: not of that form.
    """
    table, _, code = text.partition(":")
    if not (table and code.isdecimal()):
        raise ValueError(text)
    return Change(table, str(int(code)), valid=False)


def _named(longest: int, element: str = "Mc") -> Columns:
    return lambda table, row, vocabulary: {element: downloads.clean(row["zh"], longest)}


def _masked(longest: int) -> Columns:
    def columns(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
        mask = MASKS.get(table, {}).get(row["code"], 1 << (int(row["code"]) - 1))
        return {"Ysid": mask, "Mc": downloads.clean(row["zh"], longest)}

    return columns


def _region(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
    code = row["code"]
    level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
    return {"Mc": downloads.clean(row["zh"], SHORT), "Lx": level}


def _bureau(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
    province = row.get("province", "")
    return {
        "Ysid": 1 << (int(row["code"]) - 1),
        "Bm": downloads.ABBREVIATIONS.get(province[:2], "cn"),
        "Mc": downloads.clean(row["zh"], NAME),
        "Shengid": province,
        "Shengjc": vocabulary.row("provinces", province).get("prefix", ""),
    }


def _document(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
    return {"Mc": downloads.clean(row["zh"], NAME), "Dwflid": row.get("organisation_type") or "5"}


def _approval(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
    return {**_masked(SHORT)(table, row, vocabulary), "Sfqzsp": 1}


def _attachment(table: str, row: Mapping[str, str], vocabulary: Vocabulary) -> Values:
    # Dictionaries count owners from 0; uploads from 1.
    return {"Mc": downloads.clean(row["zh"], NAME), "Ssdxlx": 1 if row.get("owner") == "website" else 0}


TABLES = (
    Table("Dwxz_dms", "Dwxz_xx", "organisation_types", _named(NAME)),
    Table("Qy_dms", "Qy_xx", "regions", _region),
    Table("Gj_dms", "Gj_dm_xx", "server_locations", _bureau),
    Table("Zjlx_dms", "Zjlx_xx", "document_types", _document),
    Table("Wzjylx_dms", "Wzjylx_xx", "preapproval_types", _approval),
    Table("Wzfwlx_dms", "Wzfwlx_xx", "service_contents", _masked(SHORT)),
    Table("Wzjrfs_dms", "Wzjrfs_xx", "access_methods", _masked(SHORT)),
    Table("Zxly_dms", "Zxly_xx", "cancel_reasons", _named(LONG, "Nr")),
    Table("Wbacl_dms", "Wbacl_xx", "unfiled_results", _named(LONG, "Ztmc"), flagged=False),
    Table("Hsyj_dms", "Hsyj", "opinions", _named(NAME)),
    Table("Fjwjgs_dms", "Fjwjgs", "attachment_formats", _named(NAME)),
    Table("Fjytlx_dms", "Fjzjlx", "attachment_types", _attachment),
    Table("Yylb_dms", "Yylb", "languages", _named(NAME)),
)
"""All tables that the bureau distributes, in their order."""
NAMES = tuple(table.name for table in TABLES)
UNITS = "reporting_units"
"""The list of reporting units, which stands beside the tables."""
APART = "attachment_types"
"""Sent in a file of its own: its owners are 0 and 1 by the interface's text, and from 1 on by its schema, so that who
keeps to the schema alone loses this table and no other."""


def _rows(table: Table, vocabulary: Vocabulary) -> Sequence[Mapping[str, str]]:
    return OPINIONS if table.name == "opinions" else vocabulary.tables[table.name]


def _changed(
    table: Table, vocabulary: Vocabulary, changes: Iterable[Change]
) -> Iterator[tuple[Mapping[str, str], bool]]:
    """The rows of a table with their validity, after the changes."""
    mine = {change.code: change for change in changes if change.table == table.name}
    for row in _rows(table, vocabulary):
        change = mine.pop(row["code"], None)
        yield {**row, "zh": (change and change.name) or row["zh"]}, change is None or change.valid
    for change in mine.values():
        yield {"code": change.code, "zh": change.name or change.code}, change.valid


def must_be_known(names: Iterable[str]) -> None:
    """Refuse names of tables that the bureau doesn't distribute.

    Raises:
        ValueError: no such table.
    """
    unknown = {*names} - {*NAMES, UNITS}
    if unknown:
        raise ValueError(f"没有代码表 {'、'.join(sorted(unknown))}；可用：{'、'.join((*NAMES, UNITS))}。")


def fill(
    parent: Any,
    vocabulary: Vocabulary,
    providers: Iterable[Row],
    only: Sequence[str],
    changes: Sequence[Change] = (),
) -> None:
    """Put the tables into a ``JCDM`` element.

    Args:
        parent: the element, directly under the root or inside ``SJTB``.
        vocabulary: the tables.
        providers: accounts, which are the reporting units, with ``retired`` 0 or 1.
        only: names of the tables to send.
        changes: rows that differ from the vocabulary.
    """
    if UNITS in only:
        units = child(parent, "Bbdwlb")
        for account in providers:
            values = {"Id": account["isp_id"], "Dwmc": account["name"], "Shengid": account["province"]}
            values["Sfyx"] = 1 - account["retired"]
            add(units, "Bbdw", values)
    chosen = [table for table in TABLES if table.name in only]
    if not chosen:
        return
    tables = child(parent, "Jcdm_xx")
    for table in chosen:
        group = child(tables, table.group)
        for row, valid in _changed(table, vocabulary, changes):
            node = add(group, table.row, {"Id": row["code"], **table.columns(table.name, row, vocabulary)})
            if table.flagged:
                child(node, "Sfyx", int(valid))


def codes(
    vocabulary: Vocabulary, providers: Sequence[Row], only: Sequence[str] = (), changes: Sequence[Change] = ()
) -> list[Any]:
    """``JCDM`` files; see ``fill``."""
    return list(_files("JCDM", vocabulary, providers, only, changes))


def synchronise_codes(vocabulary: Vocabulary, providers: Sequence[Row], changes: Sequence[Change] = ()) -> list[Any]:
    """``SJTB`` files with all code tables."""
    return list(_files("SJTB", vocabulary, providers, (), changes))


def _files(
    group: str, vocabulary: Vocabulary, providers: Sequence[Row], only: Sequence[str], changes: Sequence[Change]
) -> Iterator[Any]:
    for part in _parts(only):
        root, module = downloads.document(group)
        tables = module if group == "JCDM" else child(module, "JCDM")
        fill(tables, vocabulary, providers, part, changes)
        yield root


def _parts(only: Sequence[str]) -> list[list[str]]:
    """Which tables go together in a file."""
    wanted = list(only) or [UNITS, *NAMES]
    parts = ([name for name in wanted if name != APART], [name for name in wanted if name == APART])
    return [part for part in parts if part]


def synchronise_filings(connection: Connection, isp_id: int) -> list[Any]:
    """``SJTB`` files with every filing that has a live access through a provider, as many in each as it may hold.

    Returns:
        The files; a single empty one when nothing is accessed through this provider.
    """
    found = connection.execute(
        "SELECT DISTINCT s.id FROM sponsor s JOIN website w ON w.sponsor_id = s.id JOIN access a ON a.website_id = w.id"
        " WHERE a.isp_id = ? AND s.cancelled_at IS NULL AND w.cancelled_at IS NULL AND a.cancelled_at IS NULL"
        " ORDER BY s.id",
        (isp_id,),
    ).fetchall()
    files: list[Any] = []
    icp, size = None, 0
    for row in found:
        part = child(downloads.document("SJTB")[1], "ICP")
        downloads.add_filing(part, connection, row["id"], isp_id)
        weight = len(etree.tostring(part[0], encoding="gbk"))
        if icp is None or len(icp) == RECORD_LIMIT or size + weight > FILE_LIMIT:
            root, module = downloads.document("SJTB")
            files.append(root)
            icp, size = child(module, "ICP"), 0
        icp.append(part[0])
        size += weight
    return files or [downloads.document("SJTB")[0]]
