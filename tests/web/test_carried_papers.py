"""A host goes on from an approved new access to the change that follows it: what he gave is there, and where from."""

from icp import documents
from icp.extensions import db
from icp.filings import passwords, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor
from tests.unit.filings import carrying_cases as given
from tests.unit.filings import filing_cases as cases
from tests.web.desk_cases import press


def test_what_was_given_with_the_new_access_is_in_the_change_that_follows(app, client, people, signed_in):
    with app.app_context():
        cases.offer_addresses()
        mine, staff = (
            people("host", "lin@qingwu.example", name="林知夏"),
            people("staff", "xu@desk.example", "reviewer"),
        )
        host, reviewer = Actor("host", mine), Actor("staff", staff)
        source, _ = given.approved(host, reviewer, given.OTHER)
        source_number, task = cases.filing_of(source).number, given.task().number
        of_source = documents.current(source)[f"{given.PRINCIPAL}.papers.identity_front"].id
    desk = app.test_client().sign_in(staff)
    page = desk.look(f"/desk/tasks/{task}")
    told = page.words(page.one("section", **{"aria-labelledby": "change"}))
    assert "沈知秋" in told
    assert given.OTHER["document_number"] not in told
    client.sign_in(mine)
    client.look("/tasks")
    press(client, "/change")
    number = _change(app).number
    page = client.look(f"/filings/{number}/steps/website/w1")
    for name in ("name", "mobile", "document_valid_from", "emergency_phone"):
        assert page.one("input", name=f"{given.PRINCIPAL}.{name}").get("value") == given.OTHER[name]
    page = client.look(f"/filings/{number}/papers")
    assert page.text.count(f"取自 {source_number}") == 3
    assert "未上传" not in page.text
    assert client.get(f"/filings/{number}/papers/{of_source}.jpg").status_code == 404  # the other filing's own
    with app.app_context():
        change = _change(app)
        copy = documents.current(change.id)[f"{given.PRINCIPAL}.papers.identity_front"].id
        passwords.keep(change.id, host, number=given.NUMBER, md5="0" * 32, verdict=passwords.RIGHT)
        verbs.submit(change.id, host)
        db.session.commit()
    assert client.get(f"/filings/{number}/papers/{copy}.jpg").status_code == 200
    assert signed_in("host").get(f"/filings/{number}/papers/{copy}.jpg").status_code == 404
    assert f"取自 {source_number}" in desk.look(f"/desk/filings/{number}").text


def _change(app):
    with app.app_context():
        return db.session.query(Filing).filter_by(operation="change").one()
