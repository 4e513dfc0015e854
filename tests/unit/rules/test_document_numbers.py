import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import CREDIT, ID, TODAY, codes, judge, suggestion

from icp.rules import Severity, numbers

NUMBER = "subject.document_number"
PERSON = "subject.principal.document_number"


def person(value, kind="2", **answers):
    return judge(PERSON, value, {"subject.principal.document_type": kind, **answers})


def subject(value, kind="1"):
    return judge(NUMBER, value, {"subject.document_type": kind})


def resident_id(body: str) -> str:
    return body + numbers.id_check_digit(body)


@pytest.mark.parametrize(
    "value",
    [
        "11010519491231002X",
        resident_id("50011219880101123"),  # codes given to counties founded after the birth
        resident_id("50010119900101123"),
        resident_id("44030619850615456"),
        resident_id("65900119850615456"),
        resident_id("33011320000229001"),  # 临平区, which other libraries don't know
        resident_id("11999919800101001"),  # a division nobody lists
        resident_id("42900419760430222"),
        resident_id("71000019800101001"),
    ],
)
def test_real_resident_ids_are_accepted(value):
    assert codes(person(value)) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("110105194912310021", "resident_id.check_digit"),
        ("11010519491231001X", "resident_id.check_digit"),
        ("1101051949123100X", "resident_id.length"),
        ("11010519491231002XX", "resident_id.length"),
        ("110105X9491231002X", "resident_id.letters"),
        ("110105491231002", "resident_id.fifteen"),
        (resident_id("11010520260230002"), "resident_id.birth_date"),
        (resident_id("11010520261301002"), "resident_id.birth_date"),
        (resident_id("11010500000101002"), "resident_id.birth_date"),
        (resident_id("11010520300101002"), "resident_id.future_birth"),
        (resident_id("11010520261125002"), "resident_id.future_birth"),
        ("林知夏", "resident_id.letters"),
    ],
)
def test_wrong_resident_ids_are_refused(value, code):
    assert codes(person(value), Severity.ERROR) == [code]


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", " 110105-19491231-002x\n"],
)
def test_other_forms_of_a_resident_id_are_stored_in_one(typed):
    checked = person(typed)
    assert checked.stored == ID
    assert codes(checked) == []
    assert [c.suggestion for c in checked.corrections] == [ID]


def test_letters_are_mended_only_when_the_check_digit_then_fits():
    assert suggestion(person("11O1O51949123100 2X".replace(" ", "")), "resident_id.letters") == ID
    assert suggestion(person("11O1O519491231003X"), "resident_id.letters") is None


def test_what_letters_are_wrong_is_said():
    correction = person("11O1O519491231OO2X").corrections[0]
    assert correction.message == "号码里有 4 个字符（O）不该出现：身份证号码只有数字，最后一位可以是 X。"


def test_an_old_number_is_turned_into_eighteen_digits():
    longer = suggestion(person("110105491231002"), "resident_id.fifteen")
    assert longer == ID


def test_an_unknown_province_is_only_warned_of():
    checked = person(resident_id("99010519800101001"[:17]))
    assert not checked.refused
    assert codes(checked) == ["resident_id.permanent_resident"]
    assert codes(person(resident_id("16010519800101001"))) == ["resident_id.division"]


def test_a_residence_permit_number_under_the_wrong_type_is_warned_of():
    assert codes(person(resident_id("81000019800101001"))) == ["resident_id.residence_permit"]
    assert codes(person(resident_id("81000019800101001"), "41")) == []
    assert codes(person(resident_id("83000019800101001"), "42")) == []
    assert codes(person(resident_id("83000019800101001"), "41")) == ["residence_permit.place"]


@pytest.mark.parametrize(
    ("region", "born", "expected"),
    [
        ("350102", "20090101", ["R019"]),  # 17 in Fujian, where 18 is the minimum
        ("350102", "20081125", ["R019"]),
        ("350102", "20081124", []),
        ("440103", "20090101", ["principal.minor"]),
        ("440103", "20101201", ["R019"]),
        ("", "20090101", ["principal.minor"]),
    ],
)
def test_the_age_of_a_principal(region, born, expected):
    number = resident_id(f"350102{born}001")
    assert codes(person(number, **{"subject.region_code": region})) == expected


@pytest.mark.parametrize(
    "value",
    ["91350100M000100Y43", "91110000600037341L", "91110000802100433B", "914403001922038216", "91440101MA59CJ8X2K"][:3],
)
def test_real_credit_codes_are_accepted(value):
    assert codes(subject(value), Severity.ERROR) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("91350100M000100Y4", "licence.length"),
        ("91350100M000100Y44", "credit_code.check_digit"),
        ("91350100M00O100Y43", "credit_code.letters"),
        ("9I350100M000100Y43", "credit_code.letters"),
        ("91350100M000100Z43", "credit_code.letters"),
        ("110108000000017", "licence.check_digit"),
    ],
)
def test_wrong_credit_codes_are_refused(value, code):
    assert codes(subject(value), Severity.ERROR) == [code]


def test_o_and_i_in_a_credit_code_are_mended():
    assert suggestion(subject("9I350IOOMOOOIOOY43"), "credit_code.letters") == CREDIT
    assert suggestion(subject("9I350IOOMOOOIOOY44"), "credit_code.letters") is None


def test_old_licence_numbers_are_accepted_with_a_question():
    assert codes(subject("110108000000016")) == ["licence.old_number"]


@pytest.mark.parametrize("typed", ["D2143569-X", "D2143569X", "d2143569x", "Ｄ２１４３５６９－Ｘ"])
def test_organisation_codes_are_stored_with_a_hyphen(typed):
    checked = subject(typed, "12")
    assert checked.stored == "D2143569-X"
    assert codes(checked) == []


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("D2143569-1", "12", "organisation_code.check_digit"),
        ("D214356X", "12", "organisation_code.length"),
        ("D2143569-A", "12", "organisation_code.characters"),
        (CREDIT, "12", "organisation_code.is_credit_code"),
        ("D2143569-X", "13", "credit_code.length"),
    ],
)
def test_wrong_organisation_codes_are_refused(value, kind, code):
    assert codes(subject(value, kind), Severity.ERROR) == [code]


@pytest.mark.parametrize("kind", ["10", "16", "18", "20", "6", "17", "19", "36", "21", "28", "38", "43", "44"])
def test_types_without_a_credit_code_document_take_a_credit_code(kind):
    assert codes(subject(CREDIT, kind)) == []


@pytest.mark.parametrize("value", ["闽民证字第010012号", "京司鉴 110000001", "PDY00012-X35010217A1002"])
def test_certificates_keep_numbers_of_their_own(value):
    checked = subject(value, "38")
    assert codes(checked) == []
    assert checked.stored == value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("E12345678", "7"),
        ("G1234567", "7"),
        ("561234567", "7"),
        ("H12345678", "14"),
        ("M1234567801", "14"),
        ("12345678", "11"),
        ("0123456789", "11"),
        ("CHN110000123456", "30"),
        ("军字第12345号", "8"),
    ],
)
def test_personal_documents_are_accepted(value, kind):
    assert codes(person(value, kind)) == []


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        (ID, "7", "passport.is_resident_id"),
        ("E1", "7", "passport.shape"),
        ("A12345678", "14", "hk_macao_permit.shape"),
        ("1234", "11", "taiwan_permit.shape"),
        ("CHN11", "30", "permanent_resident.shape"),
        ("12345678", "41", "residence_permit.shape"),
        ("1", "8", "document.short"),
    ],
)
def test_wrong_personal_documents_are_refused(value, kind, code):
    assert codes(person(value, kind), Severity.ERROR) == [code]


def test_the_representative_may_hold_any_document():
    path = "subject.legal_representative.document_number"
    assert codes(judge(path, "E12345678")) == []
    assert codes(judge(path, ID)) == []
    assert codes(judge(path, "110105194912310021")) == ["resident_id.check_digit"]


born = st.dates(dt.date(1917, 1, 1), TODAY.replace(year=2008))
bodies = st.builds(
    lambda division, day, order: f"{division}{day:%Y%m%d}{order:03d}",
    st.sampled_from(["110105", "330113", "500112", "653228", "469001", "441900", "119999", "820000"]),
    born,
    st.integers(0, 999),
)


@given(bodies)
def test_any_well_made_resident_id_is_accepted(body):
    checked = person(resident_id(body))
    assert not checked.refused
    assert checked.stored == resident_id(body)


@given(bodies, st.integers(0, 17), st.integers(1, 9))
def test_a_changed_digit_never_passes_unless_the_number_is_valid_again(body, place, shift):
    number = resident_id(body)
    digit = "0123456789X".index(number[place])
    changed = number[:place] + "0123456789X"[(digit + shift) % (11 if place == 17 else 10)] + number[place + 1 :]
    if changed != number and "X" not in changed[:17]:
        # Weights and modulus make every single change visible.
        assert person(changed).refused


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_a_changed_character_of_a_credit_code_is_refused(body, place, shift):
    code = body + numbers.credit_check_digit(body)
    assert not subject(code, "15").refused
    index = numbers.CREDIT_ALPHABET.index(code[place])
    changed = code[:place] + numbers.CREDIT_ALPHABET[(index + shift) % 31] + code[place + 1 :]
    assert subject(changed, "15").refused


@given(st.text("0123456789", min_size=14, max_size=14))
def test_a_licence_number_with_its_check_digit_is_accepted(body):
    assert not subject(body + numbers.licence_check_digit(body)).refused


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_with_its_check_digit_is_accepted(body):
    checked = subject(body + numbers.organisation_check_digit(body), "3")
    assert not checked.refused
