"""Taking subjects, websites and accesses off the record; what was there stays in the history."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select

from icp.extensions import db, now
from icp.register.events import Cause, note
from icp.register.models import Access, Subject, Website
from icp.register.reading import snapshot

Row = TypeVar("Row", Subject, Website, Access)


def cancel_subject(
    which: int | Subject, *, filing_id: int | None = None, source: Cause = "bureau", by_id: int | None = None
) -> Subject | None:
    """Take a subject off the record, with its websites and our accesses; accesses of others stay noted.

    Args:
        which: the bureau's id (Ztid), or the row.
        filing_id: the filing that brought it about, None when the bureau or a file says so by itself.
        source: who says so.
        by_id: the member of staff whose doing it was.

    Returns:
        the subject; None when it isn't known here. Cancelled already: nothing changes.
    """
    subject = _row(Subject, which)
    if subject is None or subject.cancelled_at is not None:
        return subject
    before = snapshot(subject)
    for website in subject.websites:
        _close(website)
    subject.cancelled_at = now()
    note(subject, "subject_cancelled", before, filing_id=filing_id, source=source, by_id=by_id)
    return subject


def cancel_website(
    which: int | Website, *, filing_id: int | None = None, source: Cause = "bureau", by_id: int | None = None
) -> Website | None:
    """Take a website off the record, with our accesses; its subject stays. As ``cancel_subject``, by Wzid."""
    website = _row(Website, which)
    if website is None or website.cancelled_at is not None:
        return website
    subject = website.subject
    before = snapshot(subject)
    _close(website)
    more = {"filing_id": filing_id, "source": source, "by_id": by_id}
    note(subject, "website_cancelled", before, about=website.number, **more)
    return website


def cancel_access(
    which: int | Access, *, filing_id: int | None = None, source: Cause = "bureau", by_id: int | None = None
) -> Website | None:
    """Take one access off the record; its website stays. As ``cancel_subject``, by Jrid.

    Returns:
        the website; None when the access isn't (or is no longer) known here.
    """
    access = _row(Access, which)
    if access is None:
        return None
    website = db.session.get_one(Website, access.website_id)
    before = snapshot(website.subject)
    website.accesses.remove(access)
    website.updated_at = now()
    more = {"filing_id": filing_id, "source": source, "by_id": by_id}
    note(website.subject, "access_cancelled", before, about=website.number, bureau_id=access.bureau_id, **more)
    return website


def _row(model: type[Row], which: int | Row) -> Row | None:
    if not isinstance(which, int):
        return which
    return db.session.scalars(select(model).where(model.bureau_id == which).with_for_update()).first()


def _close(website: Website) -> None:
    if website.cancelled_at is None:
        website.cancelled_at = website.updated_at = now()
    website.accesses = [access for access in website.accesses if not access.ours]
