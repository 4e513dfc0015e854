"""Sending the answer to a task of the bureau (HSJG, WBACLJG, XZHYD): one answer in a file, sent once for each time it
was answered."""

from __future__ import annotations

from sqlalchemy import select

from icp import vocabulary
from icp.bureau import files
from icp.bureau import records as reports
from icp.bureau.files import Part
from icp.bureau.messages import TASK_BUILDERS, TaskReport
from icp.bureau.messages.build import Built, MessageRefused
from icp.bureau.models import BureauAccount, BureauRecord, Download, Outcome, Upload
from icp.bureau.sending import Link
from icp.extensions import db
from icp.outbox import Claim
from icp.tasks import answers, verbs
from icp.tasks.kinds import KINDS, Kind, State
from icp.tasks.models import Task


def wanted(claim: Claim) -> tuple[int, int]:
    """The task a claim of kind ``bureau.answer`` is about, and which of its answers (the event's id)."""
    return int(claim.payload["task"]), int(claim.payload["event"])


def account_of(task_id: int) -> int | None:
    """The account through which a task came, None when it came through none."""
    came = select(Download.account_id).join(Task, Task.download_id == Download.id)
    return db.session.scalar(came.where(Task.id == task_id))


def sent(task_id: int, answer_no: int) -> Upload | None:
    """The file an answer was put into, unless that was refused as a whole."""
    of = (BureauRecord.task_id == task_id, BureauRecord.revision == answer_no, Upload.file_code.is_(None))
    return reports.newest_upload(*of)


def prepare(link: Link, task_id: int, answer_no: int) -> int | None:
    """Write down the file of an answer, and commit; None when it isn't wanted any more, or can't be built."""
    account = db.session.get_one(BureauAccount, link.account_id)
    isp_id = account.isp_id
    task = verbs.lock(task_id)
    if task.state != State.ANSWERED or task.result is None:
        db.session.rollback()
        return None
    group = KINDS[Kind(task.kind)].upload
    try:
        built = _build(task, group, isp_id)
    except MessageRefused as refused:
        verbs.reopen(task, "; ".join(str(correction.message) for correction in refused.corrections))
        db.session.commit()
        return None
    db.session.rollback()  # whoever locks several rows takes the account first
    part = Part(built, task_id=task_id, revision=answer_no)
    return files.write_answer(link.account_id, group, part, lambda: verbs.lock(task_id).state == State.ANSWERED)


def _build(task: Task, group: str, isp_id: int) -> Built:
    said = answers.read(task.kind, task.result)
    return TASK_BUILDERS[group](TaskReport(said, isp_id, vocabulary.current()))


def decided(record: BureauRecord) -> None:
    """A record of a task is decided: the task is settled when all are, and open again when one is refused."""
    task = verbs.lock(record.task_id or 0)
    if record.outcome == Outcome.REFUSED:
        verbs.reopen(task, record.said)
        return
    of_answer = select(BureauRecord.outcome).where(
        BureauRecord.task_id == record.task_id, BureauRecord.upload_id == record.upload_id
    )
    if set(db.session.scalars(of_answer)) == {Outcome.APPROVED}:
        verbs.settle(task, record.said)
