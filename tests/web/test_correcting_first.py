"""A change begun from a task, by staff or the host, and the change that goes before another filing."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts
from icp.filings.models import Filing
from icp.register import verbs as register
from icp.register.models import Subject
from icp.tasks import verbs as tasks
from icp.tasks.kinds import Kind
from tests.web import behalf_cases as cases
from tests.web.behalf_cases import OTHER_SITE, SITE
from tests.web.desk_cases import press

DIFFERENCES = [
    {"path": "website.name", "number": OTHER_SITE, "said": "海燕手作", "on_record": "青梧文创手作馆"},
    {"path": "website.principal.mobile", "number": OTHER_SITE, "said": "13950123456", "on_record": "13900000000"},
    {"path": "website.domain", "number": OTHER_SITE, "said": "other.example", "on_record": "haiyan.example"},
]


@pytest.fixture
def host(app, people, subject_id):
    client = app.test_client()
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    with app.app_context():
        register.belongs_to(db.session.get_one(Subject, subject_id), client.id, by="claim")
        db.session.commit()
    return client.sign_in(client.id)


def task(app, subject_id, kind=Kind.CORRECT_STALE, content=None):
    with app.app_context():
        subject = db.session.get_one(Subject, subject_id)
        about = {"filing": "BA-1", "differences": DIFFERENCES} if content is None else content
        number = tasks.open(kind, f"{kind}.1", about, subject=subject).number
        db.session.commit()
        return number


def the_change():
    return db.session.scalars(select(Filing).where(Filing.operation == "change")).one()


def said(filing):
    answers = drafts.read(filing.id).answers
    (row,) = answers.rows("website")
    names = ("filing_number", "name", "domain", "principal.same_as_subject", "principal.mobile")
    return [answers.get(f"website[{row}].{name}") for name in names]


def test_the_task_shows_the_differences_and_opens_a_change_with_them(app, desk, subject_id):
    page = desk.look(f"/desk/tasks/{task(app, subject_id)}")
    assert {page.words(ins) for ins in page.all("ins")} == {"海燕手作", "13950123456", "other.example"}
    page = press(desk, "/change")
    assert "代为备案" in page.text
    with app.app_context():
        assert said(the_change()) == [OTHER_SITE, "海燕手作", "haiyan.example", "no", "13950123456"]
        assert the_change().mode == "1"


def test_the_host_begins_it_himself(app, host, subject_id):
    task(app, subject_id)
    host.look("/tasks")
    press(host, "/change")
    with app.app_context():
        assert said(the_change()) == [OTHER_SITE, "海燕手作", "haiyan.example", "no", "13950123456"]
        assert the_change().mode == "0"


@pytest.mark.parametrize("kind", [Kind.CHECK_RESULT, Kind.NOTICE])
def test_what_the_bureau_finds_leads_to_a_change(app, desk, subject_id, kind):
    desk.look(f"/desk/tasks/{task(app, subject_id, kind, {'text': '电话打不通'})}")
    press(desk, "/change")
    with app.app_context():
        assert the_change().subject_id == subject_id


def test_somebody_elses_task_opens_nothing(app, people, host, subject_id):
    number = task(app, subject_id)
    stranger = app.test_client().sign_in(people("host", "he@other.example"))
    stranger.look("/tasks")
    assert stranger.post(f"/tasks/{number}/change").status_code == 404


class TestCorrectItFirst:
    def test_staff_open_a_change_that_goes_before(self, app, desk, subject_id):
        number = cases.opened(desk, subject_id, "new_website")
        page = desk.look(f"/filings/{number}")
        assert "登记的内容有不对的？" in page.text
        press(desk, "/correct-first")
        desk.look(f"/filings/{number}")
        press(desk, "/correct-first")
        with app.app_context():
            change = the_change()
            assert (change.mode, change.subject_id) == ("1", subject_id)
            change_number = change.number
        dates = {"subject.document_valid_from": "2021-03-16", "subject.document_valid_to": "long"}
        cases.complete(app, change_number, {"subject.mailing_address": "示例路20号", **dates}, desk.id)
        cases.submitted(desk, change_number)
        cases.complete(app, number, cases.new_site(), desk.id)
        cases.submitted(desk, number)
        with app.app_context():
            assert cases.filing(number).state == "awaiting_release"
            assert cases.filing(number).after_id == cases.filing(change_number).id

    def test_so_does_the_host(self, app, host, subject_id):
        host.look("/records")
        data = {"operation": "new_website", "subject": subject_id}
        number = host.post("/start", data=data).location.split("/")[2]
        host.look(f"/filings/{number}")
        press(host, "/correct-first")
        with app.app_context():
            assert the_change().mode == "0"

    def test_a_cancellation_has_nothing_to_correct(self, desk, subject_id):
        number = cases.opened(desk, subject_id, "cancel_website", SITE)
        assert "登记的内容有不对的？" not in desk.look(f"/filings/{number}").text
        assert desk.post(f"/filings/{number}/correct-first").status_code == 409
