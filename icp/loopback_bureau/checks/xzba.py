"""XZBA, 新增备案: a new sponsor with its websites."""

from __future__ import annotations

from collections.abc import Iterator

from icp.bureau.codec.xml import text_of
from icp.loopback_bureau import registry
from icp.loopback_bureau.checks import attachments, blank, contacts, ids, network, sponsor, target, website
from icp.loopback_bureau.checks.base import Case, Claim, Group, Outcome

NEW_FILING = 1


def claims(case: Case) -> Iterator[Claim]:
    """A pending new filing holds its certificate, its domains and the enterprise's ids."""
    yield sponsor.certificate_claim(case)
    yield from website.domain_claims(case)
    yield from ids.claims(case)


def approve(case: Case, number: str) -> Outcome:
    """Give a number and a password, and enter sponsor and websites."""
    province = text_of(case.sponsor, "Txdz/Shengid")
    number = number or registry.next_number(case.connection, province, case.at)
    password = registry.new_password()
    sponsor_id = registry.enter_sponsor(case.connection, case.sponsor, case.owner, number, password)
    for element in case.websites:
        registry.enter_website(case.connection, sponsor_id, element, case.owner)
    recipient = text_of(case.sponsor, "Fzr/Fzr_dzyj").split(";")[0].strip()
    return Outcome(number, sponsor_id, recipient=recipient, password=password)


GROUP = Group(
    name="XZBA",
    zh="新增备案",
    record="Baxx",
    operation=lambda case: NEW_FILING,
    reference=lambda case: case.text("Zt_xx/IspZtid"),
    record_ids=lambda case: [case.number("Zt_xx/IspZtid") or 0],
    title=lambda case: case.text("Zt_xx/Dwmc"),
    domain=lambda case: case.text("Wz_xx/Ym_xx/Ym"),
    province=lambda case: case.text("Zt_xx/Txdz/Shengid"),
    checks=(
        target.own_province,
        blank.values,
        sponsor.conflict,
        sponsor.certificate,
        sponsor.organisation_type,
        sponsor.region,
        sponsor.blacklist,
        contacts.sponsor_principal,
        contacts.website_principals,
        website.domains,
        website.home_pages,
        website.names,
        website.known_codes,
        ids.fresh,
        network.addresses,
        attachments.codes,
        attachments.owned_by(attachments.new_ids),
        attachments.contents,
    ),
    claims=claims,
    approve=approve,
)
