"""Sent and received files at rest: sealed, bound to their row, opened only to send again or to apply."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from icp.bureau.models import OPEN_STATES, BureauResult, Download, Upload, UploadArchive
from icp.extensions import db, now
from icp.sealing import keyring

KEEP_DAYS = 100  # the interface wants three months at least


def keep_upload(upload: Upload, zipped: bytes) -> None:
    """Put an upload's zip in the archive, or replace it when it was packed anew; the upload must have its id."""
    row = db.session.get(UploadArchive, upload.id)
    if row is None:
        row = UploadArchive(upload_id=upload.id)
        db.session.add(row)
    row.sealed = keyring().seal(zipped, f"bureau_upload_archive.{row.uid}")
    db.session.flush()


def open_upload(upload: Upload) -> bytes | None:
    """The zip of an upload; None when it is no longer kept."""
    row = db.session.get(UploadArchive, upload.id)
    return None if row is None else keyring().unseal(row.sealed, f"bureau_upload_archive.{row.uid}")


def seal_download(download: Download, xml: bytes) -> None:
    """Keep a received file's XML in its row."""
    download.sealed = keyring().seal(xml, f"bureau_download.{download.uid}")


def open_download(download: Download) -> bytes:
    """The XML of a received file."""
    return keyring().unseal(download.sealed, f"bureau_download.{download.uid}")


def erased(download: Download) -> bool:
    """Whether the content of a received file is no longer kept."""
    return not download.sealed


def sweep(keep_days: int = KEEP_DAYS) -> int:
    """Forget the content of files longer ago than ``keep_days`` that are no longer open; counts them.

    Sent files lose their archive, received and applied ones their XML and what was read from it. The rows stay: which
    file came when, and what it decided.
    """
    before = now() - dt.timedelta(days=max(keep_days, KEEP_DAYS))
    old = select(Upload.id).where(Upload.created_at < before, Upload.state.not_in(OPEN_STATES))
    gone = db.session.execute(delete(UploadArchive).where(UploadArchive.upload_id.in_(old)))
    count: int = gone.rowcount  # type: ignore[attr-defined]
    applied = (Download.received_at < before, Download.applied_at.is_not(None))
    came = select(Download.id).where(*applied)
    db.session.execute(
        update(BureauResult)
        .where(BureauResult.download_id.in_(came), BureauResult.sealed.is_not(None))
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )
    emptied = db.session.execute(
        update(Download)
        .where(*applied, Download.sealed != b"")
        .values(sealed=b"")
        .execution_options(synchronize_session=False)
    )
    count += emptied.rowcount  # type: ignore[attr-defined]
    return count
