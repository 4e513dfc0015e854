"""XZWZ, 新增网站: websites for a sponsor on record."""

from __future__ import annotations

from collections.abc import Iterator

from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import lookup, registry
from icp.loopback_bureau.checks import attachments, blank, contacts, ids, network, sponsor, target, website
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, Target, there

NEW_WEBSITE = 2


def through_caller(case: Case) -> Iterator[Finding]:
    """1018: a wrong password; 1048: no password, and no website of the sponsor is accessed through the caller."""
    row = target.in_force(case.on_record)
    yield from target.password(case, row, required=False)
    if row is not None and not case.text("ICPmm") and not lookup.serves(case.connection, case.isp_id, row["id"]):
        yield Finding(1048)


def waits(case: Case) -> Iterator[Finding]:
    """1052: the sponsor is being cancelled."""
    yield from target.being_cancelled(case, case.on_record)


def owners(case: Case) -> dict[str, set[str]]:
    """What attachments may name: the sponsor by id or number, a new website by the enterprise's id."""
    return {
        "subject": target.on_record_ids(case.on_record),
        "website": {text_of(element, "IspWzid") for element in case.websites},
    }


def claims(case: Case) -> Iterator[Claim]:
    """A pending new website holds its domains and ids, and keeps its sponsor from being cancelled."""
    yield from website.domain_claims(case)
    yield from ids.claims(case)
    yield from target.busy(there(case.on_record)["id"])


def approve(case: Case, number: str) -> Outcome:
    """Enter the websites; each gets the sponsor's next suffix."""
    row = there(case.on_record)
    for element in case.websites:
        registry.enter_website(case.connection, row["id"], element, case.owner)
    return Outcome(row["number"], row["id"])


GROUP = Group(
    name="XZWZ",
    zh="新增网站",
    record="Xzxx",
    operation=lambda case: NEW_WEBSITE,
    reference=lambda case: case.text("Zt_xx/Ztbah") or case.text("Zt_xx/Ztid"),
    record_ids=lambda case: [int_of(element, "IspWzid") or 0 for element in case.websites],
    title=lambda case: case.on_record["name"] if case.on_record else case.text("Zt_xx/Ztbah"),
    domain=lambda case: case.text("Wz_xx/Ym_xx/Ym"),
    checks=(
        target.own_province,
        blank.values,
        target.addressed_sponsor,
        through_caller,
        waits,
        sponsor.blacklist_on_record,
        contacts.website_principals,
        website.domains,
        website.home_pages,
        website.names,
        website.known_codes,
        ids.fresh,
        network.addresses,
        attachments.codes,
        attachments.owned_by(owners),
        attachments.contents,
    ),
    claims=claims,
    approve=approve,
    target=lambda case: Target(case.on_record),
)
