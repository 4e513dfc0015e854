"""What each upload group says of a filing, element by element."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from icp.bureau.codec import schema, xml
from icp.bureau.messages import BUILDERS, BuiltRecord
from icp.bureau.messages.build import MessageRefused
from icp.filings import operations
from icp.register.records import DomainRecord, PrincipalRecord
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import jpeg
from tests.bureau.golden import golden, same
from tests.bureau.known_filing import (
    FIRST,
    ISP,
    NUMBER,
    OTHER_ISP,
    PASSWORD,
    RANGE,
    access,
    on_record,
    report,
    website,
)

GROUPS = {
    "new_website": "XZWZ",
    "new_access": "XZJR",
    "change": "BGBA",
    "cancel_subject": "ZXBA",
    "cancel_website": "ZXBA",
    "cancel_access": "ZXBA",
}
WHY = {"cancellation.reason": "1", "cancellation.remark": "网站不再运营"}


def build(operation, *rows, **more):
    built = BUILDERS[GROUPS[operation]](report(operation, *rows, **more))
    assert schema.check_upload(xml.parse(built.xml)) == []
    return built


def records(built):
    (operation,) = [e for e in built.root.find("ICP") if e.tag != "Qqdwid"]
    found = list(operation)
    assert len(found) == len(built.records)
    return found


def refused(operation, *rows, **more):
    with pytest.raises(MessageRefused) as error:
        build(operation, *rows, **more)
    return {c.path: c for c in error.value.corrections}


def attachments(record):
    """(purpose, owner type, id, number, picture) of each attachment."""
    return [
        (
            xml.text_of(e, "Fjyt"),
            xml.text_of(e, "Fjssdx/Ssdxlx"),
            xml.text_of(e, "Fjssdx/Ssdxbs/Jlid"),
            xml.text_of(e, "Fjssdx/Ssdxbs/Baxh"),
            base64.b64decode(xml.text_of(e, "Fjnr")),
        )
        for e in record.iterfind("Fj/Fjxx")
    ]


def test_every_operation_has_a_builder():
    assert {operation.upload_group for operation in operations.OPERATIONS.values()} <= set(BUILDERS)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("new_website", {"password_md5": PASSWORD, "papers": {"website[w1].papers.verification_form": b"form"}}),
        ("new_access", {"password_md5": PASSWORD, "papers": {"website[w1].papers.verification_form": b"form"}}),
        (
            "change",
            {
                "record": on_record(website(1)),
                "password_md5": PASSWORD,
                "answers": {"subject.mailing_address": "示例路19号", "subject.name": "福州青梧文化有限公司"},
                "papers": {"subject.papers.document": b"form"},
            },
        ),
        ("cancel_subject", {"record": on_record(), "password_md5": PASSWORD, "answers": WHY}),
        ("cancel_website", {"record": on_record(), "password_md5": PASSWORD, "answers": WHY}),
        ("cancel_access", {"record": on_record(), "password_md5": PASSWORD, "answers": WHY}),
    ],
)
def test_the_message_is_the_one_written_by_hand(operation, more):
    built = build(operation, "w1", **more)
    assert same(xml.parse(built.xml), golden(operation))


# ---- new websites


def test_new_websites_go_in_one_request_and_are_told_apart_by_our_ids():
    built = build("new_website", "w1", "w2", record=on_record(website(1)))
    (record,) = records(built)
    assert [e.tag for e in record.find("Zt_xx")] == ["Ztid"]
    assert [xml.text_of(e, "IspWzid") for e in record.iterfind("Wz_xx")] == ["10001", "10002"]
    assert built.records == (BuiltRecord("2", "900", "subject", ("10001", "10002")),)
    assert record.find("ICPmm") is None


def test_a_website_that_has_a_number_is_no_new_one():
    said = {"website[w1].filing_number": f"{NUMBER}-1"}
    (record,) = records(build("new_website", "w1", "w2", record=on_record(), answers=said))
    assert [xml.text_of(e, "Wzmc") for e in record.iterfind("Wz_xx")] == ["青梧文创手作馆w2"]


@pytest.mark.parametrize(
    ("record", "owner"), [(on_record(), ("900", "")), (on_record(bureau_id=None), ("", NUMBER)), (None, ("", NUMBER))]
)
def test_papers_of_a_new_website_belong_to_the_subject_on_record_or_to_the_new_id(record, owner):
    papers = {
        "subject.papers.document": jpeg("red"),
        "website[w1].papers.verification_form": jpeg("yellow"),
        "website[w1].principal.papers.photo": jpeg("black"),
    }
    (found,) = records(build("new_website", record=record, papers=papers))
    assert attachments(found) == [
        ("2", "1", *owner, jpeg("red")),
        ("1", "2", "10001", "", jpeg("yellow")),
        ("5", "2", "10001", "", jpeg("black")),
    ]


# ---- new access


def test_each_website_with_a_new_access_is_a_request_of_its_own():
    built = build("new_access", "w1", "w2", "w3", password_md5=PASSWORD, done=frozenset({"w2"}))
    first, second = records(built)
    assert built.records == (
        BuiltRecord("3", f"{NUMBER}-1", "website[w1]", ("10001",)),
        BuiltRecord("3", f"{NUMBER}-3", "website[w3]", ("10002",)),
    )
    assert [xml.text_of(e, "IspJrid") for e in (first, second)] == ["10001", "10002"]
    assert [xml.text_of(e, "ICPmm") for e in (first, second)] == [PASSWORD, PASSWORD]
    assert [e.tag for e in first.find("Wz_xx")] == ["Wzbah"]
    assert [xml.int_of(e, "Zzip") for e in second.iterfind("Ip_xx")] == [FIRST[1], RANGE[1]]


def test_a_new_access_without_the_password_is_not_sent():
    found = refused("new_access")
    assert list(found) == ["filing_password"]
    assert found["filing_password"].code == "password_missing"
    assert found["filing_password"].remedy


@pytest.mark.parametrize(("record", "owner"), [(on_record(), ("9001", "")), (None, ("", f"{NUMBER}-1"))])
def test_papers_of_a_new_access_belong_to_what_is_on_record(record, owner):
    papers = {
        "subject.principal.papers.identity_front": jpeg("green"),
        "website[w1].papers.verification_form": jpeg("yellow"),
    }
    said = {"subject.filing_number": ""}
    (found,) = records(build("new_access", record=record, papers=papers, password_md5=PASSWORD, answers=said))
    whole = ("900", "") if record else ("", NUMBER)
    assert attachments(found) == [
        ("3", "1", *whole, jpeg("green")),
        ("1", "2", *owner, jpeg("yellow")),
        ("4", "2", *owner, jpeg("green")),
    ]


def test_some_bureaus_want_no_pictures_with_a_new_access():
    papers = {"website[w1].papers.verification_form": jpeg("yellow")}
    (found,) = records(build("new_access", papers=papers, password_md5=PASSWORD, access_papers=False))
    assert attachments(found) == []


# ---- change


def changed(*sites, rows=("w1", "w2"), **more):
    record = on_record(*sites)
    (found,) = records(build("change", *rows, record=record, password_md5=PASSWORD, **more))
    return found


def test_a_change_carries_the_bureaus_ids_and_fresh_ones_of_ours():
    built = build("change", record=on_record(website(1)), answers={"website[w1].name": "青梧工坊"})
    (record,) = records(built)
    assert built.records == (BuiltRecord("4", "900", "subject", ("900",)),)
    assert xml.text_of(record, "Zt_xx/Ztid") == "900"
    assert xml.text_of(record, "Zt_xx/Baxh") == NUMBER
    assert record.find("Zt_xx/Bbfs") is None
    (site,) = record.iterfind("Wz_xx")
    expected = {
        "Wzid": "9001", "Wzmc": "青梧工坊", "Ym_xx/IspYmid": "10001", "Ym_xx/Ymid": "7001",
        "Jr_xx/Jrid": "5001", "Baxh": f"{NUMBER}-1",
    }  # fmt: skip
    assert {path: xml.text_of(site, path) for path in expected} == expected
    assert site.find("Jr_xx/IspJrid") is None
    assert [(xml.int_of(e, "IspIpid"), xml.int_of(e, "Ipid")) for e in site.iterfind("Jr_xx/Ip_xx")] == [
        (10001, 50010),
        (10002, 50011),
    ]


def test_new_domains_and_ranges_have_no_bureau_id():
    said = {"website[w1].domain": "neu.example", "website[w1].access.ip_addresses": ["203.0.113.24", "203.0.113.99"]}
    (site,) = changed(website(1), rows=("w1",), answers=said).iterfind("Wz_xx")
    assert [(xml.text_of(e, "Ym"), xml.text_of(e, "Ymid")) for e in site.iterfind("Ym_xx")] == [("neu.example", "")]
    assert [xml.text_of(e, "Ipid") for e in site.iterfind("Jr_xx/Ip_xx")] == ["50010", ""]


def test_only_websites_that_differ_are_sent_and_one_always():
    def sent(**more):
        return [xml.text_of(e, "Wzid") for e in changed(**more).iterfind("Wz_xx")]

    assert sent(answers={"subject.mailing_address": "示例路19号"}) == ["9001"]
    for path, value in {
        "name": "青梧工坊",
        "home_url": "qingwu-w2.example",
        "service_content": ["8"],
        "languages": ["1", "2"],
        "remark": "新版",
        "principal.mobile": "13911111111",
        "access.server_location": "5",
        "access.access_method": "2",
        "access.ip_addresses": ["203.0.113.24"],
    }.items():
        assert sent(answers={f"website[w2].{path}": value}) == ["9002"], path
    assert sent(papers={"website[w2].papers.verification_form": jpeg()}) == ["9002"]
    assert sent(answers={"website[w2].service_content": ["9", "8"]}) == ["9001"]


def test_a_change_keeps_what_the_answers_do_not_tell():
    other = access(5009, OTHER_ISP)
    second = access(5008, ISP, (3405804032, 3405804033))
    site = website(
        1,
        domains=(DomainRecord("qingwu-w1.example", 7001), DomainRecord("alt.example", 7009)),
        accesses=(other, access(5001), second),
    )
    (found,) = changed(site, rows=("w1",)).iterfind("Wz_xx")
    assert [xml.text_of(e, "Ymid") for e in found.iterfind("Ym_xx")] == ["7001", "7009"]
    accesses = list(found.iterfind("Jr_xx"))
    assert [xml.text_of(e, "Jrid") for e in accesses] == ["5001", "5008"]
    assert [xml.text_of(e, "Ip_xx/Ipid") for e in accesses] == ["50010", "50080"]
    assert xml.text_of(accesses[1], "Wzfb/Fbdd") == "4"
    ours = [xml.text_of(e, "IspIpid") for e in found.iterfind("Jr_xx/Ip_xx")]
    assert len(set(ours)) == len(ours) == 3


def test_a_website_that_goes_over_to_its_second_domain_keeps_that_once():
    site = website(1, domains=(DomainRecord("qingwu-w1.example", 7001), DomainRecord("alt.example", 7009)))
    (found,) = changed(site, rows=("w1",), answers={"website[w1].domain": "alt.example"}).iterfind("Wz_xx")
    assert [xml.text_of(e, "Ymid") for e in found.iterfind("Ym_xx")] == ["7009"]


@pytest.mark.parametrize("document", ["12", "13", "34"])
def test_later_types_of_document_can_not_be_sent_in_a_change(document):
    found = refused("change", record=on_record(website(1)), answers={"subject.document_type": document})
    assert list(found) == ["subject.document_type"]
    correction = found["subject.document_type"]
    assert correction.code == "document_type_in_change"
    assert builtin().label("document_types", document) in correction.message
    assert "联系管局" in correction.remedy


def test_every_other_type_of_document_can():
    for code in range(1, 12):
        build("change", record=on_record(website(1)), answers={"subject.document_type": str(code)})


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (on_record(website(1), bureau_id=None), "subject.filing_number"),
        (None, "subject.filing_number"),
        (on_record(website(2)), "website[w1].filing_number"),
        (on_record(website(1, bureau_id=None)), "website[w1].filing_number"),
        (on_record(website(1, accesses=(access(5001, OTHER_ISP),))), "website[w1].filing_number"),
    ],
)
def test_a_change_of_what_is_not_known_here_is_not_sent(record, path):
    found = refused("change", record=record)
    assert path in found
    assert all(c.message and c.remedy and c.code in ("not_on_record", "no_own_access") for c in found.values())


def test_papers_of_a_change_belong_to_what_is_on_record():
    papers = {
        "subject.principal.papers.identity_front": jpeg("green"),
        "website[w1].papers.verification_form": jpeg("yellow"),
    }
    found = changed(papers=papers, answers={"website[w1].principal.same_as_subject": "no"})
    assert attachments(found) == [("3", "1", "900", "", jpeg("green")), ("1", "2", "9001", "", jpeg("yellow"))]


def test_changed_approvals_carry_their_scan():
    approval = "website[w1].pre_approvals"
    said = {approval: ["5"], f"{approval}[5].approval_number": "闽新广审字1号"}
    papers = {f"{approval}[5].papers.document": jpeg("gray")}
    found = changed(answers=said, papers=papers)
    assert base64.b64decode(xml.text_of(found, "Wz_xx/Nrlx/Nrlx_xx/Spwj")) == jpeg("gray")
    assert list(refused("change", record=on_record(), answers=said)) == [f"{approval}[5].papers.document"]


# ---- cancellations


@pytest.mark.parametrize(
    ("operation", "kind", "operation_type", "ids"),
    [
        ("cancel_subject", "0", "6", {"subject": "900"}),
        ("cancel_website", "1", "7", {"website[w1]": "9001", "website[w2]": "9002"}),
        ("cancel_access", "2", "5", {"website[w1]": "5001", "website[w2]": "5002"}),
    ],
)
def test_cancellations_name_the_bureaus_ids(operation, kind, operation_type, ids):
    built = build(operation, "w1", "w2", record=on_record(), password_md5=PASSWORD, answers=WHY)
    assert built.records == tuple(BuiltRecord(operation_type, key, path, (key,)) for path, key in ids.items())
    for record, key in zip(records(built), ids.values(), strict=True):
        expected = {"Zxlb": kind, "Jlid": key, "Zxly": "1", "Zxlybz": "网站不再运营"}
        assert {path: xml.text_of(record, path) for path in expected} == expected
        assert xml.text_of(record, "ICPmm") == ("" if operation == "cancel_access" else PASSWORD)


def test_a_websites_cancellation_goes_without_password_but_a_subjects_does_not():
    (record,) = records(build("cancel_website", record=on_record(), answers=WHY))
    assert record.find("ICPmm") is None
    assert list(refused("cancel_subject", record=on_record(), answers=WHY)) == ["filing_password"]


def test_only_our_own_accesses_are_cancelled_and_what_is_done_is_left_out():
    site = website(1, accesses=(access(5001, OTHER_ISP), access(5003), access(5004)))
    built = build("cancel_access", "w1", "w2", record=on_record(site, website(2)), answers=WHY)
    assert [(r.record_key, r.path) for r in built.records] == [
        ("5003", "website[w1].access[5003]"),
        ("5004", "website[w1].access[5004]"),
        ("5002", "website[w2]"),
    ]
    left = replace(site, accesses=site.accesses[::2])  # 5003 was approved and taken off the record
    built = build("cancel_access", record=on_record(left), answers=WHY, done=frozenset({"w1"}))
    assert [r.record_key for r in built.records] == ["5004"]
    gone = on_record(website(1, accesses=()), website(2))
    built = build("cancel_access", "w1", "w2", record=gone, answers=WHY, done=frozenset({"w1"}))
    assert [r.record_key for r in built.records] == ["5002"]
    built = build("cancel_website", "w1", "w2", record=on_record(), answers=WHY, done=frozenset({"w1"}))
    assert [r.record_key for r in built.records] == ["9002"]


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("cancel_subject", "subject.filing_number"),
        ("cancel_website", "website[w1].filing_number"),
        ("cancel_access", "website[w1].filing_number"),
    ],
)
def test_what_is_not_on_record_can_not_be_cancelled(operation, path):
    assert list(refused(operation, password_md5=PASSWORD, answers=WHY)) == [path]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"cancellation.reason": ""}, "cancellation.reason"),
        ({"cancellation.reason": "1000"}, "cancellation.reason"),
        ({"cancellation.remark": "停" * 1001}, "cancellation.remark"),
        ({"cancellation.remark": "停😀"}, "cancellation.remark"),
    ],
)
def test_a_wrong_reason_is_shown_at_its_field(said, path):
    assert list(refused("cancel_access", record=on_record(), answers={**WHY, **said})) == [path]


def test_what_is_all_done_makes_no_empty_message():
    for operation in ("cancel_website", "new_access"):
        done = frozenset({"w1"})
        found = refused(operation, record=on_record(), answers=WHY, password_md5=PASSWORD, done=done)
        assert list(found) == ["filing"]


# ---- what doesn't survive the way back


@pytest.mark.parametrize(
    ("operation", "path", "value"),
    [
        ("change", "subject.document_number", "9" * 129),
        ("change", "website[w1].home_url", "w" * 256),
        ("new_website", "website[w1].home_url", "w" * 256),
    ],
)
def test_no_more_is_sent_than_comes_back(operation, path, value):
    record = on_record(website(1))
    found = refused(operation, record=record, answers={path: value})
    assert list(found) == [path]
    assert str(len(value)) in found[path].message or found[path].code == "schema"
    build(operation, record=record, answers={path: value[1:]})


def test_a_password_and_personal_data_are_not_in_what_a_report_says_of_itself():
    said = repr(report("change", record=on_record(principal=PrincipalRecord("林知夏")), password_md5=PASSWORD))
    assert PASSWORD not in said
    built = build("change", record=on_record(website(1)), password_md5=PASSWORD)
    assert PASSWORD not in repr(built)
