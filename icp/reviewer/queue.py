"""The queue: lanes, filters, search, and taking the next filing."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import vocabulary
from icp.accounts.guards import staff_only
from icp.extensions import begin_write, db
from icp.filings import operations, states, verbs
from icp.filings.states import LABELS, State
from icp.i18n import language, tr
from icp.reviewer import bp, desk, listing
from icp.reviewer.desk import REVIEWS
from icp.reviewer.listing import Wanted

LANES = (
    State.SUBMITTED,
    State.IN_REVIEW,
    State.VERIFYING,
    State.READY,
    State.HELD,
    State.REPORTING,
    State.BUREAU_RETURNED,
    State.RETURNED,
    State.AT_BUREAU,
    State.APPROVED,
)
RARE = (State.AWAITING_RELEASE, State.AWAITING_SMS_CHECK, State.ABANDONED, State.EXPIRED)
"""Lanes shown only while something is in them."""

HOMES = {"verifier": "reviewer.counter", "administrator": "accounts_web.staff"}


@bp.get("/desk/")
@staff_only("reviewer", "verifier", "administrator")
def queue() -> Any:
    """One lane of the queue, or what a search found; who doesn't review is led to where he works."""
    if current_user.role in HOMES:
        return redirect(url_for(HOMES[current_user.role]))
    words = vocabulary.current()
    mine = request.args.get("mine") == "1"
    lane = State.IN_REVIEW if mine else _lane(request.args.get("lane", ""))
    text = "".join(c for c in request.args.get("q", "") if c.isprintable()).strip()
    wanted = Wanted(
        lane,
        operation=request.args.get("operation", ""),
        province=request.args.get("province", ""),
        assignee_id=current_user.id if mine else None,
        after=request.args.get("after", ""),
    )
    try:
        found = listing.Listed(listing.search(text, words)) if text else listing.page(wanted)
    except ValueError:
        abort(400)
    counts = states.counts()
    following: dict[str, Any] = {**request.args.to_dict(), "after": found.next}
    return render_template(
        "reviewer/queue.html",
        wanted=wanted,
        text=text,
        mine=mine,
        lanes=[(s, tr(LABELS[s]), counts[s]) for s in LANES + tuple(s for s in RARE if counts[s] or s == lane)],
        label=tr(LABELS[lane]),
        count=counts[lane],
        in_hand=listing.in_hand(current_user.id),
        found=found,
        next_page=url_for("reviewer.queue", **following) if found.next else "",
        operations=operations.OPERATIONS,
        named={code: tr(operation.label) for code, operation in operations.OPERATIONS.items()},
        provinces=_provinces(words),
        holders=desk.names(row.assignee_id for row in found.rows),
        labels={state: tr(text) for state, text in LABELS.items()},
        due=due(states.today()),
        by_time=listing.BY_TIME,
    )


def _lane(name: str) -> State:
    try:
        lane = State(name or State.SUBMITTED)
    except ValueError:
        abort(404)
    if lane is State.DRAFT:  # a draft is its host's alone
        abort(404)
    return lane


def _provinces(words: vocabulary.Vocabulary) -> dict[str, tuple[str, str]]:
    """Province → its name, and what stands for it in a narrow column (闽)."""
    chosen = language()
    names = {o.code: o.label(chosen) for o in words.options("provinces")}
    short = {c: n if chosen == "en" else (words.row("provinces", c) or {}).get("prefix", n) for c, n in names.items()}
    return {code: (name, short[code]) for code, name in names.items()}


def due(today: dt.date) -> Any:
    """A function from a due day to (class, text): late, today, or just the day."""

    @cache
    def say(day: dt.date | None) -> tuple[str, str]:
        if day is None:
            return "", ""
        text = f"{day:%m-%d}"
        if day < today:
            return "t-mend", gettext("超时 %(day)s", day=text)
        return ("t-ask", gettext("今天")) if day == today else ("", text)

    return say


@bp.post("/desk/next")
@REVIEWS
def take_next() -> Any:
    """Take the filing that is first in the queue."""
    begin_write()
    filing_id = listing.first_waiting()
    if filing_id is None:
        db.session.rollback()
        flash(gettext("队列空了，没有待初审的备案。"), "good")
        return redirect(url_for("reviewer.queue"), 303)
    filing = verbs.take(filing_id, desk.actor())
    number = filing.number
    db.session.commit()
    return desk.back(number)
