"""What the bureau objects to and only the provider can mend: staff settle it, the host never hears of it."""

import pytest
from sqlalchemy import select

from icp import letters as post
from icp import outbox
from icp.bureau.messages import codes
from icp.bureau.messages.results import ResultLine
from icp.extensions import db
from icp.filings import marks
from icp.filings.answers import Answers
from icp.filings.models import Filing, Mark
from icp.reviewer.words import anchor
from tests.web.desk_cases import HOST, NAME, bureau_returned, code, host_of, press

PURPOSE, SHEET = 1061, "website[w1].papers.verification_form"
OURS, THEIRS = "附件的用途与它所属的主体或网站不符", "网站名称不合规定"
SETTLED_BY = "接入商自己了结"


def ours():
    """The bureau's code for a wrong purpose of an attachment, which the site itself writes."""
    sent = Answers(groups={"website": ["w1"]})
    (found,) = codes.corrections([ResultLine(PURPOSE, "")], sent, papers=[SHEET])
    return found


@pytest.fixture
def both(app):
    """Address of a filing the bureau returned for its website's name and for a purpose."""
    with app.app_context():
        return f"/desk/filings/{bureau_returned(code(), ours()).number}"


@pytest.fixture
def only_ours(app):
    """Address of a filing the bureau returned for a purpose alone."""
    with app.app_context():
        return f"/desk/filings/{bureau_returned(ours()).number}"


@pytest.fixture
def host(app, both):
    """The browser of its host."""
    with app.app_context():
        account = host_of(HOST).account_id
    return app.test_client().sign_in(account)


def the_filing():
    return db.session.scalars(select(Filing)).one()


def send_back(desk, place):
    desk.look(place)
    return press(desk, "/send-back")


def sent_letters(app, letters):
    with app.app_context():
        while (claim := outbox.claim(("letter.",), 60)) is not None:
            post.send(claim)
    return letters(HOST.email)


def test_the_host_is_asked_for_what_is_his_alone(app, desk, both, host, letters):
    page = send_back(desk, both)
    assert "已退回主办者" in page.text
    (letter,) = [mail for mail in sent_letters(app, letters) if "退回了 1 处" in mail["Subject"]]
    for said in (part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"):
        assert THEIRS in said
        assert OURS not in said
    number = both.rpartition("/")[2]
    page = host.look(f"/filings/{number}")
    assert "还有 1 处要处理" in page.words(page.one("h1"))
    assert OURS not in page.text
    for place in ("papers", "check"):
        assert OURS not in host.look(f"/filings/{number}/{place}").text
    with app.app_context():
        (his,) = marks.open_for_host(the_filing())
        (other,) = [mark for mark in marks.unsettled(the_filing()) if mark.providers]
    host.look(f"/filings/{number}/mend")
    answers = {f"answer-{his.id}": "right", f"because-{his.id}": "这是我们的商标", "act": "submit"}
    unseen = {f"answer-{other.id}": "mended"}
    page = press(host, "/mend", **answers, **unseen)
    assert "核验员会先看这一份" in page.text
    assert OURS not in page.text
    with app.app_context():
        assert (the_filing().state, db.session.get_one(Mark, other.id).answer) == ("submitted", "")


def test_an_answer_to_what_was_never_asked_is_not_taken_back(app, desk, both, host):
    send_back(desk, both)
    number = both.rpartition("/")[2]
    with app.app_context():
        (other,) = [mark.id for mark in marks.unsettled(the_filing()) if mark.providers]
    page = host.look(f"/filings/{number}/mend")
    form = page.form_values(page.one("form", id="step"))
    assert host.post(f"/filings/{number}/mend/{other}/again", data=form).status_code == 404


def test_reviewers_read_whose_it_is_and_how_many_go_to_the_host(app, desk, both):
    page = desk.look(both)
    there = page.words(page.one("div", id=anchor(SHEET)))
    assert OURS in there
    assert SETTLED_BY in there
    assert "妥" in there
    assert "再批" not in there
    assert SETTLED_BY not in page.words(page.one("div", id=anchor(NAME)))
    said = page.words(page.one("section", class_="verdict"))
    assert "未了结 2 处" in said
    assert "1 处由接入商自己了结" in said
    page = desk.look(f"{both}/correct")
    line = next(part for part in page.all("div", class_="line") if OURS in page.words(part))
    assert SETTLED_BY in page.words(line)
    assert "没有就退回主办者" not in page.words(line)
    desk.post("/language/en")
    english = desk.look(both)
    assert "for the provider to settle; the host doesn’t see it" in english.text


def test_only_the_provider_s_own_is_not_sent_back(app, desk, only_ours):
    page = send_back(desk, only_ours)
    assert "没有了结的批注都是接入商自己的事" in page.text
    assert "先在那一项上批" in page.text
    with app.app_context():
        assert the_filing().state == "bureau_returned"
    page = press(desk, "/settle")
    assert "没有未了结的批注" in page.text
    assert "还没有批注" in send_back(desk, only_ours).text


def test_after_the_host_s_answer_the_provider_s_own_still_stands_before_acceptance(app, desk, both, host):
    send_back(desk, both)
    number = both.rpartition("/")[2]
    with app.app_context():
        (his,) = [mark.id for mark in marks.open_for_host(the_filing())]
    host.look(f"/filings/{number}/mend")
    press(host, "/mend", **{f"answer-{his}": "right", f"because-{his}": "这是我们的商标", "act": "submit"})
    desk.look(both)
    press(desk, "/take")
    page = press(desk, "/settle-all")
    said = page.words(page.one("section", class_="verdict"))
    assert "未了结 1 处" in said
    assert "退回 0 处" in said
    assert "还有批注没有了结" in press(desk, "/accept").text
    press(desk, "/settle")
    assert "初审已通过" in press(desk, "/accept").text


def test_a_remark_beside_the_provider_s_own_is_for_the_host(app, desk, both):
    with app.app_context():
        (other,) = [mark.id for mark in marks.unsettled(the_filing()) if mark.providers]
    page = desk.look(f"{both}?pen={SHEET}&again={other}")
    assert not page.words(page.one("textarea", name="message"))
    assert not page.all("input", name="again")
    press(desk, "/marks", message="核验单没有签名")
    assert "已退回主办者" in send_back(desk, both).text
    with app.app_context():
        assert sorted(mark.path for mark in marks.open_for_host(the_filing())) == sorted([NAME, SHEET])
