"""What became of a filing: whose turn it is, since when and until when, what has happened, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
from flask_login import current_user
from sqlalchemy import select

from icp.accounts.guards import fills
from icp.bureau import holding
from icp.drawing.teller import Teller
from icp.extensions import db
from icp.filings import diff, notice, operations, outcome, revisions, wording
from icp.filings.models import Event, Filing, FilingHost, Revision
from icp.filings.operations import Operation
from icp.filings.states import CHINA, Action, State, today, turn
from icp.host import bp, on_behalf, sms, stages, words
from icp.host.here import Here, here
from icp.i18n import day, tr
from icp.verification import bookings
from icp.vocabulary.calendar import working_days_between
from icp.vocabulary.text import N_, Message

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
    State.ABANDONED: N_("这份{what}已放弃"),
    State.EXPIRED: N_("这份{what}已过期"),
    State.DRAFT: N_("草稿"),
    State.RETURNED: N_("退回修改"),
}
TO_STAFF = {
    State.SUBMITTED: N_("正在排队初审"),
    State.IN_REVIEW: N_("正在初审"),
    State.VERIFYING: N_("初审通过，等网站负责人到场核验"),
    State.HELD: N_("暂缓报送"),
    State.AWAITING_SMS_CHECK: N_("等负责人完成短信核验"),
    State.AT_BUREAU: N_("正在管局审核"),
    State.BUREAU_RETURNED: N_("管局退回了，要我们处理"),
}
"""The same, told to staff who act on behalf, where it is said otherwise."""
NOTICE = N_("取消接入的通知期到 {day}为止，之后报送管局")
PROVINCE_HELD = N_("资料齐全；本省暂缓报送，恢复后自动报送")
SAID = N_("{label}，您的说明")
HAPPENED = {
    Action.OPEN: N_("您开始填写"),
    Action.SWITCH: N_("您换了一种手续"),
    Action.SUBMIT: N_("您提交了"),
    Action.WITHDRAW: N_("您撤回成草稿"),
    Action.TAKE: N_("核验员开始初审"),
    Action.SEND_BACK: N_("退回修改"),
    Action.ACCEPT: N_("初审通过"),
    Action.ACCEPT_WITHOUT_VISIT: N_("初审通过"),
    Action.VERIFIED: N_("当面核验完成，核验单已签"),
    Action.HOLD: N_("暂缓报送"),
    Action.RECALL: N_("收回复核"),
    Action.LAPSED: N_("报送前登记变了，收回复核"),
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
    Action.ABANDON: N_("您放弃了"),
    Action.EXPIRE: N_("到期没有提交，已关闭"),
    Action.CONFIRM: N_("您确认了内容"),
}
"""What a host is told of; what isn't here happens within the house."""
BY_STAFF = {
    Action.OPEN: N_("我们开始代为填写"),
    Action.SUBMIT: N_("我们代为提交了"),
    Action.QUEUE: N_("我们代为提交了，排在前一份后面"),
    Action.WITHDRAW: N_("我们撤回成草稿"),
    Action.ABANDON: N_("我们放弃了"),
}
"""The same where staff did it on behalf."""
BY_HOST = {
    Action.WITHDRAW: N_("主办者撤回成草稿"),
    Action.SUBMIT: N_("主办者提交了"),
    Action.QUEUE: N_("主办者提交了，排在前一份后面"),
    Action.ABANDON: N_("主办者放弃了"),
    Action.CONFIRM: N_("主办者确认了内容"),
}
"""What the host did, told to staff."""
RESUMED = N_("恢复报送")
"""Told instead of ``Action.RELEASE`` where a hold was ended: nothing was waited for."""
CORRECTS = (Action.CORRECTED, Action.CORRECTED_ANEW)


@dataclass(frozen=True)
class Happening:
    """One line of the past: what, when, which revision."""

    what: str
    at: dt.datetime
    action: str
    revision: int


def happenings(filing: Filing, to_staff: bool = False) -> list[Happening]:
    """What has happened, as far as it concerns the host; repeats of the same step without a change are left out.

    Args:
        filing: the filing.
        to_staff: told to staff who fill it in on behalf, not to the host.
    """
    events = db.session.scalars(select(Event).where(Event.filing_id == filing.id).order_by(Event.id))
    found: list[Happening] = []
    for event in events:
        special = BY_STAFF if event.actor_kind == "staff" else BY_HOST if to_staff else {}
        what = special.get(Action(event.action)) or HAPPENED.get(Action(event.action))
        if event.action == Action.RELEASE and event.before == State.HELD:
            what = RESUMED
        taken_again = found and event.action == Action.TAKE and found[-1].action == Action.TAKE
        if what and not taken_again:
            found.append(Happening(tr(what), event.at, event.action, event.revision_no))
    return found


def page(found: Here) -> str:
    """The page of a filing that is not with the host."""
    filing = found.filing
    frozen = revisions.newest(filing) if filing.revision_no else None
    answers = frozen.answers if frozen else found.buffer.answers
    state = State(filing.state)
    visiting = found.operation.visits(answers) if state is State.VERIFYING else []
    happened = happenings(filing, found.by_staff)
    html: str = render_template(
        "host/timeline.html",
        found=found,
        wording=wording.of(filing),
        heading=heading(filing, found.by_staff),
        happened=happened,
        present=stages.present(filing, answers),
        coming=stages.coming(filing, answers),
        visits=[(row, booking) for row in visiting if (booking := bookings.of_website(filing.id, row))],
        approved=outcome.concerned(filing) if state is State.APPROVED else None,
        first=_waits_for(filing),
        sms=sms.waiting(filing, answers),
        day=_day_of(filing),
        withdrawable=found.withdrawable,
        staff_wrote=any(h.action in CORRECTS and h.revision == filing.revision_no for h in happened),
        behalf=on_behalf.margin(found),
    )
    return html


def heading(filing: Filing, to_staff: bool = False) -> str:
    """The page's heading: what is the case, in the words of the operation, to the host or to staff acting for him."""
    if filing.state == State.APPROVED:
        return tr(wording.of(filing).done)
    until = notice.until(filing)
    if until is not None:
        return tr(Message(NOTICE, day=day(until)))
    if filing.state == State.READY and filing.province in holding.provinces():
        return tr(PROVINCE_HELD)
    said = HEADINGS | (TO_STAFF if to_staff else {})
    return tr(Message(said[State(filing.state)], what=wording.noun(filing)))


@dataclass(frozen=True)
class First:
    """The filing another one waits for; ``mine`` tells whether the reader may open it."""

    number: str
    what: str
    name: str
    state: tuple[str, str]
    mine: bool


def _waits_for(filing: Filing) -> First | None:
    """What a queued filing waits for."""
    first = db.session.get(Filing, filing.after_id) if filing.after_id else None
    if filing.state != State.AWAITING_RELEASE or first is None:
        return None
    own = select(FilingHost).where(FilingHost.filing_id == first.id, FilingHost.account_id == _reader())
    mine = db.session.scalar(own) is not None
    what = tr(operations.get(first.operation).label)
    return First(first.number, what, first.website_name if mine else "", words.state_of(first), mine)


def _reader() -> int:
    return current_user.id if current_user.is_authenticated else 0


def _day_of(filing: Filing) -> int:
    """Which working day of the bureau's twenty it is."""
    if turn(filing) != "bureau":
        return 0
    return working_days_between(filing.state_since.astimezone(CHINA).date(), today())


@bp.get("/filings/<number>/revisions/<int:revision_no>")
@fills
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


def label_of(operation: Operation, path: str) -> str:
    """What people call the field or paper at ``path``."""
    return tr(operation.label_of(path) if operation.has_field(path) else operation.label_of_paper(path))


def changes_between(found: Here, before: Revision, after: Revision) -> list[tuple[str, str, str]]:
    """Label, old and new of what changed between two revisions."""
    old, new = Teller(found.operation, before.answers), Teller(found.operation, after.answers)
    compared = diff.compare(before.answers, after.answers, before.papers, after.papers, hidden=found.operation.hidden)
    out = []
    for change in compared:
        if found.operation.has_field(change.path):
            out.append((tr(found.operation.label_of(change.path)), old.say(change.path), new.say(change.path)))
        elif change.path.endswith(".explanation"):
            label = label_of(found.operation, change.path.removesuffix(".explanation"))
            out.append((tr(Message(SAID, label=label)), str(change.before), str(change.after)))
        elif ".papers." in change.path:
            out.append((tr(found.operation.label_of_paper(change.path)), "", tr(N_("换了一张"))))
    return out
