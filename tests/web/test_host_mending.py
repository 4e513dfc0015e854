"""Journeys of hosts whose filing was sent back: only what was marked, an answer to each mark, submitted again."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts, marks, verbs
from icp.filings.models import Filing, Mark
from icp.filings.states import Actor
from tests.web import desk_cases
from tests.web.desk_cases import HOST


@pytest.fixture
def sent_back(app, people):
    """A filing with marks at the address and at the website's name, and its host's browser."""
    with app.app_context():
        reviewer = Actor("staff", people("staff", "xu@desk.example", "reviewer", name="许闻"))
        filing = desk_cases.returned(reviewer, (desk_cases.ADDRESS, "门牌没有写全"), (desk_cases.NAME, "看不出联系"))
        number, account = filing.number, desk_cases.host_of(HOST).account_id
        found = [mark.id for mark in marks.open_for_host(filing)]
    client = app.test_client().sign_in(account)
    client.id, client.number, client.marks = account, number, found
    return client


def mend(host, status, **typed):
    host.look(f"/filings/{host.number}/mend")
    form = next(form for form in host.page.all("form") if form.get("action", "").endswith("/mend"))
    values = {name: value for name, value in host.page.form_values(form).items() if name != "act"}
    return host.send(f"/filings/{host.number}/mend", {**values, **typed}, status)


def test_only_what_was_marked_is_shown_with_its_reason(sent_back):
    page = sent_back.look(f"/filings/{sent_back.number}")
    assert "还有 2 处要处理" in page.words(page.one("h1"))
    assert "门牌没有写全" in page.text
    assert page.all("input", id="subject-mailing_address")
    assert not page.all("input", id="subject-name")


def test_each_mark_wants_an_answer_before_it_is_submitted_again(app, sent_back):
    first, second = sent_back.marks
    unchanged = mend(sent_back, 422, **{f"answer-{first}": "mended", f"answer-{second}": "", "act": "submit"})
    assert "还没有改" in unchanged.text
    silent = mend(sent_back, 422, **{f"answer-{first}": "right", f"because-{first}": " ", "act": "save"})
    assert "请写一句为什么是对的" in silent.text
    new = "示例路18号青梧大厦7层701室"
    typed = {desk_cases.ADDRESS: new, f"answer-{first}": "mended", f"answer-{second}": ""}
    page = mend(sent_back, 422, **typed, act="submit")
    assert "还有 1 处没有回答" in page.text
    assert new in page.text
    typed = {f"answer-{second}": "right", f"because-{second}": "这是我们的商标", "act": "submit"}
    page = mend(sent_back, 200, **typed)
    assert "核验员会先看这一份" in page.text
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert (filing.state, filing.revision_no, filing.resubmitted) == ("submitted", 2, True)
        assert [mark.because for mark in marks.of_filing(filing)] == [None, "这是我们的商标"]
    assert "原" not in sent_back.look(f"/filings/{sent_back.number}/revisions/1").one("h1").text
    assert new in sent_back.look(f"/filings/{sent_back.number}/revisions/2").text


def test_a_suggestion_is_taken_with_one_press(app, sent_back):
    second = sent_back.marks[1]
    with app.app_context():
        mark = db.session.get(Mark, second)
        mark.text = {**mark.text, "suggestion": "青梧文创"}
        db.session.commit()
    page = sent_back.look(f"/filings/{sent_back.number}/mend")
    button = page.one("button", name="take")
    page = mend(sent_back, 200, take=button.get("value"))
    assert "已改为“青梧文创”" in page.words(page.one("section", id=f"m{second}"))
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert drafts.read(filing.id).answers.get(desk_cases.NAME) == "青梧文创"
        assert [mark.id for mark in marks.unanswered(filing)] == sent_back.marks[:1]


def test_an_answer_can_be_taken_back(app, sent_back):
    first, second = sent_back.marks
    mend(
        sent_back,
        200,
        **{f"answer-{first}": "right", f"because-{first}": "门牌只到这里", f"answer-{second}": "", "act": "save"},
    )
    page = sent_back.look(f"/filings/{sent_back.number}/mend")
    again = next(b for b in page.all("button") if b.get("formaction"))
    sent_back.send(again.get("formaction"))
    with app.app_context():
        assert len(marks.unanswered(db.session.scalars(select(Filing)).one())) == 2


def test_a_mark_of_another_filing_cannot_be_touched(app, sent_back, signed_in):
    other = signed_in("host", email="other@qingwu.example")
    other.look("/help")
    assert other.post(f"/filings/{sent_back.number}/mend/{sent_back.marks[0]}/again").status_code == 404


def test_marks_are_not_shown_before_the_review_is_sent(app, people):
    with app.app_context():
        reviewer = Actor("staff", people("staff", "xu@desk.example", "reviewer", name="许闻"))
        filing = desk_cases.submitted()
        verbs.take(filing.id, reviewer)
        marks.put(filing, reviewer, marks.reviewer_correction(desk_cases.NAME, "", "看不出联系"))
        db.session.commit()
        number, account = filing.number, desk_cases.host_of(HOST).account_id
    page = app.test_client().sign_in(account).look(f"/filings/{number}")
    assert "看不出联系" not in page.text
    assert "初审" in page.words(page.one("h1"))
