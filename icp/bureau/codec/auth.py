"""How a caller proves who it is (interface section on authentication): a fresh random text and a hash of both."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string

RAND_LENGTH = 20
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def rand_val() -> str:
    """20 random characters (digits and letters), fresh for each call."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RAND_LENGTH))


def password_hash(password: str, rand: str) -> str:
    """The ``pwdHash`` of a call: base64 of the MD5 over password + random text, in GBK, password first.

    Args:
        password: the account's password as the bureau issued it.
        rand: the call's ``randVal``.

    Raises:
        UnicodeEncodeError: the password holds a character outside GBK.
    """
    digest = hashlib.md5((password + rand).encode("gbk"), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def password_fits(password: str, rand: str, claimed: str) -> bool:
    """Whether ``claimed`` is the ``pwdHash`` of ``password`` and ``rand``; compared in constant time."""
    return hmac.compare_digest(password_hash(password, rand).encode(), claimed.strip().encode())


def filing_password_hash(password: str) -> str:
    """``ICPmm``: the MD5 of a filing password as 32 lower-case hexadecimal digits; compare it without case."""
    return hashlib.md5(password.encode("gbk"), usedforsecurity=False).hexdigest()
