"""What the bureau asks of a host: only what he was told of, only of his subjects, answered in his words."""

import pytest
from sqlalchemy import select

from icp import letters as post
from icp import outbox
from icp.accounts.models import Account
from icp.extensions import db
from icp.register import verbs as register
from icp.register.models import Subject
from icp.tasks import verbs
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from tests.unit.register.test_register import OURS, subject
from tests.web.desk_cases import press

FOUND = {
    "number": "闽ICP备2026000001号-1",
    "result": "1",
    "checked": "2030-01-01",
    "remark": "首页打不开",
    "website_id": 7,
}


@pytest.fixture
def host(app, signed_in):
    client = signed_in("host", email="lin@qingwu.example", name="林知夏")
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        found = register.record(subject(), filing_id=None, our_isp_id=OURS)
        register.belongs_to(found, account.id)
        db.session.commit()
    return client


def opened(kind=Kind.CHECK_RESULT, source="1", **more):
    found = db.session.scalars(select(Subject)).one()
    task = verbs.open(kind, source, FOUND, subject=found, website=found.websites[0], download_id=1, **more)
    db.session.commit()
    return task


def told(task, by, text="请一周内恢复"):
    verbs.take(verbs.lock(task.id), by)
    verbs.tell_host(task, by, text)
    db.session.commit()


def send_all():
    while (claim := outbox.claim(["letter."], 60)) is not None:
        post.send(claim)


def test_nothing_to_do_says_so(host):
    assert "现在没有要您办的事" in host.look("/tasks").text


def test_he_sees_what_he_was_told_of_and_answers(app, host, people):
    with app.app_context():
        staff = people("staff", "xu@desk.example", "reviewer")
        task = opened(detail="shell")
        opened(Kind.VERIFY, "2")
        number = task.number
    assert number not in host.look("/tasks").text
    with app.app_context():
        told(db.session.scalars(select(Task).where(Task.number == number)).one(), staff)
    page = host.look("/tasks")
    assert "空壳网站" in page.text
    assert "首页打不开" in page.text
    assert "RW-" in page.text
    press(host, "/reply", 422, reply=" ")
    assert "还没有写" in host.page.text
    press(host, "/reply", reply="服务器已恢复")
    assert "服务器已恢复" in host.page.text
    with app.app_context():
        event = verbs.events(db.session.scalars(select(Task).where(Task.number == number)).one())[-1]
        assert (event.action, event.actor_kind, event.note) == ("host_says", "host", "服务器已恢复")


def test_what_is_another_hosts_is_not_there(app, host, people, signed_in):
    with app.app_context():
        staff = people("staff", "xu@desk.example", "reviewer")
        task = opened()
        told(task, staff)
        number = task.number
    other = signed_in("host", email="other@mubai.example")
    assert number not in other.look("/tasks").text
    other.send(f"/tasks/{number}/reply", {"reply": "x"}, 404)
    host.send("/tasks/none/reply", {"reply": "x"}, 404)


def test_the_letter_says_the_bureaus_words_and_until_when(app, host, people, letters):
    with app.app_context():
        told(opened(detail="liveness"), people("staff", "xu@desk.example", "reviewer"))
        send_all()
    (letter,) = letters("lin@qingwu.example")
    text = letter.get_body(("plain",)).get_content()
    assert "管局要求核对备案" in letter["Subject"]
    for words in ("网站存活核查", "首页打不开", "请一周内恢复", "闽ICP备2026000001号-1", "/tasks"):
        assert words in text
    assert "91350100M000100Y43" not in text


@pytest.mark.parametrize(("kind", "words"), [("0", "主体和它名下的网站"), ("1", "网站"), ("2", "接入")])
def test_the_letter_of_a_cancellation(app, host, letters, kind, words):
    about = {"kind": kind, "name": "青梧", "number": "闽ICP备2026000001号-1", "remark": "长期未接入"}
    with app.app_context():
        about["subject_id"] = db.session.scalars(select(Subject.id)).one()
        outbox.put("letter.cancelled", "letter.cancelled.1", payload=about)
        outbox.put("letter.cancelled", "letter.cancelled.2", payload={**about, "subject_id": None})
        db.session.commit()
        send_all()
    (letter,) = letters()
    text = letter.get_body(("plain",)).get_content()
    assert words in text
    assert "长期未接入" in text
    assert "闽ICP备2026000001号-1" in text
