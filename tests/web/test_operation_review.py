"""The review page of every operation: record beside new value, what is told, the password's verdict, what is to go."""

import pytest

from icp.documents import verification_form
from icp.extensions import db
from icp.filings import drafts, marks, passwords, revisions, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Filing
from icp.filings.states import Actor, State
from icp.reviewer.words import anchor
from icp.verification import facts
from icp.verification.models import Verification
from tests.web import desk_cases, operation_cases
from tests.web.operation_cases import MD5, NUMBER, OPERATIONS, SITE


@pytest.fixture
def desk(app, people):
    """A reviewer's browser."""
    return app.test_client().sign_in(people("staff", "xu@desk.example", "reviewer", name="许青"))


@pytest.fixture
def opened(app, desk):
    """``opened(code)`` gives the page of a filing the reviewer has in hand."""

    def open_(code, known=None):
        with app.app_context():
            filing = operation_cases.submitted(code, known)
            desk.number = filing.number
        desk.look(f"/desk/filings/{desk.number}")
        return desk_cases.press(desk, "/take")

    return open_


def line(page, path):
    return page.words(page.one("div", id=anchor(path)))


@pytest.mark.parametrize("code", OPERATIONS)
def test_every_operation_is_taken_and_passed(app, desk, opened, code):
    opened(code)
    desk_cases.press(desk, "/accept")
    with app.app_context():
        (filing,) = db.session.query(Filing).filter_by(number=desk.number)
        visited = code in ("new_filing", "new_access", "new_website")
        assert filing.state == (State.VERIFYING if visited else State.READY)


def test_a_change_shows_the_record_beside_the_new_value_and_folds_the_rest(opened):
    page = opened("change")
    said = line(page, "subject.mailing_address")
    assert said.index("示例路18号") < said.index("示例路19号")
    assert "与登记不同" in said
    folded = " ".join(page.words(found) for found in page.all("details"))
    assert "福州青梧文创有限公司" in folded
    assert "示例路19号" not in folded
    assert "照登记，没有改的" in folded


TOLD = {
    "new_website": "subject.name",
    "cancel_website": "website[w1].name",
    "cancel_subject": "subject.name",
    "cancel_access": "website[w1].filing_number",
}


@pytest.mark.parametrize(("code", "path"), TOLD.items())
def test_what_is_told_has_no_pen_of_its_own_but_its_section_has(desk, opened, code, path):
    page = opened(code)
    pens = [a.get("href") for a in page.all("a", class_="pin--pen")]
    assert "照登记" in line(page, path)
    assert not [to for to in pens if to.endswith(f"path={path.replace('[', '%5B').replace(']', '%5D')}")]
    whole = path.rpartition(".")[0].replace("[", "%5B").replace("]", "%5D")
    assert [to for to in pens if to.endswith(f"path={whole}")]


@pytest.mark.parametrize("code", ["cancel_access", "cancel_website", "cancel_subject"])
def test_a_cancellation_shows_its_reason_and_what_will_go(opened, code):
    page = opened(code)
    table = page.words(page.one("section", **{"aria-labelledby": "going"}))
    assert SITE in table
    assert "在我们这里" in table
    assert ("由别的接入商接入的也一起注销" in table) == (code == "cancel_subject")
    assert page.words(page.one("h1"))
    assert ("取消接入的理由" if code == "cancel_access" else "注销理由") in page.text


def test_of_a_subject_unknown_here_nothing_is_made_up(app, opened):
    page = opened("new_access")
    assert NUMBER in page.text
    assert not page.all("section", **{"aria-labelledby": "going"})


def test_the_principal_of_a_website_from_elsewhere_is_reviewed_with_the_papers(app, desk, opened):
    """Nobody is known here whom he could be the same as: he was typed, and his papers are in the revision."""
    page = opened("new_access")
    said = operation_cases.PERSON
    for path in ("name", "document_number", "mobile", "email"):
        assert line(page, f"website[w1].principal.{path}"), path
    assert said["principal.name"] in line(page, "website[w1].principal.name")
    with app.app_context():
        revision = revisions.newest(db.session.query(Filing).filter_by(number=desk.number).one())
        assert revision.answers.get("website[w1].principal.same_as_subject") == "no"
        held = {slot for slot in revision.content["papers"] if slot.startswith("website[w1].principal.")}
    assert "website[w1].principal.papers.identity_front" in held


VERDICTS = [("right", "管局核对过，正确"), ("unchecked", "还没有核对过"), ("wrong", "不对，要主办者重新填写")]


@pytest.mark.parametrize(("verdict", "said"), VERDICTS)
def test_the_passwords_verdict_is_shown_and_never_itself(app, desk, opened, verdict, said):
    opened("change")
    with app.app_context():
        (filing,) = db.session.query(Filing).filter_by(number=desk.number)
        row = drafts.lock(filing.id) and passwords.standing(filing.id)
        row.verdict = verdict
        db.session.commit()
    page = desk.look(f"/desk/filings/{desk.number}")
    assert said in line(page, "filing_password")
    assert MD5 not in page.text
    if verdict == "wrong":  # also said by what is known before submission
        assert "备案密码错误" in line(page, "filing_password")


def test_a_mark_at_the_password_leads_the_host_back_to_it(app, desk, opened):
    opened("cancel_website")
    number = desk.number
    with app.app_context():
        (filing,) = db.session.query(Filing).filter_by(number=number)
        by = Actor("staff", filing.assignee_id)
        marks.put(drafts.lock(filing.id), by, reviewer_correction("filing_password", "R084", "备案密码错误。"))
        verbs.send_back(filing.id, by, filing.revision_no)
        db.session.commit()
        host = app.test_client().sign_in(desk_cases.host_of(desk_cases.HOST).account_id)
    page = host.look(f"/filings/{number}/mend")
    assert f"/filings/{number}/password" in [a.get("href") for a in page.all("a")]
    host.look(f"/filings/{number}/password")


def test_another_filing_of_the_subject_is_told_to_the_later_one_only(app, desk, opened):
    with app.app_context():
        known = operation_cases.on_record()
        first = operation_cases.submitted("change", known).number
        second = operation_cases.submitted("new_website", known).number
    assert "会排在它后面" not in desk.look(f"/desk/filings/{first}").text
    assert first in desk.look(f"/desk/filings/{second}").text


def test_the_queue_is_filtered_by_operation(app, desk):
    with app.app_context():
        numbers = {code: operation_cases.submitted(code).number for code in ("new_filing", "cancel_website")}
    page = desk.look("/desk/?lane=submitted&operation=cancel_website")
    assert numbers["cancel_website"] in page.text
    assert "网站注销" in page.text
    assert numbers["new_filing"] not in page.text


# ---- the check in person


VISITED = {"new_filing": "", "new_access": "登记信息由管局保存", "new_website": ""}


@pytest.mark.parametrize(("code", "unseen"), VISITED.items())
def test_the_verification_form_says_what_is_not_seen_here(app, desk, opened, code, unseen):
    opened(code)
    desk_cases.press(desk, "/accept")
    with app.app_context():
        (filing,) = db.session.query(Filing).filter_by(number=desk.number)
        answers = revisions.newest(filing).answers
        filed = facts.values(answers, "w1")
        for key in ("subject_document", "mailing_address", "service_content", "pre_approval"):
            assert (filed[key] == "登记信息由管局保存") == bool(unseen), key
        assert all(filed.values())
        data = facts.form_data(filing, revisions.newest(filing), Verification(website_row="w1"))
        assert data.host_name == (NUMBER if unseen else answers.text("subject.name"))
        assert verification_form.render(data).startswith(b"%PDF")
    page = desk.look(f"/desk/counter/{desk.number}/w1")
    assert (unseen in page.text) if unseen else ("登记信息由管局保存" not in page.text)


def test_a_website_whose_principal_stays_is_nobodys_visit(app, desk, opened):
    opened("change")
    desk.look(f"/desk/counter/{desk.number}/w1", 404)
