"""取消接入 at the desk: what follows is said first, then a filing is opened; no password (filing-domain § 3.5).

When the bureau answers that it was the last access (1025), cancelling the website is offered instead.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit
from icp.extensions import begin_write, db
from icp.filings import behalf, notice, opening
from icp.filings.models import Filing
from icp.filings.states import NotAllowed
from icp.register import reading
from icp.register.models import Subject, Website
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS, does


@bp.get("/desk/register/<int:subject_id>/cancel-access")
@REVIEWS
def cancel_access(subject_id: int) -> Any:
    """The websites with access here, whether another access of each is known, and what follows."""
    subject = db.session.get(Subject, subject_id) or abort(404)
    return _page(subject, request.args.getlist("website"))


@bp.post("/desk/register/<int:subject_id>/cancel-access")
@REVIEWS
def open_cancel_access(subject_id: int) -> Any:
    """Open the filing for the websites chosen."""
    subject = db.session.get(Subject, subject_id) or abort(404)
    wanted = request.form.getlist("website")
    chosen = [website.number for website in _ours(subject) if website.number in wanted]
    if not chosen:
        return _page(subject, [], complaint=gettext("请先选网站。")), 422
    begin_write()
    filing = opening.begun("cancel_access", desk.actor(), subject, chosen)
    if filing is not None:
        flash(gettext("这份草稿您先前已经开始了，接着填就好。"), "note")
    else:
        filing = behalf.open_for("cancel_access", desk.actor(), subject=subject, websites=chosen)
        audit.record("open_on_behalf", actor=current_user, object_kind="filing", object_id=filing.number)
    number = filing.number
    db.session.commit()
    return redirect(url_for("host.step", number=number, name="cancellation"), 303)


@bp.post("/desk/filings/<number>/cancel-website")
@REVIEWS
@does
def cancel_website_instead(filing: Filing) -> Any:
    """The bureau says it was the last access: the filing is given up for one that cancels the website, or for one each
    where it says so of several; what was refused beside them for another reason stays a cancelled access."""
    rows = behalf.last_accesses(filing)
    if not rows:
        raise NotAllowed(filing.state, "cancel_website")
    others = behalf.instead(filing, "cancel_website", rows, desk.actor())
    for other in others:
        audit.record("open_on_behalf", actor=current_user, object_kind="filing", object_id=other.number)
    if len(others) == 1:
        flash(gettext("取消接入已结束，改办网站注销。理由已经带过来，备案密码要主办者提供。"), "note")
        return redirect(url_for("host.filing", number=others[0].number), 303)
    flash(
        gettext(
            "取消接入已结束，改办网站注销：一个网站一份，共 %(n)s 份，都在下面。理由已经带过来，备案密码要主办者提供。",
            n=len(rows),
        ),
        "note",
    )
    if len(others) > len(rows):
        flash(gettext("管局没有办成的其余网站，另开了一份取消接入，也在下面，理由已经带过来。"), "note")
    return redirect(url_for("reviewer.on_behalf", _anchor="open"), 303)


def _ours(subject: Subject) -> list[Website]:
    return [website for website in subject.websites if reading.ours(website)]


def _page(subject: Subject, chosen: list[str], complaint: str = "") -> str:
    return render_template(
        "reviewer/cancel_access.html",
        subject=subject,
        websites=_ours(subject),
        chosen=chosen,
        other=reading.other_access_known,
        hosts=reading.hosts_of(subject),
        days=notice.days(),
        complaint=complaint,
    )
