import dataclasses
import io
import re

import pytest
from sqlalchemy import select
from verification_cases import PERSON, YES_TO_ALL, answers_of, photo, revise, scan, waiting

from icp import documents
from icp.documents import PictureRefused
from icp.documents.verification_items import PRINTED
from icp.extensions import db
from icp.filings import marks
from icp.filings.models import Event, Filing
from icp.filings.states import Actor, StaleRevision
from icp.filings.verbs import NothingToSendBack
from icp.i18n import tr
from icp.outbox.models import OutboxRow
from icp.verification import checks, facts, verbs
from icp.verification.models import Verification


@pytest.fixture
def verifier(people) -> Actor:
    return Actor("staff", people("staff", "xu@desk.example", "verifier", place="福州服务点"))


@pytest.fixture
def filing(verifier, app_context) -> Filing:
    return waiting()


def open_one(filing: Filing) -> Verification:
    check = verbs.open_for(filing)[0]
    db.session.commit()
    return check


def whole(filing: Filing, by: Actor, row: str = "w1") -> Verification:
    """A check with everything, not yet completed."""
    check = next(check for check in verbs.open_for(filing) if check.website_row == row)
    verbs.record_verdicts(check, YES_TO_ALL, {}, by, place="福州服务点")
    verbs.attach_photo(check, photo(), by)
    verbs.attach_form(check, scan(), by)
    db.session.commit()
    return check


def test_opening_twice_gives_the_same_checks(filing):
    first = verbs.open_for(filing)
    db.session.commit()
    assert [check.id for check in verbs.open_for(filing)] == [check.id for check in first]
    assert [check.website_row for check in first] == ["w1"]


def test_each_website_has_its_own_check(verifier, app_context):
    filing = waiting(answers_of(rows=("w1", "w3")))
    assert [check.website_row for check in verbs.open_for(filing)] == ["w1", "w3"]


def test_no_check_outside_its_state(filing):
    check = open_one(filing)
    filing.state = "in_review"
    db.session.commit()
    with pytest.raises(verbs.NotVerifying):
        verbs.open_for(filing)
    with pytest.raises(verbs.NotVerifying):
        verbs.record_verdicts(check, {"mobile": "yes"}, {}, Actor("staff"))
    with pytest.raises(verbs.NotVerifying):
        verbs.attach_photo(check, photo(), Actor("staff"))
    assert verbs.complete_when_both(filing, Actor("staff")) is False


def test_verdicts_are_kept_sealed_and_item_by_item(filing, verifier):
    check = open_one(filing)
    verbs.record_verdicts(check, {"mobile": "yes", "email": "no"}, {"email": "读错一个字母"}, verifier, "福州服务点")
    verbs.record_verdicts(check, {"principal_kind": "passport", "landline": "na"}, {}, verifier)
    verbs.record_verdicts(check, {"mobile": ""}, {}, verifier)
    db.session.commit()
    assert checks.answers_of(check) == {"email": "no", "principal_kind": "passport", "landline": "na"}
    assert checks.notes_of(check) == {"email": "读错一个字母"}
    assert "读错".encode() not in check.sealed_verdicts
    assert (check.verifier_id, check.place) == (verifier.account_id, "福州服务点")
    assert check.met_at is not None


@pytest.mark.parametrize(
    "answers", [{"mobile": "maybe"}, {"mobile": "na"}, {"nothing": "yes"}, {"principal_kind": "yes"}]
)
def test_answers_that_are_not_on_the_form_are_refused(filing, verifier, answers):
    with pytest.raises(verbs.VerdictRefused):
        verbs.record_verdicts(open_one(filing), answers, {}, verifier)


def test_individuals_have_no_items_of_organisations(verifier, app_context):
    filing = waiting(answers_of(PERSON))
    check = open_one(filing)
    with pytest.raises(verbs.VerdictRefused):
        verbs.record_verdicts(check, {"subject_document": "yes"}, {}, verifier)
    keys = {item.key for item in checks.lacking(check, individual=True).unanswered}
    assert "subject_document" not in keys
    assert "principal_document" in keys


@pytest.mark.parametrize("without", ["photo", "form", "verdict", "yes"])
def test_only_a_whole_check_completes(filing, verifier, without):
    check = open_one(filing)
    answers = dict(YES_TO_ALL)
    if without == "verdict":
        del answers["access"]
    if without == "yes":
        answers["access"] = "no"
    verbs.record_verdicts(check, answers, {}, verifier)
    if without != "photo":
        verbs.attach_photo(check, photo(), verifier)
    if without != "form":
        verbs.attach_form(check, scan(), verifier)
    assert verbs.complete_when_both(filing, verifier) is False
    assert filing.state == "verifying"
    assert not checks.stands(filing)


def test_a_whole_check_moves_the_filing_on(filing, verifier):
    check = whole(filing, verifier)
    assert checks.lacking(check, individual=False).nothing
    assert checks.stands(filing)
    assert verbs.complete_when_both(filing, verifier) is True
    db.session.commit()
    assert filing.state == "ready"
    assert check.completed_at is not None
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.action, event.actor_id) == ("verified", verifier.account_id)
    kinds = set(db.session.scalars(select(OutboxRow.kind)))
    assert kinds == {"letter.ready", "bureau.report"}


def test_every_website_must_be_whole(verifier, app_context):
    filing = waiting(answers_of(rows=("w1", "w2")))
    whole(filing, verifier, "w1")
    assert verbs.complete_when_both(filing, verifier) is False
    whole(filing, verifier, "w2")
    assert verbs.complete_when_both(filing, verifier) is True


def test_the_photo_goes_to_its_slot_in_its_size(filing, verifier):
    check = whole(filing, verifier)
    papers = documents.current(filing.id)
    taken = papers["website[w1].principal.papers.photo"]
    assert (taken.reduced_width, taken.reduced_height, taken.purpose) == (800, 600, "5")
    signed = papers["website[w1].papers.verification_form"]
    assert signed.purpose == "1"
    assert (check.photo_paper_id, check.form_paper_id) == (taken.id, signed.id)
    assert taken.frozen_at is not None
    assert signed.frozen_at is not None


def test_a_refused_picture_changes_nothing(filing, verifier):
    check = open_one(filing)
    with pytest.raises(PictureRefused):
        verbs.attach_form(check, io.BytesIO(b"%PDF-1.7"), verifier)
    assert check.form_paper_id is None


def test_a_verdict_changed_after_signing_takes_the_form_off(filing, verifier):
    check = whole(filing, verifier)
    verbs.record_verdicts(check, {"mobile": "yes"}, {}, verifier)
    assert check.form_paper_id is not None
    verbs.record_verdicts(check, {"landline": "na"}, {}, verifier)
    db.session.commit()
    assert check.form_paper_id is None
    assert "website[w1].papers.verification_form" not in documents.current(filing.id)
    assert check.photo_paper_id is not None


def printed_changes():
    """One change of each printed field."""
    for path in sorted(PRINTED):
        instance = path.replace("website.pre_approvals.", "website.pre_approvals[5].").replace(
            "website.", "website[w1]."
        )
        yield pytest.param(instance, id=path)


@pytest.mark.parametrize("path", list(printed_changes()))
def test_a_change_of_a_printed_field_voids_form_and_check(filing, verifier, path):
    check = whole(filing, verifier)
    assert verbs.void_changed(filing, [path]) == [check]
    db.session.commit()
    assert check.voided_at is not None
    assert "website[w1].papers.verification_form" not in documents.current(filing.id)
    who = path in {p.replace("website.", "website[w1].") for p in facts.PRINCIPAL}
    assert ("website[w1].principal.papers.photo" not in documents.current(filing.id)) is who
    again = verbs.open_for(filing)[0]
    assert again.id != check.id
    assert (again.photo_paper_id is None) is who
    assert again.form_paper_id is None
    assert checks.answers_of(again) == {}


@pytest.mark.parametrize(
    "path",
    [
        "website[w1].remark",
        "website[w1].languages",
        "website[w1].home_url",
        "website[w1].principal.emergency_phone",
        "subject.principal.mobile",
        "subject.supervisor",
        "subject.document_valid_to",
        "website[w2].domain",
        "website[w1].domain.explanation",
        "subject.papers.document",
    ],
)
def test_any_other_change_keeps_them(filing, verifier, path):
    check = whole(filing, verifier)
    assert verbs.void_changed(filing, [path]) == []
    assert check.voided_at is None


def test_a_change_of_one_website_keeps_the_other(verifier, app_context):
    filing = waiting(answers_of(rows=("w1", "w2")))
    whole(filing, verifier, "w1")
    second = whole(filing, verifier, "w2")
    voided = verbs.void_changed(filing, ["website[w1].name"])
    assert [check.website_row for check in voided] == ["w1"]
    assert second.voided_at is None
    assert {check.website_row for check in verbs.void_changed(filing, ["subject.name"])} == {"w2"}


def test_a_later_revision_that_prints_the_same_needs_no_second_visit(filing, verifier):
    check = whole(filing, verifier)
    revise(filing, answers_of(**{"website[w1].remark": "介绍手作课程与作品的网站，不卖东西"}))
    assert checks.stands(filing)
    assert verbs.open_for(filing)[0].id == check.id
    assert verbs.complete_when_both(filing, verifier) is True


def test_a_later_revision_that_prints_something_else_is_noticed_without_being_told(filing, verifier):
    check = whole(filing, verifier)
    revise(filing, answers_of(**{"subject.principal.mobile": "13900001111"}))
    assert not checks.stands(filing)
    with pytest.raises(verbs.NotVerifying):
        verbs.record_verdicts(check, {"mobile": "yes"}, {}, verifier)
    db.session.rollback()
    assert verbs.complete_when_both(filing, verifier) is False
    db.session.commit()
    db.session.refresh(check)
    assert check.voided_at is not None
    again = checks.standing(filing.id)["w1"]
    assert again.revision_no == 2
    assert again.photo_paper_id == check.photo_paper_id


def test_a_removed_website_needs_no_check(verifier, app_context):
    filing = waiting(answers_of(rows=("w1", "w2")))
    whole(filing, verifier, "w1")
    whole(filing, verifier, "w2")
    revise(filing, answers_of(rows=("w1",)))
    assert [check.website_row for check in verbs.open_for(filing)] == ["w1"]
    assert verbs.complete_when_both(filing, verifier) is True


def test_a_check_can_be_voided_by_hand(filing, verifier):
    check = whole(filing, verifier)
    verbs.void(check)
    db.session.commit()
    assert documents.current(filing.id) == {}
    assert verbs.open_for(filing)[0].photo_paper_id is None


def test_sending_back_marks_what_disagrees_where_the_host_is_asked(app, verifier, app_context):
    answers = answers_of(rows=("w1", "w2"), **{"website[w2].access.same_as_first": "yes"})
    filing = waiting(answers)
    first, second = verbs.open_for(filing)
    said = {"mailing_address": "no", "copies_kept": "no", "mobile": "no", "email": "yes", "website_name": "no"}
    verbs.record_verdicts(first, said, {"mailing_address": "负责人说收信在 603 室"}, verifier)
    verbs.record_verdicts(second, {"access": "no", "mobile": "no"}, {}, verifier)
    verbs.send_back(filing, verifier, seen_revision=1)
    db.session.commit()
    assert filing.state == "returned"
    found = {mark.path: mark.correction.message for mark in marks.open_for_host(filing)}
    assert found == {
        "subject.mailing_address": "负责人说收信在 603 室",
        "subject.principal.mobile": "当面核验时不能确认：手机号码正确。",
        "website[w1].name": "当面核验时不能确认：网站名称合规。",
        "website[w1].access.ip_addresses": "当面核验时不能确认：接入商、方式、服务器放置地、IP 正确。",
    }
    with app.test_request_context(headers={"Accept-Language": "en"}):
        english = {path: tr(message) for path, message in found.items()}
    assert english.pop("subject.mailing_address") == "负责人说收信在 603 室"  # a person's own words
    assert [text for text in english.values() if re.search(r"[\u4e00-\u9fff]", text)] == []


def test_what_is_the_providers_own_matter_is_not_sent_back(filing, verifier):
    verbs.record_verdicts(open_one(filing), {"copies_kept": "no", "photo_taken": "no"}, {}, verifier)
    with pytest.raises(NothingToSendBack):
        verbs.send_back(filing, verifier, seen_revision=1)


def test_nothing_to_send_back(filing, verifier):
    with pytest.raises(NothingToSendBack):
        verbs.send_back(filing, verifier, seen_revision=1)


def test_sending_back_what_nobody_saw_is_refused(filing, verifier):
    verbs.record_verdicts(open_one(filing), {"email": "no"}, {}, verifier)
    with pytest.raises(StaleRevision):
        verbs.send_back(filing, verifier, seen_revision=7)


def test_the_form_says_what_was_filed_and_recorded(filing, verifier):
    check = open_one(filing)
    verbs.record_verdicts(check, {"mobile": "yes", "principal_kind": "other"}, {}, verifier)
    revision = verbs.revisions.newest(filing)
    data = facts.form_data(filing, revision, check, "许闻")
    answers = revision.answers
    assert (data.application, data.revision, data.revision_hash) == (filing.number, 1, revision.hash)
    assert data.host_name == answers.text("subject.name")
    assert data.verdicts == {"mobile": "yes", "principal_kind": "other"}
    assert data.other_kinds == {"principal_kind": "居民身份证"}
    assert answers.text("subject.document_number") in data.values["subject_document"]
    assert answers.text("website[w1].principal.document_number") in data.values["principal_document"]
    assert "203.0.113.24" in data.values["access"]
    assert data.values["pre_approval"] == "以上都不涉及"
    assert data.values["mailing_address"].startswith("福建省")
    assert dataclasses.replace(data, verifier_name="") != data


def test_personal_numbers_are_masked_on_screens():
    assert facts.masked("11010519491231002X") == "110105********002X"
    assert facts.masked("E12345678") == "E******78", "a passport number isn't shown whole either"
    assert facts.masked("C1234") == "*****"
    assert facts.masked("") == ""


def test_approvals_are_named_with_their_numbers(verifier, app_context):
    answers = answers_of(
        **{
            "website[w1].pre_approvals": ["5", "9"],
            "website[w1].pre_approvals[5].approval_number": "(闽)-非经营性-2026-0001",
        }
    )
    text = facts.values(answers, "w1")["pre_approval"]
    assert "药品和医疗器械（(闽)-非经营性-2026-0001）" in text
    assert "文化" in text
