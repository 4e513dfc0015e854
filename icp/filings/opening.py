"""Opening a filing, and switching its operation later."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from types import MappingProxyType

from sqlalchemy import select

from icp.extensions import begin_write, db, now
from icp.filings import carrying, customers, drafts, on_record, operations, switching
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.models import Draft, Event, Filing, FilingHost
from icp.filings.narrow_row import tell_row
from icp.filings.numbering import filing_number
from icp.filings.paths import row_of, type_path
from icp.filings.states import Action, Actor, State, _due, opened, today
from icp.register import reading
from icp.register.models import Subject
from icp.rules.correction import Value


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
        mode=_mode(by),
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
        if declaration.partial:
            others = carrying.with_others(subject, _audience(subject, host_id))
            carrying.beside_record(buffer.answers, others)
            carrying.take_papers(filing, declaration, buffer.answers, others)
        buffer.next_row = 1 + max((int(row[1:]) for row in buffer.answers.rows("website")), default=0)
    _first_rows(buffer, declaration)
    tell_row(filing, buffer.answers)
    buffer.into(draft)
    db.session.add(draft)
    opened(filing, by)
    db.session.flush()
    return filing


def _audience(subject: Subject, host_id: int | None) -> list[int]:
    """The accounts that will see the draft: its host's, or, opened on behalf, those the subject belongs to."""
    return [host_id] if host_id is not None else [owner.account_id for owner in reading.hosts_of(subject)]


def begun(
    operation: str,
    by: Actor,
    subject: Subject,
    websites: Collection[str] = (),
    said: Mapping[str, str] = MappingProxyType({}),
) -> Filing | None:
    """The draft that the same person has open for the same operation and websites of a record, the latest; None when
    there is none. The record is locked until the transaction ends, so that two clicks at once open one draft.

    Args:
        operation: code of the operation.
        by: who would open another.
        subject: the subject on record.
        websites: as for ``open_filing``.
        said: what was typed by now, by path; a draft that says something else is another.
    """
    begin_write()
    subject = db.session.get_one(Subject, subject.id, with_for_update=True)
    declaration = operations.get(operation)
    about = {website.number for website in on_record.named(declaration, subject, websites)}
    wanted = select(Filing).where(
        Filing.subject_id == subject.id,
        Filing.operation == operation,
        Filing.state == State.DRAFT,
        Filing.opened_by_id == by.account_id,
        Filing.mode == _mode(by),
    )
    found = db.session.scalars(wanted.order_by(Filing.updated_at.desc(), Filing.id.desc()))
    for filing in found:
        answers = drafts.read(filing.id).answers
        if _numbers(answers) == about and _agrees(declaration, answers, said):
            return filing
    return None


def _agrees(declaration: operations.Operation, answers: Answers, said: Mapping[str, str]) -> bool:
    for path, typed in said.items():
        there = {str(value).lower() for value in (answers.get(path), answers.was(path)) if value}
        if declaration.asks(path) and there and typed.lower() not in there:
            return False
    return True


def fill_in(filing: Filing, by: Actor, said: Mapping[str, str]) -> None:
    """Save what is known already into what is asked for and still empty.

    Args:
        filing: a draft, open to this person.
        by: whose draft it is.
        said: instance path → value; what the operation doesn't ask for, or has on record, is left out.
    """
    operation, known = operations.get(filing.operation), drafts.read(filing.id).answers
    rows = known.rows("website")
    wanted: dict[str, tuple[Value | None, Value]] = {
        path: (None, value)
        for path, value in said.items()
        if operation.asks(path) and not known.get(path) and not operation.is_fixed(path, known)
        if not path.startswith("website") or row_of(path) in rows
    }
    drafts.save(filing.id, by, wanted)


def _numbers(answers: Answers) -> set[str]:
    """The websites on record that a draft began with."""
    numbered = (value for path, value in answers.record.items() if type_path(path) == "website.filing_number")
    return {value for value in numbered if isinstance(value, str)}


def _mode(by: Actor) -> str:
    return "1" if by.kind == "staff" else "0"


def switch(
    filing_id: int, by: Actor, operation: str, subject: Subject | None = None, websites: Collection[str] = ()
) -> Filing:
    """Make a filing that is with its host one of another operation; what still applies stays (``switching``).

    Papers stay in their slots, asked for or not; a person's go along to where they are asked for now.

    Args:
        filing_id: the filing.
        by: who decides.
        operation: code of the operation it becomes.
        subject: the subject on record it is about, where it is known here.
        websites: numbers of that subject's websites it is about.

    Raises:
        NotEditable: the filing isn't open to this person.
        ValueError: the operation begins with a record and none is named, or with none and one is; or only the
            provider begins it.
    """
    declaration = operations.get(operation)
    wrong = {"record": subject is None, "nothing": subject is not None}.get(declaration.begins, False)
    if wrong or (declaration.by_staff_only and by.kind != "staff"):
        raise ValueError(operation)
    filing = drafts.lock(filing_id)
    if not drafts.may_edit(filing, by):
        raise drafts.NotEditable
    draft = db.session.get_one(Draft, filing_id, populate_existing=True)
    buffer, before = Buffer.of(draft), operations.get(filing.operation)
    given = [carrying.before(filing, buffer)]
    hosts = customers.hosts_of(filing.id)
    others = carrying.with_others(subject, hosts) if declaration.partial and subject is not None else []
    switching.switch(
        buffer, before, declaration, subject, websites, beside=lambda told: carrying.beside_record(told, others)
    )
    carrying.take_papers(filing, declaration, buffer.answers, given + others)
    filing.operation, filing.subject_id = declaration.code, subject.id if subject is not None else None
    tell_row(filing, buffer.answers)
    buffer.into(draft)
    told = Event(
        filing_id=filing.id,
        action=Action.SWITCH,
        before=filing.state,
        after=filing.state,
        revision_no=filing.revision_no,
        actor_kind=by.kind,
        actor_id=by.account_id,
        note=before.code,
    )
    db.session.add(told)
    db.session.flush()
    return filing


def _first_rows(buffer: Buffer, declaration: operations.Operation) -> None:
    """An empty row of each step that grows and has none yet."""
    for group in {step.repeat for step in declaration.steps if step.repeat and step.grows}:
        if not buffer.answers.rows(group):
            drafts.new_row(buffer, declaration, group)
