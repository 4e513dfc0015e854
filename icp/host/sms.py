"""The ministry's SMS check on the host's page: what to do, until when, and saying that it is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for

from icp.accounts.guards import host_only
from icp.extensions import db, now
from icp.filings import sms_check
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import NotAllowed, State
from icp.host import bp
from icp.host.here import here
from icp.i18n import tr
from icp.vocabulary.text import N_


@dataclass(frozen=True)
class Waiting:
    """What the page shows: until when, how many whole hours and minutes are left, and who gets a code."""

    until: dt.datetime
    hours: int
    minutes: int
    phones: list[tuple[str, str]]


def waiting(filing: Filing, answers: Answers) -> Waiting | None:
    """The check a filing waits for; None when it waits for none. Phones are masked."""
    if filing.state != State.AWAITING_SMS_CHECK:
        return None
    until = sms_check.until(filing)
    left = max(0, int((until - now()).total_seconds() // 60))
    phones = [(name, f"{mobile[:3]}****{mobile[-4:]}") for name, mobile in sms_check.phones(answers)]
    return Waiting(until, left // 60, left % 60, phones)


@bp.post("/filings/<number>/sms-done")
@host_only
def sms_done(number: str) -> Any:
    """The principals have entered their codes; a second press changes nothing."""
    found = here(number)
    try:
        sms_check.done(found.filing.id, found.by)
        db.session.commit()
        flash(tr(N_("好的，接下来由管局审核。")), "good")
    except NotAllowed:
        db.session.rollback()
    return redirect(url_for("host.filing", number=number), 303)
