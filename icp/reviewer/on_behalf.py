"""Filings on behalf (代为备案) at the desk: opening one from a record or from nothing, and those still being filled in.

They are filled in with the very pages hosts use (``icp.host``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from icp import audit
from icp.accounts import invitations, links, people
from icp.accounts.models import Account
from icp.bureau import finding
from icp.bureau.finding import Found, Typed
from icp.drawing import questions
from icp.drawing.questions import Asking
from icp.extensions import begin_write, db, row_id
from icp.filings import behalf, drafts, opening, operations
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.filings.states import LABELS
from icp.i18n import language, tr
from icp.register import reading
from icp.register.models import Subject, Website
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS
from icp.vocabulary.text import N_

PAGE = 50
NOT_AN_ADDRESS = N_("这不像一个邮箱地址。请写全，例如 lin@qingwu.example。")
NOT_A_HOST = N_("这个邮箱是工作人员的账号，不能作为主办者。")
ONE_SITE = N_("网站注销一份只办一个网站，请只选一个。")
NO_SITE = N_("请先选网站。")
NO_OPERATION = N_("请选择办什么。")


@dataclass
class Wish:
    """What the form of a filing on behalf asks for, and what is wrong with it.

    Attributes:
        operation: its code.
        email: of the host, '' for none.
        websites: numbers of the websites chosen.
        wrong: name of a control → what is wrong there (marked text).
    """

    operation: str = ""
    email: str = ""
    websites: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


@bp.get("/desk/on-behalf")
@REVIEWS
def on_behalf() -> Any:
    """Begin a filing for a customer, or go on with one."""
    return _page(Wish())


@bp.route("/desk/on-behalf/find", methods=["GET", "POST"])
@REVIEWS
def find_on_behalf() -> Any:
    """Look up what a customer has and propose one operation; the page keeps what was typed."""
    if request.method == "GET":
        return redirect(url_for("reviewer.on_behalf"))
    asking = Asking(request.form)
    typed = questions.read(asking)
    if typed is None:
        return _page(Wish(), asking), 422
    return _page(Wish(), asking, finding.look(typed, current_user.id, staff=True), typed)


@bp.post("/desk/on-behalf")
@REVIEWS
def open_on_behalf() -> Any:
    """Open a filing about a subject that isn't on record here."""
    wish = _wish()
    if wish.operation not in {operation.code for operation in _from_nothing()}:
        wish.wrong["operation"] = NO_OPERATION
    if wish.wrong:
        return _page(wish), 422
    return _open(wish, None)


@bp.post("/desk/register/<int:subject_id>/on-behalf")
@REVIEWS
def open_about_record(subject_id: int) -> Any:
    """Open a filing about a subject on record."""
    subject = _on_record(subject_id)
    wish = _wish()
    known = {website.number: website for website in subject.websites if website.cancelled_at is None}
    sites = [known[number] for number in wish.websites if number in known]
    if wish.operation == "cancel_access":
        chosen = [site.number for site in sites]
        return redirect(url_for("reviewer.cancel_access", subject_id=subject_id, website=chosen), 303)
    operation = operations.OPERATIONS.get(wish.operation)
    if operation is None or operation.by_staff_only or operation.begins == "nothing":
        abort(400)
    if wish.operation == "cancel_website" and len(sites) != 1:
        wish.wrong["websites"] = ONE_SITE if sites else NO_SITE
    if wish.wrong:
        for text in wish.wrong.values():
            flash(tr(text), "mend")
        return redirect(url_for("reviewer.subject", subject_id=subject_id, _anchor="act"), 303)
    return _open(wish, subject, _about(operation, subject, sites))


def _about(operation: Operation, subject: Subject, sites: list[Website]) -> list[str]:
    """The websites a filing begins with: all of them when the subject itself goes, else those chosen that fit."""
    if operation.register_effect == "remove_subject":
        return [website.number for website in subject.websites if website.cancelled_at is None]
    if operation.register_effect == "add_website":
        return []
    if operation.register_effect == "add_access":
        return [website.number for website in sites if not reading.ours(website)]
    return [website.number for website in sites]


def _wish() -> Wish:
    form = request.form
    wish = Wish(form.get("operation", ""), form.get("email", "").strip()[:254], form.getlist("website"))
    if wish.email:
        try:
            wish.email = validate_email(wish.email, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError:
            wish.wrong["email"] = NOT_AN_ADDRESS
        else:
            account = people.by_email(wish.email)
            if account is not None and account.kind != "host":
                wish.wrong["email"] = NOT_A_HOST
    return wish


def _open(wish: Wish, subject: Subject | None, websites: list[str] | None = None) -> Any:
    begin_write()
    about, said = websites or (), questions.along(request.form)
    filing = opening.begun(wish.operation, desk.actor(), subject, about, said) if subject is not None else None
    if filing is not None:
        flash(gettext("这份草稿您先前已经开始了，接着填就好。"), "note")
    else:
        filing = behalf.open_for(wish.operation, desk.actor(), subject=subject, websites=about)
        audit.record("open_on_behalf", actor=current_user, object_kind="filing", object_id=filing.number)
    opening.fill_in(filing, desk.actor(), said)
    account = people.by_email(wish.email) if wish.email else None
    if account is not None:
        behalf.add_host(filing, account.id)
    elif wish.email:
        _invite(filing, wish.email)
    number = filing.number
    db.session.commit()
    return redirect(url_for("host.filing", number=number), 303)


def _invite(filing: Filing, address: str) -> None:
    """Mail a link by which somebody gets an account and sees the filing."""
    invitations.invite(address, language(), filing.id, _days())
    flash(gettext("%(address)s 还没有账号，邀请信已排队发出。", address=address), "note")


def _days() -> int:
    days: int = current_app.extensions["settings"].draft_link_days
    return days


@bp.post("/desk/on-behalf/<number>/host")
@REVIEWS
def name_host(number: str) -> Any:
    """Name the host of a filing on behalf by his address, or write to those named once more."""
    filing = _find(number)
    wish = _wish()
    back = redirect(url_for("host.filing", number=number, _anchor="behalf"), 303)
    if wish.wrong:
        flash(tr(wish.wrong["email"]), "mend")
        return back
    filing_id = filing.id
    begin_write()
    filing = drafts.lock(filing_id)
    account: Account | None = people.by_email(wish.email) if wish.email else None
    if not wish.email:
        behalf.tell(filing)
        flash(gettext("信已排队，请主办者看一遍并确认。"), "good")
    elif account is None:
        _invite(filing, wish.email)
    elif behalf.add_host(filing, account.id):
        flash(gettext("已指定主办者，信已排队发出。"), "good")
    else:
        flash(gettext("他已经是这份备案的主办者。"), "note")
    db.session.commit()
    return back


@bp.post("/desk/on-behalf/<number>/invitations/<int:invitation_id>/<any(again, withdraw):act>")
@REVIEWS
def answer_invitation(number: str, invitation_id: int, act: str) -> Any:
    """Mail an invitation once more, or end it; who has got an account meanwhile is made a host instead."""
    filing_id = _find(number).id
    begin_write()
    filing, invitation = drafts.lock(filing_id), invitations.one(filing_id, invitation_id)
    if invitation is None:
        flash(gettext("这封邀请已经用过或收回了，没有再寄。"), "note")
    elif act == "withdraw":
        links.use_up(invitation)
        flash(gettext("邀请已收回，信里的链接不能用了。"), "good")
    else:
        address = str(invitation.address)
        account = people.by_email(address)
        if account is not None and account.kind == "host":
            links.use_up(invitation)
            behalf.add_host(filing, account.id)
            flash(gettext("他自己注册过了，现在是这份备案的主办者，信已排队发出。"), "good")
        else:
            invitations.invite(address, language(), filing.id, _days())
            flash(gettext("邀请信又寄了一次，先前的链接不能用了。"), "good")
    db.session.commit()
    return redirect(url_for("host.filing", number=number, _anchor="behalf"), 303)


def _find(number: str) -> Filing:
    wanted = select(Filing).where(Filing.number == number, Filing.mode == behalf.ON_BEHALF)
    return db.session.scalar(wanted) or abort(404)


def _on_record(subject_id: int) -> Subject:
    """The subject, if it is on record still.

    Raises:
        werkzeug.exceptions.NotFound: it isn't.
    """
    subject = db.session.get(Subject, subject_id)
    if subject is None or subject.cancelled_at is not None:
        abort(404)
    return subject


def _from_nothing() -> list[Operation]:
    """Operations that need no record here to begin with."""
    return [o for o in operations.OPERATIONS.values() if o.begins != "record" and not o.by_staff_only]


def _page(wish: Wish, asking: Asking | None = None, looked_up: Found | None = None, typed: Typed | None = None) -> str:
    before = request.args.get("before", type=row_id)
    wanted = select(Filing).where(Filing.mode == behalf.ON_BEHALF, Filing.state.in_(drafts.HOST_EDITS))
    if before is not None:
        wanted = wanted.where(Filing.id < before)
    found = list(db.session.scalars(wanted.order_by(Filing.id.desc()).limit(PAGE + 1)))
    return render_template(
        "reviewer/on_behalf.html",
        wish=wish,
        asking=asking or Asking(),
        found=looked_up,
        proposed=operations.OPERATIONS.get(looked_up.case.operation) if looked_up else None,
        carried=questions.carried(asking or Asking(request.form), typed, looked_up),
        operations=_from_nothing(),
        filings=found[:PAGE],
        more=len(found) > PAGE,
        named={code: tr(operation.label) for code, operation in operations.OPERATIONS.items()},
        labels=LABELS,
        people=desk.names(filing.opened_by_id for filing in found),
        moment=desk.moment,
    )
