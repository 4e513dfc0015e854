"""What follows when a filing has ended: the password is forgotten, so are copies of papers that it didn't need; what
waited for it moves on or comes back."""

from __future__ import annotations

from sqlalchemy import select

from icp import documents
from icp.extensions import db
from icp.filings import passwords, retelling
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import WORKER, Action, State, move
from icp.register.models import Subject


def ended(filing: Filing) -> None:
    """The filing has ended: approved, abandoned or expired."""
    passwords.erase(filing.id)
    documents.outdated(filing.id, unused=True)
    if filing.state == State.APPROVED:
        for waiting in _waiting_for(filing):
            _release(lock(waiting))
    else:
        unqueue(filing)


def unqueue(filing: Filing) -> None:
    """What waited for a filing that came to nothing is a draft again, so that its host decides anew."""
    for waiting in _waiting_for(filing):
        queued = lock(waiting)
        queued.after_id = None
        move(queued, Action.UNQUEUE, WORKER)


def _waiting_for(filing: Filing) -> list[int]:
    wanted = select(Filing.id).where(Filing.after_id == filing.id, Filing.state == State.AWAITING_RELEASE)
    return list(db.session.scalars(wanted.order_by(Filing.id)))


def _release(filing: Filing) -> None:
    """Hand a queued filing to the provider, with what it tells of the record brought up to date."""
    filing.after_id = None
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    if subject is not None:
        retelling.retell(filing.id, subject)
    move(filing, Action.RELEASE, WORKER)
