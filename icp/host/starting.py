"""The start page: three questions lead to one operation; and opening a draft of any operation a host may begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select

from icp import vocabulary
from icp.accounts.guards import host_only
from icp.bureau import finding
from icp.bureau.finding import Found, Typed, kind_of
from icp.drawing import questions
from icp.drawing.questions import Asking
from icp.extensions import db, row_id
from icp.filings import drafts, opening, operations, wording
from icp.filings.answers import Answers
from icp.filings.finding import CLAIM, WHEN
from icp.filings.models import Filing, FilingHost
from icp.filings.operations import Operation
from icp.filings.states import Actor, State
from icp.host import bp
from icp.i18n import tr
from icp.register import reading
from icp.register.models import Subject, Website
from icp.vocabulary.text import N_

OPEN_AT_ONCE = 200
"""Drafts one host may have at a time; far more than anybody fills in, and an end for a script gone wild."""
BEGUN = N_("这份草稿您先前已经开始了，接着填就好。")


@bp.get("/start")
@host_only
def start() -> str:
    """The three questions; drafts that are open are offered first."""
    return _page(Asking())


@bp.route("/start/find", methods=["GET", "POST"])
@host_only
def find() -> Any:
    """Look up what was typed and propose one operation; the page keeps what was typed."""
    if request.method == "GET":
        return redirect(url_for("host.start"))
    asking = Asking(request.form)
    typed = questions.read(asking)
    if typed is None:
        return _page(asking), 422
    return _page(asking, finding.look(typed, current_user.id), typed)


@bp.post("/start")
@host_only
def open_draft() -> Any:
    """Open a draft of any operation, with the record it is about where there is one, and go to its first section."""
    operation = operations.OPERATIONS.get(request.form.get("operation", ""))
    if operation is None or operation.by_staff_only:
        abort(400)
    subject, websites = _about(operation)
    numbers = [website.number for website in websites]
    by, said = Actor("host", current_user.id), questions.along(request.form)
    filing = opening.begun(operation.code, by, subject, numbers, said) if subject is not None else None
    if filing is not None:
        flash(tr(BEGUN), "note")
    elif len(open_drafts()) >= OPEN_AT_ONCE:
        flash(tr(N_("您的草稿已经很多了，请先提交或删除一些，再办新的。")), "mend")
        return redirect(url_for("host.filings"), 303)
    last = operation.code == "cancel_website" and subject is not None and is_last(subject, numbers[0])
    if filing is None and last and request.form.get("sure") != "yes":
        return render_template("host/last_website.html", subject=subject, website=websites[0], besides=wording.BESIDES)
    if filing is None:
        filing = _open(operation, subject, numbers)
    province = session.get("province", "")
    if province and vocabulary.current().regions.exists(province):
        said["subject.region_code"] = province
    opening.fill_in(filing, by, said)
    number, (first, row) = filing.number, operation.sections(drafts.read(filing.id).answers)[0]
    db.session.commit()
    return redirect(url_for("host.step", number=number, name=first.name, row=row or None), 303)


def _open(operation: Operation, subject: Subject | None, websites: list[str]) -> Filing:
    return opening.open_filing(
        operation.code,
        Actor("host", current_user.id),
        host_id=current_user.id,
        entrance=session.get("entrance", "direct"),
        province=session.get("province", ""),
        subject=subject,
        websites=websites,
    )


def _about(operation: Operation) -> tuple[Subject | None, list[Website]]:
    """The host's subject and its websites that the request names.

    Raises:
        werkzeug.exceptions.NotFound: they aren't his, or are cancelled.
        werkzeug.exceptions.BadRequest: the operation isn't about them.
    """
    subject = his_subject(request.form["subject"]) if request.form.get("subject") else None
    if (operation.begins == "record" and subject is None) or (operation.begins == "nothing" and subject is not None):
        abort(400)
    numbers = request.form.getlist("website")
    alive = {site.number: site for site in subject.websites if site.cancelled_at is None} if subject else {}
    if not alive.keys() >= set(numbers):
        abort(404)
    if operation.code == "cancel_website" and len(numbers) != 1:
        abort(400)
    # Everything goes with its subject, whoever gives it access.
    return subject, list(alive.values()) if operation.code == "cancel_subject" else [alive[n] for n in numbers]


def his_subject(subject_id: str | int) -> Subject:
    """A subject on record that belongs to whoever is signed in.

    Raises:
        werkzeug.exceptions.NotFound: there is none.
    """
    try:
        found = db.session.get(Subject, row_id(str(subject_id)))
    except ValueError:
        found = None
    if found is None or found.cancelled_at is not None or not reading.is_of(found, current_user.id):
        abort(404)
    return found


def is_last(subject: Subject, number: str) -> bool:
    """Whether a website is the only one its subject has left."""
    return [site.number for site in subject.websites if site.cancelled_at is None] == [number]


def open_drafts(subject: Subject | None = None) -> list[Filing]:
    """What the host has begun and not submitted, the latest first; with a subject, only what is about it."""
    wanted = (
        select(Filing)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(FilingHost.account_id == current_user.id, Filing.state == State.DRAFT)
        .order_by(Filing.updated_at.desc())
        .limit(OPEN_AT_ONCE)
    )
    if subject is not None:
        wanted = wanted.where(Filing.subject_id == subject.id)
    return list(db.session.scalars(wanted))


# ---- the answer


@dataclass(frozen=True)
class Choice:
    """One operation as it is offered: ``href`` when something comes before it, else it can be begun at once."""

    operation: Operation
    when: str
    href: str = ""


def _page(asking: Asking, found: Found | None = None, typed: Typed | None = None) -> str:
    proposed = operations.OPERATIONS.get(found.case.operation) if found else None
    html: str = render_template(
        "host/start.html",
        asking=asking,
        open=open_drafts(),
        found=found,
        proposed=proposed,
        claim=found is not None and found.case.operation == CLAIM,
        papers=_papers(proposed, typed) if proposed else [],
        others=_others(found, proposed),
        carried=questions.carried(asking, typed, found),
    )
    return html


def _others(found: Found | None, proposed: Operation | None) -> list[Choice]:
    rest = [operation for operation in operations.OPERATIONS.values() if operation is not proposed]
    return [Choice(operation, WHEN[operation.code], _first(operation, found)) for operation in rest]


def _first(operation: Operation, found: Found | None) -> str:
    """Where to go before an operation can be begun: to the record it is about, or to where it is told who does it."""
    if operation.by_staff_only:
        return url_for("host.cancel_access")
    if operation.begins != "record":
        return ""
    if found is None or found.subject is None:
        return url_for("host.records")
    if operation.code == "change" or found.website is not None:
        return ""
    return url_for("host.record", subject_id=found.subject.id)


def _papers(operation: Operation, typed: Typed | None) -> list[str]:
    """Labels of the papers nearly everybody needs for an operation (marked texts)."""
    if operation.partial:
        return []  # nothing differs from the record yet
    individual = typed is not None and kind_of(typed.document) == "2"
    answers = Answers({"subject.organisation_type": "5" if individual else "4"}, {"website": ["w1"]})
    slots = operation.papers(answers, vocabulary.current())
    return list(dict.fromkeys(slot.label for slot in slots if slot.required and not slot.because))
