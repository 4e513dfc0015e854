"""Reading checks: which stand, what they say, what they lack, whether a later revision has outdated them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from icp.documents.verification_items import NO, ONE_OF, PRINTED, Item, items_for
from icp.extensions import db
from icp.filings import revisions
from icp.filings.models import Filing
from icp.verification import facts
from icp.verification.models import Verification


@dataclass(frozen=True)
class Lacking:
    """What keeps a check from being complete.

    Attributes:
        unanswered: items without an answer.
        disagreeing: items answered 否.
        photo: whether the photo is missing.
        form: whether the signed form is missing.
    """

    unanswered: tuple[Item, ...]
    disagreeing: tuple[Item, ...]
    photo: bool
    form: bool

    @property
    def nothing(self) -> bool:
        """Whether the check is complete."""
        return not (self.unanswered or self.disagreeing or self.photo or self.form)


def standing(filing_id: int) -> dict[str, Verification]:
    """Website → its check that isn't void."""
    wanted = select(Verification).where(Verification.filing_id == filing_id, Verification.voided_at.is_(None))
    return {row.website_row: row for row in db.session.scalars(wanted)}


def seen(filing: Filing, row: str) -> Verification:
    """The check of a website as it stands, or a blank one that isn't stored yet (nothing is written by looking)."""
    check = standing(filing.id).get(row)
    if check is not None and not outdated(filing, check):
        return check
    return Verification(filing_id=filing.id, website_row=row, revision_no=filing.revision_no)


def stands(filing: Filing) -> bool:
    """Whether every website of the newest revision has a complete check that prints the same; ask before reporting."""
    answers = revisions.newest(filing).answers
    checks = standing(filing.id)
    return all(
        row in checks and lacking(checks[row], facts.individual(answers)).nothing and not outdated(filing, checks[row])
        for row in facts.met(filing, answers)
    )


def lacking(check: Verification, individual: bool) -> Lacking:
    """What keeps a check from being complete; 否 at any item does."""
    given = answers_of(check)
    items = items_for(individual)
    return Lacking(
        unanswered=tuple(item for item in items if not given.get(item.key)),
        disagreeing=tuple(item for item in items if item.kind != ONE_OF and given.get(item.key) == NO),
        photo=check.photo_paper_id is None,
        form=check.form_paper_id is None,
    )


def answers_of(check: Verification) -> dict[str, str]:
    """Key of an item → code of its answer."""
    return {key: entry["answer"] for key, entry in (check.verdicts or {}).items()} | dict(check.papers_seen or {})


def notes_of(check: Verification) -> dict[str, str]:
    """Key of an item → what is wrong."""
    return {key: entry["note"] for key, entry in (check.verdicts or {}).items() if entry.get("note")}


def outdated(filing: Filing, check: Verification, fields: Iterable[str] = PRINTED) -> bool:
    """Whether the newest revision prints something else than the one that was checked."""
    if check.revision_no == filing.revision_no:
        return False
    row = check.website_row
    seen = revisions.numbered(filing.id, check.revision_no).answers
    newest = revisions.newest(filing).answers
    return row not in newest.rows("website") or facts.printed(seen, row, fields) != facts.printed(newest, row, fields)
