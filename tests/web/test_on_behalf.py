"""Filings on behalf: from the desk to submission, the commission, the second person, the host's word."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import behalf, drafts
from icp.filings.models import Filing, FilingHost
from icp.register import verbs as register
from tests.web import behalf_cases as cases
from tests.web.accounts_cases import deliver
from tests.web.behalf_cases import NUMBER, OTHER_SITE, SITE
from tests.web.desk_cases import press

DATES = {"subject.document_valid_from": "2021-03-16", "subject.document_valid_to": "long"}
OPERATIONS = {
    "change": ((SITE,), {"subject.mailing_address": "示例路20号", **DATES}, {}),
    "new_website": ((), cases.new_site(), {}),
    "cancel_website": ((SITE,), {"cancellation.reason": "1"}, {"confirm": SITE}),
    "cancel_subject": ((), {"cancellation.reason": "1"}, {"confirm": NUMBER}),
    "cancel_access": ((SITE,), {"cancellation.reason": "1"}, {}),
}


@pytest.fixture
def colleague(app, people):
    return app.test_client().sign_in(people("staff", "he@desk.example", "reviewer", name="何言"))


@pytest.fixture
def host(app, people, subject_id):
    client = app.test_client()
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    with app.app_context():
        register.belongs_to(db.session.get_one(register.Subject, subject_id), client.id, by="claim")
        db.session.commit()
    return client.sign_in(client.id)


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "cancel_access"])
def test_from_the_record_to_submission(app, desk, subject_id, operation):
    sites, changes, typed = OPERATIONS[operation]
    number = cases.opened(desk, subject_id, operation, *sites)
    page = desk.look(f"/filings/{number}")
    assert "代为备案" in page.text
    cases.complete(app, number, changes, desk.id)
    page = cases.submitted(desk, number, **typed)
    assert "我们代为提交了" in page.text
    with app.app_context():
        assert (cases.filing(number).state, cases.filing(number).mode) == ("submitted", "1")


def test_pressed_twice_the_draft_that_is_open_is_gone_on_with(app, desk, colleague, host, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    assert cases.opened(desk, subject_id, "change", SITE, email="lin@qingwu.example") == number
    assert cases.opened(desk, subject_id, "change", OTHER_SITE) != number
    assert cases.opened(colleague, subject_id, "change", SITE) != number


@pytest.mark.parametrize("operation", ["new_filing", "new_access", "new_website"])
def test_from_nothing(app, desk, operation):
    desk.look("/desk/on-behalf")
    page = desk.send("/desk/on-behalf", {"operation": operation})
    assert "代为备案" in page.text
    assert "草稿" in desk.look("/desk/on-behalf").text


def test_what_is_wrong_is_said_at_its_control(desk, people):
    people("staff", "he@desk.example", "reviewer")
    desk.look("/desk/on-behalf")
    assert "请选择办什么" in desk.send("/desk/on-behalf", {}, 422).text
    page = desk.send("/desk/on-behalf", {"operation": "new_filing", "email": "lin"}, 422)
    assert "这不像一个邮箱地址" in page.text
    assert page.one("input", id="email").get("value") == "lin"
    assert "工作人员" in desk.send("/desk/on-behalf", {"operation": "new_filing", "email": "he@desk.example"}, 422).text


def test_a_commission_is_asked_for_by_whom_staff_act(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    assert "委托书" in desk.look(f"/filings/{number}/papers").text
    assert "委托书" in desk.look(f"/filings/{number}/check").text


def test_the_commission_is_asked_for_whatever_the_draft_becomes(app, desk):
    desk.look("/desk/on-behalf")
    desk.send("/desk/on-behalf", {"operation": "new_filing"})
    with app.app_context():
        (number,) = db.session.scalars(select(Filing.number))
    desk.look(f"/filings/{number}/operation")
    desk.send(f"/filings/{number}/operation", {"operation": "new_access"})
    assert "委托书" in desk.look(f"/filings/{number}/papers").text


def test_a_hosts_own_filing_asks_for_none_and_is_closed_to_staff(desk, host):
    host.look("/start")
    number = host.post("/start", data={"operation": "new_filing"}).location.split("/")[2]
    assert "委托书" not in host.look(f"/filings/{number}/papers").text
    desk.look(f"/filings/{number}", 404)
    desk.look(f"/filings/{number}/steps/subject", 404)


def test_verifiers_and_administrators_fill_in_nothing(app, people, desk, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    for role in ("verifier", "administrator"):
        other = app.test_client().sign_in(people("staff", f"{role}@desk.example", role))
        other.look(f"/filings/{number}", 403)


def test_staff_fill_in_with_the_hosts_pages(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    page = desk.look(f"/filings/{number}/steps/principal")
    assert "代为备案" in page.text
    path = "subject.principal.mobile"
    desk.htmx.post(f"/filings/{number}/answers", {path: "13950123456", f"shown:{path}": "13900000000"})
    with app.app_context():
        assert drafts.read(cases.filing(number).id).answers.get(path) == "13950123456"


class TestWhoPassesIt:
    def submitted(self, app, desk, subject_id):
        number = cases.opened(desk, subject_id, "cancel_website", SITE)
        cases.complete(app, number, OPERATIONS["cancel_website"][1], desk.id)
        cases.submitted(desk, number, confirm=SITE)
        return number

    def pass_it(self, client, number):
        client.look(f"/desk/filings/{number}")
        press(client, "/take")
        token = client.page.form_values(client.page.one("form", action=f"/desk/filings/{number}/put-back"))
        return client.send(f"/desk/filings/{number}/accept", {"seen_revision": token["seen_revision"]})

    def test_not_who_filled_it_in(self, app, desk, colleague, subject_id):
        number = self.submitted(app, desk, subject_id)
        assert "要由另一位审核员或主管通过" in self.pass_it(desk, number).text
        press(desk, "/put-back")
        assert "已通过" in self.pass_it(colleague, number).text

    def test_unless_the_setting_lets_him(self, app, desk, subject_id):
        object.__setattr__(app.extensions["settings"], "on_behalf_second_person", 0)
        assert "已通过" in self.pass_it(desk, self.submitted(app, desk, subject_id)).text


class TestTheHost:
    def test_he_sees_corrects_and_confirms(self, app, desk, host, subject_id):
        number = cases.opened(desk, subject_id, "change", SITE)
        page = host.look(f"/filings/{number}")
        assert "代您填写" in page.text
        path = "subject.principal.mobile"
        host.htmx.post(f"/filings/{number}/answers", {path: "13950123456", f"shown:{path}": "13900000000"})
        page = host.look(f"/filings/{number}")
        assert not [f for f in page.all("form") if f.get("action", "").endswith("/confirm")], "it isn't complete yet"
        cases.complete(app, number, {}, desk.id)
        host.look(f"/filings/{number}")
        assert "已确认" in press(host, "/confirm").text
        assert "已确认" in desk.look(f"/filings/{number}").text
        cases.complete(app, number, {path: "13950123457"}, desk.id)
        assert "还没有确认" in desk.look(f"/filings/{number}").text

    def test_what_was_changed_meanwhile_isnt_confirmed(self, app, desk, host, subject_id):
        number = cases.opened(desk, subject_id, "change", SITE)
        cases.complete(app, number, {"subject.principal.mobile": "13950123456"}, desk.id)
        host.look(f"/filings/{number}")
        cases.complete(app, number, {"subject.principal.mobile": "13950123457"}, desk.id)
        assert "没有记下确认" in press(host, "/confirm").text
        with app.app_context():
            assert behalf.confirmed(cases.filing(number)) is None

    def test_nobody_waits_for_him_unless_the_setting_says_so(self, app, desk, host, subject_id):
        object.__setattr__(app.extensions["settings"], "on_behalf_confirm", 1)
        number = cases.opened(desk, subject_id, "cancel_website", SITE)
        cases.complete(app, number, OPERATIONS["cancel_website"][1], desk.id)
        assert "主办者还没有确认" in cases.submitted(desk, number, 422, confirm=SITE).text
        host.look(f"/filings/{number}")
        press(host, "/confirm")
        assert "我们代为提交了" in cases.submitted(desk, number, confirm=SITE).text

    def test_submitting_is_a_confirmation(self, app, desk, host, subject_id):
        object.__setattr__(app.extensions["settings"], "on_behalf_confirm", 1)
        number = cases.opened(desk, subject_id, "cancel_website", SITE)
        cases.complete(app, number, OPERATIONS["cancel_website"][1], desk.id)
        cases.submitted(host, number, confirm=SITE)
        with app.app_context():
            assert cases.filing(number).state == "submitted"
            assert behalf.confirmed(cases.filing(number)) is not None

    def test_an_address_without_an_account_is_invited(self, app, desk, letters, subject_id):
        number = cases.opened(desk, subject_id, "cancel_website", SITE, email="zhou@haiyan.example")
        deliver(app)
        (letter,) = letters("zhou@haiyan.example")
        assert "代您办理备案" in letter["Subject"]
        where = next(word for word in letter.get_body(("plain",)).get_content().split() if "/register/confirm/" in word)
        guest = app.test_client()
        guest.look("/register/confirm/" + where.rpartition("/")[2])
        guest.send(
            "/register/confirm/" + where.rpartition("/")[2],
            {"password": "a long pass phrase", "mobile": "13950123456"},
        )
        with app.app_context():
            found = cases.filing(number)
            assert db.session.query(FilingHost).filter_by(filing_id=found.id).count() == 1
        assert "代您填写" in guest.look(f"/filings/{number}").text

    def test_a_known_one_gets_a_letter(self, app, desk, host, letters, subject_id):
        cases.opened(desk, subject_id, "cancel_website", OTHER_SITE)
        deliver(app)
        assert letters("lin@qingwu.example")[0]["Subject"].startswith("我们正在代您填写")

    def test_a_complete_one_is_sent_to_be_confirmed(self, app, desk, host, letters, subject_id):
        number = cases.opened(desk, subject_id, "cancel_website", OTHER_SITE)
        cases.complete(app, number, OPERATIONS["cancel_website"][1], desk.id)
        desk.look(f"/filings/{number}")
        desk.send(f"/desk/on-behalf/{number}/host", {})
        deliver(app)
        assert letters("lin@qingwu.example")[-1]["Subject"].startswith("请看一遍并确认")
