"""The check in person: open, record what was seen, attach photo and signed form, complete, void. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from icp import documents
from icp.documents import Paper, pictures
from icp.documents.verification_items import NO, ONE_OF, items_for
from icp.extensions import begin_write, db, now
from icp.filings import marks, revisions
from icp.filings import verbs as filing_verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.paths import in_row
from icp.filings.states import Actor, State
from icp.verification import facts
from icp.verification.checks import answers_of, lacking, notes_of, outdated, standing
from icp.verification.models import Verification
from icp.vocabulary.text import N_, Message

PHOTO_PATH = "website.principal.papers.photo"
FORM_PATH = "website.papers.verification_form"
NOTE_LIMIT = 500
DISAGREES = N_("当面核验时不能确认：{item}。")
MEND = N_("请按原件改正后重新提交。")


class NotVerifying(Exception):
    """The filing isn't waiting for the check in person, or the check was voided meanwhile."""


class VerdictRefused(Exception):
    """An answer that isn't on the form."""


def photo_path(row: str) -> str:
    """Instance path of the slot of the principal's photo."""
    return in_row(PHOTO_PATH, "website", row)


def form_path(row: str) -> str:
    """Instance path of the slot of the signed form."""
    return in_row(FORM_PATH, "website", row)


def open_for(filing: Filing) -> list[Verification]:
    """The checks of the newest revision, one for each website in its order; missing ones are opened, stale ones voided.

    A photo that is still good (the principal is the same) is taken over from a voided check.

    Raises:
        NotVerifying: the filing isn't in ``verifying``.
    """
    filing = lock(filing.id)
    if filing.state != State.VERIFYING:
        raise NotVerifying
    for check in standing(filing.id).values():
        if outdated(filing, check):
            _void(check, who_changed=outdated(filing, check, facts.PRINCIPAL))
    there, papers = standing(filing.id), documents.current(filing.id)
    found = []
    for row in facts.met(filing, revisions.newest(filing).answers):
        if row not in there:
            photo = papers.get(photo_path(row))
            there[row] = Verification(
                filing_id=filing.id,
                website_row=row,
                revision_no=filing.revision_no,
                photo_paper_id=photo.id if photo else None,
            )
            db.session.add(there[row])
        found.append(there[row])
    db.session.flush()
    return found


def record_verdicts(
    check: Verification, answers: Mapping[str, str], notes: Mapping[str, str], by: Actor, place: str = ""
) -> None:
    """Record what was seen; items left out keep their answer, '' takes it back.

    A signed form shows the answers as they were: when one changes, the scan is taken off and has to be signed anew.

    Args:
        check: the check of a website.
        answers: key of an item → code of the answer.
        notes: key of an item → what is wrong, kept with 否.
        by: the verifier.
        place: where the two met.

    Raises:
        VerdictRefused: an item or an answer that isn't on the form.
        NotVerifying: see ``open_for``.
    """
    check = _open(check)
    individual = facts.individual(revisions.newest(db.session.get_one(Filing, check.filing_id)).answers)
    items = {item.key: item for item in items_for(individual)}
    before = answers_of(check)
    verdicts, seen = dict(check.verdicts or {}), dict(check.papers_seen or {})
    for key, answer in answers.items():
        if key not in items or (answer and answer not in dict(items[key].answers)):
            raise VerdictRefused(key)
        target = seen if items[key].kind == ONE_OF else verdicts
        if not answer:
            target.pop(key, None)
        elif items[key].kind == ONE_OF:
            seen[key] = answer
        else:
            note = notes.get(key, "").strip()[:NOTE_LIMIT] if answer == NO else ""
            verdicts[key] = {"answer": answer, "note": note}
    check.verdicts, check.papers_seen = verdicts, seen
    check.verifier_id, check.met_at = by.account_id, check.met_at or now()
    check.place = place or check.place
    if answers_of(check) != before and check.form_paper_id:
        _take_off(check.form_paper_id)
        check.form_paper_id, check.completed_at = None, None


def attach_photo(check: Verification, stream: IO[bytes], by: Actor) -> Paper:
    """Keep the photo of the principal taken on the spot; a new one replaces it.

    Raises:
        icp.documents.PictureRefused: it can't be used.
        NotVerifying: see ``open_for``.
    """
    paper = _attach(check, stream, by, photo_path(check.website_row), pictures.PHOTO)
    check.photo_paper_id, check.met_at = paper.id, check.met_at or now()
    return paper


def attach_form(check: Verification, stream: IO[bytes], by: Actor) -> Paper:
    """Keep the scan of the form with both signatures.

    Raises:
        icp.documents.PictureRefused: it can't be used.
        NotVerifying: see ``open_for``.
    """
    paper = _attach(check, stream, by, form_path(check.website_row), pictures.FORM)
    check.form_paper_id, check.verifier_id = paper.id, by.account_id
    return paper


def complete_when_both(filing: Filing, by: Actor) -> bool:
    """Move the filing on once every website has its photo, its signed form and no open item.

    Returns:
        Whether the filing was moved on to reporting. Call it after accepting too: a second review that changed nothing
        printed needs no second visit.
    """
    filing = lock(filing.id)
    if filing.state != State.VERIFYING:
        return False
    individual = facts.individual(revisions.newest(filing).answers)
    checks = open_for(filing)
    for check in checks:
        whole = lacking(check, individual).nothing
        check.completed_at = (check.completed_at or now()) if whole else None
    if not checks or any(check.completed_at is None for check in checks):
        return False
    filing_verbs.verified(filing.id, by)
    return True


def send_back(filing: Filing, by: Actor, seen_revision: int) -> None:
    """Return the filing to its host with a mark at each datum that doesn't agree.

    Items without data (copies kept, photo taken on the spot) are the provider's own matter and make no mark.

    Raises:
        icp.filings.verbs.NothingToSendBack, OnlyOurOwn: no datum disagrees and no mark is open for the host.
        icp.filings.states.StaleRevision, NotAllowed: see ``states.move``.
    """
    filing = lock(filing.id)
    answers = revisions.newest(filing).answers
    individual = facts.individual(answers)
    if filing.state == State.VERIFYING:
        there = {mark.path for mark in marks.for_host(filing)}
        for row, check in standing(filing.id).items():
            notes = notes_of(check)
            for item in lacking(check, individual).disagreeing:
                path = facts.asked_at(answers, row, item.fields[0]) if item.fields else ""
                if path and path not in there:
                    message = notes.get(item.key) or Message(DISAGREES, item=Message(item.label))
                    marks.put(filing, by, marks.reviewer_correction(path, "", message, MEND))
                    there.add(path)
    filing_verbs.send_back(filing.id, by, seen_revision)


def void(check: Verification) -> None:
    """Void a check by hand, so that the principal is met again: photo and form are taken off.

    Raises:
        NotVerifying: the filing isn't waiting for the check in person.
    """
    _void(_open(check), who_changed=True)


def void_changed(filing: Filing, changes: Iterable[str]) -> list[Verification]:
    """Void the checks whose printed form a change touches; any other change keeps them.

    Args:
        filing: the filing.
        changes: instance paths of the answers that changed (see ``icp.filings.diff``).

    Returns:
        The checks that are void now.
    """
    begin_write()
    paths = list(changes)
    touched = []
    for row, check in standing(filing.id).items():
        if any(facts.concerns(path, row) for path in paths):
            _void(check, who_changed=any(facts.concerns(path, row, facts.PRINCIPAL) for path in paths))
            touched.append(check)
    return touched


def _void(check: Verification, who_changed: bool) -> None:
    check.voided_at, check.completed_at = now(), None
    _take_off(check.form_paper_id)
    if who_changed:
        _take_off(check.photo_paper_id)
    db.session.flush()


def _take_off(paper_id: str | None) -> None:
    paper = documents.get(paper_id) if paper_id else None
    if paper is not None:
        documents.remove(paper)


def _open(check: Verification) -> Verification:
    """The check, locked by its filing, still standing and its filing in ``verifying``."""
    filing_id, check_id = check.filing_id, check.id
    filing = lock(filing_id)
    check = db.session.get_one(Verification, check_id, populate_existing=True)
    if filing.state != State.VERIFYING or check.voided_at is not None or outdated(filing, check):
        raise NotVerifying
    return check


def _attach(check: Verification, stream: IO[bytes], by: Actor, path: str, purpose: str) -> Paper:
    # Evidence is kept for as long as the filing: frozen at once, also when it is taken again.
    paper = documents.store(stream, filing_id=check.filing_id, path=path, by_id=by.account_id, purpose=purpose)
    _open(check)
    documents.freeze([paper.id])
    return paper
