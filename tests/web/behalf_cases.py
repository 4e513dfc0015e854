"""Filings on behalf for tests: a record, and what staff do with it by the pages."""

from sqlalchemy import select

from icp import vocabulary
from icp.demo.load import RANGES
from icp.demo.people import COMPANIES
from icp.extensions import begin_write, db
from icp.filings import drafts, operations, passwords
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from tests.unit.register.register_cases import record, subject, website
from tests.web.desk_cases import keep_paper

NUMBER = "闽ICP备2026000001号"
SITE, OTHER_SITE = f"{NUMBER}-1", f"{NUMBER}-2"


def on_record(app):
    """Id of a subject with two websites, both with access here."""
    with app.app_context():
        begin_write()
        ranges.import_csv(RANGES)
        other = website(OTHER_SITE, domain="haiyan.example", bureau_id=201)
        return record(subject(website(), other), None).id


def new_site():
    """Answers about a website that isn't on record."""
    company = next(company for company in COMPANIES if company.key == "qingwu")
    answers = company.answers("203.0.113.24")
    site = {path: value for path, value in answers.items() if path.startswith("website[w1]")}
    domain = "haiyan-shop.example"
    named = {"name": "海燕手作", "domain": domain, "home_url": f"www.{domain}"}
    return site | {f"website[w1].{name}": value for name, value in named.items()}


def opened(client, subject_id, operation, *websites, email=""):
    """Open a filing from the record's page as its form does; gives its number."""
    client.look(f"/desk/register/{subject_id}")
    answer = client.post(
        f"/desk/register/{subject_id}/on-behalf",
        data={"operation": operation, "website": list(websites), "email": email},
    )
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def filing(number):
    """Within an application context."""
    return db.session.scalars(select(Filing).where(Filing.number == number)).one()


def complete(app, number, changes, staff_id):
    """Answers, required papers and a password that the bureau took, beside the pages."""
    with app.app_context():
        found, by = filing(number), Actor("staff", staff_id)
        filing_id, operation = found.id, operations.get(found.operation)
        drafts.save(filing_id, by, {path: (None, value) for path, value in changes.items()})
        for slot in operation.papers(drafts.read(filing_id).answers, vocabulary.current()):
            if slot.required:
                keep_paper(filing_id, slot.path)
        if operation.password:
            passwords.keep(filing_id, by, number=NUMBER, md5="0" * 32, verdict=passwords.RIGHT)
        db.session.commit()


def submitted(client, number, status=200, **typed):
    """Submit by the check page; gives the page that answers."""
    client.look(f"/filings/{number}/check")
    return client.send(f"/filings/{number}/submit", {"declare": "yes", **typed}, status)
