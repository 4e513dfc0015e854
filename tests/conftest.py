"""What tests share: a site with a real database, a strict client, people who sign in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from icp import create_app
from icp.extensions import db, now
from icp.sealing import keyed_hash
from tests import chromium, live, network, postgres, sites
from tests.client import StrictClient

KEYS = {
    "secret_key": "a key for tests only, of 32 characters",
    "seal_keys": "1:" + "A" * 43 + "=",
}


both_databases = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
"""Mark for tests that must hold on both databases."""


_BUILT: list[Flask] = []
_TEMPLATES = sites.Templates()


def build(instance: Path, **settings: object) -> Flask:
    """A site; what it opened of a database is closed when the test ends."""
    app = create_app(**{"instance": instance, **KEYS, **settings})
    _BUILT.append(app)
    app.testing = True
    app.test_client_class = StrictClient
    app.jinja_env.bytecode_cache = _TEMPLATES
    # Rooms are built side by side: a link to a page that isn't there yet fails in tests/gate, not in every page's test.
    app.url_build_error_handlers.append(lambda error, endpoint, values: f"/not-there-yet/{endpoint}")
    return app


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """No test leaves the machine."""
    with pytest.MonkeyPatch.context() as patch:
        network.forbid(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def routes_once() -> Iterator[None]:
    """The same routes aren't compiled anew for each test's site."""
    with pytest.MonkeyPatch.context() as patch:
        sites.remember_routes(patch)
        yield


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """No connection outlives its test: Python 3.13 complains of those it finds."""
    yield
    while _BUILT:
        with _BUILT.pop().app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row; each test gets a copy."""
    folder = tmp_path_factory.mktemp("empty")
    app = build(folder)
    with app.app_context():
        db.create_all()
        db.session.commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "beian.sqlite3"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One PostgreSQL server for the session."""
    server = postgres.Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL database with every table and no row; each test gets a copy."""
    name = postgres_server.create()
    app = build(tmp_path_factory.mktemp("template"), database_uri=postgres_server.address(name))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return name


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where the test's site keeps its rows, as ``ICP_DATABASE_URI``; SQLite unless marked otherwise."""
    if getattr(request, "param", "sqlite") == "sqlite":
        instance = tmp_path / "instance"
        instance.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("empty_database"), instance / "beian.sqlite3")
        yield ""
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def app(tmp_path: Path, database: str) -> Iterator[Flask]:
    """A site of its own for one test, with an empty database."""
    app = build(tmp_path / "instance", database_uri=database)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def letters(app: Flask) -> Callable[..., list[EmailMessage]]:
    """Development mail of the test's site, oldest first: ``letters()`` or ``letters("lin@qingwu.example")``."""
    instance: Path = app.extensions["settings"].instance
    return lambda to="": live.letters(instance, to)


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> StrictClient:
    return app.test_client()


@pytest.fixture
def people(app: Flask):
    """Make an account: ``people("host", "a@qingwu.example")``, ``people("staff", "xu@desk.example", "reviewer")``."""
    from icp.accounts.models import Account

    def make(kind: str, email: str, role: str = "", **more: object) -> int:
        with app.app_context():
            account = Account(
                kind=kind,
                role=role,
                name=str(more.pop("name", email.partition("@")[0])),
                email=email,
                email_hash=keyed_hash("email", email),
                email_confirmed_at=now(),
                session_stamp="test",
                **more,
            )
            db.session.add(account)
            db.session.commit()
            return account.id

    return make


@pytest.fixture
def signed_in(app: Flask, people: Callable[..., int]) -> Callable[..., StrictClient]:
    """A client of its own for a new person: ``signed_in("host")``, ``signed_in("staff", "reviewer")``."""

    def enter(kind: str = "host", role: str = "", email: str = "", **more: object) -> StrictClient:
        account = people(
            kind, email or f"{role or kind}@{'desk' if kind == 'staff' else 'qingwu'}.example", role, **more
        )
        return app.test_client().sign_in(account)

    return enter


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder as the command that migrates leaves it; each live site gets a copy."""
    site = live.LiveSite(tmp_path_factory.mktemp("migrated"))
    site.prepare()
    return site.instance


@pytest.fixture
def live_site(tmp_path: Path, migrated: Path) -> Iterator[live.LiveSite]:
    """Real processes over an instance folder of their own, with the database made; nothing runs until ``start``."""
    site = live.LiveSite(Path(shutil.copytree(migrated, tmp_path / "live")))
    yield site
    for process in list(site.parts):
        site.kill(process)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = chromium.find(playwright)
        started = playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in a context of its own, in Chinese; it fails the test on errors of scripts and of the policy."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert not problems, problems


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """``accessible(page)`` fails with what axe finds (WCAG 2.0 to 2.2, A and AA)."""

    def look(page: Any) -> None:
        found = chromium.violations(page)
        assert not found, "\n".join(found)

    return look
