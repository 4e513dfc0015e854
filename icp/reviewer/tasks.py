"""Tasks at the desk: the list, one task with what is on record beside what the bureau says, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit, vocabulary
from icp.drawing.teller import Teller
from icp.extensions import db
from icp.filings import correcting, operations, states
from icp.filings.answers import Answers
from icp.filings.paths import in_row
from icp.i18n import language, tr
from icp.register.models import Subject, Website
from icp.reviewer import bp, desk, task_forms, task_list
from icp.reviewer.desk import REVIEWS
from icp.reviewer.queue import due
from icp.reviewer.task_list import Wanted
from icp.tasks import verbs
from icp.tasks import words as task_words
from icp.tasks.kinds import KINDS, LABELS, TRANSITIONS, UNFINISHED, Action, Kind, State
from icp.tasks.models import Task
from icp.vocabulary.text import N_

DUE = {"": N_("不限时限"), "late": N_("已过期"), "soon": N_("两个工作日内")}
DONE: dict[str, str] = {
    Action.OPEN: N_("收到"),
    Action.AGAIN: N_("管局又提，内容有更新"),
    Action.TAKE: N_("取来办"),
    Action.PUT_BACK: N_("放回"),
    Action.NOTE: N_("记录"),
    Action.CHANGE: N_("代办变更"),
    Action.TELL_HOST: N_("写信告诉主办者"),
    Action.HOST_SAYS: N_("主办者回复"),
    Action.ANSWER: N_("答复管局"),
    Action.CLOSE: N_("办结"),
    Action.ACCEPTED: N_("管局系统已收下答复"),
    Action.SETTLE: N_("管局确认，办结"),
    Action.REOPEN: N_("管局退回答复"),
}
ACTORS = {"host": N_("主办者"), "bureau": N_("管局"), "system": N_("系统"), "staff": N_("接入商")}
LONGEST = 1000


@bp.get("/desk/tasks")
@REVIEWS
def tasks() -> Any:
    """One lane of tasks, by kind and by when they are due."""
    mine = request.args.get("mine") == "1"
    try:
        lane = State.TAKEN if mine else State(request.args.get("lane") or State.OPEN)
        wanted = Wanted(
            lane,
            kind=request.args.get("kind", ""),
            due=request.args.get("due", "") if lane in UNFINISHED else "",
            assignee_id=current_user.id if mine else None,
            after=request.args.get("after", ""),
        )
        found, following = task_list.page(wanted, states.today())
    except ValueError:
        abort(404)
    counts = verbs.counts()
    further: dict[str, Any] = {**request.args.to_dict(), "after": following}
    return render_template(
        "reviewer/tasks.html",
        wanted=wanted,
        mine=mine,
        found=found,
        next_page=url_for("reviewer.tasks", **further) if following else "",
        lanes=[(s, tr(LABELS[s]), sum(n for (_, state), n in counts.items() if state == s)) for s in State],
        kinds=[(k, tr(KINDS[k].label), counts.get((k, lane), 0)) for k in Kind],
        label=tr(LABELS[lane]),
        due_choices=DUE if lane in UNFINISHED else {},
        due=due(states.today()),
        titles={task.id: task_words.title(task) for task in found},
        holders=desk.names(task.assignee_id for task in found),
        unfinished=lane in UNFINISHED,
        moment=desk.moment,
    )


@bp.get("/desk/tasks/<number>")
@REVIEWS
def task(number: str) -> str:
    """One task; opening it is recorded, since it may hold personal data."""
    found = find(number)
    audit.record("open_task", actor=current_user, object_kind="task", object_id=found.number)
    db.session.commit()
    found = find(number)
    return page(found, **task_forms.more(found))


def page(found: Task, **more: Any) -> str:
    """The page of a task.

    Args:
        found: the task.
        more: what a form that was refused shows again.
    """
    history = verbs.events(found)
    kind = KINDS[Kind(found.kind)]
    return render_template(
        "reviewer/task.html",
        task=found,
        title=task_words.title(found),
        state=tr(LABELS[State(found.state)]),
        said=task_words.said(found),
        differences=_differences(found),
        subject=db.session.get(Subject, found.subject_id) if found.subject_id else None,
        website=db.session.get(Website, found.website_id) if found.website_id else None,
        kind=kind,
        mine=found.state == State.TAKEN and found.assignee_id == current_user.id,
        holder=desk.name_of(found.assignee_id),
        can={action: (State(found.state), action) in TRANSITIONS for action in Action},
        history=history[::-1],
        people=desk.names(event.actor_id for event in history),
        done=DONE,
        note_of=task_words.note_of,
        actors=ACTORS,
        labels=LABELS,
        due=due(states.today())(found.due_on),
        moment=desk.moment,
        labelled=lambda table, code: vocabulary.current().label(table, code, language()),
        **more,
    )


def _differences(found: Task) -> list[tuple[str, str, str, str]]:
    """Label, website, what the host said, and what is on record; numbers of persons stay masked."""
    change, entries = operations.get("change"), task_words.differences(found)
    shown = []
    for entry in entries:
        path = in_row(entry["path"], "website", "w1")
        told, stands = (Teller(change, Answers({path: entry[side]})).say(path) for side in ("said", "on_record"))
        shown.append((tr(change.label_of(path)), entry["number"], told, stands))
    return shown


def find(number: str) -> Task:
    """The task with this number, or 404."""
    found = verbs.by_number(number)
    if found is None:
        abort(404)
    return found


def does(view: Callable[[Task], Any]) -> Callable[..., Any]:
    """A view that does one thing to a task: locks it, commits, goes back to it; a refusal undoes everything."""

    @wraps(view)
    def doing(number: str) -> Any:
        task_id = find(number).id
        try:
            answer = view(verbs.lock(task_id))
            db.session.commit()
        except verbs.NotYours:
            db.session.rollback()
            flash(gettext("这件任务现在在别人手上，没有改动。"), "mend")
            answer = None
        except verbs.NotPossible:
            db.session.rollback()
            flash(gettext("任务的情况已经变了，没有改动。请看现在的情况。"), "mend")
            answer = None
        return answer or redirect(url_for("reviewer.task", number=number), 303)

    return doing


def typed(name: str, longest: int = LONGEST) -> str:
    """A text of the form, with line ends as we keep them."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:longest]


@bp.post("/desk/tasks/<number>/take")
@REVIEWS
@does
def take_task(found: Task) -> Any:
    """Take a task in hand."""
    verbs.take(found, current_user.id)


@bp.post("/desk/tasks/<number>/put-back")
@REVIEWS
@does
def put_back_task(found: Task) -> Any:
    """Leave a task to others."""
    verbs.put_back(found, current_user.id)
    flash(gettext("已放回，别人可以取。"), "note")


@bp.post("/desk/tasks/<number>/note")
@REVIEWS
@does
def note_task(found: Task) -> Any:
    """Write down what was found out."""
    text = typed("note")
    if not text:
        return page(found, note_missing=True, **task_forms.more(found)), 422
    verbs.note(found, current_user.id, text)
    return None


@bp.post("/desk/tasks/<number>/tell")
@REVIEWS
@does
def tell_host(found: Task) -> Any:
    """Write to the hosts of the subject what the bureau asks for."""
    if not KINDS[Kind(found.kind)].host or found.subject_id is None:
        raise verbs.NotPossible("tell_host")
    verbs.tell_host(found, current_user.id, typed("text"))
    flash(gettext("信已排队，马上发出。主办者在“管局事项”里也看得到。"), "good")


@bp.post("/desk/tasks/<number>/change")
@REVIEWS
@does
def change_for_task(found: Task) -> Any:
    """Open a change on the host's behalf, with what he said filled in beside what is on record."""
    subject = db.session.get(Subject, found.subject_id) if found.subject_id else None
    if subject is None or subject.cancelled_at is not None or not KINDS[Kind(found.kind)].host:
        raise verbs.NotPossible("change")
    website = db.session.get(Website, found.website_id) if found.website_id else None
    said, numbers = task_words.differences(found), [website.number] if website else []
    filing = correcting.begin(subject, desk.actor(), websites=numbers, said=said, source=found.filing_id)
    audit.record("open_on_behalf", actor=current_user, object_kind="filing", object_id=filing.number)
    verbs.change_opened(found, current_user.id, filing.number)
    flash(gettext("变更已开好，说过的新内容填在里面了。备案密码要再问主办者一次。"), "note")
    return redirect(url_for("host.filing", number=filing.number), 303)


@bp.post("/desk/tasks/<number>/close")
@REVIEWS
@does
def close_task(found: Task) -> Any:
    """Nothing is left to do; what was done stands in the history."""
    words = typed("words")
    if not words:
        return page(found, words_missing=True, **task_forms.more(found)), 422
    verbs.close(found, current_user.id, words)
    flash(gettext("已办结。"), "good")
    return None
