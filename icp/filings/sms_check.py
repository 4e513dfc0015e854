"""The ministry's SMS check (短信核验): 24 hours in which the principals enter a code, with two reminders.

The clock begins when the bureau's system has taken the report. What waits is told by the filing's state alone, so that
running this twice, or on two workers, does nothing twice.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from icp import outbox
from icp.extensions import begin_write, db, now
from icp.filings import drafts, verbs
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import NotAllowed, State

LASTS = dt.timedelta(hours=24)
REMINDERS = (dt.timedelta(hours=12), dt.timedelta(hours=20))
"""After so long a letter reminds of it."""
AT_A_TIME = 100


def until(filing: Filing) -> dt.datetime:
    """When the code is no longer taken."""
    return filing.state_since + LASTS


def phones(answers: Answers) -> list[tuple[str, str]]:
    """Name and mobile of everybody who gets a code: the principals, each person once."""
    owners = ["subject.principal", *(f"website[{row}].principal" for row in answers.rows("website"))]
    found = {(answers.text(f"{owner}.name"), answers.text(f"{owner}.mobile")): None for owner in owners}
    return [(name, mobile) for name, mobile in found if mobile]


def remind() -> int:
    """Ask for the reminders that are due; of two that are, only the later one. Commits; gives how many."""
    asked = 0
    begin_write()
    wanted = select(Filing).where(Filing.state == State.AWAITING_SMS_CHECK, Filing.state_since <= now() - REMINDERS[0])
    for filing in db.session.scalars(wanted.order_by(Filing.state_since).limit(AT_A_TIME)):
        passed = now() - filing.state_since
        number = sum(passed >= after for after in REMINDERS)
        # One letter for each turn of the clock: a report that is repeated begins with a later moment.
        key = f"letter.sms_reminder.{filing.id}.{filing.state_since:%Y%m%d%H%M%S}.{number}"
        if passed < LASTS:
            asked += outbox.put("letter.sms_reminder", key, filing_id=filing.id, revision=filing.revision_no)
    db.session.commit()
    return asked


def time_out() -> int:
    """Report again what nobody confirmed in time. Commits after each; gives how many."""
    wanted = select(Filing.id).where(Filing.state == State.AWAITING_SMS_CHECK, Filing.state_since <= now() - LASTS)
    ended = 0
    for filing_id in db.session.scalars(wanted.order_by(Filing.state_since).limit(AT_A_TIME)).all():
        filing = drafts.lock(filing_id)
        try:
            if filing.state_since <= now() - LASTS:  # another worker may have done it, and the clock begun anew
                verbs.sms_timed_out(filing_id)
                ended += 1
            db.session.commit()
        except NotAllowed:  # confirmed this very moment
            db.session.rollback()
    return ended
