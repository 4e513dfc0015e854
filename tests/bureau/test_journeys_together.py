"""What happens between filings and when the bureau says no: queues, wrong passwords, one website of several refused."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import records
from icp.extensions import db
from icp.filings import drafts, marks, passwords, revisions, verbs
from icp.filings.models import Filing
from icp.filings.states import State
from icp.loopback_bureau import issuing
from icp.register import reading
from icp.tasks.models import Task
from tests.bureau.agreeing import agree
from tests.bureau.travelling import ON_BEHALF, SELF_REPORTED, Desk, OnRecord, company, website
from tests.conftest import both_databases

SERIALS = count(500)
MOVED = {
    "subject.mailing_address": "示例路28号青梧大厦7层",
    "subject.document_valid_from": "2021-03-16",
    "subject.document_valid_to": "long",
}


@pytest.fixture
def on_record(desk) -> OnRecord:
    return desk.filed(company(next(SERIALS)), SELF_REPORTED)


def change_under_way(desk: Desk, on_record: OnRecord) -> int:
    """A change of the subject, submitted."""
    filing_id = desk.opened("change", on_record.host, SELF_REPORTED, subject=on_record.number)
    desk.typed(filing_id, on_record.host, MOVED, on_record.password)
    assert desk.submitted(filing_id, on_record.host) == State.SUBMITTED
    return filing_id


def website_behind(desk: Desk, on_record: OnRecord, mode: str = SELF_REPORTED) -> int:
    """A new website of the same subject, submitted while the change is under way."""
    filing_id = desk.opened("new_website", on_record.host, mode, subject=on_record.number)
    answers = website("w1", 9, f"{on_record.host.website}二馆", f"behind-{on_record.host.serial}.cn")
    desk.typed(filing_id, on_record.host, answers, on_record.password)
    assert desk.submitted(filing_id, on_record.host) == State.AWAITING_RELEASE
    return filing_id


@both_databases
@pytest.mark.parametrize("mode", [SELF_REPORTED, ON_BEHALF], ids=["self", "behalf"])
def test_a_change_and_then_a_new_website(desk, on_record, mode):
    """The second waits, is handed on by the approval of the first, and tells what was changed."""
    first = change_under_way(desk, on_record)
    second = website_behind(desk, on_record, mode)
    desk.reviewed(first)
    desk.decided()
    assert [desk.state(f) for f in (first, second)] == [State.APPROVED, State.SUBMITTED]
    told = revisions.newest(desk.filing(second)).answers
    assert told.text("subject.mailing_address") == MOVED["subject.mailing_address"]
    desk.reviewed(second)
    desk.decided()
    assert desk.state(second) == State.APPROVED, desk.told(second)
    record = agree(desk.bureau)[on_record.number]
    assert record.mailing_address == MOVED["subject.mailing_address"]
    assert [site.number for site in record.websites] == [f"{on_record.number}-1", f"{on_record.number}-2"]


def test_a_change_that_comes_to_nothing_lets_the_next_decide_anew(desk, on_record):
    first = change_under_way(desk, on_record)
    second = website_behind(desk, on_record)
    verbs.withdraw(first, desk.by(on_record.host, SELF_REPORTED))
    db.session.commit()
    assert [desk.state(f) for f in (first, second)] == [State.DRAFT, State.DRAFT]
    desk.through(second, on_record.host)
    agree(desk.bureau)


@both_databases
@pytest.mark.shows("1018")
def test_a_wrong_password_is_typed_anew(desk, on_record):
    """The bureau couldn't be asked when it was typed; it says 1018 later."""
    host = on_record.host
    filing_id = desk.opened("cancel_subject", host, SELF_REPORTED, subject=on_record.number)
    desk.typed(filing_id, host, {"cancellation.reason": "1"})
    by = desk.by(host, SELF_REPORTED)
    kept = {"number": on_record.number, "verdict": passwords.UNCHECKED}
    passwords.keep(filing_id, by, md5="0" * 32, **kept)
    db.session.commit()
    desk.submitted(filing_id, host)
    desk.reviewed(filing_id)
    desk.decided()
    assert desk.state(filing_id) == State.BUREAU_RETURNED
    assert [line.split()[:2] for line in desk.told(filing_id)] == [["filing_password", "1018"]]
    assert passwords.md5_of(filing_id) == ""
    sent_back(desk, filing_id)
    with pytest.raises(AssertionError, match="R084"):
        desk.submitted(filing_id, host)
    desk.password(filing_id, by, on_record.password)
    desk.submitted(filing_id, host)
    desk.reviewed(filing_id)
    desk.decided()
    assert desk.state(filing_id) == State.APPROVED, desk.told(filing_id)
    assert agree(desk.bureau) == {}


def sent_back(desk: Desk, filing_id: int) -> None:
    """The provider hands what the bureau returned to the host, who says of every mark that it is mended."""
    verbs.send_back(filing_id, desk.reviewer, desk.filing(filing_id).revision_no)
    db.session.commit()
    filing = desk.filing(filing_id)
    for mark in marks.open_for_host(filing):
        marks.answer(filing, mark, "mended")
    db.session.commit()


def answered_each(desk: Desk, *approve: bool) -> list[Any]:
    """The officer answers what waits, each in its own way; the requests."""
    desk.work()
    desk.bureau.settle()
    waiting = desk.bureau.requests("pending")
    assert len(waiting) == len(approve)
    for request, yes in zip(waiting, approve, strict=True):
        if yes:
            desk.bureau.approve(request["number"])
        else:
            desk.bureau.reject(request["number"], "接入信息与实际不符")
    desk.fetched()
    return waiting


@both_databases
@pytest.mark.shows("XZJR", "1002")
def test_of_two_websites_one_is_refused_and_only_that_one_reported_again(desk):
    host, serial = company(next(SERIALS)), next(SERIALS)
    entered = desk.elsewhere(serial, f"one-{serial}.cn", f"two-{serial}.cn")
    filing_id = desk.opened("new_access", host, SELF_REPORTED)
    row = desk.row(filing_id, host)
    answers = entered.as_typed() | entered.website("w1", host) | entered.website(row, host, 1)
    desk.typed(filing_id, host, answers, entered.password)
    desk.submitted(filing_id, host)
    desk.reviewed(filing_id)
    answered_each(desk, True, False)
    assert desk.state(filing_id) == State.BUREAU_RETURNED
    assert [line.split()[:2] for line in desk.told(filing_id)] == [[f"website[{row}]", "1002"]]
    agree(desk.bureau)
    sent_back(desk, filing_id)
    drafts.save(
        filing_id, desk.by(host, SELF_REPORTED), {f"website[{row}].access.ip_addresses": (None, ["203.0.113.77"])}
    )
    db.session.commit()
    desk.submitted(filing_id, host)
    desk.reviewed(filing_id)
    (again,) = answered_each(desk, True)
    assert again["reference"] == entered.websites[1]
    assert desk.state(filing_id) == State.APPROVED, desk.told(filing_id)
    isp = desk.bureau.config.isp_id
    record = agree(desk.bureau)[entered.number]
    assert [[a.provider_id == isp for a in site.accesses] for site in record.websites] == [[False, True]] * 2
    assert len(records.uploads_of(filing_id)) == 2
    assert db.session.query(Filing).count() == 1


@both_databases
def test_of_two_websites_one_can_not_be_cancelled(desk):
    """Staff correct by leaving the reason standing; only the one that is left is reported again."""
    serial = next(SERIALS)
    on_record = desk.filed(company(serial), SELF_REPORTED, f"second-{serial}.cn", f"third-{serial}.cn")
    numbers = [f"{on_record.number}-{n}" for n in (2, 3)]
    filing_id = desk.opened("cancel_website", on_record.host, ON_BEHALF, subject=on_record.number, websites=numbers)
    desk.typed(filing_id, on_record.host, {"cancellation.reason": "1"}, on_record.password)
    desk.submitted(filing_id, on_record.host)
    desk.reviewed(filing_id)
    answered_each(desk, False, True)
    assert desk.state(filing_id) == State.BUREAU_RETURNED
    assert [site.number for site in agree(desk.bureau)[on_record.number].websites] == [
        f"{on_record.number}-1",
        numbers[0],
    ]
    drafts.save(filing_id, desk.reviewer, {"cancellation.reason": (None, "3")})
    verbs.corrected(filing_id, desk.reviewer, 1)
    db.session.commit()
    answered_each(desk, True)
    assert desk.state(filing_id) == State.APPROVED, desk.told(filing_id)
    assert [site.number for site in agree(desk.bureau)[on_record.number].websites] == [f"{on_record.number}-1"]


@pytest.mark.parametrize("trouble", ["truncated", "empty_file"])
def test_an_answer_that_could_not_be_read_is_asked_for_again(desk, trouble):
    """The operator is told which file it was; the bureau hands it out once more, and everything is as it would be."""
    host = company(next(SERIALS))
    filing_id = desk.opened("new_filing", host, SELF_REPORTED)
    desk.typed(filing_id, host, host.answers("203.0.113.7"))
    desk.submitted(filing_id, host)
    desk.reviewed(filing_id)
    desk.bureau.trouble("results_without_data", 1)
    desk.bureau.trouble(trouble, 1)
    desk.decided()
    assert desk.state(filing_id) == State.AT_BUREAU
    (alert,) = accounts.open_alerts()
    assert alert.kind == {"truncated": "unreadable"}.get(trouble, trouble)
    desk.bureau.issue(issuing.again, alert.about)
    desk.fetched()
    assert desk.state(filing_id) == State.APPROVED
    assert not accounts.open_alerts()  # it has come whole


def test_data_that_never_came_come_with_the_synchronisation(desk):
    """Approved without data: the host gets his record, and the provider its task, when the bureau synchronises."""
    host, serial = company(next(SERIALS)), next(SERIALS)
    desk.bureau.trouble("results_without_data", 2)
    first = desk.opened("new_filing", host, SELF_REPORTED)
    desk.typed(first, host, host.answers("203.0.113.7"))
    desk.through(first, host)
    entered = desk.elsewhere(serial, f"one-{serial}.cn")
    second = desk.opened("new_access", host, SELF_REPORTED)
    desk.typed(second, host, entered.as_typed() | entered.website("w1", host), entered.password)
    desk.through(second, host)
    assert [desk.filing(f).subject_id for f in (first, second)] == [None, None]
    desk.bureau.issue(issuing.synchronise, desk.bureau.config.isp_id)
    desk.fetched()
    here = agree(desk.bureau)
    assert len(here) == 2
    by = desk.by(host, SELF_REPORTED).account_id
    for filing_id in (first, second):
        assert [h.account_id for h in reading.hosts_of(desk.subject(filing_id))] == [by]
    assert [task.filing_id for task in db.session.scalars(select(Task))] == [second]
