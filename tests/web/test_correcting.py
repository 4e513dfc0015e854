"""Staff correct what the bureau returned, report it again, or send it back to the host."""

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import begin_write, db
from icp.filings import drafts, marks, revisions
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.outbox.models import OutboxRow
from icp.verification.models import Verification
from tests.conftest import both_databases
from tests.web.desk_cases import ADDRESS, HOST, NAME, OTHERS, bureau_returned, code, keep_paper, press, submitted

NUMBER = "subject.principal.document_number"
MOBILE = "subject.principal.mobile"


@pytest.fixture
def desk(client, people):
    """A reviewer at the desk; ``desk.id`` is his account."""
    client.id = people("staff", "xu@desk.example", "reviewer", name="许闻")
    return client.sign_in(client.id)


@pytest.fixture
def place(app):
    """The address of the page for a filing whose website's name the bureau refused."""
    with app.app_context():
        return f"/desk/filings/{bureau_returned(code(remedy='改用全称。'), opinion='名称含“教育”').number}/correct"


def field(page, path):
    return page.one("*", id=f"f-{path.replace('].', '-').replace('[', '-').replace('.', '-')}")


def control(page, path):
    return next(e for e in field(page, path).iter() if e.get("name") == path)


def the_filing():
    return db.session.scalars(select(Filing)).one()


def stored(app, path):
    with app.app_context():
        return drafts.read(the_filing().id).answers.get(path)


def report(desk, place, status=200, **typed):
    desk.look(place)
    return press(desk, "/correct", status, act="report", **typed)


def test_what_the_bureau_said_stands_at_its_field(desk, place):
    page = desk.look(place.removesuffix("/correct"))
    assert any(a.get("href") == place for a in page.all("a"))
    page = desk.look(place)
    assert "名称含“教育”" in page.text
    assert "网站名称不合规定。" in page.words(field(page, NAME))
    assert "改用全称。" in page.words(field(page, NAME))
    assert "管局 9100" in page.words(page.all("section", class_="part")[0])
    assert control(page, NAME).get("value") == HOST.website
    assert "还没有改" in page.words(page.one("section", class_="verdict"))
    paths = [e.get("name") for e in page.elements() if e.get("name", "").startswith(("subject.", "website["))]
    assert paths[0] == NAME
    assert {ADDRESS, MOBILE, "website[w1].access.ip_addresses", "subject.region_code"} <= set(paths)


def test_saving_reports_nothing(app, desk, place):
    desk.look(place)
    page = press(desk, "/correct", act="save", **{NAME: "青梧手作馆"})
    assert "已保存，还没有报送" in page.text
    assert control(page, NAME).get("value") == "青梧手作馆"
    assert "已改 1 项：网站名称" in page.words(page.one("section", class_="verdict"))
    with app.app_context():
        assert (the_filing().state, the_filing().revision_no) == ("bureau_returned", 1)


@both_databases
def test_correcting_and_reporting(app, desk, place):
    page = report(desk, place, **{NAME: "青梧手作馆"})
    assert "已更正为第 2 版" in page.text
    assert "许闻 代改" in page.text
    with app.app_context():
        filing = the_filing()
        revision = revisions.newest(filing)
        assert (filing.state, revision.by_staff, revision.author_id) == ("ready", True, desk.id)
        assert revision.answers.text(NAME) == "青梧手作馆"
        assert marks.unsettled(filing) == []
        kinds = {row.kind for row in db.session.query(OutboxRow).filter_by(filing_id=filing.id, revision=2)}
        assert kinds == {"bureau.report", "letter.corrected_by_staff"}


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(app, desk, place):
    page = report(desk, place, 422, **{NAME: "青梧手作馆", MOBILE: "1390000", ADDRESS: ""})
    assert control(page, NAME).get("value") == "青梧手作馆"
    assert control(page, MOBILE).get("value") == "1390000"
    assert control(page, MOBILE).get("aria-invalid") == "true"
    tally = page.one("section", class_="tally")
    links = {a.get("href") for a in tally.iter() if a.get("href")}
    assert {"#f-subject-principal-mobile", "#f-subject-mailing_address"} <= links
    assert all(page.one("*", id=link[1:]) is not None for link in links)
    opened = [e for e in page.all("details") if e.get("open") is not None]
    assert any(control(page, ADDRESS) in e.iter() for e in opened)
    assert stored(app, MOBILE) == "1390000"
    with app.app_context():
        assert the_filing().state == "bureau_returned"


def test_a_number_is_masked_until_it_is_asked_for(app, desk, place):
    page = desk.look(place)
    assert HOST.id_number not in page.text
    assert f"{HOST.id_number[:6]}********{HOST.id_number[-4:]}" in page.words(field(page, NUMBER))
    page = press(desk, "/correct", reveal=NUMBER, **{NAME: "青梧手作馆"})
    assert control(page, NUMBER).get("value") == HOST.id_number
    assert control(page, NAME).get("value") == "青梧手作馆"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.verb, entry.actor_id, entry.details) == ("reveal", desk.id, {"path": NUMBER})
    page = press(desk, "/correct", 422, act="report", **{NUMBER: HOST.id_number[:-1] + "0"})
    assert stored(app, NUMBER) == HOST.id_number[:-1] + "0"
    assert page.words(field(page, NUMBER)).count("*") == 8
    assert "对不上" in page.words(field(page, NUMBER))


def test_two_colleagues_at_the_same_field(app, desk, place, signed_in):
    desk.look(place)
    other = signed_in("staff", "supervisor")
    other.look(place)
    press(other, "/correct", act="save", **{NAME: "青梧甲"})
    page = press(desk, "/correct", 422, act="report", **{NAME: "青梧乙", MOBILE: "13900001111"})
    words = page.words(field(page, NAME))
    assert "青梧甲" in words
    assert "青梧乙" in words
    assert stored(app, NAME) == "青梧甲"
    assert stored(app, MOBILE) == "13900001111"
    press(desk, "/correct", keep=NAME)
    assert stored(app, NAME) == "青梧乙"


def test_taking_a_suggestion(app, desk, place):
    desk.look(place)
    page = press(desk, "/correct", act="save", **{"website[w1].domain": f"https://{HOST.domain}/"})
    offered = [b.get("value") for b in page.all("button", name="take")]
    assert offered == [f"website[w1].domain={HOST.domain}"]
    press(desk, "/correct", take=offered[0])
    assert stored(app, "website[w1].domain") == HOST.domain


def test_marks_that_no_field_can_mend(app, desk):
    with app.app_context():
        told = (
            code("filing", "9001", "资料不齐。"),
            code("subject.papers.document", "", "证件照片不清楚。"),
            code("website[w1].principal.mobile", "9044", "电话打不通。"),
        )
        number = bureau_returned(*told).number
    page = desk.look(f"/desk/filings/{number}/correct")
    lines = [page.words(line) for line in page.all("div", class_="line")]
    assert "整份资料不齐。" in lines[0].replace("批", "")
    assert "主办单位证件" in lines[1]
    assert "换上" in lines[1]
    assert "电话打不通。" in page.words(field(page, MOBILE))  # the website's principal is the subject's


def test_what_is_printed_on_the_signed_form_asks_for_a_new_signature(app, desk, place):
    with app.app_context():
        begin_write()
        filing = the_filing()
        paper = keep_paper(filing.id, "website[w1].papers.verification_form")
        db.session.add(Verification(filing_id=filing.id, website_row="w1", revision_no=1, form_paper_id=paper.id))
        db.session.commit()
    desk.look(place)
    page = press(desk, "/correct", act="save", **{NAME: "青梧手作馆", "subject.remark": "备注"})
    assert "印在签过字的核验单上：网站名称" in page.text
    page = press(desk, "/correct", act="report")
    assert "补签后再报送" in page.text
    with app.app_context():
        filing = the_filing()
        assert (filing.state, filing.revision_no) == ("verifying", 2)
        (old, new) = db.session.scalars(select(Verification).order_by(Verification.id))
        assert old.voided_at is not None
        assert (new.revision_no, new.form_paper_id) == (2, None)


def test_sending_it_back_to_the_host(app, desk, place):
    page = desk.look(place)
    back = next(b.get("formaction") for b in page.all("button") if b.get("formaction"))
    form = next(f for f in page.all("form") if f.get("action") == place)
    page = desk.send(back, page.form_values(form))
    assert "已退回主办者" in page.text
    with app.app_context():
        filing = the_filing()
        assert filing.state == "returned"
        assert [m.path for m in marks.open_for_host(filing)] == [NAME]


def test_a_page_that_has_become_old(app, desk, place, signed_in):
    desk.look(place)
    report(signed_in("staff", "supervisor"), place, **{NAME: "青梧手作馆"})
    assert "已经不能这样做" in press(desk, "/correct", 409, act="report", **{NAME: "青梧乙"}).text
    page = desk.look(place)
    assert "代为更正" not in page.words(page.one("h1"))
    assert stored(app, NAME) == "青梧手作馆"


def test_an_older_revision_is_not_corrected(app, desk, place):
    desk.look(place)
    with app.app_context():
        filing = drafts.lock(the_filing().id)
        revisions.freeze(filing, Actor("staff", desk.id))
        db.session.commit()
    assert "看的是旧版" in press(desk, "/correct", 409, act="save", **{NAME: "青梧乙"}).text
    assert stored(app, NAME) == HOST.website


def test_who_may_correct_and_what(app, desk, place, signed_in):
    for kind, role in (("host", ""), ("staff", "verifier"), ("staff", "administrator")):
        assert signed_in(kind, role).get(place).status_code == 403
    desk.look(place)
    data = {
        "seen_revision": "1",
        "shown:no.such": "",
        "no.such": "x",
        "shown:website[w9].name": "",
        "website[w9].name": "x",
    }
    assert desk.post(place, data=data).status_code == 409
    assert desk.post(place, data={NAME: "x"}).status_code == 400
    with app.app_context():
        other = submitted(OTHERS[0]).number
    assert desk.get(f"/desk/filings/{other}/correct").status_code == 303
    assert desk.post(f"/desk/filings/{other}/correct", data={"seen_revision": "1"}).status_code == 409
