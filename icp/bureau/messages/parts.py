"""Parts that several groups have in common: website, approvals, domains, accesses and their ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec import numbers
from icp.bureau.messages import mapping
from icp.bureau.messages.build import Report
from icp.bureau.messages.writing import Writer, as_base64
from icp.filings.answers import Answers
from icp.register.records import IpRangeRecord

Ids = tuple[tuple[str, int | None], ...]
"""Elements with the ids they hold, in the order of the schema; None leaves an element out."""


@dataclass(frozen=True)
class Range:
    """A range of addresses as unsigned integers."""

    ids: Ids
    first: int
    last: int


@dataclass(frozen=True)
class Domain:
    """A domain of a website."""

    ids: Ids
    name: str


@dataclass(frozen=True)
class Access:
    """An access of a website: its ids and ranges, where its codes come from, and what stands at its end."""

    ids: Ids
    ranges: Sequence[Range]
    answers: Answers | None = None  # the writer's own when None
    mode: str = ""


@dataclass(frozen=True)
class Website:
    """A website's row with everything of it that isn't an answer.

    ``scans``: kind of approval → scans as base64. ``numbered``: whether its number stands in its record.
    """

    row: str
    ids: Ids
    domains: Sequence[Domain]
    accesses: Sequence[Access]
    scans: Mapping[str, Sequence[str]]
    numbered: bool = False

    @property
    def path(self) -> str:
        """Its instance path."""
        return f"website[{self.row}]"


def website(writer: Writer, record: Any, site: Website) -> None:
    """Append a ``Wz_xx``."""
    element = writer.group(record, "Wz_xx", site.path)
    ids(writer, element, site.ids, f"{site.path}.filing_number")
    writer.lines(element, mapping.WEBSITE, site.path)
    _approvals(writer, element, site)
    writer.lines(element, mapping.CONTENT, site.path)
    for domain in site.domains:
        path = f"{site.path}.domain"
        part = writer.group(element, "Ym_xx", path)
        ids(writer, part, domain.ids, path)
        writer.value(part, "Ym", domain.name, path)
    for access in site.accesses:
        part = writer.group(element, "Jr_xx", f"{site.path}.access")
        access_content(writer, part, access, f"{site.path}.access")
    writer.lines(element, mapping.WEBSITE_PRINCIPAL, site.path)
    if site.numbered:
        writer.lines(element, mapping.WEBSITE_NUMBER, site.path)
    writer.lines(element, mapping.WEBSITE_TAIL, site.path)


def ids(writer: Writer, parent: Any, wanted: Ids, path: str) -> None:
    """Append ids."""
    for name, value in wanted:
        writer.value(parent, name, value, path)


def access_content(writer: Writer, parent: Any, access: Access, path: str) -> None:
    """Append what an access holds: below its ``Jr_xx``, or where it stands alone directly below its record."""
    ids(writer, parent, access.ids, path)
    writer.lines(parent, mapping.ACCESS, path, access.answers)
    place = f"{path}.ip_addresses"
    for found in access.ranges:
        part = writer.group(parent, "Ip_xx", place)
        ids(writer, part, found.ids, place)
        writer.value(part, "Qsip", found.first, place)
        writer.value(part, "Zzip", found.last, place)
    writer.value(parent, "Bbfs", access.mode, path)


def _approvals(writer: Writer, element: Any, site: Website) -> None:
    group = f"{site.path}.pre_approvals"
    codes = writer.answers.rows(group)
    if not codes:
        return
    approvals = writer.group(element, "Nrlx", group)
    for code in codes:
        anchor = f"{group}[{code}]"
        approval = writer.group(approvals, "Nrlx_xx", anchor)
        writer.value(approval, "Nrlx_id", code, group)
        writer.lines(approval, mapping.PRE_APPROVAL, anchor)
        for scan in site.scans.get(code, ()):
            writer.value(approval, "Spwj", scan, f"{anchor}.papers.document")


def scans_of(report: Report, row: str) -> dict[str, list[str]]:
    """Kind of approval → its scan, for a website of a filing."""
    slots = {
        code: f"website[{row}].pre_approvals[{code}].papers.document"
        for code in report.answers.rows(f"website[{row}].pre_approvals")
    }
    return {code: [as_base64(report.papers[slot])] for code, slot in slots.items() if slot in report.papers}


def new_website(report: Report, row: str, site_id: int) -> Website:
    """A website that the bureau doesn't know yet: every id in it is a fresh one of ours."""
    domain = Domain((("IspYmid", report.allot("IspYmid", f"website[{row}].domain")),), domain_of(report, row))
    access = new_access(report, row)
    return Website(row, (("IspWzid", site_id),), (domain,), (access,), scans_of(report, row))


def domain_of(report: Report, row: str) -> str:
    """The domain that was answered for a website."""
    return report.answers.text(f"website[{row}].domain").strip()


def new_access(report: Report, row: str) -> Access:
    """An access that the bureau doesn't know yet."""
    access_id = report.allot("IspJrid", f"website[{row}].access")
    return Access((("IspJrid", access_id),), ranges_of(report, row))


def ranges_of(report: Report, row: str, known: Sequence[IpRangeRecord] = ()) -> list[Range]:
    """The ranges that were answered for a website, each with a fresh id of ours; those on record keep the bureau's."""
    path = f"website[{row}].access.ip_addresses"
    bureau_ids = {(found.first, found.last): found.bureau_id for found in known}
    return [
        Range((("IspIpid", report.allot("IspIpid", f"{path}[{n}]")), ("Ipid", bureau_ids.get(ends))), *ends)
        for n, ends in enumerate(answered_ranges(report.answers, row))
    ]


def answered_ranges(answers: Answers, row: str) -> list[tuple[int, int]]:
    """First and last address of each range; what is no range becomes 0, which the schema refuses at its place."""
    typed = answers.get(f"website[{row}].access.ip_addresses")
    found = []
    for text in typed if isinstance(typed, list) else [typed]:
        if text:
            try:
                found.append(numbers.ip_range(text))
            except ValueError:
                found.append((0, 0))
    return found
