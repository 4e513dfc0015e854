"""The stages of a filing's way that a host hears of, by operation: with a visit or an SMS check, or without."""

from __future__ import annotations

from dataclasses import dataclass

from icp import vocabulary
from icp.filings import notice, operations, wording
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import State
from icp.vocabulary.text import N_, Message

STAGES: dict[State, tuple[str, str]] = {
    State.VERIFYING: (N_("当面核验"), N_("网站负责人带证件原件到场，约 15 分钟")),
    State.AWAITING_SMS_CHECK: (N_("短信核验"), N_("负责人收到工信部的短信后，24 小时内按说明输入验证码")),
    State.AT_BUREAU: (N_("管局审核"), N_("至多 20 个工作日；管局可能来电核实，请接听")),
}
NOTICE = N_("通知期")
NOTICE_DAYS = N_("{n} 天，到期才报送管局")
ORDER = (
    State.AWAITING_RELEASE,
    State.SUBMITTED,
    State.IN_REVIEW,
    State.VERIFYING,
    State.READY,
    State.AWAITING_SMS_CHECK,
    State.AT_BUREAU,
    State.APPROVED,
)
OFF = {State.REPORTING: State.READY, State.HELD: State.READY, State.BUREAU_RETURNED: State.READY}
"""States beside the straight way → how far along it they are."""
ENDED = (State.APPROVED, State.ABANDONED, State.EXPIRED)


@dataclass(frozen=True)
class Stage:
    """One stage: the state it is, its name and a few words more (marked texts)."""

    state: State
    what: str
    more: str


def stages(filing: Filing, answers: Answers) -> list[Stage]:
    """What this filing goes through, in order."""
    rules = vocabulary.current().province_rules(filing.province) if filing.province else None
    left_out = {
        State.VERIFYING: not operations.get(filing.operation).visits(answers),
        State.AWAITING_SMS_CHECK: rules is None or filing.operation not in rules.sms_check,
    }
    found = [Stage(state, *words) for state, words in STAGES.items() if not left_out.get(state)]
    if filing.operation in notice.NOTIFIED and notice.days():
        found.insert(0, Stage(State.READY, NOTICE, Message(NOTICE_DAYS, n=notice.days())))
    return [*found, Stage(State.APPROVED, *wording.of(filing).last)]


def coming(filing: Filing, answers: Answers) -> list[Stage]:
    """What lies ahead on the straight way."""
    state = State(filing.state)
    if state in ENDED:
        return []
    past = OFF.get(state, state)
    at = ORDER.index(past) if past in ORDER else 0
    return [stage for stage in stages(filing, answers) if ORDER.index(stage.state) > at]


def present(filing: Filing, answers: Answers) -> Stage | None:
    """The stage that goes on now, where it isn't what happened last."""
    going = (State.VERIFYING, State.AWAITING_SMS_CHECK, State.AT_BUREAU)
    if filing.state not in going:
        return None
    return next((stage for stage in stages(filing, answers) if stage.state == filing.state), None)
