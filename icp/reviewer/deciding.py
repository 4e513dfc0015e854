"""Decisions: send back, accept, and what supervisors do with a filing that is ready."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from icp.filings import drafts, ended, lapsed, notice, revisions, sms_check, verbs
from icp.filings.models import Filing
from icp.filings.states import NotAllowed, State
from icp.i18n import day
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS, SUPERVISES, does
from icp.verification import facts
from icp.verification import verbs as visits


@bp.post("/desk/filings/<number>/send-back")
@REVIEWS
@does
def send_back(filing: Filing) -> Any:
    """Return the filing to its host with every remark that is not settled."""
    desk.must_be_mine(filing)
    return _returned(filing)


@bp.post("/desk/filings/<number>/send-back-ended")
@REVIEWS
@does
def send_back_ended(filing: Filing) -> Any:
    """Return it with what has ended as the reason, beside the remarks that are there."""
    desk.must_be_mine(filing)
    ended.mark(filing, desk.actor())
    return _returned(filing)


def _returned(filing: Filing) -> Any:
    if filing.state == State.VERIFYING:
        visits.send_back(filing, desk.actor(), desk.seen_revision())  # what didn't agree in person goes with it
    else:
        verbs.send_back(filing.id, desk.actor(), desk.seen_revision())
    flash(gettext("已退回主办者，信已排队发出。"), "good")
    return redirect(url_for("reviewer.queue"), 303)


@bp.post("/desk/filings/<number>/take-out-ended")
@REVIEWS
@does
def take_out_ended(filing: Filing) -> Any:
    """Take what has ended out of what the bureau returned; it is reported with the correction."""
    try:
        dropped = lapsed.drop(filing.id, desk.actor())
    except drafts.NotEditable:
        raise NotAllowed(filing.state, "take out") from None
    if dropped:
        flash(gettext("已去掉，别的都留着。改好了再报送。"), "good")
    return redirect(url_for("reviewer.correct", number=filing.number), 303)


@bp.post("/desk/filings/<number>/accept")
@REVIEWS
@does
def accept(filing: Filing) -> Any:
    """Pass the review; where a check in person still stands, the filing goes on at once."""
    desk.must_be_mine(filing)
    verbs.accept(filing.id, desk.actor(), desk.seen_revision())
    if filing.state != State.VERIFYING or visits.complete_when_both(filing, desk.actor()):
        until = notice.until(filing)
        if until is not None:
            flash(gettext("已通过。通知期到 %(day)s，到期自动报送。", day=day(until)), "good")
        else:
            flash(gettext("已通过，转去报送。"), "good")
        return redirect(url_for("reviewer.queue"), 303)
    flash(gettext("初审已通过。约网站负责人来当面核验。"), "good")
    row = facts.met(filing, revisions.newest(filing).answers)[0]
    return redirect(url_for("reviewer.counter_visit", number=filing.number, row=row), 303)


@bp.post("/desk/filings/<number>/sms-done")
@REVIEWS
@does
def sms_done(filing: Filing) -> Any:
    """The principal told us that the ministry's code is entered."""
    sms_check.done(filing.id, desk.actor())
    flash(gettext("已记下短信核验完成，接下来等管局审核。"), "good")


@bp.post("/desk/filings/<number>/hold")
@SUPERVISES
@does
def hold(filing: Filing) -> Any:
    """Keep a ready filing from being reported."""
    verbs.hold(filing.id, desk.actor(), desk.reason())
    flash(gettext("已暂缓报送。"), "note")


@bp.post("/desk/filings/<number>/release")
@SUPERVISES
@does
def release(filing: Filing) -> Any:
    """End a hold; the filing is reported."""
    verbs.release(filing.id, desk.actor())
    flash(gettext("已恢复报送。"), "good")


@bp.post("/desk/filings/<number>/recall")
@SUPERVISES
@does
def recall(filing: Filing) -> Any:
    """Take an accepted filing back into review."""
    verbs.recall(filing.id, desk.actor(), desk.reason())
    flash(gettext("已召回，现在由我审。"), "note")
