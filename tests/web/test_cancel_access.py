"""取消接入 at the desk: what is said before, the notice, recalling it, and what follows a 1025."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from icp.accounts.people import by_email
from icp.extensions import db, now
from icp.filings import drafts, marks, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import verbs as register
from icp.register.models import Subject
from icp.worker import work_once
from tests.live import letters
from tests.web import behalf_cases as cases
from tests.web.accounts_cases import deliver, newest_letter, text_of
from tests.web.behalf_cases import OTHER_SITE, SITE
from tests.web.desk_cases import code, press

HOST = "lin@qingwu.example"


@pytest.fixture
def subject_id(app, people):
    found = cases.on_record(app)
    account = people("host", HOST, name="林知夏")
    with app.app_context():
        register.belongs_to(db.session.get_one(Subject, found), account, by="claim")
        db.session.commit()
    return found


@pytest.fixture
def desk(client, people):
    client.id = people("staff", "xu@desk.example", "reviewer", name="许清")
    return client.sign_in(client.id)


@pytest.fixture
def supervisor(app, people):
    client = app.test_client()
    client.id = people("staff", "tang@desk.example", "supervisor", name="唐默")
    return client.sign_in(client.id)


def opened(desk, subject_id, *websites):
    """Chosen on the record's page, opened on the page that says what follows."""
    desk.look(f"/desk/register/{subject_id}")
    data = {"operation": "cancel_access", "website": list(websites)}
    page = desk.send(f"/desk/register/{subject_id}/on-behalf", data)
    answer = desk.post(f"/desk/register/{subject_id}/cancel-access", data={"website": list(websites)})
    assert answer.status_code == 303
    return page, answer.location.split("/")[2]


def accepted(app, desk, supervisor, subject_id, *websites):
    """Submitted by one, passed by another."""
    _, number = opened(desk, subject_id, *websites)
    cases.complete(app, number, {"cancellation.reason": "1"}, desk.id)
    cases.submitted(desk, number)
    supervisor.look(f"/desk/filings/{number}")
    press(supervisor, "/take")
    page = press(supervisor, "/accept")
    return number, page


def state_of(app, number):
    with app.app_context():
        return cases.filing(number).state


def work(app):
    with app.app_context():
        while work_once(60):
            pass


def test_the_page_says_what_follows(desk, subject_id):
    page, _ = opened(desk, subject_id, SITE)
    assert "没有其他接入商" in page.text
    assert "不要备案密码" in page.text
    chosen = [box.get("value") for box in page.all("input", name="website") if box.get("checked") is not None]
    assert chosen == [SITE]


def test_the_draft_is_the_providers_turn(desk, subject_id):
    _, number = opened(desk, subject_id, SITE)
    seat = desk.look(f"/filings/{number}").one("li", **{"aria-current": "true"})
    assert desk.page.words(seat) == "接入商"


def test_nothing_chosen_is_said(desk, subject_id):
    desk.look(f"/desk/register/{subject_id}/cancel-access")
    assert "请先选网站" in desk.send(f"/desk/register/{subject_id}/cancel-access", {}, 422).text


def test_neither_password_nor_papers_are_asked_and_several_go_together(app, desk, supervisor, subject_id):
    number, page = accepted(app, desk, supervisor, subject_id, SITE, OTHER_SITE)
    assert "转去报送" in page.text
    assert state_of(app, number) == "ready"
    with app.app_context():
        rows = drafts.read(cases.filing(number).id).answers.rows("website")
        assert len(rows) == 2
    letter = newest_letter(app, HOST)
    assert "您的网站将取消接入" in letter
    assert "马上报送管局" in letter


class TestTheNotice:
    @pytest.fixture(autouse=True)
    def days(self, app):
        object.__setattr__(app.extensions["settings"], "cancel_access_notice_days", 30)

    def test_it_is_among_what_comes_after_submitting(self, app, desk, supervisor, subject_id):
        _, number = opened(desk, subject_id, SITE)
        page = desk.look(f"/filings/{number}/check")
        said = page.words(page.one("aside"))
        assert "通知期" in said
        assert said.index("30 天，到期才报送管局") < said.index("管局审核")

    def test_it_is_held_until_it_has_run_out(self, app, desk, supervisor, subject_id):
        number, page = accepted(app, desk, supervisor, subject_id, SITE)
        assert "通知期到" in page.text
        assert "通知期到" in newest_letter(app, HOST)
        assert "通知期到" in desk.look(f"/filings/{number}").text
        assert state_of(app, number) == "held"
        with time_machine.travel(now() + dt.timedelta(days=29), tick=False):
            work(app)
            assert state_of(app, number) == "held"
        with time_machine.travel(now() + dt.timedelta(days=30, hours=1), tick=False):
            work(app)
            assert state_of(app, number) != "held"

    def test_it_can_be_recalled_and_the_host_is_told(self, app, desk, supervisor, subject_id):
        number, _ = accepted(app, desk, supervisor, subject_id, SITE)
        supervisor.look(f"/desk/filings/{number}")
        press(supervisor, "/recall", reason="客户续费了")
        supervisor.look(f"/filings/{number}")
        press(supervisor, "/withdraw")
        assert "不取消接入了" in newest_letter(app, HOST)
        with time_machine.travel(now() + dt.timedelta(days=31), tick=False):
            work(app)
        assert state_of(app, number) == "draft"

    @pytest.mark.parametrize("end", ["abandon", "expire"])
    def test_given_up_after_it_was_announced_the_host_is_told(self, app, desk, supervisor, subject_id, end):
        number, _ = accepted(app, desk, supervisor, subject_id, SITE)
        supervisor.look(f"/desk/filings/{number}")
        press(supervisor, "/recall", reason="客户续费了")
        with app.app_context():
            filing, by = cases.filing(number), Actor("staff", supervisor.id)
            marks.put(filing, by, reviewer_correction("cancellation.reason", "", "客户续费了"))
            verbs.send_back(filing.id, by, filing.revision_no)
            verbs.abandon(filing.id, by) if end == "abandon" else verbs.expire(filing.id)
            db.session.commit()
        assert "不取消接入了" in newest_letter(app, HOST)
        assert len(letters(app.extensions["settings"].instance, HOST)) == 2

    def test_what_was_never_announced_is_given_up_without_a_letter(self, app, desk, subject_id):
        _, number = opened(desk, subject_id, SITE)
        cases.complete(app, number, {"cancellation.reason": "1"}, desk.id)
        cases.submitted(desk, number)
        with app.app_context():
            verbs.withdraw(cases.filing(number).id, Actor("staff", desk.id))
            db.session.commit()
        deliver(app)
        assert letters(app.extensions["settings"].instance, HOST) == []

    def test_the_host_sees_it_but_cant_stop_it(self, app, people, desk, supervisor, subject_id):
        number, _ = accepted(app, desk, supervisor, subject_id, SITE)
        host = app.test_client()
        with app.app_context():
            host.sign_in(by_email(HOST).id)
        page = host.look(f"/filings/{number}")
        assert not [form for form in page.all("form") if form.get("action", "").endswith("/withdraw")]
        assert host.post(f"/filings/{number}/withdraw").status_code == 409


def last_accesses(app, desk, supervisor, subject_id, *sites, of=None):
    """The bureau says of each of these websites, or of the first ``of``, that it has no other access."""
    number, _ = accepted(app, desk, supervisor, subject_id, *sites)
    with app.app_context():
        found = drafts.lock(cases.filing(number).id)
        verbs.report_started(found)
        verbs.taken(found)
        said = [code(f"website[w{n}]", "1025", "网站只有这一个接入，不能取消。") for n, _ in enumerate(sites[:of], 1)]
        verbs.bureau_returned(found, said, rejected=False)
        db.session.commit()
    supervisor.look(f"/desk/filings/{number}")
    return number


def cancels(app, operation="cancel_website"):
    """What the drafts of an operation say that aren't done with: reason and websites."""
    with app.app_context():
        wanted = select(Filing.id).where(Filing.operation == operation, Filing.state == "draft")
        found = db.session.scalars(wanted.order_by(Filing.id))
        said = [drafts.read(filing_id).answers for filing_id in found]
        sites = [[a.get(f"website[{row}].filing_number") for row in a.rows("website")] for a in said]
        return list(zip((a.get("cancellation.reason") for a in said), sites, strict=True))


def test_the_last_access_offers_to_cancel_the_website(app, desk, supervisor, subject_id):
    number = last_accesses(app, desk, supervisor, subject_id, SITE)
    page = press(supervisor, "/cancel-website")
    assert "网站注销" in page.text
    assert "改办网站注销" in page.text
    assert state_of(app, number) == "abandoned"
    assert cancels(app) == [("1", [SITE])]


def test_of_several_last_accesses_each_website_gets_a_draft(app, desk, supervisor, subject_id):
    number = last_accesses(app, desk, supervisor, subject_id, SITE, OTHER_SITE)
    assert "2 个网站各一份" in supervisor.page.text
    page = press(supervisor, "/cancel-website")
    assert "共 2 份" in page.text
    deliver(app)
    told = letters(app.extensions["settings"].instance, HOST)
    assert sum("没有办成：管局说网站没有别的接入" in text_of(letter) for letter in told) == 1
    assert len(page.words(page.one("table")).split("网站注销")) == 3
    assert state_of(app, number) == "abandoned"
    assert cancels(app) == [("1", [SITE]), ("1", [OTHER_SITE])]


def test_what_was_refused_beside_a_last_access_stays_a_cancelled_access(app, desk, supervisor, subject_id):
    number = last_accesses(app, desk, supervisor, subject_id, SITE, OTHER_SITE, of=1)
    page = press(supervisor, "/cancel-website")
    assert "另开了一份取消接入" in page.text
    assert state_of(app, number) == "abandoned"
    assert cancels(app) == [("1", [SITE])]
    assert cancels(app, "cancel_access") == [("1", [OTHER_SITE])]


def test_staff_read_it_in_their_own_words(app, desk, subject_id):
    _, number = opened(desk, subject_id, SITE)
    pages = [desk.look(f"/filings/{number}{place}").text for place in ("", "/check", "/steps/cancellation")]
    assert "取消接入的理由" in pages[2]
    cases.complete(app, number, {"cancellation.reason": "1"}, desk.id)
    pages.append(desk.look(f"/filings/{number}/check").text)
    pages.append(cases.submitted(desk, number).text)
    for page in pages:
        for said in (
            "注销理由",
            "我们还没有收到",
            "您还可以撤回",
            "写信给您",
            "写信告诉您",
            "保持手机畅通",
            "您的说明",
        ):
            assert said not in page, said
    assert "正在排队初审" in pages[-1]
