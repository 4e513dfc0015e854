"""The filing password (备案密码) of a filing: only its MD5 is kept, sealed, and only until the filing has ended.

The bureau gives the password to the host; a host types it where an operation asks for it. It is checked at once where
the bureau can be reached, and travels with the report. It is never an answer, so no draft, revision or diff holds it.
A rejection isn't the end: the corrected filing needs the password again.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete

from icp import vocabulary
from icp.extensions import begin_write, db, now
from icp.filings.drafts import NotEditable, lock, may_edit
from icp.filings.models import FilingPassword
from icp.filings.operations import Operation
from icp.filings.states import Actor

RIGHT, WRONG, UNCHECKED = "right", "wrong", "unchecked"
PATH = "filing_password"
"""Path of what is said of it; it is no answer."""


def needed(province: str, operation: Operation) -> bool:
    """Whether this operation asks for the password in the subject's province (six digits, '' while not known)."""
    if not operation.password or not province:
        return operation.password
    return operation.code not in vocabulary.current().province_rules(province).password_waived


def standing(filing_id: int) -> FilingPassword | None:
    """What is known of the password of a filing, None before one was typed."""
    return db.session.get(FilingPassword, filing_id)


def typed_since(filing_id: int, moment: dt.datetime) -> bool:
    """Whether a password that isn't known to be wrong was typed after a moment."""
    row = standing(filing_id)
    return row is not None and row.verdict != WRONG and row.checked_at > moment


def keep(filing_id: int, by: Actor, *, number: str, md5: str, verdict: str, said: str = "") -> FilingPassword:
    """Keep a password after it was checked; a wrong one leaves only the note that it was wrong.

    Args:
        filing_id: the filing.
        by: who typed it.
        number: the filing number it is for.
        md5: 32 hexadecimal digits, as the wire takes it.
        verdict: `right`, `wrong`, or `unchecked` while the bureau can't be reached.
        said: the bureau's own words.

    Raises:
        NotEditable: the filing isn't open to this person.
    """
    filing = lock(filing_id)
    if not may_edit(filing, by):
        raise NotEditable
    row = db.session.get(FilingPassword, filing_id)
    if row is None:
        row = FilingPassword(filing_id=filing_id)
        db.session.add(row)
    row.number, row.verdict, row.said, row.checked_at = number[:64], verdict, said[:255], now()
    row.wrong_times = (row.wrong_times or 0) + 1 if verdict == WRONG else 0
    row.md5 = None if verdict == WRONG else md5
    db.session.flush()
    return row


def wrong(filing_id: int) -> None:
    """The bureau refused the report because of the password (code 1018): it is erased and has to be typed anew."""
    begin_write()
    row = db.session.get(FilingPassword, filing_id)
    if row is not None:
        row.verdict, row.md5, row.wrong_times = WRONG, None, row.wrong_times + 1


def md5_of(filing_id: int) -> str:
    """The MD5 for the wire, '' when there is none."""
    row = db.session.get(FilingPassword, filing_id)
    return str(row.md5 or "") if row is not None else ""


def erase(filing_id: int) -> None:
    """Forget the password; the filing has ended."""
    begin_write()
    db.session.execute(delete(FilingPassword).where(FilingPassword.filing_id == filing_id))
