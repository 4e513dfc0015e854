"""How a host gets an account: an address, a mailed link, then password and mobile number."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from icp.accounts import factors, links, verbs
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import public
from icp.accounts.sessions import open_session
from icp.accounts_web import bp
from icp.accounts_web.forms import EmailForm, RegistrationForm
from icp.accounts_web.pages import complain, dead_link, landing, letter_sent, network, reader, site, too_many
from icp.extensions import db
from icp.filings import behalf
from icp.filings.models import Filing
from icp.i18n import tr


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> Any:
    """Ask for the address; the answer is the same whether it is known or not."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(landing(current_user.role))
    form = EmailForm()
    if form.validate_on_submit():
        try:
            verbs.register(site(), form.email.data, network(), reader())
            db.session.commit()
            return letter_sent(form.email.data, "register")
        except TooManyAttempts as refused:
            complain(form.email, too_many(refused))
    return render_template("accounts_web/register.html", form=form)


@bp.route("/register/confirm/<code>", methods=["GET", "POST"])
@public
def confirm(code: str) -> Any:
    """Go on from the mailed link: password and mobile number; the button makes the account."""
    link = links.find("confirm_email", code)
    if link is None:
        return dead_link("accounts_web.register")
    form = RegistrationForm()
    form.address = str(link.address)
    invited_to = db.session.get(Filing, link.filing_id or 0)  # begun on his behalf
    if not form.validate_on_submit():
        about = behalf.told_to_strangers(invited_to) if invited_to is not None else ()
        return render_template("accounts_web/confirm.html", form=form, address=link.address, about=about)
    account = verbs.complete_registration(link, form.password.data, reader())
    if account is None:
        db.session.rollback()
        return dead_link("accounts_web.register")
    if invited_to is not None:
        behalf.add_host(invited_to, account.id)
    open_session(account, "link")
    session["registering"] = invited_to.number if invited_to is not None else ""
    account_id = account.id
    db.session.commit()
    try:
        factors.ask_mobile_code(account_id, form.mobile.data)
        db.session.commit()
        return redirect(url_for("accounts_web.mobile_code"))
    except TooManyAttempts as refused:
        flash(tr(too_many(refused)), "note")
        flash(_("账号已建好。手机号稍后可以在“我的账号”里补上。"), "good")
        return redirect(url_for("accounts_web.account"))
