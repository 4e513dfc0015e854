"""The page of a section, whose frame is drawn once and then only filled: the page hosts spend their time on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import current_app, render_template
from flask_login import current_user
from markupsafe import Markup, escape

from icp.accounts.sessions import csrf_token
from icp.drawing.pattern import Pattern, mark
from icp.drawing.sheet import Sheet
from icp.host.here import Here
from icp.i18n import language

HOLES = ("which", "wrong", "name", "domain", "number", "saved", "flashes", "tally", "sheet", "margin")


def fill(found: Here, sheet: Sheet, place: int, **holes: str) -> str:
    """The page of a section.

    Args:
        found: whose filing.
        sheet: the section; drawn last, so that it may be anything the frame doesn't know.
        place: which of the sections it is, from 0.
        holes: the other parts by name (``HOLES``), as text or markup.
    """
    filing = found.seen
    values = {name: str(escape(value)) for name, value in holes.items()}
    values |= {
        "name": str(escape(filing.website_name or filing.subject_name)),
        "domain": str(escape(filing.domain)),
        "number": filing.number,
        "csrf": csrf_token(),
        "visitor": str(escape(current_user.name)) if current_user.is_authenticated else "",
        "sheet": sheet.markup(),
    }
    return _frame(found, sheet, place).fill(values)


def _frame(found: Here, sheet: Sheet, place: int) -> Pattern:
    filing, user = found.seen, current_user
    has = (bool(filing.website_name or filing.subject_name), bool(filing.domain), bool(getattr(user, "name", "")))
    key = (found.operation.code, sheet.step.name, sheet.row, place, language(), user.is_authenticated, has)
    frames: dict[Any, Pattern] = current_app.extensions.setdefault("step_frames", {})
    if key not in frames:
        frames[key] = _draw(found, sheet, place, *has)
    return frames[key]


def _draw(found: Here, sheet: Sheet, place: int, named: bool, with_domain: bool, known: bool) -> Pattern:
    """The frame with marks: those of ``HOLES``, and in place of the number, the CSRF token and the visitor's name."""
    number, token = found.seen.number, csrf_token()
    hole = SimpleNamespace(**{name: Markup(mark(name)) for name in HOLES})  # noqa: S704 # marks only
    hole.name, hole.domain = hole.name if named else "", hole.domain if with_domain else ""
    visitor = SimpleNamespace(is_authenticated=True, kind="host", name=hole_of("visitor") if known else "")
    html = render_template(
        "host/step.html",
        hole=hole,
        step=sheet.step,
        row=sheet.row,
        place=place,
        label=found.operation.label,
        number=number,
        current_user=visitor if current_user.is_authenticated else current_user,
    )
    return Pattern(html.replace(number, mark("number")).replace(token, mark("csrf")))


def hole_of(name: str) -> Markup:
    """A mark as markup."""
    return Markup(mark(name))  # noqa: S704 # a mark only
