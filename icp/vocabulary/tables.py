"""The code tables as one immutable value. Rules, forms and the codec read codes from here and nowhere else.

A table is a tuple of rows, a row a mapping of column to text. The tables of the package lie in `data/*.csv`; dated
rows in the database replace whole tables (see ``icp.vocabulary.models``).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from icp.vocabulary.provinces import ProvinceRules
from icp.vocabulary.reasons import Reason
from icp.vocabulary.regions import Option, Regions
from icp.vocabulary.text import Term

DATA = Path(__file__).parent / "data"
INDIVIDUAL = "5"

Row = Mapping[str, str]
Table = tuple[Row, ...]

# Tables of code, zh, en; what a table has beyond them is read with ``Vocabulary.row``.
CODED = (
    "organisation_types",
    "document_types",
    "access_methods",
    "server_locations",
    "service_contents",
    "preapproval_types",
    "languages",
    "provinces",
    "attachment_types",
    "attachment_formats",
    "operation_types",
    "bureau_codes",
    "query_condition_types",
    "cancel_reasons",
    "unfiled_results",
    "verification_opinions",
)
FROM_BUREAU = (
    "bureaus",
    "reporting_units",
    "domain_types",
    "unit_classes",
    "industry_classes",
    "administrative_levels",
    "feedback_classes",
)
"""Tables of code, zh, en that only the bureau has; empty until it sends them."""
OTHERS = ("regions", "province_rules", "reasons", "holidays", "area_codes")
TABLES = CODED + FROM_BUREAU + OTHERS


@dataclass(frozen=True)
class BureauCode:
    """A result code of the bureau's interface."""

    code: str
    category: str
    zh: str
    en: str


@dataclass(frozen=True)
class Vocabulary:
    """One snapshot of all tables.

    Attributes:
        id: names the snapshot; a revision records the one it was checked with.
        tables: the rows, by table name.
    """

    id: str
    tables: Mapping[str, Table] = field(repr=False)
    regions: Regions = field(repr=False)
    _options: Mapping[str, tuple[Option, ...]] = field(repr=False)
    _rows: Mapping[str, Mapping[str, Row]] = field(repr=False)
    _provinces: Mapping[str, ProvinceRules] = field(repr=False)
    _reasons: Mapping[str, Reason] = field(repr=False)
    holidays: Mapping[dt.date, bool] = field(repr=False)
    """Days that differ from their weekday: True is worked, False is free."""
    area_codes: Mapping[str, Row] = field(repr=False)
    """Area codes of telephones (`0591`) with their `province` and, separated by spaces, `cities`."""

    @classmethod
    def from_tables(cls, id_: str, tables: Mapping[str, Table]) -> Vocabulary:
        """Index the tables.

        Raises:
            KeyError: a table or a column is missing.
            ValueError: a value can't be read.
        """
        english = {row["code"]: row["en"] for row in tables["provinces"]}
        return cls(
            id=id_,
            tables=tables,
            regions=Regions.from_rows(tables["regions"], english),
            _options={name: tuple(_option(r) for r in tables[name] if _valid(r)) for name in CODED + FROM_BUREAU},
            _rows={name: {row["code"]: row for row in tables[name]} for name in CODED + FROM_BUREAU},
            _provinces={row["province"]: ProvinceRules.from_row(row) for row in tables["province_rules"]},
            _reasons={row["id"]: Reason.from_row(row) for row in tables["reasons"]},
            holidays={dt.date.fromisoformat(row["day"]): row["kind"] == "work" for row in tables["holidays"]},
            area_codes={row["area"]: row for row in tables["area_codes"]},
        )

    def options(self, table: str) -> tuple[Option, ...]:
        """All rows of a coded table that are in use, in its order; what was withdrawn keeps its name only.

        Raises:
            KeyError: there is no such table.
        """
        return self._options[table]

    def has(self, table: str, code: str) -> bool:
        """Whether the table has the code, and it is in use."""
        row = self._rows[table].get(code)
        return row is not None and _valid(row)

    def row(self, table: str, code: str) -> Row:
        """One row with all its columns; empty for an unknown code."""
        return self._rows[table].get(code, {})

    def label(self, table: str, code: str, language: str = "zh_Hans_CN") -> str:
        """The name of a code in a language; the code itself when the table doesn't have it."""
        row = self.row(table, code)
        return row.get("en" if language.startswith("en") else "zh", code)

    def term(self, table: str, code: str) -> Term:
        """The name of a code, to be said in the reader's language later; see ``label``."""
        return Term(self.label(table, code), self.label(table, code, "en"))

    def is_individual(self, organisation_type: str) -> bool:
        """Whether the subject is a natural person."""
        return organisation_type == INDIVIDUAL

    def document_types_for(self, organisation_type: str) -> tuple[Option, ...]:
        """The documents a subject of this type may use (`document_types`, column `organisation_type`)."""
        rows = self.tables["document_types"]
        return tuple(_option(r) for r in rows if r["organisation_type"] == organisation_type and _valid(r))

    def principal_document_types(self) -> tuple[Option, ...]:
        """The documents of a person who is a principal."""
        rows = self.tables["document_types"]
        return tuple(_option(r) for r in rows if r["principal"] == "yes" and _valid(r))

    def province_rules(self, province: str) -> ProvinceRules:
        """The rules of a province; those of a province without a row are the mildest.

        Args:
            province: six-digit code of the province, or of any region in it.
        """
        return self._provinces.get(province[:2] + "0000") or _mildest(province[:2] + "0000")

    def area_codes_of(self, city: str) -> tuple[str, ...]:
        """The telephone area codes of a city (six-digit code); empty when not known."""
        return tuple(area for area, row in self.area_codes.items() if city in row["cities"].split())

    def reasons(self) -> tuple[Reason, ...]:
        """All reasons."""
        return tuple(self._reasons.values())

    def reason(self, id_: str) -> Reason:
        """One reason.

        Raises:
            KeyError: there is no such reason.
        """
        return self._reasons[id_]

    def reasons_for(self, type_path: str) -> tuple[Reason, ...]:
        """The reasons that may be marked at a type path."""
        return tuple(reason for reason in self._reasons.values() if type_path in reason.paths)

    def bureau_code(self, code: str) -> BureauCode:
        """A result code of the bureau; an unknown one says so in its names and has the category `unknown`."""
        row = self.row("bureau_codes", code)
        if not row:
            return BureauCode(code, "unknown", f"未知代码 {code}", f"Unknown code {code}")
        return BureauCode(code, row["category"], row["zh"], row["en"])


def _option(row: Row) -> Option:
    return Option(row["code"], row["zh"], row["en"])


def _valid(row: Row) -> bool:
    return row.get("withdrawn") != "yes"


@cache
def _mildest(province: str) -> ProvinceRules:
    row = dict.fromkeys(ProvinceRules.__dataclass_fields__, "no")
    numbers = ("websites_per_filing", "websites_per_organisation", "websites_per_individual", "construction_plan_from")
    row |= dict.fromkeys(numbers, "0")
    row |= {"province": province, "subject_principal": "any", "outside_individuals": "accepted", "sms_check": ""}
    row |= {"minimum_age": "16", "mobile_as_landline": "yes", "review_working_days": "20", "checked_on": "2026-11-24"}
    return ProvinceRules.from_row(row)


def read_csv(text: Sequence[str]) -> Table:
    """Rows of a CSV file with a header line."""
    return tuple(csv.DictReader(text))


@cache
def builtin() -> Vocabulary:
    """The tables of the package. Their id carries a digest of the files, so that it changes when they do."""
    digest = hashlib.sha256()
    tables: dict[str, Table] = {}
    for name in CODED + OTHERS:
        data = (DATA / f"{name}.csv").read_bytes()
        digest.update(data)
        tables[name] = read_csv(data.decode("utf-8").splitlines())
    tables |= dict.fromkeys(FROM_BUREAU, ())
    return Vocabulary.from_tables(f"builtin-{digest.hexdigest()[:12]}", tables)
