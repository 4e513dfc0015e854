import datetime as dt

import filing_cases as cases
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from icp import documents, vocabulary
from icp.documents.models import Paper
from icp.extensions import db, now
from icp.filings import drafts, judge, marks, operations, revisions, verbs
from icp.filings.answers import Answers
from icp.filings.marks import reviewer_correction
from icp.filings.models import Revision
from icp.filings.states import StaleRevision
from icp.sealing import SealError
from tests.conftest import both_databases

NAME, MOBILE = "website[w1].name", "subject.principal.mobile"
DOCUMENT = "subject.papers.document"


def submit(filing_id, by) -> Revision:
    verbs.submit(filing_id, by)
    db.session.commit()
    return revisions.newest(cases.filing_of(filing_id))


def send_back(filing_id, reviewer, *paths) -> None:
    filing = verbs.take(filing_id, reviewer)
    for path in paths or (NAME,):
        marks.put(filing, reviewer, reviewer_correction(path, "", "请改"))
    verbs.send_back(filing_id, reviewer, filing.revision_no)
    for mark in marks.open_for_host(filing):
        marks.answer(filing, mark, "mended")
    db.session.commit()


@both_databases
def test_submitting_freezes_what_was_typed(draft, host):
    revision = submit(draft, host)
    filing = cases.filing_of(draft)
    assert (filing.state, filing.revision_no, filing.resubmitted) == ("submitted", 1, False)
    assert (revision.number, revision.author_id, revision.by_staff) == (1, host.account_id, False)
    assert revision.vocabulary_id == vocabulary.current().id
    for path, value in cases.values(**{"subject.document_number": cases.own_number(draft)}).items():
        assert revision.answers.get(path) == value, path
    assert cases.HOST.company.encode() not in revision.sealed


def test_a_revision_is_written_in_canonical_form(draft, host):
    typed = {
        "website[w1].domain": "  QingWu-WenChuang.CN ",
        "subject.document_number": cases.HOST.document_number.lower(),
        MOBILE: "139 0000 0101",
        "subject.mailing_address": " 示例路18号青梧大厦6层602室 ",
        "website[w1].access.ip_addresses": [" 203.0.113.24 "],
    }
    cases.type_in(draft, host, **typed)
    db.session.commit()
    answers = submit(draft, host).answers
    assert answers.get("website[w1].domain") == "qingwu-wenchuang.cn"
    assert answers.get("subject.document_number") == cases.HOST.document_number
    assert answers.get(MOBILE) == "13900000101"
    assert answers.get("subject.mailing_address") == "示例路18号青梧大厦6层602室"
    assert answers.get("website[w1].access.ip_addresses") == ["203.0.113.24"]
    # the buffer stays as it was typed
    assert cases.answers_of(draft).get("website[w1].domain") == "  QingWu-WenChuang.CN "


def test_canonical_form_is_a_fixed_point(draft, host):
    operation = operations.get("new_filing")
    once = submit(draft, host).answers
    assert judge.canonical(operation, once).as_json() == once.as_json()


def test_same_as_is_written_out(draft, host):
    row = drafts.add_row(draft, host, "website")
    first = {p: v for p, v in cases.values().items() if p.startswith("website[w1].")}
    second = {p.replace("[w1]", f"[{row}]"): v for p, v in first.items() if ".access." not in p}
    second |= {
        f"website[{row}].domain": "second-qingwu.cn",
        f"website[{row}].home_url": "www.second-qingwu.cn",
        f"website[{row}].name": "青梧文创第二馆",
        f"website[{row}].access.same_as_first": "yes",
    }
    cases.type_in(draft, host, **second)
    cases.put_papers(draft)
    db.session.commit()
    answers = submit(draft, host).answers
    for part in ("access.access_method", "access.server_location", "access.ip_addresses"):
        assert answers.get(f"website[{row}].{part}") == answers.get(f"website[w1].{part}") != ""
    for part in ("name", "mobile", "document_number"):
        assert answers.get(f"website[{row}].principal.{part}") == answers.get(f"subject.principal.{part}") != ""


def test_what_is_not_asked_is_not_frozen(draft, host):
    cases.type_in(draft, host, **{"website[w1].principal.name": "别的人", "website[w1].access.same_as_first": "yes"})
    drafts.explain(draft, host, "website[w1].principal.name", "不问")
    drafts.explain(draft, host, NAME, "就叫这个")
    db.session.commit()
    answers = submit(draft, host).answers
    assert answers.get("website[w1].principal.name") == cases.HOST.principal
    assert answers.get("website[w1].access.same_as_first") == ""
    assert answers.explanations == {NAME: "就叫这个"}


@both_databases
def test_the_papers_of_the_moment_are_frozen(draft, host, reviewer):
    first = submit(draft, host)
    there = {path: paper.id for path, paper in documents.current(draft).items()}
    assert first.papers == there
    assert all(db.session.get_one(Paper, paper_id).frozen_at for paper_id in first.papers.values())
    send_back(draft, reviewer, DOCUMENT)
    new = cases.put_paper(draft, DOCUMENT)
    stray = cases.put_paper(draft, "website[w9].papers.domain_certificate")
    db.session.commit()
    second = submit(draft, host)
    assert second.papers == {**there, DOCUMENT: new.id}
    assert revisions.numbered(draft, 1).papers == there
    # the replaced paper stays for the first revision; one that no revision names is swept
    documents.remove(stray)
    db.session.commit()
    documents.sweep(dt.timedelta(seconds=-1))
    assert db.session.get(Paper, there[DOCUMENT]).removed_at is not None
    assert db.session.get(Paper, stray.id) is None


@both_databases
def test_an_earlier_revision_never_changes(draft, host, reviewer):
    submit(draft, host)
    before = _all_of(draft)
    send_back(draft, reviewer)
    cases.type_in(draft, host, **{NAME: "青梧手作文创馆"})
    db.session.commit()
    second = submit(draft, host)
    after = _all_of(draft)
    assert after[1] == before[1]
    assert second.answers.get(NAME) == "青梧手作文创馆"
    assert revisions.numbered(draft, 1).answers.get(NAME) == cases.HOST.website
    assert cases.filing_of(draft).resubmitted


def _all_of(filing_id):
    db.session.expire_all()
    rows = db.session.scalars(select(Revision).where(Revision.filing_id == filing_id))
    return {r.number: (r.id, r.hash, r.sealed, r.author_id, r.created_at, r.vocabulary_id) for r in rows}


def test_the_hash_is_that_of_answers_and_papers_alone(draft, host, reviewer):
    first = submit(draft, host)
    assert first.hash == first.answers.digest(first.papers)
    assert len(first.hash) == 64
    send_back(draft, reviewer)
    assert submit(draft, host).hash == first.hash, "nothing was changed"
    send_back(draft, reviewer, DOCUMENT)
    cases.put_paper(draft, DOCUMENT)
    db.session.commit()
    assert submit(draft, host).hash != first.hash


def test_the_hash_does_not_depend_on_the_order_of_typing():
    one = Answers({"a": "1", "b": ["2", "3"]}, {"website": ["w1", "w2"]}, {"a": "x"})
    two = Answers({"b": ["2", "3"], "a": "1"}, {"website": ["w1", "w2"]}, {"a": "x"})
    assert one.digest({"p": "1", "q": "2"}) == two.digest({"q": "2", "p": "1"})
    changed = [
        Answers({"a": "2", "b": ["2", "3"]}, one.groups, one.explanations),
        Answers({"a": "1", "b": ["3", "2"]}, one.groups, one.explanations),
        Answers(one.values, {"website": ["w2", "w1"]}, one.explanations),
        Answers(one.values, one.groups, {"a": "y"}),
        Answers({"a": "1", "b": ["2", "3"], "c": ""}, one.groups, {}),
    ]
    assert len({a.digest({}) for a in [one, *changed]}) == len(changed) + 1


def test_a_copy_of_answers_is_independent():
    one = Answers({"a": ["1"]}, {"website": ["w1"]}, {"a": "x"})
    two = one.copy()
    two.values["a"].append("2")
    two.groups["website"].append("w2")
    two.explanations["a"] = "y"
    assert one == Answers({"a": ["1"]}, {"website": ["w1"]}, {"a": "x"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (NAME, ""),
        ("website[w1].domain", "no domain"),
        (MOBILE, "123"),
        ("subject.document_number", "91350100M000100Y44"),
    ],
)
def test_what_is_wrong_is_not_submitted_and_leaves_nothing(draft, host, path, value):
    cases.type_in(draft, host, **{path: value})
    db.session.commit()
    with pytest.raises(verbs.NotReady) as refused:
        verbs.submit(draft, host)
    assert path in {c.path for c in refused.value.corrections}
    db.session.rollback()
    assert _all_of(draft) == {}
    assert cases.filing_of(draft).state == "draft"
    assert all(paper.frozen_at is None for paper in documents.current(draft).values())


def test_a_missing_paper_keeps_a_filing_from_being_submitted(draft, host):
    documents.remove(documents.current(draft)[DOCUMENT])
    db.session.commit()
    with pytest.raises(verbs.NotReady) as refused:
        verbs.submit(draft, host)
    assert {(c.path, c.code) for c in refused.value.corrections} == {(DOCUMENT, "paper.missing")}


@both_databases
def test_staff_correct_what_the_bureau_returned_in_a_revision_of_their_own(draft, host, reviewer):
    submit(draft, host)
    cases.bring_to_bureau(draft, reviewer)
    verbs.bureau_returned(verbs.lock(draft), [reviewer_correction(NAME, "1005", "请核实")], "请核实")
    db.session.commit()
    drafts.save(draft, reviewer, {NAME: (cases.HOST.website, "青梧手作文创馆")})
    verbs.corrected(draft, reviewer, 1)
    db.session.commit()
    filing, revision = cases.filing_of(draft), revisions.newest(cases.filing_of(draft))
    assert (filing.state, revision.number, revision.by_staff, revision.author_id) == (
        "ready", 2, True, reviewer.account_id,
    )  # fmt: skip
    assert marks.unsettled(filing) == []
    with pytest.raises(StaleRevision):
        verbs.corrected(draft, reviewer, 1)


def test_a_number_is_given_once(draft, host):
    submit(draft, host)
    db.session.add(Revision(filing_id=draft, number=1, hash="x", vocabulary_id="x", content={}, created_at=now()))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_revision_that_is_not_there(draft):
    for look in (lambda: revisions.newest(cases.filing_of(draft)), lambda: revisions.numbered(draft, 1)):
        with pytest.raises(NoResultFound):
            look()


def test_a_revision_that_was_altered_does_not_open(draft, host):
    revision = submit(draft, host)
    revision.sealed = revision.sealed[:-1] + bytes([revision.sealed[-1] ^ 1])
    db.session.commit()
    with pytest.raises(SealError):
        _ = revision.answers
