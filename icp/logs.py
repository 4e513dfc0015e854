"""Logs as JSON lines without personal data: numbers and addresses are masked, whoever wrote them into a message."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys

MASKS = (
    # What SQLAlchemy tells of a failed statement holds the values themselves.
    (re.compile(r"\[parameters: .*?\]\s*(?=\n|\(Background|$)", re.DOTALL), "[parameters: …]\n"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}\d{7}[\dXx](?![0-9A-Za-z])"), "[ID number]"),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{14}(?![0-9A-Za-z])"), "[ID number]"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "[phone]"),
)
"""What must not stand in a log → what stands there instead, in this order."""


def mask(text: str) -> str:
    """``text`` without identity numbers, mobile numbers, e-mail addresses and values of SQL statements."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class JsonFormatter(logging.Formatter):
    """One line a record: when (UTC), level, logger, message, and where it went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, masked."""
        line: dict[str, str | int] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process or 0,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send every log of this process to standard error as JSON lines; called by the doors, not by tests."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.INFO)
    for chatty in ("zeep", "alembic", "urllib3", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
