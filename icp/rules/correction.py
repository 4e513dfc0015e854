"""The one shape of a correction, wherever it comes from: a check while typing, the check of the whole, a reviewer's
mark, a code of the bureau."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from icp.vocabulary.text import Message


class Severity(StrEnum):
    """What a correction asks of the host."""

    ERROR = "error"  # must be mended before submission
    WARNING = "warning"  # please confirm or explain; never blocks
    INFO = "info"  # for information; settled by itself


class Source(StrEnum):
    """Who says so."""

    TYPING = "typing"
    WHOLE = "whole"
    REVIEWER = "reviewer"
    BUREAU = "bureau"


class Audience(StrEnum):
    """Whose it is to act on."""

    HOST = "host"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Correction:
    """What is wrong, how to mend it, and a value that can be taken with one click.

    Attributes:
        path: instance path of the answer, row or paper (a type path where rules run without rows).
        code: stable name of the rule (`credit_code.check_digit`), reason (`R005`) or bureau code (`1005`).
        severity: see ``Severity``.
        message: what is wrong, in Chinese; a ``Message`` can be said in other languages.
        remedy: how to mend it.
        suggestion: the value to take with one click, or None.
        source: who says so.
        audience: who has to act; what is the provider's own matter isn't shown to hosts.
    """

    path: str
    code: str
    severity: Severity
    message: str
    remedy: str = ""
    suggestion: str | None = None
    source: Source = Source.TYPING
    audience: Audience = Audience.HOST


Value = str | list[str]
"""An answer: text, or a list of texts for fields with several values. An absent answer is ''."""


@dataclass(frozen=True)
class Checked:
    """What a rule says of one value: its canonical form, which a revision stores, and the corrections."""

    stored: Value
    corrections: Sequence[Correction] = ()

    @property
    def refused(self) -> bool:
        """Whether an error keeps the value from being submitted."""
        return any(c.severity is Severity.ERROR for c in self.corrections)


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides the value; a snapshot, so that rules stay pure.

    Attributes:
        vocabulary: the code tables in force (``icp.vocabulary.Vocabulary``).
        operation: code of the operation (`new_filing`).
        today: the day on which validity is judged, a ``datetime.date`` in China.
        lookup: gives the answer at a type path, from the same row for fields of a row ('' when absent).
        provider_ranges: IPv4 ranges (first, last as integers) the provider offers this customer; empty: not known.
    """

    vocabulary: Any
    operation: str
    today: Any
    lookup: Callable[[str], Value]
    provider_ranges: tuple[tuple[int, int], ...] = ()

    def text(self, type_path: str) -> str:
        """The answer at ``type_path`` as text ('' when absent or a list)."""
        value = self.lookup(type_path)
        return value if isinstance(value, str) else ""

    def texts(self, type_path: str) -> list[str]:
        """The answer at ``type_path`` as a list of texts."""
        value = self.lookup(type_path)
        return value if isinstance(value, list) else ([value] if value else [])


Rule = Callable[[Value, Context], Checked]

__all__ = ["Audience", "Checked", "Context", "Correction", "Message", "Rule", "Severity", "Source", "Value"]
