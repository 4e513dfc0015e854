"""The bureau's web program: three SOAP services, their WSDL, a health check, and the officer's pages."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request

from icp.bureau.codec import replies, wsdl
from icp.loopback_bureau import issue_pages as issue_pages  # adds its pages to the officer's
from icp.loopback_bureau import mischief, officer, services, soap, troubles
from icp.loopback_bureau.config import ROOT, Config
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.soap import Fault

ENVELOPE_LIMIT = 100 * 1024 * 1024
HOSTS = ("127.0.0.1", "localhost")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_bureau(instance: Path | None = None, **settings: Any) -> Flask:
    """Build a bureau.

    Args:
        instance: the instance folder; from ``ICP_INSTANCE`` or the embedded default when None.
        settings: fields of ``Config`` that win over the environment.

    Returns:
        A Flask app; its ``Bureau`` is ``app.extensions["bureau"]``.

    Raises:
        ConfigError: a setting can't be used.
    """
    if instance is not None:
        settings["instance"] = instance
    config = Config.from_environment(**settings)
    app = Flask(__name__, static_folder=str(ROOT / "static"))
    bureau = Bureau(config)
    app.extensions["bureau"] = bureau
    app.config.update(
        SECRET_KEY=bureau.store.secret(),
        SESSION_COOKIE_NAME="bureau",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=ENVELOPE_LIMIT,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_this_machine_only)
    app.after_request(_add_headers)
    app.add_url_rule("/healthz", "healthz", _healthz)
    for service, path in wsdl.SERVICES.items():
        app.add_url_rule(path, service, _service, methods=["GET", "POST"], defaults={"service": service})
    app.register_blueprint(officer.bp)
    return app


def _this_machine_only() -> None:
    """Refuse callers from elsewhere, and names that lead here from elsewhere (DNS rebinding)."""
    if request.remote_addr != "127.0.0.1" or request.host.partition(":")[0] not in HOSTS:
        abort(403)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _healthz() -> tuple[dict[str, str], int]:
    bureau: Bureau = current_app.extensions["bureau"]
    with bureau.store.read() as connection:
        connection.execute("SELECT 1 FROM account LIMIT 1")
    return {"status": "ok"}, 200


def _service(service: str) -> Response:
    if request.method == "GET":
        if "wsdl" not in {name.lower() for name in request.args}:
            abort(404)
        return Response(wsdl.document(service, request.base_url), content_type=soap.CONTENT_TYPE)
    try:
        return _answer(current_app.extensions["bureau"], service)
    except Fault as fault:
        return Response(soap.fault(fault), 500, content_type=soap.CONTENT_TYPE)


def _answer(bureau: Bureau, service: str) -> Response:
    call = soap.read(request.get_data(), service, request.mimetype_params.get("charset", ""))
    if call.method == "isp_download":
        bureau.settle()  # what is due is waiting for this caller
    reply = services.answer(services.Desk(bureau.config, bureau.store), call)
    taken = call.method == "isp_upload" and reply.code == 0
    if taken:
        bureau.wake.set()
    if troubles.strikes(bureau.store, "slow"):
        bureau.stopping.wait(bureau.config.slow_seconds)
    if taken and troubles.strikes(bureau.store, "no_reply_after_acceptance"):
        return _hang_up()
    envelope = mischief.envelope(bureau.store, call.method, replies.build(reply))
    return Response(envelope, content_type=soap.CONTENT_TYPE)


def _hang_up() -> Response:
    """Close the connection in the caller's face, as a broken line would."""
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)
