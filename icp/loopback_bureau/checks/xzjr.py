"""XZJR, 新增接入: one more access record for a website on record, also of a website filed through another provider."""

from __future__ import annotations

from collections.abc import Iterator

from icp.loopback_bureau import effects, lookup, registry
from icp.loopback_bureau.checks import attachments, blank, ids, network, sponsor, target, website
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, Target, there
from icp.loopback_bureau.store import Row

NEW_ACCESS = 3
CODES = (("Wzjrfs/Jrfs", "access_methods", 1035), ("Wzfb/Fbdd", "server_locations", 1036))
SAME_ACCESS = "access"


def named(case: Case) -> list[Row]:
    """The websites that the record names."""
    return lookup.websites(case.connection, bureau_id=case.number("Wz_xx/Wzid"), number=case.text("Wz_xx/Wzbah"))


def concerned(case: Case) -> Target:
    """The website and its sponsor, when exactly one is named."""
    rows = named(case)
    if len(rows) != 1:
        return Target()
    return Target(lookup.sponsor(case.connection, bureau_id=rows[0]["sponsor_id"]), rows[0])


def website_named(case: Case) -> Iterator[Finding]:
    """1059, 1067, 1068, 1050, 1049 of the website."""
    yield from target.website_fault(case, named(case))


def consent(case: Case) -> Iterator[Finding]:
    """1018: the filing password proves the host's consent."""
    yield from target.password(case, target.in_force(concerned(case).sponsor), required=True)


def waits(case: Case) -> Iterator[Finding]:
    """1052: the website or its sponsor is being cancelled."""
    found = concerned(case)
    yield from target.being_cancelled(case, found.sponsor, found.website)


def same_key(case: Case, website_id: int) -> str:
    """What two equal new accesses of one provider for one website have in common."""
    own = network.signature(case.record)
    parts = (f"{a}-{b}" for a, b in sorted(own.ranges))
    return f"{case.isp_id}:{website_id}:{' '.join(parts)}:{sorted(own.locations)}:{sorted(own.methods)}"


def fresh(case: Case) -> Iterator[Finding]:
    """1029: the website has an equal access; 1040: one with this address."""
    row = concerned(case).website
    if row is None:
        return
    own = network.signature(case.record)
    others = [
        network.signature_on_record(case, access)
        for access in lookup.accesses_of(case.connection, row["id"], case.isp_id)
    ]
    if own in others or case.claimed(SAME_ACCESS, same_key(case, row["id"])):
        yield Finding(1029, row["number"])
    elif any(own.ranges & other.ranges for other in others):
        yield Finding(1040, row["number"])


def addresses(case: Case) -> Iterator[Finding]:
    """1006, 1024, 1040 and 1063 of the addresses."""
    yield from network.access_ranges(case, case.record)


def known_codes(case: Case) -> Iterator[Finding]:
    """1035, 1036: an unknown method or location."""
    yield from website.unknown_codes(case, case.record, CODES)


def blacklist(case: Case) -> Iterator[Finding]:
    """1065, 1064: the sponsor, or a domain of the website, is on the black list."""
    found = concerned(case)
    if found.sponsor is not None and found.website is not None:
        yield from sponsor.blacklisted_row(case, found.sponsor)
        yield from website.blacklisted_row(case, found.website)


def owners(case: Case) -> dict[str, set[str]]:
    """What attachments may name: sponsor and website by id or number."""
    found = concerned(case)
    return {"subject": target.on_record_ids(found.sponsor), "website": target.on_record_ids(found.website)}


def claims(case: Case) -> Iterator[Claim]:
    """A pending access holds its ids and its content, and keeps website and sponsor from being cancelled."""
    row = there(concerned(case).website)
    yield from ids.claims(case)
    yield Claim(SAME_ACCESS, same_key(case, row["id"]))
    yield from target.busy(row["sponsor_id"], row["id"])


def approve(case: Case, number: str) -> Outcome:
    """Enter the access record beside those that are there."""
    row = there(concerned(case).website)
    registry.enter_access(case.connection, row["id"], case.record, case.owner)
    effects.touch_website(case.connection, row["id"], case.at)
    return Outcome(row["number"], row["sponsor_id"])


def title(case: Case) -> str:
    """The sponsor's name, or what the website is named by."""
    found = concerned(case).sponsor
    return str(found["name"]) if found is not None else case.text("Wz_xx/Wzbah")


def domain(case: Case) -> str:
    """The website's first domain."""
    row = concerned(case).website
    return website.first_domain(case.connection, row["id"]) if row is not None else ""


GROUP = Group(
    name="XZJR",
    zh="新增接入",
    record="Xzxx",
    operation=lambda case: NEW_ACCESS,
    reference=lambda case: case.text("Wz_xx/Wzbah") or case.text("IspJrid"),
    record_ids=lambda case: [case.number("IspJrid") or 0],
    title=title,
    domain=domain,
    checks=(
        target.own_province,
        blank.values,
        website_named,
        consent,
        waits,
        ids.fresh,
        fresh,
        blacklist,
        known_codes,
        addresses,
        attachments.codes,
        attachments.owned_by(owners),
        attachments.contents,
    ),
    claims=claims,
    approve=approve,
    target=concerned,
)
