"""What is done to tasks. A verb doesn't commit: the view, the worker or the application of a file does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case, func, or_, select

from icp import counting, outbox
from icp.extensions import begin_write, db, now
from icp.looking_up import LookUp
from icp.register.models import Subject, SubjectHost, Website
from icp.tasks.kinds import KINDS, TRANSITIONS, UNFINISHED, Action, Kind, State
from icp.tasks.models import Task, TaskCount, TaskEvent
from icp.vocabulary.calendar import add_working_days

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
LONGEST_NOTE = 2000
Said = str | dict[str, str]
"""A note of the history: words as they were typed, or what ``words.note_of`` says in the reader's language."""


class NotPossible(Exception):
    """The task's state has no place for what was asked."""


class NotYours(Exception):
    """Somebody else has the task in hand."""


def open(  # noqa: A001 # the verb's name
    kind: Kind,
    source: str,
    content: Any,
    *,
    subject: Subject | None = None,
    website: Website | None = None,
    filing_id: int | None = None,
    name: str = "",
    domain: str = "",
    detail: str = "",
    download_id: int | None = None,
    days: int | None = None,
    again: bool = False,
) -> Task:
    """Open a task, or give the one that stands for the same already; in a transaction that is open for writing.

    Args:
        kind: what it asks for.
        source: what it is about, the same whenever the same is said again; at most 150 characters, no personal data.
        content: plain data for whoever does it; stored sealed.
        subject: the subject on record it concerns; the website's when None.
        website: the website on record it concerns.
        filing_id: the filing it follows from.
        name: what lists call it; the website's or subject's name when ''.
        domain: lower-case A-label.
        detail: which of its kind, a key of ``kinds.DETAILS``.
        download_id: the file it came with.
        days: working days until it is due; those of the kind when None.
        again: whether the same content after the task was settled is asked anew (for what carries neither id nor time).

    Returns:
        the task; one that is still to be done is brought up to date when the content differs.
    """
    last = db.session.scalars(
        select(Task).where(Task.source == source).order_by(Task.source_no.desc()).limit(1).with_for_update()
    ).first()
    if last is not None:
        same = last.content == content
        if last.state in UNFINISHED:
            if not same:
                last.content = content
                last.download_id = download_id or last.download_id
                _move(last, Action.AGAIN, None)
            return last
        if same and not (again and (last.finished_at or last.updated_at) < now()):
            return last
    if subject is None and website is not None:
        subject = website.subject
    known = website or subject
    today = now().astimezone(CHINA).date()
    task = Task(
        number="",
        kind=kind,
        state=State.OPEN,
        detail=detail,
        source=source,
        source_no=1 if last is None else last.source_no + 1,
        download_id=download_id,
        subject_id=subject.id if subject else None,
        website_id=website.id if website else None,
        filing_id=filing_id,
        name=(name or (known.name if known else ""))[:255],
        domain=(domain or (website.domains[0].name if website and website.domains else ""))[:128],
        due_on=add_working_days(today, KINDS[kind].days if days is None else days),
        content=content,
    )
    task.number = task.uid
    db.session.add(task)
    db.session.flush()
    task.number = task_number(task.id, today)
    _count(kind, (State.OPEN, 1))
    _event(task, Action.OPEN, "", None, "")
    return task


def task_number(serial: int, day: dt.date) -> str:
    """The readable number of the task with this serial, opened on this day in China: `RW-261125-0042`."""
    return f"RW-{day:%y%m%d}-{serial:04d}"


def lock(task_id: int) -> Task:
    """The task, its row locked until the transaction ends; call it before anything is read for a change."""
    begin_write()
    return db.session.get_one(Task, task_id, with_for_update=True, populate_existing=True)


def take(task: Task, by: int) -> None:
    """Somebody at the desk takes it in hand.

    Raises:
        NotPossible: it is taken or finished.
    """
    _move(task, Action.TAKE, by)
    task.assignee_id = by


def put_back(task: Task, by: int) -> None:
    """Leave it to others."""
    _must_have(task, by)
    _move(task, Action.PUT_BACK, by)
    task.assignee_id = None


def note(task: Task, by: int, text: str) -> None:
    """Write down what was found out; the host never sees it."""
    _move(task, Action.NOTE, by, text)


def change_opened(task: Task, by: int, number: str) -> None:
    """A change was opened on the host's behalf.

    Args:
        task: locked.
        by: who did it.
        number: of the filing.
    """
    _move(task, Action.CHANGE, by, number)


def tell_host(task: Task, by: int, text: str = "") -> None:
    """Pass it on to the hosts of the subject by letter.

    Args:
        task: locked.
        by: who does it.
        text: what the provider adds to the bureau's words.

    Raises:
        NotYours: somebody else has it.
    """
    _must_have(task, by)
    event = _move(task, Action.TELL_HOST, by, text)
    task.told_at = now()
    payload = {"task_id": task.id, "text": text.strip()[:LONGEST_NOTE]}
    outbox.put("letter.bureau_asks", f"letter.bureau_asks.{event.id}", payload=payload)


def host_says(task: Task, by: int, text: str) -> None:
    """The host tells what became of it; the desk reads it in the history."""
    _move(task, Action.HOST_SAYS, by, text)


def of_host(account_id: int, limit: int = 100) -> list[Task]:
    """What concerns the subjects of a host and he was told of, unfinished and first due first.

    Args:
        account_id: of the host.
        limit: so many at most.
    """
    mine = select(SubjectHost.subject_id).where(SubjectHost.account_id == account_id)
    kinds = [kind for kind, about in KINDS.items() if about.host]
    wanted = select(Task).where(Task.subject_id.in_(mine), Task.kind.in_(kinds))
    wanted = wanted.where(or_(Task.told_at.is_not(None), Task.kind == Kind.CORRECT_STALE))
    finished = case((Task.state.in_(UNFINISHED), 0), else_=1)
    return list(db.session.scalars(wanted.order_by(finished, Task.due_on, Task.id.desc()).limit(limit)))


def answer(task: Task, by: int, result: dict[str, Any], words: Said = "") -> None:
    """Answer the bureau: the answer is kept and leaves through the outbox row `bureau.answer`.

    Args:
        task: locked.
        by: who answers.
        result: the answer in the shape ``icp.tasks.answers`` describes for the kind.
        words: for the history, see ``icp.tasks.words.note_of``.

    Raises:
        NotPossible: nothing of this kind goes to the bureau, or it was answered.
        NotYours: somebody else has it.
    """
    if not KINDS[Kind(task.kind)].upload:
        raise NotPossible(task.kind)
    _must_have(task, by)
    event = _move(task, Action.ANSWER, by, words)
    task.result = result
    outbox.put("bureau.answer", f"bureau.answer.{event.id}", payload={"task": task.id, "event": event.id})


def close(task: Task, by: int, words: str = "") -> None:
    """Nothing is left to do.

    Raises:
        NotYours: somebody else has it.
    """
    if task.state == State.TAKEN:
        _must_have(task, by)
    _move(task, Action.CLOSE, by, words)
    task.finished_at = now()


def accepted(task: Task) -> None:
    """The bureau's system has taken the answer's file; codes about it may still come."""
    if task.state == State.ANSWERED:
        _move(task, Action.ACCEPTED, None)


def settle(task: Task, words: str = "") -> bool:
    """The bureau says that the answer is in order; False when the task was settled before."""
    if task.state == State.DONE:
        return False
    _move(task, Action.SETTLE, None, words)
    task.finished_at = now()
    return True


def reopen(task: Task, words: str) -> bool:
    """The bureau refuses the answer; it is to be answered anew, whoever answered it keeps it off his desk.

    Returns:
        False when it is open already.
    """
    if (State(task.state), Action.REOPEN) not in TRANSITIONS:
        return False
    _move(task, Action.REOPEN, None, words)
    task.assignee_id, task.finished_at = None, None
    return True


def events(task: Task) -> list[TaskEvent]:
    """What happened, oldest first."""
    return list(db.session.scalars(select(TaskEvent).where(TaskEvent.task_id == task.id).order_by(TaskEvent.id)))


def by_number(number: str) -> Task | None:
    """The task with this number."""
    return db.session.scalar(select(Task).where(Task.number == number))


def counts() -> dict[tuple[str, str], int]:
    """Tasks by kind and state."""
    rows = db.session.execute(select(TaskCount.kind, TaskCount.state, TaskCount.tasks))
    return {(row.kind, row.state): row.tasks for row in rows}


_SOMEBODY_MUST = or_(*(TaskCount.state == state.value for state in UNFINISHED))
_WAITING = LookUp(select(func.sum(TaskCount.tasks).label("tasks")).where(_SOMEBODY_MUST))


def unfinished() -> int:
    """How many tasks somebody at the desk still has to do."""
    return _WAITING.first().tasks or 0


def _must_have(task: Task, by: int) -> None:
    if task.state == State.TAKEN and task.assignee_id != by:
        raise NotYours


def _move(task: Task, action: Action, by: int | None, note: Said = "") -> TaskEvent:
    before = State(task.state)
    after = TRANSITIONS.get((before, action))
    if after is None:
        raise NotPossible(f"{action} in {before}")
    task.state, task.updated_at = after, now()
    if before != after:
        _count(task.kind, (before, -1), (after, +1))
    return _event(task, action, before, by, note)


def _event(task: Task, action: Action, before: str, by: int | None, note: Said) -> TaskEvent:
    asked = task.download_id or (KINDS[Kind(task.kind)].upload and action is not Action.OPEN)
    person = "host" if action is Action.HOST_SAYS else "staff"
    kind = person if by is not None else ("bureau" if asked else "system")
    kept = note.strip()[:LONGEST_NOTE] or None if isinstance(note, str) else note
    event = TaskEvent(
        task_id=task.id, action=action, before=before, after=task.state, actor_kind=kind, actor_id=by, note=kept
    )
    db.session.add(event)
    db.session.flush()
    return event


def _count(kind: str, *moves: tuple[str, int]) -> None:
    for state, step in sorted(moves):  # one order for everybody: no deadlock on PostgreSQL
        counting.add(TaskCount.tasks, step, kind=kind, state=state)
