"""What the message about a filing is built from: answers, papers, what is on record, the password, fresh ids."""

from __future__ import annotations

import dataclasses

from icp import documents, vocabulary
from icp.bureau import account as accounts
from icp.bureau import records as reports
from icp.bureau.messages import Report
from icp.bureau.models import BureauAccount
from icp.extensions import db
from icp.filings import passwords
from icp.filings.answers import Answers
from icp.filings.models import Filing, Revision
from icp.filings.paths import row_of
from icp.register.models import Subject
from icp.register.reading import as_record
from icp.register.records import SubjectRecord
from icp.register.spelling import as_written

MADE_AT_VERIFICATION = (".papers.photo", ".papers.verification_form")
"""Slots filled after submission; the revision doesn't name them, their papers are those in the slots now."""


def slots_of(revision: Revision) -> dict[str, str]:
    """Slot of each paper that goes with a revision → its id."""
    now_there = documents.current(revision.filing_id)
    made = {path: paper.id for path, paper in now_there.items() if path.endswith(MADE_AT_VERIFICATION)}
    return revision.papers | made


def papers_of(revision: Revision) -> dict[str, bytes]:
    """The pictures that go with a revision, by slot, as the bureau takes them."""
    found = {path: documents.get(paper_id) for path, paper_id in slots_of(revision).items()}
    return {path: documents.reduced(paper) for path, paper in found.items() if paper is not None}


def report_of(
    filing: Filing,
    revision: Revision,
    account: BureauAccount,
    papers: dict[str, bytes],
    ids: list[tuple[str, int, str]],
) -> Report:
    """Everything the builder of a filing's message needs.

    Args:
        filing: what is reported.
        revision: which revision of it.
        account: through whom.
        papers: slot → picture, as ``papers_of`` gives them.
        ids: filled with the enterprise ids that are given out: kind, value, path of what each stands for.
    """

    def allot(kind: str, path: str) -> int:
        value = accounts.next_id(kind)
        ids.append((kind, value, path))
        return value

    return Report(
        answers=_spelled(revision.answers),
        papers=papers,
        mode=filing.mode,
        isp_id=account.isp_id,
        vocabulary=vocabulary.at(revision.vocabulary_id),
        allot=allot,
        stacked_identity=account.stacked_identity,
        access_papers=account.access_papers,
        operation=filing.operation,
        password_md5=passwords.md5_of(filing.id),
        on_record=_on_record(filing),
        done=frozenset(row for path in reports.approved_paths(filing.id) if (row := row_of(path)) is not None),
    )


def _spelled(answers: Answers) -> Answers:
    """The answers with every filing number as the bureau writes it."""
    numbers = {path: value for path, value in answers.values.items() if path.endswith("filing_number")}
    spelled = {path: as_written(value) for path, value in numbers.items() if isinstance(value, str)}
    return dataclasses.replace(answers, values={**answers.values, **spelled})


def _on_record(filing: Filing) -> SubjectRecord | None:
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    return None if subject is None else as_record(subject)
