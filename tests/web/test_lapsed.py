"""Drafts about a record of which something has ended since: they say so, and what ended isn't submitted."""

import pytest

from icp.extensions import begin_write, db
from icp.filings import drafts
from icp.register import verbs as register
from tests.web import behalf_cases as cases
from tests.web.behalf_cases import NUMBER, OTHER_SITE, SITE
from tests.web.desk_cases import press

DATES = {"subject.document_valid_from": "2021-03-16", "subject.document_valid_to": "long"}
ADDRESS = {"subject.mailing_address": "示例路20号", **DATES}
REASON = {"cancellation.reason": "1"}


def end(app, subject_id, number, what):
    """Cancel a website, or our access to it, as the bureau says it."""
    with app.app_context():
        begin_write()
        site = next(s for s in db.session.get_one(register.Subject, subject_id).websites if s.number == number)
        if what == "website":
            register.cancel_website(site)
        else:
            for access in [access for access in site.accesses if access.ours]:
                register.cancel_access(access)
        db.session.commit()


def rows(app, number):
    with app.app_context():
        return drafts.read(cases.filing(number).id).answers.rows("website")


@pytest.mark.parametrize(("what", "words"), [("access", "在我们这里的接入已经取消"), ("website", "已经注销")])
def test_a_change_says_what_ended_and_is_submitted_without_it(app, desk, subject_id, what, words):
    number = cases.opened(desk, subject_id, "change")
    cases.complete(app, number, ADDRESS, desk.id)
    assert rows(app, number) == ["w1", "w2"]
    end(app, subject_id, OTHER_SITE, what)
    for place in ("", "/check", "/steps/website/w2"):
        page = desk.look(f"/filings/{number}{place}")
        said = page.words(next(b for b in page.all("div") if "banner--mend" in b.get("class", "")))
        assert words in said
        assert OTHER_SITE in said
        assert SITE + "）" not in said
    cases.submitted(desk, number, 422)
    desk.look(f"/filings/{number}")
    page = press(desk, "/lapsed")
    assert "已从草稿里去掉" in page.text
    assert "登记在您开始以后变了" not in page.text
    assert rows(app, number) == ["w1"]
    assert "我们代为提交了" in cases.submitted(desk, number).text


def test_nothing_is_said_while_nothing_ended(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "change")
    assert "登记在您开始以后变了" not in desk.look(f"/filings/{number}").text


def test_a_change_is_still_about_the_subject_without_its_only_website(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    end(app, subject_id, SITE, "access")
    desk.look(f"/filings/{number}")
    press(desk, "/lapsed")
    assert rows(app, number) == []
    assert "要填的各部分" in desk.look(f"/filings/{number}/steps/website").text


def test_a_change_where_no_website_is_left_here_is_the_other_providers(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "change", SITE)
    cases.complete(app, number, ADDRESS, desk.id)
    for site in (SITE, OTHER_SITE):
        end(app, subject_id, site, "access")
    page = desk.look(f"/filings/{number}")
    assert "请删除这份草稿" in page.text
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/lapsed")]
    assert "没有由我们接入的网站" in desk.look(f"/filings/{number}/check").text
    cases.submitted(desk, number, 422)


@pytest.mark.parametrize("operation", ["cancel_access", "cancel_website"])
def test_a_cancellation_of_what_is_gone_has_nothing_left_to_do(app, desk, subject_id, operation):
    what = operation.removeprefix("cancel_")
    begun = {"cancel_access": f"/desk/register/{subject_id}/cancel-access"}.get(operation)
    if begun:
        desk.look(begun)
        number = desk.post(begun, data={"website": [OTHER_SITE]}).location.split("/")[2]
    else:
        number = cases.opened(desk, subject_id, operation, OTHER_SITE)
    cases.complete(app, number, REASON, desk.id)
    end(app, subject_id, OTHER_SITE, what)
    page = desk.look(f"/filings/{number}/check")
    assert "请删除这份草稿" in page.text
    assert not [form for form in page.all("form") if form.get("action", "").endswith("/lapsed")]
    desk.send(f"/filings/{number}/lapsed", {}, 200)
    assert rows(app, number) == ["w1"]
    cases.submitted(desk, number, 422, confirm=OTHER_SITE)


def test_a_subject_goes_without_the_website_that_went_before(app, desk, subject_id):
    number = cases.opened(desk, subject_id, "cancel_subject")
    cases.complete(app, number, REASON, desk.id)
    end(app, subject_id, OTHER_SITE, "website")
    cases.submitted(desk, number, 422, confirm=NUMBER)
    desk.look(f"/filings/{number}")
    press(desk, "/lapsed")
    assert "我们代为提交了" in cases.submitted(desk, number, confirm=NUMBER).text
