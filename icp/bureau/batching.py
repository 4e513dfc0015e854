"""What goes into one file: the filing at hand and others of its upload group that are ready, each built and checked by
itself, then merged and written down under the account's next number before anything is sent.

A filing is marked as being reported in the same transaction in which its file is written down, so it is never in two.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from flask import current_app
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import files, holding, reporting, splitting
from icp.bureau import records as reports
from icp.bureau.codec import XML_LIMIT
from icp.bureau.files import Part
from icp.bureau.messages import BUILDERS, Report
from icp.bureau.messages.build import MessageRefused
from icp.bureau.models import BureauAccount
from icp.bureau.sending import Link
from icp.extensions import begin_write, db
from icp.filings import black_lists, ended, operations, revisions, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import State
from icp.rules.correction import Correction

log = logging.getLogger(__name__)

Stays = Callable[[Filing, Sequence[Correction]], None]
MOST_RECORDS = 1000  # over all groups of a file (interface § 17.6)


def prepare(link: Link, filing_id: int, revision_no: int) -> int | None:
    """Write down the file a filing leaves with, and commit; None when it no longer leaves, or can't be built."""
    first = _built(link, filing_id, revision_no)
    if first is None:
        return None
    group = _group(filing_id)
    parts = [first, *_companions(link, first, group)]
    while parts:
        upload_id, gone = files.write_down(link.account_id, group, parts)
        if upload_id is not None:
            return upload_id
        if first.filing_id in gone:
            return None
        parts = [part for part in parts if part.filing_id not in gone]
    return None


def _group(filing_id: int) -> str:
    return operations.get(db.session.get_one(Filing, filing_id).operation).upload_group


def _companions(link: Link, first: Part, group: str) -> list[Part]:
    """Others that may go with the first, as far as the limits of a file allow."""
    found: list[Part] = []
    size, count = len(first.built.xml), len(first.built.records)
    for filing_id, revision_no in _waiting(link.account_id, first, group):
        link.keep()
        try:
            part = _built(link, filing_id, revision_no)
        except Exception:  # its own turn will come and tell; it must not keep the others here
            log.exception("filing %s can't be built", filing_id)
            db.session.rollback()
            continue
        if part is None:
            continue
        size, count = size + len(part.built.xml), count + len(part.built.records)
        if size > XML_LIMIT or count > MOST_RECORDS:
            break
        found.append(part)
    return found


def _waiting(account_id: int, first: Part, group: str) -> list[tuple[int, int]]:
    """Ready filings of one group, the longest ready first; what was in a refused file goes with half of it only."""
    most: int = current_app.extensions["settings"].bureau_batch
    refused = splitting.refused_with(first.filing_id or 0, first.revision or 0)
    room = (most if refused is None else min(most, refused[1] // 2)) - 1
    if room < 1:
        return []
    wanted = select(Filing.id, Filing.revision_no, Filing.province).where(
        Filing.state == State.READY,
        Filing.id != first.filing_id,
        Filing.operation.in_([o.code for o in operations.OPERATIONS.values() if o.upload_group == group]),
    )
    if refused is not None:
        wanted = wanted.where(Filing.id.in_(reports.filings_in(refused[0])))
    held = holding.provinces()
    through: dict[str, bool] = {}
    found: list[tuple[int, int]] = []
    for row in db.session.execute(wanted.order_by(Filing.state_since, Filing.id).limit(room * 4)):
        if row.province not in through:
            account = accounts.reporting_account(row.province)
            through[row.province] = account is not None and account.id == account_id and row.province not in held
        if not through[row.province]:
            continue
        own = splitting.refused_with(row.id, row.revision_no)
        if (own and own[0]) == (refused and refused[0]):
            found.append((row.id, row.revision_no))
    db.session.rollback()
    return found[:room]


def _built(link: Link, filing_id: int, revision_no: int) -> Part | None:
    """One filing's message, and commit; a filing that can't be sent by our own check goes back to the provider, one
    that came on a black list since it was accepted is held, one about what has ended since is reviewed again."""
    papers = reporting.papers_of(revisions.numbered(filing_id, revision_no))
    db.session.rollback()
    begin_write()
    filing = db.session.get_one(Filing, filing_id, populate_existing=True)
    if filing.state != State.READY or filing.revision_no != revision_no:
        db.session.rollback()
        return None
    account = db.session.get_one(BureauAccount, link.account_id)
    operation, revision = operations.get(filing.operation), revisions.numbered(filing_id, revision_no)
    gone = ended.of(filing, operation, revision.answers)
    if gone:
        db.session.rollback()
        _stay(filing_id, revision_no, ended.back_to_review, gone)
        return None
    listed = black_lists.corrections(operation, revision.answers)
    if listed:
        db.session.rollback()
        _stay(filing_id, revision_no, black_lists.hold, listed)
        return None
    ids: list[tuple[str, int, str]] = []
    try:
        report = reporting.report_of(filing, revision, account, papers, ids)
        built = BUILDERS[operation.upload_group](report)
    except MessageRefused as refused:
        db.session.rollback()
        _stay(filing_id, revision_no, verbs.schema_refused, refused.corrections)
        return None
    db.session.commit()
    return Part(built, filing_id, revision_no, ids=ids, subject=_names(report))


def _names(report: Report) -> tuple[str, ...]:
    """The subject's id at the bureau and its number, by either of which an answer may name a request."""
    known = report.on_record
    number = report.answers.text("subject.filing_number")
    names = (number,) if known is None else (str(known.bureau_id or ""), known.number)
    return tuple(filter(None, names))


def _stay(filing_id: int, revision_no: int, verb: Stays, corrections: Sequence[Correction]) -> None:
    filing = lock(filing_id)
    if filing.state == State.READY and filing.revision_no == revision_no:
        verb(filing, corrections)
    db.session.commit()
