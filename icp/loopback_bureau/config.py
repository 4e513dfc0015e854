"""The settings of the loopback bureau, read from the same ``ICP_BUREAU_*`` variables as the site, and its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LOOPBACK = ("127.0.0.1",)
"""The only address the bureau is bound to."""

DECISIONS = ("manual", "approve", "reject")
REFERENCES = ("sent", "sponsor")

VARIABLES = {
    "instance": "ICP_INSTANCE",
    "isp_id": "ICP_BUREAU_ISP_ID",
    "user_name": "ICP_BUREAU_USER",
    "password": "ICP_BUREAU_PASSWORD",
    "aes_key": "ICP_BUREAU_AES_KEY",
    "aes_iv": "ICP_BUREAU_AES_IV",
    "province": "ICP_PROVIDER_PROVINCE",
    "provider_name": "ICP_PROVIDER_NAME",
    "decision": "ICP_LOOPBACK_DECISION",
    "delay": "ICP_LOOPBACK_DELAY",
    "opinion": "ICP_LOOPBACK_OPINION",
    "encrypt": "ICP_LOOPBACK_ENCRYPT",
    "port": "ICP_LOOPBACK_PORT",
    "smtp": "ICP_LOOPBACK_SMTP",
    "slow_seconds": "ICP_LOOPBACK_SLOW_SECONDS",
    "queue_limit": "ICP_LOOPBACK_QUEUE_LIMIT",
    "password_attempts": "ICP_LOOPBACK_PASSWORD_ATTEMPTS",
    "mail_from": "ICP_LOOPBACK_MAIL_FROM",
    "change_limit": "ICP_LOOPBACK_CHANGE_LIMIT",
    "reference": "ICP_LOOPBACK_REFERENCE",
}
"""Field → environment variable."""


class ConfigError(ValueError):
    """A setting can't be used; the text names it."""


@dataclass(frozen=True)
class Config:
    """One running loopback bureau.

    Attributes:
        instance: the site's instance folder; the bureau's own files lie in ``loopback/`` below it.
        isp_id, user_name, password, aes_key, aes_iv: the account that exists from the start, equal to the site's
            embedded defaults.
        province: six-digit code of the bureau's province, which is that of the provider.
        provider_name: name shown to the officer.
        decision: ``manual`` waits for an officer, ``approve`` and ``reject`` decide by themselves.
        delay: seconds between the end of the checks and a decision by policy.
        opinion: the opinion given with a decision by policy.
        encrypt: 1 encrypts downloads, 0 sends them plain.
        port: TCP port, 0 takes a free one.
        smtp: ``host:port`` of a mail server; empty writes ``.eml`` files under ``<instance>/mail``.
        slow_seconds: how long a slow answer takes.
        queue_limit: files waiting to be processed beyond which an upload is answered by 15.
        password_attempts: checks of one filing password allowed per hour.
        mail_from: sender of the bureau's mail.
        change_limit: changes of one sponsor that a provider may report within a day.
        reference: what ``Bs`` of a result holds. The interface has two readings for operations 3 to 7 and 35: ``sent``
            is the id or number that was uploaded, ``sponsor`` the bureau's id of the sponsor (of a new access, the
            enterprise's id of the access record).
    """

    instance: Path = ROOT / "instance"
    isp_id: int = 350000000001
    user_name: str = "beian-desk"
    password: str = "loopback-only"  # noqa: S105 - a stand-in's password protects nothing
    aes_key: str = "LoopbackAesKey16"
    aes_iv: str = "0102030405060708"
    province: str = "350000"
    provider_name: str = "澄舟云"
    decision: str = "manual"
    delay: float = 0.0
    opinion: str = ""
    encrypt: int = 1
    port: int = 8600
    smtp: str = ""
    slow_seconds: float = 90.0
    queue_limit: int = 1000
    password_attempts: int = 5
    mail_from: str = "beian@bureau.example"
    change_limit: int = 20
    reference: str = "sent"

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise ConfigError(f"ICP_LOOPBACK_DECISION: {self.decision!r} is none of {', '.join(DECISIONS)}")
        if self.reference not in REFERENCES:
            raise ConfigError(f"ICP_LOOPBACK_REFERENCE: {self.reference!r} is none of {', '.join(REFERENCES)}")
        if self.smtp and not self.smtp.rpartition(":")[2].isdigit():
            raise ConfigError(f"ICP_LOOPBACK_SMTP: {self.smtp!r} is not host:port")

    @property
    def database(self) -> Path:
        """The bureau's database file."""
        return self.instance / "loopback" / "bureau.sqlite3"

    @property
    def mail_folder(self) -> Path:
        """Where mail is put in development; the site's development mailbox shows the same folder."""
        return self.instance / "mail"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Config:
        """Read the environment; ``overrides`` win over it.

        Raises:
            ConfigError: a value can't be read.
        """
        source = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = source.get(VARIABLES[item.name], "")
            if text and item.name not in overrides:
                values[item.name] = _read(VARIABLES[item.name], text, type(item.default))
        return cls(**values, **overrides)


def _read(name: str, text: str, kind: Any) -> Any:
    try:
        return Path(text).resolve() if issubclass(kind, Path) else kind(text)
    except ValueError:
        raise ConfigError(f"{name}: {text!r} is not a number") from None
