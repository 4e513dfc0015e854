"""Every setting of the site, once: its name, type, embedded default and what it is for.

A setting is read from the environment variable ``ICP_<NAME>``. Nothing else in the package reads the
environment. The table in the README is made from this module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting has a value the site can't start with; the text names it and the remedy."""


def _setting(default: Any, doc: str, **metadata: Any) -> Any:
    return field(default=default, metadata={"doc": doc, **metadata})


@dataclass(frozen=True)
class Settings:
    """The settings of one running site, with the defaults that serve development and demonstration."""

    mode: str = _setting("development", "`development` or `production`", choices=("development", "production"))
    instance: Path = _setting(ROOT / "instance", "folder of the database, papers, keys and development mail")
    database_uri: str = _setting("", "SQLAlchemy address; empty means SQLite in the instance folder")
    secret_key: str = _setting("", "signs sessions; empty means a key file made in the instance folder (development)")
    seal_keys: str = _setting(
        "",
        "seals personal data: `id:base64` of 32 bytes, comma-separated, newest first; empty means a key file",
    )
    external_url: str = _setting("", "address under which people reach the site, for links in letters")
    provider_name: str = _setting("澄舟云", "name of the access provider")
    provider_phone: str = _setting("400-000-0000", "telephone number shown to hosts")
    provider_province: str = _setting("350000", "province (GB/T 2260) where the provider itself is located")
    provider_logo: str = _setting("", "file under static/ shown instead of the mark")
    brand_hue: int = _setting(222, "0 to 360, the accent's hue", low=0, high=360)
    default_language: str = _setting("zh_Hans_CN", "language before a reader has chosen", choices=("zh_Hans_CN", "en"))
    mail: str = _setting("files", "`files` writes .eml under instance/mail; `smtp` sends", choices=("files", "smtp"))
    mail_from: str = _setting("beian@provider.example", "sender of letters")
    smtp_host: str = _setting("127.0.0.1", "mail server")
    smtp_port: int = _setting(25, "its port", low=1, high=65535)
    smtp_user: str = _setting("", "user name; empty means no sign-in")
    smtp_password: str = _setting("", "password", secret=True)
    smtp_tls: str = _setting("starttls", "`starttls`, `tls` or `none`", choices=("starttls", "tls", "none"))
    sms: str = _setting(
        "files", "`files` writes text files under instance/mail; `http` posts JSON", choices=("files", "http")
    )
    sms_url: str = _setting("", "address of the SMS gateway")
    sms_token: str = _setting("", "its bearer token", secret=True)
    storage: str = _setting("", "empty: sealed files in the instance folder; `s3://bucket/prefix`: object storage")
    s3_endpoint: str = _setting("", "S3 endpoint, when it is not the provider's default")
    s3_region: str = _setting("", "S3 region")
    s3_access_key: str = _setting("", "S3 access key")
    s3_secret_key: str = _setting("", "S3 secret key", secret=True)
    upload_limit_mb: int = _setting(10, "largest picture a host may upload, in MB", low=1, high=50)
    draft_link_days: int = _setting(7, "life of a resume link, in days", low=1, high=60)
    account_link_minutes: int = _setting(30, "life of sign-up and password links, in minutes", low=5, high=1440)
    handoff_minutes: int = _setting(15, "life of the QR code that hands uploads to a phone, in minutes", low=5, high=60)
    draft_days: int = _setting(45, "days a draft without activity or a returned filing is kept", low=7, high=365)
    lease_seconds: int = _setting(
        60, "how long a worker may hold a piece of work before another takes it", low=5, high=3600
    )
    worker_pause: float = _setting(1.0, "seconds the worker rests when there is nothing to do")
    bureau_url: str = _setting("http://127.0.0.1:8600", "base address of the bureau's three services")
    bureau_isp_id: int = _setting(350000000001, "the provider's id at the bureau")
    bureau_user: str = _setting("beian-desk", "user name at the bureau")
    bureau_password: str = _setting("loopback-only", "password at the bureau", secret=True)
    bureau_encrypt: int = _setting(1, "0 plain, 1 AES for uploads", low=0, high=1)
    bureau_aes_key: str = _setting("LoopbackAesKey16", "16 characters", secret=True)
    bureau_aes_iv: str = _setting("0102030405060708", "16 characters")
    bureau_poll_seconds: float = _setting(300.0, "seconds between two downloads (at least 60 in production)")
    bureau_timeout: float = _setting(60.0, "seconds to wait for the bureau's answer")
    bureau_batch: int = _setting(50, "most filings in one file for the bureau", low=1, high=1000)
    on_behalf_second_person: int = _setting(
        1, "1: staff who filled in a filing on behalf don't pass it themselves; 0: they may", low=0, high=1
    )
    on_behalf_confirm: int = _setting(
        0, "1: a filing on behalf is submitted only after its host has confirmed it; 0: it doesn't wait", low=0, high=1
    )
    cancel_access_notice_days: int = _setting(
        0, "days between telling a host that his access ends and reporting it; 0 reports at once", low=0, high=365
    )
    trust_proxy: int = _setting(0, "number of reverse proxies in front whose X-Forwarded headers count", low=0, high=5)

    @property
    def production(self) -> bool:
        """Whether the site runs for real people."""
        return self.mode == "production"

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_uri or f"sqlite:///{self.instance / 'beian.sqlite3'}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read ``ICP_*`` variables.

        Args:
            environment: variables to read; the process's own when None.
            overrides: values that win over the environment (used by tests and commands).

        Raises:
            SettingsError: a value can't be read, or production is asked for with development parts.
        """
        source = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = source.get(f"ICP_{item.name.upper()}")
            if text is not None and text != "":
                values[item.name] = _read(item.name, text, type(item.default), item.metadata)
        settings = cls(**{**values, **overrides})
        settings._refuse_development_parts_in_production()
        return settings

    def _refuse_development_parts_in_production(self) -> None:
        if not self.production:
            return
        wrong = [
            (not self.secret_key, "ICP_SECRET_KEY is not set: give a random text of 32 characters or more"),
            (not self.seal_keys, "ICP_SEAL_KEYS is not set: make one with `flask keys new`"),
            (self.mail == "files", "ICP_MAIL=files is for development: set ICP_MAIL=smtp and ICP_SMTP_HOST"),
            (self.sms == "files", "ICP_SMS=files is for development: set ICP_SMS=http and ICP_SMS_URL"),
            (not self.external_url.startswith("https://"), "ICP_EXTERNAL_URL must be the site's https:// address"),
            ("127.0.0.1" in self.bureau_url or "localhost" in self.bureau_url, "ICP_BUREAU_URL is the loopback bureau"),
            (self.bureau_password == type(self).bureau_password, "ICP_BUREAU_PASSWORD is the embedded default"),
            (self.bureau_aes_key == type(self).bureau_aes_key, "ICP_BUREAU_AES_KEY is the embedded default"),
            (self.bureau_poll_seconds < 60, "ICP_BUREAU_POLL_SECONDS must be at least 60"),
        ]
        found = [text for is_wrong, text in wrong if is_wrong]
        if found:
            raise SettingsError("ICP_MODE=production can't start:\n- " + "\n- ".join(found))


def _read(name: str, text: str, kind: type[Any], metadata: Mapping[str, Any]) -> Any:
    try:
        value = Path(text).resolve() if issubclass(kind, Path) else kind(text)
    except ValueError:
        raise SettingsError(f"ICP_{name.upper()}: {text!r} is not a number") from None
    if "choices" in metadata and value not in metadata["choices"]:
        raise SettingsError(f"ICP_{name.upper()}: {text!r} is none of {', '.join(metadata['choices'])}")
    if "low" in metadata and not metadata["low"] <= value <= metadata["high"]:
        raise SettingsError(f"ICP_{name.upper()}: {value} is not from {metadata['low']} to {metadata['high']}")
    return value
