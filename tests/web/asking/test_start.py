"""The start page: three questions lead to an operation; and opening a draft of each, with the record it is about."""

import logging

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts
from icp.filings.models import Filing
from icp.register import verbs
from icp.register.models import Subject
from tests.unit.register.register_cases import OTHERS, record, subject, website

DOCUMENT, PERSON = "91350100M000100Y43", "11010519491231002X"
NUMBER = "闽ICP备2026000001号"
ELSEWHERE = "闽ICP备00000001号"


@pytest.fixture
def host(signed_in):
    """A host's browser; ``host.id`` is his account."""
    client = signed_in("host")
    with client.session_transaction() as session:
        client.id = int(session["_user_id"].split(".")[0])
    client.look("/start")
    return client


@pytest.fixture
def on_record(app, host):
    """A subject with a website here and one elsewhere, this host's; ``on_record()`` makes it."""

    def make(*websites, mine=True, **changes):
        with app.app_context():
            found = record(subject(*websites, **changes), None)
            if mine:
                verbs.belongs_to(found, host.id, by="claim")
            db.session.commit()
            return found.id

    return make


SECOND = website(NUMBER + "-2", domain="qingwu-shop.example", provider=OTHERS, bureau_id=201)


def find(host, status=200, **typed):
    return host.send(
        "/start/find", {"document_number": DOCUMENT, "domain": "qingwu.example", "holds": "unknown", **typed}, status
    )


def proposed(page):
    return page.words(page.one("h2", id="finding-t"))


def begin(host, page=None):
    """Press the button of what is proposed; the draft's number."""
    form = next(f for f in (page or host.page).all("form") if f.get("action") == "/start")
    button = next(b for b in form.iter() if b.get("name") == "operation")
    answer = host.post("/start", data={**host.page.form_values(form), "operation": button.get("value")})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:300]
    return answer.location.split("/")[2]


def opened(host, **form):
    answer = host.post("/start", data=form)
    assert answer.status_code == 303, answer.status_code
    return answer.location.split("/")[2]


def draft_of(app, number):
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        return filing.operation, filing.subject_id, drafts.read(filing.id).answers


# ---- what is found


def test_neither_is_on_record_so_it_is_a_first_filing_with_what_was_typed(app, host):
    page = find(host, domain="WWW.qingwu.example")
    assert proposed(page) == "该办：首次备案"
    assert page.one("input", id="document_number").get("value") == DOCUMENT
    operation, _, answers = draft_of(app, begin(host))
    assert operation == "new_filing"
    assert answers.get("subject.document_number") == DOCUMENT
    assert answers.get("website[w1].domain") == "WWW.qingwu.example"  # kept as typed


def test_a_person_is_asked_for_by_the_identity_card(host, remote):
    remote.filed[PERSON] = ("", ELSEWHERE, "")
    assert proposed(find(host, document_number=PERSON.lower())) == "该办：新增网站"


def test_filed_elsewhere_is_a_new_access_with_the_numbers_the_ministry_tells(app, host, remote):
    remote.filed[DOCUMENT] = ("", ELSEWHERE, "")
    page = find(host, domain="filed.example")
    assert proposed(page) == "该办：新增接入"
    operation, _, answers = draft_of(app, begin(host))
    assert operation == "new_access"
    assert answers.get("subject.filing_number") == ELSEWHERE
    assert answers.get("website[w1].filing_number") == f"{ELSEWHERE}-1"
    assert answers.get("website[w1].domain") == "filed.example"
    assert answers.get("website[w1].name") == "示范"


def test_a_number_whose_domain_is_not_filed_is_a_new_website(app, host, remote):
    remote.filed[DOCUMENT] = ("", ELSEWHERE, "")
    page = find(host, filing_number="闽icp备00000001-1")
    assert proposed(page) == "该办：新增网站"
    assert draft_of(app, begin(host))[2].get("subject.filing_number") == ELSEWHERE


def test_a_websites_number_typed_for_the_subjects_is_both_numbers(app, host, remote):
    typed = f"{ELSEWHERE.lower()}-3"
    remote.trouble("isp_querybeianstatus", "lose")
    find(host, filing_number=typed)
    form = next(f for f in host.page.all("form") if f.get("action") == "/start")
    answers = draft_of(app, opened(host, **host.page.form_values(form), operation="new_access"))[2]
    assert answers.get("subject.filing_number") == ELSEWHERE
    assert answers.get("website[w1].filing_number") == f"{ELSEWHERE}-3"
    answers = draft_of(app, opened(host, operation="new_access", filing_number=typed))[2]  # before anything is found
    assert answers.get("website[w1].filing_number") == f"{ELSEWHERE}-3"


def test_what_the_ministry_says_of_the_domain_goes_before_the_number_typed(app, host, remote):
    remote.filed[DOCUMENT] = ("", ELSEWHERE, "")
    find(host, domain="filed.example", filing_number=f"{ELSEWHERE}-3")
    assert draft_of(app, begin(host))[2].get("website[w1].filing_number") == f"{ELSEWHERE}-1"


def test_his_own_record_is_begun_with(app, host, on_record, remote):
    subject_id = on_record(website(), SECOND)
    page = find(host)
    assert proposed(page) == "该办：信息变更"
    assert "只要变更内容的证件" in page.words(page.one("section", id="finding"))
    operation, about, answers = draft_of(app, begin(host))
    assert (operation, about) == ("change", subject_id)
    assert answers.was("subject.name") == "福州青梧文创有限公司"
    assert proposed(find(host, domain="qingwu-shop.example")) == "该办：新增接入"
    operation, about, answers = draft_of(app, begin(host))
    assert (operation, about) == ("new_access", subject_id)
    assert [answers.get(f"website[{row}].filing_number") for row in answers.rows("website")] == [NUMBER + "-2"]
    assert "isp_querybeianstatus" not in remote.calls  # all of it is known here
    assert proposed(find(host, domain="qingwu-new.example")) == "该办：新增网站"
    operation, about, answers = draft_of(app, begin(host))
    assert (operation, about) == ("new_website", subject_id)
    assert answers.get("website[w1].domain") == "qingwu-new.example"


def test_what_belongs_to_nobody_is_claimed_first_and_not_shown(host, on_record):
    on_record(mine=False)
    page = find(host)
    assert "认领" in proposed(page)
    assert NUMBER + "-1" not in page.text
    assert "青梧文创手作馆" not in page.text


def test_a_domain_of_another_subject_is_explained(host, on_record):
    on_record(mine=False)
    page = find(host, document_number=PERSON)
    assert proposed(page) == "现在还不能办"
    assert "另一个主体" in page.text


def test_a_cancelled_subject_files_anew(app, host, on_record):
    on_record()
    with app.app_context():
        verbs.cancel_subject(100)
        db.session.commit()
    page = find(host)
    assert proposed(page) == "该办：首次备案"
    assert "已经注销" in page.text


def test_a_number_that_is_another_subjects_is_said(host, on_record):
    on_record()
    assert "请核对两个号码" in find(host, filing_number="闽ICP备2026000007号").text
    assert "请核对两个号码" in find(host, document_number=PERSON, filing_number=NUMBER).text


def test_a_number_on_record_without_its_last_sign_is_the_same_number(host, on_record):
    on_record(website(NUMBER.replace("号", "") + "-1"), number=NUMBER.replace("号", ""))
    assert proposed(find(host, filing_number=NUMBER)) == "该办：信息变更"


def test_a_number_and_a_document_that_dont_belong_together_are_no_first_filing(host):
    """The ministry knows nothing under the document, and a number is said to be held."""
    page = find(host, filing_number=ELSEWHERE)
    assert proposed(page) == "现在还不能办"
    assert "请核对两个号码" in page.text
    assert "清空备案号再查" in page.text
    assert proposed(find(host)) == "该办：首次备案"


@pytest.mark.parametrize("trouble", ["lose", 901, "garbage"])
def test_without_the_ministry_it_goes_on_with_what_is_known(host, remote, trouble):
    remote.trouble("isp_querybeianstatus", trouble)
    page = find(host, holds="yes")
    assert "没有回答" in page.text
    assert proposed(page) == "该办：新增网站"
    assert remote.calls.count("isp_querybeianstatus") == 1  # nobody waits twice


def test_the_ministry_is_asked_a_few_times_an_hour(host, remote, monkeypatch):
    monkeypatch.setitem(__import__("icp.accounts.attempts", fromlist=["LIMITS"]).LIMITS, "status_account", (1, 3600))
    find(host)
    asked = remote.calls.count("isp_querybeianstatus")
    assert "查得太多" in find(host).text
    assert remote.calls.count("isp_querybeianstatus") == asked


@pytest.mark.parametrize(
    ("typed", "control"),
    [
        ({"document_number": ""}, "document_number"),
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"domain": ""}, "domain"),
        ({"domain": "http://"}, "domain"),
        ({"filing_number": "12345"}, "filing_number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_asked(host, remote, typed, control):
    page = find(host, 422, **typed)
    assert page.one("input", id=control).get("aria-invalid") == "true"
    assert page.words(page.one("div", id=f"{control}-e"))
    assert "isp_querybeianstatus" not in remote.calls


def test_what_is_typed_stays_out_of_addresses_logs_and_session(host, caplog):
    caplog.set_level(0)
    find(host, document_number=PERSON)
    begin(host)
    with host.session_transaction() as session:
        assert PERSON not in str(dict(session))
    own = [
        r
        for r in caplog.records
        if r.name.startswith(("icp", "access", "werkzeug", "audit")) or r.levelno > logging.DEBUG
    ]
    assert not [r for r in own if PERSON in r.getMessage()]


# ---- opening


def test_each_operation_is_opened_from_the_record(app, host, on_record):
    subject_id = on_record(website(), SECOND)
    page = host.look(f"/records/{subject_id}")
    offered = {b.get("value") for b in page.all("button", name="operation")}
    assert offered == {"change", "new_website", "new_access", "cancel_website", "cancel_subject"}
    about = {"subject": str(subject_id)}
    expected = {
        "change": ["qingwu.example"],
        "new_website": [""],
        "new_access": ["qingwu-shop.example"],
        "cancel_website": ["qingwu-shop.example"],
        "cancel_subject": ["qingwu.example"],
    }
    for operation, domains in expected.items():
        named = {"website": NUMBER + "-2"} if operation in ("new_access", "cancel_website") else {}
        code, found, answers = draft_of(app, opened(host, operation=operation, **about, **named))
        assert (code, found) == (operation, subject_id)
        told = [
            answers.get(f"website[{row}].domain") or answers.get(f"website[{row}].filing_number")
            for row in answers.rows("website")
        ]
        if operation != "cancel_subject":
            assert told == domains, operation
    assert "没有填完的草稿" in host.look(f"/records/{subject_id}").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"operation": "change"}, 400),
        ({"operation": "cancel_access", "subject": "{mine}"}, 400),
        ({"operation": "new_filing", "subject": "{mine}"}, 400),
        ({"operation": "cancel_website", "subject": "{mine}"}, 400),
        ({"operation": "change", "subject": "{theirs}"}, 404),
        ({"operation": "change", "subject": "none"}, 404),
        ({"operation": "new_access", "subject": "{mine}", "website": "闽ICP备2026000002号-1"}, 404),
    ],
)
def test_only_what_is_his_is_opened(app, host, on_record, form, status):
    with_ids = {"mine": on_record()}
    other = website("闽ICP备2026000002号-1", domain="other.example", bureau_id=900)
    with app.app_context():
        theirs = subject(other, bureau_id=901, number="闽ICP备2026000002号", document_number=PERSON, document_type="2")
        with_ids["theirs"] = record(theirs, None).id
    form = {name: value.format(**with_ids) for name, value in form.items()}
    assert host.post("/start", data=form).status_code == status
    with app.app_context():
        assert db.session.scalars(select(Filing)).all() == []


def filings(app):
    with app.app_context():
        return len(db.session.scalars(select(Filing)).all())


def test_pressed_twice_the_draft_that_is_open_is_gone_on_with(app, host, on_record):
    about = {"subject": str(on_record(website(), SECOND))}
    for operation in ("change", "new_website", "cancel_subject"):
        first = opened(host, operation=operation, **about)
        assert opened(host, operation=operation, **about) == first
    assert "先前已经开始了" in host.look(f"/filings/{first}").text
    sites = {opened(host, operation="cancel_website", website=f"{NUMBER}-{n}", **about) for n in (1, 2, 1, 2)}
    assert len(sites) == 2
    assert filings(app) == 5


def test_another_domain_is_another_draft_and_the_same_is_the_same(app, host, on_record):
    about = {"subject": str(on_record()), "operation": "new_website"}
    empty = opened(host, **about)
    assert opened(host, **about, domain="a.example") == empty
    assert opened(host, **about, domain="A.example") == empty
    assert opened(host, **about, domain="b.example") != empty
    assert draft_of(app, empty)[2].get("website[w1].domain") == "a.example"
    assert filings(app) == 2


def test_what_is_submitted_or_anothers_is_not_gone_on_with(app, host, on_record, people):
    subject_id, other = on_record(), people("host", "wu@haiyan.example")
    with app.app_context():
        verbs.belongs_to(db.session.get_one(Subject, subject_id), other, by="claim")
        db.session.commit()
    first = opened(host, operation="change", subject=str(subject_id))
    another = app.test_client().sign_in(other)
    another.look("/start")
    assert opened(another, operation="change", subject=str(subject_id)) != first
    with app.app_context():
        drafts.lock(db.session.scalars(select(Filing.id).where(Filing.number == first)).one()).state = "submitted"
        db.session.commit()
    assert opened(host, operation="change", subject=str(subject_id)) != first


def test_the_last_website_offers_the_subject(app, host, on_record):
    about = {"subject": str(on_record()), "website": NUMBER + "-1"}
    page = host.send("/start", {"operation": "cancel_website", **about})
    assert "这是最后一个网站" in page.text
    values = host.page.form_values(next(f for f in page.all("form") if f.get("action") == "/start"))
    assert draft_of(app, opened(host, **{**values, "operation": "cancel_subject"}))[0] == "cancel_subject"
    assert draft_of(app, opened(host, **{**values, "operation": "cancel_website"}))[0] == "cancel_website"


def test_before_a_subject_is_cancelled_it_is_said_what_goes_with_it(host, on_record):
    subject_id = on_record(website(), SECOND)
    assert "由别的接入商接入的也一起注销" in host.look(f"/records/{subject_id}").text
    page = host.look(f"/filings/{opened(host, operation='cancel_subject', subject=str(subject_id))}/check")
    told = page.words(page.one("section", **{"aria-labelledby": "going"}))
    assert "qingwu.example 经我们接入" in told
    assert "qingwu-shop.example 没有经我们接入" in told
    steps = {a.get("href").partition("/steps/")[2] for a in page.all("a") if "/steps/" in a.get("href", "")}
    assert steps == {"cancellation", "cancellation#cancellation-reason"}  # what is on record isn't changed here
    assert "由别的接入商接入的也一起注销" in told
    number = opened(host, operation="cancel_website", subject=str(subject_id), website=NUMBER + "-2")
    assert "由别的接入商接入的也一起注销" not in host.look(f"/filings/{number}/check").text


def test_the_provider_cancels_access(host):
    assert "由我们来办" in host.look("/records/cancel-access").text


def test_who_lost_his_provider_is_led_into_a_new_access(app, host, client):
    assert client.look("/moved").all("a", href="/sign-in?next=/moved")
    page = host.look("/moved")
    assert "找回备案密码" in page.text
    assert draft_of(app, begin(host, page))[0] == "new_access"
