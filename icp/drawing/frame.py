"""Pages whose frame is drawn once and then only filled: those on which hosts and reviewers spend their time.

A frame is drawn with marks in place of what differs between two visitors or two requests. What stands in it beyond its
marks is shown to everybody who gets the same frame, so it may depend on nothing but the key.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import current_app, render_template, request, session
from flask_login import current_user
from markupsafe import Markup, escape

from icp.accounts.sessions import csrf_token
from icp.drawing.pattern import Pattern, mark
from icp.i18n import language

MANY = 1024


def hole(name: str) -> Markup:
    """A mark as markup."""
    return Markup(mark(name))  # noqa: S704 # a mark only


def frame(template: str, key: tuple[Any, ...], spelt: dict[str, str] | None = None, **values: Any) -> Pattern:
    """The frame of a page.

    Args:
        template: draws it, with ``hole`` in place of what differs.
        key: what the frame depends on besides language and kind of visitor.
        spelt: text that stands for a hole in addresses, which would spell a mark out → name of the hole.
        values: for the template; nothing in them may depend on anything but ``key``.
    """
    visitor = current_user._get_current_object()
    kind = tuple(getattr(visitor, name, "") for name in ("is_authenticated", "kind", "role"))
    named = bool(getattr(visitor, "name", ""))
    key = (template, language(), *kind, named, *key)
    frames: dict[Any, Pattern] = current_app.extensions.setdefault("frames", {})
    if key not in frames:
        if len(frames) >= MANY:
            frames.clear()
        stand_in = SimpleNamespace(is_authenticated=kind[0], kind=kind[1], role=kind[2])
        stand_in.name = hole("visitor") if named else ""
        visitors_own = {csrf_token(): "csrf", **(spelt or {})}
        html = render_template(template, current_user=stand_in, hole=hole, page_address=hole("at"), **values)
        for text, name in visitors_own.items():
            html = html.replace(text, mark(name))
        frames[key] = Pattern(html)
    return frames[key]


def common() -> dict[str, str]:
    """What differs on every page: the visitor's name, the CSRF token, the page's own address, and what is flashed."""
    flashes = ""
    if "_flashes" in session:
        macros: Any = current_app.jinja_env.get_template("macros/ui.html").module
        flashes = str(macros.flashes())
    return {
        "visitor": str(escape(getattr(current_user, "name", ""))),
        "csrf": csrf_token(),
        "at": str(escape(request.full_path)) if request.method == "GET" else "",
        "flashes": flashes,
    }
