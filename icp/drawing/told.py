"""What is told of a value, beside its field: when it was saved, corrections, or that somebody else changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import escape

from icp.drawing.controls import id_of
from icp.filings.states import CHINA
from icp.rules.correction import Correction, Severity, Value

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
        return text + str(_macros().remarks(corrections, path, id_of(path), saves_at, explanation))
    if saved and value:
        return f'{text}<p class="saved saved--tick">{saved}</p>'
    return text


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
