"""The shape of the texts of one code."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """What is wrong and how to mend it; both may mention values in braces.

    Attributes:
        message: what is wrong.
        remedy: how to mend it.
        reason: id of the reason (`R0xx`) a reviewer would send the filing back for.
    """

    message: str
    remedy: str
    reason: str = ""
