"""What the machine noticed of a photograph is explained by the host and seen by the reviewer; staff replace a paper."""

import io

import pytest

from icp import documents
from icp.documents.remarks import noticed
from icp.drawing.controls import id_of as anchor_of
from icp.extensions import db
from icp.filings import drafts, marks, operations, passwords, revisions, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor, State
from icp.host import slots
from icp.reviewer.words import anchor
from icp.rules.correction import Correction, Severity, Source
from tests.web import desk_cases, operation_cases
from tests.web.desk_cases import press
from tests.web.operation_cases import MD5, NUMBER
from tests.web.paper_cases import drawn

SLOT = "subject.papers.document"
WORDS = "原件上的章就是浅的"


@pytest.fixture
def draft(app):
    """The host's browser and a complete draft whose first paper the machine noticed something of."""
    with app.app_context():
        filing = desk_cases.submitted()
        by = desk_cases.host_of(desk_cases.HOST)
        verbs.withdraw(filing.id, by)
        documents.current(filing.id)[SLOT].remarks = [noticed("picture.dark")]
        db.session.commit()
        client = app.test_client().sign_in(by.account_id)
        client.id, client.number = filing.id, filing.number
    return client


def explained(app, draft):
    with app.app_context():
        return drafts.read(draft.id).answers.explanations.get(SLOT)


def explain(draft, **typed):
    page = draft.look(f"/filings/{draft.number}/papers")
    form = next(f for f in page.all("form") if f.get("action", "").endswith("/explain"))
    return draft.send(form.get("action"), {**page.form_values(form), **typed})


@pytest.mark.parametrize(("typed", "kept"), [({"words": WORDS}, WORDS), ({"use": "1"}, "我看得清，照用。")])
def test_the_host_uses_it_and_the_reviewer_sees_why(app, draft, people, typed, kept):
    page = explain(draft, **typed)
    assert kept in page.text
    assert "请看一眼" not in page.text
    assert explained(app, draft) == kept
    with app.app_context():
        verbs.submit(draft.id, desk_cases.host_of(desk_cases.HOST))
        db.session.commit()
    desk = app.test_client().sign_in(people("staff", "xu@desk.example", "reviewer"))
    page = desk.look(f"/desk/filings/{draft.number}?paper={SLOT}")
    assert kept in page.words(page.one("div", id=anchor(SLOT)))


def test_it_is_taken_back_and_forgotten_with_the_picture(app, draft):
    explain(draft, words=WORDS)
    explain(draft, unsay="1")
    assert explained(app, draft) is None
    explain(draft, words=WORDS)
    with app.test_request_context():
        slots.hold(draft.id, desk_cases.host_of(desk_cases.HOST), SLOT)
        db.session.commit()
    assert explained(app, draft) is None


def test_a_warning_never_blocks(app, draft):
    with app.app_context():
        verbs.submit(draft.id, desk_cases.host_of(desk_cases.HOST))


# ---- staff


@pytest.fixture
def bench(app, people):
    """A reviewer's browser at the correcting page of a filing whose paper the bureau refused."""
    with app.app_context():
        refusal = Correction(SLOT, "1013", Severity.ERROR, "证件看不清。", source=Source.BUREAU)
        number = desk_cases.bureau_returned(refusal).number
    client = app.test_client().sign_in(people("staff", "xu@desk.example", "reviewer"))
    client.number = number
    client.look(f"/desk/filings/{number}/correct")
    return client


def the_filing():
    return db.session.query(Filing).one()


def picture():
    return io.BytesIO(drawn()), "new.jpg"


def test_staff_put_a_new_paper_in_and_the_host_sees_it(app, bench):
    assert "换一张" in bench.page.text
    page = press(bench, "/correct", **{f"paper:{SLOT}": picture()})
    with app.app_context():
        fresh = documents.current(the_filing().id)[SLOT]
        assert fresh.width > 64
        assert revisions.newest(the_filing()).papers[SLOT] != fresh.id
        fresh_id = fresh.id
    assert fresh_id in page.text
    assert bench.get(f"/desk/filings/{bench.number}/papers/{fresh_id}.jpg").status_code == 200
    press(bench, "/correct", act="report")
    with app.app_context():
        filing = the_filing()
        assert filing.state == State.READY
        assert revisions.newest(filing).papers[SLOT] == fresh_id
        assert not marks.unsettled(filing)
        host = app.test_client().sign_in(desk_cases.host_of(desk_cases.HOST).account_id)
    assert "换了一张" in host.look(f"/filings/{bench.number}/revisions/2").text


def test_what_is_no_picture_is_refused_at_its_slot(app, bench):
    page = press(bench, "/correct", 422, **{f"paper:{SLOT}": (io.BytesIO(b"no picture"), "new.jpg")})
    assert "不是图片" in page.text
    with app.app_context():
        assert documents.current(the_filing().id)[SLOT].width == 64


@pytest.mark.parametrize("code", operation_cases.OPERATIONS)
def test_the_page_works_for_every_operation(app, people, code):
    reviewer = Actor("staff", people("staff", "xu@desk.example", "reviewer"))
    with app.app_context():
        filing = drafts.lock(operation_cases.at_bureau(code, reviewer).id)
        said = [Correction("filing_password", "1018", Severity.ERROR, "备案密码错误。", source=Source.BUREAU)]
        verbs.bureau_returned(filing, said)
        db.session.commit()
        number = filing.number
    desk = app.test_client().sign_in(reviewer.account_id)
    page = desk.look(f"/desk/filings/{number}/correct")
    assert "密码只有主办者能填" in page.text
    names = {control.get("name") for control in [*page.all("input"), *page.all("select"), *page.all("textarea")]}
    fixed = {"change": "subject.document_number", "new_website": "subject.name", "cancel_website": "website[w1].name"}
    assert fixed.get(code) not in names
    if operations.get(code).password:
        assert "还没有重新填过" in press(desk, "/correct", 422, act="report").text
        with app.app_context():
            assert (the_filing().state, len(marks.unsettled(the_filing()))) == (State.BUREAU_RETURNED, 1)
            passwords.keep(the_filing().id, reviewer, number=NUMBER, md5=MD5, verdict=passwords.RIGHT)
            db.session.commit()
        desk.look(f"/desk/filings/{number}/correct")
    press(desk, "/correct", act="report")
    with app.app_context():
        assert the_filing().state == State.READY


def blank(megabytes):
    return io.BytesIO(bytes(megabytes << 20)), "large.jpg"


def sent(client, act, **typed):
    """The form of the page, posted with pictures however large."""
    form = next(f for f in client.page.all("form") if f.get("action", "").endswith("/correct"))
    values = {**client.page.form_values(form), "act": act, **typed}
    answer = client.post(form.get("action"), data=values, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large body lies in a file that the test client leaves open
    return answer


def test_pictures_that_are_too_large_together_are_refused_at_their_places_and_what_was_typed_stays(app, bench):
    other = "subject.principal.papers.identity_front"
    assert "一次一共不超过 80 MB" in bench.page.text
    typed = {"subject.mailing_address": "示例路19号", f"paper:{SLOT}": blank(11), f"paper:{other}": picture()}
    assert sent(bench, "save", **typed).status_code == 422
    assert "图片超过 10 MB" in bench.page.words(bench.page.one("details", id=f"f-{anchor_of(SLOT)}"))
    assert bench.page.one("input", name="subject.mailing_address").get("value") == "示例路19号"
    with app.app_context():
        there = documents.current(the_filing().id)
        assert (there[SLOT].width, there[other].width > 64) == (64, True)


def test_more_than_any_form_holds_says_how_to_go_back(bench):
    assert sent(bench, "save", **{f"paper:{SLOT}": blank(82)}).status_code == 413
    assert "填过的还在" in bench.page.text


def test_strangers_send_no_more_than_elsewhere(app, bench):
    stranger = app.test_client().sign_in(0)
    stranger.look("/")
    answer = stranger.post(f"/desk/filings/{bench.number}/correct", data={"paper": blank(12)})
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413
