"""The history of a filing for the desk: steps, revisions, internal notes, letters and uploads, with who and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select

from icp.bureau import records as reports
from icp.extensions import db
from icp.filings import operations, states, wording
from icp.filings.models import Event, Filing, Note, Revision
from icp.filings.states import Action, State
from icp.outbox.models import OutboxRow
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS
from icp.reviewer.words import note_told
from icp.vocabulary.text import N_, Message

DONE: dict[str, str] = {
    Action.OPEN: N_("开始填写"),
    Action.SUBMIT: N_("提交"),
    Action.QUEUE: N_("提交，排在前一份之后"),
    Action.UNQUEUE: N_("前一份没有办成，回到草稿"),
    Action.TAKE: N_("取来审"),
    Action.PUT_BACK: N_("放回队列"),
    Action.WITHDRAW: N_("撤回"),
    Action.SEND_BACK: N_("退回主办者"),
    Action.ACCEPT: N_("初审通过"),
    Action.ACCEPT_WITHOUT_VISIT: N_("初审通过，不需当面核验"),
    Action.VERIFIED: N_("当面核验完成"),
    Action.HOLD: N_("暂缓报送"),
    Action.RELEASE: N_("放行"),
    Action.RECALL: N_("召回再审"),
    Action.LAPSED: N_("所办的登记已经不在，没有报送，回到初审"),
    Action.REPORT: N_("开始报送"),
    Action.SCHEMA_REFUSED: N_("报文没有通过本系统的检查，没有送出"),
    Action.TAKEN: N_("管局系统已收下"),
    Action.TAKEN_AWAITING_SMS: N_("管局系统已收下，等短信核验"),
    Action.SMS_DONE: N_("短信核验完成"),
    Action.SMS_TIMED_OUT: N_("短信核验超时"),
    Action.REFUSED: N_("管局系统退回"),
    Action.FILE_REFUSED: N_("同一个报文里有别的没有报成，这一份重新排队报送"),
    Action.REJECTED: N_("管局审核退回"),
    Action.APPROVED: N_("管局审核通过"),
    Action.CORRECTED: N_("代为更正"),
    Action.CORRECTED_ANEW: N_("代为更正，要补签核验单"),
    Action.ABANDON: N_("放弃"),
    Action.EXPIRE: N_("到期关闭"),
}
LETTERS: dict[str, str] = {
    "letter.submitted": N_("信：已收到"),
    "letter.returned": N_("信：请修改"),
    "letter.accepted_visit": N_("信：请来当面核验"),
    "letter.ready": N_("信：将报送管局"),
    "letter.approved": N_("信：管局已批准"),
    "letter.bureau_returned": N_("信：管局退回"),
    "letter.corrected_by_staff": N_("信：已代为更正"),
    "letter.withdrawn": N_("信：已撤回"),
    "letter.expired": N_("信：已过期"),
    "letter.queued": N_("信：已排队"),
    "letter.released": N_("信：轮到这一份"),
    "letter.unqueued": N_("信：前一份没有办成"),
    "letter.sms_check": N_("信：请完成短信核验"),
    "letter.sms_reminder": N_("信：提醒短信核验"),
    "letter.sms_timed_out": N_("信：短信核验超时，已重报"),
    "letter.access_stays": N_("信：不取消接入了"),
    "letter.on_behalf": N_("信：请确认代填的内容"),
    "letter.resume": N_("信：接着填写的链接"),
}
OTHER_LETTER = N_("信")
CONFIRMED = N_("确认内容，校验值 {hash}")
FROZEN = N_("定稿第 {number} 版，校验值 {hash}")
SEATS = {"host": N_("主办者"), "staff": N_("接入商"), "worker": N_("系统"), "bureau": N_("管局")}
SWITCHED = N_("换了一种手续，原来是{operation}")
UPLOADED = N_("报文 {group}，数据序号 {sequence}")


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    Attributes:
        at: when.
        kind: step, revision, note, letter, upload.
        seat: whose doing: host, staff, worker, bureau.
        account_id: the person, where it was one.
        what: in words (marked text or a ``Message``).
        state: the filing's state after it, '' when it didn't change.
        revision: number of the revision it is about, 0 for none.
        note: further words, as they were written.
        trouble: whether it went wrong.
        waiting: whether it is still to be done.
    """

    at: dt.datetime
    kind: str
    seat: str
    account_id: int | None
    what: str
    state: str = ""
    revision: int = 0
    note: str = ""
    trouble: bool = False
    waiting: bool = False


@bp.get("/desk/filings/<number>/history")
@REVIEWS
def history(number: str) -> str:
    """Everything that happened to a filing, newest first."""
    filing = desk.find(number)
    entries = entries_of(filing)
    return render_template(
        "reviewer/history.html",
        filing=filing,
        operation=operations.get(filing.operation),
        entries=entries,
        people=desk.names(entry.account_id for entry in entries),
        seats=SEATS,
        labels={state: wording.label(filing.operation, state) for state in State},
        label=wording.label(filing.operation, State(filing.state)),
        turn=states.turn(filing),
        moment=desk.moment,
    )


def entries_of(filing: Filing) -> list[Entry]:
    """The entries of a filing, newest first; what happened in one moment in the order it was done."""
    found = [*_steps(filing.id), *_revisions(filing.id), *_notes(filing.id), *_letters(filing.id), *_uploads(filing.id)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _steps(filing_id: int) -> Iterator[Entry]:
    for event in db.session.scalars(select(Event).where(Event.filing_id == filing_id).order_by(Event.id.desc())):
        what = DONE.get(event.action, event.action)
        note = note_told(event.note)
        if event.action == Action.CONFIRM:
            what, note = Message(CONFIRMED, hash=event.note[:16]), ""
        if event.action == Action.SWITCH:
            what, note = Message(SWITCHED, operation=Message(operations.get(event.note).label)), ""
        yield Entry(event.at, "step", event.actor_kind, event.actor_id, what, event.after, event.revision_no, note)


def _revisions(filing_id: int) -> Iterator[Entry]:
    wanted = select(Revision).where(Revision.filing_id == filing_id).order_by(Revision.id.desc())
    for revision in db.session.scalars(wanted):
        seat = "staff" if revision.by_staff else "host"
        what = Message(FROZEN, number=revision.number, hash=revision.hash[:16])
        yield Entry(revision.created_at, "revision", seat, revision.author_id, what, "", revision.number)


def _notes(filing_id: int) -> Iterator[Entry]:
    for note in db.session.scalars(select(Note).where(Note.filing_id == filing_id).order_by(Note.id.desc())):
        yield Entry(note.created_at, "note", "staff", note.author_id, N_("内部记录"), note=note.text)


def _letters(filing_id: int) -> Iterator[Entry]:
    wanted = select(OutboxRow).where(OutboxRow.filing_id == filing_id, OutboxRow.kind.startswith("letter."))
    for row in db.session.scalars(wanted.order_by(OutboxRow.id.desc())):
        what = LETTERS.get(row.kind, OTHER_LETTER)
        at, failed = row.done_at or row.failed_at or row.created_at, row.failed_at is not None
        waiting = row.done_at is None and not failed
        revision = row.revision or 0
        yield Entry(at, "letter", "worker", None, what, "", revision, row.last_error, trouble=failed, waiting=waiting)


def _uploads(filing_id: int) -> Iterator[Entry]:
    for upload, revision in reports.uploads_of(filing_id):
        what = Message(UPLOADED, group=upload.upload_group, sequence=upload.sequence)
        reply = f"{upload.reply_code} {upload.reply_text}" if upload.reply_code is not None else upload.reply_text
        trouble = upload.state in ("refused", "unclear")
        yield Entry(
            upload.sent_at or upload.created_at, "upload", "worker", None, what, "", revision, reply,
            trouble=trouble,
        )  # fmt: skip
