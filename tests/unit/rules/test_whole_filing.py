import pytest
from rule_cases import CREDIT, ID, OURS, TODAY, Held, company, context

from icp.filings import operations
from icp.rules import Severity, asked, missing, numbers, required
from icp.rules.field_check import describe
from icp.rules.whole import check_whole
from icp.vocabulary import builtin

W = "website[w1]"
OTHER_ID = "350102199003071239"
PERSON = {
    f"{W}.principal.same_as_subject": "no",
    f"{W}.principal.name": "陈屿",
    f"{W}.principal.document_type": "2",
    f"{W}.principal.document_number": "35010219900307123" + numbers.id_check_digit("35010219900307123"),
    f"{W}.principal.document_valid_from": "2016-05-20",
    f"{W}.principal.document_valid_to": "2036-05-20",
    f"{W}.principal.mobile": "13900000202",
    f"{W}.principal.landline": "0591-87650202",
    f"{W}.principal.email": "chen@qingwu.example",
}


FIRST = frozenset(operations.get("new_filing").fields)


def whole(values, websites=("w1",), paths=FIRST):
    held = Held(values, websites)
    return [(c.path, c.code) for c in check_whole(held, context(ranges=OURS), paths) if c.severity is not Severity.INFO]


def individual(**changes):
    number = numbers.from_fifteen("350102900307123")
    values = company() | {
        "subject.organisation_type": "5",
        "subject.document_type": "2",
        "subject.document_number": number,
        "subject.name": "周松溪",
        "subject.supervisor": "周松溪",
        "subject.document_valid_from": "2016-05-20",
        "subject.document_valid_to": "2036-05-20",
        "subject.principal.name": "周松溪",
        "subject.principal.document_number": number,
        f"{W}.name": "松溪的读书笔记",
        f"{W}.service_content": ["6"],
    }
    del values["subject.principal.landline"]
    return values | changes


def second_website(values, row="w2", domain="qingwu-two.cn", name="青梧文创第二馆"):
    copy = {p.replace("w1", row): v for p, v in values.items() if p.startswith(W)}
    return (
        values
        | copy
        | {f"website[{row}].domain": domain, f"website[{row}].home_url": domain, f"website[{row}].name": name}
    )


def test_a_good_filing_has_nothing_to_mend():
    assert whole(company()) == []
    assert whole(company() | PERSON) == []
    assert whole(individual()) == []


@pytest.mark.parametrize("path", [p for p in company() if not p.endswith("same_as_subject")])
def test_whatever_is_missing_is_named_at_its_place(path):
    values = company()
    del values[path]
    assert path in [p for p, _ in whole(values)]


def test_an_empty_filing_lacks_a_website():
    assert ("website", "required.website") in whole({}, websites=())
    assert ("subject.principal.landline", "required.landline") in whole({}, websites=())


def test_only_the_fields_of_the_operation_are_looked_at():
    paths = [p for p in FIRST if p.startswith("website.")]
    values = {p: v for p, v in company().items() if p.startswith("website")}
    assert whole(values, paths=paths) == []
    assert whole({"subject.name": "x"}, websites=(), paths=["subject.remark"]) == []


def test_every_value_is_judged_again_at_its_instance_path():
    found = whole(company() | {f"{W}.domain": "a_b.com", "subject.principal.mobile": "12345"})
    assert (f"{W}.domain", "domain.underscore") in found
    assert ("subject.principal.mobile", "mobile.length") in found


def test_a_second_principal_is_asked_for_everything():
    found = [
        p for p, code in whole(company() | {f"{W}.principal.same_as_subject": "no"}) if code.startswith("required")
    ]
    assert f"{W}.principal.landline" in found
    assert f"{W}.principal.email" in found
    assert len(found) == 8


def test_two_principals_do_not_share_numbers():
    mobile = whole(company() | PERSON | {f"{W}.principal.mobile": "+86 139 0000 0101"})
    assert mobile == [(f"{W}.principal.mobile", "R032")]
    mail = whole(company() | PERSON | {f"{W}.principal.email": "Lin@Qingwu.example"})
    assert mail == [(f"{W}.principal.email", "principals.same_email")]


def test_emergency_numbers():
    values = company() | PERSON | {"subject.principal.emergency_phone": "13900000202"}
    assert whole(values) == [("subject.principal.emergency_phone", "principals.emergency_is_mobile")]
    both = {"subject.principal.emergency_phone": "13600000101", f"{W}.principal.emergency_phone": "136 0000 0101"}
    assert whole(company() | PERSON | both) == [(f"{W}.principal.emergency_phone", "R031")]


def test_the_same_person_is_the_same_person():
    same = PERSON | {f"{W}.principal.document_number": ID, f"{W}.principal.mobile": "13900000101"}
    assert whole(company() | same) == [(f"{W}.principal.document_number", "principals.same_number")]
    assert whole(company() | same | {f"{W}.principal.name": "林知夏"}) == []


def test_a_domain_belongs_to_one_website():
    values = second_website(company(), domain="https://www.qingwu-wenchuang.cn")
    assert ("website[w2].domain", "domain.twice") in whole(values, ("w1", "w2"))
    assert ("website[w2].name", "website_name.twice") in whole(
        second_website(company(), name="青梧文创手作馆"), ("w1", "w2")
    )
    assert whole(second_website(company()), ("w1", "w2")) == []


def test_the_number_of_websites_by_province():
    values = second_website(company() | {"subject.region_code": "430102", "subject.document_address": "五一路1号"})
    values["subject.principal.landline"] = "0731-87650101"
    assert ("website", "R064") in whole(values, ("w1", "w2"))
    six = individual()
    for n in range(2, 7):
        six = second_website(six, f"w{n}", f"songxi-{n}.cn", f"松溪的第{n}本笔记")
    assert ("website", "websites.subject_limit") in whole(six, [f"w{n}" for n in range(1, 7)])


def test_an_access_like_the_first_needs_nothing_of_its_own():
    values = second_website(company())
    for field in ("access_method", "server_location", "ip_addresses"):
        del values[f"website[w2].access.{field}"]
    assert len(whole(values, ("w1", "w2"))) == 3
    assert whole(values | {"website[w2].access.same_as_first": "yes"}, ("w1", "w2")) == []


def test_each_approval_chosen_has_its_number():
    values = company() | {f"{W}.pre_approvals": ["1", "9"], f"{W}.pre_approvals[1].approval_number": "35120260001"}
    values[f"{W}.pre_approvals[1].valid_to"] = "2030-01-01"
    assert whole(values) == [
        (f"{W}.pre_approvals[9].approval_number", "required.approval"),
        (f"{W}.pre_approvals[9].valid_to", "required.approval"),
    ]


def test_an_individual_and_the_province():
    assert whole(individual(**{"subject.principal.name": "林知夏"})) == [
        ("subject.principal.name", "principal.not_individual")
    ]
    assert whole(individual(**{"subject.principal.document_number": ID})) == [
        ("subject.principal.document_number", "principal.number_not_individual")
    ]
    elsewhere = {"subject.document_number": ID, "subject.principal.document_number": ID}
    assert whole(individual(**elsewhere)) == [("subject.region_code", "R018")]
    shanxi = {"subject.region_code": "140105", "subject.document_address": "示例路1号"}
    assert whole(individual(**shanxi)) == [("subject.region_code", "outside_individual.refused")]
    tianjin = shanxi | {"subject.region_code": "120101", "subject.principal.emergency_phone": "13600000101"}
    assert whole(individual(**tianjin)) == []


def test_one_principal_where_the_province_wants_one():
    jiangsu = {
        "subject.region_code": "320102",
        "subject.document_address": "示例路1号",
        "subject.legal_representative.name": "王大明",
        "subject.legal_representative.document_number": ID,
        "subject.principal.landline": "025-87650101",
        f"{W}.principal.landline": "025-87650202",
    }
    assert whole(company() | PERSON | jiangsu) == [(f"{W}.principal.same_as_subject", "R037")]
    del jiangsu["subject.legal_representative.document_number"]
    assert ("subject.legal_representative.document_number", "required.legal_representative") in whole(
        company() | jiangsu
    )


def test_what_is_asked_and_required():
    organisation = context({"subject.organisation_type": "4", "subject.region_code": "350102"})
    private = context({"subject.organisation_type": "5", "subject.region_code": "350102"})
    jilin = context({"subject.organisation_type": "4", "subject.region_code": "220102"})
    assert required("subject.principal.landline", organisation)
    assert not required("subject.principal.landline", private)
    assert not asked("subject.legal_representative.name", organisation)
    assert not asked("subject.legal_representative.name", private)
    assert asked("subject.legal_representative.name", jilin)
    assert not required("subject.legal_representative.name", jilin)
    assert not required("subject.principal.emergency_phone", organisation)
    assert required("subject.principal.emergency_phone", context({"subject.region_code": "500103"}))
    assert required("website.remark", context({"website.service_content": ["24"]}))
    assert not required("website.remark", context({"website.service_content": ["8"]}))
    assert missing("subject.principal.landline", organisation).code == "required.landline"
    for function in (asked, required, missing):
        with pytest.raises(KeyError):
            function("subject.unknown", organisation)


def test_a_field_described_for_the_command_line():
    rows = list(
        describe(
            "subject.document_number",
            [CREDIT, "9I350IOOMOOOIOOY43"],
            {"subject.document_type": "1"},
            "new_filing",
            builtin(),
            TODAY,
        )
    )
    assert rows[0] == {"value": CREDIT, "stored": CREDIT, "corrections": []}
    (correction,) = rows[1]["corrections"]
    assert sorted(correction) == ["code", "message", "remedy", "severity", "suggestion"]
    assert (correction["severity"], correction["suggestion"]) == ("error", CREDIT)
    with pytest.raises(KeyError):
        list(describe("subject.unknown", ["x"], {}, "new_filing", builtin(), TODAY))
    with pytest.raises(KeyError):
        list(describe("subject.name", ["x"], {"subject.unknown": "x"}, "new_filing", builtin(), TODAY))
    (row,) = describe(
        "website.remark", ["卖手工艺品"], {"website.service_content": "6,24"}, "new_filing", builtin(), TODAY
    )
    assert [c["code"] for c in row["corrections"]] == ["R061"]
