"""Going on by a mailed link: it opens one filing, says nothing to strangers, and ends with submission."""

import datetime as dt

import pytest
from sqlalchemy import select

from icp.accounts import links
from icp.accounts.models import Account, MailLink
from icp.audit import AuditEntry
from icp.extensions import db, now
from icp.filings import verbs
from icp.filings.models import FilingHost
from icp.filings.states import Actor
from icp.outbox import OutboxRow
from tests.live import text_of
from tests.web.accounts_cases import deliver, mailed_link
from tests.web.paper_cases import COMPANY, FRONT, brought_to, drawn, id_of_filing, open_draft, send, there

EMAIL = "lin@qingwu.example"


@pytest.fixture
def host(client, people):
    """A host signed in; ``host.number`` is his draft."""
    client.id = people("host", EMAIL, name="林知夏")
    client.number = open_draft(client.application, client.id)
    client.look("/help")
    return client.sign_in(client.id)


@pytest.fixture
def link(app, host):
    """The path of a link mailed to the host."""
    host.send(f"/filings/{host.number}/link")
    return mailed_link(app, EMAIL, "/resume/")


def opened(app, link):
    """A stranger's browser that has pressed the button of the link."""
    visitor = app.test_client()
    visitor.look(link)
    visitor.send(link)
    return visitor


# asking for it


def test_the_host_is_told_where_it_went_and_how_long_it_lives(app, host):
    page = host.send(f"/filings/{host.number}/link")
    said = page.words(page.one("main"))
    assert EMAIL in said
    assert "7 天内有效" in said
    code = mailed_link(app, EMAIL, "/resume/").rpartition("/")[2]
    assert len(code) == 32
    with app.app_context():
        stored = db.session.scalars(select(MailLink)).one()
        assert (stored.purpose, stored.filing_id, stored.account_id) == ("resume", id_of_filing(host.number), host.id)
        assert 6.9 < (stored.expires_at - now()).total_seconds() / 86400 <= 7
        assert code not in stored.code_hash


def test_the_code_lies_nowhere_in_the_clear(app, host, letters):
    host.send(f"/filings/{host.number}/link")
    with app.app_context():
        row = db.session.scalars(select(OutboxRow)).one()
        code = row.payload["code"]
        raw = db.session.connection().exec_driver_sql("SELECT * FROM outbox").mappings().one()
        assert [name for name, value in raw.items() if code.encode() in str(value).encode()] == []
        assert code.encode() not in bytes(raw["sealed_payload"])
    deliver(app)
    (letter,) = letters(EMAIL)
    assert f"/resume/{code}" in text_of(letter)
    with app.app_context():
        assert db.session.scalars(select(OutboxRow)).one().sealed_payload is None


def test_only_the_host_who_asked_gets_the_letter(app, host, people, letters):
    second = people("host", "b@qingwu.example")
    with app.app_context():
        db.session.add(FilingHost(filing_id=id_of_filing(host.number), account_id=second))
        db.session.commit()
    host.send(f"/filings/{host.number}/link")
    deliver(app)
    assert len(letters(EMAIL)) == 1
    assert letters("b@qingwu.example") == []


def test_nobody_else_may_have_it_sent(app, host, signed_in):
    other = signed_in("host", email="other@qingwu.example")
    other.look("/help")
    assert other.post(f"/filings/{host.number}/link").status_code == 404
    brought_to(app, host.number, "submitted")
    assert host.post(f"/filings/{host.number}/link").status_code == 409
    with app.app_context():
        assert db.session.scalars(select(MailLink)).all() == []


def test_letters_are_limited(app, host, letters):
    for _ in range(6):
        page = host.send(f"/filings/{host.number}/link")
    assert "信已经发了好几封" in page.words(page.one("main"))
    deliver(app)
    assert len(letters(EMAIL)) == 4


# opening it


def test_it_opens_the_filing_where_the_host_stopped_and_nothing_else(app, host, link, people):
    theirs = open_draft(app, people("host", "other@qingwu.example"))
    second = open_draft(app, host.id)
    visitor = app.test_client()
    visitor.look(link)
    answer = visitor.post(link)
    assert (answer.status_code, answer.location) == (303, f"/filings/{host.number}/papers")
    assert COMPANY.id_number not in visitor.look(f"/filings/{host.number}/steps/principal").text
    for number in (theirs, second):
        assert visitor.get(f"/filings/{number}").status_code == 302
        assert visitor.get(f"/filings/{number}/papers").status_code == 302
    assert visitor.get("/filings").status_code == 302
    assert visitor.post(f"/filings/{host.number}/submit", data={"declare": "yes"}).status_code == 307
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "open_link")).one()
        assert entry.object_id == host.number


def test_it_works_as_often_as_one_likes_and_on_several_devices(app, host, link):
    for _ in range(3):
        assert "四、证件与照片" in opened(app, link).page.words()


def test_an_upload_by_link_lies_in_the_draft(app, host, link):
    visitor = opened(app, link)
    assert send(visitor, f"/filings/{host.number}/papers/upload", FRONT, drawn()).status_code == 303
    assert there(app, host.number)[FRONT].uploaded_by_id is None


def test_uploads_are_handed_on_to_a_phone_from_a_link_too(app, host, link):
    visitor = opened(app, link)
    page = visitor.send(f"/filings/{host.number}/handoff")
    code = page.words(page.one("span", class_="passcode"))
    phone = app.test_client()
    phone.look("/m")
    phone.send("/m", {"code": code})
    assert send(phone, "/m/papers", FRONT, drawn()).status_code == 303
    assert FRONT in there(app, host.number)


def test_its_owner_who_is_signed_in_stays_so(app, host, link):
    host.look(link)
    assert host.post(link).location == f"/filings/{host.number}/papers"
    assert host.look("/filings").text.count(host.number) >= 1
    with host.session_transaction() as session:
        assert "links" not in session


def test_somebody_else_signed_in_here_is_told_and_signed_out(app, host, link, signed_in):
    for person in (signed_in("host", email="other@qingwu.example", name="别人"), signed_in("staff", "reviewer")):
        page = person.look(link)
        assert "会先退出登录" in page.words()
        person.send(link)
        assert "四、证件与照片" in person.page.words()
        assert person.get("/filings").status_code == 302


def test_looking_at_the_page_opens_nothing(app, host, link):
    visitor = app.test_client()
    visitor.look(link)
    assert visitor.get(f"/filings/{host.number}").status_code == 302
    with app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []


# what doesn't open


def past(app, host):
    with app.app_context():
        db.session.scalars(select(MailLink)).one().expires_at = now() - dt.timedelta(seconds=1)
        db.session.commit()


def used(app, host):
    with app.app_context():
        db.session.scalars(select(MailLink)).one().used_at = now()
        db.session.commit()


def submitted(app, host):
    brought_to(app, host.number, "submitted")


def abandoned(app, host):
    host.look(f"/filings/{host.number}")
    host.send(f"/filings/{host.number}/abandon", {"sure": "yes"})


def disabled(app, host):
    with app.app_context():
        db.session.get(Account, host.id).disabled_at = now()
        db.session.commit()


@pytest.mark.parametrize("end", [past, used, submitted, abandoned, disabled])
def test_every_link_that_does_not_open_is_answered_alike(app, host, link, end):
    visitor = app.test_client()
    alive = visitor.look(link).words()
    end(app, host)
    assert visitor.look(link).words() == alive
    assert visitor.look("/resume/unknown").words() == alive
    dead = visitor.send(link, status=410)
    unknown = visitor.send("/resume/unknown", status=410)
    assert dead.words() == unknown.words()
    assert "发一条新的链接" in dead.words()
    assert visitor.get(f"/filings/{host.number}").status_code == 302
    assert host.number not in dead.text


def test_a_link_opened_before_ends_with_submission(app, host, link):
    visitor = opened(app, link)
    assert visitor.get(f"/filings/{host.number}").status_code == 200
    with app.app_context():
        filing_id = id_of_filing(host.number)
        verbs.abandon(filing_id, Actor("host", host.id))
        links.end_of_filing(filing_id)
        db.session.commit()
    assert visitor.get(f"/filings/{host.number}").status_code == 302
    assert visitor.get(f"/filings/{host.number}/papers").status_code == 302


@pytest.mark.parametrize("purpose", ["sign_in", "password", "handoff"])
def test_links_of_other_purposes_open_nothing(app, host, purpose):
    with app.app_context():
        account, filing_id = db.session.get(Account, host.id), id_of_filing(host.number)
        code = links.issue(purpose, account=account, filing_id=filing_id, lifetime=dt.timedelta(hours=1))
        db.session.commit()
    visitor = app.test_client()
    visitor.look(f"/resume/{code}")
    assert visitor.post(f"/resume/{code}").status_code == 410


def test_the_button_needs_its_token(app, link):
    visitor = app.test_client()
    assert visitor.post(link).status_code == 400


# a new one


def test_a_new_link_goes_to_every_filing_that_is_not_submitted(app, host, letters):
    second, done = open_draft(app, host.id), open_draft(app, host.id)
    brought_to(app, second, "returned")
    brought_to(app, done, "submitted")
    visitor = app.test_client()
    visitor.look("/resume/dead")
    visitor.send("/resume/dead", status=410)
    visitor.send("/resume", {"email": f" {EMAIL.upper()} "})
    deliver(app)
    said = [text_of(letter) for letter in letters(EMAIL)]
    assert len(said) == 2
    assert [number for number in (host.number, second, done) if number in "".join(said)] == [host.number, second]
    assert "四、证件与照片" in opened(app, mailed_link(app, EMAIL, "/resume/")).page.words()


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(app, host, people, letters):
    people("staff", "xu@desk.example", "reviewer")
    people("host", "new@qingwu.example")
    answers = []
    for address in (EMAIL, "nobody@qingwu.example", "xu@desk.example", "new@qingwu.example"):
        visitor = app.test_client()
        visitor.look("/resume")
        answers.append(visitor.send("/resume", {"email": address}).words().replace(address, "…"))
    assert len(set(answers)) == 1
    deliver(app)
    assert [str(letter["to"]) for letter in letters()] == [str(letters(EMAIL)[0]["to"])]


def test_a_disabled_host_gets_nothing(app, host, letters):
    disabled(app, host)
    visitor = app.test_client()
    visitor.look("/resume")
    visitor.send("/resume", {"email": EMAIL})
    deliver(app)
    assert letters() == []


@pytest.mark.parametrize("typed", ["", "  ", "lin", "lin@", "lin@qingwu example"])
def test_what_is_no_address_is_said_at_the_field(app, typed):
    visitor = app.test_client()
    visitor.look("/resume")
    page = visitor.send("/resume", {"email": typed}, status=422)
    assert page.one("div", class_="field--mend") is not None
    assert page.one("input", id="email").get("value") == typed.strip()


def test_asking_is_limited_alike_for_known_and_unknown(app, host, letters):
    for address in (EMAIL, "nobody@qingwu.example"):
        visitor = app.test_client()
        visitor.look("/resume")
        codes = [visitor.post("/resume", data={"email": address}).status_code for _ in range(5)]
        assert codes == [200] * 4 + [429]
        assert "信已经发了好几封" in visitor.page.text
    deliver(app)
    assert len(letters(EMAIL)) == 4
