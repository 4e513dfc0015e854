"""The bureau's own code tables: those of the vocabulary, with the rows that it renamed, added or withdrew as it issued
them. What it checks follows what it has issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from icp.loopback_bureau.codes import Change
from icp.loopback_bureau.store import Connection
from icp.vocabulary import Vocabulary, builtin

ADDED: Mapping[str, Mapping[str, str]] = {"document_types": {"organisation_type": "5", "principal": "yes"}}
"""What an added row has beyond code and name, as it is issued."""


def keep(connection: Connection, changes: Iterable[Change]) -> None:
    """Remember rows that are issued otherwise than the vocabulary has them; a row without a name keeps what it had."""
    for change in changes:
        connection.execute(
            "INSERT INTO code_change (name, code, zh, valid) VALUES (?, ?, ?, ?) ON CONFLICT (name, code) DO UPDATE"
            " SET zh = coalesce(nullif(excluded.zh, ''), zh), valid = excluded.valid",
            (change.table, change.code, change.name, int(change.valid)),
        )


def kept(connection: Connection) -> tuple[Change, ...]:
    """Every row that differs from the vocabulary."""
    rows = connection.execute("SELECT name, code, zh, valid FROM code_change ORDER BY name, rowid")
    return tuple(Change(row["name"], row["code"], row["zh"], bool(row["valid"])) for row in rows)


def in_force(connection: Connection) -> Vocabulary:
    """The tables as they were issued last.

    Raises:
        ValueError: a region lies under none.
    """
    return _with(kept(connection))


@cache
def _with(changes: tuple[Change, ...]) -> Vocabulary:
    words = builtin()
    if not changes:
        return words
    tables = dict(words.tables)
    for name in {change.table for change in changes} & tables.keys():
        rows = {row["code"]: dict(row) for row in tables[name]}
        empty = dict.fromkeys(tables[name][0], "") if tables[name] else {}
        for change in (change for change in changes if change.table == name):
            new = {**empty, **ADDED.get(name, {}), "code": change.code, "zh": change.code}
            row = rows.setdefault(change.code, new)
            row["zh"] = change.name or row["zh"]
            row["withdrawn"] = "no" if change.valid else "yes"
        left = [row for row in rows.values() if name != "regions" or row.get("withdrawn") != "yes"]  # they are a tree
        tables[name] = tuple(left)
    return Vocabulary.from_tables(f"{words.id}-issued", tables)
