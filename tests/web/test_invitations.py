"""Invitations to a filing on behalf: what staff see of them while nobody has come, and what the invited are told."""

import datetime as dt

import pytest

from icp.accounts.models import MailLink
from icp.extensions import db, now
from icp.filings.models import FilingHost
from tests.web import behalf_cases as cases
from tests.web.accounts_cases import MOBILE, PASSWORD, deliver, mailed_link, newest_letter, press, texted_code
from tests.web.behalf_cases import SITE

ADDRESS = "zhou@haiyan.example"
LINK = "/register/confirm/"


@pytest.fixture
def desk(client, people):
    return client.sign_in(people("staff", "xu@desk.example", "reviewer", name="许清"))


@pytest.fixture
def number(app, desk):
    return cases.opened(desk, cases.on_record(app), "cancel_website", SITE, email=ADDRESS)


def margin(client, number):
    page = client.look(f"/filings/{number}")
    return page.words(page.one("section", id="behalf"))


def pressed(client, number, act):
    client.look(f"/filings/{number}")
    form = next(form for form in client.page.all("form") if form.get("action", "").endswith("/" + act))
    return client.send(form.get("action"))


def test_staff_see_that_an_invitation_waits_and_until_when(app, desk, number):
    desk.look(f"/filings/{number}")  # says once what was just typed
    said = margin(desk, number)
    assert "已邀请 z***@haiyan.example" in said
    assert "还没有注册" in said
    assert "前有效" in said
    assert "没有主办者账号" not in said
    assert ADDRESS not in desk.page.text
    with app.app_context():
        db.session.query(MailLink).update({"expires_at": now() - dt.timedelta(hours=1)})
        db.session.commit()
    assert "链接已过期" in margin(desk, number)


def test_sent_again_only_the_newest_link_works(app, desk, number):
    first = mailed_link(app, ADDRESS, LINK)
    pressed(desk, number, "again")
    second = mailed_link(app, ADDRESS, LINK)
    guest = app.test_client()
    guest.look(first, 410)
    guest.look(second)
    assert margin(desk, number).count("已邀请") == 1


def test_taken_back_it_opens_nothing(app, desk, number):
    link = mailed_link(app, ADDRESS, LINK)
    pressed(desk, number, "withdraw")
    assert "没有主办者账号" in margin(desk, number)
    app.test_client().look(link, 410)


def test_who_has_registered_meanwhile_becomes_a_host(app, desk, number, people):
    desk.look(f"/filings/{number}")
    account_id = people("host", ADDRESS)
    page = pressed(desk, number, "again")
    assert "现在是这份备案的主办者" in page.text
    assert "已邀请" not in margin(desk, number)
    with app.app_context():
        assert db.session.get(FilingHost, (cases.filing(number).id, account_id)) is not None


def test_what_is_gone_is_said_and_nothing_is_sent(app, desk, number):
    desk.look(f"/filings/{number}")
    with app.app_context():
        invitation_id = db.session.query(MailLink.id).scalar()
    pressed(desk, number, "withdraw")
    page = desk.send(f"/desk/on-behalf/{number}/invitations/{invitation_id}/again")
    assert "没有再寄" in page.text


@pytest.mark.parametrize(("kind", "named"), [("4", True), ("5", False)])
def test_the_letter_and_the_page_say_what_it_is_about(app, desk, number, kind, named):
    """A person's own name isn't told to whoever has the link."""
    with app.app_context():
        found = cases.filing(number)
        name = found.subject_name
        draft = db.session.get_one(cases.drafts.Draft, found.id)
        buffer = cases.drafts.Buffer.of(draft)
        buffer.answers.values["subject.organisation_type"] = kind
        buffer.into(draft)
        db.session.commit()
    letter, link = newest_letter(app, ADDRESS), mailed_link(app, ADDRESS, LINK)
    page = app.test_client().look(link).text
    for said in (letter, page):
        assert "网站注销" in said
        assert number in said
        assert "澄舟云" in said
        assert (name in said) == named


def test_whoever_came_by_it_goes_on_to_the_filing(app, desk, number):
    guest = app.test_client()
    guest.look(mailed_link(app, ADDRESS, LINK))
    press(guest, password=PASSWORD, mobile=MOBILE)
    deliver(app)
    guest.look("/account/mobile/code")
    answer = press(guest, "/account/mobile/code", code=texted_code(app, MOBILE))
    assert answer.location.endswith(f"/filings/{number}")
    assert "已邀请" not in margin(desk, number)
