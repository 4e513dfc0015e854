import datetime as dt
import io

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import begin_write, db, now
from icp.filings import marks
from icp.filings.models import Filing
from icp.filings.states import CHINA
from icp.verification import bookings, checks
from icp.verification.models import Booking, Verification
from tests.unit.verification.verification_cases import HOST, YES_TO_ALL, answers_of, photo, revise, scan, waiting

NUMBER = "CZ-261118-0427-6"
VISIT = f"/desk/counter/{NUMBER}/w1"


@pytest.fixture
def desk(app, client, people):
    """A filing that waits, and a verifier of 福州 at the counter."""
    with app.app_context():
        waiting()
    return client.sign_in(people("staff", "xu@desk.example", "verifier", place="福州服务点", name="许闻"))


def ticks(**changes):
    return {f"item.{key}": answer for key, answer in {**YES_TO_ALL, **changes}.items()}


def save(client, status=200, revision="1", do="save", **data):
    form = {"revision": revision, "do": do, **data}
    return client.send(VISIT, form, status, content_type="multipart/form-data")


def booked(app, place, slot=None):
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        bookings.book(filing, "w1", place, slot or now(), None)
        db.session.commit()


def test_who_is_awaited(app, desk):
    page = desk.look("/desk/counter")
    assert "今天没有预约" in page.text
    assert HOST.company in page.text
    booked(app, "福州服务点")
    assert "福州服务点" in page.words(desk.look("/desk/counter").one("table"))


def test_an_appointment_nobody_came_to_stays_on_todays_list(app, desk):
    booked(app, "福州服务点", now() - dt.timedelta(days=3))
    assert "今天没有预约" not in desk.look("/desk/counter").text
    booked(app, "福州服务点", now() + dt.timedelta(days=3))
    page = desk.look("/desk/counter")
    assert "今天没有预约" in page.text
    assert HOST.company in page.text


def test_a_verifier_sees_only_his_place(app, desk, people):
    booked(app, "厦门服务点")
    assert HOST.company not in desk.look("/desk/counter").text
    assert desk.get(VISIT).status_code == 404
    assert desk.get(f"{VISIT}/form.pdf").status_code == 404
    assert desk.post(VISIT, data={"revision": "1"}).status_code == 404
    assert desk.post(f"{VISIT}/booking", data={}).status_code == 404
    desk.sign_in(people("staff", "fan@desk.example", "reviewer"))
    assert HOST.company in desk.look("/desk/counter").text
    assert desk.get(VISIT).status_code == 200


@pytest.mark.parametrize(("kind", "role"), [("host", ""), ("staff", "administrator")])
def test_nobody_else_enters(desk, people, kind, role):
    desk.sign_in(people(kind, "someone@else.example", role))
    for address in ("/desk/counter", VISIT, f"{VISIT}/form.pdf", f"{VISIT}/photo.jpg"):
        assert desk.get(address).status_code == 403
    assert desk.post(VISIT).status_code == 403


@pytest.mark.parametrize("address", [f"/desk/counter/{NUMBER}/w9", "/desk/counter/none/w1", f"{VISIT}/photo.jpg"])
def test_what_does_not_exist(desk, address):
    assert desk.get(address).status_code == 404


def test_looking_stores_no_check_but_is_recorded(app, desk):
    page = desk.look(VISIT)
    assert "15 项，还没有开始" in page.text
    number = HOST.id_number
    assert number not in page.text
    assert f"{number[:6]}********{number[-4:]}" in page.text
    with app.app_context():
        assert db.session.scalars(select(Verification)).all() == []
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.object_id) == ("open_counter", NUMBER)


def test_answers_are_saved_and_shown(app, desk):
    desk.look(VISIT)
    page = save(desk, **{"item.mobile": "yes", "item.email": "no", "note.email": "读错一个字母"})
    assert "15 项里答了 2 项" in page.text
    assert page.one("input", name="item.mobile", checked="").get("value") == "yes"
    assert page.words(page.one("textarea", name="note.email")) == "读错一个字母"
    assert "item--mend" in page.one("div", id="item-email").get("class")
    assert page.all("textarea", name="note.mobile") == []
    with app.app_context():
        check = db.session.scalars(select(Verification)).one()
        assert check.place == "福州服务点"


def test_an_answer_is_saved_on_its_own_with_htmx(desk):
    desk.look(VISIT)
    data = {"revision": "1", "item.email": "no"}
    page = desk.send(f"{VISIT}?item=email", data, htmx=True)
    assert page.one("textarea", name="note.email") is not None
    assert "答了 1 项" in page.words(page.one("span", id="counter-answered"))
    assert "1 项为“否”" in page.words(page.one("p", id="counter-sum"))


@pytest.mark.parametrize("answer", ["maybe", "na"])
def test_answers_that_are_not_on_the_form_are_refused(desk, answer):
    desk.look(VISIT)
    save(desk, 400, **{"item.mobile": answer})


def test_the_form_is_printed_with_the_answers(desk):
    desk.look(VISIT)
    save(desk, **ticks())
    response = desk.get(f"{VISIT}/form.pdf")
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF-")
    assert response.headers["Cache-Control"] == "no-store"


def test_the_whole_visit(app, desk):
    desk.look(VISIT)
    page = save(desk, photo=(photo(), "IMG_1.jpg"), scan=(scan(), "scan.jpg"), **ticks())
    assert "各项齐全" in page.text
    picture = desk.get(f"{VISIT}/photo.jpg")
    assert picture.mimetype == "image/jpeg"
    assert desk.get(f"{VISIT}/form.jpg").mimetype == "image/jpeg"
    page = save(desk, do="complete", **ticks())
    assert "核验完成，已转去报送" in page.text
    with app.app_context():
        assert db.session.scalars(select(Filing.state)).one() == "ready"


def test_the_visit_in_one_press(app, desk):
    desk.look(VISIT)
    save(desk, do="complete", photo=(photo(), "a.jpg"), scan=(scan(), "b.jpg"), **ticks())
    with app.app_context():
        assert db.session.scalars(select(Filing.state)).one() == "ready"


def test_an_incomplete_visit_says_what_is_missing(app, desk):
    desk.look(VISIT)
    page = save(desk, do="complete", **ticks(access=""))
    assert "还不能完成" in page.text
    words = page.words(page.one("p", id="counter-sum"))
    assert "还差 1 项" in words
    assert "缺负责人照片" in words
    assert "缺签好的核验单" in words
    with app.app_context():
        assert db.session.scalars(select(Filing.state)).one() == "verifying"


def test_one_website_of_two(app, client, people):
    with app.app_context():
        waiting(answers_of(rows=("w1", "w2")))
    client.sign_in(people("staff", "xu@desk.example", "verifier"))
    client.look(VISIT)
    page = save(client, do="complete", photo=(photo(), "a.jpg"), scan=(scan(), "b.jpg"), **ticks())
    assert "还有别的网站没有核验" in page.text
    with app.app_context():
        assert db.session.scalars(select(Filing.state)).one() == "verifying"


def test_a_refused_picture_is_said_at_its_place_and_the_answers_are_kept(app, desk):
    desk.look(VISIT)
    page = save(desk, 422, scan=(io.BytesIO(b"%PDF-1.7 signed"), "signed.pdf"), **ticks())
    assert "PDF" in page.words(page.one("div", id="scan-e"))
    assert page.one("input", id="scan").get("aria-describedby") == "scan-e"
    with app.app_context():
        check = db.session.scalars(select(Verification)).one()
        assert checks.answers_of(check) == YES_TO_ALL
        assert check.form_paper_id is None


def test_sending_back_marks_the_fields(app, desk):
    desk.look(VISIT)
    page = save(desk, do="back", **ticks(mailing_address="no"), **{"note.mailing_address": "收信在 603 室"})
    assert "已退回主办者修改" in page.text
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert filing.state == "returned"
        assert [m.path for m in marks.open_for_host(filing)] == ["subject.mailing_address"]


def test_nothing_to_send_back(app, desk):
    desk.look(VISIT)
    assert "没有可退回的" in save(desk, do="back", **ticks()).text


def test_a_stale_page_records_nothing(app, desk):
    desk.look(VISIT)
    with app.app_context():
        revise(db.session.scalars(select(Filing)).one(), answers_of(**{"website[w1].name": "青梧新名字"}))
    page = save(desk, **ticks())
    assert "出了新的一版" in page.text
    assert "还没有开始" in page.text


def test_a_filing_that_left_its_state(app, desk):
    desk.look(VISIT)
    with app.app_context():
        begin_write()
        db.session.scalars(select(Filing)).one().state = "returned"
        db.session.commit()
    assert "现在不在待核验" in save(desk, **ticks()).text
    assert "现在不在待核验" in desk.look(VISIT).text
    assert "现在不在待核验" in desk.look(f"{VISIT}/form.pdf").text


def test_booking_and_moving(app, desk):
    desk.look(VISIT)
    slot = {"place": "福州服务点", "slot": "2026-11-26T10:00", "note": "带营业执照"}
    page = desk.send(f"{VISIT}/booking", slot)
    assert "已预约 11 月 26 日 10:00，福州服务点" in page.text
    assert page.one("input", name="slot").get("value") == "2026-11-26T10:00"
    desk.send(f"{VISIT}/booking", {**slot, "slot": "2026-11-27T15:30"})
    with app.app_context():
        booking = db.session.scalars(select(Booking)).one()
        assert booking.slot_at == dt.datetime(2026, 11, 27, 15, 30, tzinfo=CHINA)
        assert booking.note == "带营业执照"


@pytest.mark.parametrize("wrong", [{"place": "别处"}, {"slot": ""}, {"slot": "soon"}, {"slot": "0001-01-01T00:00"}])
def test_a_booking_needs_place_and_time(desk, wrong):
    desk.look(VISIT)
    page = desk.send(f"{VISIT}/booking", {"place": "福州服务点", "slot": "2026-11-26T10:00", **wrong})
    assert "请选地点和时间" in page.text


def test_moving_a_visit_to_another_place_hands_it_over(desk, people):
    people("staff", "xm@desk.example", "verifier", place="厦门服务点")
    desk.look(VISIT)
    page = desk.send(f"{VISIT}/booking", {"place": "厦门服务点", "slot": "2026-11-26T10:00"})
    assert "当面核验" in page.words(page.one("h1"))
    assert desk.get(VISIT).status_code == 404
