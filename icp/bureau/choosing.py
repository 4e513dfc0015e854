"""Results that need a person: which of several open requests, or which filing at all, an answer of the bureau means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from icp.bureau import account as accounts
from icp.bureau import applying_results, correlate
from icp.bureau import records as reports
from icp.bureau.correlate import SeveralFit
from icp.bureau.incoming import NOTHING_FITS, SETTLED, SEVERAL_FIT
from icp.bureau.messages.results import ProcessingResult, ResultLine, Review
from icp.bureau.models import BureauAlert, BureauRecord, BureauResult, Download, Outcome
from icp.extensions import begin_write, db

ASKED = (SEVERAL_FIT, NOTHING_FITS)
KINDS = ("processing", "review")
SHELVED = "shelved"
LISTED = 50
MOST_AGAIN = 200  # answers that are looked at again at once, so that a flood of them doesn't keep the others


def waiting() -> list[BureauResult]:
    """Results nobody has placed yet, newest first."""
    wanted = select(BureauResult).where(
        BureauResult.why.in_(ASKED), BureauResult.kind.in_(KINDS), BureauResult.sealed.is_not(None)
    )
    return list(db.session.scalars(wanted.order_by(BureauResult.id.desc()).limit(LISTED)))


def read(result: BureauResult) -> ProcessingResult | Review:
    """What the bureau said, as it was read from the file."""
    content: dict[str, Any] = result.content
    if result.kind == "review":
        return Review(**content)
    lines = tuple(ResultLine(**line) for line in content["lines"])
    return ProcessingResult(lines, content["operation"], content["key"], content["remark"])


def candidates(result: BureauResult) -> list[BureauRecord]:
    """The open requests an answer may mean by its identifier."""
    try:
        found = _found(result)
    except SeveralFit as several:
        return several.records
    return [] if found is None or found.outcome != Outcome.OPEN else [found]


def _found(result: BureauResult) -> BureauRecord | None:
    """The record that a kept answer names now.

    Raises:
        SeveralFit: more than one open request fits.
    """
    account_id = db.session.get_one(Download, result.download_id).account_id
    said = read(result)
    if isinstance(said, Review):
        return correlate.of_review(account_id, said)
    return correlate.of_processing(account_id, said)


def open_records(filing_id: int) -> list[BureauRecord]:
    """What a filing has asked for and is not answered."""
    return [record for record in reports.report_of(filing_id) if record.outcome == Outcome.OPEN]


def place(result_id: int, record_id: int) -> str:
    """A person says which record a result means; it is applied to it. The caller commits.

    Returns:
        why it changed nothing, or ''.

    Raises:
        LookupError: the result was placed already, or there is no such record.
    """
    begin_write()
    result = _asked(result_id)
    record = db.session.get(BureauRecord, record_id)
    if record is None:
        raise LookupError(record_id)
    said = read(result)
    if isinstance(said, Review):
        why = applying_results.apply_review(record, said)
    else:
        why = applying_results.apply_processing(record, said)
    result.why, result.applied = why, why == ""
    _about(result, record)
    _settle(result.download_id)
    return why


def _about(result: BureauResult, record: BureauRecord) -> None:
    result.record_id, result.upload_id = record.id, record.upload_id
    result.filing_id, result.revision = record.filing_id, record.revision


def shelve(result_id: int) -> None:
    """A person says that a result means nothing of ours. The caller commits.

    Raises:
        LookupError: it was placed already.
    """
    begin_write()
    result = _asked(result_id)
    result.why = SHELVED
    _settle(result.download_id)


def look_again(account_id: int) -> None:
    """Settle what was asked about answers whose every request has been decided alike since; commits."""
    told = select(BureauAlert.about).where(BureauAlert.account_id == account_id, BureauAlert.settled_at.is_(None))
    told = told.where(BureauAlert.kind.in_(ASKED))
    wanted = (
        select(BureauResult.id)
        .join(Download, Download.id == BureauResult.download_id)
        .where(Download.account_id == account_id, func.substr(Download.file_name, 1, 128).in_(told))
        .where(BureauResult.why.in_(ASKED), BureauResult.kind.in_(KINDS), BureauResult.sealed.is_not(None))
    )
    waiting_ids = list(db.session.scalars(wanted.order_by(BureauResult.id.desc()).limit(MOST_AGAIN)))
    db.session.rollback()
    if not waiting_ids:
        return
    begin_write()
    accounts.locked(account_id)
    for result_id in waiting_ids:
        result = db.session.get_one(BureauResult, result_id, populate_existing=True)
        try:
            record = _found(result)
        except SeveralFit:
            continue
        if record is None or record.outcome != correlate.outcome(read(result)):
            continue
        result.why = SETTLED
        _about(result, record)
        _settle(result.download_id)
    db.session.commit()


def _settle(download_id: int) -> None:
    """Settle the alerts of a file about answers of a kind of which none is left to be placed."""
    db.session.flush()
    download = db.session.get_one(Download, download_id)
    left = select(BureauResult.why).where(BureauResult.download_id == download_id, BureauResult.why.in_(ASKED))
    open_ = set(db.session.scalars(left.distinct()))
    wanted = select(BureauAlert).where(BureauAlert.account_id == download.account_id, BureauAlert.settled_at.is_(None))
    wanted = wanted.where(BureauAlert.about == download.file_name[:128])
    wanted = wanted.where(BureauAlert.kind.in_([kind for kind in ASKED if kind not in open_]))
    accounts.settled(db.session.scalars(wanted).all())


def _asked(result_id: int) -> BureauResult:
    result = db.session.get(BureauResult, result_id)
    if result is None:
        raise LookupError(result_id)
    accounts.locked(db.session.get_one(Download, result.download_id).account_id)
    result = db.session.get_one(BureauResult, result_id, with_for_update=True, populate_existing=True)
    if result.why not in ASKED or result.kind not in KINDS or result.sealed is None:
        raise LookupError(result_id)
    return result
