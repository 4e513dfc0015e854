"""Staff, managed by administrators."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from icp.accounts import factors
from icp.accounts import staff as people
from icp.accounts.guards import staff_only
from icp.accounts.models import Account
from icp.accounts.visitor import me
from icp.accounts_web import bp
from icp.accounts_web.forms import ButtonForm, NewStaffForm, StaffForm
from icp.accounts_web.pages import complain, site
from icp.extensions import begin_write, db
from icp.vocabulary.text import N_

LAST = N_("这是唯一的管理员。先让另一位同事当管理员，再改这一位。")


@bp.get("/staff")
@staff_only("administrator")
def staff() -> Any:
    """Everybody who works here."""
    return render_template("accounts_web/staff.html", people=people.all_staff(), form=NewStaffForm(formdata=None))


@bp.post("/staff")
@staff_only("administrator")
def create_staff() -> Any:
    """A new member; an invitation goes out."""
    form = NewStaffForm()
    if form.validate():
        begin_write()
        try:
            made, _code = people.create_staff(
                site(), form.email.data, form.role.data, name=form.name.data, place=form.place.data or "", by=me()
            )
            name = made.name
            db.session.commit()
            flash(_("邀请信已寄给%(name)s，打开信里的链接就能设密码。", name=name), "good")
            return redirect(url_for("accounts_web.staff"))
        except people.AddressTaken:
            db.session.rollback()
            complain(form.email, N_("这个邮箱已经有账号了。在下面的名单里找，或换一个邮箱。"))
    return render_template("accounts_web/staff.html", people=people.all_staff(), form=form), 422


@bp.route("/staff/<int:account_id>", methods=["GET", "POST"])
@staff_only("administrator")
def staff_member(account_id: int) -> Any:
    """One member: name, role, place."""
    member = _member(account_id)
    form = StaffForm(obj=member)
    if form.validate_on_submit():
        begin_write()
        try:
            people.change_staff(
                account_id, role=form.role.data, name=form.name.data, place=form.place.data or "", by=me()
            )
            db.session.commit()
            flash(_("已保存。"), "good")
            return redirect(url_for("accounts_web.staff"))
        except people.LastAdministrator:
            db.session.rollback()
            complain(form.role, LAST)
    member = _member(account_id)
    return render_template("accounts_web/staff_member.html", member=member, form=form, button=ButtonForm(formdata=None))


@bp.post("/staff/<int:account_id>/<any(disable, enable, invite, factor):act>")
@staff_only("administrator")
def staff_act(account_id: int, act: str) -> Any:
    """Disable, enable, invite anew, or end the second factor of somebody who lost the phone."""
    _member(account_id)
    begin_write()
    try:
        done = ACTS[act](account_id)
        db.session.commit()
        flash(done, "good")
    except people.LastAdministrator:
        db.session.rollback()
        flash(_("这是唯一的管理员。先让另一位同事当管理员，再改这一位。"), "mend")
    if current_user.id == account_id:
        return redirect(url_for("accounts_web.sign_in"))
    return redirect(url_for("accounts_web.staff_member", account_id=account_id))


def _disable(account_id: int) -> str:
    people.disable(account_id, me())
    text: str = _("已停用，正在用的登录都已退出。")
    return text


def _enable(account_id: int) -> str:
    people.enable(account_id, me())
    text: str = _("已恢复，可以登录了。")
    return text


def _invite(account_id: int) -> str:
    people.invite(site(), _member(account_id))
    text: str = _("邀请信已重寄，以前的链接失效。")
    return text


def _end_factor(account_id: int) -> str:
    factors.end_factor(account_id, me())
    text: str = _("动态口令已停用，请对方登录后重新启用。")
    return text


ACTS = {"disable": _disable, "enable": _enable, "invite": _invite, "factor": _end_factor}


def _member(account_id: int) -> Account:
    member = db.session.get(Account, account_id)
    if member is None or member.kind != "staff":
        abort(404)
    return member
