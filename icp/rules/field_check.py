"""What `flask field check` says: each value of one field with its stored form and its corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from icp.rules.correction import Context, Correction, Value
from icp.rules.registry import LISTS, RULES, check
from icp.vocabulary import Vocabulary


def describe(
    type_path: str,
    values: Iterable[Value],
    with_answers: Mapping[str, Value],
    operation: str,
    vocabulary: Vocabulary,
    today: dt.date,
    provider_ranges: tuple[tuple[int, int], ...] = (),
) -> Iterator[dict[str, Any]]:
    """Judge values of a field, one after the other.

    Args:
        type_path: the field (`subject.document_number`).
        values: as typed; a list, or one text with a value on a line each, for fields with several values.
        with_answers: the answers beside it, by type path.
        operation: code of the operation (`new_filing`).
        vocabulary: the tables in force.
        today: the day on which validity is judged.
        provider_ranges: the provider's IPv4 ranges as integers; empty: not known.

    Yields:
        For each value a mapping with `value`, `stored` and `corrections`, ready for JSON.

    Raises:
        KeyError: there is no such field, here or among ``with_answers``.
    """
    for path in (type_path, *with_answers):
        if path not in RULES:
            raise KeyError(path)
    answers = {path: _of_kind(path, value) for path, value in with_answers.items()}
    context = Context(vocabulary, operation, today, lambda path: answers.get(path, ""), provider_ranges)
    for value in values:
        checked = check(type_path, value, context)
        yield {
            "value": value,
            "stored": checked.stored,
            "corrections": [_as_plain(correction) for correction in checked.corrections],
        }


def _of_kind(path: str, value: Value) -> Value:
    """A text given for a field with several values, as the list it stands for."""
    if path in LISTS and isinstance(value, str):
        return [part.strip() for part in value.replace(",", "\n").splitlines() if part.strip()]
    return value


def _as_plain(correction: Correction) -> dict[str, Any]:
    return {
        "code": correction.code,
        "severity": correction.severity.value,
        "message": str(correction.message),
        "remedy": str(correction.remedy),
        "suggestion": correction.suggestion,
    }
