"""The pages around the review: the history of a filing, figures, address ranges, the link to the bureau."""

import datetime as dt

import pytest

from icp.extensions import begin_write, db
from icp.filings import verbs
from icp.filings.states import Actor, today
from icp.outbox.models import OutboxRow
from tests.client import XHTML
from tests.web.desk_cases import HOST, OTHERS, bureau_returned, code, drafts, returned, submitted


@pytest.fixture
def desk(signed_in):
    """A reviewer at the desk."""
    return signed_in("staff", "reviewer", name="许闻")


def cells(page, element=None):
    """The words of each cell of each row of a table, or of all tables."""
    rows = (e for e in (page.root if element is None else element).iter() if e.tag == f"{XHTML}tr")
    return [[page.words(cell) for cell in row] for row in rows]


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


# dashboard


@pytest.fixture
def supervisor(signed_in):
    """A supervisor at the desk."""
    return signed_in("staff", "supervisor", name="关岚")


def test_an_empty_dashboard(supervisor):
    page = supervisor.look("/desk/dashboard")
    assert "没有轮到我们的备案" in page.text
    assert "现在没有人在审" in page.text


def test_figures(app, supervisor, people):
    with app.app_context():
        me = Actor("staff", people("staff", "he@desk.example", "reviewer", name="何田"))
        verbs.take(submitted(OTHERS[0]).id, me)
        late = drafts.lock(submitted(OTHERS[1]).id)
        late.due_on = today() - dt.timedelta(days=2)
        db.session.commit()
        accepted = submitted(OTHERS[2])
        verbs.take(accepted.id, me)
        verbs.accept(accepted.id, me, 1)
        db.session.commit()
        returned(me, canned="R007")
        bureau_returned(company=OTHERS[3])
    page = supervisor.look("/desk/dashboard")
    rows = {row[0]: row[1:] for row in cells(page)}
    assert rows["待初审"] == ["1", "0", "1"]
    assert rows["初审中"] == ["1", "0", "0"]
    assert rows["管局退回"][0] == "1"
    assert next(row[-1] for head, row in rows.items() if head.startswith("R007")) == "1"
    assert (rows["何田"][0], rows["何田"][2:]) == ("1", ["1", "1"])
    figures = page.words(page.one("dl"))
    assert "已超时1 " in figures
    assert "67% 3 份首版里通过 2 份" in figures
    assert "0% 1 次结论里通过 0 次" in figures
    oldest = cells(page, page.all("tbody")[-2])[0]
    assert oldest[0] == OTHERS[1].answers("")["subject.name"]
    assert "超时" in oldest[-1]


@pytest.mark.parametrize("address", ["/desk/dashboard", "/desk/ranges", "/desk/bureau"])
def test_who_may_see_what_supervisors_see(signed_in, address):
    for role, status in {"reviewer": 403, "verifier": 403, "supervisor": 200, "administrator": 200}.items():
        assert signed_in("staff", role).get(address).status_code == status
    assert signed_in("host").get(address).status_code == 403
