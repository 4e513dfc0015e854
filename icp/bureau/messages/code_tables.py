"""Reading JCDM, the code tables the bureau distributes, into the columns of our own tables (interface § 7.10).

A table that comes replaces ours as a whole. Its codes and names are the bureau's; what we know of a code besides
(English, limits, which document a person may use) is kept with it. A code that was there and comes no more, or comes
as no longer valid, keeps its name for what is on record, and is no longer offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec.xml import text_of
from icp.vocabulary import Vocabulary

Row = dict[str, str]
UNITS = "Bbdwlb"


@dataclass(frozen=True)
class Source:
    """How a table of the bureau becomes one of ours.

    Attributes:
        element: of the rows.
        table: of the vocabulary.
        name: element of the name.
        more: column → element, for what the bureau says besides.
        defaults: column → value for codes we know nothing of; also the columns a row must have.
    """

    element: str
    table: str
    name: str = "Mc"
    more: Mapping[str, str] | None = None
    defaults: Mapping[str, str] | None = None


MASK = {"mask": "Ysid"}
TABLES: dict[str, Source] = {
    "Dwxz_dms": Source("Dwxz_xx", "organisation_types"),
    "Zjlx_dms": Source(
        "Zjlx_xx",
        "document_types",
        more={"unit_class": "Dwflid"},
        defaults={"organisation_type": "", "principal": "no", "query_condition": ""},
    ),
    "Wzjylx_dms": Source(
        "Wzjylx_xx",
        "preapproval_types",
        more={**MASK, "approval_needed": "Sfqzsp"},
        defaults={"authority": "", "document": ""},
    ),
    "Wzfwlx_dms": Source("Wzfwlx_xx", "service_contents", more=MASK, defaults={"pre_approval": "no"}),
    "Wzjrfs_dms": Source("Wzjrfs_xx", "access_methods", more=MASK),
    "Zxly_dms": Source("Zxly_xx", "cancel_reasons", name="Nr", defaults={"provisional": "no"}),
    "Wbacl_dms": Source("Wbacl_xx", "unfiled_results", name="Ztmc", defaults={"provisional": "no"}),
    "Hsyj_dms": Source("Hsyj", "verification_opinions", defaults={"provisional": "no"}),
    "Fjwjgs_dms": Source("Fjwjgs", "attachment_formats"),
    "Fjytlx_dms": Source("Fjzjlx", "attachment_types", more={"owner": "Ssdxlx"}, defaults={"base64_kb": "100"}),
    "Yylb_dms": Source("Yylb", "languages"),
    "Gj_dms": Source(
        "Gj_dm_xx",
        "bureaus",
        # Mail and mobile number of the person in charge stay in the sealed file: tables are not for personal data.
        more={**MASK, "abbreviation": "Bm", "province": "Shengid", "prefix": "Shengjc"},
    ),
    "Ymlx_dms": Source("Ymlx", "domain_types"),
    "Dwfl_dms": Source("Dwfl_xx", "unit_classes"),
    "Hyfl_dms": Source("Hyfl_xx", "industry_classes", more={"abbreviation": "Bm"}),
    "Xzjb_dms": Source("Xzjb_xx", "administrative_levels"),
    "Yjfk_Wtfls": Source("Yjfk_Wtfl_xx", "feedback_classes", name="Fl2", more={"class": "Fl1"}),
    "Qy_dms": Source("Qy_xx", "regions", more={"level": "Lx"}),
}
"""Table of the bureau → ours."""

UNIT = Source(
    "Bbdw",
    "reporting_units",
    name="Dwmc",
    more={
        "unit_class": "Dwfl",
        "industry_class": "Dwhyfl",
        "licence": "Jyxkzbh",
        "province": "Shengid",
        "city": "Shiid",
        "district": "Xianid",
        "address": "Xxdz",
    },
)
"""The list of reporting units (Bbdwlb), which stands beside the tables."""

FROM_0, FROM_1 = {"0": "subject", "1": "website"}, {"1": "subject", "2": "website"}
"""How the owners of attachments are counted: from 0 by the interface's text about the dictionary, from 1 by its schema
and in uploads."""
OUTSIDE = ("71", "81", "82", "00")
"""Beginnings of region codes that have no bureau: Taiwan, Hong Kong, Macao, the country as a whole."""


@dataclass(frozen=True)
class Found:
    """A table that came: ours by ``table``, or unknown (''), with its rows in our columns or as they came."""

    element: str
    table: str
    rows: tuple[Row, ...]


def parts(group: Any) -> list[Any]:
    """The elements of a ``JCDM`` that are tables, organisation types first: documents are read by them."""
    found = [part for part in group if part.tag == UNITS]
    found += [table for part in group if part.tag != UNITS for table in part]
    return sorted(found, key=lambda table: table.tag != "Dwxz_dms")


def read(element: Any, words: Vocabulary) -> Found:
    """One of ``parts``, with what is in force worked in.

    Args:
        element: the table.
        words: the tables in force.

    Returns:
        the table; without rows when the bureau sent none.
    """
    name = str(element.tag)
    source = UNIT if name == UNITS else TABLES.get(name)
    if source is None:
        return Found(name, "", tuple({str(c.tag): (c.text or "").strip() for c in row} for row in element))
    return Found(name, source.table, SHAPES.get(source.table, _rows)(element, source, words))


def _rows(table: Any, source: Source, words: Vocabulary) -> tuple[Row, ...]:
    """The rows of a coded table, the bureau's in its order, then those it no longer has."""
    known = {row["code"]: row for row in words.tables[source.table]}
    found: dict[str, Row] = {}
    for element in table.iterfind(source.element):
        code, name = text_of(element, "Id"), text_of(element, source.name)
        if code and name:
            found[code] = _row(element, source, known.get(code, {}), code, name)
    if not found:
        return ()
    gone = {code: {**row, "withdrawn": "yes"} for code, row in known.items() if code not in found and _ours(row)}
    return (*found.values(), *gone.values())


def _ours(row: Mapping[str, str]) -> bool:
    """Whether a row may stand on record; what we made up until the bureau would speak may not."""
    return row.get("provisional") != "yes"


def _row(element: Any, source: Source, known: Mapping[str, str], code: str, name: str) -> Row:
    row: Row = {**(source.defaults or {}), **known, "code": code, "zh": name}
    row["en"] = known["en"] if known.get("zh") == name else name
    for column, said in (source.more or {}).items():
        text = text_of(element, said)
        if text or column not in row:
            row[column] = text
    row["remark"] = text_of(element, "Bz")
    row["withdrawn"] = "yes" if text_of(element, "Sfyx") == "0" else "no"
    if "provisional" in row:
        row["provisional"] = "no"
    return row


def _documents(table: Any, source: Source, words: Vocabulary) -> tuple[Row, ...]:
    """Documents belong to a class of units (Dwflid). Where those classes are codes of organisation types throughout,
    they are taken for them; the interface doesn't say that they are, and otherwise what we know is kept."""
    rows = _rows(table, source, words)
    types = {option.code for option in words.options("organisation_types")}
    if all(row.get("unit_class") in types for row in rows if row.get("withdrawn") == "no"):
        rows = tuple({**row, "organisation_type": row.get("unit_class") or row["organisation_type"]} for row in rows)
    return rows


def _regions(table: Any, source: Source, words: Vocabulary) -> tuple[Row, ...]:
    """Regions are a tree: what is no longer valid leaves it."""
    return tuple(
        {"code": code, "zh": name}
        for element in table.iterfind(source.element)
        if (code := text_of(element, "Id")) and (name := text_of(element, "Mc"))
        if text_of(element, "Sfyx") != "0" and not code.startswith(OUTSIDE)
    )


def _attachments(table: Any, source: Source, words: Vocabulary) -> tuple[Row, ...]:
    """Purposes of attachments, whose owners a bureau may count in either way."""
    said = {text_of(element, "Ssdxlx") for element in table.iterfind(source.element)}
    owners = FROM_1 if "2" in said and "0" not in said else FROM_0
    return tuple({**row, "owner": owners.get(row["owner"], row["owner"])} for row in _rows(table, source, words))


SHAPES: dict[str, Callable[[Any, Source, Vocabulary], tuple[Row, ...]]] = {
    "attachment_types": _attachments,
    "document_types": _documents,
    "regions": _regions,
}
"""Tables that are read in their own way."""
