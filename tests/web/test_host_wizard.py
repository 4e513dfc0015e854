"""Journeys of hosts: opening a filing, saving by field and by section, rows, checking, submitting, mending."""

import base64

import pytest
import time_machine
from sqlalchemy import select

from icp import vocabulary
from icp.demo.people import COMPANIES
from icp.extensions import db, now
from icp.filings import drafts
from icp.filings.models import Filing, Revision
from icp.filings.states import Actor
from icp.register import ranges
from tests.html import XHTML, parse
from tests.htmx import assert_same, update_page_with_htmx
from tests.web import desk_cases

HOST = next(company for company in COMPANIES if company.key == "qingwu")
WOOD = next(company for company in COMPANIES if company.key == "mubai")
WRONG = "9135O1OOM000100Y43"
RIGHT = "91350100M000100Y43"
NUMBER = "subject.document_number"
SHOW = "show:subject.region_code"


@pytest.fixture
def host(client, people):
    """A host's browser; ``host.id`` is his account."""
    client.id = people("host", "lin@qingwu.example", name="林知夏")
    return client.sign_in(client.id)


@pytest.fixture
def draft(host):
    """The number of a draft that was just opened."""
    host.look("/start")
    answer = host.post("/start", data={"operation": "new_filing"})
    assert answer.status_code == 303
    return answer.location.split("/")[2]


def step(number, name="subject", row=""):
    return f"/filings/{number}/steps/{name}" + (f"/{row}" if row else "")


def leave(host, number, path, typed, shown="", **more):
    """Leave a field, as the page's script does."""
    return host.htmx.post(f"/filings/{number}/answers", {path: typed, f"shown:{path}": shown, **more})


def answers_of(app, number):
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        return drafts.read(filing.id).answers


def form_of(page, ending):
    return next(form for form in page.all("form") if form.get("action", "").endswith(ending))


def send_step(host, path, status, **typed):
    """Send the section's form as a browser without script would."""
    host.look(path)
    form = form_of(host.page, path)
    values = {name: value for name, value in host.page.form_values(form).items() if name not in ("act", "take")}
    return host.send(form.get("action"), {**values, **typed}, status)


def fill_in(app, number, **values):
    """Answers saved beside the pages."""
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        drafts.save(filing.id, Actor("host", None), {path: (None, value) for path, value in values.items()})
        db.session.commit()


def complete(app, host, number, **changes):
    """Everything a first filing needs, papers too."""
    with app.app_context():
        ranges.import_csv(desk_cases.RANGES)
        db.session.commit()
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        values = {**HOST.answers("203.0.113.24"), **changes}
        drafts.save(filing.id, Actor("host", host.id), {path: (None, value) for path, value in values.items()})
        for path in ("subject.papers.document", "subject.principal.papers.identity_front",
                     "website[w1].papers.domain_certificate"):  # fmt: skip
            desk_cases.keep_paper(filing.id, path)
        db.session.commit()


# opening


def test_the_first_filing_begins_at_its_first_section(host, draft):
    page = host.look(step(draft))
    assert "一、主体信息" in page.words(page.one("h1"))
    assert "尚未提交" in page.words(page.one("p", id="saved"))
    assert host.look("/filings").text.count(draft) >= 1


def test_the_bureaus_entrance_preselects_its_province(app, host):
    host.look("/enter/bureau/350000")
    host.look("/start")
    number = host.post("/start", data={"operation": "new_filing"}).location.split("/")[2]
    assert answers_of(app, number).get("subject.region_code") == "350000"
    with app.app_context():
        assert db.session.scalars(select(Filing)).one().entrance == "bureau"


def test_an_unknown_operation_opens_nothing(app, host):
    host.look("/start")
    assert host.post("/start", data={"operation": "change_of_mind"}).status_code == 400
    with app.app_context():
        assert not db.session.scalars(select(Filing)).all()


def test_somebody_elses_filing_is_not_there(app, host, draft, signed_in):
    other = signed_in("host", email="other@qingwu.example")
    for path in (f"/filings/{draft}", step(draft), f"/filings/{draft}/check", f"/filings/{draft}/mend"):
        assert other.get(path).status_code == 404
    other.look("/help")
    for path in (step(draft), f"/filings/{draft}/answers", f"/filings/{draft}/submit", f"/filings/{draft}/abandon"):
        assert other.post(path, data={"sure": "yes", "declare": "yes"}).status_code == 404


def test_hosts_who_look_at_the_same_section_see_nothing_of_each_other(app, host, draft, signed_in):
    """The frame is drawn for whoever comes first: here with a token that was signed a while before."""
    fill_in(app, draft, **{"subject.name": WOOD.company, "website[w1].domain": WOOD.domain})
    host.look(step(draft, "principal"))
    with time_machine.travel(now().timestamp() + 5):
        host.look(step(draft))
    other = signed_in("host", email="other@qingwu.example", name="周松溪")
    other.look("/start")
    theirs = other.post("/start", data={"operation": "new_filing"}).location.split("/")[2]
    fill_in(app, theirs, **{"subject.name": "周松溪", "website[w1].domain": "songxi-notes.cn"})
    with host.session_transaction() as session:
        secret = session["csrf_token"]
    page = other.look(step(theirs))
    leaked = (WOOD.company, WOOD.domain, draft, base64.b64encode(f'"{secret}"'.encode()).decode().rstrip("="))
    assert [text for text in leaked if text in page.text] == []
    assert page.words(page.one("a", href="/account")) == "周松溪"
    send_step(other, step(theirs), 422, **{"subject.name": "周松溪"})
    assert WOOD.company in host.look(step(draft)).text


def test_the_session_ends_while_somebody_types(app, host, draft):
    host.look(step(draft))
    with host.session_transaction() as session:
        session.pop("_user_id")
    answer = leave(host, draft, "subject.name", "福州青梧文创有限公司")
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#sign-in-here"
    assert answers_of(app, draft).get("subject.name") == ""


# one field


def test_a_field_is_saved_and_the_page_equals_a_fresh_one(host, draft):
    before = host.look(step(draft))
    answer = leave(host, draft, "subject.name", "福州青梧文创有限公司")
    assert "已保存" in answer.text
    assert len(answer.data) <= 400
    after = update_page_with_htmx(before, answer, "m-subject-name", "innerHTML")
    after.one("input", id="subject-name").set("value", "福州青梧文创有限公司")
    assert_same(after, host.look(step(draft)), "sheet")


def test_a_wrong_number_is_told_at_its_field_with_what_would_be_right(app, host, draft):
    leave(host, draft, "subject.organisation_type", "4")
    leave(host, draft, "subject.document_type", "1")
    page = parse(leave(host, draft, NUMBER, WRONG).get_data(as_text=True), fragment=True)
    take = page.one("button", name="take")
    assert take.get("value") == f"{NUMBER}={RIGHT}"
    assert answers_of(app, draft).get(NUMBER) == WRONG, "what is typed stays as typed"
    answer = leave(host, draft, NUMBER, WRONG, WRONG, take=take.get("value"))
    field = parse(answer.get_data(as_text=True), fragment=True)
    assert field.one("input", id="subject-document_number").get("value") == RIGHT
    assert answers_of(app, draft).get(NUMBER) == RIGHT


def test_two_tabs_never_overwrite_each_other_silently(app, host, draft):
    path = "subject.supervisor"
    leave(host, draft, path, "林知夏")
    answer = leave(host, draft, path, "陈望舒")  # the other tab was shown an empty field
    assert "林知夏" in answer.text
    assert "陈望舒" in answer.text
    assert answers_of(app, draft).get(path) == "林知夏"
    leave(host, draft, path, "陈望舒", adopt=path)
    assert answers_of(app, draft).get(path) == "林知夏"
    leave(host, draft, path, "陈望舒", keep=path)
    assert answers_of(app, draft).get(path) == "陈望舒"


def test_a_choice_that_changes_others_draws_the_section_anew(host, draft):
    host.look(step(draft))
    answer = leave(host, draft, "subject.organisation_type", "5")
    assert answer.headers["HX-Retarget"] == "#sheet"
    drawn = update_page_with_htmx(host.look(step(draft)), answer, "sheet", "innerHTML")
    assert_same(drawn, host.look(step(draft)), "sheet")


def test_a_verdict_that_follows_another_answer_comes_along(host, draft):
    for path, value in {
        "subject.region_code": "350102",
        "subject.document_address": "福建省福州市鼓楼区示例路18号6层602室",
    }.items():
        leave(host, draft, path, value)
    before = host.look(step(draft))
    answer = leave(host, draft, "subject.region_code", "350102", "350102")
    assert "hx-swap-oob" not in answer.text, "nothing followed from what didn't change"
    leave(host, draft, "subject.document_valid_from", "2024-03-02")
    answer = leave(host, draft, "subject.document_valid_to", "2023-01-01")
    assert "remark--mend" in answer.text
    answer = leave(host, draft, "subject.document_valid_from", "2020-01-01", "2024-03-02")
    assert 'id="m-subject-document_valid_to" hx-swap-oob' in answer.text
    assert before is not None


def test_a_warning_can_be_explained_and_the_explanation_stays(app, host, draft):
    path = "subject.mailing_address"
    leave(host, draft, "subject.region_code", "350102")
    assert "remark--ask" in leave(host, draft, path, "示例路文创园北门").text
    answer = leave(
        host, draft, path, "示例路文创园北门", "示例路文创园北门", **{f"explain:{path}": "园区只有北门一处收发室"}
    )
    assert "说明已保存" in answer.text
    assert answers_of(app, draft).explanations[path] == "园区只有北门一处收发室"
    assert "园区只有北门一处收发室" in host.look(step(draft)).text


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "’; DROP TABLE filing;--",
        "<script>alert(1)</script>",
        "﷽" * 500,
        "👩‍👩‍👧‍👦",
        "\u202etxt",
        "A" * 20_000,
        "{{7*7}}",
        "%s%n",
    ],
)
def test_naughty_strings_are_kept_or_refused_and_never_break_a_page(host, draft, typed):
    for path in (
        "subject.name",
        NUMBER,
        "subject.region_code",
        "subject.organisation_type",
        "subject.document_valid_to",
    ):
        assert leave(host, draft, path, typed).status_code == 200
    for path in ("website[w1].domain", "website[w1].access.ip_addresses", "website[w1].service_content"):
        assert leave(host, draft, path, typed).status_code == 200
    host.look(step(draft))
    host.look(step(draft, "website", "w1"))
    host.look(f"/filings/{draft}/check")
    host.look(f"/filings/{draft}")


@pytest.mark.parametrize(
    "path", ["website[w9].domain", "website.domain", "subject.nothing", "website[w1]", "x" * 300, ""]
)
def test_answers_that_do_not_exist_are_refused(host, draft, path):
    assert leave(host, draft, path, "x").status_code == 404


# a whole section, without script


def test_a_section_with_gaps_is_saved_and_says_what_is_missing(app, host, draft):
    page = send_step(host, step(draft), 422, **{"subject.name": "福州青梧文创有限公司", "act": "next"})
    assert "已保存" in page.words(page.one("h2", id="tally"))
    assert page.one("input", id="subject-name").get("value") == "福州青梧文创有限公司"
    assert answers_of(app, draft).get("subject.name") == "福州青梧文创有限公司"
    stay = send_step(host, step(draft), 200, **{"subject.supervisor": "林知夏", "act": "stay"})
    assert "尚未提交" in stay.text
    assert answers_of(app, draft).get("subject.supervisor") == "林知夏"


def test_a_complete_section_leads_to_the_next(app, host, draft):
    complete(app, host, draft)
    page = send_step(host, step(draft), 200, act="next")
    assert "主体负责人" in page.words(page.one("h1"))


def test_both_values_are_shown_without_script_too(app, host, draft):
    host.look(step(draft))
    values = host.page.form_values(form_of(host.page, step(draft)))
    leave(host, draft, "subject.supervisor", "林知夏")
    page = host.send(step(draft), {**values, "subject.supervisor": "陈望舒", "act": "stay"}, 422)
    assert "林知夏" in page.text
    assert page.one("input", id="subject-supervisor").get("value") == "陈望舒"
    assert answers_of(app, draft).get("subject.supervisor") == "林知夏"


def test_regions_are_found_level_by_level_without_script(app, host, draft):
    page = send_step(host, step(draft), 200, **{"subject.region_code": ["350000", "", ""], "act": SHOW})
    assert "福州市" in page.text
    page = send_step(host, step(draft), 200, **{"subject.region_code": ["350000", "350100", ""], "act": SHOW})
    assert "鼓楼区" in page.text
    send_step(host, step(draft), 200, **{"subject.region_code": ["350000", "350100", "350102"], "act": "stay"})
    assert answers_of(app, draft).get("subject.region_code") == "350102"
    send_step(host, step(draft), 200, **{"subject.region_code": ["440000", "350100", "350102"], "act": SHOW})
    assert answers_of(app, draft).get("subject.region_code") == "440000", "a city of another province is dropped"


# rows


def test_a_website_is_added_removed_and_put_back(app, host, draft):
    leave(host, draft, "website[w1].domain", "qingwu.example")
    page = send_step(host, step(draft, "website", "w1"), 200, **{"website[w1].name": "青梧文创手作馆", "act": "add"})
    assert "2/2" in page.words(page.one("h1"))
    assert answers_of(app, draft).get("website[w1].name") == "青梧文创手作馆", "what was typed is saved before"
    leave(host, draft, "website[w2].domain", "second.example")
    page = send_step(host, step(draft, "website", "w2"), 200, act="remove")
    assert "second.example" in page.text
    assert answers_of(app, draft).rows("website") == ["w1"]
    host.send(form_of(page, "/w2/back").get("action"))
    assert answers_of(app, draft).text("website[w2].domain") == "second.example"


def test_the_province_limits_how_many(app, host, draft):
    leave(host, draft, "subject.organisation_type", "5")
    leave(host, draft, "subject.region_code", "350102")
    rules = vocabulary.builtin().province_rules("350102")
    limit = min(n for n in (rules.websites_per_filing, rules.websites_per_individual, 99) if n)
    host.look(f"/filings/{draft}")
    for _ in range(limit + 1):
        host.post(f"/filings/{draft}/steps/website/rows")
    assert len(answers_of(app, draft).rows("website")) == min(limit, 98)


def test_another_principal_is_asked_only_when_it_is_another(host, draft):
    page = host.look(step(draft, "website", "w1"))
    assert not page.all("input", id="website-w1-principal-name")
    leave(host, draft, "website[w1].principal.same_as_subject", "no")
    page = host.look(step(draft, "website", "w1"))
    assert page.all("input", id="website-w1-principal-name")


def test_approvals_are_asked_for_the_chosen_kinds(host, draft):
    path = "website[w1].pre_approvals"
    answer = leave(host, draft, path, ["1", "3"])
    assert answer.headers["HX-Retarget"] == "#sheet"
    assert 'name="website[w1].pre_approvals[1].approval_number"' in answer.text
    assert 'name="website[w1].pre_approvals[3].valid_to"' in answer.text
    assert "approval_number" not in leave(host, draft, path, ["none"], "1\n3").text


def test_the_providers_own_addresses_are_offered_and_others_refused(app, host, draft):
    with app.app_context():
        ranges.import_csv([
            "first,last,server_location,access_method,customer_email,label",
            "203.0.113.8,203.0.113.9,4,3,lin@qingwu.example,买的",
        ])  # fmt: skip
        db.session.commit()
    page = host.look(step(draft, "website", "w1"))
    offered = [box.get("value") for box in page.all("input", name="website[w1].access.ip_addresses")]
    assert offered == ["203.0.113.8", "203.0.113.9"]
    assert "remark--mend" in leave(host, draft, "website[w1].access.ip_addresses", "8.8.8.8").text
    assert "remark--mend" not in leave(host, draft, "website[w1].access.ip_addresses", ["203.0.113.9"], "8.8.8.8").text


# check and submit


def test_an_empty_draft_says_what_is_missing_and_is_not_taken(app, host, draft):
    page = host.look(f"/filings/{draft}/check")
    links = [a.get("href") for a in page.one("section", **{"aria-labelledby": "tally"}).iter() if a.get("href")]
    assert any(link.endswith("#subject-name") for link in links)
    host.send(f"/filings/{draft}/steps/website/rows")
    page = host.look(f"/filings/{draft}/check")
    gaps = [page.words(line) for line in page.one("section", **{"aria-labelledby": "tally"}).iter(f"{XHTML}li")]
    assert [gap.partition("：")[0] for gap in gaps][-3:] == [
        "网站信息（1/2），还没有填",
        "网站信息（2/2），还没有填",
        "证件与照片，还没有上传",
    ]
    assert "域名证书（第 2 个网站）" in gaps[-1]
    host.send(f"/filings/{draft}/submit", {"declare": "yes"}, 422)
    with app.app_context():
        assert not db.session.scalars(select(Revision)).all()


def test_a_complete_filing_is_submitted_once_and_can_be_taken_back(app, host, draft):
    complete(app, host, draft)
    page = host.look(f"/filings/{draft}/check")
    assert "没有必须改的" in page.text
    assert "11010519491231002X" not in page.text, "a person's number is masked"
    assert "请先在声明前打勾" in host.send(f"/filings/{draft}/submit", {}, 422).text
    page = host.send(f"/filings/{draft}/submit", {"declare": "yes"})
    assert "我们收到了" in page.words(page.one("h1"))
    assert "我们收到了" in host.send(f"/filings/{draft}/submit", {"declare": "yes"}).text, "pressing twice is no error"
    with app.app_context():
        assert len(db.session.scalars(select(Revision)).all()) == 1
    assert leave(host, draft, "subject.name", "别的").status_code == 409
    assert host.get(step(draft)).status_code == 302
    page = host.look(f"/filings/{draft}/revisions/1")
    assert "福州青梧文创有限公司" in page.text
    assert host.get(f"/filings/{draft}/revisions/2").status_code == 404
    host.look(f"/filings/{draft}")
    page = host.send(f"/filings/{draft}/withdraw")
    assert "尚未提交" in page.text
    assert answers_of(app, draft).get("subject.name") == "福州青梧文创有限公司"


def test_a_draft_is_deleted_after_asking(app, host, draft):
    host.look(f"/filings/{draft}")
    assert "删除这份草稿？" in host.send(f"/filings/{draft}/abandon").text
    host.send(f"/filings/{draft}/abandon", {"sure": "yes"})
    page = host.look(f"/filings/{draft}")
    assert "已放弃" in page.text
