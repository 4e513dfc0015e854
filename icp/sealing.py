"""Sealing: personal data at rest are encrypted, bound to their row, and found again by keyed hashes.

A sealed value is ``key id (1 byte) + nonce (12) + AES-256-GCM``; the associated data name the table, the column and
the row's own random ``uid``, so that a value copied to another row or column doesn't open.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

NONCE = 12


class SealError(Exception):
    """A sealed value can't be opened: it was moved, altered, or its key is gone."""


@dataclass(frozen=True)
class Keyring:
    """The keys in force: ``ids`` newest first, ``keys`` 32 bytes each."""

    keys: dict[int, bytes]
    newest: int

    @cached_property
    def _ciphers(self) -> dict[int, AESGCM]:
        return {id_: AESGCM(key) for id_, key in self.keys.items()}

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read ``1:base64,2:base64`` (newest first).

        Raises:
            ValueError: a key isn't 32 bytes or an id isn't from 1 to 255.
        """
        keys: dict[int, bytes] = {}
        for part in text.split(","):
            name, _, value = part.strip().partition(":")
            key = base64.b64decode(value, validate=True)
            if len(key) != 32 or not 1 <= int(name) <= 255:
                raise ValueError("a seal key is `id:base64` with an id from 1 to 255 and 32 bytes")
            keys[int(name)] = key
        return cls(keys, next(iter(keys)))

    def seal(self, plain: bytes, bound_to: str) -> bytes:
        """Encrypt ``plain`` with the newest key, bound to the place named by ``bound_to``."""
        nonce = os.urandom(NONCE)
        return bytes([self.newest]) + nonce + self._ciphers[self.newest].encrypt(nonce, plain, bound_to.encode())

    def unseal(self, sealed: bytes, bound_to: str) -> bytes:
        """Open what ``seal`` made.

        Raises:
            SealError: altered, moved to another place, or sealed with a key that is gone.
        """
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise SealError("sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], bound_to.encode())
        except InvalidTag:
            raise SealError("a sealed value doesn't open in its place") from None

    def keyed_hash(self, purpose: str, value: str) -> str:
        """A keyed hash (64 hex) for exact search; equal values of one purpose hash alike.

        It is made with the oldest key, which therefore stays in the ring for as long as the data.
        """
        oldest = self.keys[list(self.keys)[-1]]
        return hmac.new(oldest, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def load_keyring(seal_keys: str, instance: Path) -> Keyring:
    """The keyring from the setting, or from ``instance/keys/seal.key``, which is made on first use."""
    if seal_keys:
        return Keyring.parse(seal_keys)
    path = instance / "keys" / "seal.key"
    return Keyring.parse(read_or_make(path, lambda: "1:" + base64.b64encode(os.urandom(32)).decode()))


def read_or_make(path: Path, make: Any) -> str:
    """The text of a key file that only its owner may read; made once, also when two processes start together."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def keyring() -> Keyring:
    """The keyring of the running site, read on first use."""
    ring: Keyring | None = current_app.extensions.get("keyring")
    if ring is None:
        settings = current_app.extensions["settings"]
        ring = current_app.extensions["keyring"] = load_keyring(settings.seal_keys, settings.instance)
    return ring


def keyed_hash(purpose: str, value: str) -> str:
    """Keyed hash of ``value`` under the running site's keys (see ``Keyring.keyed_hash``)."""
    return keyring().keyed_hash(purpose, value)


def sealed_column(**options: Any) -> Mapped[bytes | None]:
    """A column that holds a sealed value; read and write it through ``Sealed``."""
    column: Mapped[bytes | None] = mapped_column(LargeBinary, **options)
    return column


class Sealed:
    """Descriptor over a sealed column of a model with ``RowUid``; holds any JSON value, or None.

    Usage::

        sealed_email = sealed_column()
        email = Sealed("sealed_email")
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def __set_name__(self, owner: Any, name: str) -> None:
        self.table: str = owner.__tablename__

    def __get__(self, row: Any, owner: type) -> Any:
        return self if row is None else self.open(row.uid, getattr(row, self.column))

    def __set__(self, row: Any, value: Any) -> None:
        setattr(row, self.column, self.close(row.uid, value))

    def open(self, uid: str, sealed: bytes | None) -> Any:
        """The value sealed in the row ``uid``."""
        return None if sealed is None else json.loads(keyring().unseal(sealed, f"{self.table}.{self.column}.{uid}"))

    def close(self, uid: str, value: Any) -> bytes | None:
        """The value, sealed for the row ``uid``."""
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return keyring().seal(plain, f"{self.table}.{self.column}.{uid}")
