"""The floor: a bare Flask view, and a view that writes one row, on the server and database the site uses."""

import os
import sqlite3
import threading

from flask import Flask

app = Flask(__name__)
_local = threading.local()


def _database() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None, timeout=10)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            _local.connection.execute(f"PRAGMA {pragma}")
        _local.connection.execute("CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, value TEXT, at TEXT)")
        _local.connection.execute("INSERT OR IGNORE INTO floor VALUES (1, '', '')")
    return _local.connection


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/write")
def write() -> str:
    connection = _database()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE floor SET value = value || 'x', at = datetime('now') WHERE id = 1")
    connection.execute("UPDATE floor SET value = '' WHERE length(value) > 200")
    connection.execute("COMMIT")
    return "written"
