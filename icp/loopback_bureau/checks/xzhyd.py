"""XZHYD, 核验单: verification material on its own, for a sponsor or website on record; stored without a review."""

from __future__ import annotations

from collections.abc import Iterator

from icp.bureau.codec.xml import int_of
from icp.loopback_bureau import lookup, registry
from icp.loopback_bureau.checks import attachments, blank, target, website
from icp.loopback_bureau.checks.base import Case, Finding, Group, Outcome, Target, there
from icp.loopback_bureau.store import Row, insert

MATERIAL = 35
STORED = 1060
OF_SPONSOR, OF_WEBSITE = "1", "2"


def kind_of(case: Case) -> str:
    """Whose the material is: 1 a sponsor's, 2 a website's."""
    return case.text("Fjssdx/Ssdxlx")


def _rows(case: Case, kind: str) -> list[Row]:
    bureau_id, number = case.number("Fjssdx/Ssdxbs/Jlid"), case.text("Fjssdx/Ssdxbs/Baxh")
    if kind == OF_WEBSITE:
        return lookup.websites(case.connection, bureau_id=bureau_id, number=number)
    row = lookup.sponsor(case.connection, bureau_id=bureau_id, number=number)
    return [row] if row is not None else []


def concerned(case: Case) -> Target:
    """The sponsor, and the website when the material is one's."""
    rows = _rows(case, kind_of(case))
    if len(rows) != 1:
        return Target()
    if kind_of(case) == OF_WEBSITE:
        return Target(lookup.sponsor(case.connection, bureau_id=rows[0]["sponsor_id"]), rows[0])
    return Target(rows[0])


def owner(case: Case) -> Iterator[Finding]:
    """The owner.

    1061: the purpose, or the kind, is none of the owner's; 1055: what is named is of the other kind; 1058, 1049, 1059,
    1067, 1068, 1050 as everywhere; 1048: it isn't accessed through the caller.
    """
    kind = kind_of(case)
    purpose = case.vocabulary.row("attachment_types", case.text("Fjyt"))
    if kind not in attachments.OWNERS or (purpose and purpose["owner"] != attachments.OWNERS[kind]):
        yield Finding(1061, purpose.get("zh", ""))
        return
    rows, other = _rows(case, kind), OF_SPONSOR if kind == OF_WEBSITE else OF_WEBSITE
    if not rows and _rows(case, other):
        yield Finding(1055, purpose.get("zh", ""))
        return
    faults = list(target.website_fault(case, rows) if kind == OF_WEBSITE else target.sponsor_fault(_first(rows)))
    yield from faults
    found = concerned(case)
    if not faults and found.sponsor is not None:
        website_id = found.website["id"] if found.website is not None else None
        if case.isp_id not in lookup.providers(case.connection, found.sponsor["id"], website_id):
            yield Finding(1048)


def _first(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None


def approve(case: Case, number: str) -> Outcome:
    """Keep the material with what it is about."""
    found = concerned(case)
    row = there(found.website or found.sponsor)
    insert(
        case.connection,
        "material",
        isp_id=case.isp_id,
        kind=int_of(case.record, "Fjssdx/Ssdxlx"),
        owner_id=row["id"],
        purpose=case.text("Fjyt"),
        xml=registry.xml_text(case.record),
        received_at=case.at,
    )
    return Outcome(row["number"], code=STORED)


def title(case: Case) -> str:
    """The sponsor's name, or what the owner is named by."""
    sponsor = concerned(case).sponsor
    return str(sponsor["name"]) if sponsor is not None else attachments.owner_of(case.record)


def domain(case: Case) -> str:
    """The first domain of the website."""
    row = concerned(case).website
    return website.first_domain(case.connection, row["id"]) if row is not None else ""


GROUP = Group(
    name="XZHYD",
    zh="核验单",
    record="Fjxx",
    operation=lambda case: MATERIAL,
    reference=lambda case: attachments.owner_of(case.record),
    record_ids=lambda case: [],
    title=title,
    domain=domain,
    checks=(target.own_province, blank.values, owner, attachments.codes, attachments.contents),
    claims=lambda case: (),
    approve=approve,
    target=concerned,
    review=False,
)
