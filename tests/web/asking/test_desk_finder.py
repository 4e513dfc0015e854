"""The three questions at the desk: which operation a customer needs, and a filing on behalf begun with it."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts
from icp.filings.models import Filing
from tests.unit.register.register_cases import OTHERS, record, subject, website

DOCUMENT = "91350100M000100Y43"
NUMBER, ELSEWHERE = "闽ICP备2026000001号", "闽ICP备00000001号"
SECOND = website(NUMBER + "-2", domain="qingwu-shop.example", provider=OTHERS, bureau_id=201)


@pytest.fixture
def desk(signed_in):
    client = signed_in("staff", "reviewer", name="许清")
    client.look("/desk/on-behalf")
    return client


@pytest.fixture
def subject_id(app):
    with app.app_context():
        return record(subject(website(), SECOND), None).id


def find(desk, status=200, **typed):
    asked = {"document_number": DOCUMENT, "domain": "qingwu.example", "holds": "unknown", **typed}
    return desk.send("/desk/on-behalf/find", asked, status)


def said(page):
    return page.words(page.one("div", id="finding"))


def begin(app, desk):
    """Press the button of what is proposed: the filing, its website's domain, and what is on record of the subject."""
    form = next(f for f in desk.page.one("div", id="finding").iter() if f.tag.endswith("}form"))
    button = next(b for b in form.iter() if b.get("name") == "operation")
    typed = {**desk.page.form_values(form), "operation": button.get("value")}
    answer = desk.post(form.get("action"), data=typed)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == answer.location.rpartition("/")[2])).one()
        assert filing.mode == "1"
        answers = drafts.read(filing.id).answers
        return filing.operation, filing.subject_id, answers


def test_what_is_on_record_is_begun_with_whosever_it_is(app, desk, subject_id, remote):
    assert "该办：信息变更" in said(find(desk))
    assert "您的主体" not in said(desk.page)
    operation, about, answers = begin(app, desk)
    assert (operation, about) == ("change", subject_id)
    assert [answers.get(f"website[{row}].domain") for row in answers.rows("website")] == ["qingwu.example"]
    assert "该办：新增接入" in said(find(desk, domain="qingwu-shop.example"))
    operation, about, answers = begin(app, desk)
    assert (operation, about) == ("new_access", subject_id)
    assert "isp_querybeianstatus" not in remote.calls
    assert "该办：新增网站" in said(find(desk, domain="fresh.example"))
    operation, about, answers = begin(app, desk)
    assert (operation, about, answers.get("website[w1].domain")) == ("new_website", subject_id, "fresh.example")


def test_what_is_on_record_nowhere_is_a_first_filing_with_what_was_typed(app, desk):
    assert "该办：首次备案" in said(find(desk))
    operation, about, answers = begin(app, desk)
    assert (operation, about) == ("new_filing", None)
    assert answers.get("subject.document_number") == DOCUMENT
    assert answers.get("website[w1].domain") == "qingwu.example"


def test_what_is_filed_elsewhere_brings_its_numbers(app, desk, remote):
    remote.filed[DOCUMENT] = ("", ELSEWHERE, "")
    assert "该办：新增接入" in said(find(desk, domain="filed.example"))
    operation, _, answers = begin(app, desk)
    assert operation == "new_access"
    assert answers.get("website[w1].filing_number") == f"{ELSEWHERE}-1"


def test_what_cannot_be_done_says_why_and_what_is_wrong_is_said_at_its_field(desk, subject_id, remote):
    assert "另一个主体" in said(find(desk, document_number="11010519491231002X"))
    page = find(desk, 422, domain="")
    assert page.one("input", id="domain").get("aria-invalid") == "true"
    assert page.one("input", id="document_number").get("value") == DOCUMENT


def test_another_operation_takes_along_what_was_typed(app, desk):
    form = [f for f in find(desk).all("form") if f.get("action") == "/desk/on-behalf"][-1]
    values = {**desk.page.form_values(form), "operation": "new_website", "email": "lin"}
    page = desk.send("/desk/on-behalf", values, 422)
    form = [f for f in page.all("form") if f.get("action") == "/desk/on-behalf"][-1]
    desk.send("/desk/on-behalf", {**desk.page.form_values(form), "operation": "new_website", "email": ""})
    with app.app_context():
        answers = drafts.read(db.session.scalars(select(Filing.id)).one()).answers
        assert answers.get("website[w1].domain") == "qingwu.example"


def test_the_address_of_the_answer_leads_back_to_the_questions(desk):
    assert desk.get("/desk/on-behalf/find").location == "/desk/on-behalf"
