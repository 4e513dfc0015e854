"""The operations, each one declaration."""

from __future__ import annotations

from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.filings.operations.cancellations import CANCEL_ACCESS, CANCEL_SUBJECT, CANCEL_WEBSITE
from icp.filings.operations.change import CHANGE
from icp.filings.operations.new_access import NEW_ACCESS
from icp.filings.operations.new_filing import NEW_FILING
from icp.filings.operations.new_website import NEW_WEBSITE

OPERATIONS: dict[str, Operation] = {
    operation.code: operation
    for operation in (NEW_FILING, CHANGE, NEW_ACCESS, NEW_WEBSITE, CANCEL_ACCESS, CANCEL_WEBSITE, CANCEL_SUBJECT)
}


def get(code: str) -> Operation:
    """The operation called ``code``.

    Raises:
        KeyError: there is none.
    """
    return OPERATIONS[code]


__all__ = ["OPERATIONS", "Operation", "PaperSlot", "Part", "Step", "get"]
