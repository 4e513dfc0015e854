"""The bureau's black lists at the desk: what is on them, when it came, whom it stops; looked through, and empty."""

import pytest

from icp.extensions import begin_write, db
from icp.register import blacklist
from icp.register import verbs as register
from icp.register.blacklist import Change, Entry
from icp.register.models import BlackListed
from tests.client import XHTML
from tests.conftest import both_databases
from tests.unit.register.register_cases import OURS, subject, website
from tests.web.desk_cases import HOST, submitted

PLACE = "/desk/register/black-lists"
PERSON = "11010519491231002X"


@pytest.fixture
def desk(signed_in):
    return signed_in("staff", "reviewer", name="许闻")


def put(app, *entries, change=Change.ADD):
    with app.app_context():
        begin_write()
        for kind, entry in entries:
            assert blacklist.put(kind, entry, change)
        db.session.commit()


def rows(page):
    return [page.words(row) for table in page.all("tbody") for row in table if row.tag == f"{XHTML}tr"]


def find(desk, text):
    desk.look(PLACE)
    return desk.send(PLACE, {"q": text})


def test_it_is_reached_from_where_people_look_and_says_that_it_is_empty(desk, signed_in):
    for place in ("/desk/register", "/desk/tasks"):
        assert [a for a in desk.look(place).all("a") if a.get("href") == PLACE], place
    assert "名单是空的" in desk.look(PLACE).text
    assert "还没有从名单上移出过什么" in desk.look(f"{PLACE}?removed=1").text
    signed_in("staff", "administrator").look(PLACE)
    signed_in("staff", "verifier").look(PLACE, 403)


@both_databases
def test_each_entry_tells_whom_it_stops(app, desk):
    with app.app_context():
        number = submitted(HOST).number
        register.record(subject(website(domain="elsewhere.example"), document_number=PERSON, document_type="2"),
                        filing_id=None, our_isp_id=OURS)  # fmt: skip
        db.session.commit()
    put(
        app,
        ("domain", Entry("坏站", HOST.domain.upper(), remark="被盗用")),
        ("domain", Entry("登记的", "elsewhere.example")),
        ("subject", Entry("王某", PERSON.lower(), document_type="2")),
        ("subject", Entry("这一家", HOST.document_number, document_type="1")),
    )
    page = desk.look(PLACE)
    ours, person, elsewhere, domain = rows(page)  # the latest first
    assert number in ours
    assert number in domain
    assert "待初审" in domain
    assert "被盗用" in domain
    assert "福州青梧文创有限公司" in person
    assert "福州青梧文创有限公司" in elsewhere
    assert PERSON not in page.text
    assert "110105********002x" in person


def test_what_was_taken_off_stops_nobody_and_is_a_list_of_its_own(app, desk):
    with app.app_context():
        number = submitted(HOST).number
    put(app, ("domain", Entry("坏站", HOST.domain)))
    put(app, ("domain", Entry("坏站", HOST.domain)), change=Change.REMOVE)
    assert rows(desk.look(PLACE)) == []
    (row,) = rows(desk.look(f"{PLACE}?removed=1"))
    assert "移出" in row
    assert number not in row


@pytest.mark.parametrize(
    ("text", "found"),
    [("shop.bad.example", 1), ("BAD.example", 1), (PERSON, 1), (PERSON[:-1], 0), ("坏站", 1), ("王", 0), ("没有", 0)],
)
def test_it_is_looked_through_by_domain_document_and_name(app, desk, text, found):
    put(app, ("domain", Entry("坏站一号", "bad.example")), ("subject", Entry("王某", PERSON, document_type="2")))
    page = find(desk, text)
    assert len(rows(page)) == found
    assert page.one("input", id="q").get("value") == text
    assert found or "名单上没有" in page.text


@both_databases
def test_long_lists_go_on_page_by_page(app, desk, monkeypatch):
    from icp.reviewer import black_lists

    monkeypatch.setattr(black_lists, "PAGE", 2)
    put(app, *(("domain", Entry(f"第{n}", f"d{n}.example")) for n in range(5)))
    seen, page = [], desk.look(PLACE)
    while True:
        seen += rows(page)
        following = [a.get("href") for a in page.all("a", rel="next")]
        if not following:
            break
        page = desk.look(following[0])
    assert [row.split()[0] for row in seen] == [f"d{n}.example" for n in (4, 3, 2, 1, 0)]
    with app.app_context():
        assert db.session.query(BlackListed).count() == 5
