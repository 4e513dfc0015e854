"""The counter: who is awaited, and the check in person of one website."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from icp import audit, documents
from icp.accounts.guards import staff_only
from icp.documents import PictureRefused, verification_form
from icp.documents.verification_items import NO, ONE_OF, PARTS, items_for
from icp.extensions import begin_write, db, now
from icp.filings import revisions, states
from icp.filings.ended import RecordEnded
from icp.filings.models import Filing, Revision
from icp.filings.states import CHINA, Actor, State
from icp.filings.verbs import NothingToSendBack
from icp.i18n import language
from icp.reviewer import bp, roomy
from icp.rules.correction import Correction
from icp.verification import bookings, checks, facts, verbs
from icp.verification.models import Booking, Verification

MEETS = staff_only("verifier", "reviewer", "supervisor")


@dataclass
class Meeting:
    """What every page of one website's check starts from."""

    filing: Filing
    row: str
    revision: Revision
    booking: Booking | None

    @property
    def address(self) -> dict[str, str]:
        """Arguments of its addresses."""
        return {"number": self.filing.number, "row": self.row}


def when(moment: dt.datetime) -> str:
    """A moment as people at the desk say it, in China's time."""
    return str(format_datetime(moment, gettext("M 月 d 日 HH:mm")))


@bp.get("/desk/counter")
@MEETS
def counter() -> str:
    """Who is awaited: today's appointments and those nobody came to, later ones, and visits without appointment."""
    visits = [v for v in bookings.awaited() if bookings.may_meet(current_user, v.booking)]
    today = states.today()
    booked = [v for v in visits if v.booking]
    return render_template(
        "reviewer/counter.html",
        due=[v for v in booked if v.booking and bookings.is_on(v.booking, today)],
        later=[v for v in booked if v.booking and not bookings.is_on(v.booking, today)],
        unbooked=[v for v in visits if not v.booking],
        when=when,
    )


@bp.get("/desk/counter/<number>/<row>")
@MEETS
def counter_visit(number: str, row: str) -> Any:
    """The tick list of one website with its photo and signed form."""
    begin_write()
    audit.record("open_counter", actor=current_user, object_kind="filing", object_id=number, details={"website": row})
    db.session.commit()
    meeting = _meeting(number, row)
    return _page(meeting) if meeting.filing.state == State.VERIFYING else _gone()


@bp.post("/desk/counter/<number>/<row>")
@MEETS
def counter_save(number: str, row: str) -> Any:
    """Save answers and pictures; then, by the button pressed, stay, complete, or send the filing back."""
    meeting = _meeting(number, row)
    if meeting.filing.state != State.VERIFYING:
        return _gone()
    if request.form.get("revision") != str(meeting.filing.revision_no):
        flash(gettext("主办者改过数据，出了新的一版。刚才的勾选没有保存，请按新的一版核对。"), "mend")
        return _back_to(meeting)
    try:
        _record(meeting)
        if request.headers.get("HX-Request"):
            return _fragment(meeting)
        refused = _attach(meeting)
        if refused:
            return _page(meeting, refused), 422
        return _finish(meeting)
    except (verbs.NotVerifying, states.NotAllowed, states.StaleRevision):
        db.session.rollback()
        flash(gettext("这份备案刚被别人处理过，请看最新的情况。"), "mend")
        return _back_to(meeting)


@bp.post("/desk/counter/<number>/<row>/booking")
@MEETS
def counter_book(number: str, row: str) -> Any:
    """Make or move the appointment."""
    meeting = _meeting(number, row)
    place, note = request.form.get("place", ""), request.form.get("note", "")
    slot = _moment(request.form.get("slot", ""))
    if slot is None or place not in bookings.places():
        flash(gettext("请选地点和时间，再保存预约。"), "mend")
        return _back_to(meeting)
    try:
        booking = bookings.book(meeting.filing, row, place, slot, current_user.id, note)
    except verbs.NotVerifying:
        db.session.rollback()
        return _gone()
    seen = bookings.may_meet(current_user, booking)
    db.session.commit()
    flash(gettext("已预约 %(when)s，%(place)s。", when=when(slot), place=place), "good")
    return _back_to(meeting) if seen else redirect(url_for("reviewer.counter"))


@bp.get("/desk/counter/<number>/<row>/form.pdf")
@MEETS
def counter_form(number: str, row: str) -> Any:
    """The verification form to print, with the answers recorded so far."""
    begin_write()
    audit.record("print_form", actor=current_user, object_kind="filing", object_id=number, details={"website": row})
    db.session.commit()
    meeting = _meeting(number, row)
    if meeting.filing.state != State.VERIFYING:
        return _gone()
    check = checks.seen(meeting.filing, row)
    pdf = verification_form.render(facts.form_data(meeting.filing, meeting.revision, check, current_user.name))
    shown = {"Content-Disposition": f'inline; filename="{number}-{row}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=shown)


@bp.get("/desk/counter/<number>/<row>/<any(photo, form):kind>.jpg")
@MEETS
def counter_picture(number: str, row: str, kind: str) -> Any:
    """The photo as it is sent to the bureau, or the signed form as large as a screen shows it."""
    meeting = _meeting(number, row)
    check = checks.seen(meeting.filing, row)
    paper_id = check.photo_paper_id if kind == "photo" else check.form_paper_id
    paper = documents.get(paper_id) if paper_id else None
    if paper is None:
        abort(404)
    data = documents.reduced(paper) if kind == "photo" else documents.view(paper)
    return Response(data, mimetype="image/jpeg")


def _moment(text: str) -> dt.datetime | None:
    """What a control for date and time posts, in China's time; None when it isn't a moment near our own."""
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        return None
    return moment if abs((moment - now()).days) < 3660 else None


def _meeting(number: str, row: str) -> Meeting:
    """The website's check, or 404 for what doesn't exist and for what this member of staff doesn't see."""
    filing = db.session.scalars(select(Filing).where(Filing.number == number)).one_or_none()
    if filing is None or not filing.revision_no:
        abort(404)
    booking = bookings.of_website(filing.id, row)
    revision = revisions.newest(filing)
    if row not in facts.met(filing, revision.answers) or not bookings.may_meet(current_user, booking):
        abort(404)
    return Meeting(filing, row, revision, booking)


def _record(meeting: Meeting) -> None:
    """Record the answers posted, in a transaction of their own: pictures take longer than a lock should be held."""
    items = items_for(facts.individual(meeting.revision.answers))
    answers = {i.key: request.form[f"item.{i.key}"] for i in items if f"item.{i.key}" in request.form}
    notes = {item.key: request.form.get(f"note.{item.key}", "") for item in items}
    check = _stored(meeting)
    try:
        verbs.record_verdicts(check, answers, notes, _actor(), place=current_user.place)
    except verbs.VerdictRefused:
        abort(400)
    db.session.commit()


def _attach(meeting: Meeting) -> dict[str, Correction]:
    """Take the pictures posted; control → why it was refused."""
    refused: dict[str, Correction] = {}
    for name, attach in (("photo", verbs.attach_photo), ("scan", verbs.attach_form)):
        file: FileStorage | None = request.files.get(name)
        if not file or not file.filename:
            continue
        try:
            attach(_stored(meeting), file.stream, _actor())
            db.session.commit()
        except PictureRefused as refusal:
            db.session.rollback()
            refused[name] = refusal.correction
    return refused


def _finish(meeting: Meeting) -> Any:
    """What the button pressed asks for."""
    wanted = request.form.get("do", "save")
    if wanted == "back":
        try:
            verbs.send_back(meeting.filing, _actor(), int(request.form["revision"]))
        except NothingToSendBack:
            db.session.rollback()
            flash(gettext("没有一项资料答“否”，没有可退回的。先在不对的那一项选“否”，写明哪里不对。"), "mend")
            return _back_to(meeting)
        db.session.commit()
        flash(gettext("已退回主办者修改，不对的地方都标在对应的字段上。"), "good")
        return redirect(url_for("reviewer.counter"))
    if wanted == "complete":
        try:
            done = verbs.complete_when_both(meeting.filing, _actor())
        except RecordEnded:
            db.session.rollback()
            flash(gettext("这份所办的登记已经不在了，不能通过，也不能报送。请回到审核页处理。"), "mend")
            return _back_to(meeting)
        lacking = checks.lacking(checks.seen(meeting.filing, meeting.row), facts.individual(meeting.revision.answers))
        db.session.commit()
        if done:
            flash(gettext("核验完成，已转去报送。"), "good")
            return redirect(url_for("reviewer.counter"))
        if lacking.nothing:
            flash(gettext("这个网站核验完了。同一份备案还有别的网站没有核验，都完成后一起报送。"), "good")
            return redirect(url_for("reviewer.counter"))
        flash(gettext("还不能完成：看页面下方还差哪几项。"), "mend")
        return _back_to(meeting)
    flash(gettext("已保存，尚未完成核验。"), "note")
    return _back_to(meeting)


def _stored(meeting: Meeting) -> Verification:
    return next(c for c in verbs.open_for(meeting.filing) if c.website_row == meeting.row)


def _actor() -> Actor:
    return Actor("staff", current_user.id)


def _back_to(meeting: Meeting) -> Any:
    return redirect(url_for("reviewer.counter_visit", number=meeting.filing.number, row=meeting.row))


def _gone() -> Any:
    flash(gettext("这份备案现在不在待核验。"), "note")
    return redirect(url_for("reviewer.counter"))


def _view(meeting: Meeting) -> dict[str, Any]:
    """What the page and its fragments show."""
    answers = meeting.revision.answers
    individual = facts.individual(answers)
    check = checks.seen(meeting.filing, meeting.row)
    items = items_for(individual)
    lacking = checks.lacking(check, individual)
    return {
        "filing": meeting.filing,
        "revision": meeting.revision,
        "row": meeting.row,
        "address": meeting.address,
        "check": check,
        "parts": [(key, title, [item for item in items if item.part == key]) for key, title in PARTS.items()],
        "filed": facts.values(answers, meeting.row, mask=True, language=language()),
        "given": checks.answers_of(check),
        "notes": checks.notes_of(check),
        "lacking": lacking,
        "total": len(items),
        "answered": len(items) - len(lacking.unanswered),
        "one_of": ONE_OF,
        "no": NO,
    }


def _fragment(meeting: Meeting) -> str:
    """The place for a note under the item just answered, with the sums."""
    items = {item.key: item for item in items_for(facts.individual(meeting.revision.answers))}
    item = items.get(request.args.get("item", ""))
    if item is None:
        abort(400)
    return render_template("reviewer/counter_saved.html", item=item, **_view(meeting))


def _page(meeting: Meeting, refused: dict[str, Correction] | None = None) -> str:
    answers = meeting.revision.answers
    view = _view(meeting)
    check: Verification = view["check"]
    photo = documents.get(check.photo_paper_id) if check.photo_paper_id else None
    return render_template(
        "reviewer/counter_visit.html",
        principal=answers.text(f"website[{meeting.row}].principal.name"),
        domain=answers.text(f"website[{meeting.row}].domain"),
        photo=photo,
        form=documents.get(check.form_paper_id) if check.form_paper_id else None,
        booking=meeting.booking,
        slot=meeting.booking.slot_at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M") if meeting.booking else "",
        places=bookings.places(),
        refused=refused or {},
        when=when,
        limit_mb=current_app.extensions["settings"].upload_limit_mb,
        together=roomy.total("reviewer.counter_save"),
        **view,
    )
