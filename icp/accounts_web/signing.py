"""Signing in (by password, second factor or mailed link) and out."""

from __future__ import annotations

import time
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user

from icp import audit
from icp.accounts import attempts, factors, links, verbs
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import public
from icp.accounts.models import Account
from icp.accounts.sessions import end_session, open_session
from icp.accounts_web import bp
from icp.accounts_web.forms import ButtonForm, CodeForm, EmailForm, SignInForm
from icp.accounts_web.pages import dead_link, kept_fields, landing, letter_sent, local, network, reader, site, too_many
from icp.extensions import begin_write, csrf, db
from icp.vocabulary.text import N_, Message

FACTOR_SECONDS = 600
"""How long the second factor may take after the password."""


@bp.route("/sign-in", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator] # a form handed on by a guard is only shown again; signing in is checked below
@public
def sign_in() -> Any:
    """The door. A form that came without a session is kept, and offered again after signing in."""
    next_page = local(request.values.get("next"))
    kept = kept_fields() if request.method == "POST" else []
    if request.method == "GET" or "login" not in request.form:
        if request.method == "GET" and current_user.is_authenticated:
            return redirect(next_page or landing(current_user.role))
        return _door(SignInForm(formdata=None), next_page, kept, status=401 if kept else 200)
    csrf.protect()
    form = SignInForm()
    account, problem = try_password(form)
    if account is None:
        return _door(form, next_page, kept, problem)
    if account.factor:
        await_factor(account)
        return _factor_page(CodeForm(formdata=None), next_page, kept)
    return welcome(account, "password", next_page, kept)


def try_password(form: SignInForm) -> tuple[Account | None, str]:
    """The account that fits the form, or what to say; field errors stay with the form."""
    if not form.validate():
        return None, ""
    try:
        account = verbs.sign_in(form.login.data, form.password.data, network())
    except TooManyAttempts as refused:
        return None, too_many(refused)
    if account is not None:
        return account, ""
    remaining = attempts.left("sign_in_account", form.login.data)
    begin_write()
    audit.record("account.sign_in_failed", actor=None, object_kind="account", object_id="")
    db.session.commit()
    return None, Message("邮箱、手机号或密码不对。还可以试 {times} 次。", times=remaining)


def await_factor(account: Account) -> None:
    """Remember who has given the password and owes a code; commits."""
    session["awaiting"] = [account.get_id(), int(time.time())]
    db.session.commit()


def awaited() -> Account | None:
    """Who owes a code in this browser; None when nobody does, or it took too long."""
    session_id, since = session.get("awaiting", ("", 0))
    number, _, stamp = session_id.partition(".")
    if not number.isdigit() or time.time() - since > FACTOR_SECONDS:
        return None
    account = db.session.get(Account, int(number))
    usable = account is not None and account.disabled_at is None and account.session_stamp == stamp
    return account if usable else None


@bp.post("/sign-in/code")
@public
def second_factor() -> Any:
    """The code of the authenticator."""
    next_page, kept = local(request.form.get("next")), kept_fields()
    account = awaited()
    if account is None:
        return redirect(url_for("accounts_web.sign_in", next=next_page or None))
    form = CodeForm()
    account, problem = try_code(form, account)
    if account is None:
        return _factor_page(form, next_page, kept, problem)
    return welcome(account, "factor", next_page, kept)


def try_code(form: CodeForm, account: Account) -> tuple[Account | None, str]:
    """The account whose code fits, or what to say."""
    if not form.validate():
        return None, ""
    try:
        return factors.check_factor(account.id, form.code.data), ""
    except TooManyAttempts as refused:
        return None, too_many(refused)
    except factors.WrongCode:
        db.session.rollback()
        return None, N_("这个数字不对，或已经用过。请等动态口令换成下一个再写。")


def welcome(account: Account, how: str, next_page: str, kept: list[tuple[str, str]]) -> Any:
    """Open the session and go on where the visitor wanted to go, with what he had typed."""
    role = account.role
    begin_write()
    open_session(account, how)
    db.session.commit()
    if kept and next_page:
        return render_template("accounts_web/go_on.html", action=next_page, kept=kept)
    return redirect(next_page or landing(role))


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    """End this browser's session."""
    end_session()
    return redirect(url_for("public.home"))


@bp.post("/sign-in/link")
@public
def ask_link() -> Any:
    """Mail a link that signs a host in."""
    form = EmailForm()
    problem = ""
    if form.validate():
        try:
            verbs.ask_sign_in_link(site(), form.email.data, network(), reader())
            db.session.commit()
            return letter_sent(form.email.data, "sign_in")
        except TooManyAttempts as refused:
            problem = too_many(refused)
    return _door(SignInForm(formdata=None), local(request.form.get("next")), [], link_form=form, link_problem=problem)


@bp.route("/sign-in/link/<code>", methods=["GET", "POST"])
@public
def sign_in_by_link(code: str) -> Any:
    """Open a mailed link by a button."""
    link = links.find("sign_in", code)
    if link is None:
        return dead_link("accounts_web.sign_in")
    if request.method == "GET":
        return render_template("accounts_web/open_link.html", kind="sign_in", form=ButtonForm())
    account = verbs.sign_in_by_link(link)
    if account is None:
        db.session.rollback()
        return dead_link("accounts_web.sign_in")
    return welcome(account, "link", "", [])


def _door(
    form: SignInForm,
    next_page: str,
    kept: list[tuple[str, str]],
    problem: str = "",
    *,
    link_form: EmailForm | None = None,
    link_problem: str = "",
    status: int = 200,
) -> Any:
    page = render_template(
        "accounts_web/sign_in.html",
        form=form,
        link_form=link_form or EmailForm(formdata=None),
        next_page=next_page,
        kept=kept,
        problem=problem,
        link_problem=link_problem,
    )
    return page, status


def _factor_page(form: CodeForm, next_page: str, kept: list[tuple[str, str]], problem: str = "") -> str:
    return render_template("accounts_web/factor.html", form=form, next_page=next_page, kept=kept, problem=problem)
