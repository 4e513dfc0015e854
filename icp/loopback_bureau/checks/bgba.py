"""BGBA, 变更备案: the complete new state of a sponsor and of one or more of its websites."""

from __future__ import annotations

from collections.abc import Iterator

from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import effects, lookup
from icp.loopback_bureau.checks import attachments, blank, change, contacts, ids, sponsor, target, website
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, Target, there

CHANGE = 4
PENDING = "change"
DAY = 86_400.0


def addressed(case: Case) -> Iterator[Finding]:
    """1058, 1049: the sponsor; 1016: id and number name different ones."""
    row = case.on_record
    yield from target.sponsor_fault(row)
    if row is not None and case.text("Zt_xx/Baxh") != row["number"]:
        yield Finding(1016, case.text("Zt_xx/Baxh"))


def through_caller(case: Case) -> Iterator[Finding]:
    """1018: a wrong password, when one is sent; 1048: no website of the sponsor is accessed through the caller."""
    row = target.in_force(case.on_record)
    yield from target.password(case, row, required=False)
    if row is not None and not lookup.serves(case.connection, case.isp_id, row["id"]):
        yield Finding(1048)


def waits(case: Case) -> Iterator[Finding]:
    """1017: another change of the sponsor waits; 1052: the sponsor, or a website, is being cancelled."""
    row = case.on_record
    if row is None:
        return
    if case.claimed(PENDING, row["id"]):
        yield Finding(1017)
    for _, found in change.pairs(case):
        yield from target.being_cancelled(case, row, found)


def often(case: Case) -> Iterator[Finding]:
    """1051: the caller has changed this sponsor too often within a day."""
    if case.on_record is None:
        return
    used = case.connection.execute(
        "SELECT count(*) FROM request WHERE isp_id = ? AND group_name = 'BGBA' AND reference = ?"
        " AND state IN ('approved', 'rejected') AND received_at > ?",
        (case.isp_id, str(case.on_record["id"]), case.at - DAY),
    ).fetchone()[0]
    if used >= case.change_limit:
        yield Finding(1051, f"每日 {case.change_limit} 次")


def province(case: Case) -> Iterator[Finding]:
    """1046: the sponsor moves to another province."""
    row = case.on_record
    if row is not None and case.text("Zt_xx/Txdz/Shengid")[:2] != row["province"][:2]:
        yield Finding(1046)


def owners(case: Case) -> dict[str, set[str]]:
    """What attachments may name: the sponsor and the websites of the change, by id or number."""
    rows = (found for _, found in change.pairs(case))
    return {"subject": target.on_record_ids(case.on_record), "website": target.on_record_ids(*rows)}


def claims(case: Case) -> Iterator[Claim]:
    """A pending change holds the sponsor, its new domains, their ids and its new certificate."""
    row = there(case.on_record)
    yield Claim(PENDING, str(row["id"]))
    if (case.text("Zt_xx/Zj/Zjlx"), case.text("Zt_xx/Zj/Zjhm").upper()) != (
        row["document_type"],
        row["document_number"],
    ):
        yield sponsor.certificate_claim(case)
    yield from website.domain_claims(case)
    yield from ids.claims(case)
    yield from target.busy(row["id"], *(found["id"] for _, found in change.pairs(case) if found is not None))


def approve(case: Case, number: str) -> Outcome:
    """Put the new state in the place of the old; numbers and bureau ids stay."""
    row = there(case.on_record)
    effects.replace_sponsor(case.connection, row, case.sponsor, case.owner)
    for element in case.websites:
        effects.replace_website(case.connection, int_of(element, "Wzid") or 0, element, case.owner)
    return Outcome(row["number"], row["id"])


GROUP = Group(
    name="BGBA",
    zh="变更备案",
    record="Bgxx",
    operation=lambda case: CHANGE,
    reference=lambda case: case.text("Zt_xx/Ztid"),
    record_ids=lambda case: [case.number("Zt_xx/Ztid") or 0],
    title=lambda case: case.text("Zt_xx/Dwmc"),
    domain=lambda case: text_of(case.record, "Wz_xx/Ym_xx/Ym"),
    checks=(
        target.own_province,
        blank.values,
        addressed,
        through_caller,
        waits,
        often,
        province,
        change.compared(sponsor.conflict),
        sponsor.certificate,
        sponsor.organisation_type,
        sponsor.region,
        sponsor.blacklist,
        sponsor.blacklist_on_record,
        contacts.sponsor_principal,
        contacts.website_principals,
        change.websites,
        change.accesses,
        change.kept_domains,
        change.compared(website.domains),
        change.compared_by_website(website.home_pages),
        change.compared_by_website(website.names),
        website.known_codes,
        ids.fresh,
        attachments.codes,
        change.compared_by_website(attachments.owned_by(owners)),
        attachments.contents,
    ),
    claims=claims,
    approve=approve,
    target=lambda case: Target(case.on_record),
)
