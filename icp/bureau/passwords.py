"""Asking the bureau whether a filing password (备案密码) is right; the password is kept nowhere and named in no log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from icp.accounts import attempts
from icp.accounts.attempts import TooManyAttempts
from icp.bureau import refusals
from icp.bureau.asking import patient
from icp.bureau.client import NoReply, Refused
from icp.extensions import begin_write, db
from icp.register.spelling import as_written

log = logging.getLogger(__name__)

TRIES_USED_UP = 22
OF_NUMBER = "filing_password_number"
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
    spelled = as_written(number)
    db.session.rollback()
    bureau = patient(PATIENCE)
    try:
        right = bureau.verify_filing_password(spelled, password)
    except Refused as refusal:
        if refusal.code == TRIES_USED_UP:
            return TriesUsedUp(refusal.message)
        log.warning("the bureau refused to check a filing password: code %s", refusal.code)
        refusals.tell_of_query(bureau, refusal)
        return Unreachable()
    except NoReply as trouble:
        log.warning("a filing password could not be checked: %s", type(trouble).__name__)
        return Unreachable()
    return Right() if right else Wrong()


@dataclass(frozen=True)
class Person:
    """Who tries.

    Attributes:
        account_id: the account.
        staff: files for many customers, and has more tries.
    """

    account_id: int
    staff: bool = False

    @property
    def kind(self) -> str:
        """Which limit holds."""
        return "filing_password_staff" if self.staff else "filing_password_account"


def attempt(person: Person, number: str, password: str) -> Verdict:
    """``check`` for a person: wrong tries are few for each account and for each number, wherever they come from.

    Raises:
        TooManyAttempts: they are used up here, and the bureau isn't asked; its kind says whose.
    """
    who = str(person.account_id)
    if not attempts.allow(person.kind, who):
        raise TooManyAttempts(person.kind, attempts.minutes_left(person.kind, who))
    if not attempts.allow(OF_NUMBER, number):
        begin_write()
        _give_back(person)
        raise TooManyAttempts(OF_NUMBER, attempts.minutes_left(OF_NUMBER, number))
    verdict = check(number, password)
    if isinstance(verdict, Right):
        begin_write()
        attempts.forget(OF_NUMBER, number)
        _give_back(person)
    return verdict


def _give_back(person: Person) -> None:
    """A try that was none: the password was right, or the bureau wasn't asked. Commits."""
    attempts.give_back(person.kind, str(person.account_id))
    db.session.commit()


def tries_left(person: Person, number: str) -> int:
    """How many wrong tries a person has for a number in the running hour."""
    return min(attempts.left(person.kind, str(person.account_id)), attempts.left(OF_NUMBER, number))


def minutes_left(person: Person, number: str) -> int:
    """After how many minutes somebody whose tries are used up may try again."""
    kinds = ((person.kind, str(person.account_id)), (OF_NUMBER, number))
    return max(attempts.minutes_left(kind, who) for kind, who in kinds if not attempts.left(kind, who))
