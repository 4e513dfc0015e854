"""Handing uploads on to a phone: the code, what the phone may do with it, and when it ends."""

import datetime as dt

import pytest
from sqlalchemy import select

from icp.accounts.models import MailLink
from icp.drawing.controls import id_of
from icp.extensions import db, now
from icp.filings import drafts
from icp.filings.states import Actor
from tests.htmx import assert_same, update_page_with_htmx
from tests.web.paper_cases import (
    CERTIFICATE,
    COMPANY,
    FRONT,
    LICENCE,
    brought_to,
    drawn,
    id_of_filing,
    open_draft,
    section,
    send,
    there,
)


@pytest.fixture
def host(client, people):
    """A host at his desk, on the papers page; ``host.number`` is his draft."""
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    client.number = open_draft(client.application, client.id)
    client.sign_in(client.id)
    client.look(f"/filings/{client.number}/papers")
    return client


def hand_off(host):
    """Press the button; the code the page shows."""
    page = host.send(f"/filings/{host.number}/handoff")
    return page.words(page.one("span", class_="passcode"))


@pytest.fixture
def phone(app, host):
    """A phone that has opened the hand-off."""
    visitor = app.test_client()
    code = hand_off(host).replace(" ", "")
    visitor.look(f"/m/{code}")
    visitor.send(f"/m/{code}")
    visitor.code = code
    return visitor


def at_an_end(app, **values):
    with app.app_context():
        for link in db.session.scalars(select(MailLink).where(MailLink.purpose == "handoff")):
            for name, value in values.items():
                setattr(link, name, value)
        db.session.commit()


# at the desk


def test_the_page_shows_a_picture_a_short_address_and_until_when(app, host):
    assert host.page.all("div", class_="handoff") == []
    code = hand_off(host)
    assert len(code.replace(" ", "")) == 8
    assert set(code.replace(" ", "")) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    box = host.page.one("section", id="handoff")
    assert "localhost/m" in host.page.words(box)
    (picture,) = [e for e in box.iter() if e.get("class") == "qr"]
    assert picture.tag.endswith("svg")
    with app.app_context():
        link = db.session.scalars(select(MailLink)).one()
        minutes = (link.expires_at - now()).total_seconds() / 60
        assert 14 < minutes <= 15
        assert code.replace(" ", "") not in link.code_hash
    assert hand_off(host) != code


def test_the_page_asks_for_news_only_while_a_hand_off_is_open(app, host):
    assert host.page.one("div", id="slots").get("hx-trigger") is None
    hand_off(host)
    slots = host.page.one("div", id="slots")
    assert slots.get("hx-trigger") == "every 5s"
    assert host.htmx.get(slots.get("hx-get")).status_code == 204
    at_an_end(app, expires_at=now() - dt.timedelta(seconds=1))
    page = host.page
    answer = host.htmx.get(slots.get("hx-get"))
    fresh = host.look(f"/filings/{host.number}/papers")
    assert_same(update_page_with_htmx(page, answer, "slots"), fresh)
    assert fresh.one("div", id="slots").get("hx-get") is None


def test_the_desk_follows_the_phone(host, phone):
    page = host.look(f"/filings/{host.number}/papers")
    address = page.one("div", id="slots").get("hx-get")
    assert host.htmx.get(address).status_code == 204
    send(phone, "/m/papers", LICENCE, drawn())
    answer = host.htmx.get(address)
    assert answer.status_code == 200
    assert_same(update_page_with_htmx(page, answer, "slots"), host.look(f"/filings/{host.number}/papers"))


def test_somebody_elses_filing_cannot_be_handed_off(app, host, signed_in):
    other = signed_in("host", email="other@qingwu.example")
    other.look("/help")
    assert other.post(f"/filings/{host.number}/handoff").status_code == 404
    assert other.post(f"/filings/{host.number}/handoff/end").status_code == 404
    brought_to(app, host.number, "submitted")
    assert host.post(f"/filings/{host.number}/handoff").status_code == 409


# the door


@pytest.mark.parametrize("code", ["", "7Q4K2M9X", "x" * 200, "<b>"])
def test_the_door_looks_alike_for_every_code(app, host, code):
    right = hand_off(host).replace(" ", "")
    phone = app.test_client()
    real = phone.look(f"/m/{right}").words()
    if code:
        page = phone.look(f"/m/{code}")
        assert page.words() == real
        assert phone.send(f"/m/{code}", status=410).text.count("这个入口不能用") == 1
    else:
        assert "8 位代码" in phone.look("/m").words()
    with phone.session_transaction() as session:
        assert "phone" not in session


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{0}{1}", "lower"])
def test_a_code_is_understood_as_people_type_it(app, host, typed):
    code = hand_off(host).split(" ")
    words = "".join(code).lower().replace("0", "o").replace("1", "l") if typed == "lower" else typed.format(*code)
    phone = app.test_client()
    phone.look("/m")
    page = phone.send("/m", {"code": words})
    assert "用手机传证件" in page.words(page.one("h1"))
    assert page.all("input", type="file")


def test_guessing_is_counted(app, host):
    code = hand_off(host).replace(" ", "")
    phone = app.test_client()
    phone.look("/m")
    answers = [phone.post("/m", data={"code": f"GUESS{i:03d}"}).status_code for i in range(41)]
    assert answers == [410] * 40 + [429]
    assert phone.post("/m", data={"code": code}).status_code == 429
    assert "试的次数太多了" in phone.page.text


# the phone


def test_the_phone_sees_slots_and_their_state_and_nothing_else(app, host, phone):
    send(host, f"/filings/{host.number}/papers/upload", LICENCE, drawn())
    page = phone.look("/m/papers")
    assert "已有一张" in page.words(section(page, LICENCE))
    assert "未上传" in page.words(section(page, FRONT))
    assert page.all("img") == []
    known = [host.number, COMPANY.company, COMPANY.principal, COMPANY.domain, COMPANY.website, COMPANY.document_number]
    assert [word for word in known if word in page.text] == []
    paper = there(app, host.number)[LICENCE]
    assert phone.get(f"/m/papers/{paper.id}.jpg").status_code == 404
    for address in ("", "/papers", "/papers/slots", f"/papers/{paper.id}.jpg", "/check", "/steps/subject"):
        assert phone.get(f"/filings/{host.number}{address}").status_code == 302
    assert phone.post(f"/filings/{host.number}/papers/upload", data={"slot": LICENCE}).status_code == 307


def test_several_websites_are_numbered_for_the_phone(app, host, phone):
    with app.app_context():
        filing_id = id_of_filing(host.number)
        row = drafts.add_row(filing_id, Actor("host", host.id), "website")
        drafts.save(filing_id, Actor("host", host.id), {f"website[{row}].domain": (None, "second.example")})
        db.session.commit()
    page = phone.look("/m/papers")
    assert "第 2 个网站" in page.words()
    assert "second.example" not in page.text


def test_the_phone_sends_and_sees_what_it_sent(app, host, phone):
    answer = send(phone, "/m/papers", FRONT, drawn())
    assert (answer.status_code, answer.location) == (303, "/m/papers#subject-principal-papers-identity_front")
    paper = there(app, host.number)[FRONT]
    assert (paper.purpose, paper.uploaded_by_id) == ("3", None)
    page = phone.look("/m/papers")
    assert "可以用" in page.words(section(page, FRONT))
    (image,) = page.all("img")
    assert phone.get(image.get("src")).mimetype == "image/jpeg"
    answer = send(phone, "/m/papers", CERTIFICATE, drawn(1000, 900), headers={"HX-Request": "true"})
    after = update_page_with_htmx(page, answer, "website-w1-papers-domain_certificate")
    assert_same(after, phone.look("/m/papers"), inside="slots")
    assert len(phone.page.all("img")) == 2


def test_a_camera_is_asked_for_where_there_is_something_to_photograph(phone):
    page = phone.look("/m/papers")
    assert {e.get("name") for e in page.all("input", capture="environment")} == {"picture"}
    inputs = {path: [e.get("capture") for e in section(page, path).iter() if e.get("type") == "file"]
              for path in (FRONT, CERTIFICATE)}  # fmt: skip
    assert inputs == {FRONT: ["environment", None], CERTIFICATE: [None]}


def test_what_the_phone_sends_is_refused_at_its_slot(app, host, phone):
    assert send(phone, "/m/papers", FRONT, b"%PDF-1.7").status_code == 422
    assert "这是 PDF 文件" in phone.page.words(section(phone.page, FRONT))
    assert send(phone, "/m/papers", FRONT, b"", headers={"HX-Request": "true"}).status_code == 422
    assert "文件是空的" in phone.page.words(section(phone.page, FRONT))
    assert send(phone, "/m/papers", FRONT, bytes(12 << 20)).status_code == 413
    assert "图片超过 10 MB" in phone.page.words(section(phone.page, FRONT))
    assert send(phone, "/m/papers", "subject.name", drawn()).status_code == 404
    assert there(app, host.number) == {}


def forms_to_explain(page, path):
    return [f for f in section(page, path).iter() if f.tag.endswith("}form") and f.get("action") == "/m/papers/explain"]


def test_what_was_noticed_of_a_picture_is_explained_where_it_was_taken(app, host, phone):
    send(phone, "/m/papers", FRONT, drawn(colour="#141414"))
    page = phone.look("/m/papers")
    assert "请看一眼" in page.words(section(page, FRONT))
    (form,) = forms_to_explain(page, FRONT)
    typed = {**page.form_values(form), "words": "原件就是深色的"}
    page = phone.send("/m/papers/explain", typed)
    assert "原件就是深色的" in page.words(section(page, FRONT))
    assert "可以用" in page.words(section(page, FRONT))
    assert "原件就是深色的" in host.look(f"/filings/{host.number}/papers").text
    taken_back = page.form_values(forms_to_explain(page, FRONT)[0]) | {"unsay": "1"}
    answer = phone.htmx.post("/m/papers/explain", taken_back)
    assert_same(update_page_with_htmx(page, answer, id_of(FRONT)), phone.look("/m/papers"), inside="slots")
    with app.app_context():
        assert drafts.read(id_of_filing(host.number)).answers.explanations == {}


def test_the_phone_explains_nothing_it_has_not_sent(app, host, phone):
    send(host, f"/filings/{host.number}/papers/upload", FRONT, drawn(colour="#141414"))
    assert forms_to_explain(phone.look("/m/papers"), FRONT) == []
    paper = there(app, host.number)[FRONT]
    said = {"slot": FRONT, "paper": paper.id, "words": "照用"}
    assert phone.post("/m/papers/explain", data=said).status_code == 404
    send(phone, "/m/papers", LICENCE, drawn())
    said["paper"] = there(app, host.number)[LICENCE].id
    assert phone.post("/m/papers/explain", data=said).status_code == 404


def ended_by_time(app, host, phone):
    at_an_end(app, expires_at=now() - dt.timedelta(seconds=1))


def ended_at_the_desk(app, host, phone):
    host.send(f"/filings/{host.number}/handoff/end")
    assert "passcode" not in host.page.text


def ended_by_another(app, host, phone):
    hand_off(host)


def ended_by_submitting(app, host, phone):
    brought_to(app, host.number, "submitted")


def ended_on_the_phone(app, host, phone):
    assert "传好了" in phone.send("/m/end").words()


@pytest.mark.parametrize(
    "end", [ended_by_time, ended_at_the_desk, ended_by_another, ended_by_submitting, ended_on_the_phone]
)
def test_it_ends(app, host, phone, end):
    end(app, host, phone)
    assert phone.get("/m/papers").status_code == 410
    assert send(phone, "/m/papers", FRONT, drawn()).status_code == 410
    assert send(phone, "/m/papers", FRONT, bytes(12 << 20)).status_code == 410
    assert phone.post("/m/end").status_code == 410
    assert "传上去的都在" in phone.page.words()
    assert phone.post(f"/m/{phone.code}").status_code == 410
    assert there(app, host.number) == {}


def test_without_a_code_a_phone_reaches_nothing(app, host):
    stranger = app.test_client()
    stranger.look("/m")
    assert stranger.get("/m/papers").status_code == 410
    assert send(stranger, "/m/papers", FRONT, drawn()).status_code == 410
    assert stranger.get("/m/papers/" + "0" * 32 + ".jpg").status_code == 410


def test_a_resume_code_opens_no_phone_and_the_other_way_round(app, host):
    code = hand_off(host).replace(" ", "")
    visitor = app.test_client()
    visitor.look(f"/resume/{code}")
    assert visitor.post(f"/resume/{code}").status_code == 410
