"""Pages and letters in the reader's language: English ones hold no full-width signs, Chinese ones no stray blanks."""

import re

import pytest
from sqlalchemy import select

from icp import vocabulary
from icp.extensions import begin_write, db
from icp.filings import opening
from icp.filings.models import Mark
from icp.filings.states import Actor
from icp.i18n import tr
from icp.letters import access_letters, filing_letters, waiting_letters
from tests.web import operation_cases as cases
from tests.web.desk_cases import ADDRESS, HOST, host_of, press, returned, submitted

SIGNS = re.compile(r"[\u3001\u3002\u3008-\u3011\uff01-\uff1f]")
LETTERS = [
    *(getattr(filing_letters, name) for name in ("submitted", "accepted_visit", "ready", "approved", "withdrawn")),
    *(getattr(filing_letters, name) for name in ("bureau_returned", "corrected_by_staff", "expired")),
    *(getattr(waiting_letters, name) for name in ("queued", "released", "unqueued", "sms_check", "on_behalf")),
    access_letters.ending,
]


@pytest.fixture
def english(signed_in):
    def enter(*who, **more):
        client = signed_in(*who, **more)
        client.look("/account")
        client.post("/language/en")
        return client

    return enter


def signs(page):
    """Full-width signs of a page, without what people wrote, which may be Chinese around them."""
    text = re.sub(
        r"[\u4e00-\u9fff][\u3000-\u303f\u4e00-\u9fff\uff00-\uffefA-Za-z0-9-]*", "", page.words(page.one("main"))
    )
    return [text[max(0, m.start() - 30) : m.end() + 10] for m in SIGNS.finditer(text)]


def test_the_desk_in_english(app, english):
    reviewer = english("staff", "supervisor", name="Tang")
    with app.app_context():
        filing = cases.submitted("change")
        waiting = returned(Actor("staff", host_of(HOST).account_id))
        number, other, subject_id = filing.number, waiting.number, filing.subject_id
    for place in (
        *(f"/desk/filings/{n}{at}" for n in (number, other) for at in ("", "/history")),
        f"/desk/register/{subject_id}", "/desk", "/desk/tasks", "/desk/on-behalf", "/desk/bureau/by-hand",
    ):  # fmt: skip
        assert signs(reviewer.look(place)) == [], place


def test_a_hosts_pages_in_english(app, english):
    host = english(name="Lin")
    host.look("/start")
    number = host.post("/start", data={"operation": "new_filing"}).location.split("/")[2]
    for place in ("", "/check", "/papers", "/operation", "/steps/subject", "/steps/website"):
        assert signs(host.look(f"/filings/{number}{place}")) == [], place
    for place in ("/start", "/filings", "/records", "/"):
        assert signs(host.look(place)) == [], place


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.__name__)
def test_a_letter_in_chinese_has_no_stray_blanks(app, letter):
    """Between Chinese words, and beside Chinese signs, stands no blank."""
    with app.app_context():
        begin_write()
        by = host_of(HOST)
        filing = opening.open_filing("new_filing", by, host_id=by.account_id)
        filing.website_name, filing.domain, filing.due_on = "双泉茶业（福州）", "shuangquan.example", filing.due_on
        db.session.flush()
        text = letter(filing, {}).text("林知夏")
        assert re.findall(r"[\u4e00-\u9fff，。：；（）、] +[\u4e00-\u9fff，。：；（）、]", text) == [], text
        assert not re.search(r"[\u4e00-\u9fff]: ", text), text


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("drawn", ["", "&reason=R007"])
def test_a_canned_reason_is_read_by_each_in_his_language(app, signed_in, language, drawn):
    with app.app_context():
        number = submitted().number
        reason = vocabulary.current().reason("R007")
    said = {"zh": [reason.message_zh, reason.remedy_zh], "en": [reason.message_en, reason.remedy_en]}
    desk, room = signed_in("staff", "reviewer"), f"/desk/filings/{number}"
    desk.look(room)
    press(desk, "/take")
    desk.post(f"/language/{language}")
    desk.look(f"{room}/pen?path={ADDRESS}{drawn}")
    press(desk, "/marks", reason="R007")
    first, correction = newest_mark(app)
    assert read_by(app, correction) == said
    desk.look(f"{room}/pen?path={ADDRESS}&again={first}")
    press(desk, "/marks", message="门牌不对")
    second, correction = newest_mark(app)
    assert second != first
    assert read_by(app, correction) == {reader: ["门牌不对", remedy] for reader, (_, remedy) in said.items()}


def newest_mark(app):
    with app.app_context():
        mark = db.session.scalars(select(Mark).order_by(Mark.id.desc())).first()
        return mark.id, mark.correction


def read_by(app, correction):
    """Language → message and remedy as its reader reads them."""
    told = {}
    for language in ("zh", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            told[language] = [tr(correction.message), tr(correction.remedy)]
    return told
