"""A file the bureau took and then refused as a whole (5001, 5008): its filings go back and leave again in halves,
until the guilty one stands alone. What is our own fault (5003, 5004, 5009, 5011) stops the account instead."""

from __future__ import annotations

from sqlalchemy import func, select

from icp import outbox
from icp.bureau import account as accounts
from icp.bureau import deciding, sending
from icp.bureau import records as reports
from icp.bureau.incoming import EARLIER, SETTLED
from icp.bureau.messages.results import ProcessingResult, ResultLine
from icp.bureau.models import BureauRecord, Outcome, Upload
from icp.extensions import db, now
from icp.filings import states, verbs
from icp.filings.drafts import lock

OUR_OWN = frozenset({5003, 5004, 5009, 5011})
"""Another caller's id, another version, no permission, a function not open: every such file would be refused."""


def file_refused(upload: Upload, result: ProcessingResult) -> str:
    """Apply the refusal of a whole file; says why not, or ''. The account is locked."""
    said = next((line for line in result.complaints if line.code in OUR_OWN), result.complaints[0])
    code = said.code
    for filing_id in sorted(reports.filings_in(upload.id)):
        lock(filing_id)
    sending.bureau_has(upload.id)
    upload = sending.locked(upload.id)
    if upload.file_code is not None:
        return SETTLED
    upload.file_code = code
    if code in OUR_OWN:
        stop(upload.account_id, said)
    records = [record for record in reports.in_upload(upload.id) if reports.is_latest(record)]
    members = {(record.filing_id, record.task_id) for record in reports.in_upload(upload.id)}
    if len(members) > 1 or code in OUR_OWN:
        _again(records, f"{code} {upload.file_name}")
        return "" if records else EARLIER
    if not records:
        return EARLIER
    why = deciding.complain(records[0], result)
    for record in records[1:]:  # of the same filing: said once is enough
        deciding.decide(record, Outcome.REFUSED)
    return why


def stop(account_id: int, said: ResultLine) -> None:
    """Stop an account for what is our own fault, and tell."""
    accounts.stop(accounts.locked(account_id), f"{said.code} {said.text}".strip())


def _again(records: list[BureauRecord], note: str) -> None:
    """Offer what is still open to the worker again."""
    still_open = [record for record in records if record.outcome == Outcome.OPEN]
    for record in still_open:
        record.outcome, record.said, record.decided_at = Outcome.REFUSED, note, now()
    for filing_id in sorted({r.filing_id for r in still_open if r.filing_id is not None}):
        filing = lock(filing_id)
        if states.can(filing, states.Action.FILE_REFUSED):
            verbs.file_refused(filing, note)
    for record in still_open:
        if record.task_id is not None:
            payload = {"task": record.task_id, "event": record.revision}
            outbox.put("bureau.answer", f"bureau.answer.again.{record.id}", payload=payload)


def refused_with(filing_id: int, revision: int) -> tuple[int, int] | None:
    """The smallest file that was refused as a whole with a filing in it.

    Returns:
        the upload's id and how many filings were in it; None when there was none.
    """
    refused = (
        select(BureauRecord.upload_id)
        .join(Upload, Upload.id == BureauRecord.upload_id)
        .where(BureauRecord.filing_id == filing_id, BureauRecord.revision == revision)
        .where(Upload.file_code.is_not(None), Upload.file_code.not_in(OUR_OWN))
    )
    wanted = (
        select(BureauRecord.upload_id, func.count(BureauRecord.filing_id.distinct()).label("filings"))
        .where(BureauRecord.upload_id.in_(refused))
        .group_by(BureauRecord.upload_id)
    )
    found = [(row.upload_id, row.filings) for row in db.session.execute(wanted)]
    return min(found, key=lambda pair: (pair[1], -pair[0]), default=None)
