"""Several providers, filings made elsewhere, queries about what is on record, the officer's view of requests."""

from __future__ import annotations

import re

import html5lib
import pytest
import requests

from icp.loopback_bureau.__main__ import main
from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import (
    OTHER,
    cancellation,
    change,
    enter,
    grouped,
    handled,
    kept_access,
    kept_sponsor,
    kept_website,
    material,
    new_access,
    new_website,
    other_provider,
    verification,
)
from tests.bureau.loopback_filing import ISP, filing, individual, principal, sponsor, website, xml_bytes


@pytest.fixture
def place(bureau) -> list[str]:
    return ["--instance", str(bureau.bureau.config.instance)]


# ---- providers


def test_providers_are_added_changed_removed_and_restored(bureau, place, capsys):
    assert main([*place, "account", "add", str(OTHER), "name=别家云", "user_name=other", "password=x1"]) == 0
    caller = Caller(bureau.url, isp=OTHER, user="other", password="x1")
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    assert main([*place, "account", str(OTHER), "permitted=0"]) == 0
    assert caller.upload(grouped("XZBA", filing(), isp=OTHER)).code == 19
    assert main([*place, "account", "remove", str(OTHER)]) == 0
    assert caller.call("isp_download").code == 12
    capsys.readouterr()
    assert main([*place, "account"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[-1]) for line in lines] == [(str(ISP), ""), (str(OTHER), "removed")]
    assert main([*place, "account", "restore", str(OTHER)]) == 0
    assert caller.call("isp_download").code == 2


@pytest.mark.parametrize(
    "words", [["add"], ["add", str(ISP)], ["add", "7", "colour=red"], ["7", "permitted=0"], ["user_name=x"], ["remove"]]
)
def test_what_can_not_be_done_about_a_provider(place, words, capsys):
    assert main([*place, "account", *words]) == 2
    assert capsys.readouterr().err


def test_each_provider_has_its_own_sequence_and_queue(bureau, caller):
    other = other_provider(bureau)
    enter(bureau, filing(), OTHER)
    assert other.upload(grouped("XZHYD", material(2, {"Jlid": 99}), isp=OTHER)).code == 0
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    assert caller.take() == []
    assert codes(other.take()[0]) == [1059]


def test_another_providers_file(bureau, caller):
    other = other_provider(bureau)
    other.upload(grouped("ZXBA", cancellation(0, 1)))
    assert codes(other.take()[0]) == [5003]


# ---- filings made elsewhere


def test_a_filing_made_from_options(bureau, place, caller, capsys):
    words = [
        "--domain",
        "far.example",
        "--domain",
        "away.example",
        "--ip",
        "203.0.113.7",
        "--name",
        "厦门远行贸易有限公司",
    ]
    assert main([*place, "register", *words]) == 0
    number, password, first, second = capsys.readouterr().out.strip().split("\t")
    assert (first, second) == (f"{number}-1", f"{number}-2")
    status = caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition="away.example").status
    assert (status.filed, status.website_number, status.subject_number) == (True, second, number)
    assert caller.call("isp_verifybamm", baxh=second, bamm=password).verified is True
    assert main([*place, "register", *words]) == 2
    assert main([*place, "register"]) == 2
    assert main([*place, "register", "--domain", "b.example", "--ip", "nowhere"]) == 2
    assert main([*place, "register", "--domain", "b.example", "--number", number]) == 2


def test_a_filing_from_a_file_with_number_and_password(bureau, place, caller, tmp_path, capsys):
    path = tmp_path / "xzba.xml"
    path.write_bytes(xml_bytes(grouped("XZBA", filing())))
    words = ["--file", str(path), "--number", "闽ICP备2019000042号", "--password", "Bamm1234"]
    assert main([*place, "register", *words, "--provider", str(OTHER)]) == 0
    assert capsys.readouterr().out == "闽ICP备2019000042号\tBamm1234\t闽ICP备2019000042号-1\n"
    path.write_text("<x/>")
    assert main([*place, "register", "--file", str(path)]) == 2


# ---- queries

DOCUMENTS = {
    1: (4, "91350100M000100Y43"),
    2: (5, "11010519491231002X"),
    3: (3, "123456789"),
    4: (3, "135010000001"),
    5: (1, "61234部队"),
    6: (6, "闽社证字001"),
    7: (5, "E12345678"),
    8: (5, "军字第001号"),
    9: (2, "123456789"),
    10: (6, "123456780"),
    11: (5, "01234567"),
}
"""Kind of query, which is the certificate type → organisation type and a number."""


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_status_query_by_each_kind_of_document(scene, kind):
    kind_of_organisation, number = DOCUMENTS[kind]
    paper = {"Zjlx": kind, "Zjhm": number, "Zjzs": "x"}
    scene.bureau.bureau.reset()
    site = enter(scene.bureau, filing(Zt_xx=sponsor(Dwxz=kind_of_organisation, Zj=paper)))
    status = scene.caller.call("isp_querybeianstatus", queryConditionType=kind, queryCondition=number.lower()).status
    assert (status.filed, status.subject_number, status.website_number) == (True, site.number, "")
    for other in DOCUMENTS:
        asked = scene.caller.call("isp_querybeianstatus", queryConditionType=other, queryCondition=number)
        assert asked.status.filed is (other == kind)


@pytest.mark.parametrize(
    ("kind", "condition"), [(12, "12345678"), (98, "12345678"), (0, "a.b"), (1, "1" * 256), (0, "")]
)
def test_a_status_query_that_asks_nothing(scene, kind, condition):
    assert scene.caller.call("isp_querybeianstatus", queryConditionType=kind, queryCondition=condition).code == 999


def test_password_checks_are_limited_by_number_and_told_so(scene):
    for _ in range(5):
        reply = scene.caller.call("isp_verifybamm", baxh=scene.site.website_number, bamm="Bamm1234")
        assert (reply.code, reply.verified) == (0, True)
    reply = scene.caller.call("isp_verifybamm", baxh=scene.site.number, bamm="Bamm1234")
    assert (reply.code, "5" in reply.message) == (22, True)
    assert scene.caller.call("isp_verifybamm", baxh="闽ICP备2026999999号", bamm="x").verified is False


# ---- the officer reads


@pytest.fixture
def read(scene):
    with requests.Session() as session:

        def page(group: str, record: object) -> str:
            scene.caller.upload(grouped(group, record))
            scene.bureau.bureau.settle()
            number = scene.bureau.bureau.requests()[-1]["id"]
            text = session.get(f"{scene.bureau.url}/requests/{number}", timeout=20).text
            html5lib.HTMLParser(strict=True).parse(text)
            assert session.get(scene.bureau.url + "/", timeout=20).status_code == 200
            return text

        yield page


def test_the_officer_sees_old_beside_new(scene, read):
    record = change(
        scene.site,
        Zt_xx=kept_sponsor(scene.site, Dwmc="福州青梧文化有限公司", Tzr=None, Fzr=principal(Qq="12345678")),
        Wz_xx=[kept_website(scene.site, Fwnr={"Fwnr_id": [8, 9]}, Jr_xx=[kept_access(scene.site, Wzfb={"Fbdd": 5})])],
    )
    for text in (read("BGBA", record), _decided(scene)):
        assert "<s>福州青梧文创有限公司</s>" in text
        assert "<ins>福州青梧文化有限公司</ins>" in text
        assert '<s>（空）</s> <span class="sr">改为：</span><ins>12345678</ins>' in text
        assert '<s>福州青梧文创有限公司</s> <span class="sr">改为：</span><ins>（空）</ins>' in text
        assert text.count("<s>") == 5
        assert "在案情况" not in text


def _decided(scene) -> str:
    """The page of the change once it is approved and the record is another."""
    number = scene.bureau.bureau.requests("pending")[0]["number"]
    scene.bureau.bureau.approve(number)
    row = scene.bureau.bureau.find(number)
    return requests.get(f"{scene.bureau.url}/requests/{row['id']}", timeout=20).text


def test_the_officer_sees_what_would_be_cancelled(scene, read):
    other = scene.second_access()
    text = read("ZXBA", cancellation(2, scene.site.jrid))
    for expected in ("ZXBA 取消接入", "接入（2）", "网站关闭（1）", "在案情况", "qingwu.example", "192.0.2.1"):
        assert expected in text
    assert str(other) not in text
    assert "Bamm" not in text


@pytest.mark.parametrize(
    ("group", "build", "expected"),
    [
        ("XZWZ", lambda s: new_website(s.site), ["XZWZ 新增网站", "tea.example", "在案情况", "福州青梧文创有限公司"]),
        ("XZJR", lambda s: new_access(s.site), ["XZJR 新增接入", "192.0.2.77", "在案情况", "qingwu.example"]),
        ("XZHYD", lambda s: material(2, {"Jlid": s.site.wzid}), ["网站备案信息真实性核验单", "附件（1 件", "已准予"]),
        ("HSJG", lambda s: verification(s.site), ["核实结果", "通过（0）", "与备案一致", "处理错误"]),
        ("WBACLJG", lambda s: handled(), ["192.0.2.200", "已停止接入（1）", "福建省（350000）", "处理时限"]),
        ("XZWZ", lambda s: new_website(s.site, Zt_xx={"Ztid": 99}), ["处理错误", "tea.example"]),
    ],
)
def test_the_officer_reads_each_group(scene, read, group, build, expected):
    text = read(group, build(scene))
    assert [word for word in expected if word not in text] == []


def test_the_officer_sees_what_a_verification_differs_in(scene, read):
    record = verification(scene.site)
    record["Baxx"]["Zt_xx"]["Dwmc"] = "福州青梧文化有限公司"
    text = read("HSJG", record)
    assert text.count("<s>") == 1
    assert "<s>福州青梧文创有限公司</s>" in text


def test_the_officer_may_answer_by_any_code_that_says_what_is_wrong(scene, read):
    text = read("XZWZ", new_website(scene.site))
    offered = [int(value) for value in re.findall(r'<option value="([0-9]{4})"', text)]
    assert (offered[0], 1028 in offered, 5999 in offered) == (1003, True, True)
    assert not {1001, 1002, 1060, 1062} & set(offered)
    assert not [code for code in offered if code // 1000 in (2, 3)]


def test_an_individual_without_telephone_may_add_a_website(scene):
    site = enter(scene.bureau, filing(4, "solo.example", Zt_xx=individual(4)))
    person = principal(Fzr_dhhm=None)
    assert scene.send("XZWZ", new_website(site, Wz_xx=[website(5, "tea.example", Wz_Fzr=person)])) == []
