"""The buffer: opening a filing, saving one answer with the value it was shown, rows, explanations."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from icp.extensions import begin_write, db, now
from icp.filings import operations
from icp.filings.answers import Answers
from icp.filings.models import Draft, Filing, FilingHost
from icp.filings.numbering import filing_number
from icp.filings.paths import row_of, type_path
from icp.filings.states import Actor, State, _due, opened, today
from icp.rules.correction import Value

HOST_EDITS = (State.DRAFT, State.RETURNED)
STAFF_EDITS = (State.BUREAU_RETURNED,)
EXPLANATION_LIMIT = 500


class NotEditable(Exception):
    """The filing is not with the person who wants to edit it."""


class NoSuchAnswer(Exception):
    """The path names no answer of this filing."""


@dataclass(frozen=True)
class Saved:
    """What became of one value.

    Attributes:
        path: instance path.
        value: what is stored now.
        conflict: the stored value when it differed from the one shown, so that nothing was overwritten; else None.
        at: when it was saved.
    """

    path: str
    value: Value
    conflict: Value | None
    at: dt.datetime


@dataclass
class Buffer:
    """A draft's content, unsealed.

    Attributes:
        answers: as typed.
        saved: instance path → when it was last saved, ISO 8601.
        next_row: number of the next new row.
        removed: row → its group, place, values and explanations, so that a removal can be undone.
    """

    answers: Answers
    saved: dict[str, str]
    next_row: int
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> Buffer:
        """Open the draft's sealed content."""
        return cls.from_json(draft.content)

    @classmethod
    def from_json(cls, content: dict[str, Any] | None) -> Buffer:
        """The content as it was sealed (see ``into``)."""
        content = content or {}
        answers = Answers.from_json(content.get("answers"))
        return cls(answers, content.get("saved", {}), content.get("next_row", 1), content.get("removed", {}))

    def into(self, draft: Draft) -> None:
        """Seal the content into the draft."""
        draft.content = {
            "answers": self.answers.as_json(),
            "saved": self.saved,
            "next_row": self.next_row,
            "removed": self.removed,
        }
        draft.saved_at = now()

    def add_row(self, group: str) -> str:
        """Append a row; its id is new for ever."""
        row = f"w{self.next_row}"
        self.next_row += 1
        self.answers.groups.setdefault(group, []).append(row)
        return row


def open_filing(
    operation: str, by: Actor, *, host_id: int | None, entrance: str = "direct", province: str = ""
) -> Filing:
    """Open a filing as a draft with one empty row of each repeated step.

    Args:
        operation: code of the operation.
        by: who opens it; staff open it on behalf (报备方式 1).
        host_id: the host's account, or None.
        entrance: ministry, bureau or direct; kept with the filing.
        province: preselected province (GB/T 2260) or ''.
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
    for group in {step.repeat for step in declaration.steps if step.repeat}:
        buffer.add_row(group)
    buffer.into(draft)
    db.session.add(draft)
    opened(filing, by)
    db.session.flush()
    return filing


def read(filing_id: int) -> Buffer:
    """The buffer of a filing, for showing."""
    return Buffer.of(db.session.get_one(Draft, filing_id))


def may_edit(filing: Filing, by: Actor) -> bool:
    """Whether the buffer is open to this kind of person now."""
    return filing.state in (HOST_EDITS if by.kind == "host" else STAFF_EDITS) or (
        by.kind == "staff" and filing.mode == "1" and filing.state in HOST_EDITS
    )


def lock(filing_id: int) -> Filing:
    """The filing, locked for writing for the rest of the transaction, read anew."""
    begin_write()
    return db.session.get_one(Filing, filing_id, with_for_update=True, populate_existing=True)


def _open_for(filing_id: int, by: Actor) -> tuple[Filing, Draft, Buffer]:
    filing = lock(filing_id)
    if not may_edit(filing, by):
        raise NotEditable
    draft = db.session.get_one(Draft, filing_id, populate_existing=True)
    return filing, draft, Buffer.of(draft)


def save(filing_id: int, by: Actor, changes: dict[str, tuple[Value | None, Value]]) -> list[Saved]:
    """Save answers, each with the value its page was shown.

    A value that somebody else changed meanwhile is not overwritten: the answer says what is stored, and the caller
    shows both. An unchanged value is no conflict whatever was shown.

    Args:
        filing_id: the filing.
        by: who types.
        changes: instance path → (value shown, or None to overwrite knowingly; value typed).

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: a path names no answer of this filing.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    operation = operations.get(filing.operation)
    results = []
    for path, (shown, typed) in changes.items():
        _must_exist(operation, buffer.answers, path)
        stored = buffer.answers.get(path)
        if stored != typed and shown is not None and _plain(shown) != _plain(stored):
            results.append(Saved(path, stored, stored, now()))
            continue
        if stored != typed:
            _set(buffer, path, typed)
        buffer.saved[path] = now().isoformat(timespec="seconds")
        results.append(Saved(path, typed, None, now()))
    buffer.into(draft)
    _tell_row(filing, buffer.answers)
    return results


def explain(filing_id: int, by: Actor, path: str, text: str) -> None:
    """Keep why a warned-of value is right; it travels with the field.

    Raises:
        NotEditable, NoSuchAnswer: as ``save``.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    _must_exist(operations.get(filing.operation), buffer.answers, path)
    text = text.strip()[:EXPLANATION_LIMIT]
    if text:
        buffer.answers.explanations[path] = text
    else:
        buffer.answers.explanations.pop(path, None)
    buffer.into(draft)


def add_row(filing_id: int, by: Actor, group: str) -> str:
    """Add a row to a repeated step and give its id.

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: no step repeats by this group.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    if not group or group not in {step.repeat for step in operations.get(filing.operation).steps}:
        raise NoSuchAnswer(group)
    row = buffer.add_row(group)
    buffer.into(draft)
    return row


def remove_row(filing_id: int, by: Actor, group: str, row: str) -> None:
    """Remove a row; its answers are kept in the buffer until it is put back or the filing is submitted.

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: no such row, or it is the last.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    rows = buffer.answers.groups.get(group, [])
    if row not in rows or len(rows) == 1:
        raise NoSuchAnswer(f"{group}[{row}]")
    prefix = f"{group}[{row}]."
    kept = {
        name: {path: value for path, value in having.items() if path.startswith(prefix)}
        for name, having in (("values", buffer.answers.values), ("explanations", buffer.answers.explanations))
    }
    buffer.removed[row] = {"group": group, "place": rows.index(row), **kept}
    rows.remove(row)
    for path in kept["values"]:
        del buffer.answers.values[path]
    for path in kept["explanations"]:
        del buffer.answers.explanations[path]
    buffer.into(draft)
    _tell_row(filing, buffer.answers)


def put_back_row(filing_id: int, by: Actor, row: str) -> None:
    """Undo ``remove_row``.

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: no such row was removed.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    kept = buffer.removed.pop(row, None)
    if kept is None:
        raise NoSuchAnswer(row)
    buffer.answers.groups.setdefault(kept["group"], []).insert(kept["place"], row)
    buffer.answers.values |= kept["values"]
    buffer.answers.explanations |= kept["explanations"]
    buffer.into(draft)
    _tell_row(filing, buffer.answers)


def _plain(value: Value) -> Value:
    """A value for comparing; browsers send line ends of text areas as CR LF."""
    if not value:
        return ""
    return value.replace("\r\n", "\n") if isinstance(value, str) else sorted(value)


def _set(buffer: Buffer, path: str, typed: Value) -> None:
    if typed:
        buffer.answers.values[path] = typed
    else:
        buffer.answers.values.pop(path, None)


def _must_exist(operation: operations.Operation, answers: Answers, path: str) -> None:
    found = operation.fields.get(type_path(path))
    row = row_of(path, found[0].repeat) if found and found[0].repeat else ""
    if found is None or row is None or (found[0].repeat and row not in answers.rows(found[0].repeat)):
        raise NoSuchAnswer(path)
    if path not in operation.paths_of(answers, found[0], row, everything=True):
        raise NoSuchAnswer(path)


def _tell_row(filing: Filing, answers: Answers) -> None:
    """Keep the narrow row that queues read in step with the answers."""
    rows = answers.rows("website")
    filing.subject_name = answers.text("subject.name")[:255]
    region = answers.text("subject.region_code")
    filing.province = f"{region[:2]}0000" if region else filing.province
    filing.domain = answers.text(f"website[{rows[0]}].domain").strip().lower()[:128] if rows else ""
    filing.website_name = answers.text(f"website[{rows[0]}].name")[:255] if rows else ""
    filing.updated_at = now()
