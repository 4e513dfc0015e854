"""Who sends this request: read anew for each one, so it is one small row by its primary key and no ORM object."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_login import current_user
from sqlalchemy import Table, bindparam, select

from icp.accounts.models import Account
from icp.extensions import db
from icp.looking_up import LookUp

_table = Account.__table__
assert isinstance(_table, Table)  # noqa: S101 # for the type checker
_c = _table.c
_BY_ID = LookUp(
    select(_c.id, _c.kind, _c.role, _c.name, _c.place, _c.language, _c.session_stamp, _c.disabled_at).where(
        _c.id == bindparam("wanted")
    )
)
"""The plain columns; the sealed ones stay closed until somebody asks for them."""


class Visitor:
    """The account behind the session as Flask-Login's user: a snapshot that outlives commits and rollbacks.

    Attributes:
        id, kind, role, name, place, language: as in ``Account``.
        session_stamp: the stamp this session was opened with.
    """

    __slots__ = ("id", "kind", "language", "name", "place", "role", "session_stamp")
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    id: int
    kind: str
    role: str
    name: str
    place: str
    language: str
    session_stamp: str

    def __init__(self, row: Any) -> None:
        self.id, self.kind, self.role, self.name, self.place, self.language, self.session_stamp, _ = row

    def get_id(self) -> str:
        """What the session holds (see ``Account.get_id``)."""
        return f"{self.id}.{self.session_stamp}"

    @property
    def account(self) -> Account:
        """The whole account; ask for it after ``begin_write`` in a verb that writes."""
        return db.session.get_one(Account, self.id)

    @property
    def email(self) -> str | None:
        """The account's address."""
        email: str | None = self.account.email
        return email

    @property
    def mobile(self) -> str | None:
        """The account's mobile number."""
        mobile: str | None = self.account.mobile
        return mobile

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Visitor | Account) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)


def load(session_id: str) -> Visitor | None:
    """The visitor of a session; None when its stamp is old or the account is disabled."""
    number, _, stamp = session_id.partition(".")
    if not number.isdigit():
        return None
    row = _BY_ID.first(wanted=int(number))
    if row is None or row.session_stamp != stamp or row.disabled_at is not None:
        return None
    return Visitor(row)


def me() -> Account:
    """The account of the signed-in visitor."""
    account: Account = current_user.account
    return account
