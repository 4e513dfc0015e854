"""A task from opening to settling: once for the same matter, its states by the table, counted as it moves."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from icp.extensions import db
from icp.outbox.models import OutboxRow
from icp.tasks import answers, verbs
from icp.tasks.kinds import DETAILS, KINDS, LABELS, TRANSITIONS, Action, Kind, State
from icp.tasks.models import Task, TaskCount, TaskEvent
from icp.vocabulary.calendar import working_days_between
from tests.conftest import both_databases

UNFILED = answers.UnfiledAnswer(
    "a.example", 3405803800, 7, 8, "350000", "1", "已关停", "2026-11-01", "2026-11-04", "许闻", "0591-87654321", ""
)


@pytest.fixture
def staff(app_context, app, people):
    return people("staff", "xu@desk.example", "reviewer")


def opened(source="unfiled:1:5", content=None, kind=Kind.UNFILED_SITE, **more):
    return verbs.open(kind, source, {"domain": "a.example"} if content is None else content, **more)


def histories(task):
    return [(e.action, e.before, e.after, e.actor_kind) for e in verbs.events(task)]


def counted():
    return {(row.kind, row.state): row.tasks for row in db.session.scalars(select(TaskCount)) if row.tasks}


@both_databases
def test_the_same_matter_is_one_task(app_context):
    first = opened(download_id=3)
    assert opened(download_id=4) is first
    assert histories(first) == [("open", "", "open", "bureau")]
    again = opened(content={"domain": "a.example", "times": 2}, download_id=5)
    assert again is first
    assert first.content["times"] == 2
    assert histories(first)[1:] == [("again", "open", "open", "bureau")]
    assert opened("unfiled:1:6").id != first.id
    db.session.commit()
    assert counted() == {("unfiled_site", "open"): 2}
    assert verbs.unfinished() == 2


def test_what_is_settled_is_opened_anew_only_for_something_new(staff):
    task = opened()
    verbs.settle(task, "好")
    assert opened() is task
    fresh = opened(content={"domain": "b.example"})
    assert (fresh.id, fresh.source_no) != (task.id, task.source_no)
    assert fresh.source_no == 2
    verbs.settle(fresh)
    assert opened(content={"domain": "b.example"}, again=True).source_no == 3


def test_it_is_due_by_working_days(app_context):
    for kind in Kind:
        task = opened(f"{kind}:1", kind=kind)
        today = task.opened_at.astimezone(verbs.CHINA).date()
        assert working_days_between(today, task.due_on) == KINDS[kind].days
    assert opened("x", days=1).due_on > dt.date(2026, 1, 1)


def test_number_and_kinds_have_names(app_context):
    task = opened()
    assert task.number.startswith("RW-")
    assert verbs.by_number(task.number) is task
    assert set(KINDS) == set(Kind)
    assert set(LABELS) == set(State)
    assert all(DETAILS.values())


def test_an_answer_leaves_through_the_outbox_and_comes_back_refused(staff):
    task = opened()
    verbs.take(task, staff)
    verbs.answer(task, staff, answers.plain(UNFILED), "关停")
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "bureau.answer")).one()
    assert row.payload["task"] == task.id
    assert answers.read(task.kind, task.result) == UNFILED
    verbs.accepted(task)
    assert verbs.reopen(task, "5007 处理结果代码错误")
    assert not verbs.reopen(task, "again")
    assert (task.state, task.assignee_id) == ("open", None)
    assert [e[0] for e in histories(task)] == ["open", "take", "answer", "accepted", "reopen"]
    assert verbs.events(task)[-1].note.startswith("5007")
    verbs.take(task, staff)
    verbs.answer(task, staff, answers.plain(UNFILED))
    assert db.session.scalar(select(func.count()).where(OutboxRow.kind == "bureau.answer")) == 2
    assert verbs.settle(task, "1060")
    assert not verbs.settle(task)


def test_what_does_not_go_to_the_bureau_can_not_be_answered(staff):
    task = opened(kind=Kind.NOTICE)
    verbs.take(task, staff)
    with pytest.raises(verbs.NotPossible):
        verbs.answer(task, staff, {})
    verbs.tell_host(task, staff, "请在十日内办理变更")
    assert task.told_at
    assert db.session.scalars(select(OutboxRow)).one().kind == "letter.bureau_asks"
    verbs.close(task, staff, "主办者已改")
    assert task.state == "done"


def test_only_who_has_it_goes_on(staff, people):
    other = people("staff", "he@desk.example", "supervisor")
    task = opened()
    verbs.take(task, staff)
    for refused in (
        lambda: verbs.answer(task, other, {}),
        lambda: verbs.put_back(task, other),
        lambda: verbs.close(task, other),
        lambda: verbs.tell_host(task, other),
    ):
        with pytest.raises(verbs.NotYours):
            refused()
    with pytest.raises(verbs.NotPossible):
        verbs.take(task, other)
    verbs.put_back(task, staff)
    verbs.take(task, other)
    assert task.assignee_id == other


def test_personal_data_are_sealed(staff):
    task = opened(content={"mobile": "13900000000"})
    verbs.note(task, staff, "打了 13900000000")
    db.session.commit()
    row = db.session.execute(select(Task.__table__)).one()
    event = db.session.execute(select(TaskEvent.__table__).order_by(TaskEvent.id.desc())).first()
    assert b"13900000000" not in repr((row, event)).encode()
    assert verbs.events(task)[-1].note == "打了 13900000000"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(Action)), max_size=12))
def test_any_order_of_verbs_keeps_the_table_and_the_counts(staff, actions):
    db.session.rollback()
    task = opened()
    does = {
        Action.TAKE: lambda: verbs.take(task, staff),
        Action.PUT_BACK: lambda: verbs.put_back(task, staff),
        Action.ANSWER: lambda: verbs.answer(task, staff, {}),
        Action.CLOSE: lambda: verbs.close(task, staff),
        Action.TELL_HOST: lambda: verbs.tell_host(task, staff),
        Action.NOTE: lambda: verbs.note(task, staff, "x"),
        Action.SETTLE: lambda: verbs.settle(task),
        Action.REOPEN: lambda: verbs.reopen(task, "x"),
        Action.ACCEPTED: lambda: verbs.accepted(task),
    }
    for action in actions:
        before = State(task.state)
        try:
            does.get(action, lambda: None)()
        except verbs.NotPossible:
            assert (before, action) not in TRANSITIONS
        assert task.state == TRANSITIONS.get((before, action), before)
        assert counted() == {("unfiled_site", task.state): 1}
    db.session.rollback()
