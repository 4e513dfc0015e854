"""Journeys of reviewers: the queue, taking, marking, sending back, passing, a second revision, numbers shown."""

import datetime as dt

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import begin_write, db, now
from icp.filings import marks, verbs
from icp.filings.models import Filing, Note
from icp.filings.states import Actor, today
from icp.register import verbs as register
from icp.reviewer.words import anchor
from tests.conftest import both_databases
from tests.unit.register.test_register import OURS, subject
from tests.web.desk_cases import ADDRESS, HOST, NAME, OTHERS, answered, press, returned, submitted

ON_RECORD = ("闽ICP备2026000001号", "闽ICP备2026000001号-1", "91350100M000100Y43")


@pytest.fixture
def desk(client, people):
    """A reviewer at the desk; ``desk.id`` is his account."""
    client.id = people("staff", "xu@desk.example", "reviewer", name="许闻")
    return client.sign_in(client.id)


@pytest.fixture
def number(app):
    """A submitted filing's number."""
    with app.app_context():
        return submitted().number


def room(number, *more):
    return "/".join((f"/desk/filings/{number}", *more))


def take(desk, number):
    desk.look(room(number))
    return press(desk, "/take")


def mark(desk, number, path=ADDRESS, status=200, **typed):
    desk.look(room(number, f"pen?path={path}"))
    return press(desk, "/marks", status, **typed)


def the_filing(number):
    return db.session.scalars(select(Filing).where(Filing.number == number)).one()


def state_of(app, number):
    with app.app_context():
        return the_filing(number).state


def at(page, path):
    return page.words(page.one("div", id=anchor(path)))


# queue


def test_an_empty_queue(desk):
    assert "这里没有备案" in desk.look("/desk/").text
    assert "队列空了" in press(desk, "/desk/next").text


def test_the_queue_has_what_was_submitted_and_no_drafts(desk, number):
    page = desk.look("/desk/")
    assert [page.words(a) for a in page.all("a") if number in a.get("href", "")] == [number]
    assert HOST.company in page.words(page.one("table"))
    assert desk.get("/desk/?lane=draft").status_code == 404
    assert desk.get("/desk/?lane=elsewhere").status_code == 404


def test_lanes_and_filters(desk, number):
    shown = {
        "": True,
        "?lane=in_review": False,
        "?operation=new_filing": True,
        "?operation=change": False,
        "?province=350000": True,
        "?province=440000": False,
        "?mine=1": False,
    }
    assert {query: number in desk.look(f"/desk/{query}").text for query in shown} == shown
    take(desk, number)
    assert number in desk.look("/desk/?mine=1").text
    page = desk.look("/desk/?lane=in_review&province=350000")
    assert "许闻" in page.words(page.one("table"))


@pytest.mark.parametrize("cursor", ["x", "1_x_3", "1_2026-11-25", "0_2026-11-25_x"])
def test_a_broken_cursor(desk, number, cursor):
    assert desk.get(f"/desk/?after={cursor}").status_code == 400
    assert desk.get(f"/desk/?lane=approved&after={cursor}").status_code == 400


@both_databases
def test_pages_of_the_queue(app, desk):
    days = [today() + dt.timedelta(days=3 - n // 40) for n in range(120)]
    with app.app_context():
        begin_write()
        for n, day in enumerate(days):
            common = {"operation": "new_filing", "revision_no": 1, "subject_name": f"主办者 {n}"}
            db.session.add(Filing(number=f"S{n}", state="submitted", due_on=day, resubmitted=n % 30 == 7, **common))
            db.session.add(Filing(number=f"A{n}", state="approved", updated_at=now() - dt.timedelta(n % 5), **common))
        db.session.commit()
    for lane, letter in (("submitted", "S"), ("approved", "A")):
        seen, page = [], desk.look(f"/desk/?lane={lane}")
        while True:
            seen += [page.words(a) for a in page.one("tbody").iter() if a.get("href", "").startswith("filings/")]
            following = page.all("a", rel="next")
            if not following:
                break
            page = desk.look(following[0].get("href"))
        assert sorted(seen) == sorted(f"{letter}{n}" for n in range(120))
        assert seen[:4] == ["S97", "S67", "S7", "S37"] or letter == "A"


@both_databases
def test_search(app, desk, number):
    with app.app_context():
        begin_write()
        register.record(subject(), filing_id=the_filing(number).id, our_isp_id=OURS)
        db.session.commit()
        other = submitted(OTHERS[0]).number
    for text in (number, number.lower(), HOST.domain, f"https://www.{HOST.domain}/a", HOST.company[:4], *ON_RECORD):
        page = desk.look("/desk/", query_string={"q": text})
        assert number in page.text, text
        assert other not in page.text, text
    for text in ("BA-261118-0427-5", "nowhere.example", "x", "没有这家", "91350100M000100Y40", "%_", "\0x"):
        assert "没有找到" in desk.look("/desk/", query_string={"q": text}).text, text


def test_taking_and_putting_back(app, desk, number):
    page = take(desk, number)
    assert "初审中 · 许闻" in page.text
    assert "许闻" in desk.look("/desk/?lane=in_review").text
    desk.look(room(number))
    assert "已放回队列" in press(desk, "/put-back").text
    assert state_of(app, number) == "submitted"


@both_databases
def test_taking_the_next_one(app, desk, number):
    with app.app_context():
        mended = answered(returned(Actor("staff", desk.id), company=OTHERS[0]), {}, company=OTHERS[0]).number
    desk.look("/desk/")
    assert mended in press(desk, "/desk/next").text  # what was sent back comes first
    desk.look("/desk/")
    assert number in press(desk, "/desk/next").text
    desk.look("/desk/")
    assert "队列空了" in press(desk, "/desk/next").text


def test_two_reviewers_and_one_filing(app, desk, number, signed_in):
    page = desk.look(room(number))
    other = signed_in("staff", "reviewer", name="何田")
    take(other, number)
    assert "何田 正在看这份" in press(desk, "/take", 409).text
    page = desk.look(room(number))
    assert "何田 正在看这份" in page.text
    assert page.all("a", class_="pin--pen") == []
    revision = {"seen_revision": "1"}
    for act, typed in {
        "marks": {"path": ADDRESS, "message": "不对"},
        "marks/settle-all": {},
        "send-back": {},
        "accept": {},
        "put-back": {},
    }.items():
        assert "何田 正在看这份" in desk.send(room(number, act), {**revision, **typed}, 409).text
    assert desk.get(room(number, f"pen?path={ADDRESS}"), headers={"HX-Request": "true"}).status_code == 409
    assert desk.post(room(number, "take-over"), data=revision).status_code == 403
    with app.app_context():
        assert marks.of_filing(the_filing(number)) == []
    supervisor = signed_in("staff", "supervisor", name="关岚")
    supervisor.look(room(number))
    assert "初审中 · 关岚" in press(supervisor, "/take-over").text
    assert "关岚 正在看这份" in other.send(room(number, "accept"), revision, 409).text


@pytest.mark.parametrize(("kind", "role"), [("host", ""), ("staff", "verifier"), ("staff", "administrator")])
def test_who_does_not_review_stays_outside(number, signed_in, kind, role):
    client = signed_in(kind, role)
    assert client.get(room(number)).status_code == 403
    assert client.post(room(number, "take")).status_code == 403


# the screen and marks


def test_the_review_screen(app, desk, number):
    page = desk.look(room(number))
    assert HOST.company in at(page, "subject.name")
    assert "企业" in at(page, "subject.organisation_type")
    assert "福建" in at(page, "subject.region_code")
    assert "203.0.113.24" in at(page, "website[w1].access.ip_addresses")
    assert HOST.id_number not in page.text
    tabs = page.words(page.one("ul", class_="viewer__tabs"))
    assert "主办单位证件" in tabs
    assert "域名证书" in tabs
    picture = next(img.get("src") for img in page.all("img") if "/papers/" in img.get("src"))
    assert desk.get(picture).mimetype == "image/jpeg"
    for address in (room("BA-261118-0427-6"), room(number, "papers", "none.jpg"), room(number, "pen?path=no.such")):
        assert desk.get(address, follow_redirects=True).status_code in (200, 404)
    assert desk.get(room("BA-261118-0427-6")).status_code == 404
    assert desk.get(room(number, "papers", "none.jpg")).status_code == 404


def test_the_original_of_a_paper_is_recorded(app, desk, number):
    page = desk.look(room(number))
    link = next(a.get("href") for a in page.all("a") if a.get("href", "").endswith("/original.jpg"))
    assert desk.get(link).mimetype == "image/jpeg"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.object_id, entry.details) == (
            "open_original", number, {"path": "subject.papers.document"},
        )  # fmt: skip


@pytest.mark.parametrize("htmx", [False, True])
def test_a_number_is_shown_when_asked_and_that_is_recorded(app, desk, number, htmx):
    path = "subject.principal.document_number"
    page = desk.look(room(number))
    assert f"{HOST.id_number[:6]}********{HOST.id_number[-4:]}" in at(page, path)
    page = desk.send(room(number, "reveal"), {"path": path}, htmx=htmx)
    assert HOST.id_number in page.text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.actor_id, entry.object_id, entry.details) == (
            "reveal", desk.id, number, {"path": path},
        )  # fmt: skip
    assert HOST.id_number not in desk.look(room(number)).text
    for other in ("subject.name", "no.such", ""):
        assert desk.post(room(number, "reveal"), data={"path": other}).status_code == 404


def test_a_canned_reason(app, desk, number):
    take(desk, number)
    page = desk.look(room(number, f"pen?path={ADDRESS}"))
    options = {o.get("value") for o in page.one("select", id="pen-reason").iter() if o.get("value")}
    assert "R007" in options
    page = press(desk, "/marks", reason="R007")
    assert "R007" in at(page, ADDRESS)
    assert "退回前，主办者看不到" in at(page, ADDRESS)
    assert "未了结 1 处" in page.text
    with app.app_context():
        made = marks.of_filing(the_filing(number))[0]
        assert (made.path, made.code) == (ADDRESS, "R007")
        assert made.correction.message
        assert made.correction.remedy
        assert made.published_at is None


def test_a_canned_reason_is_drawn_with_its_words(desk, number):
    take(desk, number)
    page = desk.look(room(number, f"pen?path={ADDRESS}&reason=R007"))
    assert page.words(page.one("textarea", id="pen-message"))
    part = desk.get(room(number, f"pen?path={ADDRESS}&reason=R007"), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert not part.get_data(as_text=True).lstrip().startswith("<!doctype")


def test_free_words_and_taking_a_mark_back(app, desk, number):
    take(desk, number)
    page = mark(desk, number, NAME, message="名称与主办单位无关", remedy="写明关系", suggestion="青梧文创")
    for words in ("名称与主办单位无关", "写明关系", "青梧文创"):
        assert words in at(page, NAME)
    assert "没有未了结的批注" in press(desk, "/withdraw").text
    with app.app_context():
        assert marks.of_filing(the_filing(number)) == []


def test_a_mark_says_something_at_a_place_of_the_page(app, desk, number):
    take(desk, number)
    assert "没有记下" in mark(desk, number).text
    for path in ("no.such", "website[w9].name", "../x"):
        data = {"seen_revision": "1", "path": path, "message": "不对"}
        assert desk.post(room(number, "marks"), data=data).status_code == 400
    assert desk.post(room(number, "marks"), data={"path": NAME, "message": "不对"}).status_code == 400
    for path in ("filing", "subject", "website[w1]", "subject.papers.document"):
        mark(desk, number, path, message=f"不对 {path}")
    with app.app_context():
        assert len(marks.of_filing(the_filing(number))) == 4


def test_the_host_sees_no_mark_before_the_review_is_sent(app, desk, number, letters):
    take(desk, number)
    mark(desk, number, message="写到门牌")
    with app.app_context():
        assert marks.open_for_host(the_filing(number)) == []
    assert "已退回主办者" in press(desk, "/send-back").text
    with app.app_context():
        filing = the_filing(number)
        assert filing.state == "returned"
        assert [m.path for m in marks.open_for_host(filing)] == [ADDRESS]
    assert "刚才已经办好了" in desk.send(room(number, "send-back"), {"seen_revision": "1"}).text


def test_sending_back_needs_a_mark_and_passing_needs_none(app, desk, number):
    take(desk, number)
    assert "还没有批注" in press(desk, "/send-back").text
    mark(desk, number, message="写到门牌")
    assert "还有批注没有了结" in press(desk, "/accept").text
    assert state_of(app, number) == "in_review"
    desk.look(room(number))
    press(desk, "/withdraw")
    page = press(desk, "/accept")
    assert "约网站负责人来当面核验" in page.text
    assert state_of(app, number) == "verifying"


def test_a_mark_made_while_the_filing_waits_for_the_visit(app, desk, number):
    take(desk, number)
    press(desk, "/accept")
    mark(desk, number, message="写到门牌")
    assert "已退回主办者" in press(desk, "/send-back").text
    assert state_of(app, number) == "returned"


def test_a_decision_on_an_old_revision_is_refused(app, desk, number):
    take(desk, number)
    old = desk.page
    with app.app_context():
        filing = the_filing(number)
        verbs.withdraw(filing.id, host := Actor("host", filing.opened_by_id))
        verbs.submit(filing.id, host)
        verbs.take(filing.id, Actor("staff", desk.id))
        db.session.commit()
    desk.page = old
    assert "第 2 版" in press(desk, "/accept", 409).text
    data = {"seen_revision": "1", "path": NAME, "message": "不对"}
    assert "看的是旧版" in desk.send(room(number, "marks"), data, 409).text
    mark(desk, number, message="新的一版也不对")
    desk.page = old
    assert "第 2 版" in press(desk, "/send-back", 409).text
    with app.app_context():
        assert the_filing(number).state == "in_review"
        assert [m.revision_no for m in marks.of_filing(the_filing(number))] == [2]


@pytest.fixture
def again(app, desk):
    """A filing sent back for two marks; the host changed one of them, kept the other, and changed one unasked."""
    with app.app_context():
        filing = returned(Actor("staff", desk.id), (NAME, "名称太宽"), (ADDRESS, "门牌没有写全"))
        answered(filing, {NAME: "青梧手作馆", "website[w1].home_url": f"shop.{HOST.domain}"}, "园区只有一处收发室")
        return filing.number


def test_what_changed_stands_on_one_line_with_mark_and_answer(desk, again):
    page = take(desk, again)
    line = at(page, NAME)
    assert HOST.website in line
    for words in ("青梧手作馆", "名称太宽", "主办者：已改", "变 · 按批改"):
        assert words in line
    assert page.words(next(s for s in page.one("div", id=anchor(NAME)).iter() if s.tag.endswith("}s"))) == HOST.website
    assert "变 · 未要求" in at(page, "website[w1].home_url")
    assert "没有改，因为：园区只有一处收发室" in at(page, ADDRESS)
    docket = page.words(page.one("section", class_="docket"))
    assert "变 2" in docket
    assert "未要求 1" in docket
    assert "批过的 2 处" in page.text


def test_saying_mended_without_a_change_is_noticed(app, desk):
    with app.app_context():
        filing = returned(Actor("staff", desk.id))
        for found in marks.open_for_host(filing):
            marks.answer(filing, found, "mended")
        number = answered(filing, {}).number if marks.unanswered(filing) else filing.number
        verbs.submit(filing.id, Actor("host", filing.opened_by_id))
        db.session.commit()
    assert "说已改，值没有变" in at(take(desk, number), ADDRESS)


def test_settling_one_by_one_asking_again_and_passing(app, desk, again):
    take(desk, again)
    first = next(m for m in _marks(app, again) if m[1] == NAME)[0]
    second = next(m for m in _marks(app, again) if m[1] == ADDRESS)[0]
    page = press(desk, f"/marks/{first}/settle")
    assert "已了结" in at(page, NAME)
    desk.look(room(again, f"pen?path={ADDRESS}&again={second}"))
    assert desk.page.words(desk.page.one("textarea", id="pen-message")) == "门牌没有写全"
    page = press(desk, "/marks", message="还是没有写门牌")
    assert "还是没有写门牌" in at(page, ADDRESS)
    assert "没有记下" in desk.send(room(again, "marks", str(second), "settle"), {"seen_revision": "2"}).text
    assert "未了结 1 处" in desk.look(room(again)).text
    press(desk, "/send-back")
    with app.app_context():
        found = marks.open_for_host(the_filing(again))
        assert [(m.path, m.answer) for m in found] == [(ADDRESS, "")]


def test_settling_all_that_is_answered(app, desk, again):
    take(desk, again)
    page = press(desk, "/marks/settle-all")
    assert "没有未了结的批注" in page.text
    press(desk, "/accept")
    assert state_of(app, again) == "verifying"


def _marks(app, number):
    with app.app_context():
        return [(m.id, m.path) for m in marks.of_filing(the_filing(number))]


def test_a_mark_of_another_filing(app, desk, again):
    with app.app_context():
        other = submitted(OTHERS[0]).number
    take(desk, other)
    stray = _marks(app, again)[0][0]
    assert desk.post(room(other, "marks", str(stray), "settle"), data={"seen_revision": "1"}).status_code == 404
    assert desk.post(room(other, "marks", str(stray), "withdraw"), data={"seen_revision": "1"}).status_code == 404


def test_internal_notes(app, desk, number):
    desk.look(room(number))
    page = press(desk, "/notes", text="电话里说下周来")
    assert "电话里说下周来" in page.text
    assert "许闻" in page.text
    press(desk, "/notes", text="  ")
    with app.app_context():
        assert len(db.session.scalars(select(Note)).all()) == 1


def test_supervisors_hold_release_and_recall(app, desk, number, signed_in):
    with app.app_context():
        begin_write()
        the_filing(number).state = "ready"
        db.session.commit()
    desk.look(room(number))
    assert desk.post(room(number, "hold"), data={"reason": "等材料"}).status_code == 403
    supervisor = signed_in("staff", "supervisor", name="何田")
    supervisor.look(room(number))
    assert "要写原因" in supervisor.send(room(number, "hold"), {"reason": " "}).text
    supervisor.send(room(number, "hold"), {"reason": "等材料"})
    assert state_of(app, number) == "held"
    assert "暂缓报送，自" in (page := supervisor.look(room(number))).words()
    assert "等材料" in page.words()
    press(supervisor, "/release")
    assert state_of(app, number) == "ready"
    supervisor.look(room(number))
    page = press(supervisor, "/recall", reason="漏看一处")
    assert "初审中 · 何田" in page.text
