"""Pages that ask the bureau: one password is right for every number, ``remote.filed`` says what is filed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from icp.extensions import db
from tests.bureau.soap_bureau import Bureau, Server
from tests.conftest import build


@pytest.fixture
def remote() -> Iterator[Bureau]:
    """The tiny bureau the site's account is at."""
    remote = Bureau()
    server = Server(remote)
    yield remote
    server.stop()


@pytest.fixture
def app(tmp_path: Path, database: str, remote: Bureau) -> Iterator[Flask]:
    """A site of its own for one test, with an account at the tiny bureau."""
    app = build(tmp_path / "instance", bureau_url=remote.address, bureau_password=remote.password, bureau_timeout=5.0)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
