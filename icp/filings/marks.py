"""Marks: what a reviewer or the bureau objects to at a field, row or paper, and the host's answer to each.

Open until each is answered (by the host) and settled (by the reviewer); nothing is shown to the host before the
review is sent. A mark for the provider is settled by the provider alone and is never shown to the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from icp.extensions import begin_write, db, now
from icp.filings.drafts import lock
from icp.filings.models import Filing, Mark
from icp.filings.states import Actor, State
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import Message, Term

ANSWERS = ("mended", "right")
TEXT_LIMIT = 1000


class MarkRefused(Exception):
    """The mark can't be made, answered or settled now."""


def of_filing(filing: Filing) -> list[Mark]:
    """Every mark that was not withdrawn, oldest first."""
    wanted = select(Mark).where(Mark.filing_id == filing.id, Mark.withdrawn_at.is_(None)).order_by(Mark.id)
    return list(db.session.scalars(wanted))


def unsettled(filing: Filing) -> list[Mark]:
    """Marks that still stand between the filing and acceptance."""
    return [mark for mark in of_filing(filing) if mark.settled_at is None]


def for_host(filing: Filing) -> list[Mark]:
    """Those of ``unsettled`` that are the host's to act on, whether he was told yet or not."""
    return [mark for mark in unsettled(filing) if not mark.providers]


def open_for_host(filing: Filing) -> list[Mark]:
    """The marks the host has to answer: sent, not settled."""
    return [mark for mark in for_host(filing) if mark.published_at is not None]


def unanswered(filing: Filing) -> list[Mark]:
    """Those of ``open_for_host`` that have no answer yet."""
    return [mark for mark in open_for_host(filing) if not mark.answer]


def put(filing: Filing, by: Actor, correction: Correction) -> Mark:
    """Mark a path of the newest revision; the text is kept sealed.

    Raises:
        MarkRefused: the filing isn't under review, or the mark says nothing.
    """
    begin_write()
    if filing.state not in (State.IN_REVIEW, State.VERIFYING, State.BUREAU_RETURNED):
        raise MarkRefused("not under review")
    if not correction.message.strip():
        raise MarkRefused("empty")
    return add(filing, by, correction)


def add(filing: Filing, by: Actor, correction: Correction) -> Mark:
    """Append a mark without asking for the state; the bureau's own corrections come in here."""
    mark = Mark(
        filing_id=filing.id,
        revision_no=filing.revision_no,
        path=correction.path,
        source=correction.source,
        code=correction.code,
        severity=correction.severity,
        audience=correction.audience,
        author_id=by.account_id,
        text={
            "message": _kept(correction.message),
            "remedy": _kept(correction.remedy),
            "suggestion": correction.suggestion,
        },
    )
    db.session.add(mark)
    db.session.flush()
    return mark


def _kept(text: str) -> Any:
    """A text to be sealed; a sentence of ours keeps its template, so that each reader reads it in his language."""
    if isinstance(text, Message | Term) and len(text) <= TEXT_LIMIT:
        return text.as_json()
    return str(text)[:TEXT_LIMIT]


def reviewer_correction(path: str, code: str, message: str, remedy: str = "", suggestion: str = "") -> Correction:
    """A reviewer's words in the one shape of a correction; ready sentences stay what each reads in his language."""
    said, mended = (text if isinstance(text, Message | Term) else text.strip() for text in (message, remedy))
    return Correction(path, code, Severity.ERROR, said, mended, suggestion.strip() or None, Source.REVIEWER)


def withdraw(filing: Filing, mark: Mark) -> None:
    """Take a mark back; a sent one disappears from the host's list.

    Raises:
        MarkRefused: it belongs to another filing or is settled.
    """
    begin_write()
    _must_belong(filing, mark)
    mark.withdrawn_at = now()


def answer(filing: Filing, mark: Mark, kind: str, because: str = "") -> None:
    """The host's answer: `mended`, or `right` with a reason.

    Raises:
        MarkRefused: the filing isn't with the host, the mark isn't open to him, or the reason is missing.
    """
    lock(filing.id)  # it may be submitted in another window this very moment
    _must_belong(filing, mark)
    shown = mark.published_at is not None and not mark.providers
    if filing.state != State.RETURNED or not shown or kind not in ANSWERS:
        raise MarkRefused("not open to the host")
    if kind == "right" and not because.strip():
        raise MarkRefused("reason missing")
    mark.answer, mark.answered_at = kind, now()
    mark.because = because.strip()[:TEXT_LIMIT] if kind == "right" else None


def unanswer(filing: Filing, mark: Mark) -> None:
    """Take an answer back, to give another.

    Raises:
        MarkRefused: the filing isn't with the host, or the mark isn't his.
    """
    lock(filing.id)
    _must_belong(filing, mark)
    if filing.state != State.RETURNED or mark.providers:
        raise MarkRefused("not open to the host")
    mark.answer, mark.answered_at, mark.because = "", None, None


def settle(filing: Filing, by: Actor, marks: Sequence[Mark]) -> None:
    """The reviewer's verdict that marks are dealt with.

    Raises:
        MarkRefused: one belongs to another filing or is settled already.
    """
    begin_write()
    for mark in marks:
        _must_belong(filing, mark)
        mark.settled_at, mark.settled_by_id = now(), by.account_id


def again(filing: Filing, by: Actor, mark: Mark, correction: Correction) -> Mark:
    """The answer doesn't do: the old mark is settled and a new one stands at its path.

    Raises:
        MarkRefused: the old one is the provider's own, which nobody answers; else as ``settle`` and ``put``.
    """
    if mark.providers:
        raise MarkRefused("nobody answers it")
    settle(filing, by, [mark])
    return put(filing, by, correction)


def publish(filing: Filing) -> list[Mark]:
    """Show the host every mark of his that is not settled; an answered one is asked again."""
    shown = for_host(filing)
    for mark in shown:
        mark.published_at = mark.published_at or now()
        mark.answer, mark.answered_at, mark.because = "", None, None
    return shown


def _must_belong(filing: Filing, mark: Mark) -> None:
    if mark.filing_id != filing.id or mark.withdrawn_at is not None or mark.settled_at is not None:
        raise MarkRefused("not open")
