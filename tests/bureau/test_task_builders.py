"""What goes to the bureau in answer to its tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icp.bureau.codec import xml
from icp.bureau.messages import TASK_BUILDERS, BuiltRecord, TaskReport
from icp.bureau.messages.build import MessageRefused
from icp.register.records import DomainRecord
from icp.tasks.answers import ApprovalScan, MaterialAnswer, MaterialPicture, UnfiledAnswer, VerifyAnswer
from icp.vocabulary import builtin
from tests.bureau.golden import golden, same
from tests.bureau.known_filing import ISP, NUMBER, PRINCIPAL, access, on_record, website

PERSON = replace(PRINCIPAL, qq="100010")
SITE = website(
    1,
    principal=PERSON,
    pre_approvals=(("5", "闽新广审字1号"),),
    domains=(DomainRecord("qingwu-w1.example", 7001), DomainRecord("alt.example", 7009)),
    accesses=(replace(access(5001), mode="1"),),
)
SCANS = (ApprovalScan(9001, "5", "AAAA"), ApprovalScan(9001, "5", "BBBB"), ApprovalScan(9002, "5", "CCCC"))
VERIFIED = VerifyAnswer(
    passed=False,
    verifier="郑核验",
    verified_on="2026-11-25",
    opinion="通信地址有误",
    errors="门牌号不存在",
    filing=on_record(SITE, principal=PERSON),
    scans=SCANS,
)
UNFILED = UnfiledAnswer(
    domain="weibei.example",
    address=3405803800,
    carrier=77,
    provider=ISP,
    province="350000",
    code="2",
    opinion="已停止接入",
    entered_on="2026-11-20",
    due_on="2026-11-30",
    reporter_name="郑核验",
    reporter_phone="0591-87654321",
    reporter_email="zheng@provider.example",
)
MATERIAL = MaterialAnswer(
    (
        MaterialPicture("2", f"{NUMBER}-1", 9001, "1", "1", "AAAA"),
        MaterialPicture("1", NUMBER, None, "3", "2", "BBBB", "补报"),
    )
)


def build(group, answer):
    return TASK_BUILDERS[group](TaskReport(answer, ISP, builtin()))


def refused(group, answer):
    with pytest.raises(MessageRefused) as error:
        build(group, answer)
    return [c.path for c in error.value.corrections]


@pytest.mark.parametrize(("group", "answer"), [("HSJG", VERIFIED), ("WBACLJG", UNFILED), ("XZHYD", MATERIAL)])
def test_the_message_is_the_one_written_by_hand(group, answer):
    assert same(xml.parse(build(group, answer).xml), golden(group))


def test_records_of_the_answers():
    assert build("HSJG", VERIFIED).records == (BuiltRecord("", "900", "subject", ("900",)),)
    assert build("WBACLJG", UNFILED).records == (BuiltRecord("", "weibei.example", "domain"),)
    assert build("XZHYD", MATERIAL).records == (
        BuiltRecord("35", "9001", "pictures[1]"),
        BuiltRecord("35", NUMBER, "pictures[2]"),
    )


def test_verified_data_take_the_subjects_mode_and_bear_what_may_be_missing():
    quiet = replace(PRINCIPAL, mobile="")
    site = website(1, principal=quiet, languages=(), service_content=("1",))
    root = build("HSJG", replace(VERIFIED, passed=True, errors="", filing=on_record(site, mode="1"), scans=())).root
    result = root.find("ICP/HSJG/Hsjgxx")
    assert xml.text_of(result, "Hsjg") == "0"
    assert result.find("Cwxx") is None
    assert xml.text_of(result, "Baxx/Wz_xx/Jr_xx/Bbfs") == "1"
    assert result.find("Baxx/Zt_xx/Bbfs") is None
    assert result.find("Baxx/Wz_xx/Yylb") is None
    assert result.find("Baxx/Wz_xx/Wz_Fzr/sjhm") is None
    assert not list(result.iter("Fj", "Fzr_sjhm", "Baxh"))


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"opinion": ""}, ["opinion"]),
        ({"opinion": "有" * 1025}, ["opinion"]),
        ({"errors": "😀"}, ["errors"]),
        ({"verified_on": "25.11.2026"}, ["verified_on"]),
        ({"verified_on": "2026-02-30"}, ["verified_on"]),
        ({"verified_on": "2026-W48-3"}, ["verified_on"]),
        ({"verifier": ""}, ["verifier"]),
        ({"filing": on_record(SITE, principal=replace(PERSON, mobile=""))}, ["subject.principal.mobile"]),
        ({"filing": on_record(SITE, region_code="350000")}, ["subject.region_code"]),
        ({"filing": on_record(SITE, bureau_id=None)}, ["subject.filing_number"]),
        ({"filing": on_record(replace(SITE, principal=replace(PERSON, email="")))}, ["website[w1].principal.email"]),
        ({"scans": ()}, ["website[w1].pre_approvals[5].papers.document"]),
    ],
)
def test_what_is_wrong_with_a_verification_is_shown_at_its_place(changes, paths):
    assert refused("HSJG", replace(VERIFIED, **changes)) == paths


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"domain": "a.b"}, ["domain"]),
        ({"address": 0}, ["address"]),
        ({"code": "1000"}, ["code"]),
        ({"opinion": ""}, ["opinion"]),
        ({"due_on": "tomorrow"}, ["due_on"]),
        ({"reporter_phone": "123"}, ["reporter_phone"]),
    ],
)
def test_what_is_wrong_with_the_handling_of_an_unfiled_site_is_shown_at_its_place(changes, paths):
    assert refused("WBACLJG", replace(UNFILED, **changes)) == paths


@pytest.mark.parametrize(
    ("group", "answer", "label"),
    [
        ("HSJG", replace(VERIFIED, opinion=""), "意见"),
        ("HSJG", replace(VERIFIED, filing=on_record(SITE, name="")), "主办单位"),
        ("HSJG", replace(VERIFIED, scans=()), "前置审批文件"),
        ("WBACLJG", replace(UNFILED, due_on=""), "处理时限"),
        ("XZHYD", MaterialAnswer((replace(MATERIAL.pictures[0], base64=""),)), "图片"),
        ("XZHYD", MaterialAnswer(()), "整份答复"),
    ],
)
def test_a_refusal_says_where(group, answer, label):
    with pytest.raises(MessageRefused) as error:
        build(group, answer)
    (correction,) = error.value.corrections
    assert correction.message.startswith(label)
    assert "：" in correction.message


def test_what_is_wrong_with_material_is_shown_at_its_picture():
    first, second = MATERIAL.pictures
    assert refused("XZHYD", MaterialAnswer((first, replace(second, purpose="x")))) == ["pictures[2]"]
    assert refused("XZHYD", MaterialAnswer((first, replace(second, number="")))) == ["pictures[2]"]
    assert refused("XZHYD", MaterialAnswer(())) == ["filing"]


@pytest.mark.parametrize(("group", "answer"), [("HSJG", UNFILED), ("WBACLJG", MATERIAL), ("XZHYD", VERIFIED)])
def test_an_answer_to_another_kind_of_task_is_a_mistake(group, answer):
    with pytest.raises(TypeError):
        build(group, answer)
