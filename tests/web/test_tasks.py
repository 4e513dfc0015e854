"""Tasks at the desk: the list, one task, taking, noting, telling the host, settling."""

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import db
from icp.outbox.models import OutboxRow
from icp.register import verbs as register
from icp.tasks import verbs, words
from icp.tasks.kinds import Kind
from icp.tasks.models import Task, TaskEvent
from tests.unit.register.test_register import OURS, subject
from tests.web.desk_cases import press

NOTICE = {
    "kind": "0",
    "number": "闽ICP备2026000001号",
    "bureau_id": 100,
    "text": "负责人电话无法接通，请更正",
    "remark": "",
}


@pytest.fixture
def desk(signed_in):
    return signed_in("staff", "reviewer", name="许闻")


@pytest.fixture
def task(app):
    """A notice to a subject on record; gives its number."""
    with app.app_context():
        found = register.record(subject(), filing_id=None, our_isp_id=OURS)
        number = verbs.open(
            Kind.NOTICE, "notice:1:x", NOTICE, subject=found, detail="subject_data", download_id=1
        ).number
        db.session.commit()
        return number


def test_an_empty_list_says_so(desk):
    page = desk.look("/desk/tasks")
    assert "这里没有任务" in page.text
    assert not [a for a in page.all("a", href="/desk/tasks") if "1" in page.words(a)]


def test_the_list_is_filtered_by_lane_kind_and_due_time(app, desk, task):
    page = desk.look("/desk/tasks")
    assert task in page.text
    (link,) = page.all("a", href="/desk/tasks")
    assert page.words(link) == "管局任务 1"
    for query, there in (
        ("kind=notice", True),
        ("kind=verify", False),
        ("due=late", False),
        ("due=soon", False),
        ("lane=done", False),
        ("mine=1", False),
    ):
        assert (task in desk.look(f"/desk/tasks?{query}").text) is there, query
    for query in ("lane=none", "kind=none", "after=x"):
        desk.look(f"/desk/tasks?{query}", 404)


def test_pages_go_on_where_the_last_ended(app, desk):
    with app.app_context():
        for n in range(55):
            verbs.open(Kind.UNFILED_SITE, f"unfiled:{n}", {}, domain=f"d{n}.example", days=1 + n % 2)
        db.session.commit()
    seen = []
    address = "/desk/tasks?kind=unfiled_site"
    while address:
        page = desk.look(address)
        seen += [page.words(a) for a in page.all("a") if a.get("href", "").startswith("/desk/tasks/RW-")]
        address = next((a.get("href") for a in page.all("a", rel="next")), "")
    assert len(seen) == len(set(seen)) == 55


def test_one_task_says_what_the_bureau_says_and_what_is_on_record(app, desk, task):
    page = desk.look(f"/desk/tasks/{task}")
    words = page.words(page.one("main"))
    assert "整改通知 · 主体信息待改" in words
    assert "负责人电话无法接通" in words
    assert "福州青梧文创有限公司" in words
    assert "qingwu.example" in words
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.verb)).all() == ["open_task"]
    desk.look("/desk/tasks/none", 404)


def test_from_taking_to_settling(app, desk, task):
    desk.look(f"/desk/tasks/{task}")
    press(desk, "/take")
    assert "放回" in desk.page.text
    press(desk, "/note", 422, note="  ")
    press(desk, "/note", note="电话打不通")
    press(desk, "/tell", text="请尽快办理变更")
    assert "信已排队" in desk.page.text
    press(desk, "/close", 422, words="")
    assert "要写一句" in desk.page.text
    press(desk, "/close", words="主办者已改")
    assert "已办结" in desk.page.text
    with app.app_context():
        row = db.session.scalars(select(OutboxRow)).one()
        assert row.kind == "letter.bureau_asks"
        assert row.payload["text"] == "请尽快办理变更"
        found = db.session.scalars(select(Task)).one()
        assert [e.action for e in verbs.events(found)] == ["open", "take", "note", "tell_host", "close"]


def test_what_somebody_else_has_stays_his(app, desk, task, signed_in):
    other = signed_in("staff", "supervisor")
    other.look(f"/desk/tasks/{task}")
    press(other, "/take")
    desk.look(f"/desk/tasks/{task}")
    assert "supervisor 在办" in desk.page.words()
    desk.send(f"/desk/tasks/{task}/put-back")
    assert "在别人手上" in desk.page.text
    desk.send(f"/desk/tasks/{task}/take")
    assert "情况已经变了" in desk.page.text


def test_what_the_machine_wrote_is_told_in_the_readers_language_with_a_link(app, desk, task):
    desk.look(f"/desk/tasks/{task}")
    number = desk.post(f"/desk/tasks/{task}/change").location.rpartition("/")[2]
    page = desk.look(f"/desk/tasks/{task}")
    assert page.one("a", href=f"/filings/{number}").text == number
    assert f"代办变更 {number}" in page.words()
    desk.post("/language/en")
    page = desk.look(f"/desk/tasks/{task}")
    history = page.one("section", **{"aria-labelledby": "history"})
    assert f"Open a change on behalf {number}" in page.words(history)
    assert "代办变更" not in page.text


def test_a_verdict_is_told_in_the_readers_language(app):
    said = {}
    for language in ("zh", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            event = TaskEvent(task_id=1, action="answer", before="taken", after="answered", actor_kind="staff")
            event.note = {"verdict": "不通过", "words": "电话不通"}
            said[language] = words.note_of(event)
    assert said == {"zh": "不通过：电话不通", "en": "Refused: 电话不通"}
