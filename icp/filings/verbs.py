"""What people and the bureau do to a filing; each verb locks the row, asks the table, and writes in one transaction.

A verb doesn't commit: the view, the worker or the command does.
"""

from __future__ import annotations

from collections.abc import Sequence

from icp import documents, vocabulary
from icp.accounts.second_person import must_be_another
from icp.filings import (
    behalf,
    counters,
    customers,
    drafts,
    ended,
    ends,
    history,
    judge,
    marks,
    notice,
    operations,
    preflight,
    revisions,
)
from icp.filings.drafts import lock
from icp.filings.models import Filing, Revision
from icp.filings.states import BUREAU, WORKER, Action, Actor, NotAllowed, StaleRevision, State, can, move
from icp.rules.correction import Correction


class NotReady(Exception):
    """The filing can't be submitted yet; ``corrections`` say what is missing or wrong."""

    def __init__(self, corrections: Sequence[Correction]) -> None:
        super().__init__(f"{len(corrections)} corrections open")
        self.corrections = list(corrections)


class Unanswered(Exception):
    """Marks without an answer keep the filing from being submitted again."""


class NothingToSendBack(Exception):
    """Sending back needs at least one mark."""


class OnlyOurOwn(NothingToSendBack):
    """Every mark that stands is the provider's own: the host could do nothing about it."""


class MarksOpen(Exception):
    """Accepting needs every mark settled."""


def submit(filing_id: int, by: Actor, ranges: judge.Ranges | None = None) -> Revision:
    """Check the whole, freeze the next revision and hand it to the provider.

    Args:
        filing_id: the filing.
        by: who submits.
        ranges: the provider's IPv4 ranges for this customer; looked up when None.

    Raises:
        NotReady: errors are open.
        Unanswered: a mark of the last review has no answer.
        icp.filings.behalf.NotConfirmed: it waits for the host's confirmation.
        NotAllowed: it isn't with the host.
    """
    filing = lock(filing_id)
    if filing.state not in drafts.HOST_EDITS:
        raise NotAllowed(filing.state, Action.SUBMIT)
    if marks.unanswered(filing):
        raise Unanswered
    counters.serialise(State.SUBMITTED)
    _must_be_whole(filing, ranges)
    if behalf.waits(filing):
        raise behalf.NotConfirmed
    revision = revisions.freeze(filing, by)
    filing.resubmitted = revision.number > 1
    first = preflight.predecessor(filing) if filing.state == State.DRAFT else None
    if first is None:
        move(filing, Action.SUBMIT, by)
    else:
        filing.after_id = first.id
        move(filing, Action.QUEUE, by, note=first.number)
    return revision


def whole(filing: Filing, ranges: judge.Ranges | None = None) -> list[Correction]:
    """Everything that is said of the draft as a whole: by the rules, and by what is known of the subject."""
    operation, answers = operations.get(filing.operation), drafts.read(filing.id).answers
    ranges = customers.pairs_of(filing.id) if ranges is None else ranges
    found = judge.judge_whole(operation, answers, documents.current(filing.id), ranges)
    return found + preflight.check(filing, operation, answers)


def unfinished(filing: Filing) -> bool:
    """Whether it is a draft that can't be submitted as it is: there is nothing whole to confirm yet."""
    return filing.state == State.DRAFT and bool(judge.blocking(whole(filing)))


def _must_be_whole(filing: Filing, ranges: judge.Ranges | None) -> None:
    found = judge.blocking(whole(filing, ranges))
    if found:
        raise NotReady(found)


def withdraw(filing_id: int, by: Actor) -> None:
    """The host takes the filing back to a draft, and what was asked of him with it; until it is ready to report."""
    filing = lock(filing_id)
    notice.taken_back(filing)
    move(filing, Action.WITHDRAW, by)
    filing.after_id = None
    for mark in marks.for_host(filing):
        marks.withdraw(filing, mark)
    ends.unqueue(filing)


def abandon(filing_id: int, by: Actor) -> None:
    """The host gives the filing up."""
    filing = lock(filing_id)
    notice.taken_back(filing)
    move(filing, Action.ABANDON, by)
    ends.ended(filing)


def expire(filing_id: int) -> None:
    """A draft or returned filing nobody touched in time is closed."""
    filing = lock(filing_id)
    notice.taken_back(filing)
    move(filing, Action.EXPIRE, WORKER)
    ends.ended(filing)


def take(filing_id: int, by: Actor) -> Filing:
    """A reviewer takes a filing from the queue; nobody else can review it until it is put back."""
    filing = lock(filing_id)
    move(filing, Action.TAKE, by)
    return filing


def put_back(filing_id: int, by: Actor) -> None:
    """The reviewer gives the filing back to the queue; marks made so far stay for the next reviewer."""
    move(lock(filing_id), Action.PUT_BACK, by)


def take_over(filing_id: int, by: Actor) -> None:
    """A supervisor takes over what another reviewer has in hand; marks made so far stay."""
    filing = lock(filing_id)
    move(filing, Action.PUT_BACK, by)
    move(filing, Action.TAKE, by)


def send_back(filing_id: int, by: Actor, seen_revision: int) -> None:
    """Return the filing to its host with every unsettled mark that is his; the provider's own stay.

    Raises:
        NothingToSendBack: there is no mark.
        OnlyOurOwn: there is none for the host.
        StaleRevision, NotAllowed: see ``states.move``.
    """
    filing = lock(filing_id)
    if not marks.for_host(filing):
        raise OnlyOurOwn if marks.unsettled(filing) else NothingToSendBack
    move(filing, Action.SEND_BACK, by, seen_revision=seen_revision)
    marks.publish(filing)


def accept(filing_id: int, by: Actor, seen_revision: int) -> None:
    """Pass the first review; operations without a visit go straight to reporting.

    Raises:
        MarksOpen: a mark isn't settled.
        icp.filings.ended.RecordEnded: what it is about has ended.
        icp.filings.behalf.FilledInByHim: who filled it in on behalf can't pass it.
        StaleRevision, NotAllowed: see ``states.move``.
    """
    filing = lock(filing_id)
    ended.must_stand(filing)
    if marks.unsettled(filing):
        raise MarksOpen
    if behalf.needs_another(filing, by.account_id):
        raise behalf.FilledInByHim
    behalf.share(filing)
    met = operations.get(filing.operation).visits
    visit = filing.revision_no > 0 and met(revisions.newest(filing).answers)
    move(filing, Action.ACCEPT if visit else Action.ACCEPT_WITHOUT_VISIT, by, seen_revision=seen_revision)
    notice.give(filing, by)


def verified(filing_id: int, by: Actor) -> None:
    """Every website has its photo and its signed form.

    Raises:
        icp.filings.ended.RecordEnded: what it is about has ended.
    """
    filing = lock(filing_id)
    ended.must_stand(filing)
    move(filing, Action.VERIFIED, by)


def hold(filing_id: int, by: Actor, reason: str) -> None:
    """A supervisor keeps a ready filing from being reported."""
    move(lock(filing_id), Action.HOLD, by, note=reason)


def release(filing_id: int, by: Actor) -> None:
    """End a hold; another supervisor does so than the one who ordered it, where there is one.

    Raises:
        icp.accounts.second_person.SamePerson: the one who ordered it.
        icp.filings.ended.RecordEnded: what it is about has ended, so that it wouldn't be reported.
        NotAllowed: it isn't held.
    """
    filing = lock(filing_id)
    if filing.state == State.HELD:
        ended.must_stand(filing)
        must_be_another(history.who(filing, Action.HOLD), by.account_id)
    move(filing, Action.RELEASE, by)


def recall(filing_id: int, by: Actor, reason: str) -> None:
    """Take an accepted filing back into review before it is reported; another does so than the one who accepted it,
    where there is one.

    Raises:
        icp.accounts.second_person.SamePerson: the one who accepted it.
        NotAllowed: it isn't accepted, or reported already.
    """
    filing = lock(filing_id)
    if can(filing, Action.RECALL):
        must_be_another(history.who(filing, Action.ACCEPT, Action.ACCEPT_WITHOUT_VISIT), by.account_id)
    move(filing, Action.RECALL, by, note=reason)
    filing.assignee_id = by.account_id


def report_started(filing: Filing) -> None:
    """The worker begins to report; the filing stays here while an upload without a reply is unclear."""
    move(filing, Action.REPORT, WORKER)


def taken(filing: Filing) -> None:
    """The bureau's system has taken the file."""
    if filing.state == State.REPORTING:
        rules = vocabulary.current().province_rules(filing.province)
        move(filing, Action.TAKEN_AWAITING_SMS if filing.operation in rules.sms_check else Action.TAKEN, WORKER)


def schema_refused(filing: Filing, corrections: Sequence[Correction]) -> None:
    """Our own check of the message against the schema refuses it; nothing was sent."""
    move(filing, Action.SCHEMA_REFUSED, WORKER)
    for correction in corrections:
        marks.add(filing, WORKER, correction)


def bureau_returned(
    filing: Filing, corrections: Sequence[Correction], opinion: str = "", *, rejected: bool = True
) -> None:
    """The bureau rejects, or its system refuses by codes; each becomes a mark at its field.

    Args:
        filing: locked.
        corrections: one for each code or opinion, at its path or at `filing` where it has none.
        opinion: the bureau's own words, kept unchanged in the history.
        rejected: True for an officer's decision, False for codes of the system.
    """
    move(filing, Action.REJECTED if rejected else Action.REFUSED, BUREAU, note=opinion)
    for correction in corrections:
        marks.add(filing, BUREAU, correction)


def file_refused(filing: Filing, note: str) -> None:
    """The bureau refused the whole file the filing was in; it is reported again, apart from others."""
    move(filing, Action.FILE_REFUSED, BUREAU, note=note)


def approved(filing: Filing, note: str = "") -> None:
    """The bureau approves; what waited for the filing moves on."""
    move(filing, Action.APPROVED, BUREAU, note=note)
    ends.ended(filing)


def corrected(
    filing_id: int, by: Actor, seen_revision: int, ranges: judge.Ranges | None = None, *, sign_anew: bool = False
) -> Revision:
    """Staff corrected what the bureau returned; the new revision is shown to the host and reported again.

    Args:
        filing_id: the filing.
        by: who corrected.
        seen_revision: the revision the correction began with.
        ranges: as ``submit``.
        sign_anew: something printed on the signed 核验单 has changed, so that it goes back to the check in person.

    Raises:
        NotReady: errors are open.
        StaleRevision, NotAllowed: see ``states.move``.
    """
    filing = lock(filing_id)
    if filing.revision_no != seen_revision:
        raise StaleRevision
    _must_be_whole(filing, ranges)
    open_ = marks.unsettled(filing)
    revision = revisions.freeze(filing, by)
    marks.settle(filing, by, open_)
    move(filing, Action.CORRECTED_ANEW if sign_anew else Action.CORRECTED, by)
    return revision
