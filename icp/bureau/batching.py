"""What goes into one file: the filing at hand and others of its upload group that are ready, each built and checked by
itself, then merged and written down under the account's next number before anything is sent.

A filing is marked as being reported in the same transaction in which its file is written down, so it is never in two.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import archive, holding, reporting, splitting
from icp.bureau import records as reports
from icp.bureau.codec import XML_LIMIT, xml
from icp.bureau.codec.packing import md5_b64, zip_one
from icp.bureau.messages import BUILDERS, Built
from icp.bureau.messages.build import MessageRefused, document
from icp.bureau.models import BureauAccount, BureauRecord, Reading, RecordName, ReportedId, Upload, UploadState
from icp.bureau.sending import Link
from icp.extensions import begin_write, db, now
from icp.filings import operations, revisions, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import State

log = logging.getLogger(__name__)

MOST_RECORDS = 1000  # over all groups of a file (interface § 17.6)


@dataclass
class Part:
    """What one filing, or the answer to one task, adds to a file.

    Attributes:
        built: its own message, checked.
        filing_id, revision: the filing; of a task, the number of its answer.
        task_id: the task, None for a filing.
        ids: enterprise ids given out for it: kind, value, path of what it stands for.
        subject: further identifiers by which an answer may name its subject.
    """

    built: Built
    filing_id: int | None = None
    revision: int | None = None
    task_id: int | None = None
    ids: list[tuple[str, int, str]] = field(default_factory=list)
    subject: tuple[str, ...] = ()


def prepare(link: Link, filing_id: int, revision_no: int) -> int | None:
    """Write down the file a filing leaves with, and commit; None when it no longer leaves, or can't be built."""
    first = _built(link, filing_id, revision_no)
    if first is None:
        return None
    group = _group(filing_id)
    parts = [first, *_companions(link, first, group)]
    while parts:
        upload_id, gone = _write_down(link.account_id, group, parts)
        if upload_id is not None:
            return upload_id
        if first.filing_id in gone:
            return None
        parts = [part for part in parts if part.filing_id not in gone]
    return None


def _group(filing_id: int) -> str:
    return operations.get(db.session.get_one(Filing, filing_id).operation).upload_group


def _companions(link: Link, first: Part, group: str) -> list[Part]:
    """Others that may go with the first, as far as the limits of a file allow."""
    found: list[Part] = []
    size, count = len(first.built.xml), len(first.built.records)
    for filing_id, revision_no in _waiting(link.account_id, first, group):
        link.keep()
        try:
            part = _built(link, filing_id, revision_no)
        except Exception:  # its own turn will come and tell; it must not keep the others here
            log.exception("filing %s can't be built", filing_id)
            db.session.rollback()
            continue
        if part is None:
            continue
        size, count = size + len(part.built.xml), count + len(part.built.records)
        if size > XML_LIMIT or count > MOST_RECORDS:
            break
        found.append(part)
    return found


def _waiting(account_id: int, first: Part, group: str) -> list[tuple[int, int]]:
    """Ready filings of one group, the longest ready first; what was in a refused file goes with half of it only."""
    most: int = current_app.extensions["settings"].bureau_batch
    refused = splitting.refused_with(first.filing_id or 0, first.revision or 0)
    room = (most if refused is None else min(most, refused[1] // 2)) - 1
    if room < 1:
        return []
    wanted = select(Filing.id, Filing.revision_no, Filing.province).where(
        Filing.state == State.READY,
        Filing.id != first.filing_id,
        Filing.operation.in_([o.code for o in operations.OPERATIONS.values() if o.upload_group == group]),
    )
    if refused is not None:
        wanted = wanted.where(Filing.id.in_(reports.filings_in(refused[0])))
    held = holding.provinces()
    through: dict[str, bool] = {}
    found: list[tuple[int, int]] = []
    for row in db.session.execute(wanted.order_by(Filing.state_since, Filing.id).limit(room * 4)):
        if row.province not in through:
            account = accounts.reporting_account(row.province)
            through[row.province] = account is not None and account.id == account_id and row.province not in held
        if not through[row.province]:
            continue
        own = splitting.refused_with(row.id, row.revision_no)
        if (own and own[0]) == (refused and refused[0]):
            found.append((row.id, row.revision_no))
    db.session.rollback()
    return found[:room]


def _built(link: Link, filing_id: int, revision_no: int) -> Part | None:
    """One filing's message, and commit; a filing that can't be sent by our own check goes back to the provider."""
    papers = reporting.papers_of(revisions.numbered(filing_id, revision_no))
    db.session.rollback()
    begin_write()
    filing = db.session.get_one(Filing, filing_id, populate_existing=True)
    if filing.state != State.READY or filing.revision_no != revision_no:
        db.session.rollback()
        return None
    account = db.session.get_one(BureauAccount, link.account_id)
    ids: list[tuple[str, int, str]] = []
    group = operations.get(filing.operation).upload_group
    try:
        built = BUILDERS[group](
            reporting.report_of(filing, revisions.numbered(filing_id, revision_no), account, papers, ids)
        )
    except MessageRefused as refused:
        db.session.rollback()
        _refuse(filing_id, revision_no, refused)
        return None
    db.session.commit()
    return Part(built, filing_id, revision_no, ids=ids)


def _refuse(filing_id: int, revision_no: int, refused: MessageRefused) -> None:
    filing = lock(filing_id)
    if filing.state == State.READY and filing.revision_no == revision_no:
        verbs.schema_refused(filing, refused.corrections)
    db.session.commit()


def merged(group: str, isp_id: int, parts: list[Part]) -> bytes:
    """The data file that holds the records of all parts in their order."""
    if len(parts) == 1:
        return parts[0].built.xml
    root, operation = document(group, isp_id)
    for part in parts:
        for record in part.built.root.iterfind(f"ICP/{group}/*"):
            operation.append(deepcopy(record))  # the part may be merged again without another
    return xml.serialise(root)


def _write_down(account_id: int, group: str, parts: list[Part]) -> tuple[int | None, set[int | None]]:
    """Put a file in the archive under the next number, and commit.

    Returns:
        the upload's id, or None with the filings that no longer leave, when there are such; then nothing is written.
    """
    isp_id = db.session.get_one(BureauAccount, account_id).isp_id
    db.session.rollback()
    file_name = _file_name()
    zipped = zip_one(merged(group, isp_id, parts), file_name)
    begin_write()
    account = accounts.locked(account_id)
    held = holding.provinces()
    filings: list[Filing] = []
    gone: set[int | None] = set()
    for filing_id, revision in sorted((p.filing_id, p.revision) for p in parts if p.filing_id is not None):
        filing = lock(filing_id)
        if filing.state != State.READY or filing.revision_no != revision or filing.province in held:
            gone.add(filing_id)
        filings.append(filing)
    if gone:
        db.session.rollback()
        return None, gone
    upload = _upload(account, group, file_name, zipped)
    _note_records(upload, parts)
    for filing in filings:
        verbs.report_started(filing)
    upload_id = upload.id
    db.session.commit()
    return upload_id, set()


def write_answer(account_id: int, group: str, part: Part, still_wanted: Callable[[], bool]) -> int | None:
    """Put the file of a task's answer in the archive under the next number, and commit.

    Args:
        account_id: the account.
        group: `HSJG` …
        part: the built answer.
        still_wanted: asked under the locks; when it says no, nothing is written.
    """
    file_name = _file_name()
    zipped = zip_one(part.built.xml, file_name)
    begin_write()
    account = accounts.locked(account_id)
    if not still_wanted():
        db.session.rollback()
        return None
    upload = _upload(account, group, file_name, zipped)
    _note_records(upload, [part])
    upload_id = upload.id
    db.session.commit()
    return upload_id


def _file_name() -> str:
    return f"{now():%Y%m%d%H%M%S}{secrets.token_hex(4)}.xml"


def _upload(account: BureauAccount, group: str, file_name: str, zipped: bytes) -> Upload:
    upload = Upload(
        account_id=account.id,
        sequence=account.next_sequence or 1,
        file_name=file_name,
        upload_group=group,
        state=UploadState.PREPARED,
        hash=md5_b64(zipped),
    )
    db.session.add(upload)
    db.session.flush()
    archive.keep_upload(upload, zipped)
    return upload


def _note_records(upload: Upload, parts: list[Part]) -> None:
    position = 0
    for part in parts:
        for made in part.built.records:
            record = BureauRecord(
                upload_id=upload.id,
                position=position,
                filing_id=part.filing_id,
                revision=part.revision,
                task_id=part.task_id,
                path=made.path,
                operation_type=made.operation_type,
                record_key=made.record_key,
            )
            db.session.add(record)
            db.session.flush()
            position += 1
            names = [(Reading.RECORD, value) for value in made.ids] + [(Reading.SUBJECT, v) for v in part.subject]
            for reading, value in dict.fromkeys(names):
                db.session.add(RecordName(record_id=record.id, reading=reading, value=value))
        for kind, number, path in part.ids:
            db.session.add(
                ReportedId(
                    kind=kind,
                    value=number,
                    upload_id=upload.id,
                    filing_id=part.filing_id or 0,
                    revision=part.revision or 0,
                    path=path,
                )
            )
