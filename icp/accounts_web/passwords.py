"""Setting a password by a mailed link: a forgotten one, or the first one of invited staff."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from icp.accounts import links, staff, verbs
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import public
from icp.accounts.models import Account
from icp.accounts.sessions import open_session
from icp.accounts_web import bp
from icp.accounts_web.forms import EmailForm, FirstAdministratorForm, NewPasswordForm
from icp.accounts_web.pages import complain, dead_link, landing, letter_sent, network, reader, site, too_many
from icp.extensions import db


@bp.route("/password/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    """Ask for a link; the answer is the same whether the address is known or not."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            verbs.ask_password_link(site(), form.email.data, network(), reader())
            db.session.commit()
            return letter_sent(form.email.data, "password")
        except TooManyAttempts as refused:
            complain(form.email, too_many(refused))
    return render_template("accounts_web/forgotten.html", form=form)


@bp.route("/password/<code>", methods=["GET", "POST"])
@public
def set_password(code: str) -> Any:
    """A new password by the mailed link."""
    return _by_link("password", code, "accounts_web.forgotten")


@bp.route("/staff/invitation/<code>", methods=["GET", "POST"])
@public
def invitation(code: str) -> Any:
    """The first password of invited staff."""
    return _by_link("staff_invitation", code, "accounts_web.forgotten")


@bp.route("/staff/first/<code>", methods=["GET", "POST"])
@public
def first_administrator(code: str) -> Any:
    """The first administrator, by the one-time link that the run command prints."""
    link = links.find("first_administrator", code)
    if link is None:
        return dead_link("")
    form = FirstAdministratorForm()
    if not form.validate_on_submit():
        return render_template("accounts_web/first_administrator.html", form=form)
    account = staff.create_first_administrator(link, form.email.data, form.name.data, form.password.data)
    if account is None:
        db.session.rollback()
        return dead_link("")
    open_session(account, "link")
    db.session.commit()
    return redirect(url_for("accounts_web.staff"))


def _by_link(purpose: str, code: str, again: str) -> Any:
    link = links.find(purpose, code)
    if link is None:
        return dead_link(again)
    form = NewPasswordForm()
    form.address = str(link.address)
    if not form.validate_on_submit():
        return render_template("accounts_web/new_password.html", form=form, address=link.address, purpose=purpose)
    account = verbs.set_password_by_link(link, form.password.data)
    if account is None:
        db.session.rollback()
        return dead_link(again)
    return _signed_in(account)


def _signed_in(account: Account) -> Any:
    if account.factor:  # the link proves the address, not the second factor
        db.session.commit()
        flash(_("密码已改好。请用新密码登录。"), "good")
        return redirect(url_for("accounts_web.sign_in"))
    role = account.role
    open_session(account, "link")
    db.session.commit()
    flash(_("密码已设好，别处的登录都已退出。"), "good")
    return redirect(landing(role))
