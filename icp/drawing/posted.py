"""Reading controls back: what a form or a single field posts → typed values, each with the value its page was shown."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from icp.drawing.told import SHOWN
from icp.filings.forms.base import AnswerField
from icp.filings.operations import Operation
from icp.filings.paths import type_path, well_formed
from icp.rules.correction import Value
from icp.rules.dates import LONG

LONGEST = 10_000
"""Characters kept of one answer; every rule refuses far shorter ones, with a message."""
EXPLAIN = "explain:"


@dataclass(frozen=True)
class Posted:
    """One answer as posted."""

    path: str
    typed: Value
    shown: Value


def read(form: MultiDict[str, str], operation: Operation) -> list[Posted]:
    """The answers in a posted form, told by the hidden twin each control has; foreign names are passed over."""
    found = []
    for name in form:
        path = name.removeprefix(SHOWN)
        if name.startswith(SHOWN) and well_formed(path) and operation.has_field(path):
            field = operation.fields[type_path(path)][2]
            shown = _clean(form[name])
            found.append(
                Posted(path, value_of(field, form.getlist(path)), (lines(shown) or "") if field.many else shown)
            )
    return found


def explanations(form: MultiDict[str, str], operation: Operation) -> dict[str, str]:
    """Instance path → explanation, of those posted."""
    return {
        name.removeprefix(EXPLAIN): _clean(form[name])
        for name in form
        if name.startswith(EXPLAIN) and operation.has_field(name.removeprefix(EXPLAIN))
    }


def value_of(field: AnswerField, values: list[str]) -> Value:
    """One answer from its controls: several tick boxes, three selects of a region, a date or 长期, lines of IPs."""
    values = [_clean(value) for value in values]
    if field.kind == "region":
        return _region(values)
    if field.kind == "validity" and LONG in values:
        return LONG
    if field.many:
        return [line for value in values for line in lines(value)] or ""
    return values[0] if values else ""


def taken(value: str, operation: Operation) -> Posted | None:
    """A suggestion that is taken, `path=value`; None for anything else."""
    path, equals, suggestion = value.partition("=")
    if not equals or not well_formed(path) or not operation.has_field(path):
        return None
    field = operation.fields[type_path(path)][2]
    return Posted(path, value_of(field, [suggestion]), "")


def lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line for line in text.splitlines() if line.strip()]


def _region(values: list[str]) -> str:
    """The deepest of the chosen levels that lie under one another."""
    best = ""
    for value in values:
        if not value or (best and not value.startswith(best[:2] if best.endswith("0000") else best[:4])):
            break
        best = value
    return best


def _clean(value: str) -> str:
    """Line ends as LF, and no NUL, which PostgreSQL can't keep."""
    return value.replace("\r\n", "\n").replace("\0", "")[:LONGEST]
