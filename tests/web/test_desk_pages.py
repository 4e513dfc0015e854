"""The pages around the review: the history of a filing, figures, address ranges, the link to the bureau."""

import pytest

from icp.extensions import begin_write, db
from icp.filings import verbs
from icp.filings.states import Actor
from icp.outbox.models import OutboxRow
from tests.web.desk_cases import HOST, bureau_returned, code, drafts, returned, submitted


@pytest.fixture
def desk(signed_in):
    """A reviewer at the desk."""
    return signed_in("staff", "reviewer", name="许闻")


# history


def test_the_history_tells_who_did_what(app, desk, people):
    with app.app_context():
        me = Actor("staff", people("staff", "he@desk.example", "reviewer", name="何田"))
        filing = returned(me)
        verbs.write_note(filing, me, "电话里说下周来")
        db.session.commit()
        number = filing.number
    page = desk.look(f"/desk/filings/{number}")
    assert any(a.get("href") == f"/desk/filings/{number}/history" for a in page.all("a"))
    page = desk.look(f"/desk/filings/{number}/history")
    rows = [page.words(row) for row in page.one("tbody").iter() if row.tag.endswith("}tr")]
    told = " | ".join(reversed(rows))
    order = ("开始填写", "取来审", "退回主办者", "电话里说下周来")
    assert [told.index(words) for words in order] == sorted(told.index(words) for words in order)
    assert f"主办者 · {HOST.principal}" in told
    assert "接入商 · 何田" in told
    assert "定稿第 1 版" in told
    assert "信：请修改" in told
    assert "退回修改" in page.words(page.one("section", class_="docket"))


def test_the_history_tells_the_bureaus_words_and_what_failed(app, desk):
    with app.app_context():
        filing = bureau_returned(code(), opinion="网站名称含“教育”")
        begin_write()
        row = db.session.query(OutboxRow).filter_by(filing_id=filing.id, kind="letter.bureau_returned").one()
        row.failed_at, row.last_error = row.created_at, "mailbox unavailable"
        db.session.commit()
        number = filing.number
    page = desk.look(f"/desk/filings/{number}/history")
    assert "管局审核退回" in page.text
    assert "网站名称含“教育”" in page.words()
    assert "mailbox unavailable" in page.text
    assert "没有成" in page.text


def test_no_history_of_drafts(app, desk, signed_in):
    with app.app_context():
        begin_write()
        draft = drafts.open_filing("new_filing", Actor("host", None), host_id=None).number
        number = submitted().number
        db.session.commit()
    assert desk.get(f"/desk/filings/{draft}/history").status_code == 404
    assert signed_in("staff", "verifier").get(f"/desk/filings/{number}/history").status_code == 403
