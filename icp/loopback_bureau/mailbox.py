"""The bureau's own mail: number and filing password to the principal of a new sponsor, and to nobody else.

Mail is a row of the deciding transaction and leaves afterwards, at least once; its Message-ID and file name come from
the row, so that a repeat is the same letter. The password is blotted out of the row once the letter has left.
"""

from __future__ import annotations

import datetime as dt
import os
import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from icp.loopback_bureau.checks import Outcome
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.store import CHINA, Connection, Row, Store, insert, now

SMTP_TIMEOUT = 10.0
BODY = """{name}：

您的互联网信息服务备案已经审核通过。

主体备案号：{number}
备案密码：{password}

备案密码由您自己保管。以后变更、注销备案，或者更换接入服务提供者时，需要用到它。
请不要把备案密码告诉他人。

仿真省通信管理局
（仿真系统，仅供开发与演示，不是任何行政机关的来信。）
"""


def number_and_password(connection: Connection, outcome: Outcome, name: str) -> None:
    """Put the letter about a new number into the outbox, when the approval gave one."""
    if not (outcome.recipient and outcome.password):
        return
    body = BODY.format(name=name, number=outcome.filing_number, password=outcome.password)
    subject = f"备案号和备案密码：{outcome.filing_number}"
    insert(connection, "mail", recipient=outcome.recipient, subject=subject, body=body, created_at=now())


def deliver_next(store: Store, config: Config) -> bool:
    """Send the oldest letter that has not left.

    Returns:
        Whether one has left. A mail server that fails leaves it in its place, with the error in its row.
    """
    with store.read() as connection:
        row = connection.execute("SELECT * FROM mail WHERE sent_at IS NULL ORDER BY error, id LIMIT 1").fetchone()
    if row is None:
        return False
    letter = _letter(row, config)
    try:
        if config.smtp:
            _send(letter, config.smtp)
        else:
            _file(letter, row, config.mail_folder)
    except (OSError, smtplib.SMTPException) as error:
        with store.write() as connection:
            connection.execute("UPDATE mail SET error = ? WHERE id = ?", (str(error), row["id"]))
        return False
    with store.write() as connection:
        connection.execute("UPDATE mail SET sent_at = ?, body = '', error = '' WHERE id = ?", (now(), row["id"]))
    return True


def _letter(row: Row, config: Config) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = f"仿真省通信管理局 <{config.mail_from}>"
    letter["To"] = row["recipient"]
    letter["Subject"] = row["subject"]
    letter["Date"] = format_datetime(dt.datetime.fromtimestamp(row["created_at"], CHINA))
    letter["Message-ID"] = f"<bureau-{row['id']}-{int(row['created_at'])}@{config.mail_from.rpartition('@')[2]}>"
    letter.set_content(row["body"])
    return letter


def _send(letter: EmailMessage, server: str) -> None:
    host, _, port = server.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=SMTP_TIMEOUT) as connection:
        connection.send_message(letter)


def _file(letter: EmailMessage, row: Row, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = dt.datetime.fromtimestamp(row["created_at"], dt.UTC).strftime("%Y%m%dT%H%M%S")
    target = folder / f"{stamp}-bureau{row['id']}.eml"
    fresh = target.with_suffix(".part")
    with fresh.open("wb") as file:
        file.write(letter.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
