"""What became of a filing: whose turn it is, since when and until when, what has happened, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
from sqlalchemy import select

from icp.accounts.guards import host_only
from icp.drawing.teller import Teller
from icp.extensions import db
from icp.filings import diff, revisions
from icp.filings.models import Event, Filing, Revision
from icp.filings.states import CHINA, Action, State, can, today, turn
from icp.host import bp
from icp.host.here import Here, here
from icp.i18n import tr
from icp.register.verbs import of_filing
from icp.verification import bookings
from icp.vocabulary.calendar import working_days_between
from icp.vocabulary.text import N_

HEADINGS = {
    State.SUBMITTED: N_("我们收到了，正在排队初审"),
    State.IN_REVIEW: N_("正在初审，您现在不用做什么"),
    State.AWAITING_RELEASE: N_("前一份办结后，这一份会自动往下走"),
    State.VERIFYING: N_("初审通过，请网站负责人到场核验"),
    State.READY: N_("资料齐全，马上报送管局"),
    State.HELD: N_("我们暂缓了报送，很快会联系您"),
    State.REPORTING: N_("正在报送管局"),
    State.AWAITING_SMS_CHECK: N_("请在 24 小时内完成短信核验"),
    State.AT_BUREAU: N_("正在管局审核，您现在不用做什么"),
    State.BUREAU_RETURNED: N_("管局退回了，我们先来处理"),
    State.APPROVED: N_("备案成功"),
    State.ABANDONED: N_("这份备案已放弃"),
    State.EXPIRED: N_("这份备案已过期"),
    State.DRAFT: N_("草稿"),
    State.RETURNED: N_("退回修改"),
}
HAPPENED = {
    Action.OPEN: N_("您开始填写"),
    Action.SUBMIT: N_("您提交了备案"),
    Action.WITHDRAW: N_("您撤回成草稿"),
    Action.TAKE: N_("核验员开始初审"),
    Action.SEND_BACK: N_("退回修改"),
    Action.ACCEPT: N_("初审通过"),
    Action.ACCEPT_WITHOUT_VISIT: N_("初审通过"),
    Action.VERIFIED: N_("当面核验完成，核验单已签"),
    Action.HOLD: N_("暂缓报送"),
    Action.RECALL: N_("收回复核"),
    Action.TAKEN: N_("已报送管局"),
    Action.TAKEN_AWAITING_SMS: N_("已报送管局，等短信核验"),
    Action.SMS_DONE: N_("短信核验通过"),
    Action.SMS_TIMED_OUT: N_("短信核验超时，重新报送"),
    Action.QUEUE: N_("您提交了，排在前一份后面"),
    Action.RELEASE: N_("前一份办结，这一份往下走"),
    Action.UNQUEUE: N_("前一份没有办成，这一份回到草稿"),
    Action.REJECTED: N_("管局退回"),
    Action.REFUSED: N_("管局系统退回"),
    Action.SCHEMA_REFUSED: N_("报送前检查没有通过"),
    Action.CORRECTED: N_("我们按管局的意见更正后重新报送"),
    Action.CORRECTED_ANEW: N_("我们按管局的意见更正了，请网站负责人补签核验单"),
    Action.APPROVED: N_("管局批准"),
    Action.ABANDON: N_("您放弃了这份备案"),
    Action.EXPIRE: N_("到期没有提交，已关闭"),
}
"""What a host is told of; what isn't here happens within the house."""
COMING = (
    (State.VERIFYING, N_("当面核验"), N_("网站负责人带证件原件到场，约 15 分钟")),
    (State.AT_BUREAU, N_("管局审核"), N_("至多 20 个工作日；管局可能来电核实，请接听")),
    (State.APPROVED, N_("收到备案号和备案密码"), N_("密码由管局寄给主体负责人，请自己保存，我们不留")),
)
ORDER = (State.SUBMITTED, State.IN_REVIEW, State.VERIFYING, State.READY, State.AT_BUREAU, State.APPROVED)


@dataclass(frozen=True)
class Happening:
    """One line of the past: what, when, which revision."""

    what: str
    at: dt.datetime
    action: str
    revision: int


def happenings(filing: Filing) -> list[Happening]:
    """What has happened, as far as it concerns the host; repeats of the same step without a change are left out."""
    events = db.session.scalars(select(Event).where(Event.filing_id == filing.id).order_by(Event.id))
    found: list[Happening] = []
    for event in events:
        what = HAPPENED.get(Action(event.action))
        taken_again = found and event.action == Action.TAKE and found[-1].action == Action.TAKE
        if what and not taken_again:
            found.append(Happening(tr(what), event.at, event.action, event.revision_no))
    return found


def coming(filing: Filing) -> list[tuple[str, str]]:
    """What lies ahead on the straight way."""
    state = State(filing.state)
    if state in (State.APPROVED, State.ABANDONED, State.EXPIRED):
        return []
    reported = (State.REPORTING, State.HELD, State.AWAITING_SMS_CHECK, State.BUREAU_RETURNED)
    past = State.READY if state in reported else state
    at = ORDER.index(past) if past in ORDER else 0
    return [(tr(what), tr(more)) for target, what, more in COMING if ORDER.index(target) > at]


def present(filing: Filing) -> tuple[str, str] | None:
    """The stage that goes on now, where it isn't what happened last."""
    return next(((tr(what), tr(more)) for target, what, more in COMING[:2] if target == filing.state), None)


def page(found: Here) -> str:
    """The page of a filing that is not with the host."""
    filing = found.filing
    rows = revisions.newest(filing).answers.rows("website") if filing.revision_no else []
    visits = [(row, booking) for row in rows if (booking := bookings.of_website(filing.id, row))]
    approved = of_filing(filing.id) if filing.state == State.APPROVED else []
    html: str = render_template(
        "host/timeline.html",
        found=found,
        heading=tr(HEADINGS[State(filing.state)]),
        happened=happenings(filing),
        present=present(filing),
        coming=coming(filing),
        visits=visits if filing.state == State.VERIFYING else [],
        approved=approved,
        day=_day_of(filing),
        withdrawable=can(filing, Action.WITHDRAW) and not found.restricted,
        staff_wrote=filing.revision_no > 0 and revisions.newest(filing).by_staff,
    )
    return html


def _day_of(filing: Filing) -> int:
    """Which working day of the bureau's twenty it is."""
    if turn(filing) != "bureau":
        return 0
    return working_days_between(filing.state_since.astimezone(CHINA).date(), today())


@bp.get("/filings/<number>/revisions/<int:revision_no>")
@host_only
def revision(number: str, revision_no: int) -> Any:
    """A submitted revision read back, with what changed since the one before."""
    found = here(number)
    if not 1 <= revision_no <= found.filing.revision_no:
        abort(404)
    frozen = revisions.numbered(found.filing.id, revision_no)
    before = revisions.numbered(found.filing.id, revision_no - 1) if revision_no > 1 else None
    return render_template(
        "host/revision.html",
        found=found,
        revision=frozen,
        sections=sections(found, frozen),
        changes=changes_between(found, before, frozen) if before else [],
    )


def sections(found: Here, frozen: Revision) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The answers of a revision in words: heading, then path, label, text."""
    teller = Teller(found.operation, frozen.answers)
    out = []
    for step in found.operation.steps:
        for row in frozen.answers.rows(step.repeat) if step.repeat else [""]:
            lines = [
                (path, tr(found.operation.label_of(path)), teller.say(path))
                for path in found.operation.paths_of(frozen.answers, step, row)
            ]
            if lines:
                out.append((tr(step.title), [line for line in lines if line[2]]))
    return out


def changes_between(found: Here, before: Revision, after: Revision) -> list[tuple[str, str, str]]:
    """Label, old and new of what changed between two revisions."""
    old, new = Teller(found.operation, before.answers), Teller(found.operation, after.answers)
    compared = diff.compare(before.answers, after.answers, before.papers, after.papers, hidden=found.operation.hidden)
    out = []
    for change in compared:
        if found.operation.has_field(change.path):
            out.append((tr(found.operation.label_of(change.path)), old.say(change.path), new.say(change.path)))
        elif ".papers." in change.path:
            out.append((tr(found.operation.label_of_paper(change.path)), "", tr(N_("换了一张"))))
    return out
