"""Which record an answer belongs to (interface sections 7.6 and 17).

Answers name enterprise ids, bureau ids or filing numbers, by operation; a whole file's failure names the file. An
identifier is read first as what was uploaded, then as the subject of a request, of one still open before one decided.
Where more than one open request fits, a person is asked: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from icp.bureau.messages.results import ProcessingResult, Review
from icp.bureau.models import BureauRecord, BureauResult, Outcome, Reading, RecordName, ReportedId, Upload, UploadState
from icp.extensions import db
from icp.filings.paths import row_of
from icp.register.records import SubjectRecord
from icp.rules.filing_numbers import canonical, spellings

OPERATIONS = ("1", "2", "3", "4", "5", "6", "7")
NOT_GIVEN = ""  # the interface names no operation type for answers to tasks
FILE_NAME = re.compile(r"[0-9A-Za-z_.]+")
"""What may be a file's name within a text: our names are letters, digits, ``_`` and ``.``."""
MOST_NAMES = 200  # that are looked up of one text, whatever its length
GONE_OUT = (UploadState.SENT, UploadState.UNCLEAR, UploadState.ACCEPTED)


class SeveralFit(Exception):
    """More than one open request fits an answer; ``records`` are those a person chooses from."""

    def __init__(self, records: list[BureauRecord]) -> None:
        super().__init__(f"{len(records)} requests fit")
        self.records = records


def file_of(account_id: int, result: ProcessingResult) -> Upload | None:
    """The file a ``Jg_xx`` about a file as a whole names, with its extension or without; the newest of several."""
    texts = [line.text for line in result.lines] + [result.remark, result.key]
    words = dict.fromkeys(word.strip("._") for text in texts for word in FILE_NAME.findall(text))
    named = [name for word in list(words)[:MOST_NAMES] for name in (word, f"{word}.xml")]
    wanted = select(Upload).where(Upload.account_id == account_id, Upload.state.in_(GONE_OUT))
    return db.session.scalar(wanted.where(Upload.file_name.in_(named)).order_by(Upload.id.desc()).limit(1))


def of_processing(
    account_id: int, result: ProcessingResult, reviewed: Sequence[BureauRecord] = ()
) -> BureauRecord | None:
    """The record a ``Jg_xx`` answers.

    Args:
        account_id: the bureau account.
        result: what the system says.
        reviewed: records decided by reviews of the same file which no result of it has been read with yet.

    Raises:
        SeveralFit: more than one open request fits.
    """
    for record in reviewed if result.of_decision else ():
        if record.operation_type == result.operation and record.outcome == outcome(result) and _named(record, result):
            return record
    found = _read(account_id, result.operation, result.key, (None, Reading.RECORD, Reading.SUBJECT), result)
    return found or _read(account_id, NOT_GIVEN, result.key, (None, Reading.RECORD), result)


def of_review(account_id: int, review: Review) -> BureauRecord | None:
    """The record a ``Gjsh`` decides.

    Raises:
        SeveralFit: more than one open request fits; without an operation type it may be of any.
    """
    found: dict[int, BureauRecord] = {}
    for operation in (review.operation,) if review.operation else OPERATIONS:
        record = _read(account_id, operation, review.record_id, (Reading.RECORD, None, Reading.SUBJECT), review)
        if record is not None:
            found[record.id] = record
    return _one(found.values())


def of_cancellation(account_id: int, kind: str, bureau_id: int) -> BureauRecord | None:
    """The cancellation we asked for that a ``Zxxx`` tells of, while it is still open.

    Args:
        account_id: the bureau account.
        kind: 注销类别 (``Zxlb``): "0" subject, "1" website, "2" access.
        bureau_id: id of what is cancelled.
    """
    operation = {"0": "6", "1": "7", "2": "5"}.get(kind, "")
    wanted = _gone_out(account_id, operation).where(BureauRecord.outcome == Outcome.OPEN)
    named = select(RecordName.record_id).where(RecordName.value == str(bureau_id), RecordName.reading == Reading.RECORD)
    found = list(db.session.scalars(wanted.where(BureauRecord.id.in_(named))))
    return found[0] if len(found) == 1 else None


def of_filing(account_id: int, record: SubjectRecord) -> list[BureauRecord]:
    """The records through which a filing came on record, by the enterprise ids it carries; newest first."""
    ids = [("IspZtid", record.isp_id)]
    for website in record.websites:
        ids.append(("IspWzid", website.isp_id))
        ids += [("IspYmid", domain.isp_id) for domain in website.domains]
        for access in website.accesses:
            ids.append(("IspJrid", access.isp_id))
            ids += [("IspIpid", part.isp_id) for part in access.ranges]
    found: dict[int, BureauRecord] = {}
    for kind, value in ids:
        reported = _reported(account_id, kind, value) if value is not None else None
        if reported is not None:
            found[reported.id] = reported
    return [found[key] for key in sorted(found, reverse=True)]


def _read(
    account_id: int,
    operation: str,
    value: str,
    readings: tuple[Reading | None, ...],
    answer: ProcessingResult | Review,
) -> BureauRecord | None:
    """The record an identifier names, by the first reading that fits; None stands for what was uploaded."""
    if not value:
        return None
    written = _written(value)
    for reading in readings:
        wanted = _gone_out(account_id, operation)
        if reading is None:
            wanted = wanted.where(BureauRecord.record_key.in_(written))
        else:
            names = select(RecordName.record_id).where(RecordName.value.in_(written), RecordName.reading == reading)
            wanted = wanted.where(BureauRecord.id.in_(names))
        found = list(db.session.scalars(wanted))
        record = _of_subject(found, answer) if reading is Reading.SUBJECT else _one(found)
        if record is not None:
            return record
    return None


def _written(value: str) -> Sequence[str]:
    """How an identifier may stand in our records: the bureau may write a number otherwise than we sent it."""
    number = canonical(value)
    return (value,) if number is None else spellings(number)


def _named(record: BureauRecord, result: ProcessingResult) -> bool:
    """Whether a result's identifier is one of a record's, however it is read."""
    written = _written(result.key)
    names = select(RecordName.record_id).where(RecordName.record_id == record.id, RecordName.value.in_(written))
    return record.record_key in written or db.session.scalar(names.limit(1)) is not None


def _of_subject(fitting: Iterable[BureauRecord], answer: ProcessingResult | Review) -> BureauRecord | None:
    """The record of a subject that is meant: one still open before one decided, of those one decided alike.

    Raises:
        SeveralFit: several are open, or beside an open one stands another of the same report which was decided alike
            and has not been answered in this way before: the answer may be the second word on that decision.
    """
    newest = _newest(fitting)
    open_ = [record for record in newest if record.outcome == Outcome.OPEN]
    alike = [record for record in newest if record.outcome != Outcome.OPEN and record.outcome == outcome(answer)]
    if not open_:
        return next(reversed(alike or newest), None)
    reports = {(record.filing_id, record.task_id, record.revision) for record in open_}
    beside = [r for r in alike if (r.filing_id, r.task_id, r.revision) in reports]
    if beside and (isinstance(answer, Review) or answer.of_decision) and not _answered(beside, answer):
        raise SeveralFit(open_)
    return _one(open_)


def _answered(records: Sequence[BureauRecord], answer: ProcessingResult | Review) -> bool:
    """Whether each of some records has had an answer of this kind."""
    ids = {record.id for record in records}
    kind = "review" if isinstance(answer, Review) else "processing"
    wanted = select(BureauResult.record_id).where(BureauResult.record_id.in_(ids), BureauResult.kind == kind)
    return set(db.session.scalars(wanted)) == ids


def outcome(answer: ProcessingResult | Review) -> Outcome | None:
    """What an answer decides, None when it decides nothing."""
    if answer.approved:
        return Outcome.APPROVED
    refused = answer.approved is False if isinstance(answer, Review) else bool(answer.complaints)
    return Outcome.REFUSED if refused else None


def _gone_out(account_id: int, operation: str) -> Select[BureauRecord]:
    wanted = select(BureauRecord).join(Upload, Upload.id == BureauRecord.upload_id)
    wanted = wanted.where(Upload.account_id == account_id, Upload.state.in_(GONE_OUT))
    return wanted.where(BureauRecord.operation_type == operation).order_by(BureauRecord.id)


def _one(fitting: Iterable[BureauRecord]) -> BureauRecord | None:
    """The only open request of those that fit, else the newest of those decided.

    Raises:
        SeveralFit: several are open.
    """
    newest = _newest(fitting)
    open_ = [record for record in newest if record.outcome == Outcome.OPEN]
    if len(open_) > 1 and open_[0].task_id is not None and len({(r.task_id, r.upload_id) for r in open_}) == 1:
        return open_[0]  # pictures of one owner, sent together: each is answered once
    if len(open_) > 1:
        raise SeveralFit(open_)
    return open_[0] if open_ else newest[-1] if newest else None


def _newest(fitting: Iterable[BureauRecord]) -> list[BureauRecord]:
    """The newest record of each part, oldest first."""
    newest = {(r.filing_id, r.task_id, r.path): r for r in sorted(fitting, key=lambda r: r.id)}
    return sorted(newest.values(), key=lambda r: r.id)


def _reported(account_id: int, kind: str, value: int) -> BureauRecord | None:
    row = db.session.get(ReportedId, (kind, value)) if 0 < value < 2**63 else None
    if row is None:
        return None
    wanted = select(BureauRecord).join(Upload, Upload.id == BureauRecord.upload_id)
    wanted = wanted.where(BureauRecord.upload_id == row.upload_id, BureauRecord.filing_id == row.filing_id)
    found = list(db.session.scalars(wanted.where(Upload.account_id == account_id)))
    own = [record for record in found if row_of(record.path) == row_of(row.path)]
    return own[0] if own else found[0] if len(found) == 1 else None
