"""Escape hatches at the desk: decisions that came another way, provinces held back, results only a person can place."""

import pytest
from sqlalchemy import select

from icp.accounts.models import Account
from icp.audit import AuditEntry
from icp.bureau import account as accounts
from icp.bureau import holding, settling
from icp.bureau.incoming import Incoming
from icp.bureau.messages.results import Review
from icp.bureau.models import BureauRecord, BureauResult, Download, Upload
from icp.extensions import begin_write, db
from icp.filings import marks
from icp.filings.drafts import lock
from icp.filings.models import Event, Filing
from icp.reviewer import desk
from tests.web import operation_cases
from tests.web.desk_cases import press, ready
from tests.web.operation_cases import NUMBER, SITE


@pytest.fixture
def supervisor(signed_in):
    return signed_in("staff", "supervisor", name="何田")


@pytest.fixture
def second(signed_in):
    return signed_in("staff", "supervisor", "tang@desk.example", name="唐棠")


def at_bureau() -> tuple[str, int]:
    """Number and record of a filing at the bureau."""
    account = accounts.seed_account()
    filing = lock(ready().id)
    filing.state = "at_bureau"
    number = db.session.query(Upload).count() + 1
    upload = Upload(
        account_id=account.id, sequence=number, file_name=f"f{number}.xml", upload_group="XZBA", state="accepted",
        hash="x",
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    record = BureauRecord(
        upload_id=upload.id, position=0, filing_id=filing.id, revision=filing.revision_no, path="subject",
        operation_type="1", record_key=str(70000 + number),
    )  # fmt: skip
    db.session.add(record)
    db.session.commit()
    return filing.number, record.id


def state(app, number: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Filing.state).where(Filing.number == number)).one()


APPROVED = {"outcome": "approved", "reason": "管局王工来电", "numbers": "闽ICP备12345678号\n闽ICP备12345678号-1"}


def test_an_approval_by_telephone_needs_a_second_person(app, supervisor, second):
    with app.app_context():
        number, record_id = at_bureau()
    page = supervisor.look(f"/desk/filings/{number}")
    assert any(a.get("href") == f"/desk/filings/{number}/settle" for a in page.all("a"))
    supervisor.look(f"/desk/filings/{number}/settle")
    page = supervisor.send(f"/desk/filings/{number}/settle", APPROVED)
    assert state(app, number) == "at_bureau"
    page = supervisor.look("/desk/bureau/by-hand")
    assert "管局王工来电" in page.text
    assert "confirm" not in "".join(f.get("action", "") for f in page.all("form"))
    with app.app_context():
        (row,) = settling.waiting()
    supervisor.send(f"/desk/bureau/settlements/{row.id}/confirm")
    assert state(app, number) == "at_bureau", "one person alone settles nothing"
    second.look("/desk/bureau/by-hand")
    second.send(f"/desk/bureau/settlements/{row.id}/confirm")
    assert state(app, number) == "approved"
    with app.app_context():
        assert db.session.get_one(BureauRecord, record_id).outcome == "approved"
        event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert "管局王工来电" in event.note
        assert "闽ICP备12345678号" in event.note
        verbs = set(db.session.scalars(select(AuditEntry.verb)))
    assert {"ask_settlement", "confirm_settlement"} <= verbs


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**APPROVED, "outcome": ""}, "outcome"),
        ({**APPROVED, "reason": ""}, "reason"),
        ({**APPROVED, "numbers": ""}, "numbers"),
        ({**APPROVED, "numbers": "12345678"}, "numbers"),
        ({"outcome": "refused", "reason": "管局页面", "words": ""}, "words"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(app, supervisor, typed, field):
    with app.app_context():
        number, _ = at_bureau()
    supervisor.look(f"/desk/filings/{number}/settle")
    page = supervisor.send(f"/desk/filings/{number}/settle", typed, 422)
    assert page.one("*", id=f"{field}-e") is not None
    if typed["reason"]:
        assert page.one("*", id="reason").get("value") == typed["reason"]
    with app.app_context():
        assert settling.waiting() == []


def test_a_return_by_telephone_is_marked_with_the_bureaus_words(app, supervisor, second):
    with app.app_context():
        number, _ = at_bureau()
    supervisor.look(f"/desk/filings/{number}/settle")
    supervisor.send(
        f"/desk/filings/{number}/settle", {"outcome": "refused", "reason": "管局页面", "words": "照片不清楚"}
    )
    with app.app_context():
        (row,) = settling.waiting()
    second.look("/desk/bureau/by-hand")
    second.send(f"/desk/bureau/settlements/{row.id}/confirm")
    assert state(app, number) == "bureau_returned"
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        (mark,) = marks.of_filing(filing)
        assert "照片不清楚" in mark.correction.message


def test_the_bureaus_own_answer_comes_first(app, supervisor, second):
    with app.app_context():
        number, _ = at_bureau()
    supervisor.look(f"/desk/filings/{number}/settle")
    supervisor.send(f"/desk/filings/{number}/settle", APPROVED)
    with app.app_context():
        (row,) = settling.waiting()
        settlement_id = row.id
        lock(row.filing_id).state = "bureau_returned"
        db.session.commit()
    second.look("/desk/bureau/by-hand")
    page = second.send(f"/desk/bureau/settlements/{settlement_id}/confirm")
    assert "没有改变备案" in page.text
    assert state(app, number) == "bureau_returned"
    second.send(f"/desk/bureau/settlements/{settlement_id}/decline")
    with app.app_context():
        assert settling.waiting() == []


@pytest.mark.parametrize("numbers", [NUMBER, f"{NUMBER[:-1]}", f"闽ICP备12345678号\n{SITE}"])
def test_a_number_that_is_somebody_elses_is_not_taken(app, supervisor, numbers):
    with app.app_context():
        number, _ = at_bureau()
        begin_write()
        operation_cases.on_record()
        db.session.commit()
    supervisor.look(f"/desk/filings/{number}/settle")
    page = supervisor.send(f"/desk/filings/{number}/settle", {**APPROVED, "numbers": numbers}, 422)
    assert "属于别的主体" in page.words(page.one("*", id="numbers-e"))
    assert numbers in page.one("textarea", id="numbers").text


def test_a_province_is_held_by_one_and_released_by_another(app, supervisor, second):
    page = supervisor.look("/desk/bureau/by-hand")
    page = supervisor.send("/desk/bureau/provinces/hold", {"province": "350000", "reason": ""}, 422)
    assert "写明原因" in page.text
    supervisor.send("/desk/bureau/provinces/hold", {"province": "350000", "reason": "管局系统升级"})
    page = supervisor.send("/desk/bureau/provinces/350000/release")
    assert "另一个主管" in page.text
    with app.app_context():
        assert holding.provinces() == {"350000"}
    second.look("/desk/bureau/by-hand")
    second.send("/desk/bureau/provinces/350000/release")
    with app.app_context():
        assert holding.provinces() == frozenset()


def unplaced(record_id: str) -> int:
    account = accounts.seed_account()
    download = Download(account_id=account.id, file_name=f"{record_id}.xml", hash="x", sealed=b"x")
    db.session.add(download)
    db.session.flush()
    said = Review(True, "2030-01-02", "同意", operation="1", record_id=record_id)
    row = Incoming(account, download).keep("review", said, None, "nothing_fits", operation="1", key=record_id)
    db.session.commit()
    return row.id


def test_a_person_says_which_filing_a_result_means(app, supervisor):
    with app.app_context():
        number, _ = at_bureau()
        begin_write()
        first, second_ = unplaced("4711"), unplaced("4712")
    supervisor.look("/desk/bureau/by-hand")
    page = supervisor.send(f"/desk/bureau/results/{first}/place", {"number": "nobody"})
    assert "没有改变什么" in page.text
    supervisor.send(f"/desk/bureau/results/{first}/place", {"number": number})
    assert state(app, number) == "approved"
    supervisor.send(f"/desk/bureau/results/{second_}/place", {"record": "none"})
    with app.app_context():
        assert [r.why for r in db.session.scalars(select(BureauResult).order_by(BureauResult.id))] == ["", "shelved"]
        assert accounts.open_alerts() == [], "what was told of them is dealt with"
    assert "没有。" in supervisor.look("/desk/bureau/by-hand").text


@pytest.mark.parametrize(
    ("field", "words"), [("number", "是 {number} 的结果"), ("record", "哪份都不是")], ids=["a filing", "none"]
)
def test_a_result_that_is_placed_is_told_as_done_by_whom_and_when(app, supervisor, second, field, words):
    with app.app_context():
        number, _ = at_bureau()
        begin_write()
        first = unplaced("4711")
    ways = {"number": number}, {"record": "none"}
    place, other = ways if field == "number" else ways[::-1]
    about = f"/desk/bureau/results/{first}/place"
    supervisor.look("/desk/bureau/by-hand")
    second.look("/desk/bureau/by-hand")
    supervisor.send(about, place)
    with app.app_context():
        at = desk.moment(db.session.scalars(select(AuditEntry.at).where(AuditEntry.verb == "place_result")).one())
    said = f"何田 在 {at} 已经办过：{words.format(number=number)}。"
    for asking, wanted, kind in ((supervisor, place, "good"), (second, place, "good"), (second, other, "mend")):
        page = asking.send(about, wanted)
        assert said in page.text
        assert "没有找到" not in page.text
        assert [d for d in page.all("div") if f"banner--{kind}" in d.get("class", "") and said in page.words(d)]


def test_where_there_are_two_supervisors_one_undoes_what_the_other_did(app, supervisor, second):
    with app.app_context():
        filing = ready()
        number = filing.number
        begin_write()
        filing.state = "ready"
        db.session.commit()
    room = f"/desk/filings/{number}"
    supervisor.look(room)
    supervisor.send(f"{room}/hold", {"reason": "等材料"})
    page = supervisor.look(room)
    assert "由另一位主管恢复：唐棠" in page.text
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/release")]
    assert "要由另一位主管" in supervisor.send(f"{room}/release").text
    assert state(app, number) == "held"
    second.look(room)
    press(second, "/release")
    assert state(app, number) == "ready"
    assert "刚才已经办好了" in second.send(f"{room}/release").text
    supervisor.send(f"{room}/release", {}, 409)


def test_whoever_accepted_is_not_offered_to_recall(app, supervisor, second):
    with app.app_context():
        filing = ready()
        number = filing.number
        begin_write()
        event = db.session.scalars(select(Event).where(Event.action == "accept")).one()
        event.actor_id = db.session.scalars(select(Account.id).where(Account.name == "何田")).one()
        db.session.commit()
    page = supervisor.look(f"/desk/filings/{number}")
    assert "由另一位主管召回：唐棠" in page.text
    assert [form for form in page.all("form") if form.get("action", "").endswith("/hold")]
    assert "召回再审" not in page.text
    second.look(f"/desk/filings/{number}")
    press(second, "/recall", reason="再看一遍")
    assert state(app, number) == "in_review"
    page = second.send(f"/desk/filings/{number}/recall", {"reason": "再看一遍"})
    assert "刚才已经办好了" in page.text
    supervisor.send(f"/desk/filings/{number}/recall", {"reason": "再看一遍"}, 409)


def test_the_second_of_two_clicks_is_told_that_it_is_done(app, supervisor, second):
    with app.app_context():
        number, _ = at_bureau()
    supervisor.look(f"/desk/filings/{number}/settle")
    for _ in range(2):
        page = supervisor.send(f"/desk/filings/{number}/settle", APPROVED)
        assert "已提出" in page.text
    with app.app_context():
        (row,) = settling.waiting()
    confirm, decline = (f"/desk/bureau/settlements/{row.id}/{act}" for act in ("confirm", "decline"))
    second.look("/desk/bureau/by-hand")
    assert "已按认定办结" in second.send(confirm).text
    page = second.send(confirm)
    assert "唐棠 已经确认过，备案已按认定办结" in page.text
    assert not [d for d in page.all("div") if "banner--mend" in d.get("class", "")]
    page = supervisor.send(decline)
    assert "唐棠 已经确认过" in page.text
    assert [d for d in page.all("div") if "banner--mend" in d.get("class", "")]


def test_a_province_is_held_and_released_once_however_often_it_is_pressed(app, supervisor, second):
    supervisor.look("/desk/bureau/by-hand")
    typed = {"province": "350000", "reason": "管局系统升级"}
    for _ in range(2):
        assert "已暂缓报送这个省" in supervisor.send("/desk/bureau/provinces/hold", typed).text
    assert "由另一位主管恢复：唐棠" in supervisor.page.text
    assert not [f for f in supervisor.page.all("form") if f.get("action", "").endswith("/release")]
    second.look("/desk/bureau/by-hand")
    assert "已经暂缓报送了" in second.send("/desk/bureau/provinces/hold", typed, 422).text
    second.send("/desk/bureau/provinces/350000/release")
    assert "没有在暂缓" in second.send("/desk/bureau/provinces/350000/release").text
    second.send("/desk/bureau/provinces/nowhere/release", {}, 404)
