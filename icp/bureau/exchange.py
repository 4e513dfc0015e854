"""Reporting to the bureau: one file at a time for each account, written down before it is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import current_app
from sqlalchemy import select

from icp import outbox
from icp.bureau import account as accounts
from icp.bureau import answering, batching, holding, sending, unsent
from icp.bureau import records as reports
from icp.bureau.client import Bureau
from icp.bureau.models import OPEN_STATES, BureauAccount, BureauRecord, Upload, UploadState
from icp.bureau.sending import Later, Link, Overtaken
from icp.extensions import begin_write, db
from icp.filings.models import Filing
from icp.filings.states import State
from icp.outbox import Claim

log = logging.getLogger(__name__)

BUSY, PAUSED, NO_ACCOUNT, HELD = 3.0, 900.0, 60.0, 3600.0
"""Seconds until a report that could not begin is offered again."""


def report(claim: Claim) -> None:
    """Report the filing a claim names, or see to what became of an earlier try; finishes the claim and commits.

    One worker at a time has the account; another try later continues where this one stopped.
    """
    filing = db.session.get(Filing, claim.filing_id)
    if filing is None:
        _done(claim)
        return
    newest = reports.newest_upload(BureauRecord.filing_id == filing.id) if filing.state == State.REPORTING else None
    account_id = newest.account_id if newest is not None else _reporting_id(filing.province)
    _with_account(claim, account_id, _report)


def answer(claim: Claim) -> None:
    """Send the answer to a task which a claim names; finishes the claim and commits."""
    task_id, _ = answering.wanted(claim)
    _with_account(claim, answering.account_of(task_id) or _reporting_id(""), _answer)


def _reporting_id(province: str) -> int | None:
    if accounts.reporting_account(province) is None:
        accounts.seed_account()
        db.session.commit()
    account = accounts.reporting_account(province)
    return None if account is None else account.id


def _with_account(claim: Claim, account_id: int | None, work: Callable[[Link, Claim], None]) -> None:
    account = None if account_id is None else db.session.get(BureauAccount, account_id)
    if account is None or account.paused_reason:
        _later(claim, "the account is paused" if account else "no account is active", PAUSED if account else NO_ACCOUNT)
        return
    endpoint = account.endpoint()
    seconds = _lease_seconds(endpoint.timeout)
    holder = accounts.lease(account.id, "upload", seconds)
    if holder is None:
        _later(claim, "another report is under way", BUSY)
        return
    link = Link(account.id, Bureau(endpoint), _keeper(account.id, holder, claim, seconds))
    try:
        work(link, claim)
    except Later as later:
        _later(claim, str(later), later.seconds)
    except Overtaken:
        log.warning("outbox row %s: another worker has it by now", claim.id)
    finally:
        db.session.rollback()
        accounts.give_back(link.account_id, "upload", holder)


def _lease_seconds(timeout: float) -> float:
    return max(3 * timeout, float(current_app.extensions["settings"].lease_seconds))


def _keeper(account_id: int, holder: str, claim: Claim, seconds: float) -> Callable[[], None]:
    def keep() -> None:
        if not (outbox.renew(claim, seconds) and accounts.keep_lease(account_id, "upload", holder, seconds)):
            raise Overtaken

    return keep


def _later(claim: Claim, reason: str, seconds: float | None) -> None:
    outbox.retry(claim, reason, outbox.delay(claim.attempts) if seconds is None else seconds)


def _done(claim: Claim) -> None:
    begin_write()
    if not outbox.finish(claim):
        raise Overtaken
    db.session.commit()


def _report(link: Link, claim: Claim) -> None:
    filing = db.session.get_one(Filing, claim.filing_id)
    filing_id, state, revision_no, province = filing.id, filing.state, filing.revision_no, filing.province
    for upload_id in _open_uploads(link.account_id):
        if filing_id not in reports.filings_in(upload_id):
            _deliver(link, upload_id, None)
        elif state != State.REPORTING:
            _settle_open(link, upload_id)
    if state == State.REPORTING:
        _go_on(link, filing_id, claim)
    elif state == State.READY and claim.revision == revision_no:
        if province in holding.provinces():
            raise Later(f"filings of {province} are held", HELD)
        _first_contact(link)
        prepared = batching.prepare(link, filing_id, revision_no)
        if prepared is None:
            _done(claim)
        else:
            sending.deliver(link, prepared, claim)
    else:
        _done(claim)  # recalled, held, or a newer revision has a claim of its own


def _answer(link: Link, claim: Claim) -> None:
    task_id, answer_no = answering.wanted(claim)
    earlier = answering.sent(task_id, answer_no)
    earlier_id = None if earlier is None else earlier.id
    for upload_id in _open_uploads(link.account_id):
        sending.deliver(link, upload_id, claim if upload_id == earlier_id else None)
        if upload_id == earlier_id:
            return
    if earlier_id is not None:
        _done(claim)
        return
    _first_contact(link)
    prepared = answering.prepare(link, task_id, answer_no)
    if prepared is None:
        _done(claim)
    else:
        sending.deliver(link, prepared, claim)


def _deliver(link: Link, upload_id: int, claim: Claim | None) -> None:
    """Send a file that was written down earlier, unless it must not leave as it is any more."""
    if not unsent.given_up(link, upload_id):
        sending.deliver(link, upload_id, claim)
    elif claim is not None:
        _done(claim)  # what is in it has claims of its own again


def _settle_open(link: Link, upload_id: int) -> None:
    """An open file with a filing that moved on meanwhile: given up when nothing in it is being reported any more."""
    inside = reports.filings_in(upload_id)
    wanted = select(Filing.id).where(Filing.id.in_(inside), Filing.state == State.REPORTING).limit(1)
    if db.session.scalar(wanted) is None:
        sending.withdraw(link, upload_id)
    else:
        _deliver(link, upload_id, None)


def _open_uploads(account_id: int) -> list[int]:
    """Uploads that a crash or a lost reply left open; the first holds the account's number."""
    wanted = select(Upload.id).where(Upload.account_id == account_id, Upload.state.in_(OPEN_STATES))
    return list(db.session.scalars(wanted.order_by(Upload.sequence, Upload.id)))


def _go_on(link: Link, filing_id: int, claim: Claim) -> None:
    """Continue an earlier try of the same report."""
    newest = reports.newest_upload(BureauRecord.filing_id == filing_id)
    if newest is not None and newest.state in OPEN_STATES:
        _deliver(link, newest.id, claim)
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
    accounts.locked(link.account_id).next_sequence = last.sequence + 1
    db.session.commit()
