"""What a decision about one record does to it and to its filing.

A filing is approved when all its records are, and returned when all are answered and one is refused; the marks of a
refused record stand at its paths at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from icp.bureau import answering, cancelling, reporting, sending
from icp.bureau import records as reports
from icp.bureau.incoming import CONTRADICTS, SETTLED
from icp.bureau.messages import codes
from icp.bureau.messages.results import REJECTED, ProcessingResult
from icp.bureau.models import BureauRecord, Outcome
from icp.extensions import db, now
from icp.filings import marks, operations, passwords, revisions, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.paths import row_of
from icp.filings.states import BUREAU, Action, State, can
from icp.rules.correction import Correction

BAMM_WRONG = "1018"  # the filing password


def decide(
    record: BureauRecord,
    outcome: Outcome,
    words: str = "",
    found: Sequence[Correction] = (),
    *,
    rejected: bool = True,
) -> str:
    """Apply a decision about the latest record of its part.

    Args:
        record: what is decided.
        outcome: approved or refused.
        words: the bureau's own.
        found: corrections of a refusal.
        rejected: a refusal is an officer's, not the system's.

    Returns:
        why the decision changed nothing, or ''.
    """
    if record.filing_id is None:
        sending.bureau_has(record.upload_id)
        why = _note(record, outcome, words)
        if not why:
            db.session.flush()
            answering.decided(record)
        return why
    filing = lock(record.filing_id)
    sending.bureau_has(record.upload_id)
    db.session.refresh(record, with_for_update=True)
    if outcome is Outcome.APPROVED:
        return _approve(filing, record, words)
    return _refuse(filing, record, words, _placed(record, found), rejected=rejected)


def complain(record: BureauRecord, result: ProcessingResult) -> str:
    """Apply the complaints of the bureau's system, or its note of a rejection; says why not, or ''."""
    lines = [line for line in result.complaints if line.code != REJECTED]
    refusals = [line.text for line in result.complaints if line.code == REJECTED]
    found: list[Correction] = []
    if record.filing_id is not None:
        revision = revisions.numbered(record.filing_id, record.revision or 0)
        operation = operations.get(db.session.get_one(Filing, record.filing_id).operation)
        papers = reporting.slots_of(revision)
        found = codes.corrections(lines, revision.answers, operation=operation, record=record.path, papers=papers)
        if refusals and not found:
            found = [codes.rejection(refusals[0])]
    words = "; ".join(line.text for line in result.complaints if line.text)
    return decide(record, Outcome.REFUSED, words, found, rejected=bool(refusals))


def _note(record: BureauRecord, outcome: Outcome, words: str) -> str:
    """Write a decision down; SETTLED when it was known, CONTRADICTS when the other was."""
    if record.outcome != Outcome.OPEN:
        return SETTLED if record.outcome == outcome else CONTRADICTS
    record.outcome, record.decided_at = outcome, now()
    record.said = words[:4000]
    return ""


def _counts(filing: Filing, record: BureauRecord) -> bool:
    return can(filing, Action.APPROVED) and filing.revision_no == record.revision


def _approve(filing: Filing, record: BureauRecord, words: str) -> str:
    if record.outcome == Outcome.OPEN and not _counts(filing, record):
        return SETTLED if filing.state == State.APPROVED else CONTRADICTS
    why = _note(record, Outcome.APPROVED, words)
    if why:
        return why
    cancelling.approved(record)
    return _conclude(filing)


def _refuse(filing: Filing, record: BureauRecord, words: str, found: Sequence[Correction], *, rejected: bool) -> str:
    if record.outcome == Outcome.APPROVED:
        return CONTRADICTS
    if record.outcome == Outcome.OPEN and _counts(filing, record):
        _note(record, Outcome.REFUSED, words)
        for correction in found:
            marks.add(filing, BUREAU, correction)
        if any(correction.code == BAMM_WRONG for correction in found):
            passwords.wrong(filing.id)
        return _conclude(filing, rejected=rejected)
    still_here = _counts(filing, record) or filing.state == State.BUREAU_RETURNED
    if not still_here or filing.revision_no != record.revision:
        return CONTRADICTS if filing.state == State.APPROVED else SETTLED
    # A second word on the same decision: what it adds is marked as well.
    there = _there(filing, record)
    fresh = [c for c in found if (c.path, c.code, str(c.message)) not in there and not _says_less(c, there)]
    for correction in fresh:
        marks.add(filing, BUREAU, correction)
    return "" if fresh else SETTLED


def _conclude(filing: Filing, *, rejected: bool = True) -> str:
    """Move the filing when nothing it asked for is open any more."""
    db.session.flush()
    asked = reports.report_of(filing.id)
    if any(record.outcome == Outcome.OPEN for record in asked):
        return ""
    refused = [record for record in asked if record.outcome == Outcome.REFUSED]
    words = "; ".join(dict.fromkeys(r.said for r in refused or asked if r.said))
    if refused:
        verbs.bureau_returned(filing, [], words, rejected=rejected)
    else:
        verbs.approved(filing, words)
    return ""


def _placed(record: BureauRecord, found: Sequence[Correction]) -> list[Correction]:
    """Corrections at the record's own row: what the bureau says of one request is not about the others."""
    row = row_of(record.path)
    if row is None:
        return list(found)
    own = [c for c in found if row_of(c.path) in (None, row)]
    placed = [dataclasses.replace(c, path=record.path) if c.path == "filing" else c for c in own]
    return placed or [dataclasses.replace(c, path=record.path) for c in found[:1]]


def _there(filing: Filing, record: BureauRecord) -> set[tuple[str, str, str]]:
    return {
        (mark.path, mark.code, str(mark.correction.message))
        for mark in marks.of_filing(filing)
        if mark.revision_no == record.revision
    }


def _says_less(correction: Correction, there: set[tuple[str, str, str]]) -> bool:
    """Whether it is a rejection that stands there already: bare, or with the officer's words within the system's."""
    said = [
        _quoted(message)
        for path, code, message in there
        if code == correction.code == str(REJECTED) and path == correction.path
    ]
    words = _quoted(str(correction.message))
    return any(not words or (text and (words in text or text in words)) for text in said)


def _quoted(message: str) -> str:
    return message.partition("“")[2].rpartition("”")[0]
