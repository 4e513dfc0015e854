"""Opening a filing."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from icp.extensions import begin_write, db, now
from icp.filings import drafts, on_record, operations
from icp.filings.drafts import Buffer
from icp.filings.models import Draft, Filing, FilingHost
from icp.filings.numbering import filing_number
from icp.filings.states import Actor, State, _due, opened, today
from icp.register.models import Subject


def open_filing(
    operation: str,
    by: Actor,
    *,
    host_id: int | None,
    entrance: str = "direct",
    province: str = "",
    subject: Subject | None = None,
    websites: Collection[str] = (),
) -> Filing:
    """Open a filing as a draft: with what is on record where it begins with that, else with one empty row of each
    repeated step.

    Args:
        operation: code of the operation.
        by: who opens it; staff open it on behalf (报备方式 1).
        host_id: the host's account, or None.
        entrance: ministry, bureau or direct; kept with the filing.
        province: preselected province (GB/T 2260) or ''.
        subject: the subject on record it is about, where it is known here.
        websites: numbers of that subject's websites it is about; every one with access here when none is named.
    """
    begin_write()
    declaration = operations.get(operation)
    filing = Filing(
        number=uuid.uuid4().hex,
        operation=declaration.code,
        state=State.DRAFT,
        mode="1" if by.kind == "staff" else "0",
        entrance=entrance,
        province=province,
        subject_id=subject.id if subject is not None else None,
        opened_by_id=by.account_id,
        clock_used=0,
        state_since=now(),
    )
    filing.due_on = _due(filing, State.DRAFT)
    db.session.add(filing)
    db.session.flush()
    filing.number = filing_number(filing.id, today())
    if host_id is not None:
        db.session.add(FilingHost(filing_id=filing.id, account_id=host_id))
    draft = Draft(filing_id=filing.id)
    buffer = Buffer.of(draft)
    buffer.answers.on_behalf = by.kind == "staff"
    if subject is not None:
        on_record.begin(buffer.answers, declaration, subject, websites)
        buffer.next_row = 1 + max((int(row[1:]) for row in buffer.answers.rows("website")), default=0)
    _first_rows(buffer, declaration)
    drafts.tell_row(filing, buffer.answers)
    buffer.into(draft)
    db.session.add(draft)
    opened(filing, by)
    db.session.flush()
    return filing


def _first_rows(buffer: Buffer, declaration: operations.Operation) -> None:
    """An empty row of each step that grows and has none yet."""
    for group in {step.repeat for step in declaration.steps if step.repeat and step.grows}:
        if not buffer.answers.rows(group):
            drafts.new_row(buffer, declaration, group)
