"""A file that was written down and never handed over, in which something is about what has ended since: it is given up.

What is in it leaves again in files of its own, except what has ended, which a person looks at (``batching``).
"""

from __future__ import annotations

from icp.bureau import account as accounts
from icp.bureau import records as reports
from icp.bureau import sending
from icp.bureau.models import Outcome, Upload, UploadState
from icp.bureau.sending import Link
from icp.extensions import begin_write, db, now
from icp.filings import ended, operations, revisions
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import WORKER, Action, can, move


def given_up(link: Link, upload_id: int) -> bool:
    """Give a file up before it leaves, where it must not leave as it is; says whether, and commits then.

    Args:
        link: this worker's turn.
        upload_id: the upload; one that the bureau may have is left alone.
    """
    upload = db.session.get_one(Upload, upload_id, populate_existing=True)
    if upload.state != UploadState.PREPARED or not _has_ended(upload_id):
        return False
    db.session.rollback()
    begin_write()
    accounts.locked(link.account_id)
    filings = [lock(filing_id) for filing_id in sorted(reports.filings_in(upload_id))]
    upload = sending.locked(upload_id)
    if upload.state != UploadState.PREPARED:
        db.session.rollback()
        return False
    upload.state = UploadState.REFUSED
    for record in reports.in_upload(upload_id):
        record.outcome, record.decided_at = Outcome.REFUSED, now()
    for filing in filings:
        if can(filing, Action.FILE_REFUSED):
            move(filing, Action.FILE_REFUSED, WORKER, note=upload.file_name)
    db.session.commit()
    return True


def _has_ended(upload_id: int) -> bool:
    for filing_id, revision in reports.filings_in(upload_id).items():
        filing = db.session.get_one(Filing, filing_id)
        answers = revisions.numbered(filing_id, revision).answers
        if ended.of(filing, operations.get(filing.operation), answers):
            return True
    return False
