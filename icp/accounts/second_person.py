"""Four eyes: what one supervisor did or decided, another undoes, where there is another."""

from __future__ import annotations

from sqlalchemy import select

from icp.accounts.models import Account
from icp.extensions import db


class SamePerson(Exception):
    """A second person is needed."""


def must_be_another(first_id: int | None, by_id: int | None) -> None:
    """Refuse whoever acted first, unless no other supervisor is there to ask.

    Args:
        first_id: account that acted first.
        by_id: account that acts now.

    Raises:
        SamePerson: they are one, and another supervisor could do it.
    """
    if first_id is None or first_id != by_id:
        return
    others = select(Account.id).where(Account.role == "supervisor", Account.disabled_at.is_(None), Account.id != by_id)
    if db.session.scalar(others.limit(1)) is not None:
        raise SamePerson
