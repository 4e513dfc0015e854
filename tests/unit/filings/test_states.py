import datetime as dt

import filing_cases as cases
import pytest
import time_machine
from sqlalchemy import select

from icp.extensions import db
from icp.filings import counters, states
from icp.filings.drafts import lock
from icp.filings.models import Event, Filing
from icp.filings.states import (
    AFTER,
    EFFECTS,
    LABELS,
    SEATS,
    TRANSITIONS,
    WORKER,
    Action,
    Actor,
    NotAllowed,
    StaleRevision,
    State,
)
from icp.outbox.models import OutboxRow
from icp.vocabulary.text import N_
from tests.conftest import both_databases

ENDS = {State.APPROVED, State.ABANDONED, State.EXPIRED}
NO_VERB = {State.AWAITING_RELEASE, State.AWAITING_SMS_CHECK}
"""In the table and labelled, entered by no verb yet: queueing behind another filing, the ministry's SMS check."""
BY_HAND = {Action.QUEUE, Action.TAKEN_AWAITING_SMS, Action.SMS_DONE, Action.SMS_TIMED_OUT}
"""Actions of the states in ``NO_VERB``."""


def reached(start: State, without: frozenset[Action] = frozenset()) -> set[State]:
    found, fresh = {start}, {start}
    while fresh:
        fresh = {after for (before, action), after in TRANSITIONS.items() if before in fresh and action not in without}
        fresh -= found
        found |= fresh
    return found


def test_every_state_is_reached_from_a_draft():
    assert reached(State.DRAFT) == set(State)
    assert reached(State.DRAFT, frozenset(BY_HAND)) == set(State) - NO_VERB


def test_every_state_leads_to_an_end_and_from_an_end_nothing_leads():
    for state in State:
        assert reached(state) & ENDS, state
    assert {state for state in State if state not in {before for before, _ in TRANSITIONS}} == ENDS


def test_every_action_that_moves_a_filing_has_a_place():
    unmoved = {Action.OPEN, Action.CONFIRM, Action.SWITCH}
    assert {action for _, action in TRANSITIONS} == set(Action) - unmoved


def test_every_state_has_a_label_of_its_own_and_a_seat():
    assert set(LABELS) == set(State)
    assert len(set(map(str, LABELS.values()))) == len(State)
    assert {state: states.turn(Filing(operation="new_filing", state=state)) for state in State} == {
        State.DRAFT: "host",
        State.RETURNED: "host",
        State.AWAITING_SMS_CHECK: "host",
        State.AT_BUREAU: "bureau",
        State.AWAITING_RELEASE: "",
        State.APPROVED: "",
        State.ABANDONED: "",
        State.EXPIRED: "",
        **{state: "provider" for state in State if state not in SEATS},
    }
    assert isinstance(LABELS[State.DRAFT], type(N_("草稿")))


def test_the_columns_hold_every_state_and_action():
    assert max(map(len, State)) <= Filing.__table__.c.state.type.length
    assert max(map(len, Action)) <= Event.__table__.c.action.type.length


def test_the_host_is_never_left_alone_with_what_is_not_his():
    """What the host may take back comes to him; nothing else he does not do himself makes a draft of it."""
    assert {action for (_, action), after in TRANSITIONS.items() if after is State.DRAFT} == {
        Action.WITHDRAW, Action.UNQUEUE,
    }  # fmt: skip
    beyond = (State.READY, State.HELD, State.REPORTING, State.AT_BUREAU, State.BUREAU_RETURNED)
    assert not [state for state in beyond if (state, Action.WITHDRAW) in TRANSITIONS]


def test_every_effect_belongs_to_an_action_that_exists_and_has_a_handler():
    from icp.letters.sending import FILING_LETTERS
    from icp.worker import HANDLERS

    kinds = {kind for effects in (*EFFECTS.values(), *AFTER.values()) for kind in effects}
    assert all(any(kind.startswith(beginning) for beginning in HANDLERS) for kind in kinds)
    assert {kind.partition(".")[2] for kind in kinds if kind.startswith("letter.")} <= set(FILING_LETTERS)
    assert {action for (_, action), after in TRANSITIONS.items() if after is State.READY} == {
        Action.VERIFIED, Action.ACCEPT_WITHOUT_VISIT, Action.CORRECTED, Action.RELEASE, Action.SMS_TIMED_OUT,
        Action.FILE_REFUSED,
    }  # fmt: skip


def put(filing_id: int, state: State) -> Filing:
    """Bring a filing into a state behind the table's back, with the counters."""
    filing = cases.filing_of(filing_id)
    counters.count((State(filing.state), -1), (state, +1))
    filing.state, filing.assignee_id = state, None
    db.session.commit()
    return lock(filing_id)


def seen(filing: Filing) -> tuple[object, ...]:
    columns = [getattr(filing, column.name) for column in Filing.__table__.columns]
    rows = db.session.scalars(select(Event.id)).all(), db.session.scalars(select(OutboxRow.key)).all()
    return columns, rows, states.counts()


@both_databases
def test_every_pair_of_state_and_action_follows_the_table(draft, reviewer):
    for state in State:
        for action in Action:
            filing = put(draft, state)
            before, after = seen(filing), TRANSITIONS.get((state, action))
            assert states.can(filing, action) is (after is not None)
            if after is None:
                with pytest.raises(NotAllowed) as refused:
                    states.move(filing, action, reviewer)
                assert (refused.value.state, refused.value.action) == (state, action)
                assert seen(filing) == before
                continue
            event = states.move(filing, action, reviewer, note="因为")
            db.session.commit()
            assert (filing.state, event.before, event.after, event.action) == (after, state, after, action)
            assert (event.actor_kind, event.actor_id, event.note) == ("staff", reviewer.account_id, "因为")
            assert states.counts() == {s: int(s is after) for s in State}


@both_databases
def test_a_stale_revision_is_refused_whatever_the_action(draft, reviewer):
    for state, action in TRANSITIONS:
        filing = put(draft, state)
        filing.revision_no = 3
        db.session.commit()
        filing = lock(draft)
        before = seen(filing)
        for number in (0, 2, 4):
            with pytest.raises(StaleRevision):
                states.move(filing, action, reviewer, seen_revision=number)
        assert seen(filing) == before
        states.move(filing, action, reviewer, seen_revision=3)
        db.session.rollback()


def test_each_ready_filing_leaves_exactly_one_report(draft, reviewer):
    for (state, action), after in TRANSITIONS.items():
        filing = put(draft, state)
        event = states.move(filing, action, reviewer)
        wanted = select(OutboxRow.kind, OutboxRow.filing_id, OutboxRow.revision)
        rows = db.session.execute(wanted.where(OutboxRow.key.endswith(f".{event.id}"))).all()
        reports = [row for row in rows if row.kind == "bureau.report"]
        assert len(reports) == (after is State.READY), (state, action)
        assert {row.kind for row in rows} >= set(EFFECTS.get(action, ()))
        assert all((row.filing_id, row.revision) == (draft, filing.revision_no) for row in rows)
        db.session.rollback()


@pytest.mark.parametrize("state", list(State))
def test_only_a_filing_under_review_is_in_somebodys_hands(draft, reviewer, state):
    for action in Action:
        if (state, action) in TRANSITIONS:
            filing = put(draft, state)
            filing.assignee_id = reviewer.account_id
            db.session.commit()
            filing = lock(draft)
            states.move(filing, action, reviewer)
            assert (filing.assignee_id is not None) is (filing.state == State.IN_REVIEW), action
            db.session.rollback()


def at(day: int, hour: int = 10) -> dt.datetime:
    """A moment in November 2026 (the 2nd is a Monday; no holiday), by the clock in China."""
    return dt.datetime(2026, 11, day, hour, tzinfo=states.CHINA)


@both_databases
def test_the_providers_clock_runs_on_working_days_and_stops_with_the_host(draft, host, reviewer):
    def go(action: Action, by: Actor, moment: dt.datetime) -> Filing:
        with time_machine.travel(moment, tick=False):
            filing = lock(draft)
            states.move(filing, action, by)
            db.session.commit()
            return cases.filing_of(draft)

    filing = go(Action.SUBMIT, host, at(2))
    assert (filing.clock_used, filing.due_on) == (0, dt.date(2026, 11, 9))
    filing = go(Action.TAKE, reviewer, at(4))
    assert (filing.clock_used, filing.due_on) == (2, dt.date(2026, 11, 9))
    filing = go(Action.SEND_BACK, reviewer, at(5))
    assert (filing.clock_used, filing.due_on) == (3, dt.date(2026, 12, 20))
    filing = go(Action.SUBMIT, host, at(19))
    assert (filing.clock_used, filing.due_on) == (3, dt.date(2026, 11, 23)), "two days are left, over a week-end"
    filing = go(Action.TAKE, reviewer, at(26))
    assert (filing.clock_used, filing.due_on) == (8, dt.date(2026, 11, 27)), "late: due on the next working day"
    for action in (Action.ACCEPT, Action.VERIFIED, Action.REPORT):
        filing = go(action, reviewer, at(26, 11))
    filing = go(Action.TAKEN, WORKER, at(27, 23))
    assert (filing.clock_used, filing.due_on) == (9, dt.date(2026, 12, 25)), "twenty working days for the bureau"
    filing = go(Action.APPROVED, WORKER, at(30))
    assert (filing.clock_used, filing.due_on) == (9, None)


@both_databases
def test_days_are_days_in_china(draft, host):
    with time_machine.travel(dt.datetime(2026, 11, 1, 16, 30, tzinfo=dt.UTC), tick=False):
        assert states.today() == dt.date(2026, 11, 2)
        states.move(lock(draft), Action.SUBMIT, host)
        db.session.commit()
    with time_machine.travel(dt.datetime(2026, 11, 2, 15, 59, tzinfo=dt.UTC), tick=False):
        states.move(lock(draft), Action.TAKE, host)
    assert cases.filing_of(draft).clock_used == 0
