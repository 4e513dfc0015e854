"""What a change judges and asks for: the blocks that differ from the record, and nothing else."""

from __future__ import annotations

import filing_cases as cases
import pytest

from icp import vocabulary
from icp.extensions import db
from icp.filings import drafts, judge, opening, operations
from icp.filings.answers import Answers, block_of
from icp.filings.states import Actor
from icp.register import verbs as register
from icp.register.models import Subject
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)

CHANGE = operations.get("change")
PERSON = PrincipalRecord("林知夏", "2", "350102199003072419", "0591-87654321", "13900000101", "lin@qingwu.example")
OTHER = PrincipalRecord("周明", "2", "350102198811120038", "0591-87654322", "13900000102", "zhou@qingwu.example")


def access(number: int, provider: int = 350000000001) -> AccessRecord:
    """One access on one address."""
    addresses = (IpRangeRecord(3405803800, 3405803800, 500000 + number),)
    return AccessRecord(300000 + number, None, provider, ("3",), ("4",), addresses)


def website(number: int, principal: PrincipalRecord = PERSON, **more: object) -> WebsiteRecord:
    """One website with one domain and one access of ours."""
    values: dict[str, object] = {
        "bureau_id": 200000 + number,
        "isp_id": None,
        "number": f"闽ICP备2026000001号-{number}",
        "name": f"青梧文创手作馆{'一二三'[number - 1]}号店",
        "home_url": f"www.qingwu{number}.example",
        "service_content": ("1",),
        "languages": ("1",),
        "pre_approvals": (),
        "remark": "",
        "principal": principal,
        "domains": (DomainRecord(f"qingwu{number}.com", 400000 + number),),
        "accesses": (access(number),),
    }
    return WebsiteRecord(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def subject(site):
    said = SubjectRecord(
        bureau_id=100001,
        isp_id=None,
        number="闽ICP备2026000001号",
        name=cases.HOST.company,
        organisation_type="4",
        document_type="1",
        document_number=cases.HOST.document_number,
        document_address="福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        region_code="350102",
        mailing_address="示例路18号青梧大厦6层602室",
        supervisor="林知夏",
        mode="0",
        remark="",
        principal=PERSON,
        websites=(website(1), website(2, OTHER), website(3, accesses=(access(3, 110000000009),))),
    )
    found = register.record(said, filing_id=None, our_isp_id=350000000001)
    db.session.commit()
    return found.id


def change(subject_id: int, host: Actor) -> Answers:
    """The draft of a change as it begins."""
    subject = db.session.get_one(Subject, subject_id)
    filing = opening.open_filing("change", host, host_id=host.account_id, subject=subject)
    db.session.commit()
    assert (filing.subject_id, filing.domain, filing.province) == (subject_id, "qingwu1.com", "350000")
    return cases.answers_of(filing.id)


def said(answers: Answers) -> dict[str, str]:
    """Path → code of what keeps a change from being submitted."""
    found = judge.judge_whole(CHANGE, answers, (), ((3405803776, 3405803903),))
    return {c.path: c.code for c in judge.blocking(found)}


def test_a_change_begins_with_what_is_on_record_and_runs_here(subject, host):
    answers = change(subject, host)
    assert answers.rows("website") == ["w1", "w2"], "the third runs at another provider"
    assert answers.values == answers.record
    assert answers.get("website[w1].principal.same_as_subject") == "yes"
    assert answers.get("website[w2].principal.name") == "周明"
    assert answers.get("website[w2].access.ip_addresses") == ["203.0.113.24"]
    assert answers.changed_blocks() == set()
    assert said(answers) == {"filing": "change.nothing"}
    assert CHANGE.papers(answers, vocabulary.current()) == []
    assert CHANGE.visits(answers) == []


CASES = (
    # what is changed, papers asked for, rows whose principal is met
    ({"subject.mailing_address": "新示例路9号301室"}, set(), []),
    (
        {"subject.document_address": "福建省福州市鼓楼区新示例路9号301室"},
        {"subject.papers.document"},
        [],
    ),
    (
        {"subject.name": "福州青梧手作有限公司"},
        {"subject.papers.document", "subject.papers.name_change_letter"},
        [],
    ),
    (
        {"subject.principal.name": "林小夏"},
        {"subject.principal.papers.identity_front", "subject.principal.papers.identity_back"},
        ["w1"],
    ),
    ({"subject.principal.mobile": "13900000199"}, set(), []),
    (
        {"website[w2].principal.name": "周小明"},
        {
            "website[w2].principal.papers.identity_front",
            "website[w2].principal.papers.identity_back",
            "website[w2].principal.papers.power_of_attorney",
        },
        ["w2"],
    ),
    ({"website[w2].principal.same_as_subject": "yes"}, set(), ["w2"]),
    ({"website[w1].access.ip_addresses": ["203.0.113.25"]}, set(), []),
    (
        {
            "website[w1].pre_approvals": ["5"],
            "website[w1].pre_approvals[5].approval_number": "闽审2026第1号",
            "website[w1].pre_approvals[5].valid_to": "long",
        },
        {"website[w1].pre_approvals[5].papers.document"},
        [],
    ),
)


@pytest.mark.parametrize(("typed", "papers", "met"), CASES, ids=[next(iter(case[0])) for case in CASES])
def test_only_what_differs_is_asked_papers_for_and_met(subject, host, typed, papers, met):
    answers = change(subject, host)
    answers.values |= typed
    assert answers.changed_blocks() == {block_of(path) for path in typed}
    assert {slot.path for slot in CHANGE.papers(answers, vocabulary.current())} == papers
    assert CHANGE.visits(answers) == met
    blocks = answers.changed_blocks()
    assert {block_of(path) for path in said(answers) if ".papers." not in path} <= blocks, "the rest stays as it is"


def test_dates_of_validity_are_asked_only_with_the_document(subject, host):
    answers = change(subject, host)
    answers.values["subject.mailing_address"] = "新示例路9号301室"
    assert said(answers) == {}
    answers.values["subject.document_address"] = "福建省福州市鼓楼区新示例路9号301室"
    assert set(said(answers)) == {
        "subject.document_valid_from", "subject.document_valid_to", "subject.papers.document",
    }  # fmt: skip


def test_a_commission_is_no_document(subject, host):
    answers = change(subject, host)
    answers.on_behalf = True
    answers.values["subject.mailing_address"] = "新示例路9号301室"
    assert set(said(answers)) == {"subject.papers.commission"}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("subject.region_code", "310101", "R092"),
        ("subject.organisation_type", "5", "change.individual"),
        ("website[w1].access.ip_addresses", ["198.51.100.7"], "R065"),
    ],
)
def test_what_a_change_may_not_do(subject, host, path, value, code):
    answers = change(subject, host)
    answers.values[path] = value
    assert said(answers)[path] == code


@pytest.mark.parametrize("path", ["subject.document_number", "website[w1].domain", "website[w2].filing_number"])
def test_what_stays_as_it_is_on_record_is_refused_when_posted(subject, host, path):
    subject_row = db.session.get_one(Subject, subject)
    filing = opening.open_filing("change", host, host_id=host.account_id, subject=subject_row)
    db.session.commit()

    with pytest.raises(drafts.NoSuchAnswer):
        drafts.save(filing.id, host, {path: (None, "other")})
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.add_row(filing.id, host, "website")
