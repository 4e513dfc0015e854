"""Messages to and from the bureau: one mapping of type paths to elements, one module for each upload group."""

from __future__ import annotations

from collections.abc import Callable

from icp.bureau.messages import new_filing
from icp.bureau.messages.build import Built, BuiltRecord, Report

BUILDERS: dict[str, Callable[[Report], Built]] = {"XZBA": new_filing.build}
"""Upload group → what builds its message."""

__all__ = ["BUILDERS", "Built", "BuiltRecord", "Report"]
