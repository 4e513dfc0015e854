"""Kinds of tasks as a table: what each is called, how long it may take, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from icp.vocabulary.text import N_


class Kind(StrEnum):
    """What a task asks for; the group of the download it comes from stands beside it."""

    VERIFY = "verify"  # HSRW
    CHECK_RESULT = "check_result"  # HCJG
    NOTICE = "notice"  # XGTZ
    UNFILED_SITE = "unfiled_site"  # WBAWZLB
    ILLEGAL_ACCESS = "illegal_access"  # FFJRHMD
    CORRECT_STALE = "correct_stale"  # ours
    MATERIAL = "material"  # ours: verification material sent afterwards


class State(StrEnum):
    """Where a task is."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    DONE = "done"


@dataclass(frozen=True)
class About:
    """What holds for every task of a kind.

    Attributes:
        label: what people call it.
        days: working days until it is due. The interface names no limits: these are the provider's own; ten days for
            correcting data on record is what providers and bureaus allow.
        upload: group of the upload that answers it, '' when nothing goes to the bureau.
        host: whether it concerns the host, who sees it and can be written to.
    """

    label: str
    days: int
    upload: str = ""
    host: bool = False


KINDS: dict[Kind, About] = {
    Kind.VERIFY: About(N_("核实任务"), 10, "HSJG"),
    Kind.CHECK_RESULT: About(N_("核查结果"), 10, host=True),
    Kind.NOTICE: About(N_("整改通知"), 10, host=True),
    Kind.UNFILED_SITE: About(N_("未备案网站"), 3, "WBACLJG"),
    Kind.ILLEGAL_ACCESS: About(N_("非法接入"), 3),
    Kind.CORRECT_STALE: About(N_("主体信息待更新"), 10, host=True),
    Kind.MATERIAL: About(N_("补报核验材料"), 5, "XZHYD"),
}

LABELS: dict[State, str] = {
    State.OPEN: N_("待处理"),
    State.TAKEN: N_("处理中"),
    State.ANSWERED: N_("已答复管局"),
    State.DONE: N_("已办结"),
}

UNFINISHED = (State.OPEN, State.TAKEN)
"""States in which somebody at the desk still has to act."""

DETAILS: dict[str, str] = {
    "subject": N_("主体信息有误"),
    "access_over": N_("多报接入"),
    "access_under": N_("漏报接入"),
    "shell": N_("空壳网站"),
    "liveness": N_("网站存活核查"),
    "subject_data": N_("主体信息待改"),
    "website_data": N_("网站信息待改"),
}
"""Which of its kind a task is: the four findings of HCJG, the two kinds of notice."""


class Action(StrEnum):
    """What happens to a task."""

    OPEN = "open"
    AGAIN = "again"  # the bureau said it again, with something new
    TAKE = "take"
    PUT_BACK = "put_back"
    NOTE = "note"
    CHANGE = "change"  # a change was opened on the host's behalf; the note is its number
    TELL_HOST = "tell_host"
    HOST_SAYS = "host_says"
    ANSWER = "answer"
    CLOSE = "close"
    ACCEPTED = "accepted"  # the bureau's system has taken the answer
    SETTLE = "settle"
    REOPEN = "reopen"


S, A = State, Action
TRANSITIONS: dict[tuple[State, Action], State] = {
    (S.OPEN, A.TAKE): S.TAKEN,
    (S.TAKEN, A.PUT_BACK): S.OPEN,
    (S.OPEN, A.AGAIN): S.OPEN,
    (S.TAKEN, A.AGAIN): S.TAKEN,
    (S.TAKEN, A.TELL_HOST): S.TAKEN,
    (S.TAKEN, A.ANSWER): S.ANSWERED,
    (S.TAKEN, A.CLOSE): S.DONE,
    (S.ANSWERED, A.ACCEPTED): S.ANSWERED,
    (S.ANSWERED, A.CLOSE): S.DONE,
    # The bureau's word may overtake our own note, and may come when somebody has the task in hand again.
    **{(state, A.SETTLE): S.DONE for state in (S.OPEN, S.TAKEN, S.ANSWERED)},
    (S.ANSWERED, A.REOPEN): S.OPEN,
    (S.DONE, A.REOPEN): S.OPEN,
    **{(state, action): state for state in S for action in (A.NOTE, A.CHANGE)},
    **{(state, A.HOST_SAYS): state for state in (S.OPEN, S.TAKEN)},
}
