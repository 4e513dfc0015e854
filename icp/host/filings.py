"""A host's filings: the list, the page of each, and giving it up."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from icp import vocabulary
from icp.accounts import links
from icp.accounts.guards import fills, fills_or_link, host_only
from icp.extensions import begin_write, db, row_id
from icp.filings import correcting, drafts, verbs
from icp.filings.models import Filing, FilingHost
from icp.filings.states import NotAllowed, State
from icp.host import bp, check, lapsed, on_behalf, progress, rows, switching, timeline
from icp.host.here import Here, here, here_to_edit
from icp.i18n import language, tr
from icp.vocabulary.text import N_

PAGE = 50
DELETED = N_("已删除。需要时可以重新办理。")
GIVEN_UP = N_("已放弃。需要时可以重新办理。")


@bp.get("/filings")
@host_only
def filings() -> str:
    """What the host has, newest first."""
    before = request.args.get("before", type=row_id)
    wanted = (
        select(Filing)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(FilingHost.account_id == current_user.id, *([Filing.id < before] if before else []))
        .order_by(Filing.id.desc())
        .limit(PAGE + 1)
    )
    found = list(db.session.scalars(wanted))
    return render_template("host/filings.html", filings=found[:PAGE], more=len(found) > PAGE)


@bp.get("/filings/<number>")
@fills_or_link
def filing(number: str) -> Any:
    """The task list of a draft; what is to be mended in a returned filing; otherwise what became of it."""
    found = here(number)
    state = State(found.filing.state)
    if state is State.RETURNED and not found.restricted:
        return redirect(url_for("host.mend", number=number))
    if not found.editable:
        return timeline.page(found)
    buffer = found.buffer
    seen = progress.of(found, buffer)
    return render_template(
        "host/tasklist.html",
        found=found,
        buffer=buffer,
        progress=seen,
        offers=switching.offers(found, seen.blocking),
        gone=lapsed.notice(found),
        full=rows.full(buffer.answers, vocabulary.current()),
        repeated=next((step for step in found.operation.steps if step.repeat and step.grows), None),
        told=[chapter for chapter in check.chapters(found, buffer, {}) if not chapter.href],
        rules=vocabulary.current().province_rules(found.filing.province) if found.filing.province else None,
        province=_province(found.filing.province),
        correctable=correctable(found),
        behalf=on_behalf.margin(found),
    )


def _province(code: str) -> str:
    words = vocabulary.current()
    return words.label("provinces", code, language()) if words.has("provinces", code) else ""


@bp.post("/filings/<number>/correct-first")
@fills
def correct_first(number: str) -> Any:
    """Open a change that goes before this filing, or go on with the one begun already."""
    found = here_to_edit(number)
    if not correctable(found):
        abort(409)
    begin_write()
    change = correcting.before(drafts.lock(found.filing.id), found.by)
    change_number = change.number
    db.session.commit()
    flash(tr(N_("先填好并提交这份变更，再回到原来那份提交：它会自动排在变更后面，变更通过后往下走。")), "note")
    return redirect(url_for("host.filing", number=change_number), 303)


def correctable(found: Here) -> bool:
    """Whether what the filing tells of its subject can be corrected first: it adds to a subject on record here."""
    adds = found.operation.register_effect in ("add_website", "add_access")
    return adds and found.filing.subject_id is not None and found.filing.state == State.DRAFT and not found.restricted


@bp.post("/filings/<number>/abandon")
@fills
def abandon(number: str) -> Any:
    """Give a draft or a returned filing up; asked twice."""
    found = here_to_edit(number)
    returned = found.filing.state == State.RETURNED
    if request.form.get("sure") != "yes":
        return render_template("host/abandon.html", found=found)
    try:
        verbs.abandon(found.filing.id, found.by)
    except NotAllowed:
        abort(409)
    links.end_of_filing(found.filing.id)
    db.session.commit()
    flash(tr(GIVEN_UP if returned else DELETED), "note")
    return redirect(url_for("reviewer.on_behalf" if found.by_staff else "host.filings"), 303)


@bp.post("/filings/<number>/withdraw")
@fills
def withdraw(number: str) -> Any:
    """Take a submitted filing back into a draft; possible until it is ready to report."""
    found = here(number)
    if not found.withdrawable:
        abort(409)
    try:
        verbs.withdraw(found.filing.id, found.by)
    except NotAllowed:
        abort(409)
    db.session.commit()
    flash(tr(N_("已撤回成草稿，内容都还在。")), "good")
    return redirect(url_for("host.filing", number=number), 303)
