"""Filings on behalf (代为备案, 报备方式 1): opened and filled in by staff; the host sees, corrects and confirms.

Whoever filled one in doesn't pass it alone, and where the setting says so it waits for the host's word.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import select

from icp import documents, outbox, vocabulary
from icp.accounts.models import Account
from icp.extensions import begin_write, db
from icp.filings import carrying, customers, drafts, ends, judge, marks, notice, opening, operations
from icp.filings.drafts import lock
from icp.filings.models import Event, Filing, FilingHost
from icp.filings.paths import row_of
from icp.filings.states import Action, Actor, NotAllowed, State, move, noted
from icp.register.models import Subject
from icp.register.reading import by_number, hosts_of, ours
from icp.settings import Settings
from icp.vocabulary.text import N_

ON_BEHALF = "1"
"""报备方式 (Bbfs)."""
FILLS = (Action.OPEN, Action.SUBMIT, Action.QUEUE)
"""What makes a member of staff one of those who filled a filing in."""
LAST_ACCESS = "1025"
REASON = ("cancellation.reason", "cancellation.remark")
CONFIRMS = (State.DRAFT, State.AWAITING_RELEASE, State.SUBMITTED, State.IN_REVIEW, State.VERIFYING, State.READY)
"""States in which a host's word still comes in time."""


class FilledInByHim(Exception):
    """Who filled the filing in can't pass it; a second person is needed."""


class NotConfirmed(Exception):
    """The filing waits for its host's confirmation."""


class OtherContent(Exception):
    """The host confirmed what is no longer there."""


def open_for(
    operation: str,
    by: Actor,
    *,
    subject: Subject | None = None,
    websites: Collection[str] = (),
    province: str = "",
) -> Filing:
    """Open a filing for a customer; the accounts the subject belongs to are its hosts.

    What only the provider does is shown to them once it is decided; see ``share``.

    Args:
        operation: code of the operation.
        by: the member of staff.
        subject: the subject on record it is about, where it is known here.
        websites: numbers of that subject's websites it is about.
        province: preselected province (GB/T 2260) or ''.
    """
    filing = opening.open_filing(
        operation, by, host_id=None, province=province, subject=subject, websites=websites, entrance="desk"
    )
    if not operations.get(operation).by_staff_only:
        _add_owners(filing)
    return filing


def share(filing: Filing) -> None:
    """Let the accounts a subject belongs to see what the provider alone has decided of it."""
    if operations.get(filing.operation).by_staff_only:
        _add_owners(filing)


def _add_owners(filing: Filing) -> None:
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    for owner in hosts_of(subject) if subject is not None else []:
        add_host(filing, owner.account_id)


def add_host(filing: Filing, account_id: int) -> bool:
    """Let a host see, correct and confirm; he is told by letter. False when he could already."""
    begin_write()
    if db.session.get(FilingHost, (filing.id, account_id)) is not None:
        return False
    carrying.keep_from(filing, account_id)
    db.session.add(FilingHost(filing_id=filing.id, account_id=account_id))
    db.session.flush()
    if not operations.get(filing.operation).by_staff_only:  # that letter comes when it is decided
        tell(filing, account_id)
    return True


def tell(filing: Filing, account_id: int | None = None) -> None:
    """Write to the host, or to every one of them, that he can see the filing and confirm it."""
    about = f"{filing.id}.{account_id}" if account_id else f"{filing.id}.{digest(filing)[:16]}"
    payload = {"account_id": account_id} if account_id else None
    outbox.put("letter.on_behalf", f"letter.on_behalf.{about}", filing_id=filing.id, payload=payload)


def told_to_strangers(filing: Filing) -> tuple[tuple[str, str], ...]:
    """What somebody who is invited may know before he has an account: operation, organisation, number of the filing.

    Returns:
        label (marked text) and value (text or marked text). A person's name is his own and isn't among them.
    """
    kind = drafts.read(filing.id).answers.text("subject.organisation_type")
    an_organisation = bool(kind) and not vocabulary.current().is_individual(kind)
    said = (
        (N_("手续"), operations.get(filing.operation).label),
        (N_("主办者"), filing.subject_name if an_organisation else ""),
        (N_("申请号"), filing.number),
    )
    return tuple((label, value) for label, value in said if value)


def hosts(filing: Filing) -> list[Account]:
    """The accounts of its hosts, the first one first."""
    wanted = select(Account).where(Account.id.in_(customers.hosts_of(filing.id))).order_by(Account.id)
    return list(db.session.scalars(wanted))


def digest(filing: Filing) -> str:
    """What the present answers and papers would be known by as a revision (64 hex)."""
    operation = operations.get(filing.operation)
    answers = judge.canonical(operation, drafts.read(filing.id).answers)
    slots = {slot.path for slot in operation.papers(answers, vocabulary.current())}
    return answers.digest({path: paper.id for path, paper in documents.current(filing.id).items() if path in slots})


def confirm(filing_id: int, by: Actor, seen: str) -> None:
    """The host says that the content is right; kept as an event with what it was known by.

    Args:
        filing_id: the filing.
        by: the host.
        seen: ``digest`` of what his page showed.

    Raises:
        NotAllowed: it isn't his to confirm now.
        OtherContent: it was changed meanwhile.
    """
    filing = lock(filing_id)
    his = by.kind == "host" and filing.mode == ON_BEHALF and not operations.get(filing.operation).by_staff_only
    if not his or filing.state not in CONFIRMS:
        raise NotAllowed(filing.state, Action.CONFIRM)
    if digest(filing) != seen:
        raise OtherContent
    noted(filing, Action.CONFIRM, by, note=seen)


def confirmed(filing: Filing) -> Event | None:
    """The newest confirmation of exactly what the filing says now, None when there is none."""
    wanted = select(Event).where(Event.filing_id == filing.id, Event.action == Action.CONFIRM)
    event = db.session.scalars(wanted.order_by(Event.id.desc()).limit(1)).first()
    return event if event is not None and event.note == digest(filing) else None


def waits(filing: Filing) -> bool:
    """Whether the filing must not be submitted before its host has confirmed it."""
    asked = filing.mode == ON_BEHALF and not operations.get(filing.operation).by_staff_only
    return asked and bool(_settings().on_behalf_confirm) and confirmed(filing) is None


def last_accesses(filing: Filing) -> list[str]:
    """Rows of the websites of a cancelled access which the bureau says have no other (code 1025)."""
    if filing.operation != "cancel_access" or filing.state != State.BUREAU_RETURNED:
        return []
    rows = drafts.read(filing.id).answers.rows("website")
    found = [row_of(mark.path) for mark in marks.unsettled(filing) if mark.code == LAST_ACCESS]
    named = [row for row in rows if row in found]
    return named or (rows if len(rows) == 1 and found else [])


def instead(filing: Filing, operation: str, rows: Sequence[str], by: Actor) -> list[Filing]:
    """Give a filing up for others, each about one website of it; the reason of a cancellation goes along.

    Args:
        filing: locked, returned by the bureau.
        operation: code of the other operation.
        rows: of the websites.
        by: the member of staff.

    Returns:
        the others, in the order of the rows; last, one of the same operation as the filing about the websites that are
        left over: neither named nor done by the bureau already.
    """
    answers = drafts.read(filing.id).answers
    notice.taken_back(filing, operation)
    move(filing, Action.ABANDON, by)
    ends.ended(filing)
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    kept = {path: answers.get(path) for path in REASON if answers.get(path)}
    numbers = {row: answers.text(f"website[{row}].filing_number") for row in answers.rows("website")}
    left = [number for row, number in numbers.items() if row not in rows and _served(number)]
    wanted = [(operation, [numbers[row]]) for row in rows] + [(filing.operation, left)] * bool(left)
    others = []
    for code, websites in wanted:
        other = open_for(code, by, subject=subject, websites=websites)
        drafts.save(other.id, by, {path: (None, value) for path, value in kept.items()})
        others.append(other)
    return others


def _served(number: str) -> bool:
    found = by_number(number)
    return found is not None and found.website is not None and ours(found.website)


def fillers(filing: Filing) -> set[int]:
    """Members of staff who opened or submitted a filing on behalf."""
    if filing.mode != ON_BEHALF:
        return set()
    wanted = select(Event.actor_id).where(
        Event.filing_id == filing.id, Event.actor_kind == "staff", Event.action.in_(FILLS)
    )
    return {account_id for account_id in db.session.scalars(wanted) if account_id is not None}


def needs_another(filing: Filing, account_id: int | None) -> bool:
    """Whether this member of staff may not pass the filing, having filled it in."""
    return bool(_settings().on_behalf_second_person) and account_id in fillers(filing)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
