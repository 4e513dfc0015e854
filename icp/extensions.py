"""The site's extensions, made once and bound to an application by ``create_app``."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from pathlib import Path
from typing import Any, ClassVar

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import DateTime, Engine, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in time: always aware, always UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To the database: UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From the database: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Model(DeclarativeBase):
    """The base of every table; typed, which ``db.Model`` is not."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {dt.datetime: UtcDateTime()}


class RowUid(Model):
    """A table whose rows have a random id, to which their sealed values are bound (see ``icp.sealing``)."""

    __abstract__ = True

    uid: Mapped[str] = mapped_column(String(32), unique=True)

    def __init__(self, **values: Any) -> None:
        self.uid = values.pop("uid", None) or uuid.uuid4().hex  # first: the other values may be sealed with it
        super().__init__(**values)


def now() -> dt.datetime:
    """The present moment, aware, in UTC. Everything that asks for the time asks here."""
    return dt.datetime.now(dt.UTC)


db = SQLAlchemy(metadata=Model.metadata)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
migrate = Migrate()


def tune_sqlite(engine: Engine) -> None:
    """Set WAL, foreign keys and a busy timeout on each SQLite connection.

    The driver's own transaction handling is switched off, so that ``begin_write`` can open a transaction with
    BEGIN IMMEDIATE: a reader that turns writer half-way would meet "database is locked".
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "do_connect")
    def make_folder(dialect: Dialect, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        if engine.url.database and engine.url.database != ":memory:":
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, context: Any) -> None:
    session.info["wrote"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["wrote"] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_writes(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("wrote", None)


def insert(table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT in the words of the session's database, which can say what to do where the row is there already."""
    postgres = db.session().get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)


def begin_write() -> None:
    """Open the session's transaction for writing; call it before the first read of a verb that writes.

    On SQLite this takes the write lock at once (BEGIN IMMEDIATE); on PostgreSQL rows are locked one by one with
    ``with_for_update``. A read-only transaction that is already open is closed first, so objects are loaded anew.
    """
    session = db.session()
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.in_transaction():
        if session.connection().get_execution_options().get("write", False):
            return
        if session.new or session.dirty or session.deleted or session.info.get("wrote"):
            raise RuntimeError("begin_write() must come before the first change")
        session.rollback()
    session.connection(execution_options={"write": True})


def let_others_write() -> None:
    """Pause between two transactions of a long work, so that whoever waits for SQLite's write lock gets it.

    SQLite doesn't queue: those who wait look every tenth of a second (busy_timeout), and would find the lock taken
    again each time.
    """
    if db.session().get_bind().dialect.name == "sqlite":
        time.sleep(0.11)


LARGEST_ID = 2**63 - 1


def row_id(text: str) -> int:
    """A row's id from an address or a form.

    Raises:
        ValueError: it isn't one, or is larger than a database can hold.
    """
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(text)
    return number
