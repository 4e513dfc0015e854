"""What nobody asks for but somebody has to do: closing forgotten drafts, deleting what has served."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from icp.accounts import attempts, links
from icp.accounts.models import MailLink
from icp.bureau import archive
from icp.extensions import begin_write, db, now
from icp.filings import verbs
from icp.filings.models import Filing
from icp.filings.states import NotAllowed, State, today
from icp.outbox import KEPT_DAYS, OutboxRow

AT_A_TIME = 100


def keep_house() -> None:
    """Close what nobody touched in time; delete finished outbox rows, old links and attempts."""
    for filing_id in overdue():
        try:
            verbs.expire(filing_id)
            db.session.commit()
        except NotAllowed:  # the host came back this very moment
            db.session.rollback()
    begin_write()
    old = now() - dt.timedelta(days=KEPT_DAYS)
    db.session.execute(delete(OutboxRow).where(OutboxRow.done_at < old))
    db.session.execute(delete(MailLink).where(MailLink.expires_at < now() - dt.timedelta(days=links.KEPT_DAYS)))
    attempts.sweep()
    archive.sweep()
    db.session.commit()


def overdue() -> list[int]:
    """Drafts and returned filings whose time is over."""
    wanted = select(Filing.id).where(Filing.state.in_((State.DRAFT, State.RETURNED)), Filing.due_on < today())
    return list(db.session.scalars(wanted.order_by(Filing.id).limit(AT_A_TIME)))
