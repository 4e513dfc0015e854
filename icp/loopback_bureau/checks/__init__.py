"""The checks of uploaded records, by upload group."""

from __future__ import annotations

from icp.loopback_bureau.checks import bgba, hsjg, wbacljg, xzba, xzhyd, xzjr, xzwz, zxba
from icp.loopback_bureau.checks.base import Case, Claim, Finding, Group, Outcome, Target, findings

GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        xzba.GROUP,
        xzwz.GROUP,
        xzjr.GROUP,
        bgba.GROUP,
        zxba.GROUP,
        xzhyd.GROUP,
        hsjg.GROUP,
        wbacljg.GROUP,
    )
}
"""The groups this bureau takes; another is answered by 5011."""

__all__ = ["GROUPS", "Case", "Claim", "Finding", "Group", "Outcome", "Target", "findings"]
