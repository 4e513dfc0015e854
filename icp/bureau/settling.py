"""Settling by hand what the bureau decided by telephone or on its page: one person asks, another confirms.

The register isn't touched: what is on record comes from the bureau's own data, which either agrees later or is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from icp.bureau import records as reports
from icp.bureau.messages import codes
from icp.bureau.models import BureauRecord, Outcome, Settlement
from icp.extensions import begin_write, db, now
from icp.filings import operations, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import Action, NotAllowed, StaleRevision, can
from icp.register.reading import by_number
from icp.register.records import SubjectRecord
from icp.vocabulary.text import N_

NUMBER = re.compile(r"\S{1,2}ICP[备证]\d{1,12}号?(-\d{1,5})?")
NUMBERED = ("record", "add_website")
"""Effects of an approval after which numbers exist that weren't there before."""
HOW = N_("人工认定：{reason}（{asked}提出，{confirmed}确认）")


class NotSettled(Exception):
    """It can't be asked or confirmed; ``field`` names what is wrong: reason, numbers, taken (a number that
    stands on record of somebody else), words, person, open."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def ask(
    filing: Filing, by_id: int, outcome: Outcome, reason: str, *, numbers: Sequence[str] = (), words: str = ""
) -> Settlement:
    """Ask for a decision to be noted; the caller commits.

    Args:
        filing: locked.
        by_id: who asks.
        outcome: approved or refused.
        reason: how the decision came.
        numbers: filing numbers the bureau gave, with an approval.
        words: the bureau's own, with a refusal.

    Raises:
        NotSettled: something is missing, or one is asked for already.
        NotAllowed: the filing isn't at the bureau.
    """
    if not can(filing, Action.APPROVED):
        raise NotAllowed(filing.state, Action.APPROVED)
    if waiting_for(filing.id) is not None:
        raise NotSettled("open")
    if not reason.strip():
        raise NotSettled("reason")
    needed = operations.get(filing.operation).register_effect in NUMBERED
    given = [number.strip() for number in numbers if number.strip()]
    if outcome is Outcome.APPROVED and ((needed and not given) or not all(map(NUMBER.fullmatch, given))):
        raise NotSettled("numbers")
    if outcome is Outcome.REFUSED and not words.strip():
        raise NotSettled("words")
    if outcome is Outcome.APPROVED and any(_stands_elsewhere(filing, number, new=needed) for number in given):
        raise NotSettled("taken")
    row = Settlement(
        filing_id=filing.id,
        revision=filing.revision_no,
        outcome=outcome,
        numbers="\n".join(given) if outcome is Outcome.APPROVED else "",
        reason=reason.strip()[:500],
        words=words.strip()[:1000] if outcome is Outcome.REFUSED else "",
        asked_by_id=by_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _stands_elsewhere(filing: Filing, number: str, *, new: bool) -> bool:
    """Whether a number is on record of another subject; or of another website, where the approval gives new ones."""
    found = by_number(number)
    if found is None:
        return False
    return found.subject.id != filing.subject_id or (new and found.website is not None)


def confirm(settlement_id: int, by_id: int, names: tuple[str, str]) -> Filing:
    """A second person confirms: the filing is approved or returned; the caller commits.

    Args:
        settlement_id: what was asked.
        by_id: who confirms.
        names: of the one who asked and the one who confirms, for the history.

    Raises:
        NotSettled: the same person, or it is no longer open.
        NotAllowed: the bureau's own answer came meanwhile.
        StaleRevision: the filing was reported anew.
    """
    row, filing = _open(settlement_id)
    if row.asked_by_id == by_id:
        raise NotSettled("person")
    if filing.revision_no != row.revision:
        raise StaleRevision
    if not can(filing, Action.APPROVED):
        raise NotAllowed(filing.state, Action.APPROVED)
    row.answered_by_id, row.answered_at, row.confirmed = by_id, now(), True
    how = HOW.format(reason=row.reason, asked=names[0], confirmed=names[1])
    for record in reports.report_of(filing.id):
        if record.outcome == Outcome.OPEN:
            record.outcome, record.said, record.decided_at = row.outcome, how, now()
    if row.outcome == Outcome.APPROVED:
        verbs.approved(filing, "; ".join([how, *row.numbers.split("\n")] if row.numbers else [how]))
    else:
        verbs.bureau_returned(filing, [codes.rejection(row.words)], f"{row.words}; {how}", rejected=True)
    return filing


def decline(settlement_id: int, by_id: int) -> Filing:
    """Somebody says that it isn't so, or the one who asked takes it back; the caller commits.

    Raises:
        NotSettled: it is no longer open.
    """
    row, filing = _open(settlement_id)
    row.answered_by_id, row.answered_at = by_id, now()
    return filing


def _open(settlement_id: int) -> tuple[Settlement, Filing]:
    begin_write()
    row = db.session.get(Settlement, settlement_id)
    if row is None:
        raise NotSettled("open")
    filing = lock(row.filing_id)
    row = db.session.get_one(Settlement, settlement_id, with_for_update=True, populate_existing=True)
    if row.answered_at is not None:
        raise NotSettled("open")
    return row, filing


def waiting_for(filing_id: int) -> Settlement | None:
    """What waits for a second person about a filing."""
    wanted = select(Settlement).where(Settlement.filing_id == filing_id, Settlement.answered_at.is_(None))
    return db.session.scalar(wanted)


def waiting() -> list[Settlement]:
    """Everything that waits for a second person, oldest first."""
    return list(db.session.scalars(select(Settlement).where(Settlement.answered_at.is_(None)).order_by(Settlement.id)))


def of_filing(filing_id: int) -> list[Settlement]:
    """Everything that was ever asked about a filing, newest first."""
    wanted = select(Settlement).where(Settlement.filing_id == filing_id).order_by(Settlement.id.desc())
    return list(db.session.scalars(wanted))


def disagreeing(record: BureauRecord, on_record: SubjectRecord) -> str:
    """Numbers that were given by hand and aren't those on record; '' when all agree, or none was given."""
    if record.filing_id is None:
        return ""
    confirmed = [s for s in of_filing(record.filing_id) if s.confirmed and s.outcome == Outcome.APPROVED and s.numbers]
    given = confirmed[0].numbers.split("\n") if confirmed else []
    known = {_bare(on_record.number), *(_bare(site.number) for site in on_record.websites)}
    return ", ".join(number for number in given if _bare(number) not in known)


def _bare(number: str) -> str:
    return number.replace("号", "").strip()
