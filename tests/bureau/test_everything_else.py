"""What the loopback bureau says unasked, from its files to the desk and back: two programs that share the codec."""

import base64
import datetime as dt

import pytest
from sqlalchemy import select

from icp import bureau, outbox, vocabulary
from icp.accounts.models import Account
from icp.bureau import account as accounts
from icp.bureau.client import forget_wsdl
from icp.bureau.models import BureauResult
from icp.extensions import db, now
from icp.loopback_bureau import cancelling, issuing, listing
from icp.loopback_bureau.codes import Change
from icp.loopback_bureau.issuing import Finding
from icp.loopback_bureau.listing import Listing
from icp.outbox.models import OutboxRow
from icp.register import blacklist
from icp.register.models import Subject
from icp.register.records import subject_from_plain
from icp.tasks import answers, verbs
from icp.tasks.answers import MaterialAnswer, MaterialPicture, UnfiledAnswer, VerifyAnswer
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from icp.vocabulary.models import latest
from tests.bureau.gateway_filing import jpeg, ready
from tests.conftest import build

ISP = 350000000001


@pytest.fixture
def running(tmp_path, empty_database, serve):
    """The site beside the loopback bureau, with one subject on record at both."""
    served = serve(decision="approve")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "beian.sqlite3").write_bytes(empty_database.read_bytes())
    forget_wsdl()
    app = build(tmp_path / "site", bureau_url=served.url, bureau_timeout=10.0)
    with app.app_context():
        accounts.seed_account()
        db.session.commit()
        ready()
        go_on(served)
        yield served
        db.session.remove()
        db.engine.dispose()


def go_on(served):
    """Everything that waits is done: our reports and answers, the bureau's processing, and what it says."""
    db.session.commit()
    db.session.query(OutboxRow).update({"run_at": now() - dt.timedelta(seconds=1)})
    db.session.commit()
    while (claim := outbox.claim(["bureau.report", "bureau.answer"], 60)) is not None:
        bureau.handle(claim)
    served.bureau.settle()
    bureau.poll()
    db.session.expire_all()


def subject():
    return db.session.scalars(select(Subject)).one()


def tasks():
    return list(db.session.scalars(select(Task).order_by(Task.id)))


def alerts():
    return [(row.kind, row.detail) for row in accounts.open_alerts()]


@pytest.fixture
def staff(running):
    row = Account(
        kind="staff", role="reviewer", name="许闻", email="xu@desk.example", email_hash="x", session_stamp="t"
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def answer(task, by, said):
    verbs.take(verbs.lock(task.id), by)
    verbs.answer(task, by, answers.plain(said))


@pytest.mark.shows("HSRW", "HSJG")
def test_a_verification_task_is_answered_as_verified(running, staff):
    running.bureau.issue(issuing.task, subject().number)
    go_on(running)
    (task,) = tasks()
    assert (task.kind, task.subject_id) == ("verify", subject().id)
    filing = subject_from_plain(task.content["filing"])
    answer(task, staff, VerifyAnswer(True, "许闻", "2026-11-25", "信息真实准确", "", filing))
    go_on(running)
    assert tasks()[0].state == "answered"
    assert alerts() == []


@pytest.mark.parametrize(("code", "state"), [("1", "answered"), ("99", "open")])
@pytest.mark.shows("WBAWZLB", "WBACLJG", "5007")
def test_an_unfiled_site_is_answered_and_a_wrong_code_comes_back(running, staff, code, state):
    running.bureau.issue(listing.unfiled, "wild.example", "203.0.113.8", ISP, 350000000009, 3)
    go_on(running)
    (task,) = tasks()
    assert (task.content["detections"], task.content["address"]) == (3, 3405803784)
    said = UnfiledAnswer(
        "wild.example", 3405803784, 350000000009, ISP, "350000", code, "已停止接入", "2026-11-20", "2026-11-25"
    )
    answer(task, staff, said)
    go_on(running)
    assert tasks()[0].state == state
    if state == "open":
        assert "处理结果代码" in verbs.events(tasks()[0])[-1].note


@pytest.mark.shows("XZHYD", "1060")
def test_material_sent_afterwards_is_settled_by_the_bureaus_word(running, staff):
    data = base64.b64encode(jpeg("red")).decode()
    picture = MaterialPicture("1", subject().number, subject().bureau_id, "2", "1", data)
    task = verbs.open(Kind.MATERIAL, "material:1", {}, subject=subject())
    db.session.commit()
    answer(task, staff, MaterialAnswer((picture,)))
    go_on(running)
    assert tasks()[0].state == "done"
    assert alerts() == []


@pytest.mark.shows("XGTZ", "HCJG", "FFJRHMD")
def test_notices_findings_and_illegal_accesses_become_tasks(running):
    website = subject().websites[0]
    running.bureau.issue(issuing.notice, website.number, "请更正网站名称")
    running.bureau.issue(issuing.check_result, Finding("shell", website.number))
    running.bureau.issue(listing.illegal_access, "ghost.example", "203.0.113.7", ISP, "请断开")
    go_on(running)
    found = [(t.kind, t.detail, t.website_id) for t in tasks()]
    assert found == [
        ("notice", "website_data", website.id),
        ("check_result", "shell", website.id),
        ("illegal_access", "", None),
    ]


@pytest.mark.shows("ZXSJ")
def test_what_the_bureau_cancels_leaves_the_register(running):
    running.bureau.issue(cancelling.cancel, "subject", subject().number)
    go_on(running)
    assert subject().cancelled_at is not None
    assert db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "letter.cancelled")).one()


@pytest.mark.shows("HMDLB", "JCDM", "SJTB")
def test_lists_tables_and_synchronisation(running):
    running.bureau.issue(listing.blacklist, Listing("add", "domain", "Bad.example", "坏站"))
    running.bureau.issue(issuing.code_tables, changes=[Change("languages", "1", "汉语")])
    running.bureau.issue(issuing.synchronise, ISP)
    go_on(running)
    assert blacklist.listed_domains(["www.bad.example"])
    assert vocabulary.current().label("languages", "1") == "汉语"
    assert {"regions", "document_types", "unfiled_results"} <= {table.name for table in latest()}
    assert vocabulary.current().document_types_for("4") == vocabulary.builtin().document_types_for("4")
    row = db.session.scalars(select(BureauResult).where(BureauResult.kind == "sync")).one()
    assert row.content["outcome"] in ("same", "changed")
    assert alerts() == []
    before = len(latest())
    running.bureau.issue(issuing.code_tables, changes=[Change("languages", "1", "汉语")])
    go_on(running)
    assert len(latest()) == before
