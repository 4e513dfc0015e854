"""Asking the bureau whether a filing password (备案密码) is right; the password is kept nowhere and named in no log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from icp.accounts import attempts
from icp.accounts.attempts import TooManyAttempts
from icp.bureau.asking import patient
from icp.bureau.client import NoReply, Refused
from icp.extensions import db

log = logging.getLogger(__name__)

TRIES_USED_UP = 22
PATIENCE = 20.0
"""Seconds somebody in front of a page waits at most."""


@dataclass(frozen=True)
class Right:
    """The password belongs to the number."""


@dataclass(frozen=True)
class Wrong:
    """It doesn't, or there is no such number: the bureau doesn't tell which."""


@dataclass(frozen=True)
class TriesUsedUp:
    """The bureau hears no more tries for this number for now (22); ``text`` is what it says."""

    text: str


@dataclass(frozen=True)
class Unreachable:
    """No answer, or one that has nothing to do with the password; worth trying again later."""


Verdict = Right | Wrong | TriesUsedUp | Unreachable


def check(number: str, password: str) -> Verdict:
    """Ask the bureau through the reporting account (isp_verifybamm).

    It waits for the network: call it before anything is written. Tries by one person are counted by ``attempt``.

    Args:
        number: a subject's filing number in its canonical form.
        password: as it was typed.
    """
    try:
        right = patient(PATIENCE).verify_filing_password(number, password)
    except Refused as refusal:
        if refusal.code == TRIES_USED_UP:
            return TriesUsedUp(refusal.message)
        log.warning("the bureau refused to check a filing password: code %s", refusal.code)
        return Unreachable()
    except NoReply as trouble:
        log.warning("a filing password could not be checked: %s", type(trouble).__name__)
        return Unreachable()
    return Right() if right else Wrong()


def attempt(account_id: int, number: str, password: str) -> Verdict:
    """``check`` for a person: tries are few for each account and for each number, wherever they come from.

    Raises:
        TooManyAttempts: they are used up here, and the bureau isn't asked.
    """
    within = attempts.allow("filing_password_account", str(account_id))
    if not (attempts.allow("filing_password_number", number) and within):
        raise TooManyAttempts("filing_password_account")
    verdict = check(number, password)
    if isinstance(verdict, Right):
        attempts.forget("filing_password_number", number)
        db.session.commit()
    return verdict


def tries_left(account_id: int) -> int:
    """How many tries an account has in the running hour."""
    return attempts.left("filing_password_account", str(account_id))
