"""The bureau's database: SQLite, opened anew for each piece of work, so that a killed process leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from icp.loopback_bureau.config import Config

SCHEMA = Path(__file__).with_name("schema.sql")
CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
Row = sqlite3.Row
Connection = sqlite3.Connection


class _Clock(threading.local):
    ahead = 0.0


_clock = _Clock()


def now() -> float:
    """The present as seconds since 1970, as every table keeps it; moved by the bureau's clock (``Store.set_clock``).

    The clock is that of the database this thread opened last.
    """
    return time.time() + _clock.ahead


def bureau_time(at: float) -> str:
    """A time as the bureau writes it: ``2026-12-02 16:08:00``, China standard time."""
    return dt.datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def insert(connection: Connection, table: str, **values: Any) -> int:
    """Insert a row; names come from the code, values are bound.

    Returns:
        The row's id.
    """
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING rowid"  # noqa: S608 - no value in the text
    return int(connection.execute(sql, tuple(values.values())).fetchone()[0])


class Store:
    """The database file; ``read`` and ``write`` give a connection for one piece of work."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: Connection | None = None

    def _open(self) -> Connection:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        # An accepted upload must outlive a power cut as well: the provider won't send it again.
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _connect(self) -> Connection:
        connection = self._open()
        row = connection.execute("SELECT value FROM setting WHERE name = 'clock'").fetchone()
        _clock.ahead = float(row["value"]) if row else 0.0
        return connection

    def set_clock(self, ahead: float) -> None:
        """Let the bureau's clock go before or after the machine's, by so many seconds; kept until set anew."""
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('clock', ?)", (str(ahead),))
        _clock.ahead = ahead

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for looking things up."""
        connection = self._connect()
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one transaction that no other writer shares; committed unless an exception leaves it."""
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()

    def prepare(self, config: Config) -> None:
        """Create what is missing and bring the account that the site's defaults use up to date."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = self._open()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript("BEGIN IMMEDIATE;" + SCHEMA.read_text(encoding="utf-8") + "COMMIT;")
        finally:
            connection.close()
        self._stay_open()
        with self.write() as connection:
            self._enter_account(connection, config)
            secret = secrets.token_hex(32)
            connection.execute(
                "INSERT INTO setting (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING", (secret,)
            )

    def _stay_open(self) -> None:
        """Keep one connection: the last to close folds the log into the database, else after each piece of work."""
        if self._kept is None:
            self._kept = sqlite3.connect(self.path, check_same_thread=False)
            self._kept.execute("SELECT value FROM setting").close()
            weakref.finalize(self, self._kept.close)

    def _enter_account(self, connection: Connection, config: Config) -> None:
        connection.execute(
            "INSERT INTO account (isp_id, name, user_name, password, aes_key, aes_iv, province, encrypt)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (isp_id) DO UPDATE SET name = excluded.name,"
            " user_name = excluded.user_name, password = excluded.password, aes_key = excluded.aes_key,"
            " aes_iv = excluded.aes_iv",
            (
                config.isp_id,
                config.provider_name,
                config.user_name,
                config.password,
                config.aes_key,
                config.aes_iv,
                config.province,
                config.encrypt,
            ),
        )
        # What an officer or a command has changed since holds until the settings themselves change.
        settings = f"{config.isp_id} {config.province} {config.encrypt}"
        known = connection.execute("SELECT value FROM setting WHERE name = 'account'").fetchone()
        if known is None or known["value"] != settings:
            connection.execute(
                "UPDATE account SET province = ?, encrypt = ? WHERE isp_id = ?",
                (config.province, config.encrypt, config.isp_id),
            )
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('account', ?)", (settings,))

    def secret(self) -> str:
        """The key that signs the officer's session; made once per database."""
        with self.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = 'secret'").fetchone()
        return str(row["value"])

    def reset(self, config: Config) -> None:
        """Forget everything, as on the first day."""
        with self.write() as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names come from the database itself
        self.prepare(config)
