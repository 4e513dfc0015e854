import pytest
from rule_cases import codes, judge, suggestion

from icp.rules import Severity

NAME = "website.name"
SUBJECT = "subject.name"
PERSON = "subject.principal.name"
MAILING = "subject.mailing_address"
PRINTED = "subject.document_address"
FUZHOU = {"subject.region_code": "350102"}
COMPANY = {"subject.organisation_type": "4"}


def named(name, kind="4", subject="", **answers):
    return judge(NAME, name, {"subject.organisation_type": kind, "subject.name": subject, **answers})


@pytest.mark.parametrize(
    ("name", "kind", "subject"),
    [
        ("青梧文创手作馆", "4", "福州青梧文创有限公司"),
        ("厦门市人民医院", "3", "厦门市人民医院"),
        ("人民医院预约挂号网", "17", "福州市第三人民医院"),
        ("人民公园管理处", "3", "福州市人民公园管理处"),
        ("中华路小学", "3", "福州市中华路小学"),
        ("中国城商业街", "4", "福州中国城商业管理有限公司"),
        ("国家级非遗传习所", "4", "国家级非遗传习所"),
        ("松溪的读书笔记", "5", "周松溪"),
        ("云上3D打印馆", "4", "福州云上打印有限公司"),
    ],
)
def test_good_names_of_websites_pass_without_a_word(name, kind, subject):
    assert codes(named(name, kind, subject)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("中国青梧网", "R038"),
        ("国家青梧平台", "R038"),
        ("人民青梧网", "R038"),
        ("QINGWU", "R039"),
        ("Qingwu 2026", "R039"),
        ("20260101", "website_name.no_letters"),
        ("……", "website_name.no_letters"),
        ("qingwu.com", "R040"),
        ("www.qingwu.com.cn", "R040"),
        ("青梧.中国", "R040"),
        ("青梧", "R041"),
        ("青梧★手作馆", "website_name.special"),
        ("青梧@手作馆", "website_name.special"),
        ("青梧手作馆😀", "website_name.special"),
        ("色情手作馆", "R042"),
    ],
)
def test_names_nobody_may_use_are_refused(name, code):
    assert code in codes(named(name), Severity.ERROR)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("青梧·文创馆", "website_name.signs"),
        ("青梧 文创馆", "website_name.signs"),
        ("青梧维权文创馆", "website_name.authority"),
        ("青梧爱人民文创馆", "website_name.national_word"),
        ("青梧教育文创馆", "R045"),
        ("花开富贵小铺子", "R043"),
        ("青梧文创" * 8, "website_name.long"),
    ],
)
def test_unusual_names_are_only_warned_of(name, code):
    checked = named(name, subject="福州青梧文创有限公司")
    assert codes(checked) == [code]
    assert not checked.refused


def test_a_national_body_keeps_its_name():
    assert not named("中国青梧协会", subject="中国青梧协会").refused
    assert not named("国家青梧局", "2", "国家青梧局").refused
    assert codes(named("反赌博宣传网", "3", "反赌博宣传中心"), Severity.ERROR) == []


def test_an_approval_that_was_chosen_settles_the_question():
    assert codes(named("青梧教育网", subject="福州青梧教育有限公司", **{"website.pre_approvals": ["3"]})) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("松溪商城首页", "R044"),
        ("松溪论坛", "R044"),
        ("周松溪的日记", "website_name.personal_name"),
        ("福建读书笔记", "website_name.place"),
    ],
)
def test_names_of_private_websites(name, code):
    checked = named(name, "5", "周松溪")
    assert code in codes(checked)
    assert not checked.refused


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("林知夏", "林知夏"),
        (" 林 知夏 ", "林知夏"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("阿卜杜热合曼·买买提艾力", "阿卜杜热合曼·买买提艾力"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("John O'Neil-Smith", "John O'Neil-Smith"),
        ("José Muñoz, Jr.", "José Muñoz, Jr."),
        ("བསྟན་འཛིན", "བསྟན་འཛིན"),
    ],
)
def test_names_of_people_are_accepted(typed, stored):
    checked = judge(PERSON, typed, COMPANY)
    assert checked.stored == stored
    assert not checked.refused
    assert [c for c in codes(checked) if not c.startswith("gbk")] == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("林知夏1", "person_name.digits"), ("林@夏", "person_name.characters"), ("----", "person_name.characters")],
)
def test_what_is_no_name_is_refused(typed, code):
    assert codes(judge(PERSON, typed, COMPANY), Severity.ERROR) == [code]


def test_titles_are_noticed():
    assert codes(judge(PERSON, "林知夏经理", COMPANY)) == ["person_name.title"]


def test_an_individual_is_its_own_principal():
    individual = {"subject.organisation_type": "5", "subject.name": "周松溪"}
    checked = judge(PERSON, "林知夏", individual)
    assert codes(checked) == ["principal.not_individual"]
    assert suggestion(checked, "principal.not_individual") == "周松溪"
    assert codes(judge(PERSON, "周松溪", individual)) == []
    assert codes(judge("subject.supervisor", "林知夏", individual)) == ["supervisor.not_self"]


def test_names_of_organisations():
    assert codes(judge(SUBJECT, "福州青梧文创有限公司", COMPANY)) == []
    assert codes(judge(SUBJECT, "青梧（福州）文创有限公司", COMPANY)) == []
    checked = judge(SUBJECT, "青梧(福州)文创有限公司", COMPANY)
    assert codes(checked) == ["subject_name.brackets"]
    assert suggestion(checked, "subject_name.brackets") == "青梧（福州）文创有限公司"
    assert codes(judge(SUBJECT, "青梧（福州文创有限公司", COMPANY)) == ["subject_name.open_bracket"]
    assert codes(judge(SUBJECT, "青梧 文创有限公司", COMPANY)) == ["subject_name.spaces"]
    assert codes(judge(SUBJECT, "12345", COMPANY)) == ["subject_name.no_letters"]
    assert codes(judge("subject.supervisor", "无", COMPANY)) == ["R010"]


def test_characters_the_bureau_lacks_are_warned_of_at_the_field():
    checked = judge(PERSON, "林𠮷夏", COMPANY)
    assert codes(checked) == ["gbk.name"]
    assert "𠮷" in checked.corrections[0].message
    assert codes(judge("subject.remark", "价格 5€😀")) == ["gbk.text"]


@pytest.mark.parametrize(
    "typed",
    [
        "福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        "福建福州鼓楼区示例路18号",
        "福州市鼓楼区示例路18号",
        "鼓楼区示例路18号",
        "示例路18号",
    ],
)
def test_a_mailing_address_begins_with_the_street(typed):
    checked = judge(MAILING, typed, FUZHOU)
    assert str(checked.stored).startswith("示例路18号")
    assert not checked.refused


def test_the_region_is_taken_out_of_the_mailing_address():
    checked = judge(MAILING, "福建省福州市鼓楼区示例路18号", FUZHOU)
    assert checked.stored == "示例路18号"
    assert codes(checked, Severity.INFO) == ["R008"]
    assert suggestion(checked, "R008") == "示例路18号"
    municipality = judge(MAILING, "北京市朝阳区示例路8号院2号楼", {"subject.region_code": "110105"})
    assert municipality.stored == "示例路8号院2号楼"
    dongguan = judge(MAILING, "广东省东莞市南城示例路8号", {"subject.region_code": "441900"})
    assert dongguan.stored == "南城示例路8号"


@pytest.mark.parametrize("typed", ["北京路12号", "上海大厦3层305室", "福建路5号", "东街口18-2", "示例村三组"])
def test_streets_named_after_places_stay(typed):
    checked = judge(MAILING, typed, {"subject.region_code": "650102"})
    assert checked.stored == typed
    assert codes(checked) == []


def test_an_address_without_a_door_number_is_asked_about():
    assert codes(judge(MAILING, "示例路青梧大厦", FUZHOU)) == ["R007"]
    assert codes(judge(MAILING, "示例路青梧大厦", FUZHOU | {"subject.remark": "通信地址已为最详细地址"})) == []
    assert codes(judge(MAILING, "示例路18号!!", FUZHOU)) == ["address.symbols"]


def test_another_city_or_province_in_the_mailing_address():
    assert codes(judge(MAILING, "浙江省杭州市西湖区文三路1号", FUZHOU), Severity.ERROR) == ["address.other_province"]
    assert codes(judge(MAILING, "厦门市思明区示例路1号", FUZHOU)) == ["R009"]
    henan = judge(MAILING, "洛阳市示例路1号", {"subject.region_code": "410102"})
    assert codes(henan, Severity.ERROR) == ["R009"]


@pytest.mark.parametrize(
    "typed",
    [
        "福建省福州市鼓楼区示例路18号",
        "福建福州市鼓楼区示例路18号",
        "福州市鼓楼区示例路18号",
        "示例路18号",
        "北京路18号",
    ],
)
def test_an_address_on_the_document_that_fits_the_region(typed):
    assert codes(judge(PRINTED, typed, FUZHOU | COMPANY)) == []


@pytest.mark.parametrize(
    ("typed", "answers", "code", "refused"),
    [
        ("浙江省杭州市西湖区文三路1号", FUZHOU | COMPANY, "R006", True),
        ("浙江杭州市西湖区文三路1号", FUZHOU | COMPANY, "R006", True),
        (
            "浙江省杭州市西湖区文三路1号",
            FUZHOU | {"subject.organisation_type": "5"},
            "address.outside_individual",
            False,
        ),
        ("福建省厦门市思明区示例路1号", FUZHOU | COMPANY, "address.city", False),
        ("福建省福州市台江区示例路1号", FUZHOU | COMPANY, "address.district", False),
        ("示例", FUZHOU | COMPANY, "address.short", False),
    ],
)
def test_an_address_on_the_document_that_does_not_fit(typed, answers, code, refused):
    checked = judge(PRINTED, typed, answers)
    assert codes(checked) == [code]
    assert checked.refused is refused
