"""Reading the list of tasks: keyset pages by what is due, or what was finished last. No counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from icp.extensions import db
from icp.tasks.kinds import UNFINISHED, Kind, State
from icp.tasks.models import Task
from icp.vocabulary.calendar import add_working_days

PAGE = 50
SOON = 2
"""Working days."""


@dataclass(frozen=True)
class Wanted:
    """What the list shows.

    Attributes:
        state: the lane.
        kind: '' for all.
        due: '' for all, `late`, or `soon` (today and two working days on).
        assignee_id: only what this member of staff has in hand.
        after: the cursor of the previous page's last row.
    """

    state: State
    kind: str = ""
    due: str = ""
    assignee_id: int | None = None
    after: str = ""


def page(wanted: Wanted, today: dt.date) -> tuple[Sequence[Task], str]:
    """One page, and the cursor of the next ('' when this is the last).

    Raises:
        ValueError: the cursor can't be read.
    """
    query = select(Task).where(Task.state == wanted.state)
    if wanted.kind:
        query = query.where(Task.kind == Kind(wanted.kind))
    if wanted.assignee_id is not None:
        query = query.where(Task.assignee_id == wanted.assignee_id)
    if wanted.due == "late":
        query = query.where(Task.due_on < today)
    elif wanted.due == "soon":
        query = query.where(Task.due_on >= today, Task.due_on <= add_working_days(today, SOON))
    rows = db.session.scalars(_following(query, wanted).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    return rows[:PAGE], _cursor(rows[PAGE - 1], wanted.state) if more else ""


def _following(query: Select[Task], wanted: Wanted) -> Select[Task]:
    at, _, number = wanted.after.rpartition("_")
    if wanted.state in UNFINISHED:
        if wanted.after:
            query = query.where(tuple_(Task.due_on, Task.id) > (dt.date.fromisoformat(at), int(number)))
        return query.order_by(Task.due_on, Task.id)
    if wanted.after:
        query = query.where(tuple_(Task.updated_at, Task.id) < (dt.datetime.fromisoformat(at), int(number)))
    return query.order_by(Task.updated_at.desc(), Task.id.desc())


def _cursor(row: Task, state: State) -> str:
    at = row.due_on if state in UNFINISHED else row.updated_at
    return f"{at.isoformat() if at else ''}_{row.id}"
