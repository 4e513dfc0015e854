"""Dated tables in the database: downloads from the bureau and edits by the administrator. A row replaces one whole
table from the moment it is stored; nothing is ever overwritten, so an older snapshot can be built again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache
from time import monotonic
from typing import cast

from flask import current_app, has_app_context
from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, db, now
from icp.vocabulary.tables import TABLES, Row, Table, Vocabulary, builtin


class TableRefused(ValueError):
    """A table can't replace the one in force; the text says why."""


class VocabularyTable(Model):
    """One table as it stands from ``created_at`` on."""

    __tablename__ = "vocabulary_table"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    rows: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


def replace_table(name: str, rows: Sequence[Row], source: str) -> VocabularyTable:
    """Put a new table in force. The caller commits.

    Args:
        name: one of ``icp.vocabulary.tables.TABLES``.
        rows: all rows of the table, with all its columns.
        source: where they come from, for people (`bureau download 2026-11-24`, a name).

    Raises:
        TableRefused: there is no such table, or the rows can't be used; nothing is stored.
    """
    if name not in TABLES:
        raise TableRefused(f"there is no table {name}")
    columns = set(next(iter(builtin().tables[name]), ("code", "zh", "en")))
    for row in rows:
        if missing := columns - set(row):
            raise TableRefused(f"{name}: a row lacks {', '.join(sorted(missing))}")
    tables = {**current().tables, name: tuple(rows)}
    try:
        if all(row.get("withdrawn") == "yes" for row in rows):
            raise ValueError("no row is in use")
        Vocabulary.from_tables("trial", tables)
    except (KeyError, ValueError) as problem:
        raise TableRefused(f"{name}: {problem}") from problem
    table = VocabularyTable(name=name, rows=json.dumps(list(rows), ensure_ascii=False), source=source)
    db.session.add(table)
    db.session.flush()
    current_app.extensions.pop(_KEPT, None)
    return table


def keep_unknown(name: str, rows: Sequence[Row], source: str) -> VocabularyTable:
    """Keep a table that the bureau sends and nothing here reads, for people to look at. The caller commits.

    Args:
        name: the bureau's own name of it.
        rows: as they came.
        source: as for ``replace_table``.

    Raises:
        TableRefused: a table of ours has this name.
    """
    if name in TABLES:
        raise TableRefused(f"{name} is known")
    table = VocabularyTable(name=name[:40], rows=json.dumps(list(rows), ensure_ascii=False), source=source)
    db.session.add(table)
    db.session.flush()
    return table


def versions(name: str, limit: int = 2) -> list[VocabularyTable]:
    """The newest stored versions of a table, newest first; none for one that is the package's own."""
    wanted = select(VocabularyTable).where(VocabularyTable.name == name).order_by(VocabularyTable.id.desc())
    return list(db.session.scalars(wanted.limit(limit)))


def latest() -> list[VocabularyTable]:
    """The newest stored version of every table that was ever replaced or kept."""
    newest = select(func.max(VocabularyTable.id)).group_by(VocabularyTable.name)
    return list(db.session.scalars(select(VocabularyTable).where(VocabularyTable.id.in_(newest))))


_KEPT = "vocabulary"
_KEPT_SECONDS = 2.0


def current() -> Vocabulary:
    """The newest snapshot: the package's tables with what the database puts over them.

    Another process learns of a new table within two seconds: every page asks, and a query each time would be a fifth
    of the check of a field.
    """
    if not has_app_context():
        return builtin()
    until, words = current_app.extensions.get(_KEPT, (0.0, None))
    if words is None or until < monotonic():
        words = _up_to(None)
        if words is builtin():  # tables of a transaction that may yet be rolled back are asked for each time
            current_app.extensions[_KEPT] = (monotonic() + _KEPT_SECONDS, words)
    return cast("Vocabulary", words)


def at(id_: str) -> Vocabulary:
    """The snapshot of an id, as recorded with a revision.

    Tables that were never replaced come from the package as it is now: they are kept in the history of its sources.
    """
    _, plus, number = id_.partition("+")
    return _up_to(int(number)) if plus and number.isdigit() else builtin()


def _up_to(last: int | None) -> Vocabulary:
    query = select(VocabularyTable.id, VocabularyTable.created_at).order_by(VocabularyTable.id.desc()).limit(1)
    newest = db.session.execute(query if last is None else query.where(VocabularyTable.id <= last)).first()
    if newest is None:
        return builtin()
    return _snapshot(newest.id, newest.created_at, db.engine.url.render_as_string())


@lru_cache(maxsize=16)
def _snapshot(newest: int, stored_at: dt.datetime, database: str) -> Vocabulary:
    """Build the snapshot of all rows up to ``newest``.

    The other arguments keep apart what else may carry the same number: an id used again after a rollback, and
    another site's database in the same process.
    """
    tables: dict[str, Table] = dict(builtin().tables)
    query = select(VocabularyTable).where(VocabularyTable.id <= newest).order_by(VocabularyTable.id)
    for table in db.session.scalars(query):
        tables[table.name] = tuple(json.loads(table.rows))
    return Vocabulary.from_tables(f"{builtin().id}+{newest}", tables)
