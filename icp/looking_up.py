"""Small reads that nearly every request makes, without what the ORM and a transaction cost around them.

A SELECT is compiled once for each kind of database and then handed to the driver itself: one statement sees one state
of the database anyway. For look-ups by key on the busiest pages; everything else goes through the session.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, Select

from icp.extensions import db


class LookUp:
    """A SELECT whose parameters are named with ``bindparam``.

    Args:
        statement: of columns, each with a name of its own; no lists among the parameters.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        named: Any = namedtuple  # the columns tell its fields
        self._make: Callable[[Any], Any] = named("Row", statement.selected_columns.keys())._make
        self._known: dict[str, _Compiled] = {}

    def all(self, **values: Any) -> list[Any]:
        """The rows, as named tuples."""
        engine = db.engine
        compiled = self._known.get(engine.dialect.name)
        if compiled is None:
            compiled = self._known[engine.dialect.name] = _Compiled(self._statement, engine.dialect)
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(compiled.sql, compiled.parameters(values))
            rows = cursor.fetchall()
            cursor.close()
        finally:
            connection.close()  # back to the pool
        return [self._make(compiled.read(row)) for row in rows]

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self.all(**values)), None)


class _Compiled:
    """A statement in one database's words, and how its values are written and read."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._values = compiled.params
        self._order: list[str] | None = getattr(compiled, "positiontup", None)
        self._writers = _those(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in getattr(compiled, "binds", {}).items()
        )
        self._readers = _those(
            (at, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for at, column in enumerate(statement.selected_columns)
        )

    def parameters(self, values: dict[str, Any]) -> Any:
        """What the driver takes."""
        filled = {**self._values, **values}
        for name, write in self._writers:
            filled[name] = write(filled[name])
        return filled if self._order is None else [filled[name] for name in self._order]

    def read(self, row: Any) -> Any:
        """A row as Python values."""
        if not self._readers:
            return row
        cells = list(row)
        for at, read in self._readers:
            cells[at] = read(cells[at])
        return cells


def _those(pairs: Any) -> list[tuple[Any, Callable[[Any], Any]]]:
    return [(key, process) for key, process in pairs if process is not None]
