"""A host's filings: the list, opening one, its page, and giving it up."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select

from icp import vocabulary
from icp.accounts import links
from icp.accounts.guards import host_only, host_or_link
from icp.extensions import db
from icp.filings import drafts, opening, operations, verbs
from icp.filings.models import Filing, FilingHost
from icp.filings.states import LABELS, Action, Actor, NotAllowed, State, can
from icp.host import bp, check, progress, rows, timeline
from icp.host.here import here, here_to_edit
from icp.i18n import language, tr
from icp.vocabulary.text import N_

PAGE = 50
OPEN_AT_ONCE = 200
"""Drafts one host may have at a time; far more than anybody fills in, and an end for a script gone wild."""


@bp.get("/filings")
@host_only
def filings() -> str:
    """What the host has, newest first."""
    before = request.args.get("before", type=int)
    wanted = (
        select(Filing)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(FilingHost.account_id == current_user.id, *([Filing.id < before] if before else []))
        .order_by(Filing.id.desc())
        .limit(PAGE + 1)
    )
    found = list(db.session.scalars(wanted))
    return render_template("host/filings.html", filings=found[:PAGE], more=len(found) > PAGE, labels=LABELS)


@bp.get("/start")
@host_only
def start() -> str:
    """Choose an operation; drafts that are open are offered first."""
    return render_template("host/start.html", operations=_to_begin(), open=_open_drafts())


@bp.post("/start")
@host_only
def open_draft() -> Any:
    """Open a draft and go to its first section."""
    operation = operations.OPERATIONS.get(request.form.get("operation", ""))
    if operation is None or operation not in _to_begin():
        abort(400)
    if len(_open_drafts()) >= OPEN_AT_ONCE:
        flash(tr(N_("您的草稿已经很多了，请先提交或删除一些，再办新的。")), "mend")
        return redirect(url_for("host.filings"), 303)
    by, province = Actor("host", current_user.id), session.get("province", "")
    entrance = session.get("entrance", "direct")
    filing = opening.open_filing(operation.code, by, host_id=by.account_id, entrance=entrance, province=province)
    if province and vocabulary.current().regions.exists(province) and "subject.region_code" in operation.fields:
        drafts.save(filing.id, by, {"subject.region_code": (None, province)})
    number = filing.number
    first, row = operation.sections(drafts.read(filing.id).answers)[0]
    db.session.commit()
    return redirect(url_for("host.step", number=number, name=first.name, row=row or None), 303)


def _to_begin() -> list[operations.Operation]:
    """Operations that need no record here to begin with."""
    return [o for o in operations.OPERATIONS.values() if o.begins != "record" and not o.by_staff_only]


def _open_drafts() -> list[Filing]:
    wanted = (
        select(Filing)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(FilingHost.account_id == current_user.id, Filing.state == State.DRAFT)
        .order_by(Filing.updated_at.desc())
        .limit(OPEN_AT_ONCE)
    )
    return list(db.session.scalars(wanted))


@bp.get("/filings/<number>")
@host_or_link
def filing(number: str) -> Any:
    """The task list of a draft; what is to be mended in a returned filing; otherwise what became of it."""
    found = here(number)
    state = State(found.filing.state)
    if state is State.RETURNED and not found.restricted:
        return redirect(url_for("host.mend", number=number))
    if not found.editable:
        return timeline.page(found)
    buffer = found.buffer
    return render_template(
        "host/tasklist.html",
        found=found,
        buffer=buffer,
        progress=progress.of(found, buffer),
        full=rows.full(buffer.answers, vocabulary.current()),
        repeated=next((step for step in found.operation.steps if step.repeat and step.grows), None),
        told=[chapter for chapter in check.chapters(found, buffer, {}) if not chapter.href],
        rules=vocabulary.current().province_rules(found.filing.province) if found.filing.province else None,
        province=_province(found.filing.province),
    )


def _province(code: str) -> str:
    words = vocabulary.current()
    return words.label("provinces", code, language()) if words.has("provinces", code) else ""


@bp.post("/filings/<number>/abandon")
@host_only
def abandon(number: str) -> Any:
    """Give a draft or a returned filing up; asked twice."""
    found = here_to_edit(number)
    if request.form.get("sure") != "yes":
        return render_template("host/abandon.html", found=found)
    try:
        verbs.abandon(found.filing.id, found.by)
    except NotAllowed:
        abort(409)
    links.end_of_filing(found.filing.id)
    db.session.commit()
    flash(tr(N_("已删除。需要时可以重新办理。")), "note")
    return redirect(url_for("host.filings"), 303)


@bp.post("/filings/<number>/withdraw")
@host_only
def withdraw(number: str) -> Any:
    """Take a submitted filing back into a draft; possible until it is ready to report."""
    found = here(number)
    if not can(found.filing, Action.WITHDRAW):
        abort(409)
    try:
        verbs.withdraw(found.filing.id, found.by)
    except NotAllowed:
        abort(409)
    db.session.commit()
    flash(tr(N_("已撤回成草稿，内容都还在。")), "good")
    return redirect(url_for("host.filing", number=number), 303)
