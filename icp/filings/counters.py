"""How many filings are in each state, kept beside them so that no page counts."""

from __future__ import annotations

from sqlalchemy import select

from icp import counting
from icp.extensions import db
from icp.filings.models import StateCount
from icp.looking_up import LookUp

_ALL = LookUp(select(StateCount.state, StateCount.filings))


def counts() -> dict[str, int]:
    """Filings per state, one key read each; a state that was never entered is absent."""
    return {row.state: row.filings for row in _ALL.all()}


def count(*moves: tuple[str, int]) -> None:
    """Add to the counters of some states, in the caller's transaction."""
    for state, step in sorted(moves):  # one order for everybody: no deadlock on PostgreSQL
        counting.add(StateCount.filings, step, state=state)


def serialise(state: str) -> None:
    """Let filings enter a state one after the other, for the rest of the transaction: what each asked about the others
    before then holds. SQLite has one writer anyway."""
    db.session.execute(select(StateCount.state).where(StateCount.state == state).with_for_update())
