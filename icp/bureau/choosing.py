"""Results that need a person: which of several open requests, or which filing at all, an answer of the bureau means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import applying_results, correlate
from icp.bureau import records as reports
from icp.bureau.correlate import SeveralFit
from icp.bureau.incoming import NOTHING_FITS, SEVERAL_FIT
from icp.bureau.messages.results import ProcessingResult, ResultLine, Review
from icp.bureau.models import BureauRecord, BureauResult, Download, Outcome
from icp.extensions import begin_write, db

ASKED = (SEVERAL_FIT, NOTHING_FITS)
KINDS = ("processing", "review")
SHELVED = "shelved"
LISTED = 50


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
    account_id = db.session.get_one(Download, result.download_id).account_id
    said = read(result)
    try:
        if isinstance(said, Review):
            found = correlate.of_review(account_id, said)
        else:
            found = correlate.of_processing(account_id, said)
    except SeveralFit as several:
        return several.records
    return [] if found is None or found.outcome != Outcome.OPEN else [found]


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
    result.record_id, result.upload_id = record.id, record.upload_id
    result.filing_id, result.revision = record.filing_id, record.revision
    return why


def shelve(result_id: int) -> None:
    """A person says that a result means nothing of ours. The caller commits.

    Raises:
        LookupError: it was placed already.
    """
    begin_write()
    _asked(result_id).why = SHELVED


def _asked(result_id: int) -> BureauResult:
    result = db.session.get(BureauResult, result_id)
    if result is None:
        raise LookupError(result_id)
    accounts.locked(db.session.get_one(Download, result.download_id).account_id)
    result = db.session.get_one(BureauResult, result_id, with_for_update=True, populate_existing=True)
    if result.why not in ASKED or result.kind not in KINDS or result.sealed is None:
        raise LookupError(result_id)
    return result
