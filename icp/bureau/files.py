"""Writing a file down: the parts merged, put in the archive under the account's next number, with every record in it.

What it holds is marked as being reported in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from icp.bureau import account as accounts
from icp.bureau import archive, holding
from icp.bureau.codec import xml
from icp.bureau.codec.packing import md5_b64, zip_one
from icp.bureau.messages import Built
from icp.bureau.messages.build import document
from icp.bureau.models import BureauAccount, BureauRecord, Reading, RecordName, ReportedId, Upload, UploadState
from icp.extensions import begin_write, db, now
from icp.filings import verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import State


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


def merged(group: str, isp_id: int, parts: list[Part]) -> bytes:
    """The data file that holds the records of all parts in their order."""
    if len(parts) == 1:
        return parts[0].built.xml
    root, operation = document(group, isp_id)
    for part in parts:
        for record in part.built.root.iterfind(f"ICP/{group}/*"):
            operation.append(deepcopy(record))  # the part may be merged again without another
    return xml.serialise(root)


def write_down(account_id: int, group: str, parts: list[Part]) -> tuple[int | None, set[int | None]]:
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
