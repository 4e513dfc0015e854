"""Reading what the bureau sends: processing results and reviews (BAJG), filings on record (BASJ)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec import xml
from icp.bureau.codec.xml import XmlError, XmlFault, int_of, text_of
from icp.bureau.messages.filing_data import filing
from icp.register.records import SubjectRecord

ROOT = "DownloadData"
"""What every data file of the bureau is (interface § 7)."""
APPROVED, REJECTED, STORED = 1001, 1002, 1060
MATERIAL = "35"  # 操作类型 of verification material on its own
FILE_CODES = frozenset({5001, 5003, 5004, 5008})
"""Codes about a file as a whole, whatever else the result names; any other is so when no request is named."""
INFORMATION = frozenset({APPROVED, STORED, 1062, 2998, 3998})
"""Codes that are no complaint."""
UNREADABLE = 0
"""Stands for a code that is no number, or none the interface has: they begin at 1."""
VERDICTS: dict[int | None, bool] = {0: False, 1: True}
"""``Shjg``: what an officer decided."""


@dataclass(frozen=True)
class ResultLine:
    """One code of a processing result, ``UNREADABLE`` where it says none, with the bureau's own text."""

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
        """Whether it complains of a whole file, whose name then stands in the text; ``Czlx`` means nothing there."""
        return any(not self.key or line.code in FILE_CODES for line in self.complaints)

    @property
    def odd(self) -> bool:
        """Whether a code in it can't be read, or it has none at all."""
        return not self.lines or any(line.code == UNREADABLE for line in self.lines)

    @property
    def complaints(self) -> tuple[ResultLine, ...]:
        """The codes that say something is wrong, also 1002."""
        return tuple(line for line in self.lines if line.code != UNREADABLE and line.code not in INFORMATION)

    @property
    def approved(self) -> bool:
        """Whether it says that the officer approved, or that material sent on its own (35) is stored."""
        final = STORED if self.operation == MATERIAL else APPROVED
        return not self.complaints and not self.odd and any(line.code == final for line in self.lines)

    @property
    def of_decision(self) -> bool:
        """Whether it notes an officer's decision, which a review may tell of as well."""
        return self.approved or any(line.code == REJECTED for line in self.complaints)


@dataclass(frozen=True)
class Review:
    """``Gjsh``: an officer's decision; ``approved`` is None where it says neither 0 nor 1."""

    approved: bool | None
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


class WrongRoot(XmlError):
    """A document that is no data file of the bureau; ``name`` is what it is instead."""

    def __init__(self, name: str) -> None:
        super().__init__(XmlFault.ROOT, f"the root element is {name}, not {ROOT}")
        self.name = name


def document(data: bytes) -> Any:
    """The root of a received data file.

    Raises:
        WrongRoot: another document: a reply, a file of ours, a page of a proxy; nothing in it is to be acted on.
        icp.bureau.codec.xml.XmlError: it can't be read, see ``icp.bureau.codec.xml.parse``.
    """
    root = xml.parse(data)
    if root.tag != ROOT:
        raise WrongRoot(str(root.tag)[:64])
    return root


def arrange(root: Any) -> None:
    """Put each ``BAJG`` of a parsed file in the order of its schema, all reviews in one ``GJSHS``: they are taken in
    any order and any number of times (interface § 17.23)."""
    for bajg in root.iterfind("ICP/BAJG"):
        decided = bajg.findall("GJSHS")
        for more in decided[1:]:
            decided[0].extend(list(more))
        others = [element for element in bajg if element.tag not in ("Jg_xx", "GJSHS")]
        bajg[:] = [*bajg.findall("Jg_xx"), *decided[:1], *others]


def read(root: Any) -> Results:
    """Read a parsed download file; the schema need not hold, absent values are empty."""
    icp = root.find("ICP")
    basj, bajg = (None, None) if icp is None else (icp.find("BASJ"), icp.find("BAJG"))
    return Results(
        filings=() if basj is None else filings(basj),
        reviews=() if bajg is None else reviews(bajg),
        processing=() if bajg is None else processing(bajg),
        groups=tuple(name for name, _ in groups(root)),
    )


def groups(root: Any) -> Iterator[tuple[str, Any]]:
    """The groups of a parsed download file: those of ``ICP``, or another module as a whole (``JCDM``, ``SJTB`` …)."""
    for module in root:
        if module.tag == "ICP":
            yield from ((str(group.tag), group) for group in module)
        else:
            yield str(module.tag), module


def filings(basj: Any) -> tuple[SubjectRecord, ...]:
    """What ``BASJ`` says is on record."""
    return tuple(filing(e) for e in basj.iterfind("Baxx"))


def reviews(bajg: Any) -> tuple[Review, ...]:
    """The officers' decisions in ``BAJG``."""
    return tuple(_review(e) for e in bajg.iterfind("GJSHS/Gjsh"))


def processing(bajg: Any) -> tuple[ProcessingResult, ...]:
    """What the bureau's system says in ``BAJG``."""
    return tuple(_processing(e) for e in bajg.iterfind("Jg_xx"))


def _processing(element: Any) -> ProcessingResult:
    lines = tuple(ResultLine(_code(line), text_of(line, "Dmms")) for line in element.iterfind("Jgxx"))
    return ProcessingResult(lines, text_of(element, "Czlx"), text_of(element, "Bs"), text_of(element, "Bz"))


def _code(line: Any) -> int:
    code = int_of(line, "Jgdm")
    return code if code is not None and code >= 1 else UNREADABLE


def _review(element: Any) -> Review:
    return Review(
        approved=VERDICTS.get(int_of(element, "Shjg")),
        at=text_of(element, "Shsj"),
        opinion=text_of(element, "Shyj"),
        reviewer=text_of(element, "Shrxm"),
        reviewer_phone=text_of(element, "Shr_dhhm"),
        operation=text_of(element, "Czlx"),
        record_id=text_of(element, "Jlid"),
    )
