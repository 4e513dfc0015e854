"""The queue: lanes, filters, search, and taking the next filing."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import escape

from icp import vocabulary
from icp.accounts.guards import staff_only
from icp.drawing.frame import common, frame, hole
from icp.drawing.pattern import Pattern, mark
from icp.extensions import begin_write, db
from icp.filings import operations, states, verbs
from icp.filings.states import LABELS, State
from icp.i18n import language, tr
from icp.reviewer import bp, desk, listing
from icp.reviewer.desk import REVIEWS
from icp.reviewer.listing import Wanted
from icp.web import DESK_AREAS, waiting_in

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
    waiting = {area: waiting_in(area) for area, _, roles in DESK_AREAS if current_user.role in roles}
    kind = "search" if text else "mine" if mine else "lane"
    lanes = LANES + tuple(s for s in RARE if counts[s] or s == lane)
    shape = (kind, lane, lanes, bool(wanted.operation or wanted.province), bool(found.rows), bool(found.next), words.id)
    page = frame(
        "reviewer/queue.html",
        (*shape, *map(bool, waiting.values())),
        wanted=wanted,
        text=hole("text") if text else "",
        mine=mine,
        lanes=[(s, tr(LABELS[s]), hole(f"n:{s}")) for s in lanes],
        label=tr(LABELS[lane]),
        found=found,
        filtered=bool(wanted.operation or wanted.province),
        operations=operations.OPERATIONS,
        provinces=words.options("provinces"),
        by_time=listing.BY_TIME,
        waiting_in=lambda area: hole(f"waiting:{area}") if waiting[area] else 0,
    )
    following: dict[str, Any] = {**request.args.to_dict(), "after": found.next}
    holes = {
        **common(),
        **{f"n:{state}": str(count) for state, count in counts.items()},
        f"op={wanted.operation}": " selected",
        f"pv={wanted.province}": " selected",
        **{f"waiting:{area}": str(n) for area, n in waiting.items()},
        "in_hand": str(listing.in_hand(current_user.id)),
        "found": str(len(found.rows)),
        "text": str(escape(text)),
        "next": str(escape(url_for("reviewer.queue", **following))) if found.next else "",
        "rows": _rows(found, words, search=bool(text)),
    }
    return page.fill(holes)


@lru_cache(maxsize=8)
def _row(chosen: str) -> Pattern:
    """The markup of one row in a language."""
    macros: Any = current_app.jinja_env.get_template("macros/queue.html").make_module({"language_": chosen})
    return Pattern(str(macros.row(mark)))


def _rows(found: listing.Listed, words: vocabulary.Vocabulary, *, search: bool) -> str:
    """The rows of a page."""
    pattern, place, due_of = _row(language()), _place(words), due(states.today())
    ways = {code: tr(operation.label) for code, operation in operations.OPERATIONS.items()}
    holders = desk.names(row.assignee_id for row in found.rows)
    said = gettext("已改回")  # in a name of its own: what stands inside an f-string isn't gathered by every Python
    mended = f'<span class="tag tag--note">{escape(said)}</span>'
    out = []
    for row in found.rows:
        kind, day = due_of(row.due_on)
        holder = holders.get(row.assignee_id, "")
        values = {
            "mended": mended if row.resubmitted else "",
            "name": escape(row.subject_name),
            "number": row.number,
            "domain": escape(row.domain),
            "way": ways.get(row.operation, ""),
            "place": place(row.province),
            "version": str(row.revision_no),
            "urgent": f' class="{kind}"' if kind else "",
            "day": day,
            "holder": escape(f"{tr(LABELS[State(row.state)])} {holder}" if search else holder),
        }
        out.append(pattern.fill(values))
    return "".join(out)


def _lane(name: str) -> State:
    try:
        lane = State(name or State.SUBMITTED)
    except ValueError:
        abort(404)
    if lane is State.DRAFT:  # a draft is its host's alone
        abort(404)
    return lane


def _place(words: vocabulary.Vocabulary) -> Any:
    """A function from a province to what stands for it in a narrow column (闽)."""
    chosen = language()

    @cache
    def say(code: str) -> str:
        if not words.has("provinces", code):
            return ""
        name = words.label("provinces", code, chosen)
        return name if chosen == "en" else words.row("provinces", code).get("prefix", name)

    return say


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
