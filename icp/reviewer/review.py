"""The review page: data at left, papers at right; taking, putting back, notes, numbers shown on demand."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from icp import audit, vocabulary
from icp.accounts import invitations
from icp.bureau import records as reports
from icp.extensions import begin_write, db
from icp.filings import behalf, customers, ended, history, notes, sms_check, states, verbs, wording
from icp.filings.models import Filing, Mark, Note
from icp.filings.paths import type_path, well_formed
from icp.filings.states import Action, State
from icp.i18n import tr
from icp.reviewer import bp, desk, screen
from icp.reviewer.desk import REVIEWS, SUPERVISES, does
from icp.reviewer.screen import Screen
from icp.reviewer.words import anchor, note_told
from icp.rules.correction import Correction
from icp.vocabulary.reasons import Reason

PASSED_ON = (State.READY, State.HELD, State.REPORTING, State.AWAITING_SMS_CHECK, State.AT_BUREAU)
REPORTED = (*PASSED_ON, State.BUREAU_RETURNED, State.APPROVED)
ACCEPTS = (Action.ACCEPT, Action.ACCEPT_WITHOUT_VISIT)
TURNS = ("0", "90", "180", "270")


@bp.get("/desk/filings/<number>")
@REVIEWS
def review(number: str) -> Any:
    """The newest revision of a filing."""
    return page(desk.find(number))


def page(filing: Filing, shown: frozenset[str] = frozenset()) -> str:
    """The whole review page; ``shown`` are personal numbers to show in full."""
    view = screen.build(filing, customers.pairs_of(filing.id), shown)
    written = list(db.session.scalars(select(Note).where(Note.filing_id == filing.id).order_by(Note.id)))
    gone = ended.standing(filing)
    opinions = desk.opinions(filing) if filing.state == State.BUREAU_RETURNED else []
    held = history.last(filing, Action.HOLD) if filing.state == State.HELD else None
    people = desk.names(
        [
            filing.assignee_id,
            view.revision.author_id,
            held.actor_id if held else None,
            *(n.author_id for n in written),
            *(m.author_id for m in view.marks),
        ]
    )
    pen_at = request.args.get("pen", "")
    return render_template(
        "reviewer/review.html",
        screen=view,
        filing=filing,
        revision=view.revision,
        mine=desk.is_mine(filing),
        ended=gone,
        droppable=ended.droppable(gone),
        last_access=behalf.last_accesses(filing),
        needs_another=behalf.needs_another(filing, current_user.id),
        confirmed=behalf.confirmed(filing) if filing.mode == behalf.ON_BEHALF else None,
        invited=invitations.waiting(filing.id) if filing.mode == behalf.ON_BEHALF else [],
        can={action.value: states.can(filing, action) for action in Action},
        label=wording.label(filing.operation, State(filing.state)),
        turn=states.turn(filing),
        notes=written,
        people=people,
        moment=desk.moment,
        opinions=opinions,
        held=held,
        held_because=note_told(held.note) if held else "",
        release_by=desk.others(held),
        recall_by=desk.others(history.last(filing, *ACCEPTS)) if filing.state in (State.READY, State.HELD) else [],
        besides=wording.of(filing).besides,
        sms_until=sms_check.until(filing),
        uploads=reports.uploads_of(filing.id) if filing.state in REPORTED else [],
        pen=pen_for(view, pen_at) if pen_at and well_formed(pen_at) else None,
        paper=_paper_shown(view),
        turned=request.args.get("turn") if request.args.get("turn") in TURNS else "0",
    )


def _paper_shown(view: Screen) -> Any:
    """The paper the address asks for, else one that belongs to the open pen, else the first."""
    wanted = {request.args.get("paper", ""), request.args.get("pen", "")}
    return next((line for line in view.papers if line.path in wanted), view.papers[0] if view.papers else None)


class Pen:
    """A remark being written: where, the canned reasons for that place, and the words so far."""

    def __init__(self, path: str, label: str, reason: str = "", again: Mark | None = None) -> None:
        self.path, self.label, self.again = path, label, again
        self.reasons: tuple[Reason, ...] = vocabulary.current().reasons_for(type_path(path))
        self.reason = next((r for r in self.reasons if r.id == reason), None)
        said: Correction | None = again.correction if again and not reason else None
        self.code = said.code if said else reason
        words = (said.message, said.remedy) if said else self.reason.said() if self.reason else ("", "")
        self.message, self.remedy = map(tr, words)
        self.suggestion = (said.suggestion or "") if said else ""

    @property
    def anchor(self) -> str:
        """The id of the element it opens in."""
        return anchor(self.path)


def pen_for(view: Screen, path: str) -> Pen | None:
    """The pen for a path of the page; None when the page has no such place."""
    line = view.line(path)
    if line is None:
        return None
    again = next((m for m in line.marks if str(m.id) == request.args.get("again") and not m.providers), None)
    return Pen(path, line.label, request.args.get("reason", ""), again)


@bp.get("/desk/filings/<number>/pen")
@REVIEWS
def pen(number: str) -> Any:
    """The pen under one field; without script the whole page with the pen open."""
    path = request.args.get("path", "")
    if not well_formed(path):
        abort(404)
    if not request.headers.get("HX-Request"):
        more: dict[str, Any] = {name: request.args[name] for name in ("reason", "again") if name in request.args}
        return redirect(url_for("reviewer.review", number=number, pen=path, _anchor=anchor(path), **more))
    filing = desk.find(number)
    if not desk.is_mine(filing):
        return desk.refused(number, desk.NotYours())
    found = pen_for(screen.build(filing, customers.pairs_of(filing.id)), path)
    if found is None:
        abort(404)
    return render_template("reviewer/pen.html", filing=filing, pen=found)


@bp.post("/desk/filings/<number>/reveal")
@REVIEWS
def reveal(number: str) -> Any:
    """Show one personal number in full; recorded."""
    path = request.form.get("path", "")
    filing = desk.find(number)
    line = screen.build(filing, (), frozenset({path})).line(path)
    if line is None or not line.personal:
        abort(404)
    begin_write()
    audit.record("reveal", actor=current_user, object_kind="filing", object_id=number, details={"path": path})
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return page(desk.find(number), frozenset({path}))
    return render_template("reviewer/value.html", number=number, line=line)


@bp.post("/desk/filings/<number>/take")
@REVIEWS
@does
def take(filing: Filing) -> Any:
    """Take a filing from the queue; one's own once more changes nothing."""
    if not (filing.state == State.IN_REVIEW and filing.assignee_id == current_user.id):
        verbs.take(filing.id, desk.actor())


@bp.post("/desk/filings/<number>/take-over")
@SUPERVISES
@does
def take_over(filing: Filing) -> Any:
    """A supervisor takes over what somebody else has in hand; the marks made so far stay."""
    verbs.take_over(filing.id, desk.actor())


@bp.post("/desk/filings/<number>/put-back")
@REVIEWS
@does
def put_back(filing: Filing) -> Any:
    """Give a filing back to the queue."""
    desk.must_be_mine(filing)
    verbs.put_back(filing.id, desk.actor())
    flash(gettext("已放回队列。批注还在，下一位接着看。"), "note")
    return redirect(url_for("reviewer.queue"), 303)


@bp.post("/desk/filings/<number>/notes")
@REVIEWS
@does
def note(filing: Filing) -> Any:
    """Write an internal note; hosts never see it."""
    text = request.form.get("text", "").strip()
    if text:
        notes.write(filing, desk.actor(), text)
    return desk.back(filing.number, "notes")
