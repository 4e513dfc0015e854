"""Looking back at what happened to a filing."""

from __future__ import annotations

from sqlalchemy import func, select

from icp.extensions import db
from icp.filings.models import Event, Filing
from icp.filings.states import Action


def times(filing: Filing, action: Action) -> int:
    """How often something was done to the newest revision of a filing."""
    wanted = select(func.count()).where(
        Event.filing_id == filing.id, Event.action == action, Event.revision_no == filing.revision_no
    )
    return db.session.scalar(wanted) or 0


def who(filing: Filing, *actions: Action) -> int | None:
    """Who did something to a filing last; None when nobody did, or nobody who has an account."""
    found = last(filing, *actions)
    return None if found is None else found.actor_id


def last(filing: Filing, *actions: Action) -> Event | None:
    """The last time one of these things was done to a filing."""
    wanted = select(Event).where(Event.filing_id == filing.id, Event.action.in_(actions))
    return db.session.scalars(wanted.order_by(Event.id.desc()).limit(1)).first()
