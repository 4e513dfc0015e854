"""Answers to the bureau's tasks on their way: each leaves once, and what the bureau says of it reaches the task."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau.codec import xml
from icp.bureau.models import BureauRecord, Upload
from icp.extensions import db, now
from icp.outbox.models import OutboxRow
from icp.tasks import answers, verbs
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from tests.bureau.exchange_cases import account, alerts, bajg, member, uploads, work
from tests.bureau.gateway_filing import ready
from tests.bureau.test_task_builders import MATERIAL, UNFILED


def answered(kind: Kind = Kind.UNFILED_SITE, answer=UNFILED) -> int:
    """A task somebody has answered; committed."""
    person = member(f"p{db.session.query(Task).count()}@desk.example", "reviewer")
    task = verbs.open(kind, f"case {person}", {"id": 1})
    verbs.take(task, person)
    verbs.answer(task, person, answers.plain(answer))
    db.session.commit()
    return task.id


def task_state(task_id: int) -> str:
    db.session.expire_all()
    return db.session.get_one(Task, task_id).state


def test_an_answer_leaves_in_a_file_of_its_own(site, remote):
    task_id = answered()
    while work():
        pass
    ((_, _, text),) = remote.taken
    root = xml.parse(text.encode("gbk"))
    assert xml.text_of(root, "ICP/WBACLJG/Clxx/Ym") == "weibei.example"
    (record,) = db.session.scalars(select(BureauRecord))
    assert (record.task_id, record.filing_id, record.operation_type) == (task_id, None, "")
    assert [e.action for e in verbs.events(db.session.get_one(Task, task_id))][-1] == "accepted"
    assert task_state(task_id) == "answered"


@pytest.mark.parametrize("trouble", ["after", "lose"])
def test_an_answer_without_a_reply_reaches_the_bureau_once(site, remote, trouble):
    answered()
    remote.trouble("isp_upload", trouble)
    work()
    assert uploads() == [(1, "unclear")]
    while work():
        pass
    assert uploads() == [(1, "accepted")]
    assert len(remote.taken) == 1


def test_an_answer_in_doubt_is_seen_to_by_the_next_report(site, remote):
    answered()
    remote.trouble("isp_upload", "after")
    work()
    filing = ready()
    db.session.query(OutboxRow).filter_by(kind="bureau.answer").update({"done_at": now()})
    db.session.commit()
    while work():
        pass
    assert [sequence for sequence, _, _ in remote.taken] == [1, 2]
    assert db.session.scalars(select(BureauRecord.filing_id).order_by(BureauRecord.id)).all() == [None, filing.id]


def test_material_is_done_when_every_picture_is_stored(site, remote):
    task_id = answered(Kind.MATERIAL, MATERIAL)
    while work():
        pass
    stored = "<Jg_xx><Jgxx><Jgdm>1060</Jgdm></Jgxx><Czlx>35</Czlx><Bs>{}</Bs></Jg_xx>"
    keys = db.session.scalars(select(BureauRecord.record_key).order_by(BureauRecord.position)).all()
    assert len(keys) == 2
    remote.offer("1.xml", bajg(stored.format(keys[0])))
    bureau.poll()
    assert task_state(task_id) == "answered"
    remote.offer("2.xml", bajg(stored.format(keys[1])))
    bureau.poll()
    assert task_state(task_id) == "done"
    assert alerts() == []


def test_a_refused_answer_is_to_be_answered_anew(site, remote):
    task_id = answered()
    while work():
        pass
    text = "<Jg_xx><Jgxx><Jgdm>5007</Jgdm><Dmms>代码错误</Dmms></Jgxx><Czlx>1</Czlx><Bs>weibei.example</Bs></Jg_xx>"
    remote.offer("1.xml", bajg(text))
    bureau.poll()
    assert task_state(task_id) == "open"
    task, person = verbs.lock(task_id), member("xu@desk.example", "reviewer")
    verbs.take(task, person)
    verbs.answer(task, person, answers.plain(UNFILED))
    db.session.commit()
    while work():
        pass
    assert len(remote.taken) == 2


def test_an_answer_our_own_check_refuses_comes_back(site, remote):
    task_id = answered(answer=replace(UNFILED, opinion="字" * 300))
    while work():
        pass
    assert remote.taken == []
    assert task_state(task_id) == "open"


def test_an_answer_refused_with_its_file_is_sent_again_when_it_was_our_fault(site, remote):
    task_id = answered()
    while work():
        pass
    (upload,) = db.session.scalars(select(Upload))
    text = f"<Jg_xx><Jgxx><Jgdm>5004</Jgdm><Dmms>{upload.file_name}</Dmms></Jgxx><Czlx>1</Czlx></Jg_xx>"
    remote.offer("1.xml", bajg(text))
    bureau.poll()
    assert site.test_cli_runner().invoke(args=["bureau", "resume", str(account().id)]).exit_code == 0
    while work():
        pass
    assert len(remote.taken) == 2
    assert task_state(task_id) == "answered"
