"""Proofs besides the password: the six digits sent to a mobile number, and the second factor (TOTP, RFC 6238)."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

import pyotp
from sqlalchemy import or_, update

from icp import audit, outbox
from icp.accounts import attempts
from icp.accounts.attempts import TooManyAttempts
from icp.accounts.models import Account, MobileCode
from icp.accounts.people import fresh_stamp, mobile_hash, write_to
from icp.extensions import begin_write, db, now
from icp.sealing import keyed_hash

CODE_MINUTES = 10
ISSUER = "Beian Desk"


class WrongCode(Exception):
    """The code isn't right, was used, or is too old."""


def ask_mobile_code(account_id: int, mobile: str) -> None:
    """Send a six-digit code to a mobile number (11 digits); an earlier code ends.

    Raises:
        TooManyAttempts: too many messages for this account or to this number.
    """
    for kind, who in (("sms_account", str(account_id)), ("sms_number", mobile)):
        if not attempts.allow(kind, who):
            raise TooManyAttempts(kind)
    begin_write()
    account = db.session.get_one(Account, account_id)
    earlier = db.session.get(MobileCode, account_id)
    if earlier is not None:
        db.session.delete(earlier)
        db.session.flush()
    code = f"{secrets.randbelow(10**6):06d}"
    db.session.add(
        MobileCode(
            account_id=account_id,
            mobile=mobile,
            code_hash=_hash(account_id, code),
            expires_at=now() + dt.timedelta(minutes=CODE_MINUTES),
        )
    )
    outbox.put(
        "letter.mobile_code",
        f"letter.mobile_code.{secrets.token_hex(8)}",
        payload={"mobile": mobile, "code": code, "minutes": CODE_MINUTES, "language": account.language},
    )


def awaited_mobile(account_id: int) -> str | None:
    """The number that waits for its code; None when none does."""
    row = db.session.get(MobileCode, account_id)
    return row.mobile if row is not None and row.expires_at > now() else None


def confirm_mobile(account_id: int, code: str) -> Account:
    """The number is the account's own; an account that had it before has lost it, as numbers are given out anew.

    Raises:
        WrongCode: not the code that was sent last, or too old.
        TooManyAttempts: too many wrong ones.
    """
    if not attempts.allow("code_account", f"mobile:{account_id}"):
        raise TooManyAttempts("code_account")
    begin_write()
    row = db.session.get(MobileCode, account_id)
    if row is None or row.expires_at <= now() or not hmac.compare_digest(row.code_hash, _hash(account_id, code)):
        raise WrongCode
    number = str(row.mobile)
    db.session.execute(
        update(Account)
        .where(Account.mobile_hash == mobile_hash(number), Account.id != account_id)
        .values(mobile_hash=None, sealed_mobile=None, mobile_confirmed_at=None)
    )
    account = db.session.get_one(Account, account_id)
    account.mobile, account.mobile_hash, account.mobile_confirmed_at = number, mobile_hash(number), now()
    db.session.delete(row)
    attempts.forget("code_account", f"mobile:{account_id}")
    audit.record("account.mobile_changed", actor=account, object_kind="account", object_id=account.id)
    return account


def new_secret() -> str:
    """A secret for an authenticator; it counts once ``begin_factor`` has seen a code made with it."""
    return pyotp.random_base32()


def factor_uri(secret: str, email: str) -> str:
    """What the QR code says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def begin_factor(account_id: int, secret: str, code: str) -> Account:
    """Ask for the second factor from now on; every other session ends.

    Raises:
        WrongCode: the code isn't made with the secret.
        TooManyAttempts: too many wrong ones.
    """
    _few_codes(account_id)
    step = _step(secret, code)
    if step is None:
        raise WrongCode
    begin_write()
    account = db.session.get_one(Account, account_id)
    account.factor, account.factor_step, account.session_stamp = secret, step, fresh_stamp()
    attempts.forget("code_account", f"factor:{account_id}")
    audit.record("account.factor_begun", actor=account, object_kind="account", object_id=account.id)
    write_to("account_changed", account.email, account.language, what="factor")
    return account


def end_factor(account_id: int, by: Account) -> Account:
    """Ask for the password alone again (the account itself, or an administrator for somebody who lost his phone)."""
    begin_write()
    account = db.session.get_one(Account, account_id)
    account.factor, account.factor_step, account.session_stamp = None, None, fresh_stamp()
    audit.record("account.factor_ended", actor=by, object_kind="account", object_id=account.id)
    write_to("account_changed", account.email, account.language, what="factor")
    return account


def check_factor(account_id: int, code: str) -> Account:
    """Accept a code of the second factor, once: its time step is remembered (pyotp doesn't stop a replay).

    Raises:
        WrongCode: not right, or of a step that was used already.
        TooManyAttempts: too many wrong ones.
    """
    _few_codes(account_id)
    begin_write()
    account = db.session.get_one(Account, account_id)
    step = _step(account.factor, code) if account.factor else None
    if step is None:
        raise WrongCode
    unused = or_(Account.factor_step.is_(None), Account.factor_step < step)
    taken: Any = db.session.execute(update(Account).where(Account.id == account_id, unused).values(factor_step=step))
    if taken.rowcount != 1:
        raise WrongCode
    attempts.forget("code_account", f"factor:{account_id}")
    return account


def _few_codes(account_id: int) -> None:
    if not attempts.allow("code_account", f"factor:{account_id}"):
        raise TooManyAttempts("code_account")


def _step(secret: str, code: str) -> int | None:
    """The time step a code belongs to, the present one or a neighbour (30 s each); None when it is wrong."""
    totp = pyotp.TOTP(secret)
    present = int(now().timestamp()) // totp.interval
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), code.strip().replace(" ", "")):
            return step
    return None


def _hash(account_id: int, code: str) -> str:
    return keyed_hash("mobile_code", f"{account_id}:{code.strip()}")
