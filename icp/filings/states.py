"""The life of a filing as a table: (state, action) → state, and one function that applies it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app

from icp import outbox
from icp.extensions import db, now
from icp.filings import counters, operations
from icp.filings.models import Event, Filing
from icp.vocabulary.calendar import add_working_days, working_days_between
from icp.vocabulary.text import N_

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")


class State(StrEnum):
    """Where a filing is; see ``LABELS`` for what people read."""

    DRAFT = "draft"
    AWAITING_RELEASE = "awaiting_release"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    VERIFYING = "verifying"
    READY = "ready"
    HELD = "held"
    REPORTING = "reporting"
    AWAITING_SMS_CHECK = "awaiting_sms_check"
    AT_BUREAU = "at_bureau"
    BUREAU_RETURNED = "bureau_returned"
    APPROVED = "approved"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


LABELS = {
    State.DRAFT: N_("草稿"),
    State.AWAITING_RELEASE: N_("待前序办结"),
    State.SUBMITTED: N_("待初审"),
    State.IN_REVIEW: N_("初审中"),
    State.RETURNED: N_("退回修改"),
    State.VERIFYING: N_("待当面核验"),
    State.READY: N_("待报送"),
    State.HELD: N_("暂缓报送"),
    State.REPORTING: N_("报送中"),
    State.AWAITING_SMS_CHECK: N_("待短信核验"),
    State.AT_BUREAU: N_("管局审核中"),
    State.BUREAU_RETURNED: N_("管局退回"),
    State.APPROVED: N_("管局已批准"),
    State.ABANDONED: N_("已放弃"),
    State.EXPIRED: N_("已过期"),
}


class Action(StrEnum):
    """What moves a filing."""

    OPEN = "open"
    SWITCH = "switch"
    SUBMIT = "submit"
    QUEUE = "queue"
    UNQUEUE = "unqueue"
    RELEASE = "release"
    TAKE = "take"
    PUT_BACK = "put_back"
    WITHDRAW = "withdraw"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    ACCEPT_WITHOUT_VISIT = "accept_without_visit"
    VERIFIED = "verified"
    HOLD = "hold"
    RECALL = "recall"
    LAPSED = "lapsed"
    REPORT = "report"
    SCHEMA_REFUSED = "schema_refused"
    TAKEN = "taken"
    TAKEN_AWAITING_SMS = "taken_awaiting_sms"
    SMS_DONE = "sms_done"
    SMS_TIMED_OUT = "sms_timed_out"
    REFUSED = "refused"
    FILE_REFUSED = "file_refused"
    REJECTED = "rejected"
    APPROVED = "approved"
    CORRECTED = "corrected"
    CORRECTED_ANEW = "corrected_anew"
    ABANDON = "abandon"
    EXPIRE = "expire"
    CONFIRM = "confirm"  # moves nothing: the host of a filing on behalf says that it is right


S, A = State, Action
TRANSITIONS: dict[tuple[State, Action], State] = {
    (S.DRAFT, A.SUBMIT): S.SUBMITTED,
    (S.DRAFT, A.QUEUE): S.AWAITING_RELEASE,
    (S.DRAFT, A.ABANDON): S.ABANDONED,
    (S.DRAFT, A.EXPIRE): S.EXPIRED,
    (S.AWAITING_RELEASE, A.RELEASE): S.SUBMITTED,
    (S.AWAITING_RELEASE, A.WITHDRAW): S.DRAFT,
    # What it waited for came to nothing: the host decides anew.
    (S.AWAITING_RELEASE, A.UNQUEUE): S.DRAFT,
    (S.SUBMITTED, A.TAKE): S.IN_REVIEW,
    (S.SUBMITTED, A.WITHDRAW): S.DRAFT,
    (S.IN_REVIEW, A.PUT_BACK): S.SUBMITTED,
    (S.IN_REVIEW, A.SEND_BACK): S.RETURNED,
    (S.IN_REVIEW, A.ACCEPT): S.VERIFYING,
    (S.IN_REVIEW, A.ACCEPT_WITHOUT_VISIT): S.READY,
    (S.IN_REVIEW, A.WITHDRAW): S.DRAFT,
    (S.RETURNED, A.SUBMIT): S.SUBMITTED,
    (S.RETURNED, A.ABANDON): S.ABANDONED,
    (S.RETURNED, A.EXPIRE): S.EXPIRED,
    (S.VERIFYING, A.VERIFIED): S.READY,
    (S.VERIFYING, A.SEND_BACK): S.RETURNED,
    (S.VERIFYING, A.WITHDRAW): S.DRAFT,
    (S.READY, A.REPORT): S.REPORTING,
    (S.READY, A.HOLD): S.HELD,
    (S.READY, A.RECALL): S.IN_REVIEW,
    # What it is about has ended since it was accepted: a person looks at it again, nothing is reported.
    (S.READY, A.LAPSED): S.SUBMITTED,
    (S.READY, A.SCHEMA_REFUSED): S.BUREAU_RETURNED,
    (S.HELD, A.RELEASE): S.READY,
    (S.HELD, A.RECALL): S.IN_REVIEW,
    (S.REPORTING, A.TAKEN): S.AT_BUREAU,
    (S.REPORTING, A.TAKEN_AWAITING_SMS): S.AWAITING_SMS_CHECK,
    (S.REPORTING, A.REFUSED): S.BUREAU_RETURNED,
    # The answer may overtake our own note that the upload was taken.
    (S.REPORTING, A.REJECTED): S.BUREAU_RETURNED,
    (S.REPORTING, A.APPROVED): S.APPROVED,
    # The file it went in with others failed as a whole: it leaves again with fewer.
    (S.REPORTING, A.FILE_REFUSED): S.READY,
    (S.AT_BUREAU, A.FILE_REFUSED): S.READY,
    (S.AWAITING_SMS_CHECK, A.FILE_REFUSED): S.READY,
    (S.AWAITING_SMS_CHECK, A.SMS_DONE): S.AT_BUREAU,
    (S.AWAITING_SMS_CHECK, A.SMS_TIMED_OUT): S.READY,
    # The bureau looks at a filing only after the check; its answer proves that it was done.
    (S.AWAITING_SMS_CHECK, A.APPROVED): S.APPROVED,
    (S.AWAITING_SMS_CHECK, A.REJECTED): S.BUREAU_RETURNED,
    (S.AWAITING_SMS_CHECK, A.REFUSED): S.BUREAU_RETURNED,
    (S.AT_BUREAU, A.APPROVED): S.APPROVED,
    (S.AT_BUREAU, A.REJECTED): S.BUREAU_RETURNED,
    (S.AT_BUREAU, A.REFUSED): S.BUREAU_RETURNED,
    (S.BUREAU_RETURNED, A.CORRECTED): S.READY,
    # What is printed on the signed 核验单 has changed: it has to be signed anew first.
    (S.BUREAU_RETURNED, A.CORRECTED_ANEW): S.VERIFYING,
    (S.BUREAU_RETURNED, A.SEND_BACK): S.RETURNED,
    # What the bureau won't take is given up for another operation.
    (S.BUREAU_RETURNED, A.ABANDON): S.ABANDONED,
}

SEATS: dict[State, str] = {
    S.DRAFT: "host",
    S.RETURNED: "host",
    S.AWAITING_SMS_CHECK: "host",
    S.AWAITING_RELEASE: "",
    S.AT_BUREAU: "bureau",
    S.APPROVED: "",
    S.ABANDONED: "",
    S.EXPIRED: "",
}
"""Whose turn it is: host, bureau, '' for nobody; every other state is the provider's."""

PROVIDER_DAYS = 5  # working days for the provider's own checks, by the ministry's plan for authenticity checks
BUREAU_DAYS = 20  # working days, Decree 33 of the Ministry of Information Industry (2005), art. 12

EFFECTS: dict[Action, tuple[str, ...]] = {
    A.SUBMIT: ("letter.submitted",),
    A.WITHDRAW: ("letter.withdrawn",),
    A.SEND_BACK: ("letter.returned",),
    A.ACCEPT: ("letter.accepted_visit",),
    A.VERIFIED: ("letter.ready", "bureau.report"),
    A.ACCEPT_WITHOUT_VISIT: ("letter.ready", "bureau.report"),
    A.CORRECTED: ("letter.corrected_by_staff", "bureau.report"),
    A.CORRECTED_ANEW: ("letter.corrected_by_staff",),
    A.REJECTED: ("letter.bureau_returned",),
    A.REFUSED: ("letter.bureau_returned",),
    A.FILE_REFUSED: ("bureau.report",),
    A.APPROVED: ("letter.approved",),
    A.EXPIRE: ("letter.expired",),
    A.QUEUE: ("letter.queued",),
    A.UNQUEUE: ("letter.unqueued",),
    A.TAKEN_AWAITING_SMS: ("letter.sms_check",),
}
"""Outbox rows an action leaves behind."""

AFTER: dict[tuple[Action, State], tuple[str, ...]] = {
    (A.RELEASE, S.READY): ("bureau.report",),
    (A.RELEASE, S.SUBMITTED): ("letter.released",),
    (A.SMS_TIMED_OUT, S.READY): ("letter.sms_timed_out", "bureau.report"),
}
"""Outbox rows besides, where it matters where the action leads."""


@dataclass(frozen=True)
class Actor:
    """Who acts: ``kind`` is host, staff, worker or bureau; ``account_id`` for people."""

    kind: str
    account_id: int | None = None


WORKER = Actor("worker")
BUREAU = Actor("bureau")


class NotAllowed(Exception):
    """The action has no place in the filing's state."""

    def __init__(self, state: str, action: str) -> None:
        super().__init__(f"{action} is not possible in {state}")
        self.state, self.action = state, action


class StaleRevision(Exception):
    """Somebody decided on a revision that is no longer the newest."""


def can(filing: Filing, action: Action) -> bool:
    """Whether the table has a place for ``action`` in the filing's state."""
    return (State(filing.state), action) in TRANSITIONS


def turn(filing: Filing) -> str:
    """Whose turn it is: host, provider, bureau or ''; what only the provider fills in is never the host's."""
    seat = _seat(State(filing.state))
    return "provider" if seat == "host" and operations.get(filing.operation).by_staff_only else seat


def move(filing: Filing, action: Action, by: Actor, *, seen_revision: int | None = None, note: str = "") -> Event:
    """Apply one action: look it up, refuse a stale revision, append the event and the outbox rows.

    Everything happens in the caller's transaction; the filing's row must be locked (``verbs.lock``).

    Args:
        filing: the filing, locked.
        action: what is done.
        by: who does it.
        seen_revision: the revision the actor looked at, for decisions about content.
        note: a sentence for the history.

    Raises:
        NotAllowed: the table has no such transition.
        StaleRevision: a newer revision exists than the one seen.
    """
    before = State(filing.state)
    after = TRANSITIONS.get((before, action))
    if after is None:
        raise NotAllowed(before, action)
    if seen_revision is not None and seen_revision != filing.revision_no:
        raise StaleRevision
    _stop_clock(filing, before)
    filing.state, filing.state_since, filing.updated_at = after, now(), now()
    filing.assignee_id = by.account_id if action is A.TAKE else (filing.assignee_id if after is S.IN_REVIEW else None)
    filing.due_on = _due(filing, after)
    counters.count((before, -1), (after, +1))
    event = noted(filing, action, by, note, before)
    effects = EFFECTS.get(action, ())
    effects += AFTER.get((action, after), ())
    for kind in effects:
        outbox.put(kind, f"{kind}.{event.id}", filing_id=filing.id, revision=filing.revision_no)
    return event


def opened(filing: Filing, by: Actor) -> None:
    """Count a new filing and begin its history."""
    counters.count((State(filing.state), +1))
    noted(filing, A.OPEN, by, before="")


def noted(filing: Filing, action: Action, by: Actor, note: str = "", before: str | None = None) -> Event:
    """Append an event, one that moved nothing unless ``before`` says so; the filing's row must be locked."""
    event = Event(
        filing_id=filing.id,
        action=action,
        before=filing.state if before is None else before,
        after=filing.state,
        revision_no=filing.revision_no,
        actor_kind=by.kind,
        actor_id=by.account_id,
        note=note,
    )
    db.session.add(event)
    db.session.flush()
    return event


def counts() -> dict[State, int]:
    """Filings per state."""
    found = counters.counts()
    return {state: found.get(state, 0) for state in State}


def _seat(state: State) -> str:
    return SEATS.get(state, "provider")


def _stop_clock(filing: Filing, before: State) -> None:
    """Add the working days the provider has held the filing; they don't run while the host or the bureau has it."""
    if _seat(before) == "provider":
        filing.clock_used += working_days_between(filing.state_since.astimezone(CHINA).date(), today())


def _due(filing: Filing, after: State) -> dt.date | None:
    seat = _seat(after)
    if seat == "provider":
        return add_working_days(today(), max(1, PROVIDER_DAYS - filing.clock_used))
    if seat == "bureau":
        return add_working_days(today(), BUREAU_DAYS)
    if after in (S.DRAFT, S.RETURNED):
        return today() + dt.timedelta(days=int(current_app.extensions["settings"].draft_days))
    return None


def today() -> dt.date:
    """The present day in China, by which validity and deadlines are judged."""
    return now().astimezone(CHINA).date()
