"""A host changes his mind: the page that switches a draft's operation, and where it is offered."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts, opening
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import verbs as register
from tests.unit.register.register_cases import OTHERS, record, subject, website

NUMBER = "闽ICP备2026000001号"
SECOND = website(NUMBER + "-2", domain="qingwu-shop.example", provider=OTHERS, bureau_id=201)


@pytest.fixture
def host(client, people):
    """A host's browser; ``host.id`` is his account, ``host.subject`` the id of his record."""
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    client.sign_in(client.id)
    with client.application.app_context():
        found = record(subject(website(), SECOND), None)
        register.belongs_to(found, client.id, by="claim")
        db.session.commit()
        client.subject = found.id
    client.look("/start")
    return client


def opened(app, host, operation="new_filing", about=None, websites=(), **values):
    with app.app_context():
        by = Actor("host", host.id)
        found = db.session.get(register.Subject, about) if about else None
        filing = opening.open_filing(operation, by, host_id=host.id, subject=found, websites=websites)
        drafts.save(filing.id, by, {path: (None, value) for path, value in values.items()})
        db.session.commit()
        return filing.number


def draft_of(app, number):
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        return filing.operation, filing.subject_id, drafts.read(filing.id).answers


def switch(host, number, status=200, **form):
    host.look(f"/filings/{number}/operation")
    return host.send(f"/filings/{number}/operation", form, status)


TYPED = {
    "subject.organisation_type": "4",
    "subject.document_type": "1",
    "subject.document_number": "91350100M000100Y43",
    "website[w1].domain": "qingwu-new.example",
    "website[w1].name": "青梧新站",
}


def test_the_task_list_leads_to_the_other_operations(app, host):
    number = opened(app, host)
    assert host.look(f"/filings/{number}").all("a", href=f"/filings/{number}/operation")
    page = host.look(f"/filings/{number}/operation")
    offered = {radio.get("value") for radio in page.all("input", name="operation")}
    assert offered == {"change", "new_access", "new_website", "cancel_website", "cancel_subject"}
    said = page.words(page.one("fieldset"))
    assert "另外要填：主体备案号、备案密码" in said
    assert "不再问、先收着：主体信息、主体负责人" in said


def test_what_a_record_here_tells_is_not_said_to_be_filled_in(app, host):
    number = opened(app, host, **TYPED)
    page = host.look(f"/filings/{number}/operation")
    for radio in page.all("label"):
        said = page.words(radio)
        if "新增网站" in said or "新增接入" in said:
            assert "另外要填" in said
            assert "主体备案号" not in said
            assert "备案密码" in said


def test_a_document_that_may_no_longer_be_chosen_keeps_its_name(app, host):
    """Of an organisation that says it is a person: its own type of document isn't among a person's."""
    number = opened(app, host, "change", host.subject, **{"subject.organisation_type": "5"})
    for place in ("check", "steps/subject"):
        assert "证件类型营业执照" in host.look(f"/filings/{number}/{place}").words().replace(" ", ""), place


def test_a_subject_on_record_is_offered_a_new_website_where_the_draft_is_checked(app, host):
    number = opened(app, host, **TYPED)
    for address in (f"/filings/{number}", f"/filings/{number}/check"):
        assert host.look(address).all("a", href=f"/filings/{number}/operation?to=new_website"), address
    page = host.look(f"/filings/{number}/operation?to=new_website")
    assert page.one("input", name="operation", value="new_website").get("checked") is not None
    assert page.one("option", value=str(host.subject)).get("selected") is not None
    page = switch(host, number, operation="new_website", about=str(host.subject))
    assert "填过的都在" in page.text
    operation, about, answers = draft_of(app, number)
    assert (operation, about) == ("new_website", host.subject)
    assert answers.get("website[w1].name") == "青梧新站"
    assert (
        host.look(f"/filings/{number}/steps/website/w1").one("input", id="website-w1-name").get("value") == "青梧新站"
    )
    switch(host, number, operation="new_filing", about=str(host.subject))
    assert draft_of(app, number)[2].values.items() >= TYPED.items()


def test_a_domain_that_is_the_subjects_own_is_offered_a_change(app, host):
    number = opened(app, host, "new_website", host.subject, **{"website[w1].domain": "qingwu.example"})
    assert host.look(f"/filings/{number}/check").all("a", href=f"/filings/{number}/operation?to=change")


def test_the_last_website_is_offered_with_its_subject_on_the_check_page(app, host):
    number = opened(app, host, "cancel_website", host.subject, [NUMBER + "-2"])
    offer = f"/filings/{number}/operation?to=cancel_subject"
    assert not host.look(f"/filings/{number}/check").all("a", href=offer)
    with app.app_context():
        register.cancel_website(200)
        db.session.commit()
    assert host.look(f"/filings/{number}/check").all("a", href=offer)
    switch(host, number, operation="cancel_subject", about=str(host.subject))
    assert draft_of(app, number)[0] == "cancel_subject"


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"operation": "change", "about": ""}, 422, "请选是哪一个主体"),
        ({"operation": "cancel_website", "about": "{mine}"}, 422, "请选要注销的是哪一个网站"),
        ({"operation": "cancel_access", "about": "{mine}"}, 400, ""),
        ({"operation": "none", "about": ""}, 400, ""),
        ({"operation": "change", "about": "999"}, 404, ""),
        ({"operation": "change", "about": "x:y"}, 404, ""),
        ({"operation": "new_access", "about": "{mine}:闽ICP备2026000002号-1"}, 404, ""),
    ],
)
def test_what_cannot_be_switched_is_said_and_nothing_changes(app, host, form, status, said):
    number = opened(app, host, **TYPED)
    form = {name: value.format(mine=host.subject) for name, value in form.items()}
    page = switch(host, number, status, **form)
    assert said in page.text
    if status == 422:
        assert page.one("input", name="operation", value=form["operation"]).get("checked") is not None
    assert draft_of(app, number)[0] == "new_filing"


def test_each_operation_is_walked_after_switching(app, host):
    number = opened(app, host, **TYPED)
    ways = {
        "new_access": f"{host.subject}:{NUMBER}-2",
        "change": str(host.subject),
        "cancel_website": f"{host.subject}:{NUMBER}-2",
        "cancel_subject": str(host.subject),
        "new_website": "",
        "new_filing": "",
    }
    for operation, about in ways.items():
        switch(host, number, operation=operation, about=about)
        assert draft_of(app, number)[0] == operation
        for link in [a.get("href") for a in host.page.all("a") if f"/{number}/" in a.get("href", "")]:
            host.look(link)
    assert draft_of(app, number)[2].values.items() >= TYPED.items()


def test_another_hosts_draft_is_not_found(app, host, signed_in):
    number = opened(app, host)
    other = signed_in("host", email="mei@other.example")
    other.look(f"/filings/{number}/operation", 404)
    assert other.post(f"/filings/{number}/operation", data={"operation": "new_website"}).status_code == 404


def test_a_change_has_the_websites_on_record_and_no_further_one(app, host):
    number = opened(app, host, "change", host.subject)
    place = f"/filings/{number}/steps/website/w1"
    page = host.look(place)
    assert "再添一个网站" not in page.text
    form = next(form for form in page.all("form") if form.get("id") == "step")
    host.send(place, {**page.form_values(form), "act": "add"})
    host.send(f"/filings/{number}/steps/website/rows", {}, 404)
    assert draft_of(app, number)[2].rows("website") == ["w1"]


@pytest.mark.parametrize(("operation", "websites"), [("cancel_subject", ()), ("cancel_website", (SECOND.number,))])
def test_who_gives_no_access_is_told_before_he_cancels(app, host, operation, websites):
    """Code 1048 is seen before submission: of the second website another provider has the access."""
    number = opened(app, host, operation, host.subject, websites)
    told = "不由我们接入" in host.look(f"/filings/{number}/check").text
    assert told == (operation == "cancel_website")
    with app.app_context():
        websites = db.session.get(register.Subject, host.subject).websites
        for access in [access for website in websites for access in website.accesses if access.ours]:
            register.cancel_access(access)
        db.session.commit()
    assert "不由我们接入" in host.look(f"/filings/{number}/check").text


def test_a_change_says_at_the_field_what_may_not_go_elsewhere(app, host):
    number = opened(app, host, "change", host.subject, **{"subject.region_code": "310101"})
    page = host.look(f"/filings/{number}/steps/subject")
    assert "变更不能换省份" in page.words(page.one("*", id="m-subject-region_code"))


def test_nothing_is_asked_for_that_is_not_needed(app, host):
    """No empty section of a number that is known; and papers that may be left out aren't to do."""
    number = opened(app, host, "new_website", host.subject)
    page = host.look(f"/filings/{number}/check")
    assert "主体备案号" not in [page.words(h) for h in page.all("h2")]
    number = opened(app, host, "cancel_subject", host.subject)
    page = host.look(f"/filings/{number}")
    assert "证件与照片" not in page.text or "未开始" not in page.words(
        next(li for li in page.all("li") if "证件与照片" in page.words(li))
    )


def test_a_principal_who_was_the_subjects_is_named_beside_another(app, host):
    typed = {"website[w1].principal.same_as_subject": "no", "website[w1].principal.name": "沈知秋"}
    number = opened(app, host, "change", host.subject, **typed)
    assert "登记的是：没有登记" not in host.look(f"/filings/{number}/check").text
