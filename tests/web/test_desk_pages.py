"""The pages around the review: the history of a filing, figures, address ranges, the link to the bureau."""

import datetime as dt
import io

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.bureau import account as accounts
from icp.bureau.models import BureauRecord, Upload
from icp.extensions import begin_write, db, now
from icp.filings import notes, opening, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor, today
from icp.outbox.models import OutboxRow
from icp.register import verbs as register
from tests.client import XHTML
from tests.conftest import both_databases
from tests.unit.register.test_register import OURS, subject, website
from tests.web.desk_cases import HOST, OTHERS, bureau_returned, code, drafts, host_of, press, ready, returned, submitted


@pytest.fixture
def desk(signed_in):
    """A reviewer at the desk."""
    return signed_in("staff", "reviewer", name="许闻")


def cells(page, element=None):
    """The words of each cell of each row of a table, or of all tables."""
    rows = (e for e in (page.root if element is None else element).iter() if e.tag == f"{XHTML}tr")
    return [[page.words(cell) for cell in row] for row in rows]


def test_nobody_asks_a_person_for_a_legal_representative(app, desk):
    person = next(company for company in OTHERS if company.individual)
    with app.app_context():
        number = submitted(person).number
    assert "法定代表人姓名" not in desk.look(f"/desk/filings/{number}").text


def test_what_is_missing_or_another_role_s_is_told_in_the_desk_s_words(desk, signed_in):
    missing = desk.look("/desk/filings/BA-000101-0000-0", 404)
    assert "在待办或登记库里查" in missing.text
    assert "回到待办" in missing.text
    assert "请打电话" not in missing.text
    assert "请管理员改角色" in desk.look("/desk/provinces/350000", 403).text
    host = signed_in("host").look("/filings/BA-000101-0000-0", 404)
    assert "不在您的账号下" in host.text
    assert "请打电话" in host.text


def test_a_number_on_record_without_its_last_sign_is_found(app, desk):
    with app.app_context():
        filing = submitted()
        begin_write()
        found = subject(website("闽ICP备2026000001-1"), number="闽ICP备2026000001")
        register.record(found, filing_id=filing.id, our_isp_id=OURS)
        db.session.commit()
        number = filing.number
    for text in ("闽ICP备2026000001号", "闽icp备2026000001", "闽ICP备2026000001号-1"):
        assert number in desk.look("/desk/", query_string={"q": text}).text, text


# history


@both_databases
def test_the_history_tells_who_did_what(app, desk, people):
    with app.app_context():
        me = Actor("staff", people("staff", "he@desk.example", "reviewer", name="何田"))
        filing = returned(me)
        notes.write(filing, me, "电话里说下周来")
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
    assert "还没有发出" in told
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
        draft = opening.open_filing("new_filing", Actor("host", None), host_id=None).number
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


@both_databases
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


@both_databases
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


# the link to the bureau


@pytest.fixture
def link(app):
    """An account at the bureau."""
    with app.app_context():
        account = accounts.seed_account()
        db.session.commit()
        return account.id


def upload(filing, account_id, state="accepted", **more):
    row = Upload(
        account_id=account_id, sequence=7, file_name=f"{state}.xml", upload_group="XZBA", state=state, hash="x",
        sent_at=now(), **more,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add(BureauRecord(upload_id=row.id, position=0, filing_id=filing.id, revision=1, path="subject"))
    db.session.flush()
    return row


def test_a_link_nobody_has_used(supervisor):
    page = supervisor.look("/desk/bureau")
    assert "还没有账号" in page.text
    assert "没有要人处理的事" in page.text


def test_a_paused_account_with_its_alert_goes_on(app, supervisor, link):
    with app.app_context():
        begin_write()
        account = accounts.active_accounts()[0]
        account.name = "福建账号"
        accounts.stop(account, "code 5: wrong password")
        accounts.alert(link, "code_1045", "not of your province", "a.xml")
        db.session.commit()
    page = supervisor.look("/desk/bureau")
    assert "已停用" in page.text
    assert "有 2 件事要人处理" in page.text
    assert "管局返回代码，要我们处理" in page.text
    assert page.text.count("管局说密码不对。请核对管局账号设置") == 2  # the account's reason and the alert
    assert "接入商只能向所在省的管局报备。" in page.text
    assert "问题解决后，在上面账号“福建账号”处按“恢复”" in page.text
    supervisor.post("/language/en")
    page = supervisor.look("/desk/bureau")
    assert "The bureau says that the password is wrong." in page.text
    assert "press “Restore” at the account “福建账号” above" in page.text
    supervisor.post("/language/zh_Hans_CN")
    supervisor.look("/desk/bureau")
    press(supervisor, "/settle")
    assert "有 1 件事要人处理" in supervisor.page.text
    page = press(supervisor, "/resume")
    assert "没有要人处理的事" in page.text
    with app.app_context():
        assert accounts.active_accounts()[0].paused_reason == ""
        assert [e.verb for e in db.session.scalars(select(AuditEntry))] == ["settle_alert", "bureau_resume"]


def test_pausing_by_hand(app, supervisor, link):
    supervisor.look("/desk/bureau")
    assert "关岚 手动停用" in press(supervisor, "/pause").text
    assert supervisor.post(f"/desk/bureau/accounts/{link + 1}/pause").status_code == 404
    assert supervisor.post("/desk/bureau/alerts/99/settle").status_code == 404


@both_databases
def test_files_and_filings_on_their_way(app, supervisor, link, signed_in):
    with app.app_context():
        waiting = ready()
        doubtful = drafts.lock(ready(OTHERS[0]).id)
        verbs.report_started(doubtful)
        upload(doubtful, link, "unclear")
        upload(doubtful, link, "refused", reply_code=1045, reply_text="省份不符")
        db.session.commit()
        numbers = waiting.number, doubtful.number
    page = supervisor.look("/desk/bureau")
    lanes = page.words(page.all("ul", class_="lanes")[0])
    assert "待报送 1" in lanes
    assert "报送中 1" in lanes
    tables = {page.words(table[0]): cells(page, table)[1:] for table in page.all("table")}
    assert len(tables["送出没有回音的报文"]) == 1
    assert "没有回音，核实中" in tables["送出没有回音的报文"][0][5]
    assert "1045 省份不符" in tables["最近的报文"][0][5]
    assert [row[1] for row in tables["等着报出去的备案"]] == list(numbers)
    page = press(supervisor, f"/{numbers[0]}/resend")
    assert "已排队，马上再报" in page.text
    with app.app_context():
        assert db.session.query(OutboxRow).filter(OutboxRow.key.startswith("bureau.report.resend.")).count() == 1
    administrator = signed_in("staff", "administrator")
    page = administrator.look("/desk/bureau")
    assert [a for a in page.all("a") if "/desk/filings/" in a.get("href", "")] == []


def test_a_filing_that_has_left_is_not_reported_again(app, supervisor, link):
    with app.app_context():
        number = ready().number
    supervisor.look("/desk/bureau")
    with app.app_context():
        verbs.hold(db.session.scalars(select(Filing.id)).one(), Actor("staff", 1), "等材料")
        db.session.commit()
    assert "已经不在待报送" in press(supervisor, "/resend").text
    assert supervisor.post("/desk/bureau/filings/none/resend").status_code == 404
    assert number


def test_work_given_up_is_tried_again(app, supervisor):
    with app.app_context():
        filing = submitted()
        begin_write()
        row = db.session.query(OutboxRow).filter_by(kind="letter.submitted").one()
        row.failed_at, row.last_error, row_id = now(), "mailbox unavailable", row.id
        db.session.commit()
        assert filing.id
    page = supervisor.look("/desk/bureau")
    assert "mailbox unavailable" in page.text
    assert "mailbox unavailable" not in press(supervisor, "/restart").text
    assert supervisor.post(f"/desk/bureau/work/{row_id}/restart").status_code == 404
    with app.app_context():
        assert db.session.get(OutboxRow, row_id).failed_at is None


def test_areas_of_the_desk_by_role(signed_in):
    shown = {
        "reviewer": ["队列", "管局任务", "当面核验", "代为备案", "登记库"],
        "supervisor": ["队列", "管局任务", "当面核验", "代为备案", "登记库", "报送", "地址段", "代码表", "看板"],
        "administrator": ["登记库", "报送", "地址段", "代码表", "各省规则", "看板", "人员"],
    }
    for role, names in shown.items():
        page = signed_in("staff", role).look("/desk/" if role == "reviewer" else "/desk/dashboard")
        nav = next(nav for nav in page.all("nav") if "head__nav" in nav.get("class", ""))
        assert [page.words(a) for a in nav][:-1] == names
