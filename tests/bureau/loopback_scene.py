"""A bureau with one filing on record, and tables of records that it answers by their codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from icp.bureau.codec.numbers import ip_to_int
from icp.loopback_bureau.server import Running
from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import (
    OTHER,
    Site,
    enter,
    grouped,
    new_website,
)
from tests.bureau.loopback_filing import (
    access,
    filing,
    other_sponsor,
    website,
)

BAD = "0" * 32
LICENCE = "350200100012345"


@dataclass
class Scene:
    """A fresh bureau with one filing of the caller on record, and the caller."""

    bureau: Running
    caller: Caller
    site: Site

    def send(self, group: str, *records: dict[str, Any]) -> list[Any]:
        """Upload, and take what is answered at once."""
        assert self.caller.upload(grouped(group, *records)).code == 0
        return self.caller.take()

    def waits(self, group: str, record: dict[str, Any]) -> None:
        """Upload what then waits for its decision."""
        assert self.send(group, record) == []

    def approved(self, group: str, record: dict[str, Any]) -> None:
        self.waits(group, record)
        self.bureau.bureau.approve(self.bureau.bureau.requests("pending")[0]["number"])
        self.caller.take()

    def sql(self, text: str, *values: Any) -> None:
        with self.bureau.bureau.store.write() as connection:
            connection.execute(text, values)

    def table_dump(self) -> list[list[tuple[Any, ...]]]:
        """Everything on record, to be compared with what is there later."""
        names = ("sponsor", "website", "domain", "access", "ip_range")
        with self.bureau.bureau.store.read() as connection:
            return [[tuple(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY id")] for name in names]

    def second_access(self, isp: int = OTHER) -> int:
        """Another provider gives access to the website as well."""
        self.sql(
            "INSERT INTO access (website_id, isp_id, locations, methods) VALUES (?, ?, '4', '3')", self.site.wzid, isp
        )
        with self.bureau.bureau.store.read() as connection:
            row = connection.execute("SELECT max(id) FROM access").fetchone()
            connection.close()
        address = ip_to_int("203.0.113.9")
        self.sql("INSERT INTO ip_range (access_id, first, last) VALUES (?, ?, ?)", row[0], address, address)
        return int(row[0])

    def second_website(self) -> int:
        self.approved("XZWZ", new_website(self.site))
        with self.bureau.bureau.store.read() as connection:
            return int(connection.execute("SELECT max(id) FROM website").fetchone()[0])


Build = Callable[[Scene], dict[str, Any]]
Case = tuple[int, str, str, Build]


def table(group: str, *cases: tuple[int, str, Build]) -> tuple[Case, ...]:
    return tuple((code, group, name, build) for code, name, build in cases)


def then(record: Build, *before: Callable[[Scene], object]) -> Build:
    """The record, after something else was done."""

    def build(scene: Scene) -> dict[str, Any]:
        for step in before:
            step(scene)
        return record(scene)

    return build


def cancelled(kind: int) -> Callable[[Scene], None]:
    table, at = {0: ("sponsor", "ztid"), 1: ("website", "wzid"), 2: ("access", "jrid")}[kind]
    return lambda s: s.sql(f"UPDATE {table} SET cancelled_at = 1 WHERE id = ?", getattr(s.site, at))


def waiting(group: str, record: Build) -> Callable[[Scene], None]:
    return lambda s: s.waits(group, record(s))


def foreign(scene: Scene) -> None:
    """The filing is accessed through another provider alone."""
    scene.sql("UPDATE access SET isp_id = ?", OTHER)


def blacklisted(kind: str, value: str) -> Callable[[Scene], None]:
    return lambda s: s.bureau.bureau.blacklist(kind, value)


def elsewhere(scene: Scene) -> None:
    """Another filing on record, of another provider."""
    other = filing(9, "b.example", Zt_xx=other_sponsor(9), Wz_xx=[website(9, "b.example", Jr_xx=foreign_access())])
    enter(scene.bureau, other, OTHER)


def foreign_access() -> dict[str, Any]:
    return access(9, ("203.0.113.1", "203.0.113.9"))


OPERATIONS = {"XZWZ": "2", "XZJR": "3", "BGBA": "4", "XZHYD": "35", "HSJG": "1", "WBACLJG": "1"}
"""Group → Czlx; a cancellation's follows from its kind."""
TOGETHER = {
    ("BGBA", "website cancelled"): {1050, 1048},
    ("HSJG", "sponsor cancelled"): {1049, 1016},
}
"""What can't be wrong alone: all codes of such a case."""


def parametrized(cases: tuple[Case, ...]) -> pytest.MarkDecorator:
    """One test for each case of a table."""
    return pytest.mark.parametrize(
        ("code", "group", "name", "build"), cases, ids=[f"{group} {code} {name}" for code, group, name, _ in cases]
    )


def check(scene: Scene, code: int, group: str, name: str, build: Build) -> None:
    """Send the record of a case and look at its answer."""
    record = build(scene)
    before = len(scene.bureau.bureau.requests())
    (root,) = scene.send(group, record)
    assert code in codes(root)
    assert set(codes(root)) <= TOGETHER.get((group, name), {code})
    kinds = {0: "6", 1: "7", 2: "5"}
    assert root.findtext(".//Czlx") == (kinds[record["Zxlb"]] if group == "ZXBA" else OPERATIONS[group])
    assert root.findtext(".//Bs")
    (row,) = scene.bureau.bureau.requests()[before:]
    assert row["state"] == {1060: "approved", 1062: "pending"}.get(code, "failed")
