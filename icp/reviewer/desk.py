"""What the views of the desk share: finding a filing, doing one verb on it, and saying why it was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext
from flask_login import current_user
from sqlalchemy import select

from icp.accounts import second_person
from icp.accounts.guards import staff_only
from icp.accounts.models import Account
from icp.accounts.second_person import SamePerson
from icp.extensions import db
from icp.filings import history, wording
from icp.filings.behalf import FilledInByHim
from icp.filings.drafts import lock
from icp.filings.ended import RecordEnded
from icp.filings.marks import MarkRefused
from icp.filings.models import Event, Filing
from icp.filings.states import Action, Actor, NotAllowed, StaleRevision, State
from icp.filings.verbs import MarksOpen, NothingToSendBack, OnlyOurOwn
from icp.vocabulary.text import N_

REVIEWS = staff_only("reviewer")  # and supervisors
SUPERVISES = staff_only("supervisor")
OPERATES = staff_only("supervisor", "administrator")
LONGEST_REASON = 500

FLASHED: dict[type[Exception], str] = {
    NothingToSendBack: N_("还没有批注。先在要改的那一项上批，再退回。"),
    OnlyOurOwn: N_(
        "没有了结的批注都是接入商自己的事，主办者改不了，没有退回。请办好后逐处点“妥”，再通过或重新报送；"
        "有要主办者改的，先在那一项上批，再退回。"
    ),
    MarksOpen: N_("还有批注没有了结。逐处点“妥”或“再批”，都了结了才能通过。"),
    RecordEnded: N_("这份所办的登记已经不在了，不能通过，也不能报送。请照这一页开头写的办。"),
    FilledInByHim: N_("这份是您代填的，要由另一位审核员或主管通过。"),
    MarkRefused: N_("这条批注已经变了，没有记下。请看现在的情况再批。"),
    SamePerson: N_("这一步要由另一位主管来做：谁暂缓的、谁通过的，不能自己撤回。"),
}
"""Refusals after which the person just goes on with the page."""
REPEATED: dict[str, tuple[Action, ...]] = {
    "put_back": (Action.PUT_BACK,),
    "send_back": (Action.SEND_BACK,),
    "send_back_ended": (Action.SEND_BACK,),
    "accept": (Action.ACCEPT, Action.ACCEPT_WITHOUT_VISIT),
    "sms_done": (Action.SMS_DONE,),
    "hold": (Action.HOLD,),
    "release": (Action.RELEASE,),
    "recall": (Action.RECALL,),
}
"""View → what it does: the second of two clicks is told that it is done, since the first has done it."""


class NotYours(Exception):
    """Somebody else has the filing in hand."""


class ReasonMissing(Exception):
    """A supervisor's verb needs a reason for the history."""


def actor() -> Actor:
    """The member of staff who acts."""
    return Actor("staff", current_user.id)


def find(number: str) -> Filing:
    """The filing with this number; 404 when there is none, or nothing was ever submitted."""
    filing = db.session.scalars(select(Filing).where(Filing.number == number)).one_or_none()
    if filing is None or not filing.revision_no:
        abort(404)
    return filing


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Account → name, read in one query."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def name_of(account_id: int | None) -> str:
    """Somebody's name, '' for nobody."""
    return names([account_id]).get(account_id or 0, "")


def is_mine(filing: Filing) -> bool:
    """Whether the visitor may mark and decide: the one who took it; where nobody takes filings, every reviewer."""
    if filing.state == State.IN_REVIEW:
        return bool(filing.assignee_id == current_user.id)
    return filing.state in (State.VERIFYING, State.BUREAU_RETURNED)


def must_be_mine(filing: Filing) -> None:
    """Refuse what only the one who has the filing may do.

    Raises:
        NotYours: somebody else has it.
        NotAllowed: nobody reviews it now.
    """
    if is_mine(filing):
        return
    if filing.state == State.IN_REVIEW:
        raise NotYours
    raise NotAllowed(filing.state, "review")


def seen_revision() -> int:
    """The revision the page that was posted had shown; 400 when it doesn't say."""
    text = request.form.get("seen_revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400)
    return int(text)


def must_be_seen(filing: Filing) -> None:
    """Refuse a remark on a revision that is no longer the newest.

    Raises:
        StaleRevision: a newer one exists.
    """
    if seen_revision() != filing.revision_no:
        raise StaleRevision


def reason() -> str:
    """The reason posted with a supervisor's verb.

    Raises:
        ReasonMissing: it is empty.
    """
    text = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not text:
        raise ReasonMissing
    return text


def does(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that does one thing to a filing: locks it, commits, goes back to it; a refusal undoes everything."""

    @wraps(view)
    def doing(number: str, **more: Any) -> Any:
        filing_id = find(number).id
        try:
            answer = view(lock(filing_id), **more)
            db.session.commit()
        except (NotYours, NotAllowed, StaleRevision) as refusal:
            db.session.rollback()
            if history.just_done(find(number), current_user.id, *REPEATED.get(view.__name__, ())):
                flash(gettext("刚才已经办好了，没有再办一次。"), "good")
                return back(number)
            return refused(number, refusal)
        except ReasonMissing:
            db.session.rollback()
            flash(gettext("要写原因：它会记在流转记录里。"), "mend")
            return back(number)
        except tuple(FLASHED) as refusal:
            db.session.rollback()
            flash(gettext(FLASHED[type(refusal)]), "mend")
            return back(number)
        return answer or back(number)

    return doing


def back(number: str, at: str = "") -> Any:
    """To the review page, at an anchor."""
    return redirect(url_for("reviewer.review", number=number, _anchor=at or None), 303)


def refused(number: str, refusal: Exception) -> tuple[str, int]:
    """The page that says why nothing happened, what the filing's situation is now, and where to go on."""
    filing = find(number)
    kind = "stale" if isinstance(refusal, StaleRevision) else "gone"
    return (
        render_template(
            "reviewer/refused.html",
            filing=filing,
            kind=kind,
            state=wording.label(filing.operation, State(filing.state)),
            holder=name_of(filing.assignee_id),
            mine=filing.assignee_id == current_user.id,
            since=moment(filing.state_since),
        ),
        409,
    )


def others(event: Event | None) -> list[str]:
    """Who may undo what was done, when the visitor did it himself and may not; see ``second_person.others``."""
    return second_person.others(event.actor_id if event else None, current_user.id)


def moment(at: dt.datetime | None) -> str:
    """A moment in China's time as the desk writes it, `11-24 16:03`."""
    return str(format_datetime(at, "MM-dd HH:mm")) if at else ""


def opinions(filing: Filing) -> list[str]:
    """The bureau's own words of the last answer."""
    query = select(Event).where(Event.filing_id == filing.id, Event.after == State.BUREAU_RETURNED)
    event = db.session.scalars(query.order_by(Event.id.desc()).limit(1)).first()
    return [event.note] if event and event.note else []
