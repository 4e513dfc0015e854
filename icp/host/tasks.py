"""What the bureau asks of a host: notices and findings about what is on record, with until when."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from icp.accounts.guards import host_only
from icp.extensions import begin_write, db
from icp.filings import correcting
from icp.filings.states import Actor
from icp.host import bp
from icp.i18n import tr
from icp.register.models import Subject, Website
from icp.register.reading import is_of
from icp.tasks import verbs, words
from icp.tasks.kinds import KINDS, LABELS, UNFINISHED, Action, Kind, State
from icp.tasks.models import Task
from icp.vocabulary.text import N_

LONGEST = 500
ASKS = {
    State.OPEN: ("mend", N_("要您处理")),
    State.TAKEN: ("mend", N_("要您处理")),
    State.ANSWERED: ("note", LABELS[State.ANSWERED]),
    State.DONE: ("done", LABELS[State.DONE]),
}


@bp.get("/tasks")
@host_only
def tasks() -> str:
    """What concerns the host, unfinished first."""
    return _page()


def _page(missing: str = "") -> str:
    found = verbs.of_host(current_user.id)
    return render_template(
        "host/tasks.html",
        found=found,
        titles={task.id: words.title(task) for task in found},
        said={task.id: words.said(task, words.FOR_HOST) for task in found},
        asks=ASKS,
        unfinished=UNFINISHED,
        replies={task.id: _replies(task) for task in found},
        missing=missing,
    )


def _replies(task: Task) -> list[str]:
    return [event.note or "" for event in verbs.events(task) if event.action == Action.HOST_SAYS]


@bp.post("/tasks/<number>/reply")
@host_only
def reply_to_task(number: str) -> Any:
    """Tell the provider what became of it."""
    found = verbs.by_number(number)
    if found is None or not _concerns(found):
        abort(404)
    text = request.form.get("reply", "").replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        return _page(number), 422
    try:
        verbs.host_says(verbs.lock(found.id), current_user.id, text)
    except verbs.NotPossible:
        db.session.rollback()
        flash(tr(N_("这件事已经办结，没有再记。")), "note")
    else:
        db.session.commit()
        flash(tr(N_("已告诉我们，审核员会看到。")), "good")
    return redirect(url_for("host.tasks"), 303)


@bp.post("/tasks/<number>/change")
@host_only
def change_for_task(number: str) -> Any:
    """Begin a change of what the task is about, with what the host said before filled in."""
    found = verbs.by_number(number)
    if found is None or not _concerns(found):
        abort(404)
    begin_write()
    subject = db.session.get_one(Subject, found.subject_id)
    website = db.session.get(Website, found.website_id) if found.website_id else None
    if subject.cancelled_at is not None:
        abort(409)
    said, numbers = words.differences(found), [website.number] if website else []
    filing = correcting.begin(
        subject, Actor("host", current_user.id), websites=numbers, said=said, source=found.filing_id
    )
    filing_number = filing.number
    db.session.commit()
    return redirect(url_for("host.filing", number=filing_number), 303)


def _concerns(task: Task) -> bool:
    subject = db.session.get(Subject, task.subject_id) if task.subject_id else None
    told = task.told_at is not None or task.kind == Kind.CORRECT_STALE
    return subject is not None and told and KINDS[Kind(task.kind)].host and is_of(subject, current_user.id)
