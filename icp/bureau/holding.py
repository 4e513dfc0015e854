"""Provinces whose filings are kept from being reported for a while: the bureau asked for it, or a rule has changed."""

from __future__ import annotations

from sqlalchemy import select

from icp import outbox
from icp.accounts.second_person import must_be_another
from icp.bureau.models import HeldProvince
from icp.extensions import begin_write, db, now
from icp.filings.models import Filing
from icp.filings.states import State


class NotHeld(Exception):
    """The province isn't held, or is held already."""


def provinces() -> frozenset[str]:
    """Codes of the provinces held now."""
    return frozenset(db.session.scalars(select(HeldProvince.province)))


def held() -> list[HeldProvince]:
    """The holds in force, the latest first."""
    return list(db.session.scalars(select(HeldProvince).order_by(HeldProvince.held_at.desc())))


def hold(province: str, by_id: int, reason: str) -> HeldProvince:
    """Keep the ready filings of a province here; the caller commits.

    Raises:
        NotHeld: it is held already.
    """
    begin_write()
    if db.session.get(HeldProvince, province) is not None:
        raise NotHeld(province)
    row = HeldProvince(province=province, by_id=by_id, reason=reason[:500])
    db.session.add(row)
    db.session.flush()
    return row


def release(province: str, by_id: int) -> int:
    """End a hold and offer what waited to the worker at once; the caller commits.

    A second person releases what the first held, where there is one.

    Returns:
        how many filings waited.

    Raises:
        NotHeld: it wasn't held.
        icp.accounts.second_person.SamePerson: the one who held it, and another supervisor is there to ask.
    """
    begin_write()
    row = db.session.get(HeldProvince, province, with_for_update=True)
    if row is None:
        raise NotHeld(province)
    must_be_another(row.by_id, by_id)
    db.session.delete(row)
    db.session.flush()
    wanted = select(Filing.id, Filing.revision_no).where(Filing.state == State.READY, Filing.province == province)
    waiting = db.session.execute(wanted).all()
    for filing in waiting:
        key = f"bureau.report.province.{filing.id}.{now():%Y%m%d%H%M%S%f}"
        outbox.put("bureau.report", key, filing_id=filing.id, revision=filing.revision_no)
    return len(waiting)
