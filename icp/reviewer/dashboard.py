"""The dashboard: queues, what is late, who has what in hand, and how reviews come out."""

from __future__ import annotations

from flask import render_template

from icp import vocabulary
from icp.extensions import now
from icp.filings import states
from icp.filings.states import LABELS, State
from icp.i18n import language
from icp.reviewer import bp, desk, figures
from icp.reviewer.desk import OPERATES

CLOSED = (State.APPROVED, State.ABANDONED, State.EXPIRED)


@bp.get("/desk/dashboard")
@OPERATES
def dashboard() -> str:
    """Figures of this moment."""
    found = figures.read()
    return render_template(
        "reviewer/dashboard.html",
        figures=found,
        at=desk.moment(now()),
        open=[lane for lane in found.lanes if lane.state not in CLOSED],
        closed=[lane for lane in found.lanes if lane.state in CLOSED],
        late=sum(lane.late for lane in found.lanes if lane.state in figures.OURS),
        due=sum(lane.today for lane in found.lanes if lane.state in figures.OURS),
        most=max((lane.filings for lane in found.lanes if lane.state not in CLOSED), default=0) or 1,
        labels=LABELS,
        people=desk.names(person.account_id for person in found.people),
        reasons=[(code, _message(code), times) for code, times in found.reasons],
        today=states.today(),
        moment=desk.moment,
    )


def _message(code: str) -> str:
    """The words of a canned reason; the code alone when the table no longer has it."""
    try:
        return vocabulary.current().reason(code).message(language())
    except KeyError:
        return code
