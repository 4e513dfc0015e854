"""Internal notes of the staff on a filing."""

from __future__ import annotations

from icp.extensions import begin_write, db
from icp.filings.models import Filing, Note
from icp.filings.states import Actor

LONGEST = 2000


def write(filing: Filing, by: Actor, text: str) -> Note:
    """Write an internal note; hosts never see it."""
    begin_write()
    note = Note(filing_id=filing.id, author_id=by.account_id or 0, text=text.strip()[:LONGEST])
    db.session.add(note)
    return note
