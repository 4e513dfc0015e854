"""Four eyes: what one supervisor did or decided, another undoes, where there is another."""

from __future__ import annotations

from sqlalchemy import select

from icp.accounts.models import Account
from icp.extensions import db


class SamePerson(Exception):
    """A second person is needed."""


def others(first_id: int | None, by_id: int | None) -> list[str]:
    """Names of the supervisors who may undo what was done, when whoever asks did it himself.

    Args:
        first_id: account that acted first.
        by_id: account that would act now.

    Returns:
        the others' names, in order; none when he may do it: he isn't the one, or nobody else is there to ask.
    """
    if first_id is None or first_id != by_id:
        return []
    wanted = select(Account.name).where(
        Account.role == "supervisor", Account.disabled_at.is_(None), Account.id != by_id
    )
    return list(db.session.scalars(wanted.order_by(Account.name, Account.id)))


def must_be_another(first_id: int | None, by_id: int | None) -> None:
    """Refuse whoever acted first, unless no other supervisor is there to ask.

    Args:
        first_id: account that acted first.
        by_id: account that acts now.

    Raises:
        SamePerson: they are one, and another supervisor could do it.
    """
    if others(first_id, by_id):
        raise SamePerson
