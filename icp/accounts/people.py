"""Finding accounts, and writing to people."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import select

from icp import outbox
from icp.accounts import links
from icp.accounts.models import Account
from icp.extensions import db
from icp.sealing import keyed_hash
from icp.settings import Settings


def email_hash(email: str) -> str:
    """Keyed hash under which an address is found, whatever its case."""
    return keyed_hash("email", email.strip().lower())


def mobile_hash(number: str) -> str:
    """Keyed hash under which a mobile number (11 digits) is found."""
    return keyed_hash("mobile", number.strip())


def by_email(email: str) -> Account | None:
    """The account with this address."""
    return db.session.scalar(select(Account).where(Account.email_hash == email_hash(email)))


def by_login(login: str) -> Account | None:
    """The account with this e-mail, or with this confirmed mobile number."""
    if "@" in login:
        return by_email(login)
    return db.session.scalar(
        select(Account).where(Account.mobile_hash == mobile_hash(login), Account.mobile_confirmed_at.is_not(None))
    )


def fresh_stamp() -> str:
    """A new session stamp; every session with an older one has ended."""
    return secrets.token_hex(8)


def write_to(name: str, address: str, language: str, **payload: object) -> None:
    """Ask for a letter to one address in the caller's transaction."""
    key = f"letter.{name}.{secrets.token_hex(8)}"
    outbox.put(f"letter.{name}", key, payload={"to": address, "language": language, **payload})


def mail_link(
    settings: Settings, purpose: str, address: str, language: str, account: Account | None, days: int = 0
) -> str:
    """Issue a link and ask for the letter of the same name that brings it.

    Args:
        settings: the site's.
        purpose: of the link, and name of the letter.
        address: where it goes.
        language: the reader's.
        account: whom it serves; None before there is one.
        days: life of the link; 0 means the setting ``account_link_minutes``.

    Returns:
        The code.
    """
    if account is not None:
        links.end_earlier(purpose, account.id)
    minutes = settings.account_link_minutes
    life = dt.timedelta(days=days) if days else dt.timedelta(minutes=minutes)
    code = links.issue(purpose, address=address, account=account, lifetime=life)
    write_to(purpose, address, language, code=code, minutes=minutes, days=days)
    return code
