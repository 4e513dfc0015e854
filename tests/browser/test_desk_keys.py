"""The desk in a browser: single keys press what the page shows, can be switched off, and the place is kept."""

import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from icp.extensions import db
from icp.filings import marks, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.reviewer.words import anchor
from tests.web.desk_cases import ADDRESS, NAME, OTHERS, answered, bureau_returned, code, returned, submitted

LINE = f"#{anchor(ADDRESS)}"


@pytest.fixture
def served(app):
    """The test's site as a server; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(page, served, client, people):
    """A page of a reviewer's; ``desk.me`` acts for him."""
    me = people("staff", "xu@desk.example", "reviewer", name="许闻")
    client.sign_in(me)
    cookie = client.get_cookie("session")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    page.me, page.address = Actor("staff", me), served
    return page


def open_marks(app, number):
    with app.app_context():
        filing = db.session.query(Filing).filter_by(number=number).one()
        return [(m.path, m.correction.message) for m in marks.unsettled(filing)]


def test_from_the_queue_to_a_mark_by_keys_alone(app, desk, accessible):
    with app.app_context():
        number = submitted().number
        submitted(OTHERS[0])
    desk.goto(f"{desk.address}/desk/")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert desk.locator("tr.is-cursor").inner_text().count(number) == 1
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/filings/{number}")
    desk.keyboard.press("g")  # take it
    desk.locator(".pin--pen").first.wait_for()
    desk.locator(LINE).click(position={"x": 200, "y": 5})
    desk.keyboard.press("k")
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.id") == LINE[1:]
    desk.keyboard.press("m")
    desk.locator(f"{LINE} select").select_option("R007")
    message = desk.locator(f"{LINE} textarea[name=message]")
    expect(message).not_to_have_value("")
    accessible(desk)
    message.fill("写到门牌 gbn")  # letters that are keys elsewhere
    desk.locator(f"{LINE} .pen .btn--mend").click()
    desk.locator(f"{LINE} .remark").wait_for()
    assert desk.evaluate("document.activeElement.id") == LINE[1:]
    assert open_marks(app, number) == [(ADDRESS, "写到门牌 gbn")]
    desk.keyboard.press("m")
    desk.locator(f"{LINE} .pen textarea[name=message]").wait_for()
    desk.keyboard.press("Escape")
    assert desk.locator(".pen").count() == 0
    desk.keyboard.press("b")
    desk.wait_for_url("**/desk/")
    with app.app_context():
        assert db.session.query(Filing).filter_by(number=number).one().state == "returned"


def test_settling_by_key_keeps_the_place(app, desk):
    with app.app_context():
        filing = answered(returned(desk.me, (NAME, "太宽"), (ADDRESS, "没有门牌")), {NAME: "青梧手作馆"})
        verbs.take(filing.id, desk.me)
        db.session.commit()
        number = filing.number
    desk.goto(f"{desk.address}/desk/filings/{number}#{anchor(NAME)}")
    line = desk.locator(f"#{anchor(NAME)}")
    line.click(position={"x": 200, "y": 5})
    desk.keyboard.press("k")
    desk.keyboard.press("j")
    desk.keyboard.press("p")
    line.get_by_text("已了结").wait_for()
    assert [path for path, _ in open_marks(app, number)] == [ADDRESS]
    assert desk.evaluate("document.activeElement.id") == anchor(NAME)


def test_keys_are_switched_off_for_good(app, desk):
    with app.app_context():
        number = submitted().number
    desk.goto(f"{desk.address}/desk/")
    desk.get_by_text("关掉单键").click()
    desk.keyboard.press("n")
    desk.reload()
    desk.keyboard.press("n")
    desk.keyboard.press("j")
    assert desk.locator(".is-cursor").count() == 0
    assert not desk.locator("kbd").first.is_visible()
    desk.get_by_text("打开单键").click()
    desk.keyboard.press("n")
    desk.wait_for_url(f"**/desk/filings/{number}")


def test_words_with_control_are_no_keys(app, desk):
    with app.app_context():
        submitted()
    desk.goto(f"{desk.address}/desk/")
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.id") == "q"
    desk.keyboard.type("jn")
    assert desk.locator("#q").input_value() == "jn"
    desk.locator("h1").click()
    desk.keyboard.press("Alt+n")
    assert desk.url == f"{desk.address}/desk/"


def test_a_picture_that_is_too_large_is_told_when_it_is_chosen_and_not_sent(app, desk):
    object.__setattr__(app.extensions["settings"], "upload_limit_mb", 1)
    with app.app_context():
        number = bureau_returned(code()).number
    desk.goto(f"{desk.address}/desk/filings/{number}/correct")
    desk.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    boxes = desk.locator("input[type=file]")

    def choose(place, size):
        boxes.nth(place).set_input_files({"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": bytes(size)})
        return desk.locator(".review__papers [role=alert]").all_inner_texts()

    assert "图片超过 1 MB" in choose(0, (1 << 20) + 1)[0]
    assert boxes.first.evaluate("box => box.files.length") == 0
    assert choose(0, 1 << 20) == []
    desk.evaluate("document.querySelector('form[data-total]').dataset.total = 1")
    assert "加起来超过 8 MB" in choose(1, 1)[0]
    assert boxes.nth(1).evaluate("box => box.files.length") == 0
