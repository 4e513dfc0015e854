"""What was typed and uploaded with a new access is there in the change that brings the record up to date."""

import datetime as dt
import os
from pathlib import Path

import carrying_cases as given
import filing_cases as cases
import pytest
from carrying_cases import BESIDE, ON_RECORD, OTHER, PRINCIPAL, SITE

from icp import documents, vocabulary
from icp.extensions import begin_write, db, now
from icp.filings import behalf, correcting, drafts, ends, judge, opening, operations
from icp.filings.states import Actor, today
from icp.register import verbs as register
from icp.tasks import words

FRONT, BACK = "papers.identity_front", "papers.identity_back"


@pytest.fixture
def stranger(site):
    """Another account that holds the subject's number and password."""
    return Actor("host", cases.account("host", "chen@other.example"))


def begun(by, subject, source):
    """The change opened from the task; committed."""
    task = given.task()
    filing = correcting.begin(subject, by, websites=[SITE], said=words.differences(task), source=source)
    db.session.commit()
    return filing.id


def papers(filing_id):
    return {path: paper.from_filing_id for path, paper in documents.current(filing_id).items()}


def missing(filing_id):
    """Paths at which something keeps the change from being submitted."""
    answers = cases.answers_of(filing_id)
    found = judge.judge_whole(
        operations.get("change"), answers, documents.current(filing_id), ((3405803776, 3405803903),)
    )
    return {c.path for c in judge.blocking(found)}


def test_another_principal_is_there_as_a_whole_with_his_papers(host, reviewer):
    source, subject = given.approved(host, reviewer, OTHER)
    change = begun(host, subject, source)
    answers = cases.answers_of(change)
    assert {name: answers.get(f"{PRINCIPAL}.{name}") for name in OTHER} == OTHER
    assert answers.get(f"{PRINCIPAL}.same_as_subject") == "no"
    asked = {slot.path for slot in operations.get("change").papers(answers, vocabulary.current())}
    assert asked == {f"{PRINCIPAL}.papers.{name}" for name in ("identity_front", "identity_back", "power_of_attorney")}
    assert {path: papers(change).get(path) for path in asked} == dict.fromkeys(asked, source)
    assert missing(change) == set()
    assert not {"domain_certificate", "photo", "verification_form"} & {
        path.rpartition(".")[2] for path in papers(change)
    }


def test_one_number_that_differs_asks_for_nothing_else_of_him(host, reviewer):
    source, subject = given.approved(host, reviewer, {**ON_RECORD, "mobile": "13950123456"})
    (entry,) = words.differences(given.task())
    assert (entry["path"], entry["said"]) == ("website.principal.mobile", "13950123456")
    change = begun(host, subject, source)
    answers = cases.answers_of(change)
    assert {name: answers.get(f"{PRINCIPAL}.{name}") for name in ON_RECORD} == {**ON_RECORD, "mobile": "13950123456"}
    assert missing(change) == set()


def test_what_no_record_holds_lies_beside_it_and_is_no_change(host, reviewer):
    _, subject = given.approved(host, reviewer, ON_RECORD)
    assert words.differences(given.task()) == []
    filing = opening.open_filing("change", host, host_id=host.account_id, subject=subject)  # not from the task
    answers = cases.answers_of(filing.id)
    assert {name: answers.get(f"subject.principal.{name}") for name in BESIDE} == BESIDE
    assert "filing" in missing(filing.id)  # nothing is changed yet
    drafts.save(filing.id, host, {"subject.principal.name": (None, "林之夏")})
    assert f"subject.principal.{FRONT}" in missing(filing.id)  # by another name, the picture shows another document
    assert not any("valid" in path or "phone" in path for path in missing(filing.id))


def test_a_picture_of_somebody_else_does_not_stay_in_the_slot(host, reviewer):
    source, subject = given.approved(host, reviewer, OTHER)
    change = begun(host, subject, source)
    own = given.upload(change, f"{PRINCIPAL}.papers.power_of_attorney").id
    drafts.save(change, host, {f"{PRINCIPAL}.mobile": (None, "13950123457")})
    assert f"{PRINCIPAL}.{FRONT}" in papers(change)
    drafts.save(change, host, {f"{PRINCIPAL}.document_valid_to": (None, "2045-01-01")})
    assert papers(change) == {f"{PRINCIPAL}.papers.power_of_attorney": None}
    assert documents.current(change)[f"{PRINCIPAL}.papers.power_of_attorney"].id == own


def test_what_he_took_away_is_not_put_back_by_asking_again(host, reviewer):
    source, subject = given.approved(host, reviewer, OTHER)
    change = begun(host, subject, source)
    documents.remove(documents.current(change)[f"{PRINCIPAL}.{FRONT}"])
    drafts.save(change, host, {f"{PRINCIPAL}.mobile": (None, "")})
    db.session.commit()
    assert begun(host, subject, source) == change
    assert cases.answers_of(change).get(f"{PRINCIPAL}.mobile") == OTHER["mobile"]
    assert f"{PRINCIPAL}.{FRONT}" not in papers(change)
    assert f"{PRINCIPAL}.{BACK}" in papers(change)


@pytest.mark.parametrize("who", ["host", "staff", "invited"])
def test_who_could_not_see_the_filing_sees_nothing_of_it(host, reviewer, stranger, who):
    source, subject = given.approved(host, reviewer, OTHER)
    if who != "invited":
        register.belongs_to(subject, stranger.account_id, by="claim")
        db.session.commit()
    change = begun(stranger if who == "host" else reviewer, subject, source)
    if who == "invited":
        assert papers(change)
        behalf.add_host(behalf.lock(change), stranger.account_id)
        db.session.commit()
    answers = cases.answers_of(change)
    assert papers(change) == {}
    if who != "invited":
        assert OTHER["document_number"] not in answers.values.values()
        assert not set(BESIDE.values()) & {v for v in answers.values.values() if isinstance(v, str)}


def test_a_document_that_ran_out_is_not_taken_over(host, reviewer, later):
    until = (today() + dt.timedelta(days=200)).isoformat()
    source, subject = given.approved(host, reviewer, {**OTHER, "document_valid_to": until})
    later(201)
    assert f"{PRINCIPAL}.{FRONT}" not in papers(begun(host, subject, source))


@pytest.mark.parametrize("erased", ["source", "copy"])
def test_neither_filing_takes_the_other_ones_pictures_with_it(site, host, reviewer, later, erased):
    source, subject = given.approved(host, reviewer, OTHER)
    change = begun(host, subject, source)
    gone, stays = (source, change) if erased == "source" else (change, source)
    kept = documents.current(stays)[f"{PRINCIPAL}.{FRONT}"].id
    lost = documents.current(gone)[f"{PRINCIPAL}.{FRONT}"].id
    documents.forget(gone)
    db.session.commit()
    later(40)
    old = (now() - dt.timedelta(days=39)).timestamp()
    for file in Path(site.instance_path, "papers").rglob("*"):
        if file.is_file():
            os.utime(file, (old, old))
    documents.sweep(dt.timedelta(days=30))
    assert documents.get(lost) is None
    for copy in (documents.view, documents.reduced, documents.original):
        assert copy(documents.get(kept))


def test_copies_that_were_not_needed_end_with_their_filing(host, reviewer):
    source, subject = given.approved(host, reviewer, OTHER)
    change = begun(host, subject, source)
    begin_write()
    ends.ended(cases.filing_of(change))
    db.session.commit()
    assert papers(change) == {}
    assert papers(source)


TYPE = "subject.organisation_type"


@pytest.mark.parametrize(
    ("on_record", "told", "filled_in"),
    [
        pytest.param({"organisation_type": ""}, True, "4", id="none on record"),
        pytest.param({"organisation_type": "3"}, True, "4", id="another on record"),
        pytest.param({"organisation_type": "5", "document_type": "2"}, True, "5", id="the document is of another type"),
        pytest.param({}, False, "4", id="the same"),
    ],
)
def test_the_organisation_type_that_was_said_is_in_the_change(host, reviewer, on_record, told, filled_in):
    source, subject = given.approved(host, reviewer, ON_RECORD, **on_record)
    entries = [entry for entry in words.differences(given.task()) if entry["path"] == TYPE]
    stands = on_record.get("organisation_type", "4")
    assert entries == [{"path": TYPE, "number": "", "said": "4", "on_record": stands}] * told
    filing = correcting.begin(subject, host, said=words.differences(given.task()), source=source)
    db.session.commit()
    answers = cases.answers_of(filing.id)
    assert (answers.get(TYPE), answers.was(TYPE)) == (filled_in, stands)
    assert answers.rows("website") == ["w1"]
