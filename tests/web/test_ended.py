"""What a filing is about ends while the provider has it: said first, nothing is passed on, the host is told why."""

import pytest
from sqlalchemy import select

from icp import letters as post
from icp import outbox
from icp.extensions import begin_write, db
from icp.filings import drafts, ended, marks, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import verbs as register
from tests.conftest import both_databases
from tests.unit.register.register_cases import OTHERS, OURS, access, subject, website
from tests.web import operation_cases
from tests.web.desk_cases import HOST, host_of, press
from tests.web.ended_cases import OTHER, TOLD, end, on_record
from tests.web.operation_cases import NUMBER, SITE

HEAD = "这份所办的登记已经不在了"
BY_BUREAU = "管局的注销通知"
WHAT = {
    "change": ("access", OTHER, "在我们这里的接入已经取消", "去掉这个网站"),
    "new_website": ("subject", NUMBER, "已经注销", "首次备案"),
    "new_access": ("website", SITE, "已经注销", "新增网站"),
    "cancel_access": ("access", SITE, "在我们这里的接入已经取消", "请放弃"),
    "cancel_website": ("website", SITE, "已经注销", "请放弃"),
    "cancel_subject": ("subject", NUMBER, "已经注销", "请放弃"),
}
"""Operation → what ends, its number, how it is said, what the host is told to do."""


def the_filing():
    return db.session.scalars(select(Filing)).one()


@pytest.fixture
def desk(app, people):
    """A reviewer's browser; ``desk.id`` is his account."""
    account = people("staff", "xu@desk.example", "supervisor", name="许青")
    client = app.test_client().sign_in(account)
    client.id = account
    return client


@pytest.fixture
def handed_in(app, desk):
    """``handed_in(code)`` gives the address of a filing of an operation, of which something ended in the queue."""

    def hand_in(code):
        with app.app_context():
            begin_write()
            known = on_record()
            filing = operation_cases.submitted(code, known)
            number = filing.number
            what, about, _, _ = WHAT[code]
            end(what, about)
        return f"/desk/filings/{number}"

    return hand_in


def banner(page):
    return page.words(next(b for b in page.all("div") if "banner--mend" in b.get("class", "")))


@pytest.mark.parametrize("code", WHAT)
def test_the_reviewer_reads_it_first_and_sends_it_back_with_the_reason(app, desk, handed_in, letters, code):
    place = handed_in(code)
    what, number, words, remedy = WHAT[code]
    page = desk.look(place)
    said = banner(page)
    assert all(part in said for part in (HEAD, number, words, TOLD, BY_BUREAU, "取来审"))
    press(desk, "/take")
    assert "按这个原因退回" in banner(desk.page)
    page = press(desk, "/accept")
    assert "请照这一页开头写的办" in page.text
    with app.app_context():
        assert the_filing().state == "in_review"
    assert "已退回主办者" in press(desk, "/send-back-ended").text
    with app.app_context():
        filing = the_filing()
        assert filing.state == "returned"
        (mark,) = marks.open_for_host(filing)
        assert mark.path.partition("[")[0] == ("filing" if what == "subject" else "website")
        said = str(mark.correction.message)
        assert number in said
        assert TOLD in said
        assert remedy in mark.correction.remedy
        while (claim := outbox.claim(("letter.",), 60)) is not None:
            post.send(claim)
    if code == "cancel_access":  # the provider's own: staff take it back
        return
    (letter,) = [mail for mail in letters(HOST.email) if "退回了 1 处" in mail["Subject"]]
    text = letter.get_body(("plain",)).get_content()
    assert words in text
    assert remedy in text


def test_the_host_takes_it_out_and_hands_in_the_rest(app, desk, handed_in):
    place = handed_in("change")
    desk.look(place)
    press(desk, "/take")
    press(desk, "/send-back-ended")
    with app.app_context():
        host = app.test_client().sign_in(host_of(HOST).account_id)
        (mark,) = [mark.id for mark in marks.open_for_host(the_filing())]
    number = place.rpartition("/")[2]
    page = host.look(f"/filings/{number}/mend")
    assert "从草稿里去掉" in page.text
    press(host, "/lapsed")
    host.look(f"/filings/{number}/mend")
    assert "核验员会先看这一份" in press(host, "/mend", **{f"answer-{mark}": "mended", "act": "submit"}).text
    page = desk.look(place)
    assert HEAD not in page.text
    press(desk, "/take")
    press(desk, "/settle")
    assert "已通过" in press(desk, "/accept").text


def test_the_host_for_whom_nothing_is_left_gives_it_up_where_he_is_told_to(app, desk, handed_in):
    desk.look(handed_in("cancel_website"))
    press(desk, "/take")
    press(desk, "/send-back-ended")
    with app.app_context():
        host, number = app.test_client().sign_in(host_of(HOST).account_id), the_filing().number
    page = host.look(f"/filings/{number}/mend")
    assert "请放弃这一份" in page.text
    assert "从草稿里去掉" not in page.text
    assert "放弃这一份？" in press(host, "/abandon").text
    assert "已放弃" in press(host, "/abandon").text
    with app.app_context():
        assert the_filing().state == "abandoned"


def test_the_reason_stands_once_beside_other_remarks(app, desk, handed_in):
    desk.look(handed_in("change"))
    press(desk, "/take")
    with app.app_context():
        ended.mark(drafts.lock(the_filing().id), Actor("staff", desk.id))
        db.session.commit()
    press(desk, "/send-back-ended")
    with app.app_context():
        assert len(marks.open_for_host(the_filing())) == 1


def test_it_is_said_in_the_readers_language(app, desk, handed_in):
    place = handed_in("cancel_website")
    desk.look(place)
    desk.post("/language/en")
    said = banner(desk.look(place))
    assert "What this filing is about has ended" in said
    assert f"has been cancelled: {TOLD}, through the bureau’s notice of cancellation" in said


def test_what_the_bureau_returned_is_reported_without_what_ended(app, desk):
    with app.app_context():
        begin_write()
        known = on_record()
        filing = operation_cases.submitted("change", known)
        by = Actor("staff", desk.id)
        verbs.take(filing.id, by)
        verbs.accept(filing.id, by, filing.revision_no)
        filing = drafts.lock(filing.id)
        verbs.report_started(filing)
        verbs.taken(filing)
        verbs.bureau_returned(filing, [], "地址写全")
        db.session.commit()
        place = f"/desk/filings/{filing.number}"
        end("website", OTHER)
    page = desk.look(f"{place}/correct")
    assert HEAD in banner(page)
    press(desk, "/correct", 422, act="report")
    with app.app_context():
        assert the_filing().state == "bureau_returned"
    desk.look(f"{place}/correct")
    page = press(desk, "/take-out-ended")
    assert HEAD not in page.text
    assert "已去掉" in page.text
    press(desk, "/correct", act="report")
    with app.app_context():
        assert the_filing().state == "ready"


def test_a_hold_is_not_ended_for_what_ended(app, desk, signed_in):
    with app.app_context():
        begin_write()
        filing = operation_cases.submitted("change", on_record())
        by = Actor("staff", desk.id)
        verbs.take(filing.id, by)
        verbs.accept(filing.id, by, filing.revision_no)
        verbs.hold(filing.id, by, "等通知")
        db.session.commit()
        place = f"/desk/filings/{filing.number}"
        end("access", OTHER)
    other = signed_in("staff", "supervisor")
    page = other.look(place)
    assert "请召回再审" in page.text
    assert "请照这一页开头写的办" in press(other, "/release").text
    other.look(place)
    press(other, "/recall", reason="登记变了")
    with app.app_context():
        assert the_filing().state == "in_review"


def test_nothing_is_passed_on_from_the_check_in_person(app, desk):
    with app.app_context():
        begin_write()
        filing = operation_cases.submitted("new_website", on_record())
        by = Actor("staff", desk.id)
        verbs.take(filing.id, by)
        verbs.accept(filing.id, by, filing.revision_no)
        db.session.commit()
        end("subject", NUMBER)
        filing = the_filing()
        with pytest.raises(ended.RecordEnded):
            verbs.verified(filing.id, by)
        db.session.rollback()
        place = f"/desk/filings/{filing.number}"
    assert HEAD in banner(desk.look(place))
    press(desk, "/send-back-ended")
    with app.app_context():
        assert the_filing().state == "returned"


# what ended it


@both_databases
@pytest.mark.parametrize("by", ["bureau", "import", "filing", "data"])
def test_through_what_it_ended(app, by):
    with app.app_context():
        begin_write()
        known = on_record()
        filing = operation_cases.submitted("change", known)
        if by == "data":
            begin_write()
            there = website(accesses=(access(provider=OURS),))
            without = website(OTHER, domain="haiyan.example", bureau_id=201, provider=OTHERS)
            register.record(subject(there, without), filing_id=None, our_isp_id=OURS)
            db.session.commit()
            words = "管局下发的备案数据"
        else:
            begin_write()
            cause = operation_cases.opened("cancel_access", host_of(HOST), known) if by == "filing" else None
            db.session.commit()
            source = "import" if by == "import" else "bureau"
            end("access", OTHER, filing_id=cause.id if cause else None, source=source)
            words = {"bureau": BY_BUREAU, "import": "导入的登记"}.get(by) or f"业务 {cause.number} 的办结"
        (found,) = ended.standing(db.session.get_one(Filing, filing.id))
        assert words in found.message
        assert (TOLD in found.message) is (by != "data")


def test_what_the_filing_itself_has_ended_is_not_held_against_it(app):
    with app.app_context():
        begin_write()
        filing = operation_cases.submitted("cancel_website", on_record())
        end("website", SITE, filing_id=filing.id)
        assert ended.standing(the_filing()) == []


@pytest.mark.parametrize("state", ["draft", "returned", "reporting", "at_bureau", "approved", "abandoned", "expired"])
def test_only_what_the_provider_has_in_hand_is_looked_at(app, state):
    with app.app_context():
        begin_write()
        operation_cases.submitted("cancel_website", on_record())
        end("website", SITE)
        begin_write()
        the_filing().state = state
        db.session.flush()
        assert ended.standing(the_filing()) == []
