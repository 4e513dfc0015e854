"""WBACLJG, 未备案网站处理结果: what was done about a site on the list of unfiled ones."""

from __future__ import annotations

from collections.abc import Iterator

from icp.loopback_bureau.checks import blank, contacts, target
from icp.loopback_bureau.checks.base import Case, Finding, Group, Outcome
from icp.loopback_bureau.checks.hsjg import OPERATION, day_fits
from icp.loopback_bureau.registry import domain_key
from icp.loopback_bureau.store import Row


def site(case: Case) -> Row | None:
    """The site on the list."""
    row: Row | None = case.connection.execute(
        "SELECT * FROM unfiled WHERE domain = ? AND ip = ?", (domain_key(case.text("Ym")), case.number("IP"))
    ).fetchone()
    return row


def listed(case: Case) -> Iterator[Finding]:
    """5005: not on the caller's list, or answered in another provider's name; 5006: answered already."""
    row = site(case)
    if row is None or row["isp_id"] != case.isp_id or case.number("Jrs") != case.isp_id:
        yield Finding(5005, case.text("Ym"))
    elif row["answered_at"] is not None:
        yield Finding(5006, case.text("Ym"))


def result(case: Case) -> Iterator[Finding]:
    """5007: unknown code of what was done; 1019: unknown province; 5999: a date that is none."""
    if not case.vocabulary.has("unfiled_results", case.text("Cljg")):
        yield Finding(5007, case.text("Cljg"))
    if not case.vocabulary.regions.exists(case.text("Shengid")):
        yield Finding(1019, case.text("Shengid"))
    for name, zh in (("Rbsj", "入报日期"), ("Clsx", "处理时限")):
        if not day_fits(case.text(name)):
            yield Finding(5999, f"{zh} {case.text(name)}")


def reporter(case: Case) -> Iterator[Finding]:
    """1007: telephone or e-mail of who reports."""
    for name, fits in (("Sbrdh", contacts.telephone_fits), ("Sbrdzyj", contacts.email_fits)):
        text = case.text(name)
        if case.record.find(name) is not None and not all(map(fits, contacts.each(text))):
            yield Finding(1007, text)


def approve(case: Case, number: str) -> Outcome:
    """Take the site off the list."""
    domain, ip = domain_key(case.text("Ym")), case.number("IP")
    case.connection.execute("UPDATE unfiled SET answered_at = ? WHERE domain = ? AND ip = ?", (case.at, domain, ip))
    case.connection.execute(
        "INSERT OR REPLACE INTO unfiled_answer (domain, ip, result, opinion) VALUES (?, ?, ?, ?)",
        (domain, ip, case.text("Cljg"), case.text("Clyj")),
    )
    return Outcome()


GROUP = Group(
    name="WBACLJG",
    zh="未备案网站处理结果",
    record="Clxx",
    operation=lambda case: OPERATION,
    reference=lambda case: case.text("Ym"),
    record_ids=lambda case: [],
    title=lambda case: "",
    domain=lambda case: case.text("Ym"),
    checks=(target.own_province, blank.values, listed, result, reporter),
    claims=lambda case: (),
    approve=approve,
    review=False,
)
