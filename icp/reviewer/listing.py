"""Reading the queue: Core selects of the narrow row, keyset pages, and the searches. No counting, no offset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Row, Select, Table, bindparam, select, tuple_

from icp.extensions import db, row_id
from icp.filings.models import Filing
from icp.filings.numbering import well_formed
from icp.filings.states import State
from icp.looking_up import LookUp
from icp.register import reading
from icp.register.models import Domain, RegisterEvent, Subject, Website
from icp.register.verbs import document_hash
from icp.rules import filing_numbers
from icp.vocabulary import Vocabulary

PAGE = 50
FOUND = 50
_filing = Filing.__table__
assert isinstance(_filing, Table)  # noqa: S101 # for the type checker
_c = _filing.c
COLUMNS = (
    _c.id,
    _c.number,
    _c.operation,
    _c.state,
    _c.province,
    _c.subject_name,
    _c.domain,
    _c.revision_no,
    _c.resubmitted,
    _c.assignee_id,
    _c.due_on,
    _c.updated_at,
)
_IN_HAND = LookUp(
    select(_c.id).where(_c.state == State.IN_REVIEW.value, _c.assignee_id == bindparam("account")).limit(100)
)
BY_TIME = (State.AWAITING_RELEASE, State.AWAITING_SMS_CHECK, State.APPROVED, State.ABANDONED, State.EXPIRED)
"""States without a time limit of their own: newest first. All others: resubmitted first, then by due time."""


@dataclass(frozen=True)
class Wanted:
    """What a page of the queue shows.

    Attributes:
        state: the lane.
        operation, province: filters, '' for all.
        assignee_id: only what this member of staff has in hand.
        after: the cursor of the previous page's last row, '' for the first page.
    """

    state: State
    operation: str = ""
    province: str = ""
    assignee_id: int | None = None
    after: str = ""


@dataclass(frozen=True)
class Listed:
    """A page of rows, and the cursor of the next page ('' when this is the last)."""

    rows: Sequence[Any]
    next: str = ""


def page(wanted: Wanted) -> Listed:
    """One page of a lane.

    Raises:
        ValueError: the cursor is none of ours.
    """
    rows = _by_time(wanted) if wanted.state in BY_TIME else _by_due(wanted)
    if len(rows) <= PAGE:
        return Listed(rows)
    rows = rows[:PAGE]
    return Listed(rows, _cursor(wanted, rows[-1]))


@cache
def _pages(state: State, filters: tuple[str, ...], after: bool) -> LookUp:
    """The statement of a lane's pages; of lanes by due time, one of the two index ranges (see ``_by_due``)."""
    query = select(*COLUMNS).where(_c.state == state.value).limit(PAGE + 1)
    for name in filters:
        query = query.where(_c[name] == bindparam(name))
    last = bindparam("last", type_=Integer())
    if state in BY_TIME:
        query = query.order_by(_c.updated_at.desc(), _c.id.desc())
        at = bindparam("at", type_=_c.updated_at.type)
        return LookUp(query.where(tuple_(_c.updated_at, _c.id) < tuple_(at, last)) if after else query)
    query = query.where(_c.resubmitted == bindparam("again")).order_by(_c.due_on, _c.id)
    due = bindparam("due", type_=Date())
    return LookUp(query.where(tuple_(_c.due_on, _c.id) > tuple_(due, last)) if after else query)


def _filters(wanted: Wanted) -> dict[str, Any]:
    chosen = {"operation": wanted.operation, "province": wanted.province, "assignee_id": wanted.assignee_id}
    return {name: value for name, value in chosen.items() if value not in ("", None)}


def _by_time(wanted: Wanted) -> list[Any]:
    filters, place = _filters(wanted), {}
    if wanted.after:
        stamp, _, last = wanted.after.partition("_")
        place = {"at": dt.datetime.fromtimestamp(int(stamp) / 1_000_000, dt.UTC), "last": row_id(last)}
    return _pages(wanted.state, tuple(filters), bool(place)).all(**filters, **place)


def _by_due(wanted: Wanted) -> list[Any]:
    """The resubmitted ones, then the others: two index ranges, since one index can't run both ways."""
    again, due, last = wanted.after.split("_") if wanted.after else ("", "", "")
    if again not in ("", "0", "1"):
        raise ValueError(wanted.after)
    filters = _filters(wanted)
    rows: list[Any] = []
    for flag in (True, False):
        if again == "0" and flag:
            continue
        place: dict[str, Any] = {}
        if wanted.after and again == ("1" if flag else "0"):
            place = {"due": dt.date.fromisoformat(due), "last": row_id(last)}
        rows += _pages(wanted.state, tuple(filters), bool(place)).all(**filters, **place, again=flag)
        if len(rows) > PAGE:
            break
    return rows


def _cursor(wanted: Wanted, row: Any) -> str:
    if wanted.state in BY_TIME:
        return f"{round(row.updated_at.timestamp() * 1_000_000)}_{row.id}"
    return f"{int(row.resubmitted)}_{row.due_on.isoformat()}_{row.id}"


def first_waiting() -> int | None:
    """The filing to take next, locked against another who asks at the same moment (PostgreSQL skips locked rows)."""
    for flag in (True, False):
        query = select(_c.id).where(_c.state == State.SUBMITTED, _c.resubmitted.is_(flag))
        query = query.order_by(_c.due_on, _c.id).limit(1).with_for_update(skip_locked=True)
        found: int | None = db.session.scalar(query)
        if found is not None:
            return found
    return None


def in_hand(account_id: int) -> int:
    """How many filings somebody has under review; the lane is small, since people hold few."""
    return len(_IN_HAND.all(account=account_id))


def search(text: str, words: Vocabulary) -> list[Row[Any]]:
    """Filings by number, domain, document number, filing number on record, or the beginning of the host's name.

    Everything is found by an index; a document number only by its keyed hash, through the register.
    """
    text = text.strip()
    if len(text) < 2:
        return []
    if well_formed(text):
        return _rows(select(*COLUMNS).where(_c.number == text.upper()))
    if "." in text and " " not in text:
        found = _rows(select(*COLUMNS).where(_c.domain == _a_label(text)))
        return found or _on_record(Domain.name == _a_label(text))
    if filing_numbers.canonical(text) is not None:
        return _on_record(reading.numbered(Subject, text) | reading.numbered(Website, text))
    found = _rows(select(*COLUMNS).where(_c.subject_name >= text, _c.subject_name < _after(text)))
    return found or _by_document(text, words)


def _by_document(text: str, words: Vocabulary) -> list[Row[Any]]:
    if not text.isascii():
        return []
    hashes = [document_hash(option.code, text) for option in words.options("document_types")]
    return _on_record(Subject.document_hash.in_(hashes))


def _on_record(condition: Any) -> list[Row[Any]]:
    """The filings that put subjects on record."""
    subjects = (
        select(Subject.id)
        .outerjoin(Website, Website.subject_id == Subject.id)
        .outerjoin(Domain, Domain.website_id == Website.id)
        .where(condition)
        .limit(FOUND)
    )
    events = select(RegisterEvent.filing_id).where(RegisterEvent.subject_id.in_(subjects))
    return _rows(select(*COLUMNS).where(_c.id.in_(events)))


def _rows(query: Select[Any]) -> list[Row[Any]]:
    submitted = query.where(_c.revision_no > 0).order_by(_c.id.desc()).limit(FOUND)
    return list(db.session.connection().execute(submitted))


def _a_label(text: str) -> str:
    host = text.strip().lower().removeprefix("https://").removeprefix("http://").split("/")[0].removeprefix("www.")
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _after(text: str) -> str:
    """The smallest text greater than every text that begins with ``text``."""
    return text[:-1] + chr(ord(text[-1]) + 1)


__all__ = ["FOUND", "PAGE", "Listed", "Wanted", "first_waiting", "in_hand", "page", "search"]
