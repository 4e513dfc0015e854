"""What was backed up is there again: rows, papers and keys, on either database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from icp.accounts.models import Account
from icp.documents.storage import papers_storage
from icp.extensions import db
from icp.sealing import keyed_hash
from tests.conftest import KEYS, build
from tests.postgres import Server

EMAIL = "lin@qingwu.example"


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """A site with an account and a paper; its keys lie in its instance folder."""
    app = build(tmp_path / "first", secret_key="", seal_keys="")
    with app.app_context():
        upgrade()
        account = Account(
            kind="host", name="林知夏", email=EMAIL, email_hash=keyed_hash("email", EMAIL), session_stamp="s"
        )
        account.email_confirmed_at = dt.datetime(2026, 11, 24, 6, 26, tzinfo=dt.UTC)
        db.session.add(account)
        db.session.commit()
        papers_storage().put("ab/cd", b"paper")
    return app


@pytest.fixture
def packed(site: Flask, tmp_path: Path) -> Path:
    file = tmp_path / "night.tar.gz"
    result = site.test_cli_runner().invoke(args=["backup", str(file)])
    assert result.exit_code == 0, result.output
    return file


@pytest.fixture
def other(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Flask]:
    """A new site, on SQLite or PostgreSQL."""

    def make(**settings: object) -> Flask:
        if getattr(request, "param", "sqlite") == "postgres":
            server: Server = request.getfixturevalue("postgres_server")
            settings["database_uri"] = server.address(server.create())
        return build(tmp_path / "second", **{"secret_key": "", "seal_keys": "", **settings})

    return make


@pytest.mark.parametrize("other", ["sqlite", "postgres"], indirect=True)
def test_a_new_site_takes_everything_over(packed: Path, other: Callable[..., Flask]) -> None:
    app = other()
    result = app.test_cli_runner().invoke(args=["restore", str(packed), "--keys", f"{packed}.keys"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert (account.name, account.email) == ("林知夏", EMAIL)
        assert account.email_confirmed_at == dt.datetime(2026, 11, 24, 6, 26, tzinfo=dt.UTC)
        assert account.email_hash == keyed_hash("email", EMAIL)
        assert papers_storage().get("ab/cd") == b"paper"
        db.session.add(Account(kind="host", email="b@x.example", email_hash="b", session_stamp="s"))
        db.session.commit()  # new rows are numbered after the restored ones
        db.engine.dispose()


def test_the_keys_lie_apart_and_only_their_owner_may_read_them(packed: Path) -> None:
    keys = packed.with_name("night.tar.gz.keys")
    assert keys.stat().st_mode & 0o077 == 0
    assert packed.stat().st_mode & 0o077 == 0
    assert keys.read_bytes() not in packed.read_bytes()


def test_other_keys_are_refused_with_the_remedy(packed: Path, other: Callable[..., Flask]) -> None:
    result = other(**KEYS).test_cli_runner().invoke(args=["restore", str(packed)])
    assert result.exit_code == 1
    assert "give its keys with --keys" in result.output


def test_a_site_with_rows_is_left_alone(packed: Path, site: Flask) -> None:
    result = site.test_cli_runner().invoke(args=["restore", str(packed)])
    assert result.exit_code == 1
    assert "is not empty" in result.output
    with site.app_context():
        assert len(db.session.scalars(select(Account)).all()) == 1
