"""Messages to and from the bureau: one mapping of type paths to elements, one module for each upload group."""

from __future__ import annotations

from collections.abc import Callable

from icp.bureau.messages import cancellation, change, new_access, new_filing, new_website
from icp.bureau.messages.build import Built, BuiltRecord, Report
from icp.bureau.messages.tasks import TASK_BUILDERS, TaskReport

BUILDERS: dict[str, Callable[[Report], Built]] = {
    "XZBA": new_filing.build,
    "XZWZ": new_website.build,
    "XZJR": new_access.build,
    "BGBA": change.build,
    "ZXBA": cancellation.build,
}
"""Upload group → what builds a filing's message."""

__all__ = ["BUILDERS", "TASK_BUILDERS", "Built", "BuiltRecord", "Report", "TaskReport"]
