"""Looking up the records of uploads: which filings and tasks are in a file, and where a filing was reported."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select

from icp.bureau.models import BureauRecord, Outcome, Upload, UploadState
from icp.extensions import db


def in_upload(upload_id: int) -> list[BureauRecord]:
    """The records of a file in their order."""
    wanted = select(BureauRecord).where(BureauRecord.upload_id == upload_id).order_by(BureauRecord.position)
    return list(db.session.scalars(wanted))


def filings_in(upload_id: int) -> dict[int, int]:
    """The filings of a file with the revision each was reported in, in ascending order."""
    wanted = select(BureauRecord.filing_id, BureauRecord.revision).where(BureauRecord.upload_id == upload_id)
    rows = db.session.execute(wanted.where(BureauRecord.filing_id.is_not(None)).distinct())
    return dict(sorted((row.filing_id, row.revision or 0) for row in rows))


def filings_of(upload_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """The filings of each of several files, with their revisions, read in one query."""
    wanted = select(BureauRecord.upload_id, BureauRecord.filing_id, BureauRecord.revision).distinct()
    wanted = wanted.where(BureauRecord.upload_id.in_(list(upload_ids)), BureauRecord.filing_id.is_not(None))
    found: dict[int, list[tuple[int, int]]] = {}
    for row in db.session.execute(wanted.order_by(BureauRecord.upload_id, BureauRecord.filing_id)):
        found.setdefault(row.upload_id, []).append((row.filing_id, row.revision or 0))
    return found


def tasks_in(upload_id: int) -> list[int]:
    """The tasks answered in a file."""
    wanted = select(BureauRecord.task_id).where(BureauRecord.upload_id == upload_id)
    return sorted({task for task in db.session.scalars(wanted) if task is not None})


def uploads_of(filing_id: int) -> list[tuple[Upload, int]]:
    """Every file a filing was in, with the revision, newest first."""
    of_filing = select(BureauRecord.upload_id, func.max(BureauRecord.revision).label("revision"))
    of_filing = of_filing.where(BureauRecord.filing_id == filing_id).group_by(BureauRecord.upload_id)
    mine = of_filing.subquery()
    rows = db.session.execute(
        select(Upload, mine.c.revision).join(mine, mine.c.upload_id == Upload.id).order_by(Upload.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def newest_upload(*of: ColumnElement[bool]) -> Upload | None:
    """The last file begun that holds a record with the given property."""
    wanted = select(Upload).join(BureauRecord, BureauRecord.upload_id == Upload.id).where(*of)
    return db.session.scalar(wanted.order_by(Upload.id.desc()).limit(1))


def report_of(filing_id: int) -> list[BureauRecord]:
    """What was last asked for each part of a filing, of files that weren't given up: the newest record per path."""
    wanted = (
        select(BureauRecord)
        .join(Upload, Upload.id == BureauRecord.upload_id)
        .where(BureauRecord.filing_id == filing_id, Upload.state != UploadState.REFUSED)
        .order_by(BureauRecord.id)
    )
    return list({record.path: record for record in db.session.scalars(wanted)}.values())


def is_latest(record: BureauRecord) -> bool:
    """Whether no later report of the same part has been begun; an answer to an earlier one is only kept."""
    wanted = (
        select(func.max(BureauRecord.id))
        .join(Upload, Upload.id == BureauRecord.upload_id)
        .where(BureauRecord.path == record.path, Upload.state != UploadState.REFUSED)
        .where(
            BureauRecord.filing_id == record.filing_id
            if record.filing_id is not None
            else BureauRecord.task_id == record.task_id
        )
    )
    return db.session.scalar(wanted) == record.id


def approved_paths(filing_id: int) -> frozenset[str]:
    """Paths of the parts of a filing which the bureau has approved; a later report leaves them out."""
    return frozenset(r.path for r in report_of(filing_id) if r.outcome == Outcome.APPROVED)
