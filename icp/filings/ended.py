"""What a filing that was handed in is about and has ended since: the subject, a website, or access here; when, and
through what.

A draft says so to its host before it is submitted (``lapsed``, whose reading this is); here staff learn it before they
decide, and the worker before it reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts, lapsed, marks, operations, revisions
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.filings.states import CHINA, WORKER, Action, Actor, State, move
from icp.register.models import RegisterEvent, Subject, Website
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import N_, Message

LOOKED_AT = (State.SUBMITTED, State.IN_REVIEW, State.VERIFYING, State.READY, State.HELD, State.BUREAU_RETURNED)
"""Where a filing that was handed in waits for the provider and nothing of it is on its way to the bureau."""

SUBJECT = N_("主体 {number} 已经注销：{day}，来自{through}。")
WEBSITE = N_("网站“{name}”（{number}）已经注销：{day}，来自{through}。")
ACCESS = N_("网站“{name}”（{number}）在我们这里的接入已经取消：{day}，来自{through}。")
FILING = N_("业务 {number} 的办结")
SAID = N_("管局的注销通知")
DATA = N_("管局下发的备案数据")
FILE = N_("导入的登记")
UPDATE = N_("登记库的更新")
TAKE_OUT = N_("请从草稿里去掉这个网站，其余的照旧提交。")
NOTHING_LEFT = N_("这一份没有要办的了，请放弃；要办的是别的，请换一种手续。")
ELSEWHERE = N_("这个主体名下没有由我们接入的网站了：请由现在的接入商办，这一份请放弃。")
ANEW = N_("这个备案号不能再用：还要备案的，请换成首次备案；不办的，请放弃这一份。")
NO_LONGER = N_("这个网站不能再接入：还要备案的，请换成新增网站；不办的，请放弃这一份。")


class RecordEnded(Exception):
    """What the filing is about has ended; ``corrections`` say what, when and through what."""

    def __init__(self, corrections: Sequence[Correction]) -> None:
        super().__init__(f"{len(corrections)} ended")
        self.corrections = list(corrections)


def standing(filing: Filing) -> list[Correction]:
    """What has ended of what a filing in the provider's hands is about, with what its host can do; see ``of``."""
    if filing.state not in LOOKED_AT or not filing.revision_no:
        return []
    corrected = filing.state == State.BUREAU_RETURNED  # staff mend the buffer, and report that
    answers = drafts.read(filing.id).answers if corrected else revisions.newest(filing).answers
    return of(filing, operations.get(filing.operation), answers)


def must_stand(filing: Filing) -> None:
    """Refuse to pass on or to report what is about nothing any more.

    Raises:
        RecordEnded: something of it has ended.
    """
    found = standing(filing)
    if found:
        raise RecordEnded(found)


def of(filing: Filing, operation: Operation, answers: Answers) -> list[Correction]:
    """What has ended, as corrections at the website's row or at the filing as a whole.

    Args:
        filing: what the filing itself has ended doesn't count.
        operation: its declaration.
        answers: as they are reported.
    """
    subject = lapsed.subject(filing, operation, answers)
    if subject is not None:
        remedy = NOTHING_LEFT if operation.begins == "record" else ANEW
        return [_said("filing", SUBJECT, remedy, subject, number=subject.number)]
    gone = lapsed.of(filing, operation, answers)
    remedy = _remedy(operation, answers, gone)
    found = []
    for one in gone:
        text, path = WEBSITE if one.cancelled else ACCESS, f"{lapsed.GROUP}[{one.row}]"
        found.append(_said(path, text, remedy, one.site, number=one.number, name=one.name))
    return found


def droppable(found: Sequence[Correction]) -> bool:
    """Whether the filing goes on without what has ended of it."""
    return any(correction.remedy == TAKE_OUT for correction in found)


def mark(filing: Filing, by: Actor) -> None:
    """Mark for the host what has ended, unless it is marked already; the filing is under review.

    Raises:
        icp.filings.marks.MarkRefused: it isn't under review.
    """
    there = {(mark.path, str(mark.correction.message)) for mark in marks.for_host(filing)}
    for correction in standing(filing):
        if (correction.path, str(correction.message)) not in there:
            marks.put(filing, by, correction)


def back_to_review(filing: Filing, corrections: Sequence[Correction]) -> None:
    """What was accepted is about nothing any more: it isn't reported, and a person looks at it again.

    Args:
        filing: locked, ready.
        corrections: what has ended, as ``of`` gives it.
    """
    move(filing, Action.LAPSED, WORKER, note=" ".join(str(correction.message) for correction in corrections))


def _remedy(operation: Operation, answers: Answers, gone: list[lapsed.Lapsed]) -> str:
    """What the host can do: go on without it, begin something else, or give it up."""
    if operation.begins != "record":
        return NO_LONGER
    if lapsed.elsewhere(operation, gone):
        return ELSEWHERE
    return TAKE_OUT if lapsed.droppable(operation, answers, gone) else NOTHING_LEFT


def _said(path: str, text: str, remedy: str, what: Subject | Website, **names: str) -> Correction:
    event = _event(what)
    at = event.at if event is not None else what.cancelled_at or what.updated_at
    message = Message(text, day=_day(at), through=_through(event), **names)
    return Correction(path, "", Severity.ERROR, message, Message(remedy), source=Source.REVIEWER)


def _day(at: dt.datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()


def _event(what: Subject | Website) -> RegisterEvent | None:
    """The change of the record that ended it: the newest one before which it was there."""
    subject = what if isinstance(what, Subject) else what.subject
    wanted = select(RegisterEvent).where(RegisterEvent.subject_id == subject.id).order_by(RegisterEvent.id.desc())
    return next((event for event in db.session.scalars(wanted) if _was_there(event, what)), None)


def _was_there(event: RegisterEvent, what: Subject | Website) -> bool:
    before = event.before or {}
    if isinstance(what, Subject):
        return bool(before)
    site = next((site for site in before.get("websites", ()) if site["number"] == what.number), None)
    return site is not None and (what.cancelled_at is not None or any(access["ours"] for access in site["accesses"]))


def _through(event: RegisterEvent | None) -> Message:
    if event is None:
        return Message(UPDATE)
    if event.source == "import":
        return Message(FILE)
    filing = db.session.get(Filing, event.filing_id) if event.filing_id is not None else None
    if filing is not None:
        return Message(FILING, number=filing.number)
    return Message(SAID if event.kind.endswith("_cancelled") else DATA)
