"""Filings as their hosts make them, by the verbs; papers lie in their slots without having been decoded."""

from __future__ import annotations

from typing import Any

from icp import documents, vocabulary
from icp.accounts.models import Account
from icp.demo.people import COMPANIES, credit_code
from icp.documents.models import Paper
from icp.extensions import db, now
from icp.filings import drafts, opening, operations, verbs
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from icp.rules.correction import Value

HOST = next(company for company in COMPANIES if company.key == "qingwu")
ADDRESS = "203.0.113.24"
RANGE = ("first,last,server_location,access_method,customer_email,label", "203.0.113.0,203.0.113.127,4,3,,共享")


def account(kind: str, email: str, role: str = "") -> int:
    """A person in the database of the running site."""
    row = Account(kind=kind, role=role, name=email, email=email, email_hash=email, session_stamp="test")
    row.email_confirmed_at = now()
    db.session.add(row)
    db.session.commit()
    return row.id


def offer_addresses() -> None:
    """The provider's range in which the cases' websites lie."""
    ranges.import_csv(RANGE)
    db.session.commit()


def values(**changes: Value) -> dict[str, Value]:
    """A complete set of answers of one company with one website."""
    return {**HOST.answers(ADDRESS), **changes}


def put_paper(filing_id: int, path: str) -> Paper:
    """A paper in a slot, without its pictures."""
    for there in documents.current(filing_id).values():
        if there.path == path:
            documents.remove(there)
    paper = Paper(filing_id=filing_id, path=path, original_key="none", width=9, height=9, original_bytes=9,
                  reduced_bytes=9, reduced_width=9, reduced_height=9)  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


def put_papers(filing_id: int) -> None:
    """Every paper the filing's answers need."""
    filing = db.session.get_one(Filing, filing_id)
    slots = operations.get(filing.operation).papers(drafts.read(filing_id).answers, vocabulary.current())
    for slot in slots:
        if slot.required:
            put_paper(filing_id, slot.path)


def type_in(filing_id: int, by: Actor, **changes: Value) -> None:
    """Save values whatever is there: ``type_in(filing_id, by, **{path: value})``."""
    drafts.save(filing_id, by, {path: (None, value) for path, value in changes.items()})


def own_number(filing_id: int) -> str:
    """The document number of the subject a draft is about."""
    return credit_code("350102", 400_000 + filing_id)


def draft(by: Actor, host_id: int | None, **changes: Any) -> int:
    """A draft that can be submitted, of a subject of its own: one subject has one filing at a time; committed."""
    filing = opening.open_filing("new_filing", by, host_id=host_id)
    filing_id = filing.id
    type_in(filing_id, by, **values(**{"subject.document_number": own_number(filing_id)} | changes))
    put_papers(filing_id)
    db.session.commit()
    return filing_id


def submitted(by: Actor, host_id: int | None, **changes: Any) -> int:
    """A submitted filing; committed."""
    filing_id = draft(by, host_id, **changes)
    verbs.submit(filing_id, by)
    db.session.commit()
    return filing_id


def bring_to_bureau(filing_id: int, reviewer: Actor) -> None:
    """From submitted to the bureau, every step by its verb; committed."""
    verbs.take(filing_id, reviewer)
    verbs.accept(filing_id, reviewer, filing_of(filing_id).revision_no)
    verbs.verified(filing_id, reviewer)
    verbs.report_started(verbs.lock(filing_id))
    verbs.taken(verbs.lock(filing_id))
    db.session.commit()


def filing_of(filing_id: int) -> Filing:
    """The filing as the database has it now."""
    return db.session.get_one(Filing, filing_id, populate_existing=True)


def answers_of(filing_id: int) -> Answers:
    """What the draft holds now."""
    db.session.expire_all()
    return drafts.read(filing_id).answers
