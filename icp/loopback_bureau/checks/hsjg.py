"""HSJG, 核实结果: the answer to a task of verification, with the filing as it was verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau.checks import attachments, blank, change, contacts, sponsor, target, website
from icp.loopback_bureau.checks.base import Case, Check, Finding, Group, Outcome, Target, there
from icp.loopback_bureau.store import Row

OPERATION = 1
"""Results must name an operation, and the interface gives none for answers."""


def day_fits(text: str) -> bool:
    """Whether a text is a day as uploads write it, ``YYYY-MM-DD``."""
    try:
        return len(text) == 10 and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def verified(case: Case) -> Case:
    """The filing inside the answer, as a record of its own."""
    return replace(case, record=case.record.find("Baxx"))


def of_the_filing(check: Check) -> Check:
    """A check of a filing, made one of the filing inside the answer."""

    def checked(case: Case) -> Iterator[Finding]:
        yield from check(verified(case))

    return checked


def tasks(case: Case) -> list[Row]:
    """The caller's open tasks that the answer settles: of the sponsor, or of a website in the answer."""
    inner = verified(case)
    named = {int_of(element, "Wzid") for element in inner.websites}
    rows = case.connection.execute(
        "SELECT * FROM task WHERE kind = 'HSRW' AND isp_id = ? AND sponsor_id = ? AND answered_at IS NULL ORDER BY id",
        (case.isp_id, inner.number("Zt_xx/Ztid")),
    )
    return [row for row in rows if row["website_id"] is None or row["website_id"] in named]


def task_is_open(case: Case) -> Iterator[Finding]:
    """1016: no task of the caller waits for this answer."""
    row = verified(case).on_record
    if row is not None and not tasks(case):
        yield Finding(1016, f"{row['number']} 没有待办的核实任务")


def unit(case: Case) -> Iterator[Finding]:
    """1053: the verifier's reporting unit no longer exists; 1054: it is none, or another than the caller."""
    value = case.number("Bbdw")
    retired = case.connection.execute("SELECT 1 FROM retired WHERE isp_id = ?", (value,)).fetchone()
    if retired is not None:
        yield Finding(1053, str(value))
    elif value != case.isp_id:
        yield Finding(1054, str(value))


def date(case: Case) -> Iterator[Finding]:
    """1999: the date of verification is no date."""
    if not day_fits(case.text("Hssj")):
        yield Finding(1999, f"核实日期 {case.text('Hssj')}")


def approve(case: Case, number: str) -> Outcome:
    """Note the answer in its tasks; the registry doesn't change."""
    inner = verified(case)
    for row in tasks(case):
        case.connection.execute(
            "UPDATE task SET answered_at = ?, verdict = ?, opinion = ? WHERE id = ?",
            (case.at, case.number("Hsjg"), case.text("Hsyj"), row["id"]),
        )
    return Outcome(there(inner.on_record)["number"])


GROUP = Group(
    name="HSJG",
    zh="核实结果",
    record="Hsjgxx",
    operation=lambda case: OPERATION,
    reference=lambda case: case.text("Baxx/Zt_xx/Ztid"),
    record_ids=lambda case: [],
    title=lambda case: case.text("Baxx/Zt_xx/Dwmc"),
    domain=lambda case: text_of(case.record, "Baxx/Wz_xx/Ym_xx/Ym"),
    checks=(
        target.own_province,
        blank.values,
        of_the_filing(target.addressed_sponsor),
        task_is_open,
        unit,
        date,
        of_the_filing(sponsor.certificate),
        of_the_filing(sponsor.organisation_type),
        of_the_filing(sponsor.region),
        of_the_filing(contacts.sponsor_principal),
        of_the_filing(contacts.website_principals),
        of_the_filing(change.websites),
        of_the_filing(change.kept_domains),
        of_the_filing(change.verified_accesses),
        of_the_filing(website.known_codes),
        of_the_filing(attachments.contents),
    ),
    claims=lambda case: (),
    approve=approve,
    target=lambda case: Target(verified(case).on_record),
    review=False,
)
