"""From an outbox row to letters on their way, each with a Message-ID that stays the same when it is repeated."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from icp import outbox
from icp.accounts.models import Account
from icp.extensions import begin_write, db, now
from icp.filings.models import Filing, FilingHost
from icp.letters import (
    access_letters,
    account_letters,
    bureau_letters,
    filing_letters,
    register_letters,
    transport,
    waiting_letters,
)
from icp.letters.letter import Letter, site_address
from icp.register.models import Subject
from icp.register.reading import hosts_of
from icp.settings import Settings

ACCOUNT_LETTERS: dict[str, Callable[..., Letter]] = {
    name: getattr(account_letters, name)
    for name in (
        "confirm_email",
        "already_registered",
        "no_account",
        "sign_in",
        "password",
        "change_email",
        "account_changed",
        "staff_invitation",
        "mobile_code",
        "on_behalf_invitation",
    )
} | {"bureau_alert": bureau_letters.bureau_alert}
FILING_LETTERS: dict[str, Callable[..., Letter]] = {
    name: getattr(filing_letters, name)
    for name in (
        "submitted",
        "returned",
        "accepted_visit",
        "ready",
        "approved",
        "bureau_returned",
        "corrected_by_staff",
        "resume",
        "withdrawn",
        "expired",
    )
} | {
    name: getattr(waiting_letters, name)
    for name in ("queued", "released", "unqueued", "sms_check", "sms_reminder", "sms_timed_out", "on_behalf")
}
FILING_LETTERS["access_stays"] = access_letters.stays
OWN_LETTERS: dict[tuple[str, str], Callable[..., Letter] | None] = {
    ("cancel_access", "ready"): access_letters.ending,
    ("cancel_access", "submitted"): None,  # the provider's own affair until it is decided
    ("cancel_access", "returned"): None,
    ("cancel_access", "withdrawn"): None,  # where it was decided already, `access_stays` says so
    ("cancel_access", "expired"): None,
}
"""Operation and letter → what is written in its place, None for nothing."""
SUBJECT_LETTERS: dict[str, Callable[..., Letter]] = {
    name: getattr(register_letters, name) for name in ("bureau_asks", "cancelled")
}


def send(claim: outbox.Claim) -> None:
    """Send what a row of kind ``letter.<name>`` asks for, finish the claim and commit.

    Raises:
        outbox.Hopeless: there is no such letter.
    """
    name = claim.kind.partition(".")[2]
    settings: Settings = current_app.extensions["settings"]
    if name in ACCOUNT_LETTERS:
        _to_address(settings, claim, ACCOUNT_LETTERS[name])
    elif name in FILING_LETTERS:
        _to_hosts(settings, claim, FILING_LETTERS[name])
    elif name in SUBJECT_LETTERS:
        _to_owners(settings, claim, SUBJECT_LETTERS[name])
    else:
        raise outbox.Hopeless(f"no letter is called {name!r}")
    db.session.rollback()
    begin_write()
    if outbox.finish(claim):
        db.session.commit()
    else:
        db.session.rollback()


def _to_address(settings: Settings, claim: outbox.Claim, letter_for: Callable[[Any], Letter]) -> None:
    payload = claim.payload
    with force_locale(payload.get("language", settings.default_language)):
        letter = letter_for(payload)
        if "mobile" in payload:
            transport.send_sms(settings, payload["mobile"], letter.sms, claim.key)
        else:
            transport.send_mail(settings, compose(settings, letter, payload["to"], "", claim.key))


def _to_hosts(settings: Settings, claim: outbox.Claim, letter_for: Callable[[Filing, Any], Letter]) -> None:
    filing = db.session.get(Filing, claim.filing_id)
    if filing is None:
        return
    payload = claim.payload or {}
    own = OWN_LETTERS.get((filing.operation, claim.kind.partition(".")[2]), letter_for)
    if own is None:
        return
    write: Callable[[], Letter] = partial(own, filing, payload)
    hosts = db.session.scalars(
        select(Account).join(FilingHost, FilingHost.account_id == Account.id).where(FilingHost.filing_id == filing.id)
    ).all()
    for host in hosts:
        if payload.get("account_id") in (None, host.id):
            _to_host(settings, claim, host, write)


def _to_owners(settings: Settings, claim: outbox.Claim, letter_for: Callable[[Subject, Any], Letter]) -> None:
    payload = claim.payload or {}
    subject = register_letters.subject_of(payload)
    if subject is None:
        return
    for owner in hosts_of(subject):
        host = db.session.get_one(Account, owner.account_id)
        _to_host(settings, claim, host, lambda: letter_for(subject, payload))


def _to_host(settings: Settings, claim: outbox.Claim, host: Account, letter_for: Callable[[], Letter]) -> None:
    with force_locale(host.language):
        letter = letter_for()
        key = f"{claim.key}.{host.id}"
        transport.send_mail(settings, compose(settings, letter, host.email, host.name, key))
        if letter.sms and host.mobile_confirmed_at:
            transport.send_sms(settings, host.mobile, letter.sms, key)


def compose(settings: Settings, letter: Letter, to: str, name: str, key: str) -> EmailMessage:
    """A mail with a text and an HTML part.

    Args:
        settings: for the sender.
        letter: in the language in force.
        to: the address.
        name: how the letter addresses its reader, '' for strangers.
        key: identity of the letter; the Message-ID is made of it, so that a repeat is recognised.
    """
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((settings.provider_name, settings.mail_from))
    message["To"] = to
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{key}@{urlsplit(site_address()).hostname or 'beian'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text(name))
    message.add_alternative(letter.html(name), subtype="html")
    return message
