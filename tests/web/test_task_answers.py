"""Answers to the bureau from the desk: what was verified, of an unfiled site; refused where the schema does."""

import dataclasses
import json

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.outbox.models import OutboxRow
from icp.register import verbs as register
from icp.reviewer import verifying
from icp.tasks import answers, verbs
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from tests.unit.register.test_register import OURS, subject, website
from tests.web.desk_cases import press

UNFILED = {
    "id": 5,
    "domain": "x.example",
    "languages": ["1"],
    "address": 3405803800,
    "detected": "2026-11-20 08:00:00",
    "detections": 3,
    "province": "350000",
    "first_detected": "",
    "provider": None,
    "carrier": 7,
    "remark": "",
}


@pytest.fixture
def desk(signed_in):
    return signed_in("staff", "reviewer", name="许闻")


def content(filing):
    return json.loads(json.dumps({"filing": dataclasses.asdict(filing), "scans": []}))


def opened(app, kind, said, **more):
    with app.app_context():
        found = register.record(subject(), filing_id=None, our_isp_id=OURS)
        number = verbs.open(kind, f"{kind}:1", said, subject=found, download_id=1, **more).number
        db.session.commit()
        return number


def answered(app):
    with app.app_context():
        task = db.session.scalars(select(Task)).one()
        rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "bureau.answer")).all()
        return (answers.read(task.kind, task.result) if task.result else None), task.state, len(rows)


def test_an_unfiled_site(app, desk):
    number = opened(app, Kind.UNFILED_SITE, UNFILED, domain="x.example")
    page = desk.look(f"/desk/tasks/{number}")
    assert "203.0.113.24" in page.text
    assert not [f for f in page.all("form") if f.get("action", "").endswith("/unfiled")]
    press(desk, "/take")
    press(desk, "/unfiled", 422, code="", opinion="已停")
    assert "已停" in desk.page.text
    assert answered(app) == (None, "taken", 0)
    press(desk, "/unfiled", 422, code="1", opinion="已停止接入", entered_on="20.11.2026")
    assert desk.page.one("input", name="entered_on").get("aria-invalid") == "true"
    press(desk, "/unfiled", code="1", opinion="已停止接入", entered_on="2026-11-20")
    assert "已答复" in desk.page.text
    answer, state, rows = answered(app)
    assert (state, rows) == ("answered", 1)
    assert (answer.code, answer.address, answer.carrier, answer.provider) == ("1", 3405803800, 7, OURS)
    assert "已停止接入" in desk.look(f"/desk/tasks/{number}").text


def test_a_filing_is_verified_field_by_field(app, desk):
    said = dataclasses.replace(subject(), mailing_address="旧路1号")
    number = opened(app, Kind.VERIFY, content(said))
    page = desk.look(f"/desk/tasks/{number}")
    row = next(page.words(tr) for tr in page.root.iter() if tr.tag.endswith("}tr") and "旧路1号" in page.words(tr))
    assert "示例路18号" in row
    assert "不一致" in row
    press(desk, "/take")
    press(desk, "/verify", 422, opinion="")
    assert "请选核实结果" in desk.page.text
    press(desk, "/verify", 422, passed="no", opinion="电话打不通")
    assert "不通过的，要写清楚" in desk.page.text
    changed = {"subject.mailing_address": "示例路18号", "website[w1].access[0].ranges": "203.0.113.24-203.0.113.30"}
    typed = {"passed": "yes", "opinion": "信息真实准确", **changed}
    press(desk, "/verify", 422, **{**typed, "website[w1].service_content": "8;777", "subject.mailing_address": "甲"})
    assert "代码表里没有“777”" in desk.page.text
    assert desk.page.one("input", name="subject.mailing_address").get("value") == "甲"
    press(desk, "/verify", 422, **{**typed, "website[w1].service_content": "8；9", "subject.principal.mobile": "1"})
    assert desk.page.one("input", name="subject.principal.mobile").get("aria-invalid") == "true"
    press(desk, "/verify", **{**typed, "subject.principal.mobile": "13900000000"})
    answer, state, rows = answered(app)
    assert (state, rows, answer.passed, answer.verifier) == ("answered", 1, True, "许闻")
    assert answer.filing.mailing_address == "示例路18号"
    (site,) = answer.filing.websites
    assert site.service_content == ("8", "9")
    (found,) = site.accesses[0].ranges
    assert (found.first, found.last, found.bureau_id) == (3405803800, 3405803806, 400)
    assert "信息真实准确" in desk.look(f"/desk/tasks/{number}").text


def test_what_is_not_of_the_kind_is_refused(app, desk):
    number = opened(app, Kind.NOTICE, {"text": "x"})
    desk.look(f"/desk/tasks/{number}")
    press(desk, "/take")
    for act in ("unfiled", "verify"):
        desk.send(f"/desk/tasks/{number}/{act}", {"passed": "yes"})
        assert "没有改动" in desk.page.text


def test_unchanged_the_record_is_what_the_bureau_says(app):
    with app.app_context():
        said = subject(website(), website("闽ICP备2026000001号-2", domain="b.example", bureau_id=201))
        posted = {name: line.value for name, line in verifying.values(said).items()}
        assert verifying.verified(said, posted) == (said, [])
        known = verifying.beside(said, subject())
        assert [site.name for site in known.websites] == ["青梧文创手作馆", ""]
