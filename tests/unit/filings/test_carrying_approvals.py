"""What an earlier filing said and showed of a website's approvals is there in a change, for who could see it."""

import dataclasses
import datetime as dt

import carrying_cases as given
import filing_cases as cases
import pytest
from carrying_cases import NUMBER, SITE

from icp import documents, vocabulary
from icp.extensions import db
from icp.filings import behalf, correcting, drafts, judge, opening, operations, passwords
from icp.filings.states import Actor, today
from icp.register import verbs as register
from icp.tasks import words
from tests.unit.register.register_cases import subject, website

KINDS = "website[w1].pre_approvals"
PRESS, DRUGS = f"{KINDS}[2]", f"{KINDS}[5]"
SCANS = [f"{PRESS}.papers.document", f"{DRUGS}.papers.document"]
TOLD = {"2": "闽新出2024018", "5": "闽药网20230071"}
NUMBERS = {f"{KINDS}[{kind}].approval_number": number for kind, number in TOLD.items()}
UNTIL = {f"{PRESS}.valid_to": "2040-06-30", f"{DRUGS}.valid_to": "2041-02-28"}


def filed(host, reviewer, operation="new_filing", *, on_record=TOLD, domain=cases.HOST.domain, **changes):
    """Id of an approved filing of a website with two approvals, and the subject on record with ``on_record``."""
    filing_id = opening.open_filing(operation, host, host_id=host.account_id).id
    asked = operations.get(operation).asks
    typed = cases.values(**{KINDS: list(TOLD), "subject.filing_number": NUMBER})
    cases.type_in(filing_id, host, **{path: value for path, value in typed.items() if asked(path)})
    cases.type_in(filing_id, host, **NUMBERS | UNTIL | changes)
    for slot in operations.get(operation).papers(drafts.read(filing_id).answers, vocabulary.current()):
        given.upload(filing_id, slot.path)
    if operations.get(operation).password:
        passwords.keep(filing_id, host, number=NUMBER, md5="0" * 32, verdict=passwords.RIGHT)
    site = dataclasses.replace(website(domain=domain), pre_approvals=tuple(on_record.items()))
    return filing_id, given.come_on_record(filing_id, host, reviewer, subject(site))


def change(by, known):
    """A change that nobody has touched yet, opened from the record; committed."""
    if by.kind == "staff":
        filing = behalf.open_for("change", by, subject=known)
    else:
        filing = opening.open_filing("change", by, host_id=by.account_id, subject=known)
    db.session.commit()
    return filing.id


def scans(filing_id):
    """Slot of each scan of an approval → the filing it was taken from."""
    kept = documents.current(filing_id).items()
    return {path: paper.from_filing_id for path, paper in kept if path.startswith(KINDS)}


def days(filing_id):
    answers = cases.answers_of(filing_id)
    return {path: answers.get(path) for path in UNTIL if answers.get(path)}


def missing(filing_id):
    """Paths in the approvals at which something keeps the change from being submitted."""
    operation, answers = operations.get("change"), cases.answers_of(filing_id)
    found = judge.judge_whole(operation, answers, documents.current(filing_id), ((3405803776, 3405803903),))
    return {c.path for c in judge.blocking(found) if c.path.startswith(KINDS)}


def test_another_approval_asks_for_nothing_of_those_that_were_shown(host, reviewer):
    source, known = filed(host, reviewer)
    filing_id = change(host, known)
    assert days(filing_id) == UNTIL
    assert not cases.answers_of(filing_id).changed_blocks()  # what is known is no change
    drafts.save(filing_id, host, {KINDS: (None, [*TOLD, "9"])})
    asked = {slot.path for slot in operations.get("change").papers(cases.answers_of(filing_id), vocabulary.current())}
    assert asked == {*SCANS, f"{KINDS}[9].papers.document"}
    assert scans(filing_id) == dict.fromkeys(SCANS, source)
    assert {path.partition("[9]")[2] for path in missing(filing_id)} == {
        ".approval_number",
        ".valid_to",
        ".papers.document",
    }


@pytest.mark.parametrize("who", ["host", "staff", "invited"])
def test_who_could_not_see_the_filing_sees_nothing_of_its_approvals(site, host, reviewer, who):
    _, known = filed(host, reviewer)
    stranger = Actor("host", cases.account("host", "chen@other.example"))
    if who != "invited":
        register.belongs_to(known, stranger.account_id, by="claim")
        db.session.commit()
    filing_id = change(stranger if who == "host" else reviewer, known)
    if who == "invited":
        assert (days(filing_id), list(scans(filing_id))) == (UNTIL, SCANS)
        behalf.add_host(behalf.lock(filing_id), stranger.account_id)
        db.session.commit()
    assert (days(filing_id), scans(filing_id)) == ({}, {})
    assert cases.answers_of(filing_id).get(f"{DRUGS}.approval_number") == TOLD["5"]  # that is on record


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"on_record": TOLD | {"5": "闽药网20250003"}}, id="another number"),
        pytest.param({"on_record": {"2": TOLD["2"], "9": TOLD["5"]}}, id="another kind"),
    ],
)
def test_an_approval_that_is_another_on_record_takes_nothing_over(host, reviewer, other):
    source, known = filed(host, reviewer, **other)
    filing_id = change(host, known)
    assert days(filing_id) == {f"{PRESS}.valid_to": UNTIL[f"{PRESS}.valid_to"]}
    assert scans(filing_id) == {SCANS[0]: source}


def test_an_approval_of_another_website_takes_nothing_over(host, reviewer):
    _, known = filed(host, reviewer, domain="qingwu-shop.example")
    filing_id = change(host, known)
    assert (days(filing_id), scans(filing_id)) == ({}, {})


def test_a_scan_that_ran_out_is_not_taken_over(host, reviewer, later):
    source, known = filed(host, reviewer, **{f"{DRUGS}.valid_to": (today() + dt.timedelta(days=200)).isoformat()})
    later(201)
    assert scans(change(host, known)) == {SCANS[0]: source}


@pytest.mark.parametrize(("place", "value"), [("approval_number", "闽药网20260001"), ("valid_to", "2044-02-28")])
def test_the_scan_leaves_its_slot_when_the_approval_becomes_another(host, reviewer, place, value):
    source, known = filed(host, reviewer)
    filing_id = change(host, known)
    drafts.save(filing_id, host, {f"{DRUGS}.{place}": (None, value)})
    assert scans(filing_id) == {SCANS[0]: source}
    assert f"{DRUGS}.papers.document" in missing(filing_id)


ELSE = {f"website[w1].principal.{name}": value for name, value in given.OTHER.items()}


@pytest.mark.parametrize("on_record", [{}, {"9": "闽文网20200001"}, {"2": "闽新出2019001", "5": TOLD["5"]}])
def test_approvals_that_did_not_come_on_record_with_a_new_website_are_in_the_change(host, reviewer, on_record):
    source, known = filed(host, reviewer, "new_website", on_record=on_record, **ELSE)
    filing = correcting.begin(known, host, websites=[SITE], said=words.differences(given.task()), source=source)
    db.session.commit()
    answers = cases.answers_of(filing.id)
    assert answers.get(KINDS) == list(TOLD)
    assert {path: answers.get(path) for path in NUMBERS | UNTIL} == NUMBERS | UNTIL
    assert scans(filing.id) == dict.fromkeys(SCANS, source)
    assert missing(filing.id) == set()


def test_an_approval_that_was_taken_out_of_the_change_stays_out(host, reviewer):
    source, known = filed(host, reviewer, "new_website", on_record={}, **ELSE)
    task = given.task()
    filing = correcting.begin(known, host, websites=[SITE], source=source)
    drafts.save(filing.id, host, {KINDS: (None, ["9"])})
    db.session.commit()
    again = correcting.begin(known, host, websites=[SITE], said=words.differences(task), source=source)
    assert again.id == filing.id
    answers = cases.answers_of(filing.id)
    assert (answers.get(KINDS), [path for path in NUMBERS | UNTIL if answers.get(path)]) == (["9"], [])
