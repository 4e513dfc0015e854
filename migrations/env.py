"""How alembic meets the site: ``flask db upgrade`` and ``make migration m="what changes"``."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text

from icp.extensions import UtcDateTime, db

LOCK = 20_260_301  # any number; processes that start together migrate one after the other


def number(migration: MigrationContext, revision: Any, directives: list[MigrationScript]) -> None:
    """Number migrations 0001, 0002 …, and make none when nothing has changed."""
    script = directives[0]
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()
        return
    known = ScriptDirectory.from_config(context.config).walk_revisions()
    script.rev_id = f"{1 + len(list(known)):04}"


def render(kind: str, item: Any, autogen: Any) -> str | bool:
    """Our own types are written as what the database sees, so that old migrations don't need today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Run what is due in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        process_revision_directives=number,
        render_item=render,
        transactional_ddl=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


def main() -> None:
    """Online only: a script of SQL could not know what a batch needs."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            run(connection)
            return
        # SQLite changes a table by copying it; foreign keys would empty the tables that point there. The setting has
        # no effect inside a transaction, so it goes to the driver before the first one.
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 # for the type checker
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection.execution_options(write=True))
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


main()
