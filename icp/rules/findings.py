"""Collects the corrections of one value."""

from __future__ import annotations

from typing import Any

from icp.rules.correction import Checked, Correction, Severity, Source, Value
from icp.rules.messages import MESSAGES
from icp.vocabulary.text import Message


def correction(
    path: str,
    code: str,
    severity: Severity = Severity.ERROR,
    *,
    suggestion: str | None = None,
    source: Source = Source.TYPING,
    **values: Any,
) -> Correction:
    """Say what is wrong by its code.

    Args:
        path: instance path (a type path where rules run without rows).
        code: a key of ``icp.rules.messages.MESSAGES``.
        severity: what it asks of the host.
        suggestion: the value to take with one click.
        source: who says so.
        values: what the texts of the code mention.
    """
    text = MESSAGES[code]
    return Correction(
        path, code, severity, Message(text.message, **values), Message(text.remedy, **values), suggestion, source
    )


class Findings:
    """The corrections of one value, in the order in which they were found."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.corrections: list[Correction] = []

    def error(self, code: str, suggestion: str | None = None, **values: Any) -> None:
        """It must be mended before submission."""
        self.corrections.append(correction(self.path, code, Severity.ERROR, suggestion=suggestion, **values))

    def warn(self, code: str, suggestion: str | None = None, **values: Any) -> None:
        """It may be right; the host confirms or explains."""
        self.corrections.append(correction(self.path, code, Severity.WARNING, suggestion=suggestion, **values))

    def inform(self, code: str, suggestion: str | None = None, **values: Any) -> None:
        """For information."""
        self.corrections.append(correction(self.path, code, Severity.INFO, suggestion=suggestion, **values))

    @property
    def refused(self) -> bool:
        """Whether an error was found so far."""
        return any(c.severity is Severity.ERROR for c in self.corrections)

    def checked(self, stored: Value) -> Checked:
        """The outcome: the canonical value and what was found."""
        return Checked(stored, tuple(self.corrections))
