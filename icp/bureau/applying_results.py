"""Applying results, reviews and filing data: each answer is kept, and what still counts decides its record.

They come in any order and any number of times, and each alone suffices. A filing moves when all its records are
answered: approved when all are, else returned; what is wrong with one record is marked at once. An answer to an
earlier report is kept and changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from icp.bureau import correlate, deciding, settling, splitting
from icp.bureau import records as reports
from icp.bureau import register_prepared as prepared
from icp.bureau.correlate import SeveralFit
from icp.bureau.incoming import CONTRADICTS, EARLIER, INFORMATION, NO_NUMBER, NOTHING_FITS, ODD, SEVERAL_FIT, Incoming
from icp.bureau.messages import codes, results
from icp.bureau.messages.results import ProcessingResult, Review
from icp.bureau.models import BureauRecord, Outcome
from icp.filings import customers, effects
from icp.register import verbs as register
from icp.register.records import SubjectRecord

OLDER = "older"
"""Alert: a file says of what is on record here how it was before."""


def filings(incoming: Incoming, group: Any) -> None:
    """Apply ``BASJ``: what is on record now, and which of our requests that approves."""
    for record in results.filings(group):
        _apply_filing(incoming, record)


def answers(incoming: Incoming, group: Any) -> None:
    """Apply ``BAJG``: decisions first, so that the officer's words stand before the system's note of them."""
    reviewed = [record for review in results.reviews(group) if (record := _apply_review(incoming, review)) is not None]
    for result in results.processing(group):
        record = _apply_processing(incoming, result, reviewed)
        if record in reviewed:
            reviewed.remove(record)


def _apply_filing(incoming: Incoming, on_record: SubjectRecord) -> None:
    asked = correlate.of_filing(incoming.account.id, on_record)
    numbered = dataclasses.replace(on_record, websites=tuple(w for w in on_record.websites if w.number))
    key = on_record.number or str(on_record.isp_id or "")
    if not numbered.number or not numbered.websites:
        incoming.keep("filing", on_record, asked[0] if asked else None, NO_NUMBER, key=key)
        incoming.alert(NO_NUMBER, f"BASJ {key}".strip())
        return
    current = [record for record in asked if reports.is_latest(record)]
    if asked and not current:
        incoming.keep("filing", on_record, asked[0], EARLIER, key=key)
        return
    found = {record: deciding.decide(record, Outcome.APPROVED, on_record.number) for record in current}
    contradicting = [record for record, why in found.items() if why == CONTRADICTS]
    decided = [record for record, why in found.items() if not why]
    if not contradicting:
        shown = next(iter(decided or current), None)
        filing_id = shown.filing_id if shown is not None else None
        _record(incoming, numbered, filing_id)
    for record in current:
        differing = settling.disagreeing(record, on_record)
        if differing:
            incoming.alert("number_differs", f"{differing} / {on_record.number}")
    about = next(iter(contradicting or decided or current), None)
    incoming.keep("filing", on_record, about, CONTRADICTS if contradicting else "", key=key)


def _record(incoming: Incoming, found: SubjectRecord, filing_id: int | None) -> None:
    """Put on record what a file says, but for what the register knows better: a file that is handed out again brings
    nothing back that was changed or cancelled since."""
    known = register.by_number(found.number, cancelled=True)
    found, older = prepared.newer(found, known.subject if known is not None else None)
    if older:
        incoming.alert(OLDER, " ".join(older))
    if not found.websites:
        return
    subject = register.record(found, filing_id=filing_id, our_isp_id=incoming.account.isp_id)
    for account_id in customers.hosts_of(filing_id) if filing_id is not None else ():
        register.belongs_to(subject, account_id)
    effects.recorded(subject, filing_id)


def _apply_review(incoming: Incoming, review: Review) -> BureauRecord | None:
    """Apply a review and keep it; gives the record it decides."""
    record, why = None, ""
    try:
        record = correlate.of_review(incoming.account.id, review)
    except SeveralFit:
        why = SEVERAL_FIT
    if review.approved is None:
        why = ODD
        incoming.alert(ODD, f"BAJG Shjg Jlid {review.record_id}")
    why = why or apply_review(record, review)
    incoming.keep("review", review, record, why, operation=review.operation, key=review.record_id)
    return record


def _apply_processing(
    incoming: Incoming, result: ProcessingResult, reviewed: Sequence[BureauRecord]
) -> BureauRecord | None:
    """Apply a result and keep it; gives the record it answers."""
    if result.odd:
        incoming.alert(ODD, f"BAJG Jgdm Bs {result.key}")
    if result.of_file:
        upload = correlate.file_of(incoming.account.id, result)
        if upload is not None:
            why = splitting.file_refused(upload, result)
            _tell_ours(incoming, result)
            incoming.keep("processing", result, None, why, upload_id=upload.id, operation=result.operation)
            return None
    record, why = None, ""
    try:
        record = correlate.of_processing(incoming.account.id, result, reviewed)
    except SeveralFit:
        why = SEVERAL_FIT
    if result.odd and not result.complaints:
        why = ODD
    why = why or apply_processing(record, result)
    if not why:  # 5009 and 5011 may name a request; every other would be answered so too
        for line in [line for line in result.complaints if line.code in splitting.OUR_OWN][:1]:
            splitting.stop(incoming.account.id, line)
    _tell_ours(incoming, result)
    incoming.keep("processing", result, record, why, operation=result.operation, key=result.key)
    return record


def _tell_ours(incoming: Incoming, result: ProcessingResult) -> None:
    for line in result.complaints:
        if codes.is_ours(line.code):
            incoming.alert(f"code_{line.code}", line.text)


def apply_review(record: BureauRecord | None, review: Review) -> str:
    """Apply an officer's decision to a record; says why not, or ''."""
    if record is None:
        return NOTHING_FITS
    if not reports.is_latest(record):
        return EARLIER
    if review.approved:
        return deciding.decide(record, Outcome.APPROVED, review.opinion)
    return deciding.decide(record, Outcome.REFUSED, review.opinion, [codes.rejection(review.opinion)], rejected=True)


def apply_processing(record: BureauRecord | None, result: ProcessingResult) -> str:
    """Apply what the bureau's system says of a record; says why not, or ''."""
    if record is None:
        return NOTHING_FITS
    if not result.complaints and not result.approved:
        return INFORMATION
    if not reports.is_latest(record):
        return EARLIER
    if result.approved:
        return deciding.decide(record, Outcome.APPROVED)
    return deciding.complain(record, result)
