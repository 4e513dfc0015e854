"""ZXBA, 注销备案: cancelling a sponsor, a website, or the provider's own access record."""

from __future__ import annotations

from collections.abc import Iterator

from icp.loopback_bureau import effects, lookup
from icp.loopback_bureau.checks import blank, target, website
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, Target, there
from icp.loopback_bureau.lookup import ACCESS, SPONSOR, WEBSITE

OPERATIONS = {ACCESS: 5, SPONSOR: 6, WEBSITE: 7}
WAITING = {
    SPONSOR: (
        (target.CANCEL_SPONSOR, "sponsor", 1027),
        (target.CANCEL_WEBSITE_OF, "sponsor", 1043),
        (target.BUSY_SPONSOR, "sponsor", 1052),
    ),
    WEBSITE: (
        (target.CANCEL_WEBSITE, "website", 1030),
        (target.CANCEL_SPONSOR, "sponsor", 1042),
        (target.BUSY_WEBSITE, "website", 1052),
    ),
    ACCESS: (
        (target.CANCEL_ACCESS, "access", 1032),
        (target.CANCEL_SPONSOR, "sponsor", 1052),
        (target.CANCEL_WEBSITE, "website", 1052),
    ),
}
"""What is to be cancelled → what a pending request may hold, of which object, and the code that says so."""


def kind_of(case: Case) -> int:
    """What is to be cancelled (``Zxlb``)."""
    return case.number("Zxlb") or 0


def concerned(case: Case) -> Target:
    """What ``Jlid`` names, with the website and sponsor above it."""
    connection, kind, bureau_id = case.connection, kind_of(case), case.number("Jlid")
    access = lookup.access(connection, bureau_id) if kind == ACCESS else None
    website_id = access["website_id"] if access is not None else bureau_id if kind == WEBSITE else None
    found = lookup.websites(connection, bureau_id=website_id) if website_id is not None else []
    row = found[0] if found else None
    sponsor_id = row["sponsor_id"] if row is not None else bureau_id if kind == SPONSOR else None
    return Target(lookup.sponsor(connection, bureau_id=sponsor_id) if sponsor_id else None, row, access)


def is_there(case: Case) -> Iterator[Finding]:
    """1058, 1059, 1016: no such sponsor, website, access record; 1049, 1050: cancelled; 1016 for an access record."""
    kind, found = kind_of(case), concerned(case)
    if kind == SPONSOR:
        yield from target.sponsor_fault(found.sponsor)
    elif kind == WEBSITE:
        yield from target.website_fault(case, [found.website] if found.website is not None else [])
    elif found.access is None or found.website is None:
        yield Finding(1016, case.text("Jlid"))
    else:
        faults = list(target.website_fault(case, [found.website]))
        yield from faults
        if not faults and found.access["cancelled_at"] is not None:
            yield Finding(1016, case.text("Jlid"))


def through_caller(case: Case) -> Iterator[Finding]:
    """1047: another provider's access record; 1048: a sponsor or website that isn't accessed through the caller."""
    kind, found = kind_of(case), concerned(case)
    if found.access is not None:
        if found.access["isp_id"] != case.isp_id:
            yield Finding(1047)
        return
    row = target.in_force(found.website if kind == WEBSITE else found.sponsor)
    if row is None or found.sponsor is None:
        return
    website_id = row["id"] if kind == WEBSITE else None
    if case.isp_id not in lookup.providers(case.connection, found.sponsor["id"], website_id):
        yield Finding(1048)


def reason(case: Case) -> Iterator[Finding]:
    """1026: unknown reason code."""
    if not case.vocabulary.has("cancel_reasons", case.text("Zxly")):
        yield Finding(1026, case.text("Zxly"))


def consent(case: Case) -> Iterator[Finding]:
    """1018: the filing password, which cancelling a sponsor demands."""
    sponsor = target.in_force(concerned(case).sponsor)
    yield from target.password(case, sponsor, required=kind_of(case) == SPONSOR)


def last_access(case: Case) -> Iterator[Finding]:
    """1025: no other access would be left, counting those that are being cancelled already."""
    found = concerned(case)
    if found.access is None or found.access["cancelled_at"] is not None or found.website is None:
        return
    website_id = found.website["id"]
    left = len(lookup.accesses_of(case.connection, website_id)) - case.claims(target.CANCEL_ACCESS_OF, website_id)
    if left <= 1 and not case.claimed(target.CANCEL_ACCESS, found.access["id"]):
        yield Finding(1025)


def waits(case: Case) -> Iterator[Finding]:
    """What waits already, the first that holds of ``WAITING``."""
    found = concerned(case)._asdict()
    for claim, what, code in WAITING[kind_of(case)]:
        row = found[what]
        if row is not None and case.claimed(claim, row["id"]):
            yield Finding(code)
            return


def claims(case: Case) -> Iterator[Claim]:
    """A pending cancellation holds what it cancels; one of an access record also keeps what is above it."""
    kind, found = kind_of(case), concerned(case)
    sponsor_id = str(there(found.sponsor)["id"])
    if kind == SPONSOR:
        yield Claim(target.CANCEL_SPONSOR, sponsor_id)
    elif kind == WEBSITE and found.website is not None:
        yield Claim(target.CANCEL_WEBSITE, str(found.website["id"]))
        yield Claim(target.CANCEL_WEBSITE_OF, sponsor_id)
    elif found.access is not None and found.website is not None:
        yield Claim(target.CANCEL_ACCESS, str(found.access["id"]))
        yield Claim(target.CANCEL_ACCESS_OF, str(found.website["id"]))
        yield from target.busy(found.website["sponsor_id"], found.website["id"])


def approve(case: Case, number: str) -> Outcome:
    """Take it out of force, with everything below it; whoever gave access to it hears of it."""
    kind, found, bureau_id = kind_of(case), concerned(case), case.number("Jlid") or 0
    sponsor = there(found.sponsor)
    told: list[int] = []
    if kind != ACCESS:
        told = lookup.providers(case.connection, sponsor["id"], bureau_id if kind == WEBSITE else None)
    effects.cancel(case.connection, kind, bureau_id, case.at)
    filing_number = (found.website or sponsor)["number"]
    return Outcome(filing_number, cancelled=(kind, bureau_id), told=tuple(isp for isp in told if isp != case.isp_id))


def title(case: Case) -> str:
    """The sponsor's name, or the id that was sent."""
    sponsor = concerned(case).sponsor
    return str(sponsor["name"]) if sponsor is not None else case.text("Jlid")


def domain(case: Case) -> str:
    """The first domain of the website concerned."""
    row = concerned(case).website
    return website.first_domain(case.connection, row["id"]) if row is not None else ""


GROUP = Group(
    name="ZXBA",
    zh="注销备案",
    record="Zx_xx",
    operation=lambda case: OPERATIONS[kind_of(case)],
    reference=lambda case: case.text("Jlid"),
    record_ids=lambda case: [case.number("Jlid") or 0],
    title=title,
    domain=domain,
    checks=(target.own_province, blank.values, is_there, through_caller, reason, consent, waits, last_access),
    claims=claims,
    approve=approve,
    target=concerned,
)
