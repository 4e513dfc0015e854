"""The public pages: what can be begun, which papers, what a province asks, the entrances, that what is told is so."""

import dataclasses
import re

import pytest

from icp.filings.operations import OPERATIONS
from icp.filings.operations.new_filing import NEW_FILING
from icp.public import guide
from icp.settings import Settings
from icp.vocabulary import builtin
from tests.conftest import build

PAGES = ("/", "/enter/ministry", "/enter/bureau/350000", "/help", "/privacy", "/rules", "/moved")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_everybody_reads_the_public_pages(client, address, language):
    page = client.look(address, headers={"Accept-Language": language})
    assert page.one("html").get("lang") == language
    phone = Settings().provider_phone
    assert phone in page.text or address.startswith("/enter") or address == "/rules"


def test_every_link_within_the_pages_leads_somewhere(client):
    for address in PAGES:
        page = client.look(address)
        here = {element.get("id") for element in page.elements()}
        for link in [a.get("href", "") for a in page.one("main").iter() if a.get("href")]:
            path, _, fragment = link.partition("#")
            if not path:
                assert fragment in here, f"{address}: {link}"
            elif path != "/start":  # the host's own
                target = client.look(path)
                assert not fragment or fragment in {e.get("id") for e in target.elements()}, f"{address}: {link}"


def test_only_what_can_be_begun_is_offered(client):
    page = client.look("/")
    rows = [li for li in page.all("li") if page.words(li).startswith(tuple("一二三四五六"))]
    offered = {page.words(li)[1:].split()[0]: [a.get("href") for a in li.iter() if a.get("href")] for li in rows}
    kinds = guide.kinds(builtin())
    assert {code for kind in kinds for code in kind.codes} == OPERATIONS.keys()
    for kind in kinds:
        found = next(links for text, links in offered.items() if text.startswith(kind.name))
        assert found == ([] if OPERATIONS[kind.codes[0]].by_staff_only else ["/start"]), kind.name
    assert page.words(page.one("main")).count("请打电话") == 1


def test_papers_are_those_the_operation_asks_for(client):
    words = builtin()
    required = {slot.label for slot in guide.papers(words, individual=False) if slot.required}
    assert {"主办单位证件", "域名证书", "主体负责人证件，人像面"} <= required
    assert "主办单位证件" not in {slot.label for slot in guide.papers(words, individual=True)}
    page = client.look("/")
    told = page.words(page.one("section", aria_labelledby="ready"))
    labels = {slot.label for slots in guide.more_papers(words).values() for slot in slots} | required
    assert [label for label in sorted(labels) if label not in told] == []
    assert all(guide.more_papers(words).values()), "a case that asks for nothing"
    by_staff = {"website.papers.verification_form", "website.principal.papers.photo", "subject.papers.commission"}
    known = {label for path, label in NEW_FILING.paper_labels.items() if path not in by_staff}
    later = {label for kind in guide.kinds(words) for label in kind.more}
    assert later
    assert known <= labels | later | {slot.label for slot in guide.papers(words, individual=False)}
    told = page.words(page.one("section", aria_labelledby="kinds"))
    assert [label for label in sorted(later) if label not in told] == []


def test_entrances_are_remembered_until_the_filing_is_begun(client):
    client.look("/enter/bureau/440000")
    with client.session_transaction() as session:
        assert (session["entrance"], session["province"]) == ("bureau", "440000")
    client.look("/")
    client.look("/enter/ministry")
    with client.session_transaction() as session:
        assert session["entrance"] == "ministry"
        assert "province" not in session


@pytest.mark.parametrize("province", ["999999", "350100", "fujian", "810000"])
def test_provinces_that_have_no_bureau_have_no_entrance(client, province):
    assert client.get(f"/enter/bureau/{province}").status_code == 404
    with client.session_transaction() as session:
        assert "entrance" not in session


@pytest.mark.parametrize("province", [row["code"] for row in builtin().tables["provinces"]])
def test_every_province_has_an_entrance_that_tells_its_rules(client, province):
    page = client.look(f"/enter/bureau/{province}")
    rules = builtin().province_rules(province)
    assert f"{rules.review_working_days} 个工作日" in page.text
    assert f"{rules.minimum_age} 周岁" in page.text
    assert ("承诺书" in page.words(page.one("section", aria_labelledby="asks"))) is rules.commitment_letter


def test_every_rule_of_a_province_is_told():
    rules = builtin().province_rules("350000")
    plain = dataclasses.replace(
        rules, subject_principal="any", website_principal_letter=False, outside_individuals="accepted"
    )
    silent = {
        "province",
        "review_working_days",
        "sms_check",
        "checked_on",
        "shell_subject_may_add",
        "minimum_age",
        "password_waived",
    }
    for field in dataclasses.fields(rules):
        if field.name in silent | {"subject_principal", "outside_individuals"}:
            continue
        value = getattr(plain, field.name)
        other = (not value) if isinstance(value, bool) else 7
        changed = dataclasses.replace(plain, **{field.name: other})
        assert guide.asks(changed) != guide.asks(plain), field.name
    for field, value in (("subject_principal", "power_of_attorney"), ("outside_individuals", "refused")):
        assert len(guide.asks(dataclasses.replace(plain, **{field: value}))) == len(guide.asks(plain)) + 1


def test_the_reasons_are_those_a_first_filing_meets(client):
    words = builtin()
    told = [*guide.common_reasons(words), *(r for reasons in guide.other_reasons(words).values() for r in reasons)]
    assert len({reason.id for reason in told}) == len(told) > 60
    assert len(guide.common_reasons(words)) == len(guide.COMMON)
    known = {reason.id for reason in words.reasons()}
    assert set(guide.COMMON) | guide.NOT_FIRST <= known
    page = client.look("/help")
    assert [reason.id for reason in told if reason.message() not in page.text] == []


def test_numbers_on_the_pages_are_the_settings(tmp_path, app):
    numbers = {"draft_days": 77, "draft_link_days": 55, "account_link_minutes": 33, "upload_limit_mb": 44}
    client = build(tmp_path / "instance", **numbers).test_client()
    told = client.look("/privacy").text + client.look("/help").text
    assert [n for n in numbers.values() if not re.search(rf"\b{n} ?(天|分钟|MB)", told)] == []


@pytest.mark.parametrize(
    ("kind", "role", "work"),
    [("host", "", "/filings"), ("staff", "reviewer", "/desk/"), ("staff", "verifier", "/desk/")],
)
def test_who_is_signed_in_is_led_to_his_work(signed_in, kind, role, work):
    client = signed_in(kind, role)
    assert client.get("/").location == work
    for address in PAGES[1:]:
        client.look(address)
