"""What nobody asks for but somebody has to do: closing forgotten drafts, deleting what has served."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from icp import documents
from icp.accounts import attempts, links
from icp.accounts.models import MailLink
from icp.bureau import archive
from icp.extensions import begin_write, db, now
from icp.filings import sms_check, verbs
from icp.filings.models import Draft, Filing
from icp.filings.states import NotAllowed, State, today
from icp.outbox import KEPT_DAYS, OutboxRow

AT_A_TIME = 100
ERASED_AFTER = 30
"""Days until what was given up without ever having been submitted, and pictures that were removed, are deleted."""


def keep_house() -> None:
    """Close what nobody touched in time, remind of SMS checks; delete finished outbox rows, old links and attempts."""
    for filing_id in overdue():
        try:
            verbs.expire(filing_id)
            links.end_of_filing(filing_id)
            db.session.commit()
        except NotAllowed:  # the host came back this very moment
            db.session.rollback()
    sms_check.remind()
    sms_check.time_out()
    begin_write()
    old = now() - dt.timedelta(days=KEPT_DAYS)
    db.session.execute(delete(OutboxRow).where(OutboxRow.done_at < old))
    db.session.execute(delete(MailLink).where(MailLink.expires_at < now() - dt.timedelta(days=links.KEPT_DAYS)))
    attempts.sweep()
    archive.sweep()
    db.session.commit()
    for filing_id in given_up():
        erase(filing_id)
    documents.sweep(dt.timedelta(days=ERASED_AFTER))


def overdue() -> list[int]:
    """Drafts and returned filings whose time is over."""
    wanted = select(Filing.id).where(Filing.state.in_((State.DRAFT, State.RETURNED)), Filing.due_on < today())
    return list(db.session.scalars(wanted.order_by(Filing.id).limit(AT_A_TIME)))


def given_up() -> list[int]:
    """Filings that ended as drafts some time ago and still hold answers or papers."""
    before = now() - dt.timedelta(days=ERASED_AFTER)
    ended = Filing.state.in_((State.ABANDONED, State.EXPIRED))
    wanted = select(Filing.id).join(Draft, Draft.filing_id == Filing.id).where(ended, Filing.revision_no == 0)
    return list(
        db.session.scalars(wanted.where(Filing.state_since < before, Draft.sealed.is_not(None)).limit(AT_A_TIME))
    )


def erase(filing_id: int) -> None:
    """Delete the answers of a filing nobody submitted, and give its papers to the next sweep. Commits."""
    documents.forget(filing_id)
    draft, filing = db.session.get_one(Draft, filing_id), db.session.get_one(Filing, filing_id)
    draft.content = None
    filing.subject_name = filing.domain = filing.website_name = ""
    db.session.commit()
