"""Verbs of the outbox: put, claim under a lease, finish behind a fence.

A worker that dies in mid-work loses its lease and another takes the row, so an effect may happen twice: handlers give
it a stable identity (the row's ``key``) by which a repeat is recognised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Table, and_, false, func, or_, select, update

from icp.extensions import begin_write, db, insert, now
from icp.outbox.models import OutboxRow

FIRST_DELAY = 15
LONGEST_DELAY = 3600
ERROR_LENGTH = 2000
KEPT_DAYS = 90  # of work that is done


class Hopeless(Exception):
    """Raised by a handler when trying again can't help; the worker gives the row up at once."""


@dataclass(frozen=True)
class Claim:
    """A row held under a lease; ``attempts`` is the fence of this very claim."""

    id: int
    kind: str
    key: str
    filing_id: int | None
    revision: int | None
    payload: Any
    attempts: int
    lease_seconds: float


def put(
    kind: str,
    key: str,
    *,
    filing_id: int | None = None,
    revision: int | None = None,
    payload: Any = None,
    run_at: dt.datetime | None = None,
) -> bool:
    """Ask for work in the caller's transaction; an existing key is left alone.

    Args:
        kind: names the handler.
        key: identity of the effect, at most 200 characters, without personal data.
        filing_id: the filing it is about.
        revision: number of the filing's revision.
        payload: any JSON value the handler needs; stored sealed.
        run_at: not before this moment; at once when None.

    Returns:
        Whether a row was made.
    """
    row = OutboxRow(kind=kind, key=key, filing_id=filing_id, revision=revision, payload=payload)
    values = {
        "uid": row.uid,
        "kind": kind,
        "key": key,
        "filing_id": filing_id,
        "revision": revision,
        "sealed_payload": row.sealed_payload,
        "run_at": run_at or now(),
        "attempts": 0,
        "last_error": "",
        "created_at": now(),
    }
    table = OutboxRow.__table__
    assert isinstance(table, Table)  # noqa: S101 # for the type checker
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    return db.session.execute(statement).first() is not None


def claim(kinds: Collection[str] | None = None, lease_seconds: float = 60) -> Claim | None:
    """Take the row that is due longest, in a transaction of its own, and commit.

    Args:
        kinds: the kinds to take, a kind ending in "." standing for all that begin so; None: every kind.
        lease_seconds: after these a claim that was not finished may be taken by another worker.

    Returns:
        The claim, or None when nothing is due.
    """
    db.session.rollback()
    begin_write()
    moment = now()
    due = (
        select(OutboxRow.id)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.failed_at.is_(None),
            OutboxRow.run_at <= moment,
            or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < moment),
            _among(kinds),
        )
        .order_by(OutboxRow.run_at, OutboxRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # left out by SQLite, where the write lock is held already
        .scalar_subquery()
    )
    row = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id == due)
        .values(lease_until=moment + dt.timedelta(seconds=lease_seconds), attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    taken = None
    if row is not None:
        about = (row.filing_id, row.revision, row.payload)
        taken = Claim(row.id, row.kind, row.key, *about, row.attempts, lease_seconds)
    db.session.commit()
    return taken


def finish(taken: Claim) -> bool:
    """Mark the work done in the transaction of its effect; the caller commits, or rolls back on False.

    Returns:
        False when the lease was lost and another worker has the row: the effect must not be committed.
    """
    return _fenced(taken, done_at=now(), lease_until=None, last_error="", sealed_payload=None)


def retry(taken: Claim, error: str, after_seconds: float) -> bool:
    """Drop the session's unfinished work, offer the row again later, and commit.

    Args:
        taken: the claim.
        error: what went wrong, without personal data.
        after_seconds: not before so many seconds have passed (see ``delay``).

    Returns:
        False when the lease was lost; then nothing is changed.
    """
    return _apart(
        taken,
        run_at=now() + dt.timedelta(seconds=after_seconds),
        lease_until=None,
        last_error=error[:ERROR_LENGTH],
    )


def give_up(taken: Claim, error: str) -> bool:
    """Drop the session's unfinished work, put the row aside for a person to look at, and commit.

    Returns:
        False when the lease was lost; then nothing is changed.
    """
    return _apart(taken, failed_at=now(), lease_until=None, last_error=error[:ERROR_LENGTH])


def renew(taken: Claim, lease_seconds: float | None = None) -> bool:
    """Lengthen the lease and commit; call it in long work, between its transactions.

    Args:
        taken: the claim.
        lease_seconds: counted from now; the claim's own when None.

    Returns:
        False when the lease was lost: stop.

    Raises:
        RuntimeError: the session holds changes, which a commit here would make permanent half-done.
    """
    begin_write()
    kept = _fenced(taken, lease_until=now() + dt.timedelta(seconds=lease_seconds or taken.lease_seconds))
    db.session.commit()
    return kept


def restart(row_id: int) -> bool:
    """Offer a row that was given up once more, at once; the caller commits.

    Returns:
        Whether there was such a row.
    """
    begin_write()
    result = db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.failed_at.is_not(None))
        .values(failed_at=None, run_at=now(), lease_until=None)
    )
    return _changed(result)


def delay(attempts: int) -> int:
    """Seconds to wait after the given number of attempts: 15, 30, 60 … up to an hour."""
    return int(min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY))


def oldest_age(kinds: Collection[str] | None = None) -> float:
    """Seconds for which the oldest open row has been due; 0.0 when none is."""
    oldest = db.session.scalar(
        select(func.min(OutboxRow.run_at)).where(
            OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None), _among(kinds)
        )
    )
    return 0.0 if oldest is None else max(0.0, (now() - oldest).total_seconds())


def _among(kinds: Collection[str] | None) -> ColumnElement[bool]:
    if kinds is None:
        return and_(True)
    exact = [kind for kind in kinds if not kind.endswith(".")]
    prefixes = [OutboxRow.kind.startswith(kind, autoescape=True) for kind in kinds if kind.endswith(".")]
    return or_(OutboxRow.kind.in_(exact) if exact else false(), *prefixes)


def _apart(taken: Claim, **values: Any) -> bool:
    db.session.rollback()
    begin_write()
    kept = _fenced(taken, **values)
    db.session.commit()
    return kept


def _fenced(taken: Claim, **values: Any) -> bool:
    result = db.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.id == taken.id,
            OutboxRow.attempts == taken.attempts,
            OutboxRow.done_at.is_(None),
            OutboxRow.failed_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return _changed(result)


def _changed(result: Any) -> bool:
    assert isinstance(result, CursorResult)  # noqa: S101 # for the type checker
    return result.rowcount == 1
