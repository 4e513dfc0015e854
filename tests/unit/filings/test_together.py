"""Two people at the same moment: threads with sessions of their own, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import filing_cases as cases
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from icp.extensions import db
from icp.filings import drafts, marks, opening, revisions, states, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Event, Filing, Mark, StateCount
from icp.filings.states import Actor, NotAllowed, StaleRevision, State
from icp.outbox.models import OutboxRow
from tests.conftest import both_databases
from tests.waiting import until

NAME = "website[w1].name"
on_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)
Work = Callable[[], Any]


def together(app: Flask, *works: Work) -> list[Any]:
    """Run each in a thread of its own, begun at the same moment; what each gave or raised."""
    start = threading.Barrier(len(works))

    def run(work: Work) -> Any:
        with app.app_context():
            start.wait(30)
            try:
                found = work()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return error
            return found

    db.session.rollback()
    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result(60) for future in [threads.submit(run, work) for work in works]]


class Behind:
    """Runs work in a thread that has to wait for the transaction of this one (PostgreSQL)."""

    def __init__(self, app: Flask, work: Work) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.future: Future[Any] = self.pool.submit(self._run, app, work)
        until(self._waits, 30, "the other doesn't wait")

    def _run(self, app: Flask, work: Work) -> Any:
        with app.app_context():
            try:
                found = work()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return error
            return found

    def _waits(self) -> bool:
        if self.future.done():
            raise AssertionError(f"the other didn't wait: {self.future.result()!r}")
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with db.engine.connect() as connection:
            return bool(connection.execute(waiting).scalar())

    def result(self) -> Any:
        found = self.future.result(60)
        self.pool.shutdown()
        return found


def events(filing_id: int) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Event.action).where(Event.filing_id == filing_id).order_by(Event.id)))


def counters_are_in_step() -> bool:
    db.session.rollback()
    counted = db.session.execute(select(Filing.state, func.count()).group_by(Filing.state)).all()
    kept = db.session.execute(select(StateCount.state, StateCount.filings).where(StateCount.filings != 0)).all()
    return dict(map(tuple, counted)) == dict(map(tuple, kept))


@pytest.fixture
def second(site) -> Actor:
    return Actor("staff", cases.account("staff", "wen@desk.example", "reviewer"))


@both_databases
def test_of_reviewers_who_take_at_once_exactly_one_wins(site, draft, host, reviewer, second):
    verbs.submit(draft, host)
    db.session.commit()
    people = [reviewer, second] * 3
    found = together(site, *(lambda by=by: verbs.take(draft, by).assignee_id for by in people))
    won = [answer for answer in found if not isinstance(answer, Exception)]
    assert len(won) == 1
    assert all(isinstance(answer, NotAllowed) for answer in found if isinstance(answer, Exception)), found
    assert cases.filing_of(draft).assignee_id == won[0]
    assert events(draft) == ["open", "submit", "take"]
    assert counters_are_in_step()


@on_postgres
def test_who_comes_while_another_takes_is_told(site, draft, host, reviewer, second):
    verbs.submit(draft, host)
    db.session.commit()
    verbs.take(draft, reviewer)
    late = Behind(site, lambda: verbs.take(draft, second))
    db.session.commit()
    assert isinstance(late.result(), NotAllowed)
    assert cases.filing_of(draft).assignee_id == reviewer.account_id


@on_postgres
def test_a_taking_that_comes_to_nothing_leaves_the_filing_to_the_next(site, draft, host, reviewer, second):
    verbs.submit(draft, host)
    db.session.commit()
    verbs.take(draft, reviewer)
    late = Behind(site, lambda: verbs.take(draft, second).id)
    db.session.rollback()
    assert late.result() == draft
    assert cases.filing_of(draft).assignee_id == second.account_id
    assert counters_are_in_step()


@both_databases
def test_of_two_windows_that_save_one_field_one_is_told(site, draft, host):
    there = cases.HOST.website
    windows = [f"第{n}个窗口的名称" for n in "一二三四"]
    found = together(site, *(lambda typed=typed: drafts.save(draft, host, {NAME: (there, typed)}) for typed in windows))
    (kept,) = (saved.value for (saved,) in found if saved.conflict is None)
    assert cases.answers_of(draft).get(NAME) == kept
    assert [saved.conflict for (saved,) in found if saved.conflict is not None] == [kept] * 3


@both_databases
def test_windows_that_save_different_fields_lose_nothing(site, draft, host):
    changes = {
        NAME: "青梧手作文创馆",
        "website[w1].remark": "介绍手作课程",
        "subject.supervisor": "林夏知",
        "subject.principal.emergency_phone": "13600000099",
    }
    found = together(site, *(lambda p=p, v=v: drafts.save(draft, host, {p: (None, v)}) for p, v in changes.items()))
    assert not [answer for answer in found if isinstance(answer, Exception)]
    answers = cases.answers_of(draft)
    assert {path: answers.get(path) for path in changes} == changes


@both_databases
def test_rows_added_at_once_have_ids_of_their_own(site, draft, host):
    found = together(site, *[lambda: drafts.add_row(draft, host, "website")] * 4)
    assert sorted(found) == ["w2", "w3", "w4", "w5"]
    assert sorted(cases.answers_of(draft).rows("website")) == ["w1", "w2", "w3", "w4", "w5"]


@both_databases
def test_submitting_twice_at_once_freezes_one_revision(site, draft, host):
    found = together(site, *[lambda: verbs.submit(draft, host).number] * 3)
    assert sorted(map(str, found))[0] == "1"
    assert sum(isinstance(answer, NotAllowed) for answer in found) == 2, found
    assert cases.filing_of(draft).revision_no == 1
    assert events(draft) == ["open", "submit"]
    assert db.session.query(OutboxRow).filter_by(kind="letter.submitted").count() == 1


@both_databases
def test_what_is_saved_beside_a_submission_is_in_it_or_refused(site, draft, host):
    new = "青梧手作文创馆"
    submitted, saved = together(
        site, lambda: verbs.submit(draft, host).number, lambda: drafts.save(draft, host, {NAME: (None, new)})
    )
    assert submitted == 1
    frozen = revisions.newest(cases.filing_of(draft)).answers.get(NAME)
    if isinstance(saved, Exception):
        assert isinstance(saved, drafts.NotEditable)
        assert frozen == cases.HOST.website == cases.answers_of(draft).get(NAME)
    else:
        assert frozen == new == cases.answers_of(draft).get(NAME)


@both_databases
def test_the_host_withdraws_while_the_reviewer_decides(site, draft, host, reviewer):
    verbs.submit(draft, host)
    verbs.take(draft, reviewer)
    marks.put(cases.filing_of(draft), reviewer, reviewer_correction(NAME, "", "请改"))
    db.session.commit()
    found = together(site, lambda: verbs.withdraw(draft, host), lambda: verbs.send_back(draft, reviewer, 1))
    filing = cases.filing_of(draft)
    assert filing.state in ("draft", "returned")
    assert sum(isinstance(answer, Exception) for answer in found) == 1
    assert isinstance(next(a for a in found if a), (NotAllowed, verbs.NothingToSendBack))
    assert len(events(draft)) == 4
    assert bool(marks.open_for_host(filing)) is (filing.state == "returned")


@on_postgres
@pytest.mark.parametrize("what", ["answer", "unanswer"])
def test_an_answer_that_comes_behind_the_submission_is_refused(site, draft, host, reviewer, what):
    verbs.submit(draft, host)
    verbs.take(draft, reviewer)
    mark = marks.put(cases.filing_of(draft), reviewer, reviewer_correction(NAME, "", "请改")).id
    verbs.send_back(draft, reviewer, 1)
    marks.answer(cases.filing_of(draft), db.session.get_one(Mark, mark), "mended")
    db.session.commit()
    verbs.submit(draft, host)

    def second_window() -> None:
        filing, there = db.session.get_one(Filing, draft), db.session.get_one(Mark, mark)
        if what == "answer":
            marks.answer(filing, there, "right", "没有错")
        else:
            marks.unanswer(filing, there)

    late = Behind(site, second_window)
    db.session.commit()
    assert isinstance(late.result(), marks.MarkRefused)
    db.session.expire_all()
    assert db.session.get_one(Mark, mark).answer == "mended"


@on_postgres
def test_a_decision_on_a_revision_that_was_replaced_meanwhile_is_refused(site, draft, host, reviewer):
    """The reviewer's page is old by the time he decides: withdrawn, mended, submitted and taken again."""
    verbs.submit(draft, host)
    verbs.take(draft, reviewer)
    db.session.commit()
    verbs.withdraw(draft, host)
    verbs.submit(draft, host)
    verbs.take(draft, reviewer)
    late = Behind(site, lambda: verbs.accept(draft, reviewer, 1))
    db.session.commit()
    assert isinstance(late.result(), StaleRevision)
    assert cases.filing_of(draft).state == "in_review"


@both_databases
def test_the_first_filings_of_a_site_are_counted_together(site, host):
    """On a new site nobody has made the counters' rows yet."""
    db.session.query(StateCount).delete()
    db.session.commit()
    found = together(site, *[lambda: opening.open_filing("new_filing", host, host_id=None).id] * 4)
    assert not [answer for answer in found if isinstance(answer, Exception)], found
    assert len(set(found)) == 4
    assert states.counts()[State.DRAFT] == 4


@on_postgres
def test_the_first_to_enter_a_state_does_not_push_the_second_out(site, host):
    opening.open_filing("new_filing", host, host_id=None)
    late = Behind(site, lambda: opening.open_filing("new_filing", host, host_id=None).id)
    db.session.commit()
    assert isinstance(late.result(), int)
    assert states.counts()[State.DRAFT] == 2


@both_databases
def test_many_filings_move_at_once_and_the_counters_stay_in_step(site, host, reviewer, second):
    ids = [cases.submitted(host, None) for _ in range(4)]

    def handle(filing_id: int, by: Actor) -> str:
        verbs.take(filing_id, by)
        db.session.commit()
        verbs.accept(filing_id, by, 1)
        db.session.commit()
        verbs.withdraw(filing_id, host)
        db.session.commit()
        return cases.filing_of(filing_id).state

    people = [reviewer, second] * 2
    found = together(site, *(lambda f=f, by=by: handle(f, by) for f, by in zip(ids, people, strict=True)))
    assert found == ["draft"] * 4
    assert counters_are_in_step()
    assert states.counts()[State.DRAFT] == 4
