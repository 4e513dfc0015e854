"""Turning the answers of a draft into those of another operation: what still applies stays, what doesn't is kept aside.

Nothing typed is lost: a row keeps its id, and switching back brings everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from icp.filings import drafts, on_record
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.following import website_number
from icp.filings.operations import Operation
from icp.filings.paths import in_row, row_of, type_path
from icp.register.models import Subject, Website
from icp.rules.correction import Value
from icp.rules.domains import ascii_form
from icp.rules.filing_numbers import canonical

GROUP = "website"
PRINCIPAL = "subject.principal."
SAME = "website.principal.same_as_subject"


@dataclass
class Aside:
    """What a draft holds that its operation doesn't ask for.

    Attributes:
        values: instance path → value; '' for what was taken off the record's.
        explanations: instance path → why the value is right.
        rows: ids of typed websites, in order.
        numbers: number of a website on record → the id of its row.
        removed: rows that can be put back once rows may be added again, as in ``Buffer.removed``.
    """

    values: dict[str, Value] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)


def switch(
    buffer: Buffer, old: Operation, new: Operation, subject: Subject | None = None, websites: Collection[str] = ()
) -> None:
    """Make a draft of ``old`` one of ``new``.

    Args:
        buffer: the draft's content; changed in place.
        old, new: declarations.
        subject: the subject on record that the new operation is about, where it is known here.
        websites: numbers of its websites; see ``on_record.begin``.
    """
    aside = _put_aside(buffer, old)
    if subject is None:
        for path, value in buffer.answers.record.items():
            if path.startswith("subject."):  # what was told of the subject is typed no more than what was typed
                aside.values.setdefault(path, value)
    grows = any(step.repeat == GROUP and step.grows for step in new.steps)
    fresh = Answers(on_behalf=buffer.answers.on_behalf)
    if subject is not None:
        on_record.begin(fresh, new, subject, websites, row_for=_rows_for(buffer, aside))
    of_record = set(fresh.rows(GROUP))
    if grows:
        fresh.groups[GROUP] = fresh.rows(GROUP) + [row for row in aside.rows if row not in of_record]
        buffer.removed |= aside.removed
        aside.removed = {}
    else:
        aside.removed, buffer.removed = aside.removed | buffer.removed, {}
    aside.rows = [row for row in aside.rows if row not in fresh.rows(GROUP)]
    buffer.answers = fresh
    if grows and not fresh.rows(GROUP):
        drafts.new_row(buffer, new, GROUP)
    _preset(new, fresh, aside, [row for row in fresh.rows(GROUP) if row not in of_record])
    _take_back(new, fresh, aside)
    fresh.values |= website_number(new, fresh)
    buffer.aside = {name: value for name, value in vars(aside).items() if value}


def _put_aside(buffer: Buffer, old: Operation) -> Aside:
    """Everything typed so far, together with what lay aside already."""
    answers, aside = buffer.answers, Aside(**buffer.aside)
    rows = answers.rows(GROUP)
    known = {str(answers.was(in_row("website.filing_number", GROUP, row))): row for row in rows}
    known.pop("", None)
    aside.numbers |= known
    aside.rows = list(dict.fromkeys([row for row in rows if row not in known.values()] + aside.rows))
    aside.values |= typed(old, answers)
    aside.explanations |= answers.explanations
    return aside


def typed(operation: Operation, answers: Answers) -> dict[str, Value]:
    """What a person typed: what differs from the record, without what the operation put where it doesn't ask."""
    given = {
        in_row(path, GROUP, row): value
        for path, value in operation.row_presets(answers).items()
        for row in answers.rows(GROUP)
    }
    return {
        path: answers.get(path)
        for path in {**answers.record, **answers.values}
        if answers.changed(path) and not (operation.hidden(path, answers) and given.get(path) == answers.get(path))
    }


def _rows_for(buffer: Buffer, aside: Aside) -> Callable[[Website], str]:
    """The row of a website on record: the one it had, the one in which it was typed, or a new one."""

    def row_for(website: Website) -> str:
        names = {domain.name for domain in website.domains}
        for row in aside.rows:
            number = canonical(str(aside.values.get(f"website[{row}].filing_number", "")))
            domain = ascii_form(str(aside.values.get(f"website[{row}].domain", "")).strip().lower())
            if website.number not in aside.numbers and (number == website.number or domain in names):
                aside.numbers[website.number] = row
        if website.number not in aside.numbers:
            aside.numbers[website.number] = f"w{buffer.next_row}"
            buffer.next_row += 1
        return aside.numbers[website.number]

    return row_for


def _preset(new: Operation, fresh: Answers, aside: Aside, rows: list[str]) -> None:
    """What rows begin with where the new operation doesn't ask; a principal who was "the same" is written out."""
    for path, value in new.row_presets(fresh).items():
        for row in rows:
            instance = in_row(path, GROUP, row)
            if not new.hidden(instance, fresh):
                continue
            fresh.values[instance] = value
            own = f"website[{row}].principal."
            if path == SAME and not any(p.startswith(own) for p in aside.values if p != instance):
                same = {p.removeprefix(PRINCIPAL): v for p, v in aside.values.items() if p.startswith(PRINCIPAL)}
                aside.values |= {own + name: v for name, v in same.items() if new.has_field(own + name)}


def _take_back(new: Operation, fresh: Answers, aside: Aside) -> None:
    """Move what the new operation asks for from aside into the answers."""
    for path in [path for path in aside.values if _asked(new, fresh, path)]:
        value = aside.values.pop(path)
        if value:
            fresh.values[path] = value
        else:
            fresh.values.pop(path, None)
    for path in [path for path in aside.explanations if _asked(new, fresh, path)]:
        fresh.explanations[path] = aside.explanations.pop(path)


def _asked(new: Operation, fresh: Answers, path: str) -> bool:
    if not new.asks(path) or new.is_fixed(path, fresh):
        return False
    step = new.fields[type_path(path)][0]
    if step.repeat and row_of(path, step.repeat) not in fresh.rows(step.repeat):
        return False
    stands = fresh.was(path) or path in fresh.values  # on record, or preset
    return not (stands and new.hidden(path, fresh))
