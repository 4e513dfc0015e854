"""The account's own page: address, mobile number, password, second factor."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Response, abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from icp.accounts import attempts, factors, links, passwords, verbs
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import public, signed_in
from icp.accounts.models import Account
from icp.accounts.sessions import open_session
from icp.accounts.visitor import me
from icp.accounts_web import bp
from icp.accounts_web.forms import (
    ButtonForm,
    ChangeEmailForm,
    ChangePasswordForm,
    CodeForm,
    CurrentPasswordForm,
    FactorForm,
    MobileForm,
)
from icp.accounts_web.pages import complain, dead_link, letter_sent, network, site, too_many
from icp.extensions import db
from icp.vocabulary.text import N_

WRONG_PASSWORD = N_("现在的密码不对。忘了的话，退出后用“忘了密码”。")
WRONG_CODE = N_("数字不对，或已经过期。看清最新一条短信再写，或重新要一个。")
WRONG_FACTOR = N_("数字不对。看一下手机的时间是否准确，再写现在显示的数字。")


@bp.get("/account")
@signed_in
def account() -> Any:
    """Everything about the account."""
    return _show()


@bp.post("/account/password")
@signed_in
def change_password() -> Any:
    """A new password; every other session ends."""
    form, who = ChangePasswordForm(), me()
    form.address = str(who.email)
    if not form.validate() or not _knows_password(form, who):
        return _show(password_form=form)
    changed = verbs.change_password(who.id, form.password.data)
    open_session(changed, "renewed")
    db.session.commit()
    flash(_("密码已改好，别处的登录都已退出。"), "good")
    return redirect(url_for("accounts_web.account"))


@bp.post("/account/email")
@signed_in
def ask_email_change() -> Any:
    """Another address; nothing changes before the link sent to it is opened."""
    form, who = ChangeEmailForm(), me()
    if not form.validate() or not _knows_password(form, who):
        return _show(email_form=form)
    try:
        verbs.ask_email_change(site(), who.id, form.email.data, network())
        db.session.commit()
        return letter_sent(form.email.data, "change_email")
    except TooManyAttempts as refused:
        complain(form.email, too_many(refused))
        return _show(email_form=form)


@bp.route("/account/email/<code>", methods=["GET", "POST"])
@public
def change_email(code: str) -> Any:
    """Open the link sent to the new address, by a button."""
    link = links.find("change_email", code)
    if link is None:
        return dead_link("accounts_web.account")
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("accounts_web/open_link.html", kind="change_email", form=form, address=link.address)
    changed = verbs.change_email(link)
    if changed is None:
        db.session.rollback()
        return dead_link("accounts_web.account")
    db.session.commit()
    flash(_("邮箱已换好。以后用新邮箱登录，信也寄到那里。"), "good")
    return redirect(url_for("accounts_web.account"))


@bp.post("/account/mobile")
@signed_in
def ask_mobile() -> Any:
    """Another mobile number; a code goes there."""
    form = MobileForm()
    if form.validate():
        try:
            factors.ask_mobile_code(current_user.id, form.mobile.data)
            db.session.commit()
            return redirect(url_for("accounts_web.mobile_code"))
        except TooManyAttempts as refused:
            complain(form.mobile, too_many(refused))
    return _show(mobile_form=form)


@bp.route("/account/mobile/code", methods=["GET", "POST"])
@signed_in
def mobile_code() -> Any:
    """The six digits that came by message."""
    number = factors.awaited_mobile(current_user.id)
    if number is None:
        flash(_("没有等着确认的手机号，或数字已经过期。请重新要一个。"), "note")
        return redirect(url_for("accounts_web.account"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            factors.confirm_mobile(current_user.id, form.code.data)
            db.session.commit()
            flash(_("手机号已确认，以后也可以用它登录。"), "good")
            return redirect(_onward(session.pop("registering", None)))
        except factors.WrongCode:
            db.session.rollback()
            complain(form.code, WRONG_CODE)
        except TooManyAttempts as refused:
            complain(form.code, too_many(refused))
    return render_template("accounts_web/mobile_code.html", form=form, number=number)


def _onward(registering: str | None) -> str:
    """Where to go with a confirmed number: who has just registered came to file, not to look at his account.

    Args:
        registering: number of the filing he was invited to, '' for none, None when he isn't registering.
    """
    if registering is None:
        return url_for("accounts_web.account")
    return url_for("host.filing", number=registering) if registering else url_for("host.start")


@bp.route("/account/factor", methods=["GET", "POST"])
@signed_in
def begin_factor() -> Any:
    """Set the second factor up: scan, then write the first code."""
    if current_user.kind != "staff":
        abort(404)
    who, form = me(), FactorForm()
    secret = session.setdefault("factor_secret", factors.new_secret())
    if form.validate_on_submit() and _knows_password(form, who):
        try:
            begun = factors.begin_factor(who.id, secret, form.code.data)
            open_session(begun, "renewed")
            db.session.commit()
            flash(_("动态口令已启用，下次登录时要用。"), "good")
            return redirect(url_for("accounts_web.account"))
        except factors.WrongCode:
            complain(form.code, WRONG_FACTOR)
        except TooManyAttempts as refused:
            complain(form.code, too_many(refused))
    return render_template("accounts_web/begin_factor.html", form=form, secret=secret)


@bp.get("/account/factor.svg")
@signed_in
def factor_picture() -> Any:
    """The QR code of the secret being set up."""
    secret = session.get("factor_secret")
    if secret is None or current_user.kind != "staff":
        abort(404)
    picture = io.BytesIO()
    code = segno.make(factors.factor_uri(secret, str(me().email)), error="m")
    code.save(picture, kind="svg", scale=5, border=2, dark="#000", light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@bp.post("/account/factor/end")
@signed_in
def end_factor() -> Any:
    """Sign in by password alone again."""
    form, who = CurrentPasswordForm(), me()
    if not form.validate() or not _knows_password(form, who):
        return _show(factor_form=form)
    ended = factors.end_factor(who.id, who)
    open_session(ended, "renewed")
    db.session.commit()
    flash(_("动态口令已停用。"), "good")
    return redirect(url_for("accounts_web.account"))


def _knows_password(form: Any, who: Account) -> bool:
    """Whether the present password fits; says so at the field otherwise. Counted like every attempt."""
    account_id, stored = who.id, who.password_hash
    if not attempts.allow("code_account", f"password:{account_id}"):
        complain(form.current, too_many(TooManyAttempts("code_account")))
        return False
    if not passwords.fits(stored, form.current.data):
        complain(form.current, WRONG_PASSWORD)
        return False
    return True


def _show(**forms: Any) -> Any:
    blank = {
        "password_form": ChangePasswordForm,
        "email_form": ChangeEmailForm,
        "mobile_form": MobileForm,
        "factor_form": CurrentPasswordForm,
    }
    made = {name: forms.get(name) or kind(formdata=None) for name, kind in blank.items()}
    return render_template("accounts_web/account.html", account=me(), **made), 422 if forms else 200
