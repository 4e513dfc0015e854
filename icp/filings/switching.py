"""Turning the answers of a draft into those of another operation: what still applies stays, what doesn't is kept aside.

Nothing typed is lost: a row keeps its id, and switching back brings everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from icp import vocabulary
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
DOCUMENT = ("document_type", "document_number")
"""What tells one person from another."""


@dataclass
class Aside:
    """What a draft holds that its operation doesn't ask for.

    Attributes:
        values: instance path → value; '' for what was taken off the record's.
        explanations: instance path → why the value is right.
        rows: ids of typed websites, in order.
        numbers: number of a website on record → the id of its row.
        removed: rows that can be put back once rows may be added again, as in ``Buffer.removed``.
        matched: typed websites that were found on record later; typed again where the record isn't begun with.
        written_out: row → the subject's principal as he was written out in it, name of the field → value.
    """

    values: dict[str, Value] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)
    matched: list[str] = field(default_factory=list)
    written_out: dict[str, dict[str, Value]] = field(default_factory=dict)


def switch(
    buffer: Buffer,
    old: Operation,
    new: Operation,
    subject: Subject | None = None,
    websites: Collection[str] = (),
    beside: Callable[[Answers], None] = lambda told: None,
) -> None:
    """Make a draft of ``old`` one of ``new``.

    Args:
        buffer: the draft's content; changed in place.
        old, new: declarations.
        subject: the subject on record that the new operation is about, where it is known here.
        websites: numbers of its websites; see ``on_record.begin``.
        beside: puts what else is known beside the record, before what was typed comes back.
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
        beside(fresh)
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
    _back_to_subject(new, aside)
    answered = {row for row in of_record if aside.values.get(f"website[{row}].principal.same_as_subject")}
    _take_back(new, fresh, aside)
    for row in of_record - answered:
        _another_person(new, fresh, aside, row)
    slots = {slot.path for slot in new.papers(fresh, vocabulary.current())}
    for path in [path for path in aside.explanations if path in slots or _asked(new, fresh, path)]:
        fresh.explanations[path] = aside.explanations.pop(path)
    fresh.values |= website_number(new, fresh)
    buffer.aside = {name: value for name, value in vars(aside).items() if value}


def _put_aside(buffer: Buffer, old: Operation) -> Aside:
    """Everything typed so far, together with what lay aside already."""
    answers, aside = buffer.answers, Aside(**buffer.aside)
    rows = answers.rows(GROUP)
    known = {str(answers.was(in_row("website.filing_number", GROUP, row))): row for row in rows}
    known.pop("", None)
    aside.numbers |= known
    typed_here = {row for row in rows if row not in known.values() or row in aside.matched}
    aside.rows = sorted(typed_here.union(aside.rows), key=lambda row: int(row[1:]))  # as they were added
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
                aside.matched.append(row)
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
                aside.written_out[row] = {name: v for name, v in same.items() if new.has_field(own + name)}
                aside.values |= {own + name: v for name, v in aside.written_out[row].items()}


def _back_to_subject(new: Operation, aside: Aside) -> None:
    """Where the subject's principal is asked for again, what was mended of him in a website's row is his; whoever
    became another person there is the website's own."""
    if not new.asks("subject.principal.name"):
        return
    for row, was in list(aside.written_out.items()):
        own = f"website[{row}].principal."
        now = {
            p.removeprefix(own): v
            for p, v in aside.values.items()
            if p.startswith(own) and p != own + "same_as_subject"
        }
        del aside.written_out[row]
        if any(now.get(name, "") != was.get(name, "") for name in DOCUMENT):
            aside.values[own + "same_as_subject"] = "no"
            continue
        for name in {**was, **now}:
            value = aside.values.pop(own + name, "")
            if value != was.get(name, ""):
                aside.values[PRINCIPAL + name] = value


def _another_person(new: Operation, fresh: Answers, aside: Aside, row: str) -> None:
    """A website's principal who was typed where the record has the subject's: another, unless he says the same."""
    own, same = f"website[{row}].principal.", f"website[{row}].principal.same_as_subject"
    typed = {p.removeprefix(own): v for p, v in fresh.values.items() if p.startswith(own) and p != same}
    if not typed or fresh.get(same) != "yes" or not new.asks(same):
        return
    if any(_plain(typed.get(name)) not in ("", _plain(fresh.was(PRINCIPAL + name))) for name in on_record.PRINCIPAL):
        fresh.values[same] = "no"
        for path in [path for path in fresh.record if path.startswith(PRINCIPAL)]:
            fresh.values.setdefault(own + path.removeprefix(PRINCIPAL), fresh.record[path])
        return
    for name, value in typed.items():  # the same person: what no record holds of him is the subject's principal's
        if name not in on_record.PRINCIPAL:
            fresh.values.setdefault(PRINCIPAL + name, value)
        aside.values[own + name] = fresh.values.pop(own + name)


def _plain(value: Value | None) -> str:
    return "".join(str(value or "").split()).upper()


def _take_back(new: Operation, fresh: Answers, aside: Aside) -> None:
    """Move what the new operation asks for from aside into the answers."""
    for path in [path for path in aside.values if _asked(new, fresh, path)]:
        value = aside.values[path]
        if value != fresh.was(path):  # what is on record as well isn't told apart later, so it stays aside
            del aside.values[path]
        if value:
            fresh.values[path] = value
        else:
            fresh.values.pop(path, None)


def _asked(new: Operation, fresh: Answers, path: str) -> bool:
    if not new.asks(path) or new.is_fixed(path, fresh):
        return False
    step = new.fields[type_path(path)][0]
    if step.repeat and row_of(path, step.repeat) not in fresh.rows(step.repeat):
        return False
    stands = fresh.was(path) or path in fresh.values  # on record, or preset
    return not (stands and new.hidden(path, fresh))
