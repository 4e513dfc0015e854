"""Staff: made by an administrator or a command, they set their password by a mailed link."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from icp import audit
from icp.accounts import links, passwords
from icp.accounts.models import ROLES, Account, MailLink
from icp.accounts.people import by_email, email_hash, fresh_stamp, mail_link
from icp.extensions import begin_write, db, now
from icp.settings import Settings


class AddressTaken(Exception):
    """The address has an account already."""


class LastAdministrator(Exception):
    """Nobody would be left to manage the staff."""


def all_staff() -> list[Account]:
    """Everybody, those at work first."""
    everybody = db.session.scalars(select(Account).where(Account.kind == "staff").order_by(Account.id)).all()
    return sorted(everybody, key=lambda account: account.disabled_at is not None)


def create_staff(
    settings: Settings, email: str, role: str, *, name: str = "", place: str = "", by: Account | None = None
) -> tuple[Account, str]:
    """Make a member of the staff and mail an invitation; the caller commits.

    Args:
        settings: the site's.
        email: where the invitation goes.
        role: one of ``ROLES``.
        name: shown to colleagues and, on letters, to hosts; the address's first part when empty.
        place: where a verifier meets people.
        by: the administrator; None for a command.

    Returns:
        The account and the link's code.

    Raises:
        AddressTaken: the address has an account.
        ValueError: no such role.
    """
    if role not in ROLES:
        raise ValueError(role)
    begin_write()
    if by_email(email) is not None:
        raise AddressTaken
    account = _new(email, role, name, place)
    db.session.add(account)
    db.session.flush()
    audit.record("staff.created", actor=by, object_kind="account", object_id=account.id, details={"role": role})
    return account, invite(settings, account)


def invite(settings: Settings, account: Account) -> str:
    """Mail an invitation (anew; earlier ones end) and give its code."""
    return mail_link(
        settings, "staff_invitation", account.email, account.language, account, days=settings.draft_link_days
    )


def change_staff(account_id: int, *, role: str, name: str, place: str, by: Account) -> Account:
    """Give another role, name or place; another role ends the sessions opened with the old one.

    Raises:
        LastAdministrator: the only administrator would lose the role.
        ValueError: no such role.
    """
    if role not in ROLES:
        raise ValueError(role)
    begin_write()
    account = _staff(account_id)
    if role != account.role:
        _keep_an_administrator(account)
        account.session_stamp = fresh_stamp()
    audit.record(
        "staff.changed",
        actor=by,
        object_kind="account",
        object_id=account.id,
        details={"role": role, "role_before": account.role},
    )
    account.role, account.name, account.place = role, name, place
    return account


def disable(account_id: int, by: Account) -> Account:
    """The account can't sign in any more; its sessions end.

    Raises:
        LastAdministrator: it is the only administrator.
    """
    begin_write()
    account = _staff(account_id)
    _keep_an_administrator(account)
    account.disabled_at, account.session_stamp = now(), fresh_stamp()
    for purpose in ("password", "sign_in", "staff_invitation"):
        links.end_earlier(purpose, account.id)
    audit.record("staff.disabled", actor=by, object_kind="account", object_id=account.id)
    return account


def enable(account_id: int, by: Account) -> Account:
    """Undo ``disable``."""
    begin_write()
    account = _staff(account_id)
    account.disabled_at = None
    audit.record("staff.enabled", actor=by, object_kind="account", object_id=account.id)
    return account


def first_administrator_code() -> str | None:
    """A one-time code for ``/staff/first/<code>``, while there is no staff at all; else None. The caller commits."""
    begin_write()
    return None if _any_staff() else links.issue("first_administrator", lifetime=dt.timedelta(days=1))


def create_first_administrator(link: MailLink, email: str, name: str, password: str) -> Account | None:
    """The first administrator, by the one-time link.

    Returns:
        The account; None when there is staff already, the link was used, or the address has an account.
    """
    link_id, hashed = link.id, passwords.make_hash(password)
    begin_write()
    link = db.session.get_one(MailLink, link_id)
    if _any_staff() or by_email(email) is not None or not links.use_up(link):
        return None
    account = _new(email, "administrator", name, "")
    account.email_confirmed_at, account.password_hash = now(), hashed
    db.session.add(account)
    db.session.flush()
    audit.record("staff.first_administrator", actor=account, object_kind="account", object_id=account.id)
    return account


def _new(email: str, role: str, name: str, place: str) -> Account:
    return Account(
        kind="staff",
        role=role,
        name=name or email.partition("@")[0],
        place=place,
        email=email.strip(),
        email_hash=email_hash(email),
        session_stamp=fresh_stamp(),
    )


def _staff(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None or account.kind != "staff":
        raise LookupError(account_id)
    return account


def _any_staff() -> bool:
    return db.session.scalar(select(Account.id).where(Account.kind == "staff").limit(1)) is not None


def _keep_an_administrator(leaving: Account) -> None:
    if leaving.role != "administrator" or leaving.disabled_at is not None:
        return
    other = select(Account.id).where(
        Account.kind == "staff",
        Account.role == "administrator",
        Account.disabled_at.is_(None),
        Account.id != leaving.id,
    )
    if db.session.scalar(other.limit(1)) is None:
        raise LastAdministrator
