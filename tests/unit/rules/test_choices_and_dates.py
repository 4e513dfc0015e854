import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import codes, judge, suggestion

from icp.rules import Severity, dates

TO = "subject.document_valid_to"
FROM = "subject.document_valid_from"


@pytest.mark.parametrize(
    "typed",
    ["2036-05-20", "2036/5/20", "2036.5.20", "2036年5月20日", "20360520", "２０３６－０５－２０", "2036 - 05 - 20"],
)
def test_dates_are_stored_in_one_form(typed):
    checked = judge(TO, typed)
    assert checked.stored == "2036-05-20"
    assert codes(checked) == []


@pytest.mark.parametrize("typed", ["long", "长期", "长期有效", "LONG", " 永久 ", "无固定期限"])
def test_a_document_may_last_for_ever(typed):
    assert judge(TO, typed).stored == "long"
    assert codes(judge(TO, typed)) == []


@pytest.mark.parametrize(
    ("path", "typed", "code"),
    [
        (TO, "明年", "date.shape"),
        (TO, "2036-02-30", "date.no_such_day"),
        (TO, "2036-13-01", "date.no_such_day"),
        (TO, "36-05-20", "date.shape"),
        (TO, "2026-11-23", "R017"),
        ("subject.principal.document_valid_to", "2020-01-01", "R025"),
        ("website.principal.document_valid_to", "2020-01-01", "R025"),
        ("website.pre_approvals.valid_to", "2020-01-01", "R059"),
        (FROM, "长期", "date.not_long"),
        (FROM, "0001-01-01", "date.no_such_day"),
    ],
)
def test_dates_that_are_refused(path, typed, code):
    assert codes(judge(path, typed), Severity.ERROR) == [code]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-24", ["date.ends_soon"]),
        ("2027-02-23", ["date.ends_soon"]),
        ("2027-02-24", []),
        ("9999-12-31", []),
    ],
)
def test_less_than_three_months_is_a_question_and_no_refusal(typed, expected):
    checked = judge(TO, typed)
    assert codes(checked) == expected
    assert not checked.refused


def test_the_two_dates_go_together():
    assert codes(judge(TO, "2030-01-01", {FROM: "2030-01-01"})) == ["date.before_start"]
    assert codes(judge(TO, "2030-01-01", {FROM: "2029/12/31"})) == []
    assert codes(judge(FROM, "2027-01-01")) == ["date.begins_later"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2016-05-20", "2036-05-20", []),
        ("2020-02-29", "2030-03-01", []),
        ("2016-05-20", "2036-05-02", ["date.id_card_term"]),
        ("2016-05-20", "2032-05-20", ["date.id_card_term"]),
    ],
)
def test_id_cards_run_for_round_terms(first, last, expected):
    person = "subject.principal.document_"
    answers = {f"{person}type": "2", f"{person}valid_from": first}
    assert codes(judge(f"{person}valid_to", last, answers)) == expected


@given(st.dates(dt.date(1900, 1, 1), dt.date(9000, 1, 1)), st.integers(0, 40))
def test_months_before_is_never_later_and_keeps_the_distance(day, months):
    earlier = dates.months_before(day, months)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == months
    assert earlier.day <= day.day


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("subject.organisation_type", "7", "code.unknown"),
        ("subject.organisation_type", "企业", "code.unknown"),
        ("website.access.server_location", "13", "code.unknown"),
        ("website.access.access_method", "9", "code.unknown"),
        ("website.service_content", ["8", "99"], "code.unknown"),
        ("website.languages", ["18"], "code.unknown"),
        ("website.pre_approvals", ["none", "1"], "pre_approvals.none_and_some"),
        ("website.pre_approvals", ["7"], "code.unknown"),
        ("website.principal.same_as_subject", "maybe", "code.unknown"),
        ("subject.region_code", "350000", "region.incomplete"),
        ("subject.region_code", "350100", "region.incomplete"),
        ("subject.region_code", "999999", "region.unknown"),
        ("subject.region_code", "810000", "region.no_bureau"),
        ("subject.region_code", "鼓楼区", "region.unknown"),
        ("subject.principal.document_type", "1", "principal.document_type"),
    ],
)
def test_codes_that_are_refused(path, value, code):
    assert codes(judge(path, value)) == [code]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject.organisation_type", "20"),
        ("subject.region_code", "350102"),
        ("subject.region_code", "441900"),
        ("subject.region_code", "469001"),
        ("subject.region_code", "659001"),
        ("subject.region_code", "110105"),
        ("website.pre_approvals", ["none"]),
        ("website.pre_approvals", ["1", "14"]),
        ("website.access.server_location", "34"),
        ("website.access.same_as_first", "yes"),
    ],
)
def test_codes_that_are_accepted(path, value):
    assert codes(judge(path, value)) == []
    assert judge(path, value).stored == value


def test_the_document_belongs_to_the_type_of_organisation():
    path = "subject.document_type"
    assert codes(judge(path, "1", {"subject.organisation_type": "4"})) == []
    assert codes(judge(path, "2", {"subject.organisation_type": "4"})) == ["R004"]
    assert suggestion(judge(path, "2", {"subject.organisation_type": "18"}), "R004") == "39"
    assert codes(judge(path, "1")) == []


def test_what_individuals_choose():
    individual = {"subject.organisation_type": "5"}
    assert codes(judge("website.service_content", ["6"], individual)) == []
    assert codes(judge("website.service_content", ["24"], individual)) == []
    checked = judge("website.service_content", ["8"], individual)
    assert codes(checked) == ["R060"]
    assert not checked.refused
    assert codes(judge("website.pre_approvals", ["1"], individual)) == ["pre_approvals.individual"]


def test_a_website_of_another_kind_says_what_it_does():
    path = "website.remark"
    assert codes(judge(path, "卖手工艺品。", {"website.service_content": ["24"]})) == ["R061"]
    assert (
        codes(judge(path, "展示和出售本公司设计的手工艺品，没有用户发布的内容。", {"website.service_content": ["24"]}))
        == []
    )
    assert codes(judge(path, "卖手工艺品。", {"website.service_content": ["8"]})) == []
    assert codes(judge("subject.remark", "字" * 1025), Severity.ERROR) == ["text.long"]
