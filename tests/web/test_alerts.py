"""What needs a person at the link to the bureau: counted at the menu, written about once, shown by kind with files."""

import re

import pytest
from sqlalchemy import select, update

from icp import bureau, outbox
from icp.bureau import account as accounts
from icp.extensions import begin_write, db, now
from icp.outbox.models import OutboxRow
from icp.worker import work_once
from tests.conftest import both_databases
from tests.web.desk_cases import press

OTHER = {"base_url": "http://127.0.0.1:9", "user": "x", "province": "440000", "password": "x"}


@pytest.fixture
def supervisor(signed_in):
    return signed_in("staff", "supervisor", name="何田")


@pytest.fixture
def link(app) -> int:
    with app.app_context():
        account = accounts.seed_account()
        db.session.commit()
        return account.id


def told(app, account_id: int, kind: str, *files: str) -> None:
    with app.app_context():
        begin_write()
        for name in files or ("",):
            accounts.alert(account_id, kind, f"ICP/BAJG of {name}", name)
        db.session.commit()


def settle(app, account_id: int, kind: str, name: str) -> None:
    with app.app_context():
        begin_write()
        accounts.settle(account_id, (kind,), name)
        db.session.commit()


def at_the_menu(client, path: str) -> str:
    """The number beside 报送, '' for none."""
    page = client.look(path)
    (entry,) = [a for a in page.one("nav").iter() if a.get("href") == "/desk/bureau"]
    return re.sub(r"\D", "", page.words(entry))


@both_databases
def test_the_menu_says_how_many_kinds_of_trouble_there_are(app, supervisor, signed_in, link):
    administrator = signed_in("staff", "administrator")
    assert at_the_menu(supervisor, "/desk/") == at_the_menu(supervisor, "/desk/bureau") == ""
    told(app, link, "schema", "a.xml", "b.xml", "b.xml")
    told(app, link, "nothing_fits", "c.xml")
    assert at_the_menu(supervisor, "/desk/") == at_the_menu(administrator, "/desk/dashboard") == "2"
    settle(app, link, "schema", "a.xml")
    settle(app, link, "schema", "a.xml")
    assert at_the_menu(supervisor, "/desk/") == "2", "b.xml stands"
    settle(app, link, "schema", "b.xml")
    assert at_the_menu(supervisor, "/desk/") == "1"
    settle(app, link, "nothing_fits", "c.xml")
    assert at_the_menu(supervisor, "/desk/") == ""
    told(app, link, "schema", "a.xml")
    assert at_the_menu(supervisor, "/desk/bureau") == "1"


def test_each_account_s_trouble_counts_for_itself(app, supervisor, link):
    with app.app_context():
        other = accounts.new(name="别处", isp_id=440000000001, **OTHER).id
        db.session.commit()
    for account_id in (link, other):
        told(app, account_id, "schema", "a.xml")
    assert at_the_menu(supervisor, "/desk/") == "2"
    page = supervisor.look("/desk/bureau")
    assert page.text.count("账号：别处") == 2  # its section, and its row


def test_who_may_not_see_the_link_sees_no_number(app, signed_in, link):
    told(app, link, "schema", "a.xml")
    assert '<b class="num">' not in signed_in("staff", "reviewer").look("/desk/").text.partition("</nav>")[0]


def test_alerts_of_one_kind_are_one_row_that_lists_its_files(app, supervisor, link):
    told(app, link, "schema", "a.xml", "b.xml", "b.xml")
    told(app, link, "wrong_root", "c.xml")
    page = supervisor.look("/desk/bureau")
    assert "有 2 件事要人处理" in page.text
    section = page.one("section", aria_labelledby="alerts")
    rows = [page.words(row) for row in section.iter() if row.tag.endswith("}tr")][1:]
    assert len(rows) == 2
    assert all(words in rows[1] for words in ("不合接口格式", "2 个", "a.xml", "ICP/BAJG of b.xml", "2 次"))
    assert "c.xml" in rows[0]


def test_one_file_or_all_of_a_kind_are_settled(app, supervisor, link):
    told(app, link, "schema", "a.xml", "b.xml", "c.xml")
    told(app, link, "wrong_root", "d.xml")
    with app.app_context():
        first = {alert.about: alert.id for alert in accounts.open_alerts()}
    supervisor.look("/desk/bureau")
    press(supervisor, f"/{first['a.xml']}/settle")
    with app.app_context():
        assert sorted(a.about for a in accounts.open_alerts()) == ["b.xml", "c.xml", "d.xml"]
    told(app, link, "schema", "e.xml")  # nobody has seen it yet
    supervisor.send(f"/desk/bureau/alerts/{first['c.xml']}/settle", {"all": "1"})
    with app.app_context():
        assert sorted(a.about for a in accounts.open_alerts()) == ["d.xml", "e.xml"]
    assert at_the_menu(supervisor, "/desk/") == "2"


def letters(app) -> list[tuple[str, str]]:
    """What is written about trouble by now, to whom and what: does the work that is due after a while."""
    with app.app_context():
        begin_write()
        db.session.execute(update(OutboxRow).where(OutboxRow.kind == "alert.raised").values(run_at=now()))
        db.session.commit()
        while claim := outbox.claim(["alert."], 60):
            bureau.tell(claim)
        rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "letter.bureau_alert"))
        return sorted((row.payload["to"], row.payload["what"]) for row in rows)


def test_new_trouble_is_written_about_once_until_it_ends(app, signed_in, link):
    for role in ("supervisor", "administrator", "reviewer"):
        signed_in("staff", role)
    readers = ["administrator@desk.example", "supervisor@desk.example"]
    told(app, link, "wrong_root", "a.xml")
    told(app, link, "wrong_root", "a.xml", "b.xml")
    assert [to for to, what in letters(app) if what.startswith("管局发来的不是数据文件")] == readers
    settle(app, link, "wrong_root", "a.xml")
    told(app, link, "wrong_root", "c.xml")
    assert len(letters(app)) == 2, "b.xml stood all the time"
    settle(app, link, "wrong_root", "b.xml")
    settle(app, link, "wrong_root", "c.xml")
    told(app, link, "wrong_root", "a.xml")
    assert len(letters(app)) == 4
    told(app, link, "code_1061", "d.xml")
    assert len(letters(app)) == 6


def test_the_worker_writes_and_sends_it(app, supervisor, link):
    told(app, link, "wrong_root", "a.xml")
    with app.app_context():
        begin_write()
        db.session.execute(update(OutboxRow).values(run_at=now()))
        db.session.commit()
        while work_once(60):
            pass
        rows = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        assert [(row.kind, row.done_at is not None) for row in rows] == [
            ("alert.raised", True),
            ("letter.bureau_alert", True),
        ]


def test_what_has_ended_by_itself_is_not_written_about(app, supervisor, link):
    told(app, link, "empty_file", "a.xml")
    settle(app, link, "empty_file", "a.xml")
    assert letters(app) == []


def test_a_letter_about_trouble_is_not_written_at_once(app, supervisor, link):
    told(app, link, "empty_file", "a.xml")
    with app.app_context():
        assert outbox.claim(["alert."], 60) is None


def test_the_letter_says_what_has_happened_in_the_reader_s_language(app, people, link):
    people("staff", "smith@desk.example", "supervisor", name="Smith", language="en")
    told(app, link, "code_1061", "d.xml")
    assert letters(app) == [("smith@desk.example", "The bureau returned a code that we need to deal with")]
