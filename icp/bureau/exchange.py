"""Reporting a filing: one at a time for each account, written down before it is sent."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from flask import current_app
from sqlalchemy import select

from icp import documents, outbox, vocabulary
from icp.bureau import account as accounts
from icp.bureau import archive, sending
from icp.bureau import records as reports
from icp.bureau.client import Bureau
from icp.bureau.codec.packing import md5_b64, zip_one
from icp.bureau.messages import BUILDERS, Built, Report
from icp.bureau.messages.build import MessageRefused
from icp.bureau.models import (
    OPEN_STATES,
    BureauAccount,
    BureauRecord,
    Reading,
    RecordName,
    ReportedId,
    Upload,
    UploadState,
)
from icp.bureau.sending import Later, Link, Overtaken
from icp.extensions import begin_write, db, now
from icp.filings import operations, revisions, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing, Revision
from icp.filings.states import State
from icp.outbox import Claim

log = logging.getLogger(__name__)

BUSY, PAUSED, NO_ACCOUNT = 3.0, 900.0, 60.0  # seconds until a report that could not begin is offered again
MADE_AT_VERIFICATION = (".papers.photo", ".papers.verification_form")
"""Slots filled after submission; the revision doesn't name them, their papers are those in the slots now."""


def report(claim: Claim) -> None:
    """Report the filing a claim names, or see to what became of an earlier try; finishes the claim and commits.

    One worker at a time has the account; another try later continues where this one stopped.
    """
    account = accounts.reporting_account()
    if account is None:
        accounts.seed_account()
        db.session.commit()
        account = accounts.reporting_account()
    if account is None or account.paused_reason:
        _later(claim, "the account is paused" if account else "no account is active", PAUSED if account else NO_ACCOUNT)
        return
    account_id, endpoint = account.id, account.endpoint()
    seconds = _lease_seconds(endpoint.timeout)
    holder = accounts.lease(account_id, "upload", seconds)
    if holder is None:
        _later(claim, "another report is under way", BUSY)
        return
    link = Link(account_id, Bureau(endpoint), _keeper(account_id, holder, claim, seconds))
    try:
        _report(link, claim)
    except Later as later:
        _later(claim, str(later), later.seconds)
    except Overtaken:
        log.warning("outbox row %s: another worker has it by now", claim.id)
    finally:
        db.session.rollback()
        accounts.give_back(account_id, "upload", holder)


def _lease_seconds(timeout: float) -> float:
    return max(3 * timeout, float(current_app.extensions["settings"].lease_seconds))


def _keeper(account_id: int, holder: str, claim: Claim, seconds: float) -> Callable[[], None]:
    def keep() -> None:
        if not (outbox.renew(claim, seconds) and accounts.keep_lease(account_id, "upload", holder, seconds)):
            raise Overtaken

    return keep


def _later(claim: Claim, reason: str, seconds: float | None) -> None:
    outbox.retry(claim, reason, outbox.delay(claim.attempts) if seconds is None else seconds)


def _report(link: Link, claim: Claim) -> None:
    filing = db.session.get(Filing, claim.filing_id)
    if filing is None:
        _done(claim)
        return
    filing_id, state, revision_no = filing.id, filing.state, filing.revision_no
    for upload_id in _open_uploads(link.account_id):
        if filing_id not in reports.filings_in(upload_id):
            sending.deliver(link, upload_id, None)
        elif state != State.REPORTING:
            sending.withdraw(link, upload_id)
    if state == State.REPORTING:
        _go_on(link, filing_id, claim)
    elif state == State.READY and claim.revision == revision_no:
        _first_contact(link)
        papers = _papers(revisions.numbered(filing_id, revision_no))
        prepared = _prepare(link, filing_id, revision_no, papers, claim)
        if prepared is not None:
            sending.deliver(link, prepared, claim)
    else:
        _done(claim)  # recalled, held, or a newer revision has a claim of its own


def _done(claim: Claim) -> None:
    if not outbox.finish(claim):
        raise Overtaken
    db.session.commit()


def _open_uploads(account_id: int) -> list[int]:
    """Uploads that a crash or a lost reply left open; the first holds the account's number."""
    wanted = select(Upload.id).where(Upload.account_id == account_id, Upload.state.in_(OPEN_STATES))
    return list(db.session.scalars(wanted.order_by(Upload.sequence, Upload.id)))


def _go_on(link: Link, filing_id: int, claim: Claim) -> None:
    """Continue an earlier try of the same report."""
    newest = reports.newest_upload(BureauRecord.filing_id == filing_id)
    if newest is not None and newest.state in OPEN_STATES:
        sending.deliver(link, newest.id, claim)
    elif newest is not None and newest.state == UploadState.ACCEPTED:
        sending.accept(newest.id, newest.reply_text, claim)
    else:
        accounts.alert(link.account_id, "no_upload", "a filing is being reported without an upload", str(filing_id))
        _done(claim)


def _first_contact(link: Link) -> None:
    """Learn the next number from the bureau before the first report."""
    if db.session.get_one(BureauAccount, link.account_id).next_sequence is not None:
        return
    last = sending.previous(link)
    db.session.rollback()
    begin_write()
    db.session.get_one(BureauAccount, link.account_id, with_for_update=True).next_sequence = last.sequence + 1
    db.session.commit()


def _papers(revision: Revision) -> dict[str, bytes]:
    """The pictures that go with a revision, by slot, as the bureau takes them."""
    ids = dict(revision.papers)
    now_there = documents.current(revision.filing_id)
    ids |= {path: paper.id for path, paper in now_there.items() if path.endswith(MADE_AT_VERIFICATION)}
    found = {path: documents.get(paper_id) for path, paper_id in ids.items()}
    return {path: documents.reduced(paper) for path, paper in found.items() if paper is not None}


def _prepare(link: Link, filing_id: int, revision_no: int, papers: dict[str, bytes], claim: Claim) -> int | None:
    """Build the message, put it in the archive under the next number, and commit; None when it can't be built."""
    db.session.rollback()
    begin_write()
    account = accounts.locked(link.account_id)
    filing = lock(filing_id)
    if filing.state != State.READY or filing.revision_no != revision_no:
        _done(claim)
        return None
    operation = operations.get(filing.operation)
    revision = revisions.numbered(filing_id, revision_no)
    ids: list[tuple[str, int, str]] = []
    try:
        built = BUILDERS[operation.upload_group](_report_of(filing, revision, account, papers, ids))
    except MessageRefused as refused:
        verbs.schema_refused(filing, refused.corrections)
        _done(claim)
        return None
    upload = _archive(account, operation.upload_group, built)
    _note_records(upload, filing, built)
    for kind, value, path in ids:
        db.session.add(
            ReportedId(
                kind=kind, value=value, upload_id=upload.id, filing_id=filing.id, revision=revision_no, path=path
            )
        )
    verbs.report_started(filing)
    upload_id = upload.id
    db.session.commit()
    return upload_id


def _report_of(
    filing: Filing,
    revision: Revision,
    account: BureauAccount,
    papers: dict[str, bytes],
    ids: list[tuple[str, int, str]],
) -> Report:
    def allot(kind: str, path: str) -> int:
        value = accounts.next_id(kind)
        ids.append((kind, value, path))
        return value

    return Report(
        answers=revision.answers,
        papers=papers,
        mode=filing.mode,
        isp_id=account.isp_id,
        vocabulary=vocabulary.at(revision.vocabulary_id),
        allot=allot,
        stacked_identity=account.stacked_identity,
        operation=filing.operation,
        done=frozenset(path[path.rindex("[") + 1 : -1] for path in reports.approved_paths(filing.id) if "[" in path),
    )


def _archive(account: BureauAccount, group: str, built: Built) -> Upload:
    """The upload's row and its archive, under the account's next number."""
    file_name = f"{now():%Y%m%d%H%M%S}{secrets.token_hex(4)}.xml"
    zipped = zip_one(built.xml, file_name)
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


def _note_records(upload: Upload, filing: Filing, built: Built) -> None:
    for position, made in enumerate(built.records):
        record = BureauRecord(
            upload_id=upload.id,
            position=position,
            filing_id=filing.id,
            revision=filing.revision_no,
            path=made.path,
            operation_type=made.operation_type,
            record_key=made.record_key,
        )
        db.session.add(record)
        db.session.flush()
        for value in dict.fromkeys(made.ids):
            db.session.add(RecordName(record_id=record.id, reading=Reading.RECORD, value=value))
