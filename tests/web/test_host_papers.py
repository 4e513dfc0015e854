"""The papers page: what it shows, what it takes and refuses, and to whom."""

import datetime as dt
import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from icp import documents
from icp.accounts import links
from icp.accounts.models import Account, MailLink
from icp.documents import Paper, pictures
from icp.documents.storage import papers_storage
from icp.extensions import db
from icp.filings import drafts
from icp.filings.states import Actor
from tests.conftest import both_databases
from tests.htmx import assert_same, update_page_with_htmx
from tests.web import desk_cases
from tests.web.accounts_cases import deliver
from tests.web.paper_cases import (
    CERTIFICATE,
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

MB = 1024 * 1024
NAUGHTY = ["../../../etc/passwd", "<script>alert(1)</script>.jpg", "图\u202egpj.exe", "a" * 3000, "CON"]
NO_SLOTS = ["", "subject.name", "website[w9].papers.domain_certificate", "../../x", CERTIFICATE + "x"]


@pytest.fixture
def host(client, people):
    """A host's browser; ``host.id`` is his account, ``host.number`` his draft."""
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    client.number = open_draft(client.application, client.id)
    client.sign_in(client.id)
    client.look(papers(client.number))
    return client


@pytest.fixture
def by_link(app, host):
    """Somebody who opened a mailed link to the host's draft and hasn't signed in."""
    with app.app_context():
        filing_id = id_of_filing(host.number)
        account = db.session.get(Account, host.id)
        links.issue("resume", account=account, filing_id=filing_id, lifetime=dt.timedelta(days=1))
        db.session.commit()
        link_id = db.session.scalars(select(MailLink.id)).one()
    visitor = app.test_client()
    with visitor.session_transaction() as session:
        session["links"] = {host.number: link_id}
    visitor.number = host.number
    visitor.look(papers(host.number))
    return visitor


def papers(number, act=""):
    return f"/filings/{number}/papers{'/' + act if act else ''}"


def upload(host, slot=LICENCE, data=None, **more):
    return send(host, papers(host.number, "upload"), slot, drawn() if data is None else data, **more)


def act(host, what, paper, **more):
    return host.post(papers(host.number, what), data={"slot": paper.path, "paper": paper.id, **more})


# what it shows


def test_every_slot_of_the_filing_with_what_it_is_for(host):
    page = host.look(papers(host.number))
    assert "四、证件与照片" in page.words(page.one("h1"))
    assert [page.words(head) for head in page.all("h2")][:5] == [
        "主办单位证件",
        "主体负责人证件，人像面",
        "主体负责人证件，国徽面",
        "域名证书",
        "承诺书",
    ]
    assert "未上传" in page.words(section(page, LICENCE))
    assert "持有者要和主办单位一致" in page.words(section(page, CERTIFICATE))
    assert "尚未提交" in page.words(page.one("p", id="saved"))


def test_a_slot_appears_with_the_answer_that_asks_for_it(app, client, people):
    host = client.sign_in(people("host", "lin@qingwu.example"))
    number = open_draft(app, 1, **{"subject.legal_representative.name": "周远"})
    page = host.look(papers(number))
    found = page.words(page.one("section", id="subject-principal-papers-power_of_attorney"))
    assert "主体负责人不是法定代表人" in found


def test_slots_of_several_websites_are_told_apart(app, host):
    with app.app_context():
        filing_id = id_of_filing(host.number)
        row = drafts.add_row(filing_id, Actor("host", host.id), "website")
        drafts.save(filing_id, Actor("host", host.id), {f"website[{row}].domain": (None, "second.example")})
        db.session.commit()
    page = host.look(papers(host.number))
    heads = [page.words(head) for head in page.all("h2") if "域名证书" in page.words(head)]
    assert len(heads) == 2
    assert heads[1] == "域名证书 second.example"


# uploading


def test_a_picture_is_taken_shown_and_answered_without_script(app, host):
    answer = upload(host)
    assert answer.status_code == 303
    assert answer.location.endswith("/papers#subject-papers-document")
    paper = there(app, host.number)[LICENCE]
    assert (paper.purpose, paper.uploaded_by_id) == ("2", host.id)
    page = host.look(papers(host.number))
    words = page.words(section(page, LICENCE))
    assert "可以用" in words
    assert "1000 × 700" in words
    assert "报送小图" in words
    (shown,) = page.all("img", width="1000")
    for address in (shown.get("src"), papers(host.number, f"{paper.id}/sent.jpg")):
        picture = host.get(address)
        assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
        assert picture.headers["Cache-Control"] == "no-store"
        assert Image.open(io.BytesIO(picture.data)).format == "JPEG"


def test_with_script_the_answer_is_the_slot_alone_and_reads_like_the_page(host):
    before = host.look(papers(host.number))
    answer = upload(host, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    after = update_page_with_htmx(before, answer, "subject-papers-document")
    assert_same(after, host.look(papers(host.number)), inside="slots")


def test_what_the_machine_notices_is_said_at_the_slot_and_blocks_nothing(app, host):
    upload(host, data=drawn(500, 300))
    page = host.look(papers(host.number))
    words = page.words(section(page, LICENCE))
    assert "请看一眼" in words
    assert "图片只有 500 × 300 像素" in words
    upload(host, FRONT, drawn(500, 300))
    page = host.look(papers(host.number))
    assert "一模一样" in page.words(section(page, FRONT))


def test_a_new_picture_takes_the_place_of_the_old(app, host):
    upload(host)
    first = there(app, host.number)[LICENCE].id
    upload(host, data=drawn(1000, 1000))
    assert there(app, host.number)[LICENCE].id != first


@pytest.mark.parametrize("name", NAUGHTY)
def test_the_name_of_a_file_means_nothing(app, host, name):
    instance = app.extensions["settings"].instance
    before = set(instance.rglob("*"))
    assert upload(host, data=drawn(), name=name).status_code == 303
    page = host.look(papers(host.number))
    assert name[:20] not in page.text
    paper_id = there(app, host.number)[LICENCE].id
    fresh = {path.name for path in set(instance.rglob("*")) - before}
    assert fresh <= {"papers", paper_id[:2], paper_id, "original", "reduced", "view"}


def bomb():
    """A PNG of a few hundred bytes that says it has 900 million pixels."""
    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    packed = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (None, "文件是空的"),
        (b"%PDF-1.7\n", "这是 PDF 文件"),
        (b"<html><script>alert(1)</script></html>", "这个文件不是图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "这是 SVG"),
        (b"MZ" + bytes(400), "这个文件不是图片"),
        (drawn()[:2000], "图片不完整"),
        (bomb(), "最多 6000 万"),
        (b"\xff\xd8" + bytes(10 * MB), "图片超过 10 MB"),
    ],
    ids=["empty", "none", "pdf", "html", "svg", "program", "cut", "bomb", "large"],
)
@pytest.mark.parametrize("script", [False, True])
def test_what_cannot_be_used_is_refused_at_its_slot(app, host, data, says, script):
    headers = {"HX-Request": "true"} if script else {}
    answer = send(host, papers(host.number, "upload"), CERTIFICATE, data, "certificate.jpg", headers=headers)
    assert answer.status_code == 422
    assert says in host.page.words(section(host.page, CERTIFICATE))
    assert "没有传成" in host.page.words(section(host.page, CERTIFICATE))
    assert there(app, host.number) == {}
    if not script:
        assert "四、证件与照片" in host.page.words(host.page.one("h1"))
        assert says not in host.page.words(section(host.page, LICENCE))


def test_a_refused_picture_leaves_the_one_that_lies_there(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    assert upload(host, data=b"GIF89a" + bytes(50)).status_code == 422
    assert there(app, host.number)[LICENCE].id == paper.id
    words = host.page.words(section(host.page, LICENCE))
    assert "这是 GIF" in words
    assert "可以用" in words


@pytest.mark.parametrize("script", [False, True])
def test_more_than_the_site_reads_at_all_is_said_at_the_slot(app, host, script):
    answer = upload(host, data=bytes(12 * MB), headers={"HX-Request": "true"} if script else {})
    assert answer.status_code == 413
    assert "图片超过 10 MB" in host.page.words(section(host.page, LICENCE))
    assert there(app, host.number) == {}


def test_a_too_large_request_without_a_slot_is_said_at_the_top(host):
    answer = upload(host, "", bytes(12 * MB))
    assert answer.status_code == 413
    assert "图片超过 10 MB" in host.page.words(host.page.one("main"))


def test_a_too_large_request_from_a_stranger_shows_nothing_of_the_filing(host, signed_in):
    other = signed_in("host", email="other@qingwu.example")
    answer = send(other, papers(host.number, "upload"), LICENCE, bytes(12 * MB))
    assert answer.status_code == 404
    assert "主办单位证件" not in other.page.text


@pytest.mark.parametrize("slot", NO_SLOTS)
def test_only_real_slots_take_pictures(app, host, slot):
    assert upload(host, slot).status_code == 404
    assert there(app, host.number) == {}


def test_a_form_of_another_site_is_refused(app, host):
    host.token = ""
    assert upload(host).status_code == 400
    assert there(app, host.number) == {}


# turning, removing, putting back


def test_turning_left_and_right(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    assert act(host, "turn", paper, degrees="90").status_code == 303
    turned = there(app, host.number)[LICENCE]
    assert (turned.rotation, turned.width, turned.height) == (90, 700, 1000)
    before = host.look(papers(host.number))
    data = {"slot": LICENCE, "paper": turned.id, "degrees": "-90"}
    answer = host.htmx.post(papers(host.number, "turn"), data)
    after = update_page_with_htmx(before, answer, "subject-papers-document")
    assert_same(after, host.look(papers(host.number)), inside="slots")
    assert there(app, host.number)[LICENCE].rotation == 0


def test_a_second_click_on_a_page_that_is_behind_turns_nothing(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    for _ in range(2):
        assert act(host, "turn", paper, degrees="90").status_code == 303
    assert there(app, host.number)[LICENCE].rotation == 90


@pytest.mark.parametrize("degrees", ["45", "", "90.0", "١"])
def test_pictures_turn_by_right_angles_alone(app, host, degrees):
    upload(host)
    assert act(host, "turn", there(app, host.number)[LICENCE], degrees=degrees).status_code == 400


@both_databases
def test_removing_and_putting_back(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    assert act(host, "remove", paper).status_code == 303
    assert there(app, host.number) == {}
    page = host.look(papers(host.number))
    assert "已删除" in page.words(section(page, LICENCE))
    form = next(form for form in page.all("form") if form.get("action").endswith("/restore"))
    answer = host.htmx.post(form.get("action"), page.form_values(form))
    after = update_page_with_htmx(page, answer, "subject-papers-document")
    assert_same(after, host.look(papers(host.number)), inside="slots")
    assert there(app, host.number)[LICENCE].id == paper.id


def test_what_was_swept_meanwhile_cannot_be_put_back(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    act(host, "remove", paper)
    with app.app_context():
        db.session.delete(db.session.get(Paper, paper.id))
        db.session.commit()
    assert act(host, "restore", paper).status_code == 404


# to whom


def test_other_hosts_and_staff_find_nothing(app, host, signed_in):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    other = signed_in("host", email="other@qingwu.example")
    other.number = host.number
    other.look("/help")
    assert other.get(papers(host.number)).status_code == 404
    assert other.get(papers(host.number, "slots")).status_code == 404
    assert other.get(papers(host.number, f"{paper.id}.jpg")).status_code == 404
    assert upload(other).status_code == 404
    for what in ("turn", "remove", "restore"):
        assert act(other, what, paper, degrees="90").status_code == 404
    staff = signed_in("staff", "reviewer")
    assert staff.get(papers(host.number, f"{paper.id}.jpg")).status_code == 404
    assert there(app, host.number)[LICENCE].id == paper.id


def test_papers_of_another_filing_are_not_reached_through_ones_own(app, host, people):
    theirs = open_draft(app, people("host", "other@qingwu.example"))
    with app.app_context():
        foreign = desk_cases.keep_paper(id_of_filing(theirs), LICENCE)
        db.session.commit()
        foreign_id = foreign.id
    for address in (f"{foreign_id}.jpg", f"{foreign_id}/sent.jpg", "0" * 32 + ".jpg", "none.jpg"):
        assert host.get(papers(host.number, address)).status_code == 404
    for what in ("turn", "remove", "restore"):
        data = {"slot": LICENCE, "paper": foreign_id, "degrees": "90"}
        assert host.post(papers(host.number, what), data=data).status_code == 404
    assert there(app, theirs)[LICENCE].id == foreign_id


def test_a_paper_is_named_with_its_own_slot(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    answer = host.post(papers(host.number, "remove"), data={"slot": FRONT, "paper": paper.id})
    assert answer.status_code == 404
    assert LICENCE in there(app, host.number)


def test_a_lost_picture_is_not_found_instead_of_an_error(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    with app.app_context():
        papers_storage().delete(paper.view_key)
    assert host.get(papers(host.number, f"{paper.id}.jpg")).status_code == 404


def test_who_came_by_a_link_uploads_but_sees_no_picture(app, host, by_link):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    page = by_link.look(papers(host.number))
    words = page.words(section(page, LICENCE))
    assert "已上传，登录后可以看" in words
    assert page.all("img") == []
    assert paper.id not in page.text
    for address in (f"{paper.id}.jpg", f"{paper.id}/sent.jpg"):
        answer = by_link.get(papers(host.number, address))
        assert answer.status_code == 302
        assert "/sign-in" in answer.location
    for what in ("turn", "remove", "restore"):
        assert act(by_link, what, paper, degrees="90").status_code == 307
    assert there(app, host.number)[LICENCE].id == paper.id
    assert upload(by_link, FRONT).status_code == 303
    sent = there(app, host.number)[FRONT]
    assert sent.uploaded_by_id is None
    assert by_link.get(papers(host.number, f"{sent.id}.jpg")).status_code == 302


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved", "abandoned"])
def test_a_filing_that_is_no_longer_with_the_host(app, host, state):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    brought_to(app, host.number, state)
    assert upload(host, FRONT).status_code == 409
    assert "内容已经变了" in host.page.words(host.page.one("h1"))
    assert send(host, papers(host.number, "upload"), FRONT, bytes(12 * MB)).status_code == 409
    for what in ("turn", "remove", "restore"):
        assert act(host, what, paper, degrees="90").status_code == 409
    assert list(there(app, host.number)) == [LICENCE]
    page = host.look(papers(host.number))
    assert page.all("input", type="file") == []
    assert len(page.all("img", width="1000")) == 1


def test_after_submission_a_paper_is_shown_as_long_as_a_revision_names_it(app, host):
    upload(host)
    paper = there(app, host.number)[LICENCE]
    act(host, "remove", paper)
    address = papers(host.number, f"{paper.id}.jpg")
    assert host.get(address).status_code == 200
    brought_to(app, host.number, "approved")
    assert host.get(address).status_code == 404
    with app.app_context():
        documents.freeze([paper.id])
        db.session.commit()
    assert host.get(address).status_code == 200


@both_databases
def test_a_filing_submitted_while_a_picture_is_on_its_way(app, host, monkeypatch):
    def submitted_meanwhile(image, purpose=""):
        brought_to(app, host.number, "submitted")
        return look(image, purpose)

    look = pictures.look_at
    monkeypatch.setattr(pictures, "look_at", submitted_meanwhile)
    assert upload(host).status_code == 409
    assert there(app, host.number) == {}


# what was sent back


def test_a_mark_on_a_paper_is_said_at_its_slot_until_another_lies_there(app, host, people):
    with app.app_context():
        staff = Actor("staff", people("staff", "xu@desk.example", "reviewer"))
        filing = desk_cases.returned(staff, (LICENCE, "右上角反光，看不清成立日期"))
        number = filing.number
        account = filing.opened_by_id
    deliver(app)
    host.sign_in(account)
    page = host.look(papers(number))
    words = page.words(section(page, LICENCE))
    assert "要换一张" in words
    assert "右上角反光" in words
    host.number = number
    assert upload(host).status_code == 303
    page = host.look(papers(number))
    assert "右上角反光" not in page.text
    assert "可以用" in page.words(section(page, LICENCE))
