"""The checks of a new filing: each code by a case, all codes of a record in one result, and what passes."""

from __future__ import annotations

from typing import Any

import pytest

from icp.bureau.codec import packing
from icp.loopback_bureau import issuing
from icp.loopback_bureau.checks.contacts import identity_card_fits
from icp.loopback_bureau.checks.sponsor import credit_code_fits
from icp.loopback_bureau.codes import Change
from tests.bureau.loopback_caller import codes
from tests.bureau.loopback_filing import (
    ISP,
    access,
    attachment,
    file,
    filing,
    heavy,
    individual,
    other_sponsor,
    picture,
    principal,
    sponsor,
    website,
)


def zj(kind: int, number: str) -> dict[str, Any]:
    return {"Zjlx": kind, "Zjhm": number, "Zjzs": "鼓楼"}


def where(*region: int) -> dict[str, Any]:
    names = ("Shengid", "Shiid", "Xianid")
    return {"Txdz": dict(zip(names, region, strict=False)) | {"Xxdz": "示例路"}}


def sponsored(**changes: Any) -> dict[str, Any]:
    return filing(Zt_xx=sponsor(**changes))


def with_person(**changes: Any) -> dict[str, Any]:
    return sponsored(Fzr=principal(**changes))


def sited(**changes: Any) -> dict[str, Any]:
    return filing(Wz_xx=[website(**changes)])


def site_person(**changes: Any) -> dict[str, Any]:
    return sited(Wz_Fzr=principal(**changes))


def ip(*ranges: tuple[str, str]) -> dict[str, Any]:
    return sited(Jr_xx=access(1, *ranges))


def approval(kind: int, scan: str) -> dict[str, Any]:
    return sited(Nrlx={"Nrlx_xx": {"Nrlx_id": kind, "Qzsph": "闽教 1 号", "Spwj": [scan]}})


RECORDS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1008, "licence check digit", sponsored(Zj=zj(1, "91350100M000100Y44"))),
    (1008, "unknown certificate type", sponsored(Zj=zj(99, "91350100M000100Y43"))),
    (1008, "organisation code", sponsored(Dwxz=3, Zj=zj(3, "1234"))),
    (1008, "of another organisation type", sponsored(Dwxz=3)),
    (1008, "identity card of 17 characters", filing(Zt_xx=individual(Zj=zj(2, "1101051949123100X")))),
    (1008, "principal's certificate type", with_person(Fzr_zjlx=1)),
    (1008, "principal's number without its type", with_person(Fzr_zjlx=None)),
    (1008, "website principal's number without its type", site_person(Fzr_zjlx=None)),
    (1008, "principal's type without its number", with_person(Fzr_zjlx=11, Fzr_zjhm=None)),
    (1015, "sponsor's check digit", filing(Zt_xx=individual(Zj=zj(2, "110105194912310021")))),
    (1015, "sponsor's birth date", filing(Zt_xx=individual(Zj=zj(2, "110105194913310023")))),
    (1015, "principal's", with_person(Fzr_zjhm="110105194912310021")),
    (1015, "website principal's", site_person(Fzr_zjhm="11010519491231")),
    (1014, "unknown", sponsored(Dwxz=7)),
    (1014, "missing", sponsored(Dwxz=None)),
    (1019, "unknown province", sponsored(**where(990000, 350100, 350102))),
    (1019, "city elsewhere", sponsored(**where(350000, 330100, 330102))),
    (1019, "county elsewhere", sponsored(**where(350000, 350100, 350203))),
    (1019, "a city as province", sponsored(**where(350100, 350100, 350102))),
    (1009, "sponsor's e-mail", with_person(Fzr_dzyj="lin@qingwu")),
    (1009, "one of two", site_person(Fzr_dzyj="lin@qingwu.example;lin")),
    (1010, "letters", with_person(Fzr_dhhm="0591-8765432x")),
    (1010, "missing", with_person(Fzr_dhhm=None)),
    (1011, "eleven digits that don't begin with 1", with_person(Fzr_sjhm="23800000000")),
    (1011, "letters", site_person(Fzr_sjhm="mobile-number")),
    (1012, "MSN", with_person(Msn="lin-qingwu")),
    (1013, "QQ", site_person(Qq="qq12345")),
    (1044, "sponsor principal's name", with_person(Fzr_xm=None)),
    (1031, "website principal's telephone", site_person(Fzr_dhhm=None)),
    (1004, "space", sited(Ym_xx={"IspYmid": 1, "Ym": "qing wu.example"}, Syurl=None)),
    (1004, "no dot", sited(Ym_xx={"IspYmid": 1, "Ym": "qingwu"}, Syurl=None)),
    (1004, "an address", sited(Ym_xx={"IspYmid": 1, "Ym": "192.0.2.1"}, Syurl=None)),
    (1004, "a category", sited(Ym_xx={"IspYmid": 1, "Ym": "com.cn"}, Syurl=None)),
    (1004, "a URL", sited(Ym_xx={"IspYmid": 1, "Ym": "http://qingwu.example/"}, Syurl=None)),
    (1039, "twice", sited(Ym_xx=[{"IspYmid": 1, "Ym": "a.example"}, {"IspYmid": 2, "Ym": "A.example."}], Syurl=None)),
    (
        1039,
        "domain id twice",
        sited(Ym_xx=[{"IspYmid": 1, "Ym": "a.example"}, {"IspYmid": 1, "Ym": "b.example"}], Syurl=None),
    ),
    (1037, "website id twice", filing(Wz_xx=[website(), website(2, "b.example", IspWzid=80001)])),
    (1038, "access id twice", filing(Wz_xx=[website(), website(2, "b.example", Jr_xx=access(1))])),
    (
        1038,
        "access id twice in a website",
        sited(Jr_xx=[access(1), access(2, ("192.0.2.2", "192.0.2.2"), IspJrid=95001)]),
    ),
    (1022, "no host", sited(Syurl="http://")),
    (1022, "scheme", sited(Syurl="ftp://qingwu.example")),
    (1041, "another domain", sited(Syurl="www.other.example")),
    (1041, "a domain that only ends alike", sited(Syurl="www.notqingwu.example")),
    (1020, "twice", filing(Wz_xx=[website(Wzmc="甲"), website(2, "b.example", Wzmc="甲")])),
    (1020, "one of several", filing(Wz_xx=[website(Wzmc="甲;乙"), website(2, "b.example", Wzmc="丙; 乙")])),
    (1033, "pre-approval", approval(60, picture())),
    (1034, "service content", sited(Fwnr={"Fwnr_id": [8, 60]})),
    (1035, "access method", sited(Jr_xx=access(Wzjrfs={"Jrfs": 60}))),
    (1036, "server location", sited(Jr_xx=access(Wzfb={"Fbdd": 60}))),
    (1066, "language", sited(Yylb={"Yylb_id": 60})),
    (1006, "ends before it begins", ip(("192.0.2.9", "192.0.2.1"))),
    (1006, "private", ip(("192.168.1.1", "192.168.1.1"))),
    (1006, "multicast", ip(("224.0.0.1", "224.0.0.1"))),
    (1024, "overlap", ip(("192.0.2.1", "192.0.2.9"), ("192.0.2.5", "192.0.2.12"))),
    (1040, "twice", ip(("192.0.2.1", "192.0.2.9"), ("192.0.2.1", "192.0.2.9"))),
    (1056, "attachment format", filing(Fj=[attachment(Fjwjgs=9)])),
    (1057, "attachment purpose", filing(Fj=[attachment(Fjyt=60)])),
    (1061, "sheet of a sponsor", filing(Fj=[attachment(1, 1, 70001)])),
    (1055, "owner outside the filing", filing(Fj=[attachment(owner_id=80099)])),
    (1061, "owner of a third kind", filing(Fj=[attachment(owner=3)])),
    (5010, "not base64", filing(Fj=[attachment(Fjnr="!!!!")])),
    (5010, "no picture", filing(Fj=[attachment(Fjnr="AAAA")])),
    (5010, "another format than it says", filing(Fj=[attachment(Fjnr=picture("PNG"))])),
    (5010, "larger than 100 KB", filing(Fj=[attachment(3, 1, 70001, Fjnr=heavy(101))])),
    (5010, "sheet larger than 150 KB", filing(Fj=[attachment(Fjnr=heavy(151))])),
    (5010, "approval scan", approval(3, picture("PNG"))),
    (5010, "approval scan too large", approval(3, heavy(101))),
)


@pytest.mark.parametrize(
    ("code", "record"), [(c, r) for c, _, r in RECORDS], ids=[f"{code} {name}" for code, name, _ in RECORDS]
)
@pytest.mark.shows("XZBA", by="code")
def test_a_record_is_answered_by_its_code_and_creates_nothing(bureau, caller, code, record):
    caller.upload(file(record))
    (root,) = caller.take()
    assert codes(root) == [code]
    assert root.findtext(".//Czlx") == "1"
    assert root.findtext(".//Bs") == str(record["Zt_xx"]["IspZtid"])
    assert str(code) != root.findtext(".//Dmms") != ""
    assert [row["state"] for row in bureau.bureau.requests()] == ["failed"]
    assert (
        caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition="qingwu.example").status.filed is False
    )


GOOD = (
    ("plain", filing()),
    (
        "individual without name and telephones",
        filing(Zt_xx=individual(), Wz_xx=[website(Wz_Fzr=principal(Fzr_dhhm=None))]),
    ),
    ("individual without type", filing(Zt_xx=individual(Dwxz=None))),
    ("registration number of 15 digits", filing(Zt_xx=other_sponsor(1))),
    ("public institution", sponsored(Dwxz=3, Zj=zj(3, "12345678-9"))),
    ("passport", filing(Zt_xx=individual(Zj=zj(7, "E12345678")))),
    ("a principal's passport", with_person(Fzr_zjlx=7, Fzr_zjhm="E12345678")),
    ("principals without certificates", sponsored(Fzr=principal(Fzr_zjlx=None, Fzr_zjhm=None))),
    ("one name twice for one website", sited(Wzmc="甲;甲")),
    ("municipality", sponsored(**where(110000, 110100, 110105))),
    ("no county", sponsored(**where(350000, 350100))),
    ("domain under a category", sited(Ym_xx={"IspYmid": 1, "Ym": "qingwu.com.cn"}, Syurl=None)),
    ("a province's own", sited(Ym_xx={"IspYmid": 1, "Ym": "qingwu.fj.cn"}, Syurl=None)),
    ("Chinese domain", sited(Ym_xx={"IspYmid": 1, "Ym": "青梧.中国"}, Syurl="www.青梧.中国")),
    ("Chinese domain in ASCII", sited(Ym_xx={"IspYmid": 1, "Ym": "xn--fiqs8s.example"}, Syurl=None)),
    ("home page with scheme and path", sited(Syurl="https://shop.qingwu.example/a?b=c")),
    (
        "several contacts",
        with_person(Fzr_dhhm="0591-87654321;0591-87654322", Fzr_dzyj="a@b.example;c@d.example", Qq="12345"),
    ),
    ("mobile with country code", with_person(Fzr_sjhm="+8613800000000")),
    ("approval with scan", approval(3, picture())),
    ("no attachment", filing(Fj=None)),
    ("PNG", filing(Fj=[attachment(Fjwjgs=2, Fjnr=picture("PNG"))])),
    ("as large as allowed", filing(Fj=[attachment(Fjnr=heavy(150)), attachment(3, 1, 70001, Fjnr=heavy(100))])),
    ("neighbouring ranges", ip(("192.0.2.1", "192.0.2.9"), ("192.0.2.10", "192.0.2.12"))),
    ("two websites", filing(Wz_xx=[website(), website(2, "b.example")])),
)


@pytest.mark.parametrize("record", [g[1] for g in GOOD], ids=[g[0] for g in GOOD])
def test_a_good_record_waits_for_its_decision_without_a_result(bureau, caller, record):
    caller.upload(file(record))
    assert caller.take() == []
    (row,) = bureau.bureau.requests("pending")
    assert (row["group_name"], row["reference"]) == ("XZBA", str(record["Zt_xx"]["IspZtid"]))


def spoiled(text: str, by: str) -> bytes:
    from tests.bureau.loopback_filing import xml_bytes

    data = xml_bytes(file(filing())).decode("gbk")
    assert text in data
    return data.replace(text, by, 1).encode("gbk")


WHITE = (
    ("e-mail", with_person(Fzr_dzyj=" " * 8), {1009}),
    ("mobile", with_person(Fzr_sjhm=" " * 12), {1011}),
    ("telephone", with_person(Fzr_dhhm=" " * 12), {1010}),
    ("a person's telephone", filing(Zt_xx=individual(Fzr=principal(Fzr_dhhm=" " * 12))), {1010}),
    ("MSN and QQ", with_person(Msn=" " * 6, Qq=" " * 5), {1012, 1013}),
    ("principal's name", with_person(Fzr_xm=" "), {1044}),
    ("a person's principal's name", filing(Zt_xx=individual(Fzr=principal(Fzr_xm=" "))), {1044}),
    ("website principal's name", site_person(Fzr_xm="\u3000"), {1999}),
    ("website principal's telephone", site_person(Fzr_dhhm=" " * 12), {1010, 1031}),
    ("passport number", site_person(Fzr_zjlx=7, Fzr_zjhm=" "), {1008}),
    ("identity card", site_person(Fzr_zjhm=" "), {1015}),
    ("subject's name", sponsored(Dwmc="  "), {1999}),
    ("investor", sponsored(Tzr="\t"), {1999}),
    ("certificate", sponsored(Zj=zj(1, " ")), {1008}),
    ("certificate's address", sponsored(Zj={"Zjlx": 1, "Zjhm": "91350100M000100Y43", "Zjzs": " "}), {1999}),
    ("street", sponsored(Txdz={"Shengid": 350000, "Shiid": 350100, "Xxdz": " "}), {1999}),
    ("remark", sponsored(Bz=" "), {1999}),
    ("website's name", sited(Wzmc=" "), {1020}),
    ("home page", sited(Syurl=" " * 4), {1022}),
    ("domain", sited(Ym_xx={"IspYmid": 1, "Ym": " " * 4}, Syurl=None), {1004}),
    ("picture", filing(Fj=[attachment(Fjnr=" ")]), {5010}),
    ("approval's scan", approval(3, " "), {5010}),
    ("remark of a picture", filing(Fj=[attachment(Bz=" ")]), {1999}),
)


@pytest.mark.parametrize(("record", "expected"), [w[1:] for w in WHITE], ids=[w[0] for w in WHITE])
def test_white_space_is_no_content(bureau, caller, record, expected):
    caller.upload(file(record))
    (root,) = caller.take()
    found = codes(root)
    assert (set(found), len(found)) == (expected, len(expected))
    assert [row["state"] for row in bureau.bureau.requests()] == ["failed"]


@pytest.mark.parametrize(
    "data",
    [
        spoiled("<ICP>", "<ICP><!-- 新增 --><?x y?>"),
        spoiled("</Xxdz>", "<!-- 路 --></Xxdz>"),
        spoiled("<UploadData", "<!-- 青梧 --><UploadData"),
        spoiled("<Zt_xx>", "<Zt_xx><!-- <Dwmc/> -->"),
    ],
    ids=["between groups", "within a value", "before all", "within a record"],
)
def test_comments_say_nothing(bureau, caller, data):
    caller.upload(data)
    assert caller.take() == []
    assert len(bureau.bureau.requests("pending")) == 1


def test_all_codes_of_a_record_come_in_one_result(caller):
    bad = filing(
        Zt_xx=sponsor(Dwxz=7, Fzr=principal(Fzr_dzyj="nobody", Fzr_xm=None)),
        Wz_xx=[website(Syurl="www.other.example", Yylb={"Yylb_id": 60})],
    )
    caller.upload(file(bad))
    (root,) = caller.take()
    assert len(root.findall(".//Jg_xx")) == 1
    assert sorted(codes(root)) == [1009, 1014, 1041, 1044, 1066]


def test_records_of_a_file_are_judged_one_by_one(bureau, caller):
    second = filing(2, "b.example", Zt_xx=other_sponsor(2))
    caller.upload(file(filing(), second, filing(3, "c.example", Zt_xx=other_sponsor(3))))
    (root,) = caller.take()
    assert (codes(root), root.findtext(".//Bs")) == ([1003], "70003")
    assert len(bureau.bureau.requests("pending")) == 2


def test_the_answers_to_the_records_of_a_file_come_in_one_file_in_their_order(caller):
    bad = [filing(n, f"a{n}.example", Zt_xx=other_sponsor(n, Dwxz=7)) for n in range(1, 31)]
    caller.upload(file(*bad, filing(31, "a31.example", Zt_xx=other_sponsor(31, Dwxz=7))))
    caller.upload(file(filing(32, "a32.example", Zt_xx=other_sponsor(32, Dwxz=7))))
    first, second = caller.take()
    assert [node.text for node in first.iter("Bs")] == [str(70000 + n) for n in range(1, 32)]
    assert codes(first) == [1014] * 31
    assert (codes(second), second.findtext(".//Bs")) == ([1014], "70032")


# ---- what the bureau keeps of its own


@pytest.mark.shows("1062", "1063", "1064", "1065")
def test_blacklists_and_the_providers_own_ranges(bureau, caller):
    bureau.bureau.blacklist("domain", "qingwu.example")
    bureau.bureau.blacklist("sponsor", "91350100M000100Y43")
    bureau.bureau.set_account(ISP, ip_ranges="198.51.100.0-198.51.100.255 192.0.2.0-192.0.2.8")
    caller.upload(file(ip(("192.0.2.1", "192.0.2.9"))))
    (root,) = caller.take()
    assert sorted(codes(root)) == [1063, 1064, 1065]
    texts = [node.text for node in root.iter("Dmms")]
    assert "某网站的某域名在黑名单中：青梧手作馆 1：qingwu.example" in texts
    bureau.bureau.blacklist("domain", "qingwu.example", listed=False)
    bureau.bureau.blacklist("sponsor", "91350100M000100Y43", listed=False)
    caller.upload(file(filing()))
    (root,) = caller.take()
    assert (codes(root), root.findtext(".//Bs")) == ([1062], "70001")
    assert len(bureau.bureau.requests("pending")) == 1


# ---- the whole file


HEAD = '<?xml version="1.0" encoding="GBK"?>'
EMPTY = b'<UploadData version="V.3.0"><ICP><Qqdwid>350000000001</Qqdwid></ICP></UploadData>'
FILES = (
    (5004, "version", file(filing(), version="V.2.0")),
    (5004, "version before the schema", spoiled('version="V.3.0"><ICP>', 'version="V.2.1"><ABC/><ICP>')),
    (5001, "an empty value", spoiled("<Xxdz>示例路 1 号</Xxdz>", "<Xxdz/>")),
    (5001, "a missing element", spoiled("<Yylb><Yylb_id>1</Yylb_id></Yylb>", "")),
    (5001, "not well-formed", spoiled("</Xxdz>", "")),
    (5001, "a document type", spoiled("<UploadData", "<!DOCTYPE UploadData><UploadData")),
    (5001, "1001 records", file(*[filing(Fj=None)] * 1001)),
    (5003, "another caller", file(filing(), isp=ISP + 1)),
    (5008, "a character outside GBK", file(sponsored(Dwmc="青梧🙂"))),
    (5008, "bytes that are no GBK", spoiled("<Xxdz>示", "<Xxdz>").replace(b"<Xxdz>", b"<Xxdz>\xff\xff", 1)),
    (5008, "declared as UTF-8", spoiled('encoding="GBK"', 'encoding="utf-8"').decode("gbk").encode()),
    (5008, "UTF-8 by its first bytes", spoiled(HEAD, "").decode("gbk").encode("utf-8-sig")),
    (5004, "declared as UTF-8 and of another version", b'<?xml version="1.0" encoding="UTF-8"?><UploadData/>'),
    (5999, "no record", EMPTY),
    (5011, "another module", b'<UploadData version="V.3.0"><IP><Qqdwid>350000000001</Qqdwid></IP></UploadData>'),
)


@pytest.mark.parametrize(("code", "root"), [(c, r) for c, _, r in FILES], ids=[f"{c} {n}" for c, n, _ in FILES])
@pytest.mark.shows(by="code")
def test_a_whole_file_is_answered_with_its_name(bureau, caller, code, root):
    reply = caller.upload(root, name="20301231083000Z7.xml")
    assert reply.code == 0
    (answer,) = caller.take()
    assert codes(answer) == [code]
    text = answer.findtext(".//Dmms")
    assert text == "20301231083000Z7.xml" or (
        code == 5004 and text.startswith("20301231083000Z7.xml") and "V.3.0" in text
    )
    assert answer.find(".//Bs") is None
    assert bureau.bureau.requests() == []


@pytest.mark.shows("5009")
def test_a_business_the_provider_has_no_permission_for(bureau, caller):
    bureau.bureau.set_account(ISP, businesses="XZJR BGBA")
    caller.upload(file(filing()))
    assert codes(caller.take()[0]) == [5009]


def test_the_callers_id_is_a_number_however_it_is_written(bureau, caller):
    caller.upload(spoiled(f"<Qqdwid>{ISP}</Qqdwid>", f"<Qqdwid> +0{ISP}\n</Qqdwid>"))
    assert caller.take() == []
    assert len(bureau.bureau.requests("pending")) == 1


@pytest.mark.parametrize("head", ["", *(HEAD.replace("GBK", name) for name in ("gbk", "gb2312", "GB18030"))])
def test_the_declaration_may_name_gbk_in_other_words_or_be_left_out(bureau, caller, head):
    caller.upload(spoiled(HEAD, head))
    assert caller.take() == []
    assert len(bureau.bureau.requests("pending")) == 1


def test_what_is_checked_follows_the_code_tables_as_they_were_issued(bureau, caller):
    def answered(record: dict[str, Any]) -> list[int]:
        caller.upload(file(record))
        return [code for root in caller.take() for code in codes(root)]

    lately = {"Yylb": {"Yylb_id": 18}}
    assert answered(sited(**lately)) == [1066]
    bureau.bureau.issue(issuing.code_tables, [], [Change("languages", "18", "世界语")])
    assert answered(sited(**lately)) == []
    bureau.bureau.issue(issuing.code_tables, [], [Change("languages", "1", valid=False)])
    assert 1066 in answered(filing(Zt_xx=other_sponsor()))
    bureau.bureau.issue(issuing.code_tables, [], [Change("languages", "1", "中文简体")])
    assert 1066 not in answered(filing(Zt_xx=other_sponsor()))


# ---- check digits


@pytest.mark.parametrize("code", ["91350100M000100Y43"])
def test_credit_codes(code):
    assert credit_code_fits(code)
    assert not any(credit_code_fits(code[:-1] + other) for other in "0123456789ABCDEF" if other != code[-1])


def test_identity_cards():
    assert identity_card_fits("11010519491231002X")
    assert not any(identity_card_fits(f"11010519491231002{d}") for d in range(10))
    assert not identity_card_fits("110105194902300020")


def test_a_name_the_zip_gives_is_kept(caller):
    caller.upload(file(filing()), name="abc.xml")
    assert packing.NAME.fullmatch(caller.call("isp_querypreviousupload").file.name)
