"""Invitations of customers: a mailed link by which somebody gets an account that sees a filing begun on his behalf."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from icp.accounts import links
from icp.accounts.models import MailLink
from icp.accounts.people import email_hash, write_to
from icp.extensions import db

PURPOSE = "confirm_email"
"""What such a link does; it differs from any registration's only in naming a filing."""


def invite(address: str, language: str, filing_id: int, days: int) -> None:
    """Mail a link to a customer; one mailed to this address for this filing before stops working.

    Args:
        address: his.
        language: of the letter.
        filing_id: the filing.
        days: life of the link.
    """
    for earlier in waiting(filing_id):
        if email_hash(str(earlier.address)) == email_hash(address):
            links.use_up(earlier)
    code = links.issue(PURPOSE, address=address, filing_id=filing_id, lifetime=dt.timedelta(days=days))
    write_to("on_behalf_invitation", address, language, code=code, days=days, filing_id=filing_id)


def waiting(filing_id: int) -> list[MailLink]:
    """Invitations to a filing that nobody has come by yet, the oldest first; also those whose link has run out."""
    wanted = select(MailLink).where(
        MailLink.filing_id == filing_id, MailLink.purpose == PURPOSE, MailLink.used_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(MailLink.id)))


def one(filing_id: int, invitation_id: int) -> MailLink | None:
    """One of the invitations that wait."""
    return next((link for link in waiting(filing_id) if link.id == invitation_id), None)
