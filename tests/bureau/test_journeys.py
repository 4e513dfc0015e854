"""Each operation from its opening to its end in the register and at the loopback bureau, also on behalf."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from icp.demo.people import Company
from icp.extensions import db
from icp.filings import passwords
from icp.filings.states import State
from icp.register import reading
from icp.register import verbs as register
from icp.register.records import SubjectRecord
from icp.tasks.models import Task
from tests.bureau.agreeing import agree
from tests.bureau.travelling import (
    ON_BEHALF,
    SELF_REPORTED,
    Desk,
    Elsewhere,
    OnRecord,
    company,
    principal,
    website,
)
from tests.conftest import both_databases

both_modes = pytest.mark.parametrize("mode", [SELF_REPORTED, ON_BEHALF], ids=["self", "behalf"])
SERIALS = count(300)
REASON = {"cancellation.reason": "1"}


@pytest.fixture
def on_record(desk, mode) -> OnRecord:
    """A company with two websites here."""
    serial = next(SERIALS)
    return desk.filed(company(serial), mode, f"second-{serial}.cn")


@pytest.fixture
def entered(desk) -> Elsewhere:
    """A filing made through another provider, with two websites."""
    serial = next(SERIALS)
    return desk.elsewhere(serial, f"faraway-{serial}.cn", f"faraway-{serial}-b.cn")


def the(desk: Desk, number: str) -> SubjectRecord:
    """What is on record, after register and bureau were found to agree."""
    return agree(desk.bureau)[number]


def ours(desk: Desk, record: SubjectRecord) -> list[int]:
    """How many accesses each website on record has here."""
    isp = desk.bureau.config.isp_id
    return [len([a for a in site.accesses if a.provider_id == isp]) for site in record.websites]


@both_databases
@both_modes
@pytest.mark.shows("XZBA", "BAJG", "GJSHS", "BASJ", "1001")
def test_a_new_filing(desk, mode):
    found = desk.filed(company(next(SERIALS)), mode, "further.cn")
    record = the(desk, found.number)
    assert record.mode == mode
    assert [site.number for site in record.websites] == [f"{found.number}-1", f"{found.number}-2"]
    assert record.principal.name == found.host.principal
    belongs = register.by_number(found.number)
    assert [h.account_id for h in reading.hosts_of(belongs.subject)] == (
        [desk.by(found.host, mode).account_id] if mode == SELF_REPORTED else []
    )


SUBJECT = {
    "subject.mailing_address": "示例路28号青梧大厦7层",
    "subject.supervisor": "林夏",
    "subject.document_valid_from": "2021-03-16",  # the record doesn't hold it
    "subject.document_valid_to": "long",
}
CHANGES: dict[str, Callable[[Company], dict[str, Any]]] = {
    "subject": lambda host: SUBJECT,
    "website": lambda host: {"website[w1].name": f"{host.website}新馆", "website[w1].service_content": ["8", "9"]},
    "access": lambda host: {"website[w2].access.ip_addresses": ["203.0.113.99", "203.0.113.110-203.0.113.112"]},
    "several": lambda host: {
        **SUBJECT,
        "website[w1].home_url": f"shop.{host.domain}",
        "website[w2].name": f"{host.website}分馆",
        "website[w2].access.ip_addresses": ["203.0.113.98"],
    },
}


@both_modes
@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.shows("BGBA", "BASJ")
def test_a_change(desk, mode, on_record, what):
    host, before = on_record.host, the(desk, on_record.number)
    filing_id = desk.opened("change", host, mode, subject=on_record.number)
    desk.typed(filing_id, host, CHANGES[what](host), on_record.password)
    desk.through(filing_id, host)
    after = the(desk, on_record.number)
    changed = {
        "subject": after.mailing_address != before.mailing_address,
        "website": after.websites[0].name != before.websites[0].name,
        "access": after.websites[1].accesses[0].ranges != before.websites[1].accesses[0].ranges,
    }
    assert changed["subject"] is (what in ("subject", "several"))
    assert changed["website"] is (what == "website")
    assert changed["access"] is (what in ("access", "several"))
    assert passwords.standing(filing_id) is None


@both_databases
def test_a_change_of_the_principal(desk):
    """A new principal is met, and the record says so everywhere he stood."""
    on_record = desk.filed(company(next(SERIALS)), SELF_REPORTED)
    host, other = on_record.host, company(next(SERIALS))
    filing_id = desk.opened("change", host, SELF_REPORTED, subject=on_record.number)
    answers = {p: v for p, v in other.answers("203.0.113.5").items() if p.startswith("subject.principal.")} | {
        "subject.principal.name": "沈知秋"
    }
    desk.typed(filing_id, host, answers, on_record.password)
    desk.through(filing_id, host)
    record = the(desk, on_record.number)
    assert record.principal.name == record.websites[0].principal.name == "沈知秋"


@both_databases
@both_modes
@pytest.mark.shows("XZJR")
def test_a_new_access(desk, mode, entered):
    """Nothing of the subject is known before; afterwards it is, and what differs is a task."""
    host = company(next(SERIALS))
    filing_id = desk.opened("new_access", host, mode)
    answers = entered.as_typed() | entered.website("w1", host)
    row = desk.row(filing_id, host)
    answers |= entered.website(row, host, 1) | {f"website[{row}].name": "别的名字"}
    desk.typed(filing_id, host, answers, entered.password)
    assert agree(desk.bureau) == {}
    desk.through(filing_id, host)
    record = the(desk, entered.number)
    assert ours(desk, record) == [1, 1]
    assert [len(site.accesses) for site in record.websites] == [2, 2]
    task = db.session.scalars(select(Task).where(Task.filing_id == filing_id)).one()
    assert task.kind == "correct_stale"
    said = {(d["number"], d["path"]) for d in task.content["differences"]}
    assert (entered.websites[1], "website.name") in said
    assert (entered.websites[0], "website.name") not in said
    assert task.subject_id == desk.subject(filing_id).id


@both_databases
@both_modes
@pytest.mark.shows("XZWZ")
def test_a_new_website_of_a_subject_known_here(desk, mode, on_record):
    host = on_record.host
    filing_id = desk.opened("new_website", host, mode, subject=on_record.number)
    desk.typed(filing_id, host, website("w1", 7, f"{host.website}三馆", "third.cn"), on_record.password)
    desk.through(filing_id, host)
    record = the(desk, on_record.number)
    assert [site.number for site in record.websites] == [f"{on_record.number}-{n}" for n in (1, 2, 3)]
    assert ours(desk, record) == [1, 1, 1]
    assert db.session.scalars(select(Task)).all() == []


@both_databases
@both_modes
@pytest.mark.shows("XZWZ")
def test_a_new_website_of_a_subject_not_known_here(desk, mode, entered):
    host = company(next(SERIALS))
    filing_id = desk.opened("new_website", host, mode)
    answers = entered.as_typed() | website("w1", 7, "远方三馆", "third.cn") | principal("w1", host)
    desk.typed(filing_id, host, answers, entered.password)
    desk.through(filing_id, host)
    record = the(desk, entered.number)
    assert [site.number for site in record.websites] == [f"{entered.number}-{n}" for n in (1, 2, 3)]
    assert ours(desk, record) == [0, 0, 1]
    assert [task.kind for task in db.session.scalars(select(Task))] == ["correct_stale"]


@both_databases
@both_modes
@pytest.mark.parametrize("operation", ["cancel_website", "cancel_subject"])
@pytest.mark.shows("ZXBA", "ZXSJ")
def test_a_cancellation(desk, mode, on_record, operation):
    host = on_record.host
    sites = [f"{on_record.number}-1"] if operation == "cancel_website" else []
    filing_id = desk.opened(operation, host, mode, subject=on_record.number, websites=sites)
    desk.typed(filing_id, host, REASON, on_record.password)
    desk.through(filing_id, host)
    here = agree(desk.bureau)
    if operation == "cancel_website":
        assert [site.number for site in here[on_record.number].websites] == [f"{on_record.number}-2"]
    else:
        assert here == {}
    assert passwords.standing(filing_id) is None


@both_databases
@pytest.mark.shows("ZXBA", "ZXSJ")
def test_a_cancelled_access(desk, entered):
    """Without a password, by staff; the website stays with the other provider."""
    host = company(next(SERIALS))
    first = desk.opened("new_access", host, SELF_REPORTED)
    desk.typed(first, host, entered.as_typed() | entered.website("w1", host), entered.password)
    desk.through(first, host)
    filing_id = desk.opened("cancel_access", host, ON_BEHALF, subject=entered.number, websites=[entered.websites[0]])
    desk.typed(filing_id, host, REASON)
    desk.through(filing_id, host)
    record = the(desk, entered.number)
    assert ours(desk, record) == [0, 0]
    assert [len(site.accesses) for site in record.websites] == [1, 1]


@both_databases
@pytest.mark.shows("1025")
def test_the_last_access_can_not_be_cancelled(desk):
    """Code 1025 comes back at the row of the website, and nothing goes off the record."""
    on_record = desk.filed(company(next(SERIALS)), SELF_REPORTED)
    filing_id = desk.opened("cancel_access", on_record.host, ON_BEHALF, subject=on_record.number)
    desk.typed(filing_id, on_record.host, REASON)
    desk.submitted(filing_id, on_record.host)
    desk.reviewed(filing_id)
    desk.decided()
    assert desk.state(filing_id) == State.BUREAU_RETURNED
    assert [told.split()[1] for told in desk.told(filing_id)] == ["1025"]
    assert ours(desk, the(desk, on_record.number)) == [1]
