"""The provider's own address ranges: imported from CSV, offered per customer, and what lies outside is refused."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from icp.extensions import db
from icp.register.models import ProviderRange
from icp.sealing import keyed_hash

COLUMNS = ("first", "last", "server_location", "access_method", "customer_email", "label")


@dataclass(frozen=True)
class BadLine:
    """A line of the CSV that can't be used, and why."""

    line: int
    problem: str


def import_csv(lines: Iterable[str]) -> tuple[int, list[BadLine]]:
    """Replace all ranges by those of a CSV with the columns of ``COLUMNS``; a bad line changes nothing.

    Returns:
        how many ranges were read, and the bad lines (none imported when there are any).
    """
    rows: list[ProviderRange] = []
    bad: list[BadLine] = []
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            first = int(ipaddress.IPv4Address((row.get("first") or "").strip()))
            last = int(ipaddress.IPv4Address((row.get("last") or row.get("first") or "").strip()))
        except ValueError as error:
            bad.append(BadLine(number, str(error)))
            continue
        if last < first:
            bad.append(BadLine(number, "last address before the first"))
            continue
        email = (row.get("customer_email") or "").strip().lower()
        rows.append(
            ProviderRange(
                first=first,
                last=last,
                server_location=(row.get("server_location") or "").strip(),
                access_method=(row.get("access_method") or "").strip(),
                customer_hash=keyed_hash("email", email) if email else "",
                label=(row.get("label") or "").strip()[:64],
            )
        )
    if not bad:
        db.session.execute(delete(ProviderRange))
        db.session.add_all(rows)
    return len(rows), bad


def offered_to(email_hash: str) -> list[ProviderRange]:
    """The ranges a customer may use: his own, and those without a customer. None known: an empty list."""
    wanted = select(ProviderRange).where(
        or_(ProviderRange.customer_hash == email_hash, ProviderRange.customer_hash == "")
    )
    return list(db.session.scalars(wanted.order_by(ProviderRange.first)))


def as_pairs(ranges: Iterable[ProviderRange]) -> tuple[tuple[int, int], ...]:
    """First and last address of each range as integers, the form rules take."""
    return tuple((r.first, r.last) for r in ranges)
