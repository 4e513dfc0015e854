import datetime as dt
import re

import pytest

from icp.rules import RULES
from icp.vocabulary import builtin
from icp.vocabulary.tables import CODED, FROM_BUREAU, TABLES

VOCABULARY = builtin()


def test_it_is_built_once_and_named_by_its_content():
    assert builtin() is VOCABULARY
    assert re.fullmatch(r"builtin-[0-9a-f]{12}", VOCABULARY.id)


@pytest.mark.parametrize("table", CODED)
def test_each_code_is_there_once_with_both_names(table):
    options = VOCABULARY.options(table)
    assert options
    assert len({option.code for option in options}) == len(options)
    for option in options:
        assert option.zh.strip()
        assert option.en.strip()
        assert option.label("en") == option.en
        assert VOCABULARY.has(table, option.code)
        assert VOCABULARY.label(table, option.code) == option.zh


def test_the_bureaus_codes():
    assert VOCABULARY.label("organisation_types", "4") == "企业"
    assert VOCABULARY.label("document_types", "14", "en").startswith("Mainland travel permit")
    assert VOCABULARY.label("server_locations", "4") == "福建"
    assert VOCABULARY.row("server_locations", "4")["province"] == "350000"
    assert VOCABULARY.label("access_methods", "3") == "虚拟主机"
    assert VOCABULARY.label("languages", "99") == "99"
    assert not VOCABULARY.has("organisation_types", "7")
    assert len(VOCABULARY.options("languages")) == 17
    with pytest.raises(KeyError):
        VOCABULARY.options("no such table")


def test_documents_by_type_of_organisation():
    assert [o.code for o in VOCABULARY.document_types_for("4")] == ["1", "12", "27"]
    for option in VOCABULARY.options("organisation_types"):
        assert VOCABULARY.document_types_for(option.code), option
    persons = {o.code for o in VOCABULARY.principal_document_types()}
    assert persons == {o.code for o in VOCABULARY.document_types_for("5")}
    assert VOCABULARY.is_individual("5")
    assert not VOCABULARY.is_individual("4")


def test_every_province_has_rules_with_a_date():
    for option in VOCABULARY.options("provinces"):
        rules = VOCABULARY.province_rules(option.code)
        assert rules.province == option.code
        assert rules.checked_on >= dt.date(2026, 1, 1)
        assert rules.minimum_age in (16, 18)
        assert VOCABULARY.row("provinces", option.code)["prefix"]
    assert VOCABULARY.province_rules("330102").review_working_days == 30
    assert VOCABULARY.province_rules("430000").websites_per_filing == 1
    assert VOCABULARY.province_rules("140000").outside_individuals == "refused"
    assert VOCABULARY.province_rules("").subject_principal == "any"


def test_the_ninety_six_reasons_lead_to_fields_that_exist():
    reasons = VOCABULARY.reasons()
    assert [r.id for r in reasons] == [f"R{n:03d}" for n in range(1, 97)]
    for reason in reasons:
        assert reason.machine in ("yes", "partly", "no")
        for text in (reason.message_zh, reason.remedy_zh, reason.message_en, reason.remedy_en):
            assert text.endswith(("。", ".")), reason.id
            assert "!" not in text
            assert "！" not in text
        assert reason.message("en") == reason.message_en
        for path in reason.paths:
            known = path in RULES or ".papers." in path
            assert known or path in ("filing", "filing_password", "website", "website.access"), path
        for code in reason.bureau_codes:
            assert VOCABULARY.has("bureau_codes", code)
    assert "R065" in [r.id for r in VOCABULARY.reasons_for("website.access.ip_addresses")]
    assert "R026" in [r.id for r in VOCABULARY.reasons_for("website.principal.mobile")]
    with pytest.raises(KeyError):
        VOCABULARY.reason("R097")


def test_result_codes_of_the_bureau():
    assert VOCABULARY.bureau_code("1003").zh == "网站主办者冲突"
    assert VOCABULARY.bureau_code("1003").category == "icp_data"
    assert VOCABULARY.bureau_code("424242").category == "unknown"


def test_area_codes_lead_to_regions():
    for area, row in VOCABULARY.area_codes.items():
        assert re.fullmatch(r"0[1-9]\d{1,2}", area)
        assert VOCABULARY.has("provinces", row["province"])
        for city in row["cities"].split():
            assert VOCABULARY.regions.exists(city)
            assert city[:2] == row["province"][:2]
    assert VOCABULARY.area_codes_of("350100") == ("0591",)


def test_only_what_the_bureau_alone_knows_is_empty():
    for name in set(TABLES) - set(FROM_BUREAU):
        assert VOCABULARY.tables[name], name
