"""Looking back at what happened to a filing."""

from __future__ import annotations

from sqlalchemy import func, select

from icp.extensions import db
from icp.filings.models import Event, Filing
from icp.filings.states import Action

PEOPLE = ("host", "staff")


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


def just_done(filing: Filing, by_id: int, *actions: Action) -> bool:
    """Whether somebody did one of these things to the newest revision and nobody else has done anything since.

    Args:
        filing: the filing.
        by_id: the member of staff.
        actions: what he would do again.
    """
    done = last(filing, *actions) if actions else None
    if done is None or (done.actor_kind, done.actor_id) != ("staff", by_id) or done.revision_no != filing.revision_no:
        return False
    later = select(Event.id).where(Event.filing_id == filing.id, Event.id > done.id, Event.actor_kind.in_(PEOPLE))
    return db.session.scalar(later.where(Event.actor_id != by_id).limit(1)) is None
