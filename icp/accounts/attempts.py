"""Attempts are counted in the database, so that limits hold across processes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Table, case, delete, select, update

from icp.accounts.models import Attempt
from icp.extensions import begin_write, db, insert, now
from icp.sealing import keyed_hash

LIMITS = {
    "sign_in_account": (8, 900),
    "sign_in_address": (60, 900),
    "mail_account": (4, 3600),
    "mail_address": (30, 3600),
    "sms_account": (4, 3600),
    "sms_number": (4, 3600),
    "code_account": (6, 900),
    "handoff_address": (40, 900),
    "filing_password_account": (5, 3600),
    "filing_password_number": (5, 3600),
    "filing_password_staff": (100, 3600),
    "status_account": (30, 3600),
    "status_staff": (300, 3600),
}
"""Kind → how many within how many seconds of the first."""


class TooManyAttempts(Exception):
    """A limit is reached.

    Attributes:
        kind: a key of ``LIMITS``.
        minutes: after so many, at the latest, it is worth trying again.
    """

    def __init__(self, kind: str, minutes: int = 0) -> None:
        super().__init__(kind)
        self.kind, self.minutes = kind, minutes or LIMITS[kind][1] // 60


def allow(kind: str, who: str) -> bool:
    """Count one attempt, commit, and say whether it is within the limit; call it before the verb's own work.

    One statement counts, so that two processes can't both take the last attempt; and the commit keeps the count
    whatever becomes of the attempt.

    Args:
        kind: a key of ``LIMITS``.
        who: account, e-mail, number or network address; kept as a keyed hash.
    """
    most, seconds = LIMITS[kind]
    begin_write()
    moment = now()
    table = Attempt.__table__
    assert isinstance(table, Table)  # noqa: S101 # for the type checker
    over = table.c.started_at <= moment - dt.timedelta(seconds=seconds)
    statement = (
        insert(table)
        .values(kind=kind, who=_hash(kind, who), started_at=moment, count=1)
        .on_conflict_do_update(
            index_elements=["kind", "who"],
            set_={
                "count": case((over, 1), else_=table.c.count + 1),
                "started_at": case((over, moment), else_=table.c.started_at),
            },
        )
        .returning(table.c.count)
    )
    count: int = db.session.execute(statement).scalar_one()
    db.session.commit()
    return count <= most


def must_be_few(kind: str, who: str, network: str) -> None:
    """Count for the account or address ``who`` and for the caller's network alike.

    Raises:
        TooManyAttempts: either is over its limit.
    """
    within = allow(f"{kind}_address", network)
    if not (allow(f"{kind}_account", who) and within):
        raise TooManyAttempts(f"{kind}_account")


def left(kind: str, who: str) -> int:
    """How many attempts remain in the running window; says nothing about whether ``who`` exists."""
    most, seconds = LIMITS[kind]
    count = db.session.scalar(
        select(Attempt.count).where(
            Attempt.kind == kind,
            Attempt.who == _hash(kind, who),
            Attempt.started_at > now() - dt.timedelta(seconds=seconds),
        )
    )
    return max(0, most - (count or 0))


def minutes_left(kind: str, who: str) -> int:
    """After how many minutes the running window ends; the whole of it when none runs."""
    seconds = LIMITS[kind][1]
    wanted = select(Attempt.started_at).where(Attempt.kind == kind, Attempt.who == _hash(kind, who))
    begun = db.session.scalar(wanted)
    passed = (now() - begun).total_seconds() if begun is not None else 0
    return max(1, -int((passed - seconds) // 60)) if passed < seconds else seconds // 60


def give_back(kind: str, who: str) -> None:
    """Take one attempt back, of somebody who was right; the caller commits."""
    hashed = _hash(kind, who)
    counted = update(Attempt).where(Attempt.kind == kind, Attempt.who == hashed, Attempt.count > 0)
    db.session.execute(counted.values(count=Attempt.count - 1))


def forget(kind: str, who: str) -> None:
    """Forget the attempts of somebody who succeeded; the caller commits."""
    hashed = _hash(kind, who)
    db.session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.who == hashed))


def sweep() -> None:
    """Delete counts older than a day; the caller commits."""
    db.session.execute(delete(Attempt).where(Attempt.started_at < now() - dt.timedelta(days=1)))


def network_of(address: str | None) -> str:
    """What one caller can't change at will: the IPv4 address, or the first half of an IPv6 address."""
    text = address or "unknown"
    return ":".join(text.split(":")[:4]) if ":" in text else text


def _hash(kind: str, who: str) -> str:
    return keyed_hash("attempt", f"{kind}:{who.strip().lower()}")
