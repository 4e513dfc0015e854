"""Changing one's mind: a draft becomes one of another operation, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from icp.accounts.guards import fills
from icp.extensions import db
from icp.filings import customers, drafts, on_record, opening, operations, preflight
from icp.filings.answers import Answers
from icp.filings.finding import WHEN
from icp.filings.operations import Operation
from icp.filings.states import State
from icp.host import bp
from icp.host.here import Here, here, here_to_edit
from icp.host.starting import is_last
from icp.i18n import tr
from icp.register import reading
from icp.register.models import Subject, SubjectHost
from icp.rules.correction import Correction
from icp.rules.filing_numbers import parse
from icp.vocabulary.text import N_, Message

MOST = 50
"""So many records of a host are offered; who has more begins from the record itself."""
ABOUT_MISSING = N_("这种手续是从登记的内容办起的，请选是哪一个主体。")
WEBSITE_MISSING = N_("请选要注销的是哪一个网站。")
WEBSITES = ("new_access", "cancel_access", "cancel_website")
"""Operations about the website that is chosen, where one is."""
OFFERS = {
    "R013": ("new_website", N_("这个主体已经有备案号，该办的是新增网站。换过去，网站的内容都留着。")),
    "ours": ("change", N_("这个域名已经备案在这个主体名下。要改登记的内容，该办的是信息变更。")),
    "last": ("cancel_subject", N_("这是主体名下最后一个网站。以后不再办网站的，请把主体一起注销。")),
}
"""What is found of a draft → the operation that is offered instead, and why (marked text)."""


@dataclass(frozen=True)
class Candidate:
    """Another operation: when it is right, and which sections it asks for that this one doesn't, and the reverse."""

    operation: Operation
    when: str
    more: Sequence[str]
    less: Sequence[str]
    begins_with_record: bool


@bp.get("/filings/<number>/operation")
@fills
def operation(number: str) -> Any:
    """Which operation the draft may become, and what will differ."""
    found = here(number)
    if not found.editable:
        return redirect(url_for("host.filing", number=number))
    return _page(found, request.args.get("to", ""), _likely(found))


@bp.post("/filings/<number>/operation")
@fills
def switch(number: str) -> Any:
    """Switch; what still applies stays, the rest is kept aside."""
    found = here_to_edit(number)
    chosen, about = operations.OPERATIONS.get(request.form.get("operation", "")), request.form.get("about", "")
    if chosen is None or (chosen.by_staff_only and not found.by_staff):
        abort(400)
    subject, websites = _about(found, chosen, about)
    if chosen.begins == "record" and subject is None:
        return _page(found, chosen.code, about, tr(ABOUT_MISSING)), 422
    if chosen.code == "cancel_website" and not websites:
        return _page(found, chosen.code, about, tr(WEBSITE_MISSING)), 422
    try:
        opening.switch(found.filing.id, found.by, chosen.code, subject, websites)
    except drafts.NotEditable:
        abort(409)
    db.session.commit()
    flash(
        tr(Message(N_("现在办的是“{operation}”。填过的都在；用不上的先替您留着。"), operation=Message(chosen.label))),
        "good",
    )
    # A returned filing's own page shows the marks alone; what is asked now is on the page of the whole.
    onward = "host.check" if found.filing.state == State.RETURNED else "host.filing"
    return redirect(url_for(onward, number=number), 303)


def _about(found: Here, chosen: Operation, about: str) -> tuple[Subject | None, list[str]]:
    """The subject and the numbers of the websites named by the choice `12` or `12:闽ICP备2026000001号-1`."""
    subject_id, _, number = about.partition(":")
    if not subject_id or chosen.begins == "nothing":
        return None, []
    subject = next((subject for subject in _subjects(found) if str(subject.id) == subject_id), None)
    if subject is None:
        abort(404)
    alive = [site.number for site in subject.websites if site.cancelled_at is None]
    if number and number not in alive:
        abort(404)
    if chosen.code == "cancel_subject":
        return subject, alive
    return subject, [number] if number and chosen.code in WEBSITES else []


def candidates(found: Here) -> list[Candidate]:
    """The other operations the visitor may begin."""
    own = _asked(found.operation, found.buffer.answers)
    about = _about_now(found)
    out = []
    for other in operations.OPERATIONS.values():
        if other is not found.operation and (found.by_staff or not other.by_staff_only):
            fresh = Answers()
            if about is not None and other.begins != "nothing":
                on_record.begin(fresh, other, about)
            fresh.groups.setdefault("website", ["w1"])
            asked = _asked(other, fresh)
            more = [title for name, title in asked.items() if name not in own]
            less = [title for name, title in own.items() if name not in asked]
            out.append(Candidate(other, WHEN[other.code], more, less, other.begins == "record"))
    return out


def _asked(operation: Operation, answers: Answers) -> dict[str, str]:
    """Name → title of the sections that ask for something; what a record tells already isn't asked."""
    filled_in = {step.name for step, _ in operation.sections(answers)}
    return {step.name: step.title for step in operation.steps if step.name in filled_in or not step.parts}


def offers(found: Here, corrections: Sequence[Correction]) -> list[tuple[str, str]]:
    """Why another operation would be the right one, and the address where to switch to it."""
    answers, filing = found.buffer.answers, found.filing
    seen = {"R013"} & {correction.code for correction in corrections}
    if any(getattr(correction.message, "template", "") == preflight.DOMAIN_OURS for correction in corrections):
        seen.add("ours")
    if found.operation.code == "cancel_website" and filing.subject_id is not None:
        subject = db.session.get_one(Subject, filing.subject_id)
        if any(is_last(subject, answers.text(f"website[{row}].filing_number")) for row in answers.rows("website")):
            seen.add("last")
    number = filing.number
    offered = [offer for case, offer in OFFERS.items() if case in seen]
    return [(tr(why), url_for("host.operation", number=number, to=code)) for code, why in offered]


def _likely(found: Here) -> str:
    """The record the draft is most likely about, as a choice; '' when none that is offered is."""
    about = _about_now(found)
    return _choice(about, found.buffer.answers) if about is not None else ""


def _about_now(found: Here) -> Subject | None:
    """The record the draft is most likely about, None when none that is offered is."""
    answers, subjects = found.buffer.answers, _subjects(found)
    about = next((subject for subject in subjects if subject.id == found.filing.subject_id), None)
    return about or next((subject for subject in subjects if _is_about(answers, subject)), None)


def _is_about(answers: Answers, subject: Subject) -> bool:
    number = parse(answers.text("subject.filing_number"))
    kind, document = answers.text("subject.document_type"), answers.text("subject.document_number").strip()
    return (number is not None and number.subject == subject.number) or (
        bool(document) and subject.document_hash == reading.document_hash(kind, document)
    )


def _choice(subject: Subject, answers: Answers) -> str:
    numbers = {answers.text(f"website[{row}].filing_number") for row in answers.rows("website")}
    known = [site.number for site in subject.websites if site.number in numbers and site.cancelled_at is None]
    return f"{subject.id}:{known[0]}" if len(known) == 1 else str(subject.id)


def _subjects(found: Here) -> list[Subject]:
    """The records the draft may be about: its hosts', for a host only his own, and the one it is about already."""
    accounts = customers.hosts_of(found.filing.id) if found.by_staff else [found.by.account_id]
    his = select(SubjectHost.subject_id).where(SubjectHost.account_id.in_(accounts))
    wanted = select(Subject).where(Subject.id.in_(his) | (Subject.id == found.filing.subject_id))
    return list(
        db.session.scalars(wanted.where(Subject.cancelled_at.is_(None)).order_by(Subject.id.desc()).limit(MOST))
    )


def _page(found: Here, chosen: str, about: str, complaint: str = "") -> str:
    html: str = render_template(
        "host/switch.html",
        found=found,
        candidates=candidates(found),
        chosen=chosen,
        about=about,
        subjects=_subjects(found),
        complaint=complaint,
    )
    return html
