"""A draft becomes one of another operation: what still applies stays, nothing is typed twice, nothing is lost."""

import carrying_cases as given
import filing_cases as cases
import pytest
from sqlalchemy import select

from icp import documents
from icp.extensions import db
from icp.filings import drafts, opening, verbs
from icp.filings.drafts import NotEditable
from icp.filings.models import Event
from icp.register import verbs as register
from tests.unit.register.register_cases import OTHERS, record, subject, website

NUMBER = "闽ICP备2026000001号"
SECOND = website(NUMBER + "-2", domain="qingwu-shop.example", provider=OTHERS, bureau_id=201)


@pytest.fixture
def on_record(site, host):
    found = record(subject(website(), SECOND), None)
    register.belongs_to(found, host.account_id, by="claim")
    db.session.commit()
    return found


def answers_of(filing_id):
    db.session.commit()
    return drafts.read(filing_id).answers


def switch(filing_id, host, *args, **kwargs):
    opening.switch(filing_id, host, *args, **kwargs)
    db.session.commit()
    return answers_of(filing_id)


def test_a_first_filing_becomes_a_new_website_and_back_without_loss(host, draft):
    before = answers_of(draft)
    drafts.explain(draft, host, "website[w1].name", "注册商标")
    drafts.add_row(draft, host, "website")
    drafts.save(draft, host, {"website[w2].domain": (None, "two.example")})
    whole = answers_of(draft)
    found = switch(draft, host, "new_website")
    assert cases.filing_of(draft).operation == "new_website"
    assert found.rows("website") == ["w1", "w2"]
    for path in ("website[w1].name", "website[w1].domain", "website[w1].access.ip_addresses", "website[w2].domain"):
        assert found.get(path) == whole.get(path)
    assert found.explanations == {"website[w1].name": "注册商标"}
    assert not found.get("subject.name")
    assert found.get("subject.organisation_type") == before.get("subject.organisation_type")
    # the principal who was the subject's is written out, since the subject isn't known here
    assert found.get("website[w1].principal.same_as_subject") == "no"
    assert found.get("website[w1].principal.name") == before.get("subject.principal.name")
    drafts.save(draft, host, {"subject.filing_number": (None, NUMBER)})
    assert switch(draft, host, "new_filing").values.items() >= whole.values.items()
    assert switch(draft, host, "new_website").get("subject.filing_number") == NUMBER


def test_the_websites_number_typed_for_the_subjects_is_the_websites_when_that_is_asked(host, draft):
    switch(draft, host, "new_website")
    drafts.save(draft, host, {"subject.filing_number": (None, NUMBER + "-2")})
    assert switch(draft, host, "new_access").get("website[w1].filing_number") == NUMBER + "-2"


def test_the_principal_who_is_written_out_brings_his_papers(host, draft):
    front = "principal.papers.identity_front"
    original = given.upload(draft, f"subject.{front}")
    drafts.explain(draft, host, f"subject.{front}", "看得清")
    found = switch(draft, host, "new_access")
    copy = documents.current(draft)[f"website[w1].{front}"]
    assert (copy.fingerprint, copy.original_key) == (original.fingerprint, original.original_key)
    assert found.explanations == {f"website[w1].{front}": "看得清"}
    assert switch(draft, host, "new_filing").explanations == {f"subject.{front}": "看得清"}
    assert documents.current(draft)[f"subject.{front}"].id == original.id


def test_what_is_mended_of_the_principal_is_mended_wherever_he_stands(host, draft):
    there, here = "website[w1].principal.mobile", "subject.principal.mobile"
    switch(draft, host, "new_website")
    drafts.save(draft, host, {there: (None, "13900000009")})
    found = switch(draft, host, "new_filing")
    assert (found.get(here), found.get("website[w1].principal.same_as_subject")) == ("13900000009", "yes")
    drafts.save(draft, host, {here: (None, "13900000008")})
    assert switch(draft, host, "new_website").get(there) == "13900000008"


def test_whoever_became_another_person_is_the_websites_own(host, draft):
    switch(draft, host, "new_website")
    number = "350102199003070039"
    drafts.save(draft, host, {"website[w1].principal.document_number": (None, number)})
    found = switch(draft, host, "new_filing")
    assert found.get("website[w1].principal.same_as_subject") == "no"
    assert found.get("website[w1].principal.document_number") == number
    assert found.get("subject.principal.document_number") == cases.values()["subject.principal.document_number"]


@pytest.mark.parametrize("another", [True, False])
def test_a_principal_typed_for_a_website_on_record_is_compared_with_the_records(host, on_record, another):
    draft = opening.open_filing("new_access", host, host_id=host.account_id).id
    person = given.OTHER if another else given.ON_RECORD
    typed = {f"website[w1].principal.{name}": (None, value) for name, value in person.items()}
    drafts.save(draft, host, {"website[w1].domain": (None, "qingwu.example"), **typed})
    found = switch(draft, host, "change", on_record)
    assert found.get("website[w1].principal.same_as_subject") == ("no" if another else "yes")
    at = "website[w1].principal" if another else "subject.principal"
    assert {name: found.get(f"{at}.{name}") for name in person} == person
    back = switch(draft, host, "new_access")
    assert {name: back.get(f"website[w1].principal.{name}") for name in person} == person


def test_what_is_cleared_meanwhile_stays_cleared(host, draft):
    switch(draft, host, "new_website")
    drafts.save(draft, host, {"website[w1].remark": (None, "备注"), "website[w1].name": (None, "")})
    found = switch(draft, host, "new_filing")
    assert not found.get("website[w1].name")
    assert found.get("website[w1].remark") == "备注"


def test_a_first_filing_of_a_subject_on_record_tells_the_record(host, draft, on_record):
    typed = answers_of(draft)
    found = switch(draft, host, "new_website", on_record)
    assert found.rows("website") == ["w1"]
    assert found.get("website[w1].domain") == typed.get("website[w1].domain")
    assert found.get("website[w1].principal.same_as_subject") == typed.get("website[w1].principal.same_as_subject")
    assert found.get("subject.name") == found.was("subject.name") == on_record.name
    assert cases.filing_of(draft).subject_id == on_record.id
    back = switch(draft, host, "new_filing")
    assert back.record == {}
    assert {path: value for path, value in typed.values.items() if back.get(path) != value} == {}


def test_what_was_typed_becomes_a_change_of_the_record(host, draft, on_record):
    drafts.save(
        draft, host, {"subject.mailing_address": (None, "新街9号"), "website[w1].domain": (None, "qingwu.example")}
    )
    found = switch(draft, host, "change", on_record)
    assert found.get("subject.mailing_address") == "新街9号"
    assert found.was("subject.mailing_address") == "示例路18号"
    # the typed website is the one on record: same row, and its number and domain stand fixed
    assert found.rows("website") == ["w1"]
    assert found.get("website[w1].filing_number") == NUMBER + "-1"
    assert found.get("subject.document_number") == on_record.details["document_number"]


def test_typed_websites_wait_aside_while_the_record_is_changed_or_cancelled(host, draft, on_record):
    drafts.save(draft, host, {"website[w1].domain": (None, "new.example")})
    found = switch(draft, host, "cancel_website", on_record, [NUMBER + "-2"])
    assert found.rows("website") == ["w2"]
    assert found.get("website[w2].filing_number") == NUMBER + "-2"
    drafts.save(draft, host, {"cancellation.reason": (None, "1")})
    found = switch(draft, host, "change", on_record)
    assert [found.get(f"website[{row}].filing_number") for row in found.rows("website")] == [NUMBER + "-1"]
    drafts.save(draft, host, {f"website[{found.rows('website')[0]}].name": (None, "")})
    found = switch(draft, host, "new_website", on_record)
    assert found.rows("website") == ["w1"]
    assert found.get("website[w1].domain") == "new.example"
    again = switch(draft, host, "change", on_record)
    assert again.was(f"website[{again.rows('website')[0]}].name")
    assert not again.get(f"website[{again.rows('website')[0]}].name")  # taken off, not forgotten
    found = switch(draft, host, "cancel_website", on_record, [NUMBER + "-2"])
    assert (found.rows("website"), found.get("cancellation.reason")) == (["w2"], "1")


def test_a_removed_row_is_put_back_after_switching_there_and_back(host, draft, on_record):
    row = drafts.add_row(draft, host, "website")
    drafts.save(draft, host, {f"website[{row}].domain": (None, "two.example")})
    drafts.remove_row(draft, host, "website", row)
    switch(draft, host, "cancel_subject", on_record)
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.put_back_row(draft, host, row)
    switch(draft, host, "new_filing")
    drafts.put_back_row(draft, host, row)
    assert answers_of(draft).get(f"website[{row}].domain") == "two.example"


def test_it_is_in_the_history_and_papers_stay(host, draft):
    papers = documents.current(draft)
    switch(draft, host, "new_website")
    event = db.session.scalars(select(Event).where(Event.filing_id == draft).order_by(Event.id.desc())).first()
    assert (event.action, event.note, event.before, event.after) == ("switch", "new_filing", "draft", "draft")
    assert documents.current(draft).keys() == papers.keys() != set()


@pytest.mark.parametrize("operation", ["change", "cancel_website", "cancel_subject", "cancel_access"])
def test_what_begins_with_a_record_needs_one(host, draft, operation):
    with pytest.raises(ValueError, match=operation):
        opening.switch(draft, host, operation)


def test_only_while_it_is_with_the_host(host, draft, on_record):
    with pytest.raises(ValueError, match="new_filing"):
        opening.switch(draft, host, "new_filing", on_record)
    verbs.submit(draft, host)
    with pytest.raises(NotEditable):
        opening.switch(draft, host, "new_website")
