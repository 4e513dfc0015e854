"""Where each of the bureau's codes stands in each operation: at a field that can be mended there, else with a remedy
that doesn't ask for what can't be done."""

from __future__ import annotations

import pytest

from icp.bureau.messages import codes, known
from icp.bureau.messages.codes_table import KEPT, SYNCHRONISE
from icp.bureau.messages.results import INFORMATION, ResultLine
from icp.filings.operations import OPERATIONS
from icp.filings.paths import type_path
from icp.i18n import tr
from icp.loopback_bureau.texts import code_text
from icp.rules.correction import Audience
from icp.vocabulary.text import Message
from tests.bureau.gateway_filing import answers, papers
from tests.bureau.known_filing import NUMBER, on_record
from tests.tools import catalog

ENGLISH = {message.id: message.string for message in catalog.read() if isinstance(message.id, str)}
NEEDED = codes.CODES.keys() - INFORMATION
OTHER = {f"website[w1].principal.{name}": value for name, value in (("same_as_subject", "no"), ("document_type", "2"))}
DOCUMENT = ["subject.document_type", "subject.document_number"]
PERSON = [f"website[w1].principal.{name}" for name in ("document_type", "document_number")]
KIND = "subject.organisation_type"
CHOICE = "website[w1].principal.same_as_subject"
FORM, PHOTO = "website[w1].papers.verification_form", "website[w1].principal.papers.photo"
SIDES = [f"subject.principal.papers.identity_{side}" for side in ("front", "back")]
SHEET, SPONSOR, PRINCIPAL, SITE_PRINCIPAL, PICTURE = (
    "网站备案信息真实性核验单",
    "网站主办者（单位）有效证件电子件",
    "备案主体负责人有效证件电子件",
    "网站负责人有效证件电子件",
    "网站负责人核验现场拍摄照片",
)


def said(operation, *, stranger=False, rows=("w1",), **changes):
    """Answers of an operation about a subject on record, or about one that isn't known here."""
    if operation == "new_filing":
        return answers(*rows, **changes)
    numbers = {f"website[{row}].filing_number": f"{NUMBER}-{row[1:]}" for row in rows if operation != "new_website"}
    found = answers(*rows, **{"subject.filing_number": NUMBER, **numbers, **changes})
    if stranger:
        found.values |= {f"website[{row}].principal.same_as_subject": "no" for row in rows}
        for path in [path for path in found.values if path.startswith("subject.") and "_number" not in path]:
            del found.values[path]
        return found
    record = known.as_answers(on_record()).values | {f"website[{row}].domain": f"qingwu-{row}.example" for row in rows}
    new = operation in ("new_website", "new_access")
    found.record = {path: value for path, value in record.items() if not new or path.startswith("subject.")}
    return found


def placed(code, operation, text="", *, slots=None, **more):
    told = said(operation, **more)
    line = ResultLine(code, code_text(code, text) if text else "")
    sent = papers("w1") if slots is None else slots
    return codes.corrections([line], told, operation=OPERATIONS[operation], papers=sent)


@pytest.mark.parametrize(
    ("code", "operation", "text", "changes", "paths"),
    [
        # 1008: the subject's document; where it isn't asked, or can't be changed, the persons'
        (1008, "new_filing", "", {}, DOCUMENT),
        (1008, "new_filing", "证件类型与单位性质不符", {}, DOCUMENT[:1]),
        (1008, "new_filing", "证件号码", {}, DOCUMENT[1:]),
        (1008, "new_filing", "主体负责人证件号码", {}, ["subject.principal.document_number"]),
        (1008, "new_filing", "青梧文创手作馆w1 网站负责人证件类型", OTHER, PERSON[:1]),
        (1008, "new_filing", "青梧文创手作馆w1 网站负责人证件类型", {}, ["subject.principal.document_type"]),
        (1008, "change", "", {}, [KIND, "subject.principal.document_type", "subject.principal.document_number"]),
        (1008, "change", "证件类型与单位性质不符", {}, [KIND]),
        (1008, "change", "主体证件号码", {}, DOCUMENT[1:]),
        (1008, "change", "主体负责人证件类型", {}, ["subject.principal.document_type"]),
        (1008, "new_website", "", {"stranger": True}, PERSON),
        (1008, "new_website", "", OTHER, PERSON),
        (1008, "new_website", "", {}, [CHOICE]),
        (1008, "new_access", "", {"stranger": True}, PERSON),
        (1008, "new_access", "青梧文创手作馆w1 网站负责人证件号码", {"stranger": True}, PERSON[1:]),
        (1008, "new_access", "", {}, [CHOICE]),
        (1008, "new_access", "证件类型与单位性质不符", {"stranger": True}, ["filing"]),
        (1008, "cancel_subject", "", {}, ["website[w1]"]),
        # 1015: numbers of identity cards alone
        (1015, "new_filing", "", {}, ["subject.principal.document_number"]),
        (1015, "new_filing", "", {"subject.document_type": "2"}, [DOCUMENT[1], "subject.principal.document_number"]),
        (1015, "new_filing", "主体", {"subject.document_type": "2"}, [DOCUMENT[1]]),
        (1015, "new_access", "青梧文创手作馆w1 网站负责人", {"stranger": True}, PERSON[1:]),
        # contacts of a person who isn't asked for stand at the question who it is
        (1011, "new_website", "青梧文创手作馆w1 网站负责人", {}, [CHOICE]),
        (1011, "new_access", "", OTHER, ["website[w1].principal.mobile"]),
        (1010, "new_filing", "主体负责人", OTHER, ["subject.principal.landline"]),
        (1010, "new_filing", "青梧文创手作馆w1 网站负责人", OTHER, ["website[w1].principal.landline"]),
        (1031, "new_access", "青梧文创手作馆w1", {}, [CHOICE]),
        (1012, "change", "主体负责人", {}, ["subject.principal.name"]),
        # 1053 is about the unit that reports
        *((1053, operation, "350000000001", {}, ["filing"]) for operation in OPERATIONS),
        # 1055, 1061, 5010: the attachment that the text names
        (1055, "new_filing", SHEET, {}, [FORM]),
        (1055, "new_filing", SPONSOR, {}, ["subject.papers.document"]),
        (1055, "new_filing", PRINCIPAL, {}, SIDES),
        (1055, "new_filing", SITE_PRINCIPAL, {}, SIDES),
        (1055, "new_access", PICTURE, {}, [PHOTO]),
        (1055, "new_website", "", {}, [FORM]),
        (1055, "cancel_website", "", {"slots": {}}, ["filing"]),
        (1061, "change", SITE_PRINCIPAL, {"slots": [f"{PERSON[0][:21]}.papers.identity_front"]},
         ["website[w1].principal.papers.identity_front"]),
        (1061, "new_website", PICTURE, {}, [PHOTO]),
        (1061, "new_access", "", {}, [FORM]),
        (1061, "change", "", {"slots": {}}, ["filing"]),
        (5010, "new_filing", f"{SHEET}超过 150 KB", {}, [FORM]),
        (5010, "new_filing", f"{SPONSOR}无法打开", {}, ["subject.papers.document"]),
        (5010, "new_filing", f"{SPONSOR}无法打开", {"slots": SIDES}, SIDES),
        (5010, "new_access", f"{PICTURE}无法打开", {}, [PHOTO]),
        (5010, "new_website", "审批文件无法打开", {"slots": ["website[w1].pre_approvals[5].papers.document"]},
         ["website[w1].pre_approvals[5].papers.document"]),
        (5010, "change", "", {}, ["filing"]),
        # what is on record
        (1016, "new_access", f"{NUMBER}-1", {"stranger": True}, ["website[w1].filing_number", "subject.filing_number"]),
        (1016, "cancel_website", "", {}, ["website[w1]"]),
        (1029, "new_access", f"{NUMBER}-1", {}, ["website[w1].access.ip_addresses"]),
        (1025, "cancel_access", "", {}, ["website[w1]"]),
        (1048, "new_website", "", {"stranger": True}, ["subject.filing_number"]),
        (1048, "cancel_subject", "", {}, ["website[w1]"]),
        (1058, "new_website", "", {"stranger": True}, ["subject.filing_number"]),
        (1058, "new_website", "", {}, ["filing"]),
        (1065, "new_filing", "福州青梧文创有限公司", {}, DOCUMENT[1:]),
        (1065, "new_access", "福州青梧文创有限公司", {"stranger": True}, ["subject.filing_number"]),
        (1065, "change", "福州青梧文创有限公司", {}, DOCUMENT[1:]),
        (1026, "cancel_subject", "9", {}, ["cancellation.reason"]),
    ],
)  # fmt: skip
@pytest.mark.shows(by="code")
def test_where_a_code_stands_in_an_operation(code, operation, text, changes, paths):
    assert [found.path for found in placed(code, operation, text, **changes)] == paths


@pytest.mark.parametrize("stranger", [False, True], ids=["known", "stranger"])
@pytest.mark.parametrize("text", ["", "青梧文创手作馆w1 网站负责人", "主体负责人", SPONSOR])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_nobody_is_asked_to_correct_what_cannot_be_corrected_there(operation, text, stranger):
    asked, told = OPERATIONS[operation], said(operation, stranger=stranger)
    for code in sorted(NEEDED):
        meaning = codes.CODES[code]
        for found in placed(code, operation, text, stranger=stranger):
            place = found.path
            mended = asked.asks(place) and not asked.hidden(place, told) and not asked.is_fixed(place, told)
            around = place in ("filing", "website[w1]", *papers("w1"))
            assert mended or around or asked.is_fixed(place, told) or (place == "filing_password" and asked.password)
            assert asked.has_field(place) or asked.label_of_paper(place) != place
            if meaning.kept and not mended:
                assert found.remedy == meaning.kept, (code, place)
            elif meaning.kept and place != CHOICE:
                assert found.remedy == meaning.remedy, (code, place)


def test_what_is_said_where_a_field_is_on_record():
    def remedy(code, operation, **more):
        return {str(found.remedy) for found in placed(code, operation, **more)}

    assert remedy(1004, "new_filing") == {codes.CODES[1004].remedy}
    assert remedy(1004, "change") == {KEPT}
    assert remedy(1022, "new_access") == {KEPT}
    assert remedy(1059, "cancel_website") == remedy(1016, "change") == {SYNCHRONISE}
    assert remedy(1011, "new_website") == {codes.SAME_PERSON}
    assert remedy(1065, "change") == {codes.CODES[1065].remedy}


@pytest.mark.parametrize("code", [1028, 1045, 1053, 1054, 1056, 1057, 1061, 5001, 5003, 5009])
def test_what_is_the_providers_says_so_to_whoever_reads_it(app, code):
    assert codes.is_ours(code)
    for found in placed(code, "new_filing"):
        assert found.audience is Audience.PROVIDER
        assert "主办者不用改" in found.remedy
        assert codes.CODES[code].remedy in found.remedy
        with app.test_request_context(headers={"Accept-Language": "en"}):
            english = tr(found.remedy)
        assert english.startswith("This is for the access provider")
        assert ENGLISH[codes.CODES[code].remedy] in english


def test_every_other_code_is_for_the_host():
    for code in NEEDED:
        audiences = {found.audience for found in placed(code, "new_filing")}
        assert audiences == {Audience.PROVIDER if codes.is_ours(code) else Audience.HOST}, code


def test_every_remedy_is_said_in_both_languages():
    for meaning in codes.CODES.values():
        for text in filter(None, (meaning.remedy, meaning.kept, meaning.message)):
            assert ENGLISH[text], text
    assert isinstance(placed(1053, "change")[0].remedy, Message)
    assert not any(codes.is_ours(code) for code in (1008, 1055, 5010))


def test_a_deleted_unit_names_both_ways_out():
    (found,) = placed(1053, "change")
    assert all(words in found.remedy for words in ("报备单位", "主办者", "首次备案"))


def test_one_of_several_accesses_has_a_name():
    assert OPERATIONS["cancel_access"].label_of_paper("website[w1].access[5001]") == "接入"


def test_a_row_of_the_bureau_keeps_to_its_own_website():
    told = said("new_access", rows=("w1", "w2"))
    line = ResultLine(1055, code_text(1055, SHEET))
    found = codes.corrections(
        [line], told, operation=OPERATIONS["new_access"], record="website[w2]", papers=papers("w1", "w2")
    )
    assert [type_path(c.path) for c in found] == ["website.papers.verification_form"]
    assert found[0].path.startswith("website[w2]")
