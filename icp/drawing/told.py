"""What is told of a value, beside its field: when it was saved, corrections, or that somebody else changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import current_app
from markupsafe import escape

from icp.drawing.controls import id_of
from icp.drawing.pattern import Pattern, mark
from icp.filings.states import CHINA
from icp.i18n import language, tr
from icp.rules.correction import Correction, Severity, Source, Value

SHOWN = "shown:"


def as_text(value: Value) -> str:
    """A value as one text, a line for each of several."""
    return value if isinstance(value, str) else "\n".join(value)


def mood_of(corrections: Sequence[Correction]) -> str:
    """How the field looks: 'mend' when something must be mended, 'ask' when something should be explained, or ''."""
    found = {c.severity for c in corrections}
    return "mend" if Severity.ERROR in found else "ask" if Severity.WARNING in found else ""


def told(
    path: str,
    value: Value,
    corrections: Sequence[Correction] = (),
    *,
    saved: str = "",
    explanation: str = "",
    saves_at: str = "",
) -> str:
    """The messages of a field, with the value it was shown (which a save posts back).

    Args:
        path: instance path.
        value: what is stored.
        corrections: what the rules and people say of it.
        saved: says when it was saved; '' when it never was.
        explanation: why a warned-of value is right.
        saves_at: address for buttons that act in place, '' for none.
    """
    text = f'<input type="hidden" name="{SHOWN}{path}" value="{escape(as_text(value))}">'
    if corrections or explanation:
        return text + _remarks(path, corrections, saves_at, explanation)
    if saved and value:
        return f'{text}<p class="saved saved--tick">{saved}</p>'
    return text


def _remarks(path: str, corrections: Sequence[Correction], saves_at: str, explanation: str) -> str:
    shapes = tuple((c.severity, c.source, bool(c.remedy), bool(c.suggestion)) for c in corrections)
    holes = {"saves_at": saves_at, "explanation": str(escape(explanation))}
    for at, c in enumerate(corrections):
        holes |= {f"message{at}": str(escape(tr(c.message))), f"remedy{at}": str(escape(tr(c.remedy)))}
        if c.suggestion:
            holes[f"suggestion{at}"] = str(escape(c.suggestion))
    return _pattern(path, shapes, bool(saves_at), bool(explanation), language()).fill(holes)


@lru_cache(maxsize=4096)
def _pattern(
    path: str, shapes: tuple[tuple[Severity, Source, bool, bool], ...], in_place: bool, explained: bool, language_: str
) -> Pattern:
    """The remarks of a field by their macro, with marks for what they say; nothing else in it may depend on that."""
    shown = [
        SimpleNamespace(
            path=path,
            severity=severity,
            source=source,
            message=mark(f"message{at}"),
            remedy=mark(f"remedy{at}") if remedy else "",
            suggestion=mark(f"suggestion{at}") if suggestion else "",
        )
        for at, (severity, source, remedy, suggestion) in enumerate(shapes)
    ]
    saves_at, explanation = (
        mark(name) if there else "" for name, there in (("saves_at", in_place), ("explanation", explained))
    )
    macros: Any = current_app.jinja_env.get_template("macros/told.html").make_module({"language_": language_})
    return Pattern(str(macros.remarks(shown, path, id_of(path), saves_at, explanation)))


def conflict(path: str, shown: Value, stored: Value, typed: Value, saves_at: str = "") -> str:
    """Both values of a field that somebody else changed; the value shown stays, so that nothing is overwritten yet."""
    twin = f'<input type="hidden" name="{SHOWN}{path}" value="{escape(as_text(shown))}">'
    return twin + str(_macros().conflict(path, saves_at, as_text(stored), as_text(typed)))


@lru_cache(maxsize=1024)
def clock(moment: str) -> str:
    """Hours and minutes in China of an ISO 8601 moment."""
    return dt.datetime.fromisoformat(moment).astimezone(CHINA).strftime("%H:%M")


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/told.html").module
