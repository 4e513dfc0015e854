"""Checks of the ids in a change: which website, domain, access record and address range each part replaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from icp.bureau.codec.numbers import range_text
from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import lookup
from icp.loopback_bureau.checks import network, target
from icp.loopback_bureau.checks.base import Case, Check, Finding
from icp.loopback_bureau.store import Row


def pairs(case: Case) -> list[tuple[Any, Row | None]]:
    """Each ``Wz_xx`` of the record with the website that its ``Wzid`` names."""
    found = []
    for element in case.websites:
        rows = lookup.websites(case.connection, bureau_id=int_of(element, "Wzid") or 0)
        found.append((element, rows[0] if rows else None))
    return found


def compared(check: Check) -> Check:
    """A check against what is on record, made one that is silent until the change names a sponsor there.

    What 1058 says is all that is wrong: the rest would be called another's.
    """

    def checked(case: Case) -> Iterator[Finding]:
        if case.on_record is not None:
            yield from check(case)

    return checked


def compared_by_website(check: Check) -> Check:
    """The same for a check that takes each website out of what it is compared with: every one must be on record."""

    def checked(case: Case) -> Iterator[Finding]:
        if all(row is not None for _, row in pairs(case)):
            yield from check(case)

    return compared(checked)


def websites(case: Case) -> Iterator[Finding]:
    """The websites of a change.

    1059, 1050, 1049 as everywhere; 1016: of another sponsor, or id and number differ; 1067: one named twice; 1048: not
    accessed through the caller.
    """
    seen: set[int] = set()
    for element, row in pairs(case):
        yield from target.website_fault(case, [row] if row is not None else [])
        if row is None:
            continue
        number = text_of(element, "Baxh")
        of_another = case.on_record is not None and row["sponsor_id"] != case.on_record["id"]
        if of_another or (number and number != row["number"]):
            yield Finding(1016, number or str(row["id"]))
        elif row["cancelled_at"] is None and not lookup.accesses_of(case.connection, row["id"], case.isp_id):
            yield Finding(1048, row["number"])
        if row["id"] in seen:
            yield Finding(1067, row["number"])
        seen.add(row["id"])


def kept_domains(case: Case) -> Iterator[Finding]:
    """1016: an id names no domain of its website; 1039: one named twice."""
    for element, row in pairs(case):
        if row is None:
            continue
        known = {domain["id"] for domain in lookup.domains_of(case.connection, row["id"])}
        seen: set[int] = set()
        for node in element.findall("Ym_xx"):
            bureau_id = int_of(node, "Ymid")
            if bureau_id is None:
                continue
            if bureau_id not in known:
                yield Finding(1016, text_of(node, "Ym"))
            if bureau_id in seen:
                yield Finding(1039, f"Ymid {bureau_id}")
            seen.add(bureau_id)


def accesses(case: Case) -> Iterator[Finding]:
    """The access records of a change.

    1016: an id names no access record of its website; 1038: one named twice; 1048: one of another provider is altered;
    1023: an id names no address range of the record; 1040: one named twice; of the caller's own 1006, 1024, 1040, 1063
    and 1029.
    """
    for element, row in pairs(case):
        if row is None:
            continue
        seen: set[int] = set()
        for node in element.findall("Jr_xx"):
            bureau_id = int_of(node, "Jrid") or 0
            access = lookup.access(case.connection, bureau_id)
            if access is None or access["cancelled_at"] or access["website_id"] != row["id"]:
                yield Finding(1016, f"Jrid {bureau_id}")
                continue
            if bureau_id in seen:
                yield Finding(1038, f"Jrid {bureau_id}")
            seen.add(bureau_id)
            if access["isp_id"] == case.isp_id:
                yield from own_access(case, node, access)
            elif network.signature(node) != network.signature_on_record(case, access):
                yield Finding(1048, f"Jrid {bureau_id}")


def own_access(case: Case, node: Any, row: Row) -> Iterator[Finding]:
    """The findings about one access record of the caller's own."""
    known = {addresses["id"]: addresses for addresses in lookup.ranges_of(case.connection, row["id"])}
    seen: set[int] = set()
    for addresses in node.findall("Ip_xx"):
        bureau_id = int_of(addresses, "Ipid")
        if bureau_id is None:
            continue
        if bureau_id not in known:
            yield Finding(1023, range_text(*sorted((int_of(addresses, "Qsip") or 0, int_of(addresses, "Zzip") or 0))))
        if bureau_id in seen:
            yield Finding(1040, f"Ipid {bureau_id}")
        seen.add(bureau_id)
    yield from network.access_ranges(case, node)
    new = network.signature(node)
    for other in lookup.accesses_of(case.connection, row["website_id"], case.isp_id):
        if other["id"] != row["id"] and network.signature_on_record(case, other) == new:
            yield Finding(1029, f"Jrid {row['id']}")


def verified_accesses(case: Case) -> Iterator[Finding]:
    """The access records of a verified filing: 1016 and 1023 of their ids, 1006 of addresses that can't serve."""
    for element, row in pairs(case):
        if row is None:
            continue
        for node in element.findall("Jr_xx"):
            access = lookup.access(case.connection, int_of(node, "Jrid") or 0)
            if access is None or access["cancelled_at"] or access["website_id"] != row["id"]:
                yield Finding(1016, f"Jrid {text_of(node, 'Jrid')}")
                continue
            known = {addresses["id"] for addresses in lookup.ranges_of(case.connection, access["id"])}
            for addresses in node.findall("Ip_xx"):
                first, last = int_of(addresses, "Qsip") or 0, int_of(addresses, "Zzip") or 0
                if int_of(addresses, "Ipid") not in known:
                    yield Finding(1023, range_text(*sorted((first, last))))
                if not network.usable(first, last):
                    yield Finding(1006, range_text(*sorted((first, last))))
