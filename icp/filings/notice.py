"""The notice a host gets before his access is reported as ended: a hold that ends by itself.

While it runs the filing is held, so that no file takes it along; a supervisor may release it at once or recall it.
"""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import select

from icp import outbox
from icp.extensions import db, now
from icp.filings import history
from icp.filings.drafts import lock
from icp.filings.models import Event, Filing
from icp.filings.states import WORKER, Action, Actor, State, move, today
from icp.vocabulary.text import N_

GIVEN = N_("通知期到 {day} 为止")
NOTIFIED = ("cancel_access",)
"""Operations whose host is given notice."""
TELLS = (Action.ACCEPT, Action.ACCEPT_WITHOUT_VISIT)
"""What the host is told of by letter."""


def days() -> int:
    """Calendar days of the notice by the setting, 0 for none."""
    found: int = current_app.extensions["settings"].cancel_access_notice_days
    return found


def give(filing: Filing, by: Actor) -> None:
    """Hold a filing that was just accepted until the notice has run out, where its operation and the setting ask so."""
    if filing.operation not in NOTIFIED or not days() or filing.state != State.READY:
        return
    until = today() + dt.timedelta(days=days())
    event = move(filing, Action.HOLD, by, note=GIVEN.format(day=until.isoformat()))
    filing.due_on = until
    key, payload = f"filing.notice_over.{event.id}", {"event": event.id}
    over = now() + dt.timedelta(days=days())
    outbox.put("filing.notice_over", key, filing_id=filing.id, payload=payload, run_at=over)


def taken_back(filing: Filing, instead: str = "") -> None:
    """Tell the host that what he was told won't happen, once for each time he was told; called before the filing is
    withdrawn, given up or closed.

    Args:
        filing: locked.
        instead: code of the operation that is begun in its place, '' for none.
    """
    if filing.operation not in NOTIFIED:
        return
    told = history.last(filing, *TELLS)
    back = history.last(filing, Action.WITHDRAW)
    if told is not None and (back is None or back.id < told.id):
        key, payload = f"letter.access_stays.{told.id}", {"instead": instead}
        outbox.put("letter.access_stays", key, filing_id=filing.id, payload=payload)


def until(filing: Filing) -> dt.date | None:
    """The day on which the notice runs out, None when none is running."""
    if filing.state != State.HELD or filing.operation not in NOTIFIED:
        return None
    last = _last(filing.id)
    return filing.due_on if last is not None and last.note.startswith(GIVEN.partition("{")[0]) else None


def over(claim: outbox.Claim) -> None:
    """The notice has run out: report, unless somebody has decided otherwise since; finishes the claim and commits."""
    db.session.rollback()
    filing = lock(claim.filing_id or 0)
    last = _last(filing.id)
    if filing.state == State.HELD and last is not None and last.id == claim.payload["event"]:
        move(filing, Action.RELEASE, WORKER)
    if outbox.finish(claim):
        db.session.commit()
    else:
        db.session.rollback()


def _last(filing_id: int) -> Event | None:
    wanted = select(Event).where(Event.filing_id == filing_id).order_by(Event.id.desc())
    return db.session.scalars(wanted.limit(1)).first()
