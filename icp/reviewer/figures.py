"""Figures of the desk: how many wait where, what is late, who has what in hand, how reviews come out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select

from icp.extensions import db, now
from icp.filings import states
from icp.filings.models import Event, Filing, Mark
from icp.filings.states import Action, State
from icp.rules.correction import Source

WINDOW = dt.timedelta(days=30)
OLDEST, REASONS = 10, 8
PASSED = (Action.ACCEPT, Action.ACCEPT_WITHOUT_VISIT)
OURS = tuple(state for state in State if states.SEATS.get(state, "provider") == "provider")
"""States in which the provider is to act."""


@dataclass(frozen=True)
class Lane:
    """One state: how many filings, and how many of them are late or due today."""

    state: State
    filings: int
    late: int = 0
    today: int = 0


@dataclass
class InHand:
    """What a member of staff has under review, and what he decided lately."""

    account_id: int
    filings: int = 0
    since: dt.datetime | None = None
    passed: int = 0
    returned: int = 0


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """In percent, None of nothing."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass
class Figures:
    """Everything the page shows."""

    lanes: list[Lane] = field(default_factory=list)
    oldest: list[Row[Any]] = field(default_factory=list)
    people: list[InHand] = field(default_factory=list)
    reviewed: Share = Share(0, 0)
    decided: Share = Share(0, 0)
    reasons: list[tuple[str, int]] = field(default_factory=list)


def read() -> Figures:
    """The figures of this moment; results of the last 30 days."""
    since = now() - WINDOW
    return Figures(_lanes(), _oldest(), _people(since), _reviewed(since), _decided(since), _reasons(since))


def _lanes() -> list[Lane]:
    counts = states.counts()
    today = states.today()
    late, due = (func.count().filter(condition) for condition in (Filing.due_on < today, Filing.due_on == today))
    wanted = select(Filing.state, late, due).where(Filing.state.in_(State), Filing.due_on <= today)
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(wanted.group_by(Filing.state))}
    return [Lane(s, counts[s], *found.get(s, (0, 0))) for s in State if s is not State.DRAFT]


def _oldest() -> list[Row[Any]]:
    """What the provider has to act on, the most pressing first."""
    wanted = select(Filing.number, Filing.subject_name, Filing.state, Filing.state_since, Filing.due_on)
    wanted = wanted.where(Filing.state.in_(OURS)).order_by(Filing.due_on, Filing.state_since).limit(OLDEST)
    return [*db.session.execute(wanted)]


def _people(since: dt.datetime) -> list[InHand]:
    found: dict[int, InHand] = {}
    holding = select(Filing.assignee_id, func.count(), func.min(Filing.state_since))
    holding = holding.where(Filing.state == State.IN_REVIEW, Filing.assignee_id.is_not(None))
    for account_id, filings, oldest in db.session.execute(holding.group_by(Filing.assignee_id)):
        found[account_id or 0] = InHand(account_id or 0, filings, oldest)
    verdicts = select(Event.actor_id, Event.action, func.count()).where(Event.at >= since, Event.actor_kind == "staff")
    verdicts = verdicts.where(Event.before == State.IN_REVIEW, Event.action.in_((*PASSED, Action.SEND_BACK)))
    for account_id, action, number in db.session.execute(verdicts.group_by(Event.actor_id, Event.action)):
        person = found.setdefault(account_id or 0, InHand(account_id or 0))
        if action == Action.SEND_BACK:
            person.returned += number
        else:
            person.passed += number
    return sorted(found.values(), key=lambda person: (-person.filings, -person.passed - person.returned))


def _reviewed(since: dt.datetime) -> Share:
    """Filings that passed our review with their first revision."""
    counts = _actions(since, (*PASSED, Action.SEND_BACK), Event.before == State.IN_REVIEW, Event.revision_no == 1)
    passed = sum(counts[action] for action in PASSED)
    return Share(passed, passed + counts[Action.SEND_BACK])


def _decided(since: dt.datetime) -> Share:
    """Decisions of the bureau that were approvals."""
    counts = _actions(since, (Action.APPROVED, Action.REJECTED, Action.REFUSED))
    return Share(counts[Action.APPROVED], sum(counts.values()))


def _actions(since: dt.datetime, actions: Sequence[Action], *conditions: Any) -> defaultdict[str, int]:
    wanted = select(Event.action, func.count()).where(Event.at >= since, Event.action.in_(actions), *conditions)
    return defaultdict(int, {row[0]: row[1] for row in db.session.execute(wanted.group_by(Event.action))})


def _reasons(since: dt.datetime) -> list[tuple[str, int]]:
    """Canned reasons and how often they were sent, the most frequent first."""
    times = func.count()
    wanted = select(Mark.code, times).where(Mark.published_at >= since, Mark.source == Source.REVIEWER, Mark.code != "")
    return [(r[0], r[1]) for r in db.session.execute(wanted.group_by(Mark.code).order_by(times.desc()).limit(REASONS))]
