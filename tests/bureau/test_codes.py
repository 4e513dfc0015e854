"""What the bureau's codes say to people: where they stand, in whose words, and what to do."""

from __future__ import annotations

import dataclasses

import pytest

from icp.bureau.messages import codes, results
from icp.bureau.messages.results import ResultLine
from icp.filings.operations import OPERATIONS
from icp.filings.paths import row_of, type_path
from icp.rules.correction import Source
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import answers, papers
from tests.tools import catalog

ENGLISH = {message.id: message.string for message in catalog.read() if isinstance(message.id, str)}
NEW_FILING = OPERATIONS["new_filing"]
ASKS_NOTHING = dataclasses.replace(NEW_FILING, code="cancel_access", steps=(), paper_labels={}, password=False)
WITH_PASSWORD = dataclasses.replace(ASKS_NOTHING, code="cancel_website", password=True)


def of_category(*categories):
    return {int(row["code"]) for row in builtin().tables["bureau_codes"] if row["category"] in categories}


def test_every_code_has_words_of_ours_in_both_languages():
    assert of_category("icp_data", "general_data") == set(codes.CODES)
    assert of_category("method_call") == set(codes.CALLS)
    for code, meaning in {**codes.CODES, **codes.CALLS}.items():
        row = builtin().row("bureau_codes", str(code))
        assert row["zh"]
        assert row["en"]
        assert ENGLISH[meaning.message], code
        if code not in results.INFORMATION:
            assert ENGLISH[meaning.remedy], code


@pytest.mark.parametrize("code", sorted(codes.CODES))
@pytest.mark.parametrize("operation", [*OPERATIONS.values(), ASKS_NOTHING, WITH_PASSWORD], ids=lambda o: o.code)
@pytest.mark.shows(by="code")
def test_every_code_stands_where_it_can_be_mended(operation, code):
    said = answers("w1", "w2", **{"website[w2].principal.same_as_subject": "no"})
    for record in ("", "subject", "website[w2]"):
        line, sent = ResultLine(code, "原文"), papers("w1", "w2") if operation.paper_labels else {}
        found = codes.corrections([line], said, operation=operation, record=record, papers=sent)
        assert found
        for correction in found:
            path = correction.path
            known = path in ("filing", "website[w1]", "website[w2]") or (
                path == "filing_password" and operation.password
            )
            asked = [*filter(operation.asks, operation.fields), *operation.paper_labels]
            assert known or type_path(path) in asked, path
            if record == "website[w2]":
                assert row_of(path) in (None, "w2")
            assert (correction.code, correction.source) == (str(code), Source.BUREAU)
            assert correction.message
            assert correction.remedy or code in results.INFORMATION


@pytest.mark.parametrize(
    ("code", "operation", "paths"),
    [
        (1018, WITH_PASSWORD, ["filing_password"]),
        (1018, ASKS_NOTHING, ["filing"]),
        (1003, NEW_FILING, ["subject.document_number"]),
        (1003, ASKS_NOTHING, ["filing"]),
        (1025, ASKS_NOTHING, ["website[w1]", "website[w2]"]),
        (1037, NEW_FILING, ["website[w1].domain", "website[w2].domain"]),
        (1055, NEW_FILING, ["website[w1].papers.verification_form", "website[w2].papers.verification_form"]),
        (1024, NEW_FILING, ["website[w1].access.ip_addresses", "website[w2].access.ip_addresses"]),
        (1046, NEW_FILING, ["subject.region_code"]),
        (1999, NEW_FILING, ["filing"]),
        (4711, NEW_FILING, ["filing"]),
    ],
)
def test_where_a_code_stands(code, operation, paths):
    said, sent = answers("w1", "w2"), papers("w1", "w2")
    assert [c.path for c in codes.corrections([ResultLine(code)], said, operation=operation, papers=sent)] == paths


def test_a_code_of_one_record_stands_in_its_row_whatever_its_text_names():
    line = ResultLine(1005, "域名冲突 qingwu-w1.example")
    found = codes.corrections([line], answers("w1", "w2"), record="website[w2]")
    assert [c.path for c in found] == ["website[w2].domain"]
    found = codes.corrections([ResultLine(1025)], answers("w1", "w2"), operation=ASKS_NOTHING, record="website[w2]")
    assert [c.path for c in found] == ["website[w2]"]


def test_what_a_code_of_a_call_means_to_staff():
    message, remedy = codes.call(5)
    assert "密码" in message
    assert remedy
    assert codes.call(5004) is not None
    assert codes.call(4711) is None


def test_a_code_stands_at_the_website_its_text_names():
    said = answers("w1", "w2")
    line = ResultLine(1005, "域名冲突 qingwu-w2.example，请核对")
    (found,) = codes.corrections([line], said)
    assert (found.path, found.code, found.source) == ("website[w2].domain", "1005", Source.BUREAU)
    assert "域名冲突 qingwu-w2.example，请核对" in found.message
    everywhere = codes.corrections([ResultLine(1005)], said)
    assert [c.path for c in everywhere] == ["website[w1].domain", "website[w2].domain"]


def test_a_code_about_a_person_stands_at_each_person_it_may_mean():
    assert [c.path for c in codes.corrections([ResultLine(1011)], answers())] == ["subject.principal.mobile"]
    other = answers(**{"website[w1].principal.same_as_subject": "no"})
    assert [c.path for c in codes.corrections([ResultLine(1011)], other)] == [
        "subject.principal.mobile",
        "website[w1].principal.mobile",
    ]


def test_a_missing_telephone_of_a_websites_principal_stands_where_that_person_was_given():
    def places(**changes):
        return [c.path for c in codes.corrections([ResultLine(1031)], answers("w1", "w2", **changes))]

    own = {f"website[{row}].principal.same_as_subject": "no" for row in ("w1", "w2")}
    assert places() == ["subject.principal.landline"]
    assert places(**own) == ["website[w1].principal.landline", "website[w2].principal.landline"]
    own.popitem()
    assert places(**own) == ["website[w1].principal.landline", "subject.principal.landline"]


def test_an_overlap_of_addresses_may_be_within_the_filing_or_with_another():
    message = codes.CODES[1024].message
    assert all(words in message for words in ("本次填报的", "别的备案"))
    assert all(words in ENGLISH[message] for words in ("in this filing", "another filing"))


def test_unknown_codes_and_opinions():
    (found,) = codes.corrections([ResultLine(1777, "新规定{x}")], answers())
    assert found.path == "filing"
    assert "1777" in found.message
    assert "新规定{x}" in found.message
    assert "请补充{材料}" in codes.rejection("请补充{材料}").message
    assert codes.is_ours(5004)
    assert not codes.is_ours(1005)
