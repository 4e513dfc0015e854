"""From each operation to each other and back: every answer, explanation and paper that still applies is there."""

import io
import zlib

import filing_cases as cases
import pytest
from PIL import Image

from icp import documents, vocabulary
from icp.extensions import db
from icp.filings import drafts, opening, operations
from icp.register import verbs as register
from tests.unit.register.register_cases import OTHERS, record, subject, website

NUMBER = "闽ICP备2026000001号"
SITES = {"cancel_website": [NUMBER + "-2"], "cancel_subject": [NUMBER + "-1", NUMBER + "-2"]}
OTHER = {"name": "沈知秋", "document_type": "2", "document_number": "350102199003070039", "mobile": "13950123456"}
DATES = {"document_valid_from": "2020-01-01", "document_valid_to": "2040-01-01"}
MORE = {
    "emergency_phone": "13600000001",
    "reachable_hours": "上午",
    "landline": "0591-87654322",
    "email": "s@q.example",
}
PERSON = {**OTHER, **DATES, **MORE}


@pytest.fixture
def on_record(site, host):
    second = website(NUMBER + "-2", domain="qingwu-shop.example", provider=OTHERS, bureau_id=201)
    found = record(subject(website(), second), None)
    register.belongs_to(found, host.account_id, by="claim")
    db.session.commit()
    return found


def about(operation, on_record, begun_with=True):
    declaration = operations.get(operation)
    known = declaration.begins == "record" or (declaration.begins == "number" and begun_with)
    return (on_record if known else None), SITES.get(operation, [])


def put(filing_id, path):
    data = io.BytesIO()
    Image.new("RGB", (320, 200), (zlib.crc32(path.encode()) % 200, 90, 90)).save(data, "JPEG")
    data.seek(0)
    return documents.store(data, filing_id=filing_id, path=path, by_id=None)


def fill(filing_id, host):
    """Everything the operation asks for, another principal for the second website where there is one, every paper."""
    operation = operations.get(cases.filing_of(filing_id).operation)
    if (
        any(step.repeat and step.grows for step in operation.steps)
        and len(drafts.read(filing_id).answers.rows("website")) < 2
    ):
        drafts.add_row(filing_id, host, "website")
    rows = drafts.read(filing_id).answers.rows("website")
    typed = dict(cases.values())
    for row in rows:
        site = {p.removeprefix("website[w1]."): v for p, v in typed.items() if p.startswith("website[w1].")}
        site |= {
            "domain": f"{row}.example",
            "name": f"网站之{row}",
            "remark": row,
            "filing_number": f"{NUMBER}-{row[1:]}",
        }
        site |= {"pre_approvals": ["5"], "pre_approvals[5].approval_number": "文1号"}
        site |= {"pre_approvals[5].valid_to": "2040-01-01", "access.same_as_first": "no"}
        if row != rows[0] or operation.code not in ("new_filing", "change"):
            site |= {"principal.same_as_subject": "no"} | {f"principal.{name}": value for name, value in PERSON.items()}
        typed |= {f"website[{row}].{name}": value for name, value in site.items()}
    typed |= {"subject.filing_number": NUMBER, "cancellation.reason": "1", "cancellation.remark": "不办了"}
    typed |= {"subject.supervisor": "投资人", "subject.legal_representative.name": "陈立"}
    typed |= {"subject.legal_representative.document_number": "350102198801012345", "subject.remark": "备注"}
    typed |= {f"subject.principal.{name}": f"{value}" for name, value in {**DATES, "reachable_hours": "下午"}.items()}
    for _ in range(3):  # what one answer opens, the next round fills
        answers = drafts.read(filing_id).answers
        asked = [p for p in operation.all_paths(answers, told=False) if not operation.is_fixed(p, answers)]
        drafts.save(filing_id, host, {p: (None, typed[p]) for p in asked if p in typed})
    answers = drafts.read(filing_id).answers
    for slot in operation.papers(answers, vocabulary.current()):
        put(filing_id, slot.path)
        drafts.explain(filing_id, host, slot.path, f"看得清：{slot.path}")
    for path in operation.all_paths(answers, told=False):
        if path.endswith(".name") and not operation.is_fixed(path, answers):
            drafts.explain(filing_id, host, path, f"没有错：{path}")
    db.session.commit()


def asked_of(filing_id):
    """Paths of the answers and of the papers that the filing asks for."""
    operation, answers = operations.get(cases.filing_of(filing_id).operation), cases.answers_of(filing_id)
    answered = [p for p in operation.all_paths(answers, told=False) if not operation.is_fixed(p, answers)]
    return answered, [slot.path for slot in operation.papers(answers, vocabulary.current())]


def given(filing_id):
    """What is there of all that: answers, explanations, papers by what they show."""
    answered, slots = asked_of(filing_id)
    answers, there = cases.answers_of(filing_id), documents.current(filing_id)
    told = {path: text for path, text in answers.explanations.items() if path in answered + slots}
    papers = {path: there[path].fingerprint for path in slots if path in there}
    return {path: answers.get(path) for path in answered if answers.get(path)}, told, papers


PAIRS = [
    (a, b) for a in operations.OPERATIONS for b in operations.OPERATIONS if a != b and "cancel_access" not in (a, b)
]


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_what_still_applies_stays_and_all_comes_back(host, on_record, first, second, known):
    subject, sites = about(first, on_record, known)
    filing_id = opening.open_filing(first, host, host_id=host.account_id, subject=subject, websites=sites).id
    fill(filing_id, host)
    before = given(filing_id)
    assert set(before[2]) == set(asked_of(filing_id)[1]) != set()
    opening.switch(filing_id, host, second, *about(second, on_record, known))
    db.session.commit()
    applies = {path for paths in asked_of(filing_id) for path in paths}
    for there, here in zip(before, given(filing_id), strict=True):
        assert {path: here.get(path) for path in there if path in applies} == {
            path: value for path, value in there.items() if path in applies
        }
    opening.switch(filing_id, host, first, subject, sites)
    db.session.commit()
    assert given(filing_id) == before
