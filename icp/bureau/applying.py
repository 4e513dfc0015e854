"""Applying one received file: each answer is kept, and what still counts moves its filing, all in one transaction.

Results, reviews and filing data come in any order and any number of times, and each alone suffices; the filing's own
state tells whether an answer is new. An answer to an earlier report is kept and changes nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import archive, correlate, sending
from icp.bureau.codec import schema, xml
from icp.bureau.messages import codes, results
from icp.bureau.messages.results import REJECTED, ProcessingResult, Results, Review
from icp.bureau.models import OPEN_STATES, BureauAccount, BureauResult, Download, Upload
from icp.extensions import db, now
from icp.filings import marks, revisions, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import BUREAU, State
from icp.register import verbs as register
from icp.register.records import SubjectRecord
from icp.rules.correction import Correction

DECIDABLE = (State.REPORTING, State.AT_BUREAU)

NOTHING_FITS, EARLIER, SETTLED, CONTRADICTS, INFORMATION, NO_NUMBER = (
    "nothing_fits",
    "earlier_report",
    "settled",
    "contradicts",
    "information",
    "no_number",
)
"""Why an answer is kept and not applied."""


@dataclass
class _File:
    """The file being applied, and how many answers of it were kept."""

    account: BureauAccount
    download: Download
    position: int = 0


def apply(download_id: int) -> Results:
    """Apply a stored file, in the caller's transaction, which is open for writing.

    Returns:
        what the file said; empty for a file whose XML can't be read, which is noted in its row.
    """
    download = db.session.get_one(Download, download_id, with_for_update=True, populate_existing=True)
    if download.applied_at is not None:
        return Results()
    file = _File(db.session.get_one(BureauAccount, download.account_id), download)
    download.applied_at = now()
    try:
        root = xml.parse(archive.open_download(download))
    except xml.XmlError as error:
        download.problem = str(error)
        accounts.alert(file.account.id, "unreadable", str(error), download.file_name)
        return Results()
    errors = schema.check_download(root)
    # Noted, but read all the same; only the places, since the messages quote values.
    download.problem = "; ".join(dict.fromkeys(error.path for error in errors[:5]))
    found = results.read(root)
    for record in found.filings:
        _apply_filing(file, record)
    for review in found.reviews:
        _apply_review(file, review)
    for result in found.processing:
        _apply_processing(file, result)
    unread = [group for group in found.groups if group not in results.READ]
    if unread:
        accounts.alert(file.account.id, "unread_group", " ".join(unread), download.file_name)
    return found


def _keep(
    file: _File, kind: str, answer: Any, upload: Upload | None, why: str, operation: str = "", key: str = ""
) -> None:
    row = BureauResult(
        download_id=file.download.id,
        position=file.position,
        kind=kind,
        operation_type=operation,
        record_key=key,
        upload_id=upload.id if upload else None,
        filing_id=upload.filing_id if upload else None,
        revision=upload.revision if upload else None,
        applied=why == "",
        why=why,
        content=dataclasses.asdict(answer),
    )
    file.position += 1
    db.session.add(row)
    if why in (NOTHING_FITS, CONTRADICTS):
        accounts.alert(file.account.id, why, f"{kind} {operation} {key}".strip(), file.download.file_name)


def _filing_of(upload: Upload) -> Filing:
    """The filing of an answered upload, locked; the answer proves that the bureau has the file."""
    filing = lock(upload.filing_id)
    if sending.locked(upload.id).state in OPEN_STATES:
        sending.taken(upload)
    return filing


def _apply_filing(file: _File, record: SubjectRecord) -> None:
    upload = correlate.of_filing(file.account.id, record)
    numbered = dataclasses.replace(record, websites=tuple(w for w in record.websites if w.number))
    key = record.number or str(record.isp_id or "")
    if not numbered.number or not numbered.websites:
        _keep(file, "filing", record, upload, NO_NUMBER, key=key)
        return
    if upload is not None and not correlate.is_latest(upload):
        _keep(file, "filing", record, upload, EARLIER, key=key)
        return
    why = ""
    if upload is not None:
        filing = _filing_of(upload)
        if filing.state in DECIDABLE:
            verbs.approved(filing, record.number)
        elif filing.state != State.APPROVED:
            why = CONTRADICTS
    if not why:
        filing_id = upload.filing_id if upload is not None else None
        register.record(numbered, filing_id=filing_id, our_isp_id=file.account.isp_id)
    _keep(file, "filing", record, upload, why, key=key)


def _apply_review(file: _File, review: Review) -> None:
    upload = correlate.of_review(file.account.id, review)
    why = _decide(upload, approved=review.approved, opinion=review.opinion)
    _keep(file, "review", review, upload, why, review.operation, review.record_id)


def _apply_processing(file: _File, result: ProcessingResult) -> None:
    upload = correlate.of_processing(file.account.id, result)
    if result.complaints:
        why = _complain(upload, result)
        for line in result.complaints:
            if codes.is_ours(line.code):
                accounts.alert(file.account.id, f"code_{line.code}", line.text, file.download.file_name)
    elif result.approved:
        why = _decide(upload, approved=True)
    else:
        why = INFORMATION
    _keep(file, "processing", result, upload, why, result.operation, result.key)


def _decide(upload: Upload | None, *, approved: bool, opinion: str = "") -> str:
    """Apply an officer's decision; says why not, or ''."""
    if upload is None:
        return NOTHING_FITS
    if not correlate.is_latest(upload):
        return EARLIER
    filing = _filing_of(upload)
    if not approved:
        return _return(filing, upload, [codes.rejection(opinion)], opinion, rejected=True)
    if filing.state in DECIDABLE:
        verbs.approved(filing, opinion)
        return ""
    return SETTLED if filing.state == State.APPROVED else CONTRADICTS


def _complain(upload: Upload | None, result: ProcessingResult) -> str:
    """Apply the complaints of the bureau's system, or its note of a rejection."""
    if upload is None:
        return NOTHING_FITS
    if not correlate.is_latest(upload):
        return EARLIER
    filing = _filing_of(upload)
    lines = [line for line in result.complaints if line.code != REJECTED]
    refusals = [line.text for line in result.complaints if line.code == REJECTED]
    answers = revisions.numbered(upload.filing_id, upload.revision).answers
    found = codes.corrections(lines, answers)
    if refusals and not found:
        found = [codes.rejection(refusals[0])]
    words = "; ".join(line.text for line in result.complaints if line.text)
    return _return(filing, upload, found, words, rejected=bool(refusals))


def _return(filing: Filing, upload: Upload, found: list[Correction], words: str, *, rejected: bool) -> str:
    if filing.state in DECIDABLE:
        verbs.bureau_returned(filing, found, words, rejected=rejected)
        return ""
    if filing.state != State.BUREAU_RETURNED or filing.revision_no != upload.revision:
        return CONTRADICTS if filing.state == State.APPROVED else SETTLED
    # A second word on the same decision: what it adds is marked as well.
    there = _there(filing, upload)
    fresh = [c for c in found if (c.path, c.code, str(c.message)) not in there and not _says_less(c, there)]
    for correction in fresh:
        marks.add(filing, BUREAU, correction)
    return "" if fresh else SETTLED


def _there(filing: Filing, upload: Upload) -> set[tuple[str, str, str]]:
    return {
        (mark.path, mark.code, str(mark.correction.message))
        for mark in marks.of_filing(filing)
        if mark.revision_no == upload.revision
    }


def _says_less(correction: Correction, there: set[tuple[str, str, str]]) -> bool:
    """Whether it is a rejection that stands there already: bare, or with the officer's words within the system's."""
    said = [_quoted(message) for _, code, message in there if code == correction.code == str(REJECTED)]
    words = _quoted(str(correction.message))
    return any(not words or (text and (words in text or text in words)) for text in said)


def _quoted(message: str) -> str:
    return message.partition("“")[2].rpartition("”")[0]


def pending(account_id: int) -> list[int]:
    """Files not applied yet, those with numbers first: a letter of approval can then name them."""
    rows = db.session.execute(
        select(Download.id, Download.groups)
        .where(Download.account_id == account_id, Download.applied_at.is_(None))
        .order_by(Download.id)
    ).all()
    return [row.id for row in sorted(rows, key=lambda row: "BASJ" not in row.groups.split())]
