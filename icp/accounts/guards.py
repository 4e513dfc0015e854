"""Guards: every route names who may enter, in ``view.permission``; a test reads them all.

Somebody without a session is asked to sign in without losing what was typed:

* a page (GET) sends to the sign-in page and comes back;
* a form (POST) is handed on to the sign-in page with everything in it (307), which keeps the values and offers to send
  them again after signing in;
* a request by htmx is answered with the sign-in form in place (see ``icp.accounts_web.here``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, abort, current_app, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])


def _guard(permission: str, may_enter: Callable[[], bool], anonymous_too: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not anonymous_too and not current_user.is_authenticated:
                return to_sign_in()
            if not may_enter():
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def to_sign_in() -> Any:
    """Ask a visitor without a session to sign in, in the way that suits the request."""
    if request.headers.get("HX-Request"):
        return in_place(make_response(render_template("accounts_web/here.html", login="", error=None), 401))
    if request.method == "GET":
        return redirect(url_for("accounts_web.sign_in", next=request.full_path.rstrip("?")))
    return redirect(url_for("accounts_web.sign_in", next=request.path), 307)


def in_place(response: Response) -> Response:
    """Put an answer to htmx where signing in takes place, whatever the request meant to swap."""
    response.headers["HX-Retarget"] = "#sign-in-here"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Reselect"] = "#here"
    return response


def public(view: View) -> View:
    """Everybody."""
    return _guard("public", lambda: True, anonymous_too=True)(view)


def signed_in(view: View) -> View:
    """Every account."""
    return _guard("signed_in", lambda: True)(view)


def host_only(view: View) -> View:
    """Hosts; each object is checked against its owner besides."""
    return _guard("host", lambda: current_user.kind == "host")(view)


FILLS_IN = ("reviewer", "supervisor")
"""Roles that fill in a filing on behalf of a host (代为备案)."""


def _fills() -> bool:
    return current_user.kind == "host" or current_user.role in FILLS_IN


def fills(view: View) -> View:
    """Hosts, and staff who may fill in a filing on behalf; the filing is checked besides."""
    return _guard("fills", _fills)(view)


def fills_or_link(view: View) -> View:
    """The same, and whoever opened a mailed link to the filing named in the address; the filing is checked besides."""
    guarded = _guard("fills_or_link", lambda: not current_user.is_authenticated or _fills(), True)(view)

    @wraps(guarded)
    def by_session(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated and kwargs.get("number") not in session.get("links", {}):
            return to_sign_in()
        return guarded(*args, **kwargs)

    return by_session  # type: ignore[return-value]


def staff_only(*roles: str) -> Callable[[View], View]:
    """Staff of these roles; a supervisor may enter wherever a reviewer may."""
    allowed = {*roles, "supervisor"} if "reviewer" in roles else set(roles)
    return _guard(
        f"staff:{','.join(sorted(allowed))}", lambda: current_user.kind == "staff" and current_user.role in allowed
    )


def development_only(view: View) -> View:
    """Everybody, but only in development mode; not found in production."""

    def in_development() -> bool:
        if current_app.extensions["settings"].production:
            abort(404)
        return True

    return _guard("development", in_development, anonymous_too=True)(view)
