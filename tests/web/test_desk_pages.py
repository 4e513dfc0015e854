"""The pages around the review: the history of a filing, figures, address ranges, the link to the bureau."""

import datetime as dt
import io

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import begin_write, db
from icp.filings import verbs
from icp.filings.states import Actor, today
from icp.outbox.models import OutboxRow
from tests.client import XHTML
from tests.web.desk_cases import HOST, OTHERS, bureau_returned, code, drafts, host_of, returned, submitted


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


# ranges


def csv(*lines, head="first,last,server_location,access_method,customer_email,label", encoding="utf-8"):
    return {"file": (io.BytesIO("\r\n".join([head, *lines]).encode(encoding)), "ranges.csv")}


def test_ranges_are_imported_shown_and_found(app, supervisor):
    assert "还没有导入地址段" in supervisor.look("/desk/ranges").text
    with app.app_context():
        begin_write()
        host_of(HOST)
        db.session.commit()
    lines = (
        "203.0.113.0,203.0.113.127,4,3,,共享",
        f"203.0.113.200,,4,3,{HOST.email.upper()},独享",
        "198.51.100.7,,,,a@b.example,",
    )
    page = supervisor.send("/desk/ranges", csv(*lines, encoding="gb18030"))
    assert "已导入 3 段" in page.text
    table = cells(page, page.all("table")[0])[1:]
    assert [row[0] for row in table] == ["198.51.100.7", "203.0.113.0-203.0.113.127", "203.0.113.200"]
    assert [row[1] for row in table] == ["还没有账号的客户", "不限", f"{HOST.principal} q***@host.example"]
    assert table[1][4] == "共享"
    for text, found in {"203.0.113.24": [1], HOST.email: [2], "198.51.100.8": [], "nobody@host.example": []}.items():
        page = supervisor.look("/desk/ranges", query_string={"q": text})
        rows = cells(page, page.all("table")[0])[1:] if found else []
        assert rows == [table[n] for n in found]
        assert found or "没有这样的地址段" in page.text
    assert "不是 IPv4 地址，也不是邮箱" in supervisor.look("/desk/ranges?q=203.0.113").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.details) == ("import_ranges", {"ranges": 3})


def test_bad_lines_are_told_at_their_number_and_nothing_changes(supervisor):
    supervisor.look("/desk/ranges")
    supervisor.send("/desk/ranges", csv("203.0.113.0,203.0.113.127,4,3,,"))
    bad = (
        "203.0.113.1,,4,3,,",
        "203.0.113.300,,4,3,,",
        "203.0.113.9,203.0.113.1,4,3,,",
        "203.0.113.9,,77,3,,",
        ",,,,,",
    )
    page = supervisor.send("/desk/ranges", csv(*bad), 422)
    told = cells(page, page.all("table")[-1])[1:]
    assert [row[0] for row in told] == ["3", "4", "5", "6"]
    assert "203.0.113.300" in told[0][1]
    assert "之前" in told[1][1]
    assert "77" in told[2][1]
    assert "203.0.113.0-203.0.113.127" in supervisor.look("/desk/ranges").text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({}, "选一份 CSV 文件"),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "a.csv")}, "选一份 CSV 文件"),
        (csv(head="start,end"), "缺少 first"),
        (csv(), "没有地址段"),
    ],
)
def test_files_that_are_none(supervisor, file, words):
    supervisor.look("/desk/ranges")
    assert words in supervisor.send("/desk/ranges", file, 422).text
