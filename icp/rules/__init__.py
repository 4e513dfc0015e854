"""Checks of what a host types: pure functions of a value, the answers beside it, the vocabulary and the day."""

from __future__ import annotations

from icp.rules.correction import Checked, Context, Correction, Severity, Source, Value
from icp.rules.domains import unicode
from icp.rules.findings import correction
from icp.rules.messages import MESSAGES, reason_of
from icp.rules.presence import asked, missing, required
from icp.rules.registry import LISTS, RULES, as_suggestion, check

__all__ = [
    "LISTS",
    "MESSAGES",
    "RULES",
    "Checked",
    "Context",
    "Correction",
    "Severity",
    "Source",
    "Value",
    "as_suggestion",
    "asked",
    "check",
    "correction",
    "missing",
    "reason_of",
    "required",
    "unicode",
]
