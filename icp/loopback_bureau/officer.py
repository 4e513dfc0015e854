"""The officer's pages: what waits, one request with its data and pictures, the decision, the switches for trouble."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, session, url_for

from icp.loopback_bureau import checks, comparing, decide, reading, registry, troubles
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.decide import Decision, Undecidable
from icp.loopback_bureau.processing import case_of
from icp.loopback_bureau.store import CHINA, Row, bureau_time, now
from icp.vocabulary import builtin
from icp.vocabulary.calendar import add_working_days

bp = Blueprint("officer", __name__, template_folder="templates")

REVIEW_WORKING_DAYS = 20
RECENT = 20
STATES = {"pending": "待审", "approved": "已准予", "rejected": "已退回", "failed": "处理错误"}
NO_ERRORS = ("1001", "1002", "1060", "1062")
COMPARED = ("BGBA", "HSJG")
"""Groups whose records are a filing's whole state: what differs from what is on record is shown beside it."""


def _bureau() -> Bureau:
    bureau: Bureau = current_app.extensions["bureau"]
    return bureau


def token() -> str:
    """The session's token against forged forms."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(32)
    return str(session["token"])


@bp.before_request
def check_token() -> None:
    """Refuse a form that didn't come from one of our pages."""
    if request.method == "POST":
        given = request.form.get("token", "")
        if not secrets.compare_digest(given.encode(), str(session.get("token", "")).encode()) or not given:
            abort(403)


@bp.app_template_filter("minute")
def minute(at: float | None) -> str:
    """A time to the minute, China time; ``""`` for none."""
    return bureau_time(at)[:16] if at else ""


@bp.app_template_filter("deadline")
def deadline(at: float) -> str:
    """The day by which a request that came then is to be decided."""
    day = dt.datetime.fromtimestamp(at, CHINA).date()
    return add_working_days(day, REVIEW_WORKING_DAYS, builtin()).isoformat()


@bp.app_template_filter("kind")
def kind(row: Row) -> str:
    """What a request asks for: its group, and the operation when the group has several."""
    group = checks.GROUPS[row["group_name"]]
    words = builtin().label("operation_types", str(row["operation"])) if group.name == "ZXBA" else group.zh
    return f"{group.name} {words}"


@bp.context_processor
def frame() -> dict[str, Any]:
    """What every page needs."""
    return {"token": token, "states": STATES}


@bp.get("/")
def waiting() -> str:
    """What waits, what was decided last, and the switches."""
    bureau = _bureau()
    bureau.settle()
    with bureau.store.read() as connection:
        state = troubles.state(connection)
    return render_template(
        "waiting.html",
        rows=bureau.requests("pending"),
        done=bureau.decided(RECENT),
        troubles=[(group, [t for t in troubles.TROUBLES.values() if t.group == group]) for group in troubles.GROUPS],
        state=state,
    )


def _request(request_id: int) -> Row:
    row = _bureau().request(request_id)
    if row is None:
        abort(404)
    return row


@bp.get("/requests/<int:request_id>")
def one(request_id: int) -> str:
    """One request with everything in it."""
    return _page(_request(request_id))


def _is_error(code: Mapping[str, str]) -> bool:
    """Whether a row of the table of codes says that something is wrong with a record."""
    return code["category"] in ("icp_data", "general_data") and code["code"] not in NO_ERRORS


def _page(row: Row, error: str = "") -> str:
    record = registry.element_of(row["xml"])
    bureau, group = _bureau(), checks.GROUPS[row["group_name"]]
    with bureau.store.read() as connection:
        account = connection.execute("SELECT * FROM account WHERE isp_id = ?", (row["isp_id"],)).fetchone()
        case = case_of(bureau.config, record, account, connection, now())
        province = group.province(case)
        number = registry.next_number(connection, province, now(), take=False) if province else ""
        kept = connection.execute("SELECT xml FROM baseline WHERE request_id = ?", (row["id"],)).fetchone()
        filing = registry.element_of(kept["xml"]) if kept is not None else decide.baseline(group, case)
        target = group.target(case)
    vocabulary = case.vocabulary
    sections, on_record = reading.sections(record, vocabulary), []
    if filing is not None:
        on_record = reading.sections(comparing.concerned(filing, target), vocabulary)
    if row["group_name"] in COMPARED:
        whole = row["group_name"] == "BGBA"  # an answer to a task has no languages, and takes nothing away
        sections, on_record = comparing.compared(sections, on_record, whole=whole), []
    return render_template(
        "request.html",
        row=row,
        sections=sections,
        on_record=on_record,
        pictures=reading.pictures(record, vocabulary),
        codes=[code for code in vocabulary.tables["bureau_codes"] if _is_error(code)],
        number=number,
        error=error,
    )


@bp.get("/requests/<int:request_id>/pictures/<int:index>")
def picture(request_id: int, index: int) -> Response:
    """One picture of a request."""
    found = reading.pictures(registry.element_of(_request(request_id)["xml"]), builtin())
    if index >= len(found) or found[index].data is None or not found[index].media_type:
        abort(404)
    return Response(found[index].data, content_type=found[index].media_type)


@bp.post("/requests/<int:request_id>/decision")
def decision(request_id: int) -> Any:
    """Sign a decision; what is missing is said on the same page."""
    row, form = _request(request_id), request.form
    what = form.get("what", "")
    if what not in decide.DONE:
        abort(400)
    signed = Decision(
        what,
        form.get("opinion", "").strip(),
        number=form.get("number", "").strip() if what == decide.APPROVE else "",
        code=int(form["code"]) if form.get("code", "").isdecimal() else 1999,
    )
    try:
        filing_number = decide.take(_bureau().store, _bureau().config, request_id, signed)
    except Undecidable as error:
        return _page(row, str(error)), 422
    _bureau().settle()
    flash(f"收文 {row['number']} 已签发：{STATES[decide.DONE[what]]}{' ' + filing_number if filing_number else ''}")
    return redirect(url_for("officer.waiting"), 303)


@bp.post("/troubles")
def switch() -> Any:
    """Set the switches as the form has them: per switch off, on, or once."""
    times = {"off": 0, "once": 1, "on": troubles.ALWAYS}
    for name in troubles.TROUBLES:
        how = request.form.get(name, "")
        if how in times:
            _bureau().trouble(name, times[how])
    flash("仿真故障已设置。")
    return redirect(url_for("officer.waiting"), 303)
