"""Accounts at the bureaus: seen and edited; secrets are typed anew, never shown."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit, vocabulary
from icp.bureau import account_edit
from icp.bureau.account_edit import SECRETS, Unusable
from icp.bureau.models import BureauAccount
from icp.extensions import begin_write, db
from icp.i18n import language, tr
from icp.reviewer import bp
from icp.reviewer.desk import OPERATES
from icp.vocabulary.text import N_

TEXTS = ("name", "base_url", "user", "province", "serves")
PROBLEMS: dict[str, str] = {
    "name": N_("写一个名称，好与别的账号分开。"),
    "base_url": N_("地址以 http:// 或 https:// 开头。"),
    "isp_id": N_("企业编号是一串数字，每个账号的都不同。"),
    "user": N_("写管局给的用户名。"),
    "province": N_("选管局所在的省。"),
    "serves": N_("写六位的省级代码，用空格隔开；全部省份就空着。"),
    "password": N_("写管局给的口令。"),
    "key": N_("加密要有密钥，16 个字符。"),
    "iv": N_("加密要有偏移量，16 个字符。"),
    "timeout": N_("写 5 到 600 之间的秒数。"),
}


@bp.get("/desk/bureau/accounts")
@OPERATES
def bureau_accounts() -> str:
    """Every account, also those no longer in use."""
    return render_template("reviewer/bureau_accounts.html", accounts=account_edit.every(), provinces=_provinces())


@bp.get("/desk/bureau/accounts/new")
@OPERATES
def new_bureau_account() -> str:
    """An empty form."""
    typed = {"encrypt": "1", "active": "1", "timeout": "60"}
    return _form(None, typed, [])


@bp.post("/desk/bureau/accounts/new")
@OPERATES
def add_bureau_account() -> Any:
    """Another account."""
    return _save(None)


@bp.get("/desk/bureau/accounts/<int:account_id>")
@OPERATES
def edit_bureau_account(account_id: int) -> str:
    """One account's form."""
    account = _find(account_id)
    flags = {name: "1" for name in ("encrypt", "active", "stacked_identity") if getattr(account, name)}
    typed = {name: str(getattr(account, name)) for name in (*TEXTS, "isp_id", "timeout")}
    return _form(account, {**typed, **flags}, [])


@bp.post("/desk/bureau/accounts/<int:account_id>")
@OPERATES
def save_bureau_account(account_id: int) -> Any:
    """Change an account; a secret left empty stays as it is."""
    return _save(_find(account_id))


def _find(account_id: int) -> BureauAccount:
    account = db.session.get(BureauAccount, account_id)
    if account is None:
        abort(404)
    return account


def _save(account: BureauAccount | None) -> Any:
    account_id = None if account is None else account.id
    typed = {name: text.strip()[:255] for name, text in request.form.items()}
    begin_write()
    try:
        saved = account_edit.save(account_id, typed)
    except Unusable as error:
        db.session.rollback()
        return _form(None if account_id is None else _find(account_id), typed, error.fields), 422
    changed = sorted(name for name in SECRETS if typed.get(name))
    audit.record(
        "save_bureau_account",
        actor=current_user,
        object_kind="bureau_account",
        object_id=saved.id,
        details={"secrets": changed},
    )
    db.session.commit()
    flash(gettext("已保存。"), "good")
    return redirect(url_for("reviewer.bureau_accounts"), 303)


def _form(account: BureauAccount | None, typed: dict[str, str], wrong: list[str]) -> str:
    settings = current_app.extensions["settings"]
    return render_template(
        "reviewer/bureau_account.html",
        account=account,
        typed={name: text for name, text in typed.items() if name not in SECRETS},
        problems={name: tr(PROBLEMS[name]) for name in wrong},
        provinces=_provinces(),
        from_settings=account is not None and account.isp_id == settings.bureau_isp_id,
    )


def _provinces() -> dict[str, str]:
    chosen = language()
    return {option.code: option.label(chosen) for option in vocabulary.current().options("provinces")}
