"""Reading what the bureau sends: processing results and reviews (BAJG), filings on record (BASJ)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec.xml import int_of, text_of
from icp.bureau.messages.filing_data import filing
from icp.register.records import SubjectRecord

APPROVED, REJECTED = 1001, 1002
FILE_CODES = frozenset({5001, 5003, 5004, 5008})
"""Codes about a file as a whole; the file's name stands in the text, ``Czlx`` means nothing."""
INFORMATION = frozenset({APPROVED, 1060, 1062, 2998, 3998})
"""Codes that are no complaint."""


@dataclass(frozen=True)
class ResultLine:
    """One code of a processing result, with the bureau's own text."""

    code: int
    text: str = ""


@dataclass(frozen=True)
class ProcessingResult:
    """``Jg_xx``: what the bureau's system says of one request.

    Attributes:
        lines: every code it found.
        operation: 操作类型 (Czlx) as text.
        key: identifier of the request (``Bs``), '' when absent.
        remark: ``Bz``.
    """

    lines: tuple[ResultLine, ...]
    operation: str
    key: str = ""
    remark: str = ""

    @property
    def of_file(self) -> bool:
        """Whether it is about the whole file."""
        return any(line.code in FILE_CODES for line in self.lines)

    @property
    def complaints(self) -> tuple[ResultLine, ...]:
        """The codes that say something is wrong, also 1002."""
        return tuple(line for line in self.lines if line.code not in INFORMATION)

    @property
    def approved(self) -> bool:
        """Whether it says that the officer approved."""
        return not self.complaints and any(line.code == APPROVED for line in self.lines)


@dataclass(frozen=True)
class Review:
    """``Gjsh``: an officer's decision."""

    approved: bool
    at: str
    opinion: str = ""
    reviewer: str = ""
    reviewer_phone: str = ""
    operation: str = ""
    record_id: str = ""


@dataclass(frozen=True)
class Results:
    """What one download file says; ``groups`` are the names of all groups in it, read or not."""

    filings: tuple[SubjectRecord, ...] = ()
    reviews: tuple[Review, ...] = ()
    processing: tuple[ProcessingResult, ...] = ()
    groups: tuple[str, ...] = ()


READ = frozenset({"BASJ", "BAJG"})
"""Groups this module reads; others are stored and wait for what will read them."""


def read(root: Any) -> Results:
    """Read a parsed download file; the schema need not hold, absent values are empty."""
    return Results(
        filings=tuple(filing(e) for e in root.iterfind("ICP/BASJ/Baxx")),
        reviews=tuple(_review(e) for e in root.iterfind("ICP/BAJG/GJSHS/Gjsh")),
        processing=tuple(_processing(e) for e in root.iterfind("ICP/BAJG/Jg_xx")),
        groups=tuple(_groups(root)),
    )


def _groups(root: Any) -> Iterator[str]:
    for module in root:
        if module.tag == "ICP":
            yield from (str(group.tag) for group in module)
        else:
            yield str(module.tag)


def _processing(element: Any) -> ProcessingResult:
    lines = tuple(ResultLine(int_of(line, "Jgdm") or 0, text_of(line, "Dmms")) for line in element.iterfind("Jgxx"))
    return ProcessingResult(lines, text_of(element, "Czlx"), text_of(element, "Bs"), text_of(element, "Bz"))


def _review(element: Any) -> Review:
    return Review(
        approved=text_of(element, "Shjg") == "1",
        at=text_of(element, "Shsj"),
        opinion=text_of(element, "Shyj"),
        reviewer=text_of(element, "Shrxm"),
        reviewer_phone=text_of(element, "Shr_dhhm"),
        operation=text_of(element, "Czlx"),
        record_id=text_of(element, "Jlid"),
    )
