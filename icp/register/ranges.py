"""The provider's own address ranges: imported from CSV, offered per customer, and what lies outside is refused."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select

from icp import vocabulary
from icp.extensions import db
from icp.register.models import ProviderRange
from icp.sealing import keyed_hash
from icp.vocabulary.text import N_, Message

COLUMNS = ("first", "last", "server_location", "access_method", "customer_email", "label")
CODED = {"server_location": "server_locations", "access_method": "access_methods"}
NOT_ADDRESS = N_("“{text}”不是 IPv4 地址。")
BACKWARDS = N_("末地址 {last} 在首地址 {first} 之前。")
NOT_CODE = N_("{column} 没有代码“{text}”。")
NO_COLUMN = N_("第一行是列名，缺少 {column}。")
NOT_CSV = N_("这一行不是 CSV：{problem}")


@dataclass(frozen=True)
class BadLine:
    """A line of the CSV that can't be used, and why."""

    line: int
    problem: Message


def import_csv(lines: Iterable[str]) -> tuple[int, list[BadLine]]:
    """Replace all ranges by those of a CSV with the columns of ``COLUMNS``; a bad line changes nothing.

    Returns:
        how many ranges were read, and the bad lines (none imported when there are any).
    """
    rows: list[ProviderRange] = []
    bad: list[BadLine] = []
    reader = csv.DictReader(lines)
    try:
        if "first" not in (reader.fieldnames or ()):
            return 0, [BadLine(1, Message(NO_COLUMN, column="first"))]
        for row in reader:
            try:
                rows.append(_range({name: (row.get(name) or "").strip() for name in COLUMNS}))
            except _Unusable as refused:
                bad.append(BadLine(reader.line_num, refused.problem))
    except csv.Error as error:
        bad.append(BadLine(reader.line_num, Message(NOT_CSV, problem=str(error))))
    if not bad:
        db.session.execute(delete(ProviderRange))
        db.session.add_all(rows)
    return len(rows), bad


class _Unusable(Exception):
    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


def _range(row: dict[str, str]) -> ProviderRange:
    first = _address(row["first"])
    last = _address(row["last"]) if row["last"] else first
    if last < first:
        raise _Unusable(Message(BACKWARDS, first=row["first"], last=row["last"]))
    for column, table in CODED.items():
        if row[column] and row[column] not in {option.code for option in vocabulary.current().options(table)}:
            raise _Unusable(Message(NOT_CODE, column=column, text=row[column]))
    email = row["customer_email"].lower()
    return ProviderRange(
        first=first,
        last=last,
        server_location=row["server_location"],
        access_method=row["access_method"],
        customer_hash=keyed_hash("email", email) if email else "",
        label=row["label"][:64],
    )


def _address(text: str) -> int:
    try:
        return int(ipaddress.IPv4Address(text))
    except ValueError:
        raise _Unusable(Message(NOT_ADDRESS, text=text)) from None


def listed(address: str = "", customer: str = "", limit: int = 200) -> list[ProviderRange]:
    """Ranges in the order of their addresses.

    Args:
        address: only those that hold this IPv4 address; '' for all.
        customer: only those of the customer with this e-mail; '' for all.
        limit: so many at most.

    Raises:
        ValueError: ``address`` is none.
    """
    wanted = select(ProviderRange).order_by(ProviderRange.first, ProviderRange.id).limit(limit)
    if address:
        number = int(ipaddress.IPv4Address(address))
        wanted = wanted.where(ProviderRange.first <= number, ProviderRange.last >= number)
    if customer:
        wanted = wanted.where(ProviderRange.customer_hash == keyed_hash("email", customer.strip().lower()))
    return list(db.session.scalars(wanted))


def total() -> int:
    """How many ranges there are."""
    return db.session.scalar(select(func.count()).select_from(ProviderRange)) or 0


def holds(first: int, last: int) -> bool:
    """Whether a range lies within one of the provider's; True while none is known."""
    wanted = select(ProviderRange.id).where(ProviderRange.first <= first, ProviderRange.last >= last).limit(1)
    if db.session.scalar(wanted) is not None:
        return True
    return db.session.scalar(select(ProviderRange.id).limit(1)) is None


def offered_to(email_hash: str) -> list[ProviderRange]:
    """The ranges a customer may use: his own, and those without a customer. None known: an empty list."""
    wanted = select(ProviderRange).where(
        or_(ProviderRange.customer_hash == email_hash, ProviderRange.customer_hash == "")
    )
    return list(db.session.scalars(wanted.order_by(ProviderRange.first)))


def as_pairs(ranges: Iterable[ProviderRange]) -> tuple[tuple[int, int], ...]:
    """First and last address of each range as integers, the form rules take."""
    return tuple((r.first, r.last) for r in ranges)
