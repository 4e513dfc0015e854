"""The start page: three questions lead to one operation; and opening a draft of any operation a host may begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select

from icp import vocabulary
from icp.accounts.guards import host_only
from icp.extensions import db
from icp.filings import drafts, judge, opening, operations
from icp.filings.answers import Answers
from icp.filings.finding import CLAIM, WHEN, Holds
from icp.filings.models import Filing, FilingHost
from icp.filings.operations import Operation
from icp.filings.states import Actor, State
from icp.host import bp, finding
from icp.host.finding import Found, Typed, kind_of
from icp.i18n import tr
from icp.register import reading
from icp.register.models import Subject, Website
from icp.rules import filing_numbers
from icp.rules.correction import Correction, Severity
from icp.vocabulary.text import N_

OPEN_AT_ONCE = 200
"""Drafts one host may have at a time; far more than anybody fills in, and an end for a script gone wild."""
LONGEST = 200
DOCUMENT_MISSING = N_("请填写证件号码：单位的统一社会信用代码，或个人的身份证号码。")
DOMAIN_MISSING = N_("请填写域名，例如 qingwu.example。")
NUMBER_SHAPE = N_("这不像备案号。主体备案号像 闽ICP备2026000001号，网站备案号在后面多“-1”；没有就空着。")
CARRIED = {
    "document_number": "subject.document_number",
    "domain": "website[w1].domain",
    "filing_number": "subject.filing_number",
    "website_number": "website[w1].filing_number",
    "website_name": "website[w1].name",
}
"""What was typed or found on the start page → the answer it becomes; nothing is typed twice."""
BEGINS = "new_filing"
BEGUN = N_("这份草稿您先前已经开始了，接着填就好。")


@dataclass
class Asking:
    """The three questions as a page shows them: what was typed, and what is to be said of each."""

    typed: Mapping[str, str] = field(default_factory=dict)
    said: dict[str, list[Correction | str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was typed."""
        return self.typed.get(name, "")[:LONGEST].strip()


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
    typed = _typed(asking)
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
    filing = _go_on(operation, subject, numbers) if subject is not None else None
    if filing is None and len(open_drafts()) >= OPEN_AT_ONCE:
        flash(tr(N_("您的草稿已经很多了，请先提交或删除一些，再办新的。")), "mend")
        return redirect(url_for("host.filings"), 303)
    last = operation.code == "cancel_website" and subject is not None and is_last(subject, numbers[0])
    if filing is None and last and request.form.get("sure") != "yes":
        return render_template("host/last_website.html", subject=subject, website=websites[0])
    if filing is None:
        filing = _open(operation, subject, numbers)
    _carry(filing, operation)
    number, (first, row) = filing.number, operation.sections(drafts.read(filing.id).answers)[0]
    db.session.commit()
    return redirect(url_for("host.step", number=number, name=first.name, row=row or None), 303)


def _go_on(operation: Operation, subject: Subject, websites: list[str]) -> Filing | None:
    """The host's open draft of the same about the same record, unless what was typed says something else."""
    filing = opening.begun(operation.code, Actor("host", current_user.id), subject, websites)
    if filing is None:
        return None
    answers = drafts.read(filing.id).answers
    for path, typed in _typed_before().items():
        there = {str(value).lower() for value in (answers.get(path), answers.was(path)) if value}
        if operation.asks(path) and there and typed.lower() not in there:
            return None
    flash(tr(BEGUN), "note")
    return filing


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


def _carry(filing: Filing, operation: Operation) -> None:
    """Save what is known from before into what is still empty."""
    known, province = drafts.read(filing.id).answers, session.get("province", "")
    changes = _typed_before()
    if province and vocabulary.current().regions.exists(province):
        changes["subject.region_code"] = province
    wanted = {path: value for path, value in changes.items() if _may_say(operation, known, path)}
    drafts.save(filing.id, Actor("host", current_user.id), {path: (None, value) for path, value in wanted.items()})


def _typed_before() -> dict[str, str]:
    """What was typed or found on the start page, by the path of the answer it becomes."""
    said = {CARRIED[name]: request.form.get(name, "")[:LONGEST].strip() for name in CARRIED}
    return {path: value for path, value in said.items() if value}


def _may_say(operation: Operation, known: Answers, path: str) -> bool:
    row_there = not path.startswith("website") or "w1" in known.rows("website")
    return operation.asks(path) and row_there and not known.get(path) and not operation.is_fixed(path, known)


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
    found = db.session.get(Subject, int(subject_id)) if str(subject_id).isdecimal() else None
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


# ---- the questions


def _typed(asking: Asking) -> Typed | None:
    """What was typed in canonical form; None when something has to be mended first, which is then said."""
    document, domain, number = asking.get("document_number"), asking.get("domain"), asking.get("filing_number")
    holds = Holds(asking.get("holds")) if asking.get("holds") in set(Holds) else Holds.UNKNOWN
    canonical = filing_numbers.canonical(number) if number else ""
    stored = {
        "document_number": _judged(asking, "document_number", document, DOCUMENT_MISSING),
        "domain": _judged(asking, "domain", domain, DOMAIN_MISSING),
    }
    if canonical is None:
        asking.said["filing_number"] = [tr(NUMBER_SHAPE)]
    if canonical is None or "" in stored.values():
        return None
    document = finding.SIGNS_BETWEEN.sub("", stored["document_number"]).upper()
    return Typed(document, stored["domain"], Holds.YES if canonical else holds, canonical)


def _judged(asking: Asking, name: str, typed: str, missing: str) -> str:
    """The canonical form of a good value, '' for one that has to be mended; says what the wizard would say of it."""
    if not typed:
        asking.said[name] = [tr(missing)]
        return ""
    kind = kind_of(finding.SIGNS_BETWEEN.sub("", typed).upper())
    answers = Answers({"subject.document_type": kind} if kind else {})
    checked = judge.judge_field(operations.get(BEGINS), answers, CARRIED[name], typed).checked
    asking.said[name] = [c for c in checked.corrections if c.severity is not Severity.INFO]
    return "" if checked.refused else str(checked.stored)


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
        carried=_carried(asking, typed, found),
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


def _carried(asking: Asking, typed: Typed | None, found: Found | None) -> dict[str, str]:
    """What goes along into the draft, by the name of its control."""
    if typed is None or found is None:
        return {name: asking.get(name) for name in ("document_number", "domain", "filing_number") if asking.get(name)}
    number = typed.number or (found.filed.subject_number if found.filed else "")
    site = typed.number if filing_numbers.is_of_website(typed.number) else ""
    carried = {
        "document_number": asking.get("document_number"),
        "domain": asking.get("domain"),
        "filing_number": filing_numbers.of_subject(number),
        "website_number": found.filed.website_number if found.filed else site,
        "website_name": found.filed.website_name if found.filed else "",
    }
    return {name: value for name, value in carried.items() if value}


def _papers(operation: Operation, typed: Typed | None) -> list[str]:
    """Labels of the papers nearly everybody needs for an operation (marked texts)."""
    if operation.partial:
        return []  # nothing differs from the record yet
    individual = typed is not None and kind_of(typed.document) == "2"
    answers = Answers({"subject.organisation_type": "5" if individual else "4"}, {"website": ["w1"]})
    slots = operation.papers(answers, vocabulary.current())
    return list(dict.fromkeys(slot.label for slot in slots if slot.required and not slot.because))
