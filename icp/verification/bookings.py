"""Appointments: when and where the principal of a website comes. The caller commits."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select

from icp.accounts.models import Account
from icp.extensions import begin_write, db
from icp.filings import revisions
from icp.filings.drafts import lock
from icp.filings.models import Filing, Revision
from icp.filings.states import CHINA, State
from icp.verification.facts import met
from icp.verification.models import Booking
from icp.verification.verbs import NotVerifying

NOTE_LIMIT = 200


class Visit(NamedTuple):
    """A website whose principal is awaited; ``booking`` is None without an appointment."""

    filing: Filing
    website_row: str
    booking: Booking | None


def book(
    filing: Filing, website_row: str, place: str, slot_at: dt.datetime, by_id: int | None, note: str = ""
) -> Booking:
    """Make or move the appointment of a website's principal.

    Args:
        filing: in ``verifying``.
        website_row: the website.
        place: where; one of ``places``.
        slot_at: when, with a time zone.
        by_id: account that books: the host or staff.
        note: for the verifier.

    Raises:
        NotVerifying: nobody is awaited for this website now.
    """
    filing = lock(filing.id)
    if filing.state != State.VERIFYING or website_row not in met(filing, revisions.newest(filing).answers):
        raise NotVerifying
    booking = of_website(filing.id, website_row)
    if booking is None:
        booking = Booking(filing_id=filing.id, website_row=website_row)
        db.session.add(booking)
    booking.place, booking.slot_at, booking.created_by_id = place[:64], slot_at, by_id
    booking.note = note.strip()[:NOTE_LIMIT]
    db.session.flush()
    return booking


def cancel(booking: Booking) -> None:
    """Give the appointment up."""
    booking_id = booking.id
    begin_write()
    fresh = db.session.get(Booking, booking_id)
    if fresh is not None:
        db.session.delete(fresh)


def of_website(filing_id: int, website_row: str) -> Booking | None:
    """The appointment of a website's principal, if there is one."""
    wanted = select(Booking).where(Booking.filing_id == filing_id, Booking.website_row == website_row)
    return db.session.scalars(wanted).one_or_none()


def places() -> list[str]:
    """Where verifiers meet people."""
    wanted = select(Account.place).where(Account.kind == "staff", Account.place != "", Account.disabled_at.is_(None))
    return sorted(set(db.session.scalars(wanted)))


def awaited(limit: int = 200) -> list[Visit]:
    """Every website whose principal is awaited: appointments by time, then those without, longest waiting first."""
    waiting = db.session.scalars(
        select(Filing).where(Filing.state == State.VERIFYING).order_by(Filing.state_since).limit(limit)
    ).all()
    wanted = select(Booking).where(Booking.filing_id.in_([filing.id for filing in waiting]))
    booked = {(b.filing_id, b.website_row): b for b in db.session.scalars(wanted)}
    newest = db.session.scalars(
        select(Revision)
        .join(Filing, (Filing.id == Revision.filing_id) & (Filing.revision_no == Revision.number))
        .where(Filing.id.in_([filing.id for filing in waiting]))
    )
    answers = {revision.filing_id: revision.answers for revision in newest}
    visits = [
        Visit(filing, row, booked.get((filing.id, row)))
        for filing in waiting
        if filing.id in answers
        for row in met(filing, answers[filing.id])
    ]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(visits, key=lambda visit: visit.booking.slot_at if visit.booking else far)


def is_on(booking: Booking, day: dt.date) -> bool:
    """Whether the appointment is on that day in China, or was before it and nobody came."""
    return booking.slot_at.astimezone(CHINA).date() <= day


def may_meet(account: Account, booking: Booking | None) -> bool:
    """Whether this member of staff sees the visit: a verifier only those of his place and those without appointment."""
    return account.role != "verifier" or booking is None or booking.place == account.place
