"""What templates of the host's pages say of a filing: whose turn it is, and since when."""

from __future__ import annotations

from icp.filings import operations, wording
from icp.filings.models import Filing
from icp.filings.states import State, turn
from icp.host import bp
from icp.i18n import day, tr
from icp.vocabulary.text import N_, Message

DRAFTED = N_("草稿，自 {since}")
RETURNED = N_("退回修改，自 {since}；请在 {until}前")
WAITING = N_("自 {since}；至迟 {until}")
ENDED = N_("{state}，{since}")


@bp.app_template_global()
def turn_of(filing: Filing) -> str:
    """Whose turn it is: host, provider, bureau or ''."""
    return turn(filing)


@bp.app_template_global()
def when_of(filing: Filing) -> str:
    """Since when the filing is where it is, and until when it should move on."""
    state, since, until = State(filing.state), day(filing.state_since), day(filing.due_on)
    if state is State.DRAFT:
        return tr(Message(DRAFTED, since=since))
    if state is State.RETURNED:
        return tr(Message(RETURNED, since=since, until=until))
    if not until:
        return tr(Message(ENDED, state=Message(wording.label(filing.operation, state)), since=since))
    return tr(Message(WAITING, since=since, until=until))


@bp.app_template_global()
def operation_of(filing: Filing) -> str:
    """What the filing's operation is called (marked text)."""
    return operations.get(filing.operation).label


@bp.app_template_global()
def state_of(filing: Filing) -> tuple[str, str]:
    """How a list shows the state: the kind of its sign, and its name."""
    state = State(filing.state)
    kinds = {State.APPROVED: "done", State.RETURNED: "mend", State.DRAFT: "part", State.BUREAU_RETURNED: "ask"}
    kind = kinds.get(state, "" if state in (State.ABANDONED, State.EXPIRED) else "note")
    return kind, tr(wording.label(filing.operation, state))
