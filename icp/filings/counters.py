"""How many filings are in each state, kept beside them so that no page counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from icp.extensions import db
from icp.filings.models import StateCount
from icp.looking_up import LookUp

_ALL = LookUp(select(StateCount.state, StateCount.filings))


def counts() -> dict[str, int]:
    """Filings per state, one key read each; a state that was never entered is absent."""
    return {row.state: row.filings for row in _ALL.all()}


def count(*moves: tuple[str, int]) -> None:
    """Add to the counters of some states, in the caller's transaction."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for state, step in sorted(moves):  # one order for everybody: no deadlock on PostgreSQL
        made = insert(StateCount).values(state=state, filings=step)
        changed = made.on_conflict_do_update(index_elements=["state"], set_={"filings": StateCount.filings + step})
        db.session.execute(changed)


def serialise(state: str) -> None:
    """Let filings enter a state one after the other, for the rest of the transaction: what each asked about the others
    before then holds. SQLite has one writer anyway."""
    db.session.execute(select(StateCount.state).where(StateCount.state == state).with_for_update())
