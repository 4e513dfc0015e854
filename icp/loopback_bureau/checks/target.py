"""Checks of what a record names: that it is there, in force, accessed through the caller, and not being cancelled.

What waits for a decision is known by its claims. ``CANCEL_*`` are held by a pending cancellation of the object itself,
``CANCEL_*_OF`` by one of something below it, ``BUSY_*`` by any other request about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from icp.loopback_bureau import lookup, registry
from icp.loopback_bureau.checks.base import Case, Claim, Finding, there
from icp.loopback_bureau.store import Row

CANCEL_SPONSOR, CANCEL_WEBSITE, CANCEL_ACCESS = "cancel_sponsor", "cancel_website", "cancel_access"
CANCEL_WEBSITE_OF, CANCEL_ACCESS_OF = "cancel_website_of", "cancel_access_of"
BUSY_SPONSOR, BUSY_WEBSITE = "busy_sponsor", "busy_website"


def sponsor_fault(row: Row | None) -> Iterator[Finding]:
    """1058: there is no such sponsor; 1049: it is cancelled."""
    if row is None:
        yield Finding(1058)
    elif row["cancelled_at"] is not None:
        yield Finding(1049, row["number"])


def website_fault(case: Case, rows: Sequence[Row]) -> Iterator[Finding]:
    """1059: there is no such website; 1067, 1068: there are several; 1050, 1049: it, or its sponsor, is cancelled.

    Several are named by a number without suffix. Of a sponsor in another province a bureau knows abbreviated records
    alone, which is what 1068 says.
    """
    if not rows:
        yield Finding(1059)
        return
    sponsor = there(lookup.sponsor(case.connection, bureau_id=rows[0]["sponsor_id"]))
    if len(rows) > 1:
        yield Finding(1067 if sponsor["province"][:2] == case.province[:2] else 1068, sponsor["number"])
    elif sponsor["cancelled_at"] is not None:
        yield Finding(1049, sponsor["number"])
    elif rows[0]["cancelled_at"] is not None:
        yield Finding(1050, rows[0]["number"])


def addressed_sponsor(case: Case) -> Iterator[Finding]:
    """1058, 1049: the sponsor that ``Zt_xx`` names."""
    yield from sponsor_fault(case.on_record)


def in_force(row: Row | None) -> Row | None:
    """The row when it is on record and not cancelled."""
    return row if row is not None and row["cancelled_at"] is None else None


def password(case: Case, sponsor: Row | None, *, required: bool) -> Iterator[Finding]:
    """1018: the filing password (``ICPmm``) is wrong, or missing though it is required."""
    if sponsor is None:
        return
    given = case.record.find("ICPmm") is not None
    if given and not registry.md5_fits(sponsor, case.text("ICPmm")):
        yield Finding(1018)
    elif required and not given:
        yield Finding(1018, "没有备案密码")


def being_cancelled(case: Case, sponsor: Row | None, website: Row | None = None) -> Iterator[Finding]:
    """1052: a cancellation of the sponsor or the website waits for its decision."""
    if sponsor is not None and case.claimed(CANCEL_SPONSOR, sponsor["id"]):
        yield Finding(1052, f"{sponsor['number']} 注销中")
    elif website is not None and case.claimed(CANCEL_WEBSITE, website["id"]):
        yield Finding(1052, f"{website['number']} 注销中")


def busy(sponsor_id: int, *website_ids: int) -> Iterator[Claim]:
    """What a pending request about a sponsor and some of its websites holds."""
    yield Claim(BUSY_SPONSOR, str(sponsor_id))
    for website_id in website_ids:
        yield Claim(BUSY_WEBSITE, str(website_id))


def own_province(case: Case) -> Iterator[Finding]:
    """1045: the provider has meanwhile moved to another bureau's province."""
    if case.province and case.account["province"][:2] != case.province[:2]:
        yield Finding(1045)


def on_record_ids(*rows: Row | None) -> set[str]:
    """What names objects on record: bureau ids and numbers."""
    return {text for row in rows if row is not None for text in (str(row["id"]), row["number"])}
