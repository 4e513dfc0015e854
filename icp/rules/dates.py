"""Dates and terms of validity (R017, R025, R059): stored as `YYYY-MM-DD`, or `long` for 长期."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from icp.rules.canonical import as_text, plain, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.documents import RESIDENT_ID
from icp.rules.findings import Findings

LONG = "long"
_LONG_WORDS = ("long", "长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "longterm", "permanent")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
MONTHS_LEFT = 3
ID_CARD_TERMS = (5, 10, 20)


class Read(NamedTuple):
    """What was read: the canonical text, the day (None for `long` or when there is no such day), whether it is one."""

    text: str
    day: dt.date | None
    code: str


def read(value: Value, *, long: bool) -> Read:
    """Read a date in the forms in which people write one.

    Args:
        value: what was typed.
        long: whether 长期 is allowed.
    """
    typed = without_spaces(plain(as_text(value)))
    if typed.lower() in _LONG_WORDS:
        return Read(LONG, None, "" if long else "date.not_long")
    match = _DATE.fullmatch(typed) or _COMPACT.fullmatch(typed)
    if not match:
        return Read(typed, None, "date.shape")
    try:
        day = dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return Read(typed, None, "date.no_such_day")
    return Read(day.isoformat(), day, "")


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier; the last of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for number in range(day.day, day.day - 4, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return day


def valid_from(path: str, value: Value, context: Context) -> Checked:
    """The first day of a document's validity."""
    found = Findings(path)
    text, day, code = read(value, long=False)
    if code:
        found.error(code, typed=text[:40])
    elif day and day > context.today:
        found.warn("date.begins_later", day=day.isoformat())
    elif day and day.year < 1900:
        found.error("date.no_such_day", typed=text)
    return found.checked(text)


def valid_to(path: str, value: Value, context: Context) -> Checked:
    """The last day of a document's validity: not past, not before its first, and three months from now."""
    found = Findings(path)
    text, day, code = read(value, long=True)
    if code:
        found.error(code, typed=text[:40])
    if day is None:
        return found.checked(text)
    beside = path.rsplit(".", 1)[0]
    first = read(context.text(f"{beside}.document_valid_from"), long=False).day if "document_valid" in path else None
    if first and day <= first:
        found.error("date.before_start", start=first.isoformat())
    elif day < context.today:
        found.error(_reason(path), day=day.isoformat())
    elif day.year < 9999 and months_before(day, MONTHS_LEFT) < context.today:
        found.warn("date.ends_soon", day=day.isoformat(), days=(day - context.today).days)
    if first and not found.refused and context.text(f"{beside}.document_type") == RESIDENT_ID:
        _judge_term(first, day, found)
    return found.checked(text)


def _reason(path: str) -> str:
    if "pre_approvals" in path:
        return "R059"
    return "R025" if "principal" in path else "R017"


def _judge_term(first: dt.date, last: dt.date, found: Findings) -> None:
    """ID cards run for 5, 10 or 20 years or without end; another term is most likely a slip."""
    same_day = (first.month, first.day) == (last.month, last.day) or (first.month, first.day) == (2, 29)
    if last.year - first.year not in ID_CARD_TERMS or not same_day:
        found.warn("date.id_card_term", start=first.isoformat(), end=last.isoformat())
