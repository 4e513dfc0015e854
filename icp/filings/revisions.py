"""Freezing what was submitted."""

from __future__ import annotations

from sqlalchemy import select

from icp import documents, vocabulary
from icp.extensions import db
from icp.filings import drafts, operations
from icp.filings.answers import Answers
from icp.filings.judge import canonical
from icp.filings.models import Filing, Revision
from icp.filings.states import Actor


def freeze(filing: Filing, by: Actor) -> Revision:
    """Freeze the buffer and the papers as the next numbered revision; the filing's row must be locked."""
    operation = operations.get(filing.operation)
    answers = canonical(operation, drafts.read(filing.id).answers)
    explained = drafts.read(filing.id).answers.explanations
    words = vocabulary.current()
    slots = {slot.path for slot in operation.papers(answers, words)}
    papers = {path: paper.id for path, paper in documents.current(filing.id).items() if path in slots}
    answers.explanations |= {path: explained[path] for path in papers if path in explained}
    revision = Revision(
        filing_id=filing.id,
        number=filing.revision_no + 1,
        hash=answers.digest(papers),
        author_id=by.account_id,
        by_staff=by.kind == "staff",
        vocabulary_id=words.id,
        content={"answers": answers.as_json(), "papers": papers},
    )
    documents.freeze(papers.values())
    db.session.add(revision)
    filing.revision_no = revision.number
    db.session.flush()
    return revision


def newest(filing: Filing) -> Revision:
    """The newest revision.

    Raises:
        sqlalchemy.exc.NoResultFound: nothing was submitted yet.
    """
    return numbered(filing.id, filing.revision_no)


def answers_of(filing: Filing) -> Answers:
    """The answers as submitted last; the draft's before the first submission."""
    return newest(filing).answers if filing.revision_no else drafts.read(filing.id).answers


def numbered(filing_id: int, number: int) -> Revision:
    """One revision by its number.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    wanted = select(Revision).where(Revision.filing_id == filing_id, Revision.number == number)
    return db.session.execute(wanted).scalar_one()
