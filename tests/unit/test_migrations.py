"""What a migration makes of the rows that are there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from icp.bureau.messages import codes
from icp.bureau.messages.results import INFORMATION
from icp.extensions import db
from tests.conftest import build
from tests.postgres import Server

FILING = {
    "id": 1, "number": "BA-261127-0001-3", "operation": "new_filing", "state": "bureau_returned", "mode": "0",
    "entrance": "direct", "province": "350000", "subject_name": "", "domain": "", "website_name": "",
    "subject_key": "", "revision_no": 1, "resubmitted": False, "clock_used": 0,
}  # fmt: skip
MARK = {"filing_id": 1, "revision_no": 1, "path": "filing", "severity": "error", "answer": ""}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_marks_that_are_there_are_told_apart_by_who_can_act_on_them(kind, tmp_path, request):
    uri = ""
    if kind == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        uri = server.address(server.create())
    said = [*((str(code), "bureau") for code in codes.CODES.keys() - INFORMATION), ("1053", "reviewer"), ("", "whole")]
    with build(tmp_path, database_uri=uri).app_context():
        upgrade(revision="0010")
        tables = sa.MetaData()
        tables.reflect(db.engine, only=["filing", "mark"])
        at = dict.fromkeys(("state_since", "created_at", "updated_at"), sa.func.current_timestamp())
        rows = [
            {**MARK, "id": n, "uid": f"{n:032d}", "code": code, "source": source}
            for n, (code, source) in enumerate(said, 1)
        ]
        with db.engine.begin() as connection:
            connection.execute(sa.insert(tables.tables["filing"]).values(**FILING, **at))
            for row in rows:
                connection.execute(sa.insert(tables.tables["mark"]).values(**row, created_at=at["created_at"]))
        upgrade()
        with db.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT code, source, audience FROM mark ORDER BY id")).all()
        assert [tuple(row) for row in found] == [
            (code, source, "provider" if source == "bureau" and codes.is_ours(int(code)) else "host")
            for code, source in said
        ]
        downgrade(revision="0010")
        assert "audience" not in {column["name"] for column in sa.inspect(db.engine).get_columns("mark")}
