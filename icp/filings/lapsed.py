"""What a filing has on record and is no longer there: its subject or websites cancelled, and access here that has
ended.

A draft keeps the record it began with, so that what was typed is told against it; what ended meanwhile must be taken
out before it is submitted, and by a person, since what was typed of it goes along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts, operations
from icp.filings.answers import Answers
from icp.filings.models import Draft, Filing
from icp.filings.narrow_row import tell_row
from icp.filings.operations import Operation
from icp.filings.states import Actor
from icp.register import reading
from icp.register.models import RegisterEvent, Subject, Website
from icp.rules.filing_numbers import canonical, of_subject

Row = TypeVar("Row", Subject, Website)
GROUP = "website"
ABOUT_THE_SUBJECT = ("replace", "remove_subject")
"""Effects of operations that are about the subject too, not about their websites alone."""


@dataclass(frozen=True)
class Lapsed:
    """A website of a filing of which something has ended.

    Attributes:
        row: its row.
        number: its filing number.
        name: as the filing has it.
        cancelled: whether the website itself is cancelled; else only its access here has ended.
        site: the website on record.
    """

    row: str
    number: str
    name: str
    cancelled: bool
    site: Website


def cancelled(table: type[Row], number: str) -> Row | None:
    """What is off the record under a filing number; None where it stands or isn't known here."""
    wanted = select(table).where(reading.numbered(table, number), table.cancelled_at.isnot(None))
    return db.session.scalars(wanted.limit(1)).first() if number else None


def subject(filing: Filing, operation: Operation, answers: Answers) -> Subject | None:
    """The subject a filing is about, where it is off the record and the filing itself didn't bring that about."""
    number = answers.text("subject.filing_number") if operation.begins != "nothing" else ""
    found = cancelled(Subject, of_subject(canonical(number) or number))
    return None if found is None or _through(filing, kind="subject_cancelled") else found


def of(filing: Filing, operation: Operation, answers: Answers) -> list[Lapsed]:
    """The websites of a filing about a record of which something has ended, in its order.

    What the filing itself has ended, of several, doesn't count; nor does anything once the subject is cancelled.
    """
    if operation.begins == "number":
        return _named(answers)
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    if operation.begins != "record" or subject is None or subject.cancelled_at is not None:
        return []
    about_access = operation.partial or operation.register_effect == "remove_access"
    sites = {website.number: website for website in subject.websites}
    found = []
    for row in answers.rows(GROUP):
        at = f"{GROUP}[{row}]"
        site = sites.get(str(answers.was(f"{at}.filing_number")))
        if site is None or _through(filing, about=site.number):
            continue
        closed = site.cancelled_at is not None
        had_access = bool(answers.was(f"{at}.access.ip_addresses")) or not operation.partial
        if closed or (about_access and had_access and not reading.ours(site)):
            found.append(Lapsed(row, site.number, answers.text(f"{at}.name") or site.number, closed, site))
    return found


def _named(answers: Answers) -> list[Lapsed]:
    """The websites that are off the record, of those that were named by their numbers."""
    found = []
    for row in answers.rows(GROUP):
        at = f"{GROUP}[{row}]"
        site = cancelled(Website, answers.text(f"{at}.filing_number"))
        if site is not None:
            found.append(Lapsed(row, site.number, answers.text(f"{at}.name") or site.name, True, site))
    return found


def droppable(operation: Operation, answers: Answers, lapsed: list[Lapsed]) -> bool:
    """Whether the draft is about anything once what has ended is taken out, which the bureau takes from us."""
    if not lapsed or elsewhere(operation, lapsed):
        return False
    return len(lapsed) < len(answers.rows(GROUP)) or operation.register_effect in ABOUT_THE_SUBJECT


def elsewhere(operation: Operation, lapsed: list[Lapsed]) -> bool:
    """Whether the operation is about a subject too of which no website has access here any more (1048)."""
    subjects = [gone.site.subject for gone in lapsed] if operation.register_effect in ABOUT_THE_SUBJECT else []
    return bool(subjects) and not any(reading.ours(website) for website in subjects[0].websites)


def drop(filing_id: int, by: Actor) -> list[Lapsed]:
    """Take out of a draft what has ended, with what was typed of it.

    Args:
        filing_id: the filing.
        by: who decides.

    Returns:
        what was taken out; nothing when nothing had ended, or nothing would be left.

    Raises:
        drafts.NotEditable: the filing isn't open to this person.
    """
    filing = drafts.lock(filing_id)
    if not drafts.may_edit(filing, by):
        raise drafts.NotEditable
    draft = db.session.get_one(Draft, filing_id, populate_existing=True)
    buffer, operation = drafts.Buffer.of(draft), operations.get(filing.operation)
    found = of(filing, operation, buffer.answers)
    if not droppable(operation, buffer.answers, found):
        return []
    for gone in found:
        buffer.answers.groups[GROUP].remove(gone.row)
        for kept in (buffer.answers.values, buffer.answers.record, buffer.answers.explanations):
            for path in [path for path in kept if path.startswith(f"{GROUP}[{gone.row}].")]:
                del kept[path]
    tell_row(filing, buffer.answers)
    buffer.into(draft)
    return found


def _through(filing: Filing, **what: str) -> bool:
    wanted = select(RegisterEvent.id).filter_by(filing_id=filing.id, **what)
    return db.session.scalar(wanted.limit(1)) is not None
