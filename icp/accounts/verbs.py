"""What people do with their accounts. Nothing here tells whether an address is known; letters to it do.

The verbs that meet a limit commit the count first; passwords are hashed before the write lock is taken. Everything
else is the caller's transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from icp import audit
from icp.accounts import attempts, links, passwords
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.models import Account, MailLink
from icp.accounts.people import by_email, by_login, email_hash, fresh_stamp, mail_link, write_to
from icp.accounts.staff import first_administrator_code
from icp.extensions import begin_write, db, now
from icp.settings import Settings


def register(settings: Settings, email: str, network: str, language: str) -> None:
    """Begin a registration: the address gets a link to go on with, or is told that it has an account already.

    Nothing but the link exists before its owner opens it, so nobody can prepare an account for somebody else.

    Raises:
        TooManyAttempts: too many letters to this address or from this network.
    """
    attempts.must_be_few("mail", email, network)
    begin_write()
    account = by_email(email)
    if account is None:
        mail_link(settings, "confirm_email", email.strip(), language, None)
    else:
        write_to("already_registered", account.email, account.language or language)


def complete_registration(link: MailLink, password: str, language: str) -> Account | None:
    """Make the host's account; the link has proved the address and is used up.

    Returns:
        The account; None when the link was used or the address got an account meanwhile.
    """
    link_id, address, hashed = link.id, str(link.address), passwords.make_hash(password)
    begin_write()
    link = db.session.get_one(MailLink, link_id)
    if by_email(address) is not None or not links.use_up(link):
        return None
    account = Account(
        kind="host",
        email=address,
        email_hash=email_hash(address),
        email_confirmed_at=now(),
        password_hash=hashed,
        language=language,
        session_stamp=fresh_stamp(),
    )
    db.session.add(account)
    db.session.flush()
    audit.record("account.registered", actor=account, object_kind="account", object_id=account.id)
    return account


def sign_in(login: str, password: str, network: str) -> Account | None:
    """The account when login and password fit, else None in the same time.

    Raises:
        TooManyAttempts: too many wrong ones for this login or from this network.
    """
    attempts.must_be_few("sign_in", login, network)
    account = by_login(login)
    fits = passwords.fits(account.password_hash if account else "", password)
    if not fits or account is None or account.email_confirmed_at is None or account.disabled_at is not None:
        return None
    account_id = account.id
    renewed = passwords.make_hash(password) if passwords.outdated(account.password_hash) else ""
    begin_write()
    account = db.session.get_one(Account, account_id)
    account.password_hash = renewed or account.password_hash
    attempts.forget("sign_in_account", login)
    return account


def ask_sign_in_link(settings: Settings, email: str, network: str, language: str) -> None:
    """Mail a link that signs a host in without a password; another address is told that it can't be used so.

    Staff sign in with password and second factor alone.

    Raises:
        TooManyAttempts: too many letters to this address or from this network.
    """
    attempts.must_be_few("mail", email, network)
    begin_write()
    account = by_email(email)
    if account is not None and account.kind == "host" and account.disabled_at is None:
        mail_link(settings, "sign_in", account.email, account.language or language, account)
    else:
        write_to("no_account", email.strip(), language)


def sign_in_by_link(link: MailLink) -> Account | None:
    """The account of a mailed link, which is used up; None when it was used meanwhile or the account is disabled."""
    link_id = link.id
    begin_write()
    link = db.session.get_one(MailLink, link_id)
    account = db.session.get_one(Account, link.account_id)
    return account if account.disabled_at is None and links.use_up(link) else None


def ask_password_link(settings: Settings, email: str, network: str, language: str) -> None:
    """Mail a link to set a new password; an address without an account is told so by letter.

    Raises:
        TooManyAttempts: too many letters to this address or from this network.
    """
    attempts.must_be_few("mail", email, network)
    begin_write()
    account = by_email(email)
    if account is not None and account.disabled_at is None and account.email_confirmed_at is not None:
        mail_link(settings, "password", account.email, account.language or language, account)
    elif account is not None and account.disabled_at is None:  # invited staff who never opened the invitation
        mail_link(settings, "staff_invitation", account.email, account.language or language, account, days=1)
    else:
        write_to("no_account", email.strip(), language)


def change_password(account_id: int, password: str) -> Account:
    """Set a new password, which ends every session of the account; the caller renews his own."""
    hashed = passwords.make_hash(password)
    begin_write()
    account = db.session.get_one(Account, account_id)
    account.password_hash, account.session_stamp = hashed, fresh_stamp()
    for purpose in ("password", "sign_in"):
        links.end_earlier(purpose, account.id)
    audit.record("account.password_changed", actor=account, object_kind="account", object_id=account.id)
    write_to("account_changed", account.email, account.language, what="password")
    return account


def set_password_by_link(link: MailLink, password: str) -> Account | None:
    """Set the password by a mailed link (`password` or `staff_invitation`), which also proves the address.

    Returns:
        The account; None when the link was used meanwhile or the account is disabled.
    """
    link_id, hashed = link.id, passwords.make_hash(password)
    begin_write()
    link = db.session.get_one(MailLink, link_id)
    account = db.session.get_one(Account, link.account_id)
    if account.disabled_at is not None or not links.use_up(link):
        return None
    account.password_hash, account.session_stamp = hashed, fresh_stamp()
    account.email_confirmed_at = account.email_confirmed_at or now()
    for purpose in ("password", "sign_in", "staff_invitation"):
        links.end_earlier(purpose, account.id)
    attempts.forget("sign_in_account", account.email)
    audit.record("account.password_changed", actor=account, object_kind="account", object_id=account.id)
    return account


def ask_email_change(settings: Settings, account_id: int, email: str, network: str) -> None:
    """Mail a link to the new address; nothing changes before it is opened.

    Raises:
        TooManyAttempts: too many letters.
    """
    attempts.must_be_few("mail", email, network)
    begin_write()
    account = db.session.get_one(Account, account_id)
    if by_email(email) is None:
        mail_link(settings, "change_email", email.strip(), account.language, account)
    else:
        write_to("already_registered", email.strip(), account.language)


def change_email(link: MailLink) -> Account | None:
    """The new address takes the old one's place, and the old one is told.

    Returns:
        The account; None when the link was used, or somebody else has taken the address meanwhile.
    """
    link_id, address = link.id, str(link.address)
    begin_write()
    link = db.session.get_one(MailLink, link_id)
    account = db.session.get_one(Account, link.account_id)
    if by_email(address) is not None or account.disabled_at is not None or not links.use_up(link):
        return None
    write_to("account_changed", account.email, account.language, what="email")
    account.email, account.email_hash, account.email_confirmed_at = address, email_hash(address), now()
    audit.record("account.email_changed", actor=account, object_kind="account", object_id=account.id)
    return account


def set_language(account_id: int, language: str) -> None:
    """Remember the reader's language for pages and letters."""
    begin_write()
    changed: Any = db.session.execute(update(Account).where(Account.id == account_id).values(language=language))
    if changed.rowcount != 1:
        raise LookupError(account_id)


__all__ = [
    "TooManyAttempts",
    "ask_email_change",
    "ask_password_link",
    "ask_sign_in_link",
    "by_email",
    "change_email",
    "change_password",
    "complete_registration",
    "email_hash",
    "first_administrator_code",
    "register",
    "set_language",
    "set_password_by_link",
    "sign_in",
    "sign_in_by_link",
]
