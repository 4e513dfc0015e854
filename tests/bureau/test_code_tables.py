"""JCDM: every table of the interface becomes one of ours, what is known of a code stays."""

import csv

import pytest

from icp.bureau.codec import xml
from icp.bureau.codec.schema import DATA
from icp.bureau.messages import code_tables
from icp.vocabulary import builtin
from icp.vocabulary.tables import TABLES, Vocabulary

JCDM = '<?xml version="1.0" encoding="GBK"?><DownloadData version="V.3.0"><JCDM>{}</JCDM></DownloadData>'


def group(inside):
    return xml.parse(JCDM.format(inside).encode("gbk")).find("JCDM")


def table(name, *rows, element=""):
    element = element or code_tables.TABLES[name].element
    inside = "".join(
        f"<{element}>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in row.items())}</{element}>" for row in rows
    )
    return f"<Jcdm_xx><{name}>{inside}</{name}></Jcdm_xx>"


def read(inside, words=None):
    return {f.element: f for f in (code_tables.read(e, words or builtin()) for e in code_tables.parts(group(inside)))}


def by_code(found):
    return {row["code"]: row for row in found.rows}


def test_every_table_of_the_interface_has_its_place():
    rows = csv.DictReader((DATA / "download_elements.csv").read_text(encoding="utf-8").splitlines())
    paths = [
        row["path"].removeprefix("/DownloadData/JCDM/").split("/") for row in rows if "/JCDM/Jcdm_xx/" in row["path"]
    ]
    said = {(path[1], path[2]): set() for path in paths if len(path) == 3}
    for path in paths:
        if len(path) == 4:
            said[path[1], path[2]].add(path[3])
    assert {(name, source.element) for name, source in code_tables.TABLES.items()} == set(said)
    for (name, _), columns in said.items():
        source = code_tables.TABLES[name]
        assert source.table in TABLES
        assert {source.name, *(source.more or {}).values()} <= columns
        # Read in every table, or left in the sealed file on purpose.
        assert columns - {source.name, *(source.more or {}).values()} <= {"Id", "Bz", "Sfyx", "Dzyj", "Sjhm"}


def test_names_are_the_bureaus_and_the_rest_stays():
    found = read(
        table(
            "Wzjrfs_dms",
            {"Id": 3, "Ysid": 4, "Mc": "虚拟主机", "Sfyx": 1},
            {"Id": 1, "Ysid": 1, "Mc": "专线接入", "Bz": "新名", "Sfyx": 1},
            {"Id": 9, "Ysid": 256, "Mc": "云接入", "Sfyx": 1},
        )
    )["Wzjrfs_dms"]
    rows = by_code(found)
    assert (rows["3"]["en"], rows["1"]["en"], rows["9"]["en"]) == ("Virtual (shared) hosting", "专线接入", "云接入")
    assert (rows["9"]["mask"], rows["1"]["remark"]) == ("256", "新名")
    words = Vocabulary.from_tables("t", {**builtin().tables, found.table: found.rows})
    assert [o.code for o in words.options("access_methods")] == ["3", "1", "9"]
    assert not words.has("access_methods", "2")
    assert words.label("access_methods", "2") == builtin().label("access_methods", "2")


def test_what_is_no_longer_valid_keeps_its_name_only():
    found = read(table("Dwxz_dms", {"Id": 4, "Mc": "企业", "Sfyx": 1}, {"Id": 5, "Mc": "个人", "Sfyx": 0}))["Dwxz_dms"]
    words = Vocabulary.from_tables("t", {**builtin().tables, found.table: found.rows})
    assert [o.code for o in words.options("organisation_types")] == ["4"]
    assert words.label("organisation_types", "5") == "个人"
    again = read(table("Dwxz_dms", {"Id": 5, "Mc": "个人", "Sfyx": 1}), words)["Dwxz_dms"]
    assert by_code(again)["5"]["withdrawn"] == "no"
    assert by_code(again)["4"]["withdrawn"] == "yes"


def test_what_we_made_up_goes_when_the_bureau_speaks():
    found = read(table("Zxly_dms", {"Id": 7, "Nr": "网站不再使用", "Sfyx": 1}))["Zxly_dms"]
    assert [(row["code"], row["provisional"]) for row in found.rows] == [("7", "no")]


@pytest.mark.parametrize(
    ("classes", "types"),
    [(["4", "5"], ["4", "5"]), (["4", "77"], ["4", "5"])],
)
def test_documents_belong_to_the_types_the_bureau_names(classes, types):
    rows = [{"Id": i, "Mc": "证", "Dwflid": c, "Sfyx": 1} for i, c in zip((1, 2), classes, strict=True)]
    rows = by_code(read(table("Zjlx_dms", *rows))["Zjlx_dms"])
    assert [rows[c]["organisation_type"] for c in ("1", "2")] == types
    assert rows["2"]["principal"] == "yes"


def test_documents_are_read_by_the_organisation_types_of_the_same_file():
    parts = code_tables.parts(group(table("Zjlx_dms", {"Id": 1}) + table("Dwxz_dms", {"Id": 1})))
    assert [part.tag for part in parts] == ["Dwxz_dms", "Zjlx_dms"]


@pytest.mark.parametrize("first", [0, 1])
def test_owners_of_attachments_count_from_nought_or_from_one(first):
    row = {"Mc": "材料", "Sfyx": 1}
    website, subject = {"Id": 1, "Ssdxlx": first + 1, **row}, {"Id": 8, "Ssdxlx": first, **row}
    rows = by_code(read(table("Fjytlx_dms", website, subject))["Fjytlx_dms"])
    assert (rows["1"]["owner"], rows["1"]["base64_kb"]) == ("website", "150")
    assert (rows["8"]["owner"], rows["8"]["base64_kb"]) == ("subject", "100")


def test_regions_without_a_bureau_are_left_out():
    rows = [{"Id": code, "Mc": "名", "Sfyx": valid} for code, valid in (("350000", 1), ("810000", 1), ("350100", 0))]
    assert [row["code"] for row in read(table("Qy_dms", *rows))["Qy_dms"].rows] == ["350000"]


def test_units_and_bureaus():
    units = (
        "<Bbdwlb><Bbdw><Id>350000000001</Id><Dwmc>澄舟云</Dwmc><Shengid>350000</Shengid><Sfyx>1</Sfyx></Bbdw></Bbdwlb>"
    )
    found = read(
        units
        + table(
            "Gj_dms", {"Id": 4, "Ysid": 8, "Bm": "fj", "Mc": "福建局", "Sjhm": "13900000000", "Dzyj": "a@b.example"}
        )
    )
    assert found["Bbdwlb"].table == "reporting_units"
    assert found["Bbdwlb"].rows[0]["province"] == "350000"
    (row,) = found["Gj_dms"].rows
    assert row["abbreviation"] == "fj"
    assert not {"13900000000", "a@b.example"} & set(row.values())


def test_what_is_odd_survives():
    found = read(
        "<Jcdm_xx><Neu_dms><Neu_xx><Id>1</Id><Wert>甲</Wert></Neu_xx></Neu_dms><Yylb_dms/></Jcdm_xx><Jcdm_xx/>"
        + table("Fjwjgs_dms", {"Id": "", "Mc": "空"}, {"Id": 3}, {"Id": "A1", "Mc": "PDF"})
    )
    assert found["Neu_dms"].table == ""
    assert found["Neu_dms"].rows == ({"Id": "1", "Wert": "甲"},)
    assert found["Yylb_dms"].rows == ()
    assert [row["code"] for row in found["Fjwjgs_dms"].rows if row["withdrawn"] == "no"] == ["A1"]


def test_the_same_file_again_says_the_same():
    inside = table("Yylb_dms", {"Id": 1, "Mc": "中文", "Sfyx": 1}, {"Id": 40, "Mc": "新语", "Sfyx": 1})
    first = read(inside)["Yylb_dms"]
    words = Vocabulary.from_tables("t", {**builtin().tables, first.table: first.rows})
    assert read(inside, words)["Yylb_dms"] == first
