import re
from io import BytesIO

import pytest
from lxml import etree

from icp.bureau.codec import schema, wsdl, xml
from tests.bureau.bureau_samples import DOWNLOAD_BAJG, UPLOAD_XZBA, UPLOAD_ZXBA


def read(text: str):
    return xml.parse(text.encode("gbk"))


@pytest.mark.parametrize("direction", schema.DIRECTIONS)
def test_the_committed_schemas_are_what_the_tables_give(direction):
    assert (schema.DATA / f"{direction}.xsd").read_bytes() == schema.generate(direction)
    assert schema.main([]) == 0


def test_the_examples_are_valid():
    assert schema.check_upload(read(UPLOAD_XZBA)) == []
    assert schema.check_upload(read(UPLOAD_ZXBA)) == []
    assert schema.check_download(read(DOWNLOAD_BAJG)) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("<Bbfs>0</Bbfs>", "<Bbfs>2</Bbfs>", "Zt_xx/Bbfs"),
        ("<Bbfs>0</Bbfs>", "", "Zt_xx"),
        ("<Fzr_sjhm>13800000000</Fzr_sjhm>", "<Fzr_sjhm>1380000000</Fzr_sjhm>", "Fzr_sjhm"),
        ("<Qsip>3221225985</Qsip>", "<Qsip>4294967296</Qsip>", "Qsip"),
        ("<Shengid>350000</Shengid>", "<Shengid>35</Shengid>", "Shengid"),
        ("<Syurl>www.teahouse.example</Syurl>", "<Syurl></Syurl>", "Syurl"),
        (
            "<IspWzid>42001</IspWzid><Wzmc>示范茶馆</Wzmc>",
            "<Wzmc>示范茶馆</Wzmc><IspWzid>42001</IspWzid>",
            "Wz_xx/Wzmc",
        ),
        ("<Wzmc>示范茶馆</Wzmc>", f"<Wzmc>{'茶' * 513}</Wzmc>", "Wzmc"),
        ("<Qqdwid>350000000001</Qqdwid>", "", "ICP"),
        (' version="V.3.0"', "", "UploadData"),
    ],
)
def test_violations_are_found_and_named(old, new, path):
    assert old in UPLOAD_XZBA
    errors = schema.check_upload(read(UPLOAD_XZBA.replace(old, new, 1)))
    assert errors
    assert any(path in error.path for error in errors), errors
    assert all(error.message for error in errors)


@pytest.mark.parametrize(
    ("czlx", "valid"), [("1", True), ("7", True), ("35", True), ("8", False), ("36", False), ("x", False)]
)
def test_results_may_answer_operation_35(czlx, valid):
    text = DOWNLOAD_BAJG.replace("<Czlx>35</Czlx>", f"<Czlx>{czlx}</Czlx>")
    assert (schema.check_download(read(text)) == []) is valid


@pytest.mark.parametrize(
    "inside",
    [
        "<ICP/>",
        "<ICP><BAJG/></ICP>",
        "<ICP><HMDLB/></ICP>",
        "<SJTB/>",
        "<ICP><ZXSJ><Zxxx><Jlid>7</Jlid><Zxlb>2</Zxlb></Zxxx></ZXSJ></ICP>",
        "<JCDM><Jcdm_xx><Zxly_dms><Zxly_xx><Nr>不再运营</Nr><Id>1</Id><Sfyx>1</Sfyx></Zxly_xx></Zxly_dms></Jcdm_xx></JCDM>",
        "<SJTB><JCDM><Jcdm_xx><Yylb_dms><Yylb><Id>1</Id><Mc>中文</Mc><Sfyx>1</Sfyx></Yylb></Yylb_dms></Jcdm_xx></JCDM></SJTB>",
        "<JCDM><Jcdm_xx><Fjytlx_dms><Fjzjlx><Id>2</Id><Mc>证件</Mc><Ssdxlx>0</Ssdxlx><Sfyx>1</Sfyx></Fjzjlx></Fjytlx_dms>"
        "</Jcdm_xx></JCDM>",
    ],
)
def test_downloads_that_are_allowed(inside):
    assert schema.check_download(read(f'<DownloadData version="V.3.0">{inside}</DownloadData>')) == []


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<ICP/><JCDM/>",
        "<ICP><BASJ/></ICP>",
        "<ICP><ZXSJ><Zxxx><Jlid>7</Jlid><Zxlb>3</Zxlb></Zxxx></ZXSJ></ICP>",
        "<ICP><BAJG/><BAJG/></ICP>",
    ],
)
def test_downloads_that_are_not(inside):
    assert schema.check_download(read(f'<DownloadData version="V.3.0">{inside}</DownloadData>'))


def test_either_number_or_id_but_not_both():
    def with_site(site: str) -> list[schema.SchemaError]:
        return schema.check_upload(
            read(
                '<UploadData version="V.3.0"><ICP><Qqdwid>1</Qqdwid><XZJR><Xzxx>'
                f"<Wz_xx>{site}</Wz_xx><IspJrid>1</IspJrid><Wzfb><Fbdd>1</Fbdd></Wzfb><Wzjrfs><Jrfs>1</Jrfs></Wzjrfs>"
                "<Ip_xx><IspIpid>1</IspIpid><Qsip>1</Qsip><Zzip>1</Zzip></Ip_xx>"
                "<ICPmm>50c5af5b8b2bd0798435fdc2f756baae</ICPmm></Xzxx></XZJR></ICP></UploadData>"
            )
        )

    assert with_site("<Wzbah>闽ICP备00000001号-1</Wzbah>") == []
    assert with_site("<Wzid>7</Wzid>") == []
    assert with_site("<Wzbah>闽ICP备00000001号-1</Wzbah><Wzid>7</Wzid>")


@pytest.mark.parametrize("service", wsdl.SERVICES)
def test_wsdl_names_its_address_and_methods(service):
    text = wsdl.document(service, "http://127.0.0.1:8600/a?b&c")
    tree = etree.parse(BytesIO(text))
    (address,) = tree.findall(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address.get("location") == "http://127.0.0.1:8600/a?b&c"
    operations = set(re.findall(rb'<wsdl:operation name="(\w+)"', text))
    assert operations == {m.encode() for m, s in wsdl.METHODS.items() if s == service}


@pytest.mark.parametrize(
    ("direction", "path", "expected"),
    [
        ("upload", "ICP/BGBA/Bgxx/Zt_xx/Zj/Zjlx", {"least": "1", "greatest": "11"}),
        ("upload", "ICP/XZBA/Baxx/Zt_xx/Zj/Zjlx", {"least": "1", "greatest": "999"}),
        ("upload", "ICP/XZBA/Baxx/Zt_xx/Zj/Zjhm", {"longest": "255"}),
        ("download", "ICP/BASJ/Baxx/Zt_xx/Zj/Zjhm", {"longest": "128"}),
        ("upload", "ICP/XZWZ/Xzxx/Wz_xx/Syurl", {"longest": "512"}),
        ("download", "ICP/BASJ/Baxx/Wz_xx/Syurl", {"longest": "255"}),
        ("upload", "ICP/HSJG/Hsjgxx/Baxx/Zt_xx/Fzr/sjhm", {"times": "1"}),
        ("upload", "ICP/HSJG/Hsjgxx/Baxx/Wz_xx/Wz_Fzr/sjhm", {"times": "0-1"}),
        ("upload", "ICP/HSJG/Hsjgxx/Baxx/Wz_xx/Wz_Fzr", {"children": "sequence"}),
        ("upload", "ICP/HSJG/Hsjgxx/Baxx/Zt_xx/Fzr", {"children": "all"}),
        ("upload", "ICP/XZBA/Baxx/Wz_xx/Wz_Fzr", {"children": "all"}),
        ("upload", "ICP/XZBA/Baxx/Zt_xx/Fzr", {"children": "sequence"}),
        ("upload", "ICP/XZBA/Baxx/Wz_xx/Wz_Fzr/Fzr_xm", {"times": "1"}),
        ("upload", "ICP/HSJG/Hsjgxx/Baxx/Wz_xx/Jr_xx/Bbfs", {"times": "1"}),
        ("upload", "ICP/XZBA/Baxx/Fj/Fjxx", {"times": "1"}),
        ("upload", "ICP/XZHYD/Fjxx", {"times": "1-n"}),
        ("upload", "ICP/XZBA/Baxx/Fj/Fjxx/Fjssdx/Ssdxbs", {"kind": "number"}),
        ("upload", "ICP/XZWZ/Xzxx/Fj/Fjxx/Fjssdx/Ssdxbs", {"children": "choice"}),
        ("upload", "ICP/XZWZ/Xzxx/Zt_xx", {"children": "choice"}),
        ("upload", "ICP/XZJR/Xzxx/ICPmm", {"times": "1"}),
        ("upload", "ICP/BGBA/Bgxx/Wz_xx/Wz_Bz", {"kind": "any"}),
        ("upload", "ICP/BGBA/Bgxx/Wz_xx/Ym_xx/Ymid", {"times": "0-1"}),
        ("upload", "ICP/BGBA/Bgxx/Wz_xx/Jr_xx/Jrid", {"times": "1"}),
        ("upload", "ICP/ZXBA/Zx_xx/Zxlb", {"least": "0", "greatest": "2"}),
        ("download", "ICP/BAJG/Jg_xx/Czlx", {"greatest": "7", "also": "35"}),
        ("download", "ICP/ZXSJ/Zxxx/Zxlb", {"least": "0", "greatest": "2"}),
    ],
)
def test_the_differences_and_traps_of_the_interface_are_in_the_tables(direction, path, expected):
    root = {"upload": "/UploadData/", "download": "/DownloadData/"}[direction]
    (row,) = [row for row in schema.rows(direction) if row.path == root + path]
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(
    "path",
    [
        "HSJG/Hsjgxx/Baxx/Fj",
        "HSJG/Hsjgxx/Baxx/Zt_xx/Bbfs",
        "HSJG/Hsjgxx/Baxx/Zt_xx/Fzr/Fzr_sjhm",
        "HSJG/Hsjgxx/Baxx/Wz_xx/Yylb",
        "BGBA/Bgxx/Zt_xx/Bbfs",
        "BGBA/Bgxx/Wz_xx/Jr_xx/IspJrid",
        "XZHYD/Fj",
    ],
)
def test_elements_that_other_groups_have_are_not_in_these(path):
    assert f"/UploadData/ICP/{path}" not in {row.path for row in schema.rows("upload")}
