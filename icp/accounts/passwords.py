"""Password hashes (argon2id), with the same work whether an account exists or not."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 10, 128
"""Characters; long rather than complicated, as NIST SP 800-63B § 3.1.1.2 advises."""

COMMON = frozenset(
    {"1234567890", "12345678910", "0123456789", "123456789a", "a123456789", "qq123456789", "1qaz2wsx3edc"}
    | {"qwertyuiop", "abcdefghij", "zxcvbnm123", "password123", "password1234", "administrator"}
    | {"woaini1314", "woaini520520", "5201314520"}
)
"""Long enough, and among the first that anybody tries here."""

_hasher = PasswordHasher()
_room = threading.BoundedSemaphore(4)  # each hash takes 64 MiB


def make_hash(password: str) -> str:
    """The hash to store."""
    with _room:
        return _hasher.hash(_normal(password))


def fits(stored: str, password: str) -> bool:
    """Whether the password fits; an empty ``stored`` costs the same time and never fits."""
    with _room:
        try:
            return _hasher.verify(stored or _nobody(), _normal(password)[:MOST]) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def problem(password: str, email: str = "") -> str:
    """Why a new password can't be taken: `short`, `long`, `plain`; '' when it can.

    Args:
        password: as typed.
        email: the account's address, which is no secret.
    """
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    lower = password.lower()
    obvious = (
        lower in COMMON or len(set(lower)) < 4 or (email and lower in (email.lower(), email.lower().split("@")[0]))
    )
    return "plain" if obvious else ""


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
