"""Where papers lie: a local folder by default, S3 by setting; every object is sealed before it leaves this module."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import current_app

from icp.sealing import Keyring, keyring
from icp.settings import Settings, SettingsError

_KEY = re.compile(r"[a-z0-9]+(/[a-z0-9]+)*")


class Missing(LookupError):
    """There is no object under this key."""


class Storage(Protocol):
    """Objects by key; a key is lower-case letters and digits, with slashes."""

    def put(self, key: str, data: bytes) -> None:
        """Keep ``data`` under ``key``, whole or not at all."""

    def get(self, key: str) -> bytes:
        """What was put under ``key``. Raises ``Missing``."""

    def delete(self, key: str) -> None:
        """Forget ``key``; nothing happens when it isn't there."""

    def exists(self, key: str) -> bool:
        """Whether something lies under ``key``."""

    def aged(self, before: dt.datetime) -> Iterator[str]:
        """Keys of objects put before a moment; for housekeeping only."""


def checked_key(key: str) -> str:
    """``key`` itself.

    Raises:
        ValueError: the key could lead out of the store.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


class Folder:
    """Objects as files that only the site's own user may read."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """Write beside the place, flush to the disk, then move: a crash leaves no half file under the key."""
        path = self.root / checked_key(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name must outlive a power cut as well
        finally:
            os.close(folder)

    def get(self, key: str) -> bytes:
        """See ``Storage``."""
        try:
            return (self.root / checked_key(key)).read_bytes()
        except FileNotFoundError:
            raise Missing(key) from None

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        (self.root / checked_key(key)).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """See ``Storage``."""
        return (self.root / checked_key(key)).is_file()

    def aged(self, before: dt.datetime) -> Iterator[str]:
        """See ``Storage``; files a crash left half-written are taken away on the way."""
        for path in sorted(self.root.rglob("*")):
            if not path.is_file() or path.stat().st_mtime >= before.timestamp():
                continue
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
            else:
                yield path.relative_to(self.root).as_posix()


class Bucket:
    """Objects in S3 or a service that speaks its protocol."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def put(self, key: str, data: bytes) -> None:
        """See ``Storage``."""
        self.store.put(checked_key(key), data)

    def get(self, key: str) -> bytes:
        """See ``Storage``."""
        try:
            return bytes(self.store.get(checked_key(key)).bytes())
        except FileNotFoundError:  # obstore's NotFoundError is one
            raise Missing(key) from None

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        try:
            self.store.delete(checked_key(key))
        except FileNotFoundError:
            return

    def exists(self, key: str) -> bool:
        """See ``Storage``."""
        try:
            self.store.head(checked_key(key))
        except FileNotFoundError:
            return False
        return True

    def aged(self, before: dt.datetime) -> Iterator[str]:
        """See ``Storage``."""
        for batch in self.store.list():
            for item in batch:
                if item["last_modified"] < before:
                    yield item["path"]


class SealedStorage:
    """A storage that seals what it is given, bound to its key: an object moved to another key doesn't open."""

    def __init__(self, inner: Storage, keyring: Keyring) -> None:
        self.inner, self.keyring = inner, keyring

    def put(self, key: str, data: bytes) -> None:
        """See ``Storage``."""
        self.inner.put(key, self.keyring.seal(data, f"paper:{key}"))

    def get(self, key: str) -> bytes:
        """See ``Storage``. Raises ``icp.sealing.SealError`` when the object was altered or moved."""
        return self.keyring.unseal(self.inner.get(key), f"paper:{key}")

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        self.inner.delete(key)

    def exists(self, key: str) -> bool:
        """See ``Storage``."""
        return self.inner.exists(key)

    def aged(self, before: dt.datetime) -> Iterator[str]:
        """See ``Storage``."""
        return self.inner.aged(before)


def open_storage(settings: Settings) -> Storage:
    """The storage the settings name: `s3://bucket/prefix`, or the folder `papers` of the instance when empty.

    Raises:
        SettingsError: ``ICP_STORAGE`` is something else.
    """
    if not settings.storage:
        return Folder(settings.instance / "papers")
    address = urlsplit(settings.storage)
    if address.scheme != "s3" or not address.netloc:
        raise SettingsError(f"ICP_STORAGE: {settings.storage!r} is neither empty nor s3://bucket/prefix")
    from obstore.store import S3Store

    options: dict[str, Any] = {
        "endpoint": settings.s3_endpoint,
        "region": settings.s3_region,
        "access_key_id": settings.s3_access_key,
        "secret_access_key": settings.s3_secret_key,
    }
    prefix = address.path.strip("/")
    return Bucket(
        S3Store(
            address.netloc,
            prefix=prefix or None,
            client_options={"allow_http": settings.s3_endpoint.startswith("http://")},
            **{name: value for name, value in options.items() if value},
        )
    )


def papers_storage() -> SealedStorage:
    """The running site's storage for papers, opened once."""
    extensions = current_app.extensions
    if "papers_storage" not in extensions:
        extensions["papers_storage"] = SealedStorage(open_storage(extensions["settings"]), keyring())
    storage: SealedStorage = extensions["papers_storage"]
    return storage
