"""The enterprise's own ids (``Isp…``): each names one thing for good, on record, in force or not, or in what waits.

A change may name what is on record by an id that was given to it, or give it a new one; the former one is still its
own. Many access records share an address, so the id of an address range may come again with the same range; with
another one it is used twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from icp.bureau.codec.numbers import range_text
from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau.checks.base import Case, Claim, Finding

SPONSOR_ID, WEBSITE_ID, ACCESS_ID, DOMAIN_ID, RANGE_ID = "IspZtid", "IspWzid", "IspJrid", "IspYmid", "IspIpid"
NOT_FRESH = {SPONSOR_ID: 1003, WEBSITE_ID: 1037, ACCESS_ID: 1038, DOMAIN_ID: 1039, RANGE_ID: 1040}
ON_RECORD = {
    SPONSOR_ID: "SELECT id, '' FROM sponsor WHERE isp_id = ? AND isp_ztid = ?",
    WEBSITE_ID: "SELECT id, '' FROM website WHERE isp_id = ? AND isp_wzid = ?",
    ACCESS_ID: "SELECT id, '' FROM access WHERE isp_id = ? AND isp_jrid = ?",
    DOMAIN_ID: "SELECT id, '' FROM domain WHERE isp_id = ? AND isp_ymid = ?",
    RANGE_ID: "SELECT r.id, r.first || '-' || r.last FROM ip_range r JOIN access a ON a.id = r.access_id"
    " WHERE a.isp_id = ? AND r.isp_ipid = ?",
}
"""Kind of id → what on record a provider gave it to: the bureau's id, and of a range its ends."""
GIVEN_UP = "SELECT bureau_id, ends FROM former_id WHERE kind = ? AND isp_id = ? AND number = ?"


class OwnId(NamedTuple):
    """One of the enterprise's ids in a record.

    Attributes:
        kind: its element.
        number: the id.
        bureau_id: what on record it is given to, None for something new.
        ends: of an address range its first and last address, ``""`` for anything else.
        about: what a result calls it by.
    """

    kind: str
    number: int | None
    bureau_id: int | None
    ends: str
    about: str


def own_ids(case: Case) -> Iterator[OwnId]:
    """The enterprise's ids in a record."""
    if case.sponsor is not None:
        yield from _own(SPONSOR_ID, case.sponsor, "Ztid", f"{SPONSOR_ID} {case.text('Zt_xx/IspZtid')}")
    for website in case.websites:
        yield from _own(WEBSITE_ID, website, "Wzid", text_of(website, "Wzmc"))
        for domain in website.findall("Ym_xx"):
            yield from _own(DOMAIN_ID, domain, "Ymid", text_of(domain, "Ym"))
    accesses = case.record.findall("Wz_xx/Jr_xx")
    for access in accesses or [case.record]:  # a new access is a record of its own
        yield from _own(ACCESS_ID, access, "Jrid", text_of(access, ACCESS_ID))
        for addresses in access.findall("Ip_xx"):
            ends = (int_of(addresses, "Qsip") or 0, int_of(addresses, "Zzip") or 0)
            yield from _own(RANGE_ID, addresses, "Ipid", range_text(*sorted(ends)), f"{ends[0]}-{ends[1]}")


def _own(kind: str, element: Any, bureau_id: str, about: str, ends: str = "") -> Iterator[OwnId]:
    if element.find(kind) is not None:
        yield OwnId(kind, int_of(element, kind), int_of(element, bureau_id), ends, about)


def fresh(case: Case) -> Iterator[Finding]:
    """1003, 1037, 1038, 1039, 1040: the id of a sponsor, website, access record, domain, range was given to another."""
    seen: dict[tuple[str, int | None], str] = {}
    for own in own_ids(case):
        key = own.kind, own.number
        if (key in seen and _another(own, seen[key])) or _used(case, own):
            yield Finding(NOT_FRESH[own.kind], own.about)
        seen[key] = own.ends


def _another(own: OwnId, ends: str) -> bool:
    """Whether what bears the same id is another thing; only a range is known to be the same, by its ends."""
    return not own.ends or own.ends != ends


def _used(case: Case, own: OwnId) -> bool:
    """Whether the provider gave this id to something else: on record, or in a request that waits."""
    rows = case.connection.execute(ON_RECORD[own.kind], (case.isp_id, own.number)).fetchall()
    rows += case.connection.execute(GIVEN_UP, (own.kind, case.isp_id, own.number)).fetchall()
    if any(bureau_id == own.bureau_id for bureau_id, _ in rows):
        return False
    start = f"{case.isp_id}:{own.number}:"
    held = case.connection.execute(
        "SELECT value FROM claim WHERE kind = ? AND value >= ? AND value < ?", (own.kind, start, f"{start[:-1]};")
    )
    others = [*(ends for _, ends in rows), *(row["value"].removeprefix(start) for row in held)]
    return any(_another(own, ends) for ends in others)


def claims(case: Case) -> Iterator[Claim]:
    """What a pending request holds: each of the enterprise's ids in it."""
    for own in own_ids(case):
        yield Claim(own.kind, f"{case.isp_id}:{own.number}:{own.ends}")
