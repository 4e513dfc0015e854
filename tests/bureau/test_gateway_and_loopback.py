"""The gateway against the loopback bureau: two programs that share only the codec."""

import datetime as dt

import pytest

from icp import bureau, outbox
from icp.bureau import account as accounts
from icp.bureau.client import forget_wsdl
from icp.extensions import db, now
from icp.filings import marks
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from icp.register.models import Subject
from tests.bureau.gateway_filing import ready
from tests.bureau.loopback_filing import ISP
from tests.conftest import build


@pytest.fixture
def site(tmp_path, empty_database, serve):
    started = []

    def begin(**settings):
        running = serve(**settings)
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "beian.sqlite3").write_bytes(empty_database.read_bytes())
        forget_wsdl()
        app = build(tmp_path / "site", bureau_url=running.url, bureau_timeout=10.0)
        context = app.app_context()
        context.push()
        started.append(context)
        accounts.seed_account()
        db.session.commit()
        return running

    yield begin
    for context in started:
        db.session.remove()
        db.engine.dispose()
        context.pop()


def work():
    db.session.query(OutboxRow).update({"run_at": now() - dt.timedelta(seconds=1)})
    db.session.commit()
    claim = outbox.claim(["bureau.report"], 60)
    if claim is not None:
        bureau.handle(claim)


def test_a_filing_is_approved_and_its_number_recorded(site):
    running = site(decision="approve")
    filing = ready()
    work()
    running.bureau.settle()
    assert bureau.poll()
    db.session.expire_all()
    assert db.session.get_one(Filing, filing.id).state == "approved"
    subject = db.session.query(Subject).one()
    assert subject.number.startswith("闽ICP备")
    assert subject.websites[0].number.startswith(subject.number)
    assert accounts.open_alerts() == []


def test_a_rejected_filing_comes_back_with_the_opinion(site):
    running = site(decision="reject", opinion="网站名称不规范")
    filing = ready()
    work()
    running.bureau.settle()
    bureau.poll()
    db.session.expire_all()
    row = db.session.get_one(Filing, filing.id)
    assert row.state == "bureau_returned"
    assert any("网站名称不规范" in mark.correction.message for mark in marks.of_filing(row))


@pytest.mark.shows("5009")
def test_a_missing_permission_stops_the_account_and_the_filing_leaves_again(site):
    running = site(decision="approve")
    filing = ready()
    running.bureau.set_account(ISP, businesses="XZJR")
    work()
    running.bureau.settle()
    bureau.poll()
    db.session.expire_all()
    assert db.session.get_one(Filing, filing.id).state == "ready"
    (account,) = accounts.active_accounts()
    assert account.paused_reason.startswith("5009")
    assert [alert.kind for alert in accounts.open_alerts()] == ["code_5009", "paused"]
    running.bureau.set_account(ISP, businesses="")
    accounts.resume(account)
    db.session.commit()
    work()
    running.bureau.settle()
    bureau.poll()
    db.session.expire_all()
    assert db.session.get_one(Filing, filing.id).state == "approved"
