"""Checks of addresses: form, order, overlaps, the provider's own ranges.

Many sites share one address of their provider, so a range that another filing of the same provider uses is no
conflict. 1024 is an overlap within one access record or with another provider's range; 1040 is the same range twice.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, NamedTuple

from icp.bureau.codec.numbers import ip_range, range_text
from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import lookup, registry
from icp.loopback_bureau.checks.base import Case, Finding
from icp.loopback_bureau.store import Row

# Documentation ranges stay usable: samples and tests live in them.
USELESS = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)


class Signature(NamedTuple):
    """An access record as it is compared."""

    ranges: frozenset[tuple[int, int]]
    locations: frozenset[str]
    methods: frozenset[str]


def usable(first: int, last: int) -> bool:
    """Whether a range can serve the public: in order and outside private, local and multicast networks."""
    if first > last:
        return False
    return not any(first <= int(net.broadcast_address) and int(net.network_address) <= last for net in USELESS)


def ranges(access: Any) -> list[tuple[int, int]]:
    """First and last address of each range of an access record."""
    return [(int_of(node, "Qsip") or 0, int_of(node, "Zzip") or 0) for node in access.findall("Ip_xx")]


def own_ranges(case: Case) -> list[tuple[int, int]]:
    """The provider's own IP filing; empty when none is kept for it."""
    return [ip_range(part) for part in case.account["ip_ranges"].split()]


def access_ranges(case: Case, access: Any) -> Iterator[Finding]:
    """1006, 1040, 1024 and 1063 of one access record."""
    own, seen = own_ranges(case), list[tuple[int, int]]()
    for first, last in ranges(access):
        if not usable(first, last):
            yield Finding(1006, range_text(*sorted((first, last))))
            continue
        text = range_text(first, last)
        if (first, last) in seen:
            yield Finding(1040, text)
        elif any(first <= high and low <= last for low, high in seen) or _foreign(case, first, last):
            yield Finding(1024, text)
        seen.append((first, last))
        if own and not any(low <= first and last <= high for low, high in own):
            yield Finding(1063, text)


def _foreign(case: Case, first: int, last: int) -> bool:
    row = case.connection.execute(
        "SELECT 1 FROM ip_range r JOIN access a ON a.id = r.access_id WHERE r.first <= ? AND r.last >= ?"
        " AND a.isp_id <> ? AND a.cancelled_at IS NULL AND r.cancelled_at IS NULL",
        (last, first, case.isp_id),
    ).fetchone()
    return row is not None


def addresses(case: Case) -> Iterator[Finding]:
    """1006, 1024, 1040 and 1063 of all websites; 1029: two equal access records of one website."""
    for website in case.websites:
        seen: set[Signature] = set()
        for access in website.findall("Jr_xx"):
            yield from access_ranges(case, access)
            if signature(access) in seen:
                yield Finding(1029, text_of(website, "Wzmc"))
            seen.add(signature(access))


def signature(access: Any) -> Signature:
    """What two access records of one website must not have in common: addresses, locations and methods together."""
    return Signature(
        frozenset(ranges(access)),
        frozenset(registry.codes(access, "Wzfb/Fbdd").split()),
        frozenset(registry.codes(access, "Wzjrfs/Jrfs").split()),
    )


def signature_on_record(case: Case, row: Row) -> Signature:
    """The same of an access record in force."""
    found = ((r["first"], r["last"]) for r in lookup.ranges_of(case.connection, row["id"]))
    return Signature(frozenset(found), frozenset(row["locations"].split()), frozenset(row["methods"].split()))


def compared(case: Case) -> bool:
    """Whether a record's addresses were compared with the provider's own IP filing, which is worth telling (1062)."""
    return case.record.find(".//Ip_xx") is not None and bool(own_ranges(case))
