"""Ways out: mail by SMTP or as files, SMS by a gateway or as files."""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import requests

from icp.extensions import now
from icp.settings import Settings

TIMEOUT = 30.0


def send_mail(settings: Settings, message: EmailMessage) -> None:
    """Hand a mail over; returns when it is kept (file) or accepted (SMTP).

    Raises:
        OSError, smtplib.SMTPException: it could not be handed over; the worker tries again.
    """
    if settings.mail == "files":
        _keep(settings.instance / "mail", ".eml", message.as_bytes(), str(message["Message-ID"]))
        return
    context = ssl.create_default_context()
    if settings.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    with server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def send_sms(settings: Settings, mobile: str, text: str, key: str) -> None:
    """Hand an SMS over; the gateway gets the key, so that it can drop a repeat.

    Raises:
        OSError, requests.RequestException: it could not be handed over; the worker tries again.
    """
    if settings.sms == "files":
        _keep(settings.instance / "mail", ".txt", f"{mobile}\n{text}\n".encode(), key)
        return
    answer = requests.post(
        settings.sms_url,
        json={"to": mobile, "text": text, "id": key},
        headers={"Authorization": f"Bearer {settings.sms_token}", "Idempotency-Key": key},
        timeout=TIMEOUT,
    )
    answer.raise_for_status()


def _keep(folder: Path, ending: str, content: bytes, key: str) -> None:
    """Write one letter as a file, whole or not at all; a repeat replaces the first."""
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() or c in ".-" else "_" for c in key.strip("<>").partition("@")[0])
    earlier = next(iter(folder.glob(f"*-{name}{ending}")), None)
    stamp = now().astimezone(dt.UTC).strftime("%Y%m%d%H%M%S%f")
    target = earlier or folder / f"{stamp}-{name}{ending}"
    part = target.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, target)
