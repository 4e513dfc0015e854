"""What a host reads of a filing that is not with him."""

import datetime as dt

import pytest

from icp.bureau import holding
from icp.extensions import db
from icp.filings import drafts, verbs
from icp.filings.states import CHINA, Actor, State
from icp.verification import bookings
from tests.html import XHTML
from tests.web import desk_cases


@pytest.fixture
def visit(app, people):
    """A filing that waits for the visit, and its host's browser."""
    with app.app_context():
        filing = desk_cases.submitted()
        by = Actor("staff", people("staff", "xu@desk.example", "reviewer"))
        verbs.take(filing.id, by)
        verbs.accept(filing.id, by, filing.revision_no)
        db.session.commit()
        host = desk_cases.host_of(desk_cases.HOST).account_id
        client = app.test_client().sign_in(host)
        client.id, client.number = filing.id, filing.number
    return client


def track(client):
    page = client.look(f"/filings/{client.number}")
    steps = page.one("ol", class_="track")
    return [(page.words(next(step.iter(f"{XHTML}h3"))), step.get("aria-current")) for step in steps]


def test_the_visit_goes_on_and_the_bureau_comes_after(visit):
    steps = track(visit)
    assert [what for what, current in steps if current] == ["当面核验"]
    assert steps[-2:] == [("管局审核", None), ("收到备案号和备案密码", None)]


def test_an_appointment_is_told(app, visit):
    with app.app_context():
        at = dt.datetime(2030, 5, 6, 10, 30, tzinfo=CHINA)
        bookings.book(drafts.lock(visit.id), "w1", "福州服务点", at, None)
        db.session.commit()
    assert "5 月 6 日 10:30，福州服务点" in visit.look(f"/filings/{visit.number}").text


def test_who_has_been_met_is_not_asked_to_come_again(app, visit):
    with app.app_context():
        filing = drafts.lock(visit.id)
        filing.state = State.AWAITING_SMS_CHECK
        db.session.commit()
    assert "当面核验" not in [what for what, _ in track(visit)]


def test_a_hold_and_its_end_are_told_as_what_they_are(app, visit, people):
    with app.app_context():
        by = Actor("staff", people("staff", "he@desk.example", "supervisor"))
        verbs.verified(visit.id, by)
        verbs.hold(visit.id, by, "等材料")
        db.session.commit()
    assert "由我们收回" in visit.look(f"/filings/{visit.number}").text
    with app.app_context():
        verbs.release(visit.id, Actor("staff", people("staff", "tang@desk.example", "supervisor")))
        db.session.commit()
    told = [what for what, _ in track(visit)]
    assert told.index("暂缓报送") < told.index("恢复报送")
    assert not [what for what in told if "前一份" in what]


def test_a_province_on_hold_is_told(app, visit, people):
    with app.app_context():
        by = people("staff", "he@desk.example", "supervisor")
        verbs.verified(visit.id, Actor("staff", by))
        holding.hold("350000", by, "管局系统升级")
        db.session.commit()
    page = visit.look(f"/filings/{visit.number}")
    assert "本省暂缓报送" in page.words(page.one("h1"))
