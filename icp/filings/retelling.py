"""Bringing what a filing only tells of the record up to date with the record."""

from __future__ import annotations

from icp.extensions import db
from icp.filings import on_record, operations, revisions
from icp.filings.drafts import Buffer, lock
from icp.filings.models import Draft
from icp.filings.narrow_row import tell_row
from icp.filings.states import WORKER, State
from icp.register.models import Subject

FROZEN = (State.SUBMITTED, State.AWAITING_RELEASE)


def retell(filing_id: int, subject: Subject) -> None:
    """Put the present record into a draft; what was submitted gets a new revision where anything differs."""
    filing = lock(filing_id)
    operation = operations.get(filing.operation)
    if not any(step.told for step in operation.steps):
        return
    draft = db.session.get_one(Draft, filing_id, populate_existing=True)
    buffer = Buffer.of(draft)
    before = buffer.answers.copy().as_json()
    on_record.refresh(buffer.answers, operation, subject)
    if buffer.answers.as_json() == before:
        return
    buffer.into(draft)
    tell_row(filing, buffer.answers)
    if filing.state in FROZEN:
        revisions.freeze(filing, WORKER)
