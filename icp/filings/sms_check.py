"""The ministry's SMS check (短信核验): 24 hours in which the principals enter a code, with two reminders.

The clock begins when the bureau's system has taken the report. What waits is told by the filing's state alone, so that
running this twice, or on two workers, does nothing twice.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from icp import outbox
from icp.extensions import begin_write, db, now
from icp.filings import drafts, history
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import WORKER, Action, Actor, NotAllowed, State, move
from icp.vocabulary.text import N_

LASTS = dt.timedelta(hours=24)
REMINDERS = (dt.timedelta(hours=12), dt.timedelta(hours=20))
"""After so long a letter reminds of it."""
AT_A_TIME = 100
TRIES = 3
"""So many reports of one filing may wait for the code in vain before a person looks at it."""
GIVEN_UP = N_("短信核验多次超时，请联系负责人")


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
                _timed_out(filing)
                ended += 1
            db.session.commit()
        except NotAllowed:  # confirmed this very moment
            db.session.rollback()
    return ended


def done(filing_id: int, by: Actor) -> None:
    """The principal has entered the ministry's code."""
    move(drafts.lock(filing_id), Action.SMS_DONE, by)


def _timed_out(filing: Filing) -> None:
    """Nobody entered the code in time; the filing is reported again without a new review, but not for ever."""
    move(filing, Action.SMS_TIMED_OUT, WORKER)
    if history.times(filing, Action.SMS_TIMED_OUT) >= TRIES:
        move(filing, Action.HOLD, WORKER, note=GIVEN_UP)
