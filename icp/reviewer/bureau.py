"""The link to the bureau: accounts, what needs a person, files in doubt, work given up, filings on their way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select

from icp import audit, outbox
from icp.bureau import account as accounts
from icp.bureau import holding, telling
from icp.bureau import records as reports
from icp.bureau.messages import codes
from icp.bureau.models import OPEN_STATES, BureauAccount, BureauAlert, Download, Upload, UploadState
from icp.extensions import begin_write, db, now
from icp.filings import states
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import LABELS, State
from icp.outbox.models import OutboxRow
from icp.reviewer import bp, desk
from icp.reviewer.desk import OPERATES
from icp.reviewer.history import LETTERS
from icp.vocabulary.text import N_, Message

ON_THEIR_WAY = (
    State.READY,
    State.HELD,
    State.REPORTING,
    State.AWAITING_SMS_CHECK,
    State.AT_BUREAU,
    State.BUREAU_RETURNED,
)
DOUBTFUL = (UploadState.SENT, UploadState.UNCLEAR)
LATEST, LISTED = 30, 50

UPLOADS: dict[str, str] = {
    UploadState.PREPARED: N_("已备好"),
    UploadState.SENT: N_("正在送"),
    UploadState.UNCLEAR: N_("没有回音，核实中"),
    UploadState.ACCEPTED: N_("已收下"),
    UploadState.REFUSED: N_("没有收下"),
}
CODED = re.compile(r"(?:code )?(\d{1,4})(?=\D|$)")
REPORT = N_("报送")
OTHER_WORK = N_("其他")


@bp.get("/desk/bureau")
@OPERATES
def bureau() -> str:
    """How the link does, and what a person has to see to."""
    counts = states.counts()
    doubtful, latest = _uploads(DOUBTFUL, LISTED), _uploads((), LATEST)
    failed = _failed()
    inside = reports.filings_of({upload.id for upload in (*doubtful, *latest)})
    about = numbers_of([i for pairs in inside.values() for i, _ in pairs] + [row.filing_id for row in failed])
    return render_template(
        "reviewer/bureau.html",
        accounts=[(account, _open(account.id)) for account in accounts.active_accounts()],
        troubles=_troubles(),
        listed=LISTED,
        title=telling.title,
        doubtful=doubtful,
        latest=latest,
        uploads=UPLOADS,
        inside=inside,
        failed=failed,
        works={**LETTERS, "bureau.report": REPORT},
        other_work=OTHER_WORK,
        lanes=[(state, LABELS[state], counts[state]) for state in ON_THEIR_WAY],
        waiting=_waiting(),
        labels=LABELS,
        numbers=about,
        reviews=current_user.role == "supervisor",
        moment=desk.moment,
        meaning=_meaning,
    )


@bp.post("/desk/bureau/accounts/<int:account_id>/<any(pause, resume):act>")
@OPERATES
def bureau_account(account_id: int, act: str) -> Any:
    """Stop sending and polling through an account, or go on and settle its alerts."""
    begin_write()
    account = next((a for a in accounts.active_accounts() if a.id == account_id), None)
    if account is None:
        abort(404)
    if act == "pause":
        accounts.pause(account, gettext("%(name)s 手动停用", name=current_user.name))
        flash(gettext("已停用。停用期间不报送，也不取结果。"), "note")
    else:
        accounts.resume(account)
        accounts.settled(row for row in accounts.open_alerts() if row.account_id == account_id)
        flash(gettext("已恢复，几分钟内继续报送和取结果。"), "good")
    audit.record(f"bureau_{act}", actor=current_user, object_kind="bureau_account", object_id=account_id)
    db.session.commit()
    return _back()


@bp.post("/desk/bureau/alerts/<int:alert_id>/settle")
@OPERATES
def settle_alert(alert_id: int) -> Any:
    """Note that a person has dealt with an alert, or with it and all older ones of its account and kind."""
    begin_write()
    row = db.session.get(BureauAlert, alert_id)
    if row is None:
        abort(404)
    those = [row]
    if "all" in request.form:
        same = (row.account_id, row.kind)
        those += [a for a in accounts.open_alerts() if (a.account_id, a.kind) == same and a.id < row.id]
    accounts.settled(those)
    audit.record("settle_alert", actor=current_user, object_kind="bureau_alert", object_id=alert_id)
    db.session.commit()
    flash(gettext("已记为处理过。"), "good")
    return _back()


@bp.post("/desk/bureau/work/<int:row_id>/restart")
@OPERATES
def restart_work(row_id: int) -> Any:
    """Offer work that was given up to the worker once more."""
    if not outbox.restart(row_id):
        db.session.rollback()
        abort(404)
    audit.record("restart_work", actor=current_user, object_kind="outbox", object_id=row_id)
    db.session.commit()
    flash(gettext("已排队，马上再试。"), "good")
    return _back()


@bp.post("/desk/bureau/filings/<number>/resend")
@OPERATES
def resend(number: str) -> Any:
    """Offer a filing's report to the worker again, at once; what was taken already is not sent twice."""
    filing = lock(desk.find(number).id)
    if filing.state == State.READY and filing.province in holding.provinces():
        flash(gettext("%(number)s 的省份暂缓报送，恢复以后自动报送。", number=number), "note")
    elif filing.state in (State.READY, State.REPORTING):
        key = f"bureau.report.resend.{filing.id}.{now():%Y%m%d%H%M%S%f}"
        outbox.put("bureau.report", key, filing_id=filing.id, revision=filing.revision_no)
        audit.record("resend", actor=current_user, object_kind="filing", object_id=number)
        flash(gettext("%(number)s 已排队，马上再报。管局收下过的不会重复。", number=number), "good")
    else:
        flash(gettext("%(number)s 已经不在待报送，没有再报。", number=number), "note")
    db.session.commit()
    return _back()


def _meaning(text: str) -> tuple[Message, Message] | None:
    """What the code that a reason begins with means, and what to do; None when it begins with none."""
    found = CODED.match(text)
    if found is None:
        return None
    code = int(found.group(1))
    unknown = (Message(codes.UNKNOWN, code=code), Message(codes.UNKNOWN_REMEDY)) if text.startswith("code ") else None
    return codes.call(code) or unknown


def _back() -> Any:
    return redirect(url_for("reviewer.bureau"), 303)


def _open(account_id: int) -> dict[str, int]:
    """What is under way through an account."""
    sending = select(func.count()).where(Upload.account_id == account_id, Upload.state.in_(OPEN_STATES))
    unread = select(func.count()).where(Download.account_id == account_id, Download.applied_at.is_(None))
    return {"uploads": db.session.scalar(sending) or 0, "downloads": db.session.scalar(unread) or 0}


@dataclass(frozen=True)
class Trouble:
    """What needs a person of one kind through one account: its alerts, newest first."""

    account: BureauAccount
    alerts: list[BureauAlert]

    @property
    def times(self) -> int:
        """How often it happened, over all it is about."""
        return sum(alert.times for alert in self.alerts)

    @property
    def latest(self) -> BureauAlert:
        """The alert that came last, or came again."""
        return max(self.alerts, key=lambda alert: alert.last_at)


def _troubles() -> list[Trouble]:
    """What needs a person now, each account's kinds by themselves, newest first."""
    found: dict[tuple[int, str], list[BureauAlert]] = {}
    for alert in accounts.open_alerts():
        found.setdefault((alert.account_id, alert.kind), []).append(alert)
    return [Trouble(db.session.get_one(BureauAccount, key[0]), told) for key, told in found.items()]


def _uploads(in_states: Sequence[UploadState], most: int) -> list[Upload]:
    wanted = select(Upload).order_by(Upload.id.desc()).limit(most)
    return list(db.session.scalars(wanted.where(Upload.state.in_(in_states)) if in_states else wanted))


def _failed() -> list[OutboxRow]:
    wanted = select(OutboxRow).where(OutboxRow.failed_at.is_not(None), OutboxRow.done_at.is_(None))
    return list(db.session.scalars(wanted.order_by(OutboxRow.failed_at.desc()).limit(LISTED)))


def _waiting() -> list[Filing]:
    """What should have left by now: ready and being reported, the oldest first."""
    wanted = select(Filing).where(Filing.state.in_((State.READY, State.REPORTING)))
    return list(db.session.scalars(wanted.order_by(Filing.state_since).limit(LISTED)))


def numbers_of(ids: Sequence[int | None]) -> dict[int, Any]:
    """Filing → its number and host, read in one query."""
    wanted = {i for i in ids if i is not None}
    rows = db.session.execute(select(Filing.id, Filing.number, Filing.subject_name).where(Filing.id.in_(wanted)))
    return {row.id: row for row in rows} if wanted else {}
