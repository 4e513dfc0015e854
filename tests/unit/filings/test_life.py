"""Whatever anybody does to filings, in whatever order: the table, the history and the counters stay true."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import filing_cases as cases
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Table, select

from icp.accounts.second_person import SamePerson
from icp.extensions import db
from icp.filings import drafts, ended, marks, states, verbs
from icp.filings.behalf import FilledInByHim
from icp.filings.drafts import lock
from icp.filings.marks import MarkRefused, reviewer_correction
from icp.filings.models import Draft, Event, Filing, Mark, Revision, StateCount
from icp.filings.states import (
    AFTER,
    BUREAU,
    EFFECTS,
    TRANSITIONS,
    WORKER,
    Action,
    Actor,
    NotAllowed,
    StaleRevision,
    State,
)
from icp.outbox.models import OutboxRow
from tests.conftest import both_databases

NAME = "website[w1].name"
NAMES = ("青梧文创手作馆", "青梧手作文创馆", "青梧文创体验馆")
Verb = Callable[[int, Actor, int], object]
MARK = reviewer_correction(NAME, "R043", "名称和内容不符", "请改")
SUBMITS = (verbs.NotReady, verbs.Unanswered)


@dataclass(frozen=True)
class Act:
    """A verb, the action it means, and for which reasons it may be refused though the table has a place for it."""

    action: Action
    do: Verb
    reasons: tuple[type[Exception], ...] = ()
    looks: bool = False
    """Whether it decides about a revision that was looked at."""


ACTS = {
    "submit": Act(Action.SUBMIT, lambda f, by, n: verbs.submit(f, by), SUBMITS),
    "withdraw": Act(Action.WITHDRAW, lambda f, by, n: verbs.withdraw(f, by)),
    "abandon": Act(Action.ABANDON, lambda f, by, n: verbs.abandon(f, by)),
    "expire": Act(Action.EXPIRE, lambda f, by, n: verbs.expire(f)),
    "take": Act(Action.TAKE, lambda f, by, n: verbs.take(f, by)),
    "put_back": Act(Action.PUT_BACK, lambda f, by, n: verbs.put_back(f, by)),
    "send_back": Act(Action.SEND_BACK, lambda f, by, n: verbs.send_back(f, by, n), (verbs.NothingToSendBack,), True),
    "accept": Act(Action.ACCEPT, lambda f, by, n: verbs.accept(f, by, n), (verbs.MarksOpen, FilledInByHim), True),
    "verified": Act(Action.VERIFIED, lambda f, by, n: verbs.verified(f, by)),
    "hold": Act(Action.HOLD, lambda f, by, n: verbs.hold(f, by, "等通知")),
    "release": Act(Action.RELEASE, lambda f, by, n: verbs.release(f, by), (SamePerson,)),
    "recall": Act(Action.RECALL, lambda f, by, n: verbs.recall(f, by, "再看一遍"), (SamePerson,)),
    "report": Act(Action.REPORT, lambda f, by, n: verbs.report_started(lock(f))),
    "lapsed": Act(Action.LAPSED, lambda f, by, n: ended.back_to_review(lock(f), [MARK])),
    "schema": Act(Action.SCHEMA_REFUSED, lambda f, by, n: verbs.schema_refused(lock(f), [MARK])),
    "file_refused": Act(Action.FILE_REFUSED, lambda f, by, n: verbs.file_refused(lock(f), "5001")),
    "taken": Act(Action.TAKEN, lambda f, by, n: states.move(lock(f), Action.TAKEN, WORKER)),
    "rejected": Act(Action.REJECTED, lambda f, by, n: verbs.bureau_returned(lock(f), [MARK], "不行")),
    "refused": Act(Action.REFUSED, lambda f, by, n: verbs.bureau_returned(lock(f), [MARK], rejected=False)),
    "approved": Act(Action.APPROVED, lambda f, by, n: verbs.approved(lock(f))),
    "corrected": Act(Action.CORRECTED, lambda f, by, n: verbs.corrected(f, by, n), (verbs.NotReady,), True),
    "corrected_anew": Act(
        Action.CORRECTED_ANEW, lambda f, by, n: verbs.corrected(f, by, n, sign_anew=True), (verbs.NotReady,), True
    ),
    **{
        action: Act(action, lambda f, by, n, action=action: states.move(lock(f), action, by, seen_revision=n), (), True)
        for action in (Action.QUEUE, Action.UNQUEUE, Action.TAKEN_AWAITING_SMS, Action.SMS_DONE, Action.SMS_TIMED_OUT)
    },
}


WAY = ("submit", "take", "accept", "verified", "report", "taken", "rejected", "corrected")
"""The long way, so that walks begin anywhere on it."""


@dataclass
class Seen:
    """Everything the database holds of some filings."""

    filings: dict[int, Any]
    revisions: dict[tuple[int, int], Any]
    events: dict[int, Any]
    outbox: dict[str, Any]
    drafts: dict[int, Any]
    marks: dict[int, Any]


def look(ids: list[int]) -> Seen:
    def rows(model: type[Any], column: Any) -> list[Any]:
        table: Table = model.__table__
        return list(db.session.execute(select(table).where(column.in_(ids)).order_by(table.c[0])).all())

    db.session.rollback()
    found = Seen(
        {row.id: row for row in rows(Filing, Filing.id)},
        {(row.filing_id, row.number): row for row in rows(Revision, Revision.filing_id)},
        {row.id: row for row in sorted(rows(Event, Event.filing_id), key=lambda row: row.id)},
        {row.key: row for row in rows(OutboxRow, OutboxRow.filing_id)},
        {row.filing_id: row.sealed for row in rows(Draft, Draft.filing_id)},
        {row.id: row for row in rows(Mark, Mark.filing_id)},
    )
    db.session.rollback()
    return found


class Life(RuleBasedStateMachine):
    people: tuple[Actor, ...] = ()
    host: Actor

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[int] = []
        self.seen = look([])

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.ids), "filing")

    def state(self, filing_id: int) -> State:
        return State(self.seen.filings[filing_id].state)

    @precondition(lambda self: len(self.ids) < 2)
    @rule(by=st.sampled_from(["host", "staff"]), far=st.integers(0, len(WAY)))
    def opens(self, by: str, far: int) -> None:
        self.ids.append(cases.draft(self.host if by == "host" else self.people[1], self.host.account_id))
        self.seen = look(self.ids)
        assert [e.action for e in self.seen.events.values() if e.filing_id == self.ids[-1]] == ["open"]
        for name in WAY[:far]:
            self.tries(self.ids[-1], name, self.people[1], 0)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def does_what_the_table_allows(self, data: st.DataObject) -> None:
        filing_id = self.one(data)
        possible = [name for name, act in ACTS.items() if (self.state(filing_id), act.action) in TRANSITIONS]
        if possible:
            self.tries(filing_id, data.draw(st.sampled_from(possible), "act"), self.people[1], 0)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), off=st.sampled_from([0, 0, -1, 1]))
    def does_anything(self, data: st.DataObject, off: int) -> None:
        by = data.draw(st.sampled_from(self.people), "by")
        self.tries(self.one(data), data.draw(st.sampled_from(sorted(ACTS)), "act"), by, off)

    def tries(self, filing_id: int, name: str, by: Actor, off: int) -> None:
        act, before = ACTS[name], self.state(filing_id)
        after = TRANSITIONS.get((before, act.action))
        newest = self.seen.filings[filing_id].revision_no
        error: Exception | None = None
        try:
            act.do(filing_id, by, newest + off)
            db.session.commit()
        except (NotAllowed, StaleRevision, *act.reasons) as refused:
            db.session.rollback()
            error = refused
        fresh = look(self.ids)
        stale = act.looks and off != 0
        if after is None:
            assert error is not None, f"{name} in {before}"
        if error is not None:
            assert fresh == self.seen, "a refused act changes nothing"
            assert isinstance(error, act.reasons) or (stale if isinstance(error, StaleRevision) else after is None)
            return
        assert not stale, f"{name} was done on revision {newest + off} of {newest}"
        assert fresh.filings[filing_id].state == after
        self.only_grew(fresh, filing_id, {act.action: (before, after)}, by)
        grown = set(fresh.revisions) - set(self.seen.revisions)
        freezes = act.action in (Action.SUBMIT, Action.CORRECTED, Action.CORRECTED_ANEW)
        assert grown == ({(filing_id, newest + 1)} if freezes else set())
        self.seen = fresh

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def takes_over(self, data: st.DataObject) -> None:
        filing_id, by = self.one(data), self.people[2]
        try:
            verbs.take_over(filing_id, by)
            db.session.commit()
        except NotAllowed:
            db.session.rollback()
            assert look(self.ids) == self.seen
            assert self.state(filing_id) is not State.IN_REVIEW
            return
        fresh = look(self.ids)
        moves = {
            Action.PUT_BACK: (State.IN_REVIEW, State.SUBMITTED),
            Action.TAKE: (State.SUBMITTED, State.IN_REVIEW),
        }
        self.only_grew(fresh, filing_id, moves, by)
        assert fresh.filings[filing_id].assignee_id == by.account_id
        self.seen = fresh

    def only_grew(self, fresh: Seen, filing_id: int, moves: dict[Action, tuple[State, State]], by: Actor) -> None:
        """History and outbox were appended to by exactly these moves; nothing that was there is another now."""
        for name in ("revisions", "events", "outbox"):
            old, new = getattr(self.seen, name), getattr(fresh, name)
            assert {key: new.get(key) for key in old} == old, name
        for other in set(self.ids) - {filing_id}:
            assert fresh.filings[other] == self.seen.filings[other]
        added = [event for key, event in fresh.events.items() if key not in self.seen.events]
        assert [(e.filing_id, e.action, e.before, e.after) for e in added] == [
            (filing_id, action, before, after) for action, (before, after) in moves.items()
        ]
        assert {e.revision_no for e in added} == {fresh.filings[filing_id].revision_no}
        assert {e.actor_kind for e in added} <= {by.kind, WORKER.kind, BUREAU.kind}
        left = {e.id: (*EFFECTS.get(e.action, ()), *AFTER.get((e.action, e.after), ())) for e in added}
        expected = {f"{kind}.{event}" for event, kinds in left.items() for kind in kinds}
        reports = {f"bureau.report.{e.id}" for e in added if e.after == State.READY}
        assert set(fresh.outbox) - set(self.seen.outbox) == expected | reports
        used = self.seen.filings[filing_id].clock_used
        assert fresh.filings[filing_id].clock_used >= used

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def types(self, data: st.DataObject, name: str) -> None:
        filing_id, by = self.one(data), data.draw(st.sampled_from(self.people), "by")
        may = drafts.may_edit(cases.filing_of(filing_id), by)
        try:
            drafts.save(filing_id, by, {NAME: (None, name)})
            db.session.commit()
        except drafts.NotEditable:
            db.session.rollback()
            assert not may
            assert look(self.ids) == self.seen
            return
        assert may
        fresh = look(self.ids)
        assert (fresh.revisions, fresh.events, fresh.outbox) == (
            self.seen.revisions,
            self.seen.events,
            self.seen.outbox,
        )
        self.seen = fresh

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), what=st.sampled_from(["put", "answer", "settle"]))
    def marks(self, data: st.DataObject, what: str) -> None:
        filing = cases.filing_of(self.one(data))
        try:
            if what == "put":
                marks.put(filing, self.people[1], MARK)
            elif what == "answer":
                for mark in marks.unanswered(filing):
                    marks.answer(filing, mark, "mended")
            else:
                marks.settle(filing, self.people[1], marks.unsettled(filing))
            db.session.commit()
        except MarkRefused:
            db.session.rollback()
            assert look(self.ids) == self.seen
            return
        fresh = look(self.ids)
        assert (fresh.revisions, fresh.events, fresh.outbox) == (
            self.seen.revisions,
            self.seen.events,
            self.seen.outbox,
        )
        self.seen = fresh

    @invariant()
    def the_history_tells_the_state(self) -> None:
        for filing_id, filing in self.seen.filings.items():
            told = [e for e in self.seen.events.values() if e.filing_id == filing_id]
            for earlier, later in itertools.pairwise(told):
                assert later.before == earlier.after
                assert TRANSITIONS[State(later.before), Action(later.action)] == later.after
                assert later.revision_no >= earlier.revision_no
            assert told[-1].after == filing.state
            assert State(filing.state) in State
            numbers = [number for of, number in self.seen.revisions if of == filing_id]
            assert sorted(numbers) == list(range(1, filing.revision_no + 1))
            came = told[-1].actor_id if filing.state == State.IN_REVIEW else None
            assert filing.assignee_id == came, "only who took it has it"

    @invariant()
    def the_counters_are_in_step(self) -> None:
        counted = Counter(db.session.scalars(select(Filing.state)))
        kept = {row.state: row.filings for row in db.session.scalars(select(StateCount)) if row.filings}
        db.session.rollback()
        assert kept == dict(counted)


@both_databases
def test_no_order_of_acts_breaks_the_books(site, host, reviewer, database):
    second = Actor("staff", cases.account("staff", "he@desk.example", "supervisor"))
    stranger = Actor("host", cases.account("host", "other@host.example"))
    Life.host, Life.people = host, (host, reviewer, second, stranger, WORKER)
    on_sqlite = site.extensions["settings"].database_uri == ""
    patience = settings(
        max_examples=25 if on_sqlite else 8,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # a walk of thirty steps is read faster than it is shrunk
    )
    run_state_machine_as_test(Life, settings=patience)
    told = set(db.session.scalars(select(Event.after)))
    if on_sqlite:
        assert len(told) >= 9, "the walk got nowhere"


def test_every_action_of_the_table_is_tried():
    assert {act.action for act in ACTS.values()} == {action for _, action in TRANSITIONS} - {
        Action.ACCEPT_WITHOUT_VISIT  # a first filing always needs the visit; see test_operations
    }


@pytest.mark.parametrize("name", sorted(ACTS))
def test_no_act_is_possible_once_it_is_over(draft, host, name):
    for end in (State.APPROVED, State.ABANDONED, State.EXPIRED):
        filing = cases.filing_of(draft)
        filing.state = end
        db.session.commit()
        before = look([draft])
        with pytest.raises((NotAllowed, StaleRevision, *ACTS[name].reasons)):
            ACTS[name].do(draft, host, 0)
        db.session.rollback()
        assert look([draft]) == before
