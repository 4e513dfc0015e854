"""What every page has in common: blueprints, security headers, error pages, the frame's data."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from icp.extensions import LARGEST_ID, db, login
from icp.i18n import tr
from icp.vocabulary.text import N_

BLUEPRINTS = ("public", "accounts_web", "host", "reviewer")
"""Rooms with pages; each has ``bp``."""

POLICY = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}
PRIVATE = {**HEADERS, "Cache-Control": "no-store"}


DESK_AREAS = (
    ("reviewer.queue", N_("队列"), ("reviewer", "supervisor")),
    ("reviewer.tasks", N_("管局任务"), ("reviewer", "supervisor")),
    ("reviewer.counter", N_("当面核验"), ("reviewer", "verifier", "supervisor")),
    ("reviewer.on_behalf", N_("代为备案"), ("reviewer", "supervisor")),
    ("reviewer.register", N_("登记库"), ("reviewer", "supervisor", "administrator")),
    ("reviewer.bureau", N_("报送"), ("supervisor", "administrator")),
    ("reviewer.ranges", N_("地址段"), ("supervisor", "administrator")),
    ("reviewer.tables", N_("代码表"), ("supervisor", "administrator")),
    ("reviewer.provinces", N_("各省规则"), ("administrator",)),
    ("reviewer.dashboard", N_("看板"), ("supervisor", "administrator")),
    ("accounts_web.staff", N_("人员"), ("administrator",)),
)
"""Areas of the desk: endpoint, name, and the roles that see it."""


def desk_areas() -> list[tuple[str, str, tuple[str, ...]]]:
    """The areas of the desk in the reader's language."""
    return [(endpoint, tr(name), roles) for endpoint, name, roles in DESK_AREAS]


WAITING = {
    "reviewer.tasks": ("icp.tasks.verbs", "unfinished"),
    "reviewer.bureau": ("icp.bureau.account", "standing"),
}
"""Area → where it says how many things wait in it."""


def waiting_in(endpoint: str) -> int:
    """How many things wait in an area of the desk; 0 also for areas that don't say."""
    if endpoint not in WAITING:
        return 0
    module, name = WAITING[endpoint]
    return int(getattr(import_module(module), name)())


class Id(IntegerConverter):
    """A number in an address that a database can hold; a larger one is nobody's."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # noqa: A002 # as the library calls it
        super().__init__(map, *args, **{"max": LARGEST_ID, **options})


def init_app(app: Flask) -> None:
    """Register blueprints, headers, error pages and template data."""
    settings = app.extensions["settings"]
    if settings.trust_proxy:
        hops = settings.trust_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(settings=settings, desk_areas=desk_areas, waiting_in=waiting_in)
    login.init_app(app)
    app.session_interface = import_module("icp.accounts.sessions").Cookies()
    app.url_map.converters["int"] = Id
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"icp.{name}").bp)
    import_module("icp.cli").init_app(app)
    app.after_request(add_headers)
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(CSRFError, error_page)
    app.register_error_handler(Exception, unexpected)


def add_headers(response: Response) -> Response:
    """Strict policy on every answer; pages with a session are kept out of shared caches."""
    had = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 # iterating gives pairs
    wanted = HEADERS if request.endpoint == "static" else PRIVATE
    for name, value in wanted.items():
        if name.lower() not in had:
            response.headers.add(name, value)
    return response


def error_page(error: HTTPException) -> tuple[str, int] | Response:
    """A page that says what happened and what to do next, in the reader's language."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    kind = str(code)
    if isinstance(error, CSRFError):
        kind, answer = "csrf", import_module("icp.accounts_web.stale").answer()
        if answer is not None:
            return answer  # type: ignore[no-any-return]
    return render_template("errors/error.html", code=code, kind=kind, error=error), code


def unexpected(error: Exception) -> Any:
    """Log an error nobody foresaw, undo its half-done work, and show the error page."""
    from flask import current_app

    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("unexpected error in %s", request.endpoint)
    db.session.rollback()
    g.pop("_login_user", None)
    return render_template("errors/error.html", code=500, kind="500", error=None), 500
