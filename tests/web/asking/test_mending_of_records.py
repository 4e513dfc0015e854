"""Mending filings that are about a record: marks at the password, at what stands on record, at rows and the whole."""

import pytest
from sqlalchemy import select

from icp.demo.load import RANGES
from icp.extensions import begin_write, db
from icp.filings import drafts, marks, opening, passwords, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from icp.register import verbs as register
from icp.rules.correction import Correction, Severity, Source
from tests.unit.register.register_cases import record, subject, website
from tests.web.desk_cases import HOST as COMPANY
from tests.web.desk_cases import host_of

NUMBER = "闽ICP备2026000001号"
SECOND = website(NUMBER + "-2", domain="qingwu-shop.example", bureau_id=201)
MD5 = "50c5af5b8b2bd0798435fdc2f756baae"
PASSWORD = passwords.PATH


@pytest.fixture
def returned(app, people):
    """``returned("cancel_website", "filing", …)``: a filing about a record with a mark at each path, sent back; a
    browser of its host with ``number`` and, by path, ``marks``."""
    reviewer = Actor("staff", people("staff", "xu@desk.example", "reviewer", name="许闻"))

    def make(operation, *paths, source=Source.REVIEWER):
        with app.app_context():
            begin_write()
            ranges.import_csv(RANGES)
            found = record(subject(website(), SECOND), None)
            by = host_of(COMPANY)
            register.belongs_to(found, by.account_id, by="claim")
            db.session.commit()
            filing = opening.open_filing(operation, by, host_id=by.account_id, subject=found, websites=[NUMBER + "-2"])
            typed = (
                {"cancellation.reason": "1"} if operation.startswith("cancel") else {"website[w1].name": "青梧陶艺小铺"}
            )
            drafts.save(filing.id, by, {path: (None, value) for path, value in typed.items()})
            passwords.keep(filing.id, by, number=NUMBER, md5=MD5, verdict=passwords.RIGHT)
            verbs.submit(filing.id, by)
            verbs.take(filing.id, reviewer)
            for path in paths:
                words = Correction(path, "", Severity.ERROR, f"请看{path}", "", source=source)
                marks.put(filing, reviewer, words)
            if PASSWORD in paths:
                passwords.wrong(filing.id)
            verbs.send_back(filing.id, reviewer, filing.revision_no)
            db.session.commit()
            client = app.test_client().sign_in(by.account_id)
            client.number = filing.number
            client.marks = {mark.path: mark.id for mark in marks.open_for_host(filing)}
            return client

    return make


def mend(host, status=200, **typed):
    host.look(f"/filings/{host.number}/mend")
    form = next(form for form in host.page.all("form") if form.get("action", "").endswith("/mend"))
    values = {name: value for name, value in host.page.form_values(form).items() if name != "act"}
    return host.send(f"/filings/{host.number}/mend", {**values, **typed}, status)


def test_a_mark_at_the_password_leads_to_its_page_and_a_new_one_answers_it(app, returned):
    host = returned("cancel_website", PASSWORD, source=Source.BUREAU)
    place, mark = f"/filings/{host.number}/password", host.marks[PASSWORD]
    page = host.look(f"/filings/{host.number}/mend")
    assert page.all("a", href=place)
    assert "备案密码" in page.words(page.one("section", id=f"m{mark}"))
    assert "还没有重新填备案密码" in mend(host, 422, **{f"answer-{mark}": "mended", "act": "submit"}).text
    host.look(place)
    assert "还可以试" in host.send(place, {"filing_password": "wrong"}, 422).text
    assert "还没有重新填备案密码" in mend(host, 422, **{f"answer-{mark}": "mended", "act": "submit"}).text
    host.look(place)
    page = host.send(place, {"filing_password": "Bamm1234"})
    assert "都处理好了" in page.words(page.one("h1"))
    mend(host, act="submit")
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert (filing.state, marks.of_filing(filing)[0].answer) == ("submitted", "mended")


def test_a_password_that_could_not_be_checked_answers_too(returned, remote):
    host = returned("cancel_website", PASSWORD)
    remote.trouble("isp_verifybamm", "lose")
    host.look(f"/filings/{host.number}/password")
    page = host.send(f"/filings/{host.number}/password", {"filing_password": "Bamm1234"})
    assert "都处理好了" in page.words(page.one("h1"))


CANCELLING = (
    "filing", "subject", "website[w1]", "subject.name", "website[w1].domain", "cancellation.reason",
    "cancellation.remark", "cancellation.papers.statement",
)  # fmt: skip
CHANGING = ("subject.document_number", "website[w1].filing_number", "website[w1]", "subject.principal", "filing")


@pytest.mark.parametrize(("operation", "paths"), [("cancel_website", CANCELLING), ("change", CHANGING)])
def test_marks_anywhere_can_be_answered(app, returned, operation, paths):
    host = returned(operation, *paths)
    page = host.look(f"/filings/{host.number}/mend")
    for mark in host.marks.values():
        for link in [
            a.get("href") for a in page.one("section", id=f"m{mark}").iter() if a.get("href", "").startswith("/")
        ]:
            host.look(link)
    answers = {f"answer-{mark}": "right" for mark in host.marks.values()}
    answers |= {f"because-{mark}": "登记的就是这样" for mark in host.marks.values()}
    mend(host, **answers, act="submit")
    with app.app_context():
        assert db.session.scalars(select(Filing)).one().state == "submitted"


@pytest.mark.parametrize(
    ("operation", "path", "said"),
    [
        ("cancel_website", "subject.name", "这次不能改"),
        ("change", "subject.document_number", "证件号码是主体的身份"),
        ("change", "website[w1].domain", "变更不能换域名"),
    ],
)
def test_what_stands_on_record_is_not_asked_and_says_why(returned, operation, path, said):
    host = returned(operation, path)
    page = host.look(f"/filings/{host.number}/mend")
    assert said in page.words(page.one("section", id=f"m{host.marks[path]}"))
    assert not page.all("input", name=path)
    mark = host.marks[path]
    assert "还没有改" in mend(host, 422, **{f"answer-{mark}": "mended", "act": "submit"}).text


def test_the_reason_of_a_cancellation_is_mended_in_place(app, returned):
    host = returned("cancel_website", "cancellation.reason")
    mark = host.marks["cancellation.reason"]
    mend(host, **{"cancellation.reason": "2", f"answer-{mark}": "mended", "act": "submit"})
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert filing.state == "submitted"
        assert drafts.read(filing.id).answers.get("cancellation.reason") == "2"


def test_a_returned_filing_may_become_another_and_its_marks_are_answered(app, returned):
    host = returned("change", "subject.mailing_address", "filing")
    host.look(f"/filings/{host.number}/operation")
    page = host.send(f"/filings/{host.number}/operation", {"operation": "cancel_website", "about": _website(app)})
    assert "核对并提交" in page.words(page.one("h1"))
    host.look(f"/filings/{host.number}/revisions/1")
    answers = {f"answer-{mark}": "right" for mark in host.marks.values()}
    answers |= {f"because-{mark}": "改办注销" for mark in host.marks.values()}
    mend(host, **answers, act="save")
    place = f"/filings/{host.number}/steps/cancellation"
    page = host.look(place)
    form = next(form for form in page.all("form") if form.get("action") == place)
    host.send(place, {**page.form_values(form), "cancellation.reason": "1"})
    mend(host, act="submit")
    with app.app_context():
        filing = db.session.scalars(select(Filing)).one()
        assert (filing.state, filing.operation, filing.revision_no) == ("submitted", "cancel_website", 2)
    host.look(f"/filings/{host.number}/revisions/1")
    host.look(f"/filings/{host.number}/revisions/2")


def _website(app):
    with app.app_context():
        return f"{register.by_number(NUMBER).subject.id}:{NUMBER}-2"
