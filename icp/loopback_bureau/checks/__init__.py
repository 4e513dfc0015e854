"""The checks of uploaded records, by upload group."""

from __future__ import annotations

from icp.loopback_bureau.checks import xzba
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, findings

GROUPS: dict[str, Group] = {group.name: group for group in (xzba.GROUP,)}
"""The groups this bureau takes; another is answered by 5011."""

__all__ = ["GROUPS", "Case", "Claim", "Finding", "Group", "Outcome", "findings"]
