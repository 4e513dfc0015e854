"""The buffer: opening a filing, saving one answer with the value it was shown, rows, explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from icp import documents, vocabulary
from icp.extensions import begin_write, db, now
from icp.filings import operations
from icp.filings.answers import Answers
from icp.filings.following import SUBJECT_NUMBER, replaced, website_number
from icp.filings.models import Draft, Filing
from icp.filings.narrow_row import tell_row
from icp.filings.paths import in_row, row_of, type_path
from icp.filings.states import Actor, State
from icp.rules.correction import Value

HOST_EDITS = (State.DRAFT, State.RETURNED)
STAFF_EDITS = (State.BUREAU_RETURNED,)
EXPLANATION_LIMIT = 500

_filing, _draft = cast(Table, Filing.__table__), cast(Table, Draft.__table__)
_OPEN = (
    select(_filing.c.operation, _filing.c.state, _filing.c.mode, _filing.c.province, _draft.c.uid, _draft.c.sealed)
    .join(_draft, _draft.c.filing_id == _filing.c.id)
    .where(_filing.c.id == bindparam("wanted"))
    .with_for_update()
)
"""The filing with its draft, both locked: PostgreSQL reads only locked rows anew after it had to wait. Saving an answer
is what happens most, so it goes without the ORM."""
_TELL = update(_filing).where(_filing.c.id == bindparam("wanted"))
_KEEP = update(_draft).where(_draft.c.filing_id == bindparam("wanted"))


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
        aside: what was typed and this operation doesn't ask for (``switching.Aside`` as plain data).
    """

    answers: Answers
    saved: dict[str, str]
    next_row: int
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> Buffer:
        """Open the draft's sealed content."""
        return cls.from_json(draft.content)

    @classmethod
    def from_json(cls, content: dict[str, Any] | None) -> Buffer:
        """The content as it was sealed (see ``as_json``)."""
        content = content or {}
        answers = Answers.from_json(content.get("answers"))
        saved, removed, aside = (content.get(name, {}) for name in ("saved", "removed", "aside"))
        return cls(answers, saved, content.get("next_row", 1), removed, aside)

    def into(self, draft: Draft) -> None:
        """Seal the content into the draft."""
        draft.content = self.as_json()
        draft.saved_at = now()

    def as_json(self) -> dict[str, Any]:
        """Plain data for sealing."""
        return {**vars(self), "answers": self.answers.as_json()}

    def add_row(self, group: str) -> str:
        """Append a row; its id is new for ever."""
        row = f"w{self.next_row}"
        self.next_row += 1
        self.answers.groups.setdefault(group, []).append(row)
        return row


def new_row(buffer: Buffer, declaration: operations.Operation, group: str) -> str:
    """Append a row with what it begins with, and give its id."""
    row = buffer.add_row(group)
    for path, value in declaration.row_presets(buffer.answers).items():
        buffer.answers.values[in_row(path, group, row)] = value
    return row


def read(filing_id: int) -> Buffer:
    """The buffer of a filing, for showing."""
    return Buffer.of(db.session.get_one(Draft, filing_id))


def may_edit(filing: Filing, by: Actor) -> bool:
    """Whether the buffer is open to this kind of person now."""
    if by.kind == "host":
        return filing.state in HOST_EDITS and not operations.get(filing.operation).by_staff_only
    return filing.state in STAFF_EDITS or (by.kind == "staff" and filing.mode == "1" and filing.state in HOST_EDITS)


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
    """Save answers, each with the value its page was shown; see ``write``."""
    return write(filing_id, by, changes)[0]


def explain(filing_id: int, by: Actor, path: str, text: str) -> None:
    """Keep why a warned-of value is right; it travels with the field. See ``write``."""
    write(filing_id, by, {}, {path: text})


def write(
    filing_id: int,
    by: Actor,
    changes: dict[str, tuple[Value | None, Value]],
    explained: dict[str, str] | None = None,
) -> tuple[list[Saved], Buffer]:
    """Save answers, each with the value its page was shown, and explanations; the verb hosts wait for.

    A value that somebody else changed meanwhile is not overwritten: the answer says what is stored, and the caller
    shows both. An unchanged value is no conflict whatever was shown.

    Args:
        filing_id: the filing.
        by: who types.
        changes: instance path → (value shown, or None to overwrite knowingly; value typed).
        explained: instance path → why the value is right, '' to take an explanation back.

    Returns:
        What became of each value, and the buffer as it is now.

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: a path names no answer of this filing.
    """
    begin_write()
    db.session.flush()
    connection = db.session.connection()
    row: Any = connection.execute(_OPEN, {"wanted": filing_id}).one()
    if not may_edit(row, by):
        raise NotEditable
    buffer = Buffer.from_json(Draft.content.open(row.uid, row.sealed))
    operation = operations.get(row.operation)
    slots = {slot.path for slot in operation.papers(buffer.answers, vocabulary.current())} if explained else set()
    _must_exist(operation, buffer.answers, [*changes, *(path for path in explained or () if path not in slots)])
    before = {path: buffer.answers.get(path) for path in changes}
    results = [_keep(buffer, path, shown, typed) for path, (shown, typed) in changes.items()]
    if SUBJECT_NUMBER in changes:
        buffer.answers.values |= website_number(operation, buffer.answers)
    others = replaced(before, buffer.answers)
    if others:
        documents.outdated(filing_id, others)
    for path, text in (explained or {}).items():
        _put(buffer.answers.explanations, path, text.strip()[:EXPLANATION_LIMIT])
    told: Any = SimpleNamespace(province=row.province)
    tell_row(told, buffer.answers)
    connection.execute(_TELL, {"wanted": filing_id, **vars(told)})
    sealed = Draft.content.close(row.uid, buffer.as_json())
    connection.execute(_KEEP, {"wanted": filing_id, "sealed": sealed, "saved_at": now()})
    db.session.info["wrote"] = True
    for loaded in [known for known in db.session if isinstance(known, Filing | Draft)]:
        db.session.expire(loaded)  # what the session holds is older
    return results, buffer


def _keep(buffer: Buffer, path: str, shown: Value | None, typed: Value) -> Saved:
    stored = buffer.answers.get(path)
    if stored != typed:
        if shown is not None and _plain(shown) != _plain(stored):
            return Saved(path, stored, stored, now())
        _put(buffer.answers.values, path, typed)
    buffer.saved[path] = now().isoformat(timespec="seconds")
    return Saved(path, typed, None, now())


def _put(values: dict[str, Any], path: str, value: Value) -> None:
    if value:
        values[path] = value
    else:
        values.pop(path, None)


def add_row(filing_id: int, by: Actor, group: str) -> str:
    """Add a row to a repeated step and give its id.

    Raises:
        NotEditable: the filing is not open to this person.
        NoSuchAnswer: no step repeats by this group.
    """
    filing, draft, buffer = _open_for(filing_id, by)
    operation = operations.get(filing.operation)
    if not group or group not in {step.repeat for step in operation.steps if step.grows}:
        raise NoSuchAnswer(group)
    row = new_row(buffer, operation, group)
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
    tell_row(filing, buffer.answers)


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
    tell_row(filing, buffer.answers)


def _plain(value: Value) -> Value:
    """A value for comparing; browsers send line ends of text areas as CR LF."""
    if not value:
        return ""
    return value.replace("\r\n", "\n") if isinstance(value, str) else sorted(value)


def _must_exist(operation: operations.Operation, answers: Answers, paths: Iterable[str]) -> None:
    there: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        found = operation.fields.get(type_path(path))
        if found is None or not operation.asks(path) or operation.is_fixed(path, answers):
            raise NoSuchAnswer(path)
        step = found[0]
        row = row_of(path, step.repeat) if step.repeat else ""
        if row is None or (step.repeat and row not in answers.rows(step.repeat)):
            raise NoSuchAnswer(path)
        if (step.name, row) not in there:
            there[step.name, row] = operation.paths_of(answers, step, row, everything=True)
        if path not in there[step.name, row]:
            raise NoSuchAnswer(path)
