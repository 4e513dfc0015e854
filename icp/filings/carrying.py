"""What was given once and is asked for again: data of a person that no record holds, and pictures of his papers.

A person is the one his document names. What another filing of the subject brought along is taken over only where
everybody who sees the new filing could see the other one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from icp import documents
from icp.documents import Paper
from icp.extensions import db
from icp.filings import customers, operations, revisions
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.models import Draft, Filing
from icp.filings.operations import Operation
from icp.filings.states import State, today
from icp.register.models import Subject
from icp.rules.correction import Value

DATES = ("document_valid_from", "document_valid_to")
NOT_ON_RECORD: dict[str, tuple[str, ...]] = {
    "subject": DATES,
    "principal": (*DATES, "emergency_phone", "reachable_hours"),
    "approval": ("valid_to",),
}
"""Kind of what a document is about → what the bureau's data never hold of it (interface, ``Zj``, ``Fzr``, ``Nrlx``)."""
DOCUMENT = ("document_type", "document_number")
IDENTITY = ("identity_front", "identity_back")
AUTHORITY = "power_of_attorney"
PURPOSES = {"subject": "3", "website": "4"}
"""Whose principal → the bureau's code of the purpose of his identity's pictures."""
MOST = 20
"""So many filings of a subject are looked through, the latest first."""


@dataclass(frozen=True)
class Given:
    """What was given with one filing.

    Attributes:
        answers: as given.
        papers: instance path of a slot → id of the paper in it.
        within: whether it is the filing itself, before it became one of another operation.
    """

    answers: Answers
    papers: Mapping[str, str] = field(default_factory=dict)
    within: bool = False


def with_others(subject: Subject, audience: Collection[int]) -> list[Given]:
    """What came with the subject's approved filings, the latest first.

    Args:
        subject: on record.
        audience: accounts that will see what is taken over; a filing that one of them couldn't see is left out.
    """
    wanted = select(Filing).where(Filing.subject_id == subject.id, Filing.state == State.APPROVED)
    found = db.session.scalars(wanted.order_by(Filing.id.desc()).limit(MOST)).all()
    newest = [revisions.newest(filing) for filing in found if visible(filing.id, audience)]
    return [Given(revision.answers, revision.papers) for revision in newest]


def visible(filing_id: int, audience: Collection[int]) -> bool:
    """Whether each of these accounts is a host of the filing."""
    return set(audience) <= set(customers.hosts_of(filing_id))


def before(filing: Filing, buffer: Buffer) -> Given:
    """What a draft holds, also aside, before it becomes one of another operation."""
    answers = buffer.answers
    values: dict[str, Value] = {**answers.record, **buffer.aside.get("values", {}), **answers.values}
    told = {**buffer.aside.get("explanations", {}), **answers.explanations}
    papers = {path: paper.id for path, paper in documents.current(filing.id).items()}
    return Given(Answers(values, dict(answers.groups), told), papers, within=True)


def beside_record(answers: Answers, others: Sequence[Given]) -> None:
    """Put what no record holds beside what is on record, as known since then: it is no change, and asked no more.

    Args:
        answers: of a filing that changes a record; only what is empty is filled in.
        others: see ``with_others``.
    """
    for at, kind in _documents(answers.record):
        for name in NOT_ON_RECORD[kind]:
            path = f"{at}.{name}"
            known = next((v for given in others for v in _said(given.answers, at, kind, name, answers)), "")
            if known and not answers.was(path):
                answers.record[path] = known
                answers.values.setdefault(path, known)


def _said(other: Answers, at: str, kind: str, name: str, answers: Answers) -> Iterator[Value]:
    """What another filing said of the document that is on record at ``at``."""
    for there, its_kind in _documents(other.values):
        same = its_kind == kind and _number(other.values, there, kind) == _number(answers.record, at, kind)
        if kind == "approval":
            same = same and _website(other, there) == _website(answers, at) and _row(there) == _row(at)
        value = other.get(f"{there}.{name}")
        if same and value:
            yield value


def _documents(values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Instance path of each subject, principal and approval with a number, and its kind."""
    found = []
    for path, value in values.items():
        at, _, name = path.rpartition(".")
        if value and name == "document_number" and (at == "subject" or at.endswith(".principal")):
            found.append((at, "subject" if at == "subject" else "principal"))
        elif value and name == "approval_number":
            found.append((at, "approval"))
    return found


def _number(values: Mapping[str, Value], at: str, kind: str) -> list[str]:
    names = ("approval_number",) if kind == "approval" else DOCUMENT
    return [_plain(values.get(f"{at}.{name}", "")) for name in names]


def _plain(value: Value) -> str:
    return "".join(str(value).split()).upper()


def _website(answers: Answers, at: str) -> str:
    return _plain(answers.get(f"{at.partition('.')[0]}.domain") or answers.was(f"{at.partition('.')[0]}.domain"))


def _row(at: str) -> str:
    return at.rpartition("[")[2]


def take_papers(filing: Filing, operation: Operation, answers: Answers, others: Sequence[Given]) -> None:
    """Take over pictures of the same papers into slots that never had one, with what was said of them.

    What is made anew for every filing (commission, commitment, 核验单, photo) isn't among them, nor a document that is
    no longer valid.

    Args:
        filing: a draft, locked or new.
        operation: its declaration.
        answers: its answers; explanations are added.
        others: see ``with_others`` and ``before``.
    """
    for at, kind in _documents(answers.values):
        asked = f"{at}.approval_number" if kind == "approval" else f"{at}.document_number"
        if kind == "subject" or not operation.asks(asked):
            continue
        for given in others:
            for source, target in _slots(given, at, kind, answers):
                _take(filing, given, source, target, answers)


def _slots(given: Given, at: str, kind: str, answers: Answers) -> Iterator[tuple[str, str]]:
    """Slots of the same papers, there and here."""
    for there, its_kind in _documents(given.answers.values):
        if its_kind != kind or not _same(given, there, at, kind, answers):
            continue
        here = _website(given.answers, there) == _website(answers, at) and there.split("[")[0] == at.split("[")[0]
        names = (
            (*IDENTITY, *[AUTHORITY] * here)
            if kind == "principal"
            else ("document",) * (here and _row(there) == _row(at))
        )
        yield from ((f"{there}.papers.{name}", f"{at}.papers.{name}") for name in names)


def _same(given: Given, there: str, at: str, kind: str, answers: Answers) -> bool:
    """Whether both say the same of the same document, and it is valid still."""
    if _number(given.answers.values, there, kind) != _number(answers.values, at, kind):
        return False
    dates = DATES if kind == "principal" else NOT_ON_RECORD[kind]
    for name in ("name", *dates) if kind == "principal" else dates:
        said, now = (_plain(values.get(f"{place}.{name}")) for values, place in ((given.answers, there), (answers, at)))
        if said and now and said != now:
            return False
    until = given.answers.text(f"{there}.{dates[-1]}")
    return given.within or not until or until == "long" or until >= today().isoformat()


def _take(filing: Filing, given: Given, source: str, target: str, answers: Answers) -> None:
    paper = documents.get(given.papers[source]) if source in given.papers else None
    if paper is None or (given.within and source == target):
        return
    purpose = (
        PURPOSES[target.partition(".")[0].partition("[")[0]] if not target.endswith((AUTHORITY, ".document")) else ""
    )
    if documents.take_along(paper, filing_id=filing.id, path=target, purpose=purpose) is None:
        return
    if source in given.answers.explanations:
        answers.explanations[target] = given.answers.explanations[source]


def origins(papers: Collection[Paper]) -> dict[str, str]:
    """Id of each paper that was taken over from another filing → that filing's number."""
    copies = {paper.id: paper.from_filing_id for paper in papers if paper.from_filing_id not in (None, paper.filing_id)}
    wanted = select(Filing.id, Filing.number).where(Filing.id.in_(set(copies.values())))
    numbers = {row.id: row.number for row in db.session.execute(wanted)} if copies else {}
    return {paper_id: numbers[filing_id] for paper_id, filing_id in copies.items() if filing_id in numbers}


def take_into(filing: Filing, operation: Operation, others: Sequence[Given]) -> None:
    """The same for a draft as it is stored, in the caller's transaction."""
    draft = db.session.get_one(Draft, filing.id, populate_existing=True)
    buffer = Buffer.of(draft)
    take_papers(filing, operation, buffer.answers, others)
    buffer.into(draft)


def keep_from(filing: Filing, account_id: int) -> None:
    """Take back what was taken over, before an account that couldn't see it becomes a host of the filing."""
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    if subject is None or not operations.get(filing.operation).partial:
        return
    if len(with_others(subject, ())) == len(with_others(subject, (account_id,))):
        return
    documents.outdated(filing.id, unused=True)
    draft = db.session.get_one(Draft, filing.id, populate_existing=True)
    buffer = Buffer.of(draft)
    answers = buffer.answers
    for at, kind in _documents(answers.record):
        for path in (f"{at}.{name}" for name in NOT_ON_RECORD[kind]):
            known = answers.record.pop(path, "")
            if known and answers.get(path) == known:
                del answers.values[path]
    buffer.into(draft)
