"""What hosts and staff read of each operation: headings, stages, letters and labels as one table."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from icp import vocabulary
from icp.extensions import db, now
from icp.filings import drafts, sms_check, verbs, wording
from icp.filings.models import Filing
from icp.filings.states import Actor, State
from icp.housekeeping import keep_house
from icp.letters import filing_letters, waiting_letters
from icp.outbox import OutboxRow
from icp.vocabulary.models import replace_table
from tests.html import XHTML
from tests.web import desk_cases, operation_cases
from tests.web.operation_cases import NUMBER, OPERATIONS, SITE


@pytest.fixture
def reviewer(people):
    return Actor("staff", people("staff", "xu@desk.example", "reviewer"))


def host_of(app):
    with app.app_context():
        account = desk_cases.host_of(desk_cases.HOST).account_id
        db.session.commit()
    return app.test_client().sign_in(account)


def track(page):
    steps = page.one("ol", class_="track")
    return [page.words(next(step.iter(f"{XHTML}h3"))) for step in steps if step.get("class") != "is-past"]


AT_BUREAU = ["管局审核"]
AHEAD = {
    "new_filing": ["当面核验", *AT_BUREAU, "收到备案号和备案密码"],
    "change": [*AT_BUREAU, "登记信息更新"],
    "new_access": ["当面核验", *AT_BUREAU, "可以在我们这里开通"],
    "new_website": ["当面核验", *AT_BUREAU, "收到网站备案号"],
    "cancel_access": [*AT_BUREAU, "接入取消"],
    "cancel_website": [*AT_BUREAU, "网站注销"],
    "cancel_subject": [*AT_BUREAU, "主体注销"],
}


@pytest.mark.parametrize("code", OPERATIONS)
def test_the_stages_ahead_are_the_operations_own(app, code):
    with app.app_context():
        number = operation_cases.submitted(code).number
    page = host_of(app).look(f"/filings/{number}")
    assert track(page)[1:] == AHEAD[code]
    assert ("网站先别打开" in page.text) == (code in ("new_filing", "new_website"))


APPROVED = {
    "new_filing": ("备案成功", "把网站备案号放在"),
    "change": ("变更完成", "公安联网备案、经营许可"),
    "new_access": ("接入已批准", "登记的主体信息现在看得到了"),
    "new_website": ("网站已备案", "把网站备案号放在"),
    "cancel_access": ("已取消接入", "别的接入商"),
    "cancel_website": ("网站已注销", "首页底部的备案号请撤下"),
    "cancel_subject": ("主体已注销", "请重新备案"),
}


@pytest.mark.parametrize("code", OPERATIONS)
def test_what_was_approved_is_told_in_the_operations_words(app, reviewer, code):
    heading, follows = APPROVED[code]
    with app.app_context():
        filing = operation_cases.approved(code, reviewer)
        number, letter = filing.number, filing_letters.approved(filing, {})
    page = host_of(app).look(f"/filings/{number}")
    assert page.words(page.one("h1")) == heading
    assert follows in page.text
    assert ("注销都要用" in page.text) == (code == "new_filing")
    assert letter.subject.startswith(heading)
    assert any(follows in step for step in letter.after)
    numbers = [value for _, value in letter.facts]
    if code != "new_filing":
        assert NUMBER in page.text
        expected = {"new_website": [NUMBER], "cancel_website": [SITE]}
        assert numbers == expected.get(code, [NUMBER, SITE])
        assert ("备案成功" in page.text) is False
    assert (heading in host_of(app).look("/filings").text) is True


def test_the_letter_of_a_change_says_what_changed_and_no_values(app, reviewer):
    with app.app_context():
        letter = filing_letters.approved(operation_cases.approved("change", reviewer), {})
    assert letter.paragraphs[1] == "变更了：通信地址。"
    assert "示例路" not in "".join(letter.paragraphs)


LETTERS = ("submitted", "accepted_visit", "ready", "bureau_returned", "corrected_by_staff", "withdrawn", "expired")


@pytest.mark.parametrize("code", OPERATIONS)
def test_letters_speak_of_the_operation(app, code):
    with app.app_context():
        filing = operation_cases.submitted(code)
        what = wording.of(filing).what
        for name in LETTERS:
            letter = getattr(filing_letters, name)(filing, {})
            assert what in letter.subject + "".join(letter.paragraphs), name
        ready = filing_letters.ready(filing, {})
        assert ("请不要开通" in "".join(ready.paragraphs)) == (code in ("new_filing", "new_website"))


def test_every_text_has_its_place():
    assert set(wording.WORDING) == set(OPERATIONS)


def test_a_queued_filing_leads_to_the_one_it_waits_for(app):
    with app.app_context():
        known = operation_cases.on_record()
        first = operation_cases.submitted("change", known)
        second = operation_cases.submitted("new_website", known)
        assert second.state == State.AWAITING_RELEASE
        numbers = first.number, second.number
    page = host_of(app).look(f"/filings/{numbers[1]}")
    assert f"/filings/{numbers[0]}" in [a.get("href") for a in page.all("a")]
    assert "信息变更" in page.text


# ---- the ministry's SMS check


@pytest.fixture
def checked(app, reviewer):
    """A filing that waits for the SMS check since this moment."""
    with app.app_context():
        rows = [
            {**row, "sms_check": "change cancel_website"} if row["province"] == "350000" else row
            for row in vocabulary.current().tables["province_rules"]
        ]
        replace_table("province_rules", rows, "test")
        db.session.commit()
        return operation_cases.at_bureau("change", reviewer).id


def filing(filing_id):
    db.session.expire_all()
    return db.session.get_one(Filing, filing_id)


def reminders():
    return db.session.scalars(select(OutboxRow.key).where(OutboxRow.kind == "letter.sms_reminder")).all()


def test_the_host_sees_what_to_do_and_says_that_it_is_done(app, checked):
    client = host_of(app)
    with app.app_context():
        number = filing(checked).number
        assert filing(checked).state == State.AWAITING_SMS_CHECK
        letter = waiting_letters.sms_check(filing(checked), {})
    assert "139****0000" in "".join(letter.paragraphs)
    page = client.look(f"/filings/{number}")
    assert "139****0000" in page.text
    assert "13900000000" not in page.text
    assert track(page) == ["短信核验", "管局审核", "登记信息更新"]
    client.send(f"/filings/{number}/sms-done", page.form_values(page.one("form", action=f"/filings/{number}/sms-done")))
    with app.app_context():
        assert filing(checked).state == State.AT_BUREAU


def test_staff_note_that_it_is_done(app, checked, reviewer):
    client = app.test_client().sign_in(reviewer.account_id)
    with app.app_context():
        number = filing(checked).number
    client.look(f"/desk/filings/{number}")
    desk_cases.press(client, "/sms-done")
    with app.app_context():
        assert filing(checked).state == State.AT_BUREAU


def test_reminders_come_at_12_and_20_hours_each_once(app, checked):
    with app.app_context():
        begun = filing(checked).state_since
        for hours, wanted in ((11.9, 0), (12.1, 1), (13, 1), (20.1, 2), (23.9, 2)):
            with time_machine.travel(begun + dt.timedelta(hours=hours), tick=False):
                keep_house()
                keep_house()
            assert len(reminders()) == wanted, hours
        assert filing(checked).state == State.AWAITING_SMS_CHECK


def test_after_24_hours_it_is_reported_again_and_held_the_third_time(app, checked):
    with app.app_context():
        for turn in (1, 2, 3):
            begun = filing(checked).state_since
            with time_machine.travel(begun + dt.timedelta(hours=24, minutes=turn), tick=False):
                assert sms_check.time_out() == 1
                assert sms_check.time_out() == 0
                found = drafts.lock(checked)
                assert found.state == (State.HELD if turn == 3 else State.READY)
                if turn < 3:
                    verbs.report_started(found)
                    verbs.taken(found)
                db.session.commit()
        asked = db.session.scalars(select(OutboxRow.kind).where(OutboxRow.kind == "letter.sms_timed_out")).all()
        assert len(asked) == 3


def test_a_clock_that_began_anew_is_not_ended_by_the_old_one(app, checked):
    with app.app_context():
        begun = filing(checked).state_since
        with time_machine.travel(begun + dt.timedelta(hours=25), tick=False):
            found = drafts.lock(checked)
            found.state_since = now()
            db.session.commit()
            assert sms_check.time_out() == 0
            assert sms_check.remind() == 0
