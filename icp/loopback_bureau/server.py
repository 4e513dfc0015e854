"""Serving the bureau on 127.0.0.1, with its background work; for the command line and for tests."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from icp.loopback_bureau.app import create_bureau
from icp.loopback_bureau.config import LOOPBACK, ConfigError
from icp.loopback_bureau.core import Bureau

log = logging.getLogger("icp.loopback_bureau")


class QuietHandler(WSGIRequestHandler):
    """Writes one line per request to the log, without the query."""

    def handle_expect_100(self) -> bool:
        """Leave "100 Continue" to Werkzeug, which says it itself: a caller that waits for one hears it once."""
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line: method, path, status."""
        log.info("%s %s %s", self.command, self.path.partition("?")[0], code)


@dataclass
class Running:
    """A bureau that is being served.

    Attributes:
        url: its base address, e.g. ``http://127.0.0.1:8600``.
        app: the Flask app.
        bureau: the bureau behind it.
    """

    url: str
    app: Flask
    bureau: Bureau
    server: BaseWSGIServer


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; a free port when the wanted one is taken or 0.

    Raises:
        ConfigError: any address but 127.0.0.1.
    """
    if host not in LOOPBACK:
        raise ConfigError(f"the loopback bureau listens on {LOOPBACK[0]} only, not on {host}")
    for candidate in (port, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        return listener
    raise ConfigError("no free port")


def prepare(app: Flask, host: str = LOOPBACK[0], port: int = 0) -> Running:
    """Bind the app to an address; ``server.serve_forever()`` of the answer serves it, one thread a call."""
    listener = listen(host, port)
    chosen = listener.getsockname()[1]
    server = make_server(
        host, chosen, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno()
    )  # takes a copy of the socket
    listener.close()
    return Running(f"http://{host}:{chosen}", app, app.extensions["bureau"], server)


@contextlib.contextmanager
def running(instance: Path, *, port: int = 0, background: bool = True, **settings: Any) -> Iterator[Running]:
    """A bureau served from a thread of this process, stopped at the end; what it keeps stays in ``instance``.

    Args:
        instance: the instance folder.
        port: TCP port, 0 takes a free one.
        background: False leaves all work behind the calls to ``bureau.settle()`` and to downloads.
        settings: fields of ``Config``.
    """
    served = prepare(create_bureau(instance, **settings), port=port)
    threads = [threading.Thread(target=served.server.serve_forever, args=(0.05,), daemon=True)]
    if background:
        threads.append(threading.Thread(target=served.bureau.work, daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield served
    finally:
        served.bureau.stop()
        served.server.shutdown()
        served.server.server_close()
        for thread in threads:
            thread.join()
