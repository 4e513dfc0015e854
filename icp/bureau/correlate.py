"""Which record an answer belongs to (interface sections 7.6 and 17).

Answers name enterprise ids, bureau ids or filing numbers, by operation; a whole file's failure names the file. An
identifier is read first as what was uploaded, then as the subject of a request still open. Where more than one open
request fits, a person is asked: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Select, select

from icp.bureau.messages.results import ProcessingResult, Review
from icp.bureau.models import BureauRecord, Outcome, Reading, RecordName, ReportedId, Upload, UploadState
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


def of_processing(account_id: int, result: ProcessingResult) -> BureauRecord | None:
    """The record a ``Jg_xx`` answers.

    Raises:
        SeveralFit: more than one open request fits.
    """
    found = _read(account_id, result.operation, result.key, (None, Reading.RECORD, Reading.SUBJECT))
    return found or _read(account_id, NOT_GIVEN, result.key, (None, Reading.RECORD))


def of_review(account_id: int, review: Review) -> BureauRecord | None:
    """The record a ``Gjsh`` decides.

    Raises:
        SeveralFit: more than one open request fits; without an operation type it may be of any.
    """
    found: dict[int, BureauRecord] = {}
    for operation in (review.operation,) if review.operation else OPERATIONS:
        record = _read(account_id, operation, review.record_id, (Reading.RECORD, None, Reading.SUBJECT))
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


def _read(account_id: int, operation: str, value: str, readings: tuple[Reading | None, ...]) -> BureauRecord | None:
    """The record an identifier names, by the first reading that fits; None stands for what was uploaded."""
    if not value:
        return None
    number = canonical(value)  # the bureau may write it otherwise than we sent it
    written = (value,) if number is None else spellings(number)
    for reading in readings:
        wanted = _gone_out(account_id, operation)
        if reading is None:
            wanted = wanted.where(BureauRecord.record_key.in_(written))
        else:
            names = select(RecordName.record_id).where(RecordName.value.in_(written), RecordName.reading == reading)
            wanted = wanted.where(BureauRecord.id.in_(names))
        if reading is Reading.SUBJECT:
            wanted = wanted.where(BureauRecord.outcome == Outcome.OPEN)
        record = _one(db.session.scalars(wanted))
        if record is not None:
            return record
    return None


def _gone_out(account_id: int, operation: str) -> Select[BureauRecord]:
    wanted = select(BureauRecord).join(Upload, Upload.id == BureauRecord.upload_id)
    wanted = wanted.where(Upload.account_id == account_id, Upload.state.in_(GONE_OUT))
    return wanted.where(BureauRecord.operation_type == operation).order_by(BureauRecord.id)


def _one(fitting: Iterable[BureauRecord]) -> BureauRecord | None:
    """The only open request of those that fit, else the newest of those decided.

    Raises:
        SeveralFit: several are open.
    """
    newest = {(r.filing_id, r.task_id, r.path): r for r in sorted(fitting, key=lambda r: r.id)}
    open_ = [record for record in newest.values() if record.outcome == Outcome.OPEN]
    if len(open_) > 1 and open_[0].task_id is not None and len({(r.task_id, r.upload_id) for r in open_}) == 1:
        return open_[0]  # pictures of one owner, sent together: each is answered once
    if len(open_) > 1:
        raise SeveralFit(open_)
    decided = sorted(newest.values(), key=lambda r: r.id)
    return open_[0] if open_ else decided[-1] if decided else None


def _reported(account_id: int, kind: str, value: int) -> BureauRecord | None:
    row = db.session.get(ReportedId, (kind, value)) if 0 < value < 2**63 else None
    if row is None:
        return None
    wanted = select(BureauRecord).join(Upload, Upload.id == BureauRecord.upload_id)
    wanted = wanted.where(BureauRecord.upload_id == row.upload_id, BureauRecord.filing_id == row.filing_id)
    found = list(db.session.scalars(wanted.where(Upload.account_id == account_id)))
    own = [record for record in found if row_of(record.path) == row_of(row.path)]
    return own[0] if own else found[0] if len(found) == 1 else None
