"""Going on with a draft by a mailed link: it opens that filing alone, as often as one likes, until it ends.

No answer tells a stranger anything: the page of a link is the same for every code, every link that doesn't open is
answered alike, and whoever asks for a new one reads the same words whether his address is known or not.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import Field, StringField, ValidationError
from wtforms.validators import DataRequired

from icp import audit, outbox
from icp.accounts import attempts, links
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import host_only, public
from icp.accounts.models import Account, MailLink
from icp.accounts.people import by_email
from icp.accounts.sessions import end_session
from icp.extensions import begin_write, db
from icp.filings import drafts
from icp.filings.drafts import HOST_EDITS
from icp.filings.models import Filing, FilingHost
from icp.filings.states import Actor, State
from icp.host import bp, progress
from icp.host.here import LINKS, here, here_to_edit
from icp.i18n import tr
from icp.settings import Settings
from icp.vocabulary.text import N_, Message

SENT = N_("链接已发到 {address}，{days} 天内有效，用多少次都可以；提交以后自动失效。")
MANY = N_("信已经发了好几封。请先看看邮箱（也看看垃圾邮件），{minutes} 分钟后可以再要。")
AT_ONCE = 10
"""So many filings are mailed for one question, the ones touched last."""


class NewLinkForm(FlaskForm):
    """The address somebody wants his links sent to."""

    email = StringField(
        N_("邮箱"),
        [DataRequired(N_("请写邮箱。"))],
        filters=[lambda text: text.strip() if isinstance(text, str) else text],
    )

    def validate_email(self, field: Field) -> None:
        """Raise ``ValidationError`` when it can't be an address; nothing is looked up."""
        try:
            field.data = validate_email(field.data, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError:
            raise ValidationError(N_("这不像一个邮箱地址。请写全，例如 lin@qingwu.example。")) from None


@bp.post("/filings/<number>/link")
@host_only
def send_link(number: str) -> Any:
    """Mail the host a link to go on with, on any device."""
    found = here_to_edit(number)
    filing_id, who = found.filing.id, current_user.id
    address = str(current_user.email)
    back = redirect(url_for("host.filing", number=number), 303)
    try:
        attempts.must_be_few("mail", address, attempts.network_of(request.remote_addr))
    except TooManyAttempts as refused:
        flash(tr(Message(MANY, minutes=refused.minutes)), "mend")
        return back
    begin_write()
    _mail(filing_id, db.session.get_one(Account, who))
    db.session.commit()
    flash(tr(Message(SENT, address=address, days=_settings().draft_link_days)), "good")
    return back


@bp.get("/resume/<code>")
@public
def resume(code: str) -> Any:
    """A page with a button; the code isn't even looked at, since programs follow links in mail."""
    return render_template("host/resume.html", code=code)


@bp.post("/resume/<code>")
@public
def open_link(code: str) -> Any:
    """Open the filing of a link for this browser, and go where its host stopped."""
    link = links.find("resume", code)
    filing = _of(link) if link is not None else None
    if link is None or filing is None:
        return render_template("host/resume_dead.html", form=NewLinkForm(formdata=None)), 410
    if current_user.is_authenticated and _is_mine(filing.id):
        return redirect(_where(filing.number), 303)
    number, link_id = filing.number, link.id
    end_session()  # somebody else's, or nobody's: what follows is seen by this link alone
    begin_write()
    audit.record("open_link", object_kind="filing", object_id=number, details={"link": link_id})
    db.session.commit()
    session[LINKS] = {number: link_id}
    return redirect(_where(number), 303)


@bp.route("/resume", methods=["GET", "POST"])
@public
def new_link() -> Any:
    """Mail new links to every draft of an address; the answer is the same whether it is known or not."""
    form = NewLinkForm()
    if not form.validate_on_submit():
        return render_template("host/resume_new.html", form=form), 422 if form.errors else 200
    address = form.email.data
    try:
        attempts.must_be_few("mail", address, attempts.network_of(request.remote_addr))
    except TooManyAttempts as refused:
        form.email.errors = [Message(MANY, minutes=refused.minutes)]
        return render_template("host/resume_new.html", form=form), 429
    begin_write()
    account = by_email(address)
    if account is not None and _may_be_mailed(account):
        for filing_id in _unfinished(account.id):
            _mail(filing_id, account)
    db.session.commit()
    return render_template("host/resume_sent.html", address=address, days=_settings().draft_link_days)


def _mail(filing_id: int, account: Account) -> None:
    """Issue a link and ask for the letter that brings it; its code lies only in the row's sealed payload."""
    days = _settings().draft_link_days
    life = dt.timedelta(days=days)
    code = links.issue("resume", address=account.email, account=account, filing_id=filing_id, lifetime=life)
    payload = {"code": code, "days": days, "account_id": account.id}
    outbox.put("letter.resume", f"letter.resume.{secrets.token_hex(8)}", filing_id=filing_id, payload=payload)


def _unfinished(account_id: int) -> list[int]:
    """Filings this host may still write, the ones touched last first."""
    wanted = (
        select(Filing.id)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(FilingHost.account_id == account_id, Filing.state.in_(HOST_EDITS))
        .order_by(Filing.updated_at.desc())
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(wanted))


def _may_be_mailed(account: Account) -> bool:
    return account.disabled_at is None and account.email_confirmed_at is not None


def _of(link: MailLink) -> Filing | None:
    """The filing a link opens: with its host, who is still one of its hosts."""
    filing, account = db.session.get(Filing, link.filing_id or 0), db.session.get(Account, link.account_id or 0)
    if filing is None or account is None or account.disabled_at is not None:
        return None
    theirs = db.session.get(FilingHost, (filing.id, account.id))
    return filing if theirs and drafts.may_edit(filing, Actor("host", account.id)) else None


def _is_mine(filing_id: int) -> bool:
    return db.session.get(FilingHost, (filing_id, current_user.id)) is not None


def _where(number: str) -> str:
    """The section where the host stopped."""
    found = here(number)
    part = progress.of(found, drafts.read(found.filing.id)).next
    if found.filing.state == State.RETURNED or part is None:
        return url_for("host.filing" if found.filing.state == State.RETURNED else "host.check", number=number)
    return part.href


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
