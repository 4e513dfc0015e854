"""What is on record of a host, and claiming a record with its number and filing password.

The password goes to the bureau and nowhere else: it is neither stored nor logged nor put back into the page.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from icp import audit
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import host_only
from icp.bureau import passwords
from icp.bureau.passwords import Person, Right, TriesUsedUp, Verdict, Wrong
from icp.drawing import on_record
from icp.extensions import begin_write, db, row_id
from icp.filings import wording
from icp.host import bp
from icp.host.password import used_up
from icp.host.starting import open_drafts
from icp.i18n import tr
from icp.register import reading, verbs
from icp.register.models import Subject, SubjectHost
from icp.rules import filing_numbers
from icp.vocabulary.text import N_, Message

PAGE = 50
LONGEST = 128

NUMBER_MISSING = N_("请填写备案号，例如 闽ICP备2026000001号。")
NUMBER_SHAPE = N_("“{text}”不像备案号。主体备案号像 闽ICP备2026000001号，网站备案号在后面多“-1”。")
PASSWORD_MISSING = N_("请填写备案密码。它在管局寄给主体负责人的邮件里。")
PASSWORD_WRONG = N_("管局说备案号和备案密码对不上。一小时内还可以试 {left} 次。")
PASSWORD_LAST = N_("管局说备案号和备案密码对不上，能试的次数用完了。请过 {minutes} 分钟再试。")
TRIES_THERE = N_("管局暂时不再核对这个备案号的密码：{text}")
UNREACHABLE = N_("现在联系不上管局，没有核对成。请过一会儿再试。")
NOT_HERE = N_(
    "备案号和备案密码是对的，但登记库里还没有这个主体：它的网站还没有经本公司接入。请办“新增接入”，批准后就在这里。"
)


@bp.get("/records")
@host_only
def records() -> str:
    """The subjects on record that belong to the host, the latest first."""
    before = request.args.get("before", type=row_id)
    wanted = select(Subject).join(SubjectHost).where(SubjectHost.account_id == current_user.id)
    if before is not None:
        wanted = wanted.where(Subject.id < before)
    found = list(db.session.scalars(wanted.order_by(Subject.id.desc()).limit(PAGE + 1)))
    return render_template("host/records.html", subjects=found[:PAGE], more=len(found) > PAGE)


@bp.get("/records/<int:subject_id>")
@host_only
def record(subject_id: int) -> str:
    """What is on record of one subject: its websites, domains and accesses, and what changed when."""
    found = db.session.get(Subject, subject_id)
    if found is None or not reading.is_of(found, current_user.id):
        abort(404)
    return render_template(
        "host/record.html",
        subject=found,
        sections=on_record.sections(found),
        gone=[website for website in found.websites if website.cancelled_at is not None],
        history=on_record.history(found),
        ours=reading.ours,
        kinds=on_record.KINDS,
        drafts=open_drafts(found),
        besides=wording.BESIDES,
        elsewhere=[site for site in found.websites if site.cancelled_at is None and not reading.ours(site)],
    )


@bp.get("/records/cancel-access")
@host_only
def cancel_access() -> str:
    """Who cancels the access of a website, and how to ask for it: the provider, without the filing password."""
    return render_template("host/cancel_access.html")


@bp.route("/records/claim", methods=["GET", "POST"])
@host_only
def claim() -> Any:
    """Claim a record with its number and filing password."""
    if request.method == "GET":
        return _form("")
    typed = request.form.get("number", "")[:LONGEST].strip()
    password = request.form.get("filing_password", "")[:LONGEST].strip()
    problems = _missing(typed, password)
    number = filing_numbers.canonical(typed)
    if problems or number is None:
        return _form(typed, problems)
    number = filing_numbers.of_subject(number)
    try:
        verdict = passwords.attempt(Person(current_user.id), number, password)
    except TooManyAttempts as refused:
        return _form(typed, {"filing_password": used_up(refused)}, 429)
    if not isinstance(verdict, Right):
        return _form(typed, {"filing_password": _why_not(verdict, number)}, 422 if isinstance(verdict, Wrong) else 503)
    begin_write()
    found = verbs.by_number(number)
    if found is None:
        db.session.rollback()
        return _form(typed, {"number": NOT_HERE}, elsewhere=True)
    verbs.belongs_to(found.subject, current_user.id, by="claim")
    audit.record("claim", actor=current_user, object_kind="subject", object_id=number)
    subject_id = found.subject.id
    db.session.commit()
    flash(gettext("%(number)s 已归到您的账号。", number=number), "good")
    return redirect(url_for("host.record", subject_id=subject_id), 303)


def _missing(typed: str, password: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not typed:
        problems["number"] = NUMBER_MISSING
    elif filing_numbers.canonical(typed) is None:
        problems["number"] = Message(NUMBER_SHAPE, text=typed)
    if not password:
        problems["filing_password"] = PASSWORD_MISSING
    return problems


def _why_not(verdict: Verdict, number: str) -> str:
    if isinstance(verdict, Wrong):
        person = Person(current_user.id)
        left = passwords.tries_left(person, number)
        if not left:
            return Message(PASSWORD_LAST, minutes=passwords.minutes_left(person, number))
        return Message(PASSWORD_WRONG, left=left)
    return Message(TRIES_THERE, text=verdict.text) if isinstance(verdict, TriesUsedUp) else UNREACHABLE


def _form(typed: str, problems: dict[str, str] | None = None, status: int = 422, *, elsewhere: bool = False) -> Any:
    said = {name: tr(text) for name, text in (problems or {}).items()}
    page = render_template("host/claim.html", number=typed, problems=said, elsewhere=elsewhere)
    return (page, status) if said else page
