"""The tables of the interface's elements: sound in themselves, alike where the interface says so."""

from __future__ import annotations

import pytest

from icp.bureau.codec import schema
from icp.bureau.codec.schema import Row
from icp.loopback_bureau import checks, codes, downloads, notices

KINDS = {"group", "text", "number", "any", "attribute"}
ARRANGEMENTS = {"sequence", "all", "choice"}


def below(direction: str, top: str) -> dict[str, tuple[str, ...]]:
    """What a group holds: path below it → everything the table says of the element but its meaning."""
    return {
        row.path.removeprefix(top): (
            row.times, row.children, row.kind, row.shortest, row.longest, row.least, row.greatest, row.also,
        )
        for row in schema.rows(direction)
        if row.path.startswith(f"{top}/")
    }  # fmt: skip


@pytest.mark.parametrize("direction", schema.DIRECTIONS)
def test_every_row_is_sound(direction):
    rows = schema.rows(direction)
    seen: dict[str, Row] = {}
    for row in rows:
        assert row.path not in seen
        assert row is rows[0] or seen[row.parent].kind == "group", row.path
        assert row.kind in KINDS
        low, _, high = row.times.partition("-")
        assert low in ("0", "1")
        assert high in ("", "n") or int(high) >= int(low)
        holds_others = row.kind == "group" and not row.like
        assert (row.children in ARRANGEMENTS) is holds_others, row.path
        assert row.kind == "text" or not (row.shortest or row.longest), row.path
        assert row.kind == "number" or not (row.least or row.greatest or row.also), row.path
        for least, most in ((row.shortest, row.longest), (row.least, row.greatest)):
            assert not (least and most) or int(least) <= int(most), row.path
        seen[row.path] = row
    for row in rows:
        assert not row.like or (row.like in seen and seen[row.like].kind == "group"), row.path
        if row.kind == "group" and not row.like:
            assert any(other.parent == row.path for other in rows), row.path


def test_synchronised_filings_are_filings_but_for_the_languages():
    filing, synchronised = (below("download", f"/DownloadData/{top}/Baxx") for top in ("ICP/BASJ", "SJTB/ICP"))
    differ = {path for path in filing.keys() | synchronised.keys() if filing.get(path) != synchronised.get(path)}
    assert differ == {"/Wz_xx/Yylb"}
    assert synchronised["/Wz_xx/Yylb"][0] == "0-1"


def test_the_code_tables_inside_a_synchronisation_are_those_outside():
    likes = {row.path: row.like for row in schema.rows("download") if row.like}
    assert likes == {"/DownloadData/SJTB/JCDM": "/DownloadData/JCDM"}


def test_a_task_differs_from_a_filing_only_where_the_interface_says_so():
    task, filing = (below("download", f"/DownloadData/ICP/{group}/Baxx") for group in ("HSRW", "BASJ"))
    assert {path.rpartition("/")[2] for path in filing.keys() - task.keys()} == {
        "IspZtid", "IspWzid", "IspYmid", "IspJrid", "IspIpid", "Ispid", "Baxh",
        "Zsyxq", "Zslj", "Zsxh", "Shrxm", "Shsj",
    }  # fmt: skip
    assert task.keys() - filing.keys() == {"/Wz_xx/Jr_xx/Bbyhid", "/Wz_xx/Jr_xx/Bbyhlx"}


def test_where_the_table_follows_the_wire():
    rows = {row.path: row for row in schema.rows("download")}
    assert rows["/DownloadData/ICP/BAJG/Jg_xx/Czlx"].also == "35"
    assert rows["/DownloadData/ICP/ZXSJ/Zxxx/Zxlb"].greatest == "2"
    assert rows["/DownloadData/JCDM/Jcdm_xx/Fjytlx_dms/Fjzjlx/Ssdxlx"].least == "0"


def test_groups_of_both_directions():
    def groups(direction: str) -> set[str]:
        top = schema.rows(direction)[0].path + "/ICP"
        return {row.name for row in schema.rows(direction) if row.parent == top}

    assert groups("upload") == {"XZBA", "XZWZ", "XZJR", "BGBA", "ZXBA", "XZHYD", "HSJG", "WBACLJG", "Qqdwid"}
    assert groups("download") == {
        "BASJ", "ZXSJ", "HMDLB", "FFJRHMD", "WBAWZLB", "BAJG", "HSRW", "HCJG", "XGTZ",
    }  # fmt: skip
    assert checks.GROUPS.keys() <= groups("upload")


def test_the_loopback_bureau_knows_the_tables():
    rows = {row.path: row for row in schema.rows("download")}
    for table in codes.TABLES:
        row = f"/DownloadData/JCDM/Jcdm_xx/{table.group}/{table.row}"
        assert row in rows
        assert (f"{row}/Sfyx" in rows) is table.flagged
    for element in notices.CHECKS:
        assert f"/DownloadData/ICP/HCJG/Jgxx/{element}" in rows
    limits = {
        "XGTZ/Tzxx/Tznr": downloads.TEXT_LIMIT,
        "BAJG/GJSHS/Gjsh/Shyj": downloads.OPINION_LIMIT,
        "BASJ/Baxx/Zt_xx/Zj/Zjhm": downloads.DOCUMENT_NUMBER_LIMIT,
        "BASJ/Baxx/Wz_xx/Syurl": downloads.TEXT_LIMIT,
    }
    for path, limit in limits.items():
        assert rows[f"/DownloadData/ICP/{path}"].longest == str(limit)
