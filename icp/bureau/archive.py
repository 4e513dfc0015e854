"""Sent and received files at rest: sealed, bound to their row, opened only to send again or to apply."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from icp.bureau.models import OPEN_STATES, Download, Upload, UploadArchive
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


def sweep(keep_days: int = KEEP_DAYS) -> int:
    """Forget archives of uploads created longer ago than ``keep_days`` that are no longer open; counts them."""
    old = select(Upload.id).where(
        Upload.created_at < now() - dt.timedelta(days=max(keep_days, KEEP_DAYS)), Upload.state.not_in(OPEN_STATES)
    )
    gone = db.session.execute(delete(UploadArchive).where(UploadArchive.upload_id.in_(old)))
    count: int = gone.rowcount  # type: ignore[attr-defined]
    return count
