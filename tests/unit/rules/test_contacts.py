import pytest
from rule_cases import codes, judge, suggestion

from icp.rules import Severity

MOBILE = "subject.principal.mobile"
LANDLINE = "subject.principal.landline"
EMERGENCY = "subject.principal.emergency_phone"
EMAIL = "subject.principal.email"


@pytest.mark.parametrize("head", ["191", "193", "195", "196", "197", "192", "166", "162", "199", "173", "130", "198"])
def test_all_series_of_mobile_numbers_are_accepted(head):
    assert codes(judge(MOBILE, f"{head}12345678")) == []


@pytest.mark.parametrize(
    "typed",
    [
        "139 0000 0101",
        "139-0000-0101",
        "+86 13900000101",
        "+86-139-0000-0101",
        "008613900000101",
        "8613900000101",
        "013900000101",
        "１３９０００００１０１",
        "（+86）13900000101",
    ],
)
def test_mobiles_are_stored_in_one_form(typed):
    checked = judge(MOBILE, typed)
    assert checked.stored == "13900000101"
    assert codes(checked) == []


def test_a_series_nobody_knows_is_only_warned_of():
    assert codes(judge(MOBILE, "15412345678"), Severity.ERROR) == []
    assert codes(judge(MOBILE, "15412345678"), Severity.WARNING) == ["mobile.series"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1390000010", "mobile.length"),
        ("139000001012", "mobile.length"),
        ("12345678901", "mobile.prefix"),
        ("10012345678", "mobile.prefix"),
        ("11012345678", "mobile.prefix"),
        ("0591-87654321", "mobile.landline"),
        ("我的手机", "mobile.characters"),
        ("l3900000101", "mobile.characters"),
    ],
)
def test_wrong_mobiles_are_refused(typed, code):
    assert codes(judge(MOBILE, typed)) == [code]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0591-87654321", "0591-87654321"),
        ("059187654321", "0591-87654321"),
        ("(0591)87654321", "0591-87654321"),
        ("（０５９１）８７６５４３２１", "0591-87654321"),
        ("086-0591-87654321", "0591-87654321"),
        ("+86 591 87654321", "0591-87654321"),
        ("+8659187654321", "0591-87654321"),
        ("0086-591-87654321-12", "0591-87654321-12"),
        ("+86-0591-87654321", "0591-87654321"),
        ("0591 8765 4321", "0591-87654321"),
        ("0591-87654321-12", "0591-87654321-12"),
        ("0591-87654321转12", "0591-87654321-12"),
        ("0591-87654321 分机 8001", "0591-87654321-8001"),
        ("0591-87654321 ext.12", "0591-87654321-12"),
        ("0591-87654321x12", "0591-87654321-12"),
        ("0591—87654321", "0591-87654321"),
    ],
)
def test_landlines_are_stored_in_one_form(typed, stored):
    checked = judge(LANDLINE, typed, {"subject.region_code": "350102"})
    assert checked.stored == stored
    assert codes(checked) == []


@pytest.mark.parametrize("typed", ["010-62345678", "021-62345678", "02162345678", "022-23456789", "023-67654321"])
def test_area_codes_of_three_digits(typed):
    assert codes(judge(LANDLINE, typed)) == []


@pytest.mark.parametrize(
    ("typed", "code", "taken"),
    [
        ("87654321", "landline.no_area_code", "0591-87654321"),
        ("591-87654321", "landline.no_zero", "0591-87654321"),
        ("2162345678", "landline.no_zero", "021-62345678"),
        ("400-812-3456", "landline.service_number", None),
        ("4008123456", "landline.service_number", None),
        ("95533", "landline.service_number", None),
        ("0591-876543210", "landline.shape", None),
        ("0591-8765", "landline.shape", None),
        ("没有", "landline.shape", None),
    ],
)
def test_wrong_landlines_are_refused(typed, code, taken):
    checked = judge(LANDLINE, typed, {"subject.region_code": "350102"})
    assert codes(checked) == [code]
    assert suggestion(checked, code) == taken


def test_an_area_code_from_elsewhere_is_only_warned_of():
    assert codes(judge(LANDLINE, "010-62345678", {"subject.region_code": "350102"})) == ["R033"]
    assert codes(judge(LANDLINE, "0999-6234567", {"subject.region_code": "650102"}), Severity.ERROR) == []


def test_a_mobile_may_stand_in_for_the_office_telephone():
    fujian = {"subject.region_code": "350102", MOBILE: "13900000101"}
    assert codes(judge(LANDLINE, "13900000101", fujian)) == []
    assert codes(judge(LANDLINE, "13900000101", fujian), Severity.INFO) == ["landline.mobile"]


def test_provinces_differ_on_the_mobile_as_office_telephone():
    beijing = {"subject.region_code": "110105", MOBILE: "139 0000 0101"}
    assert codes(judge(LANDLINE, "13900000101", beijing)) == ["landline.same_as_mobile"]
    assert codes(judge(LANDLINE, "13900000102", beijing)) == []
    assert codes(judge(LANDLINE, "13900000102", {"subject.region_code": "320102"})) == ["landline.mobile_unwanted"]
    gansu = {"subject.region_code": "620102"}
    assert codes(judge(LANDLINE, "13900000102", gansu)) == ["landline.mobile_remark"]
    assert codes(judge(LANDLINE, "13900000102", gansu | {"subject.remark": "林知夏，行政经理"})) == []


def test_the_emergency_number_is_another_one():
    assert codes(judge(EMERGENCY, "+86 139 0000 0101", {MOBILE: "139-0000-0101"})) == ["R030"]
    assert codes(judge(EMERGENCY, "13600000101", {MOBILE: "13900000101"})) == []
    assert codes(judge(EMERGENCY, "0591-87654321")) == ["emergency_phone.landline"]
    assert codes(judge("website.principal.emergency_phone", "13900000101", {"website.principal.mobile": "13900000101"}))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("lin@qingwu.example", "lin@qingwu.example"),
        ("Lin.Zhixia+icp@QQ.COM", "Lin.Zhixia+icp@qq.com"),
        ("12345678@qq.com", "12345678@qq.com"),
        ("mailto:lin@qq.com", "lin@qq.com"),
        ("lin＠qq．com", "lin@qq.com"),
        ("lin@qq。com", "lin@qq.com"),
        (" lin @ qq.com ", "lin@qq.com"),
        ("林知夏 <lin@qq.com>", "lin@qq.com"),
        ("邮箱：lin@qq.com", "lin@qq.com"),
        ("lin@qq.com，", "lin@qq.com"),
        ("lin@青梧.中国", "lin@xn--20vn90h.xn--fiqs8s"),
        ("lin@my-mail.com.cn", "lin@my-mail.com.cn"),
    ],
)
def test_addresses_of_mail_are_stored_in_one_form(typed, stored):
    checked = judge(EMAIL, typed)
    assert checked.stored == stored
    assert codes(checked) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("lin.qq.com", "email.no_at"),
        ("a@qq.com,b@qq.com", "email.several"),
        ("林知夏@qq.com", "email.local_part"),
        ("用户@例子.中国", "email.local_part"),
        ("lin@qq", "email.shape"),
        ("lin..x@qq.com", "email.shape"),
        ("@qq.com", "email.shape"),
        ("lin@", "email.shape"),
        ("lin@localhost", "email.shape"),
    ],
)
def test_wrong_addresses_of_mail_are_refused(typed, code):
    assert codes(judge(EMAIL, typed)) == [code]


def test_slips_in_common_mail_services_are_suggested():
    checked = judge(EMAIL, "lin@qq.con")
    assert codes(checked) == ["email.slip"]
    assert suggestion(checked, "email.slip") == "lin@qq.com"
    assert not checked.refused
