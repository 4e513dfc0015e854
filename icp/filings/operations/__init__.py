"""The operations, each one declaration."""

from __future__ import annotations

from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.filings.operations.new_filing import NEW_FILING

OPERATIONS: dict[str, Operation] = {operation.code: operation for operation in (NEW_FILING,)}


def get(code: str) -> Operation:
    """The operation called ``code``.

    Raises:
        KeyError: there is none.
    """
    return OPERATIONS[code]


__all__ = ["OPERATIONS", "Operation", "PaperSlot", "Part", "Step", "get"]
