"""White space is no content: what a schema's shortest length lets pass and still says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from icp.loopback_bureau.checks.base import Case, Finding

CODES = {"Ym": 1004, "Wzmc": 1020, "Syurl": 1022}
"""Element → the code that speaks for it; 1999 for any other."""
ELSEWHERE = frozenset(
    {"Fzr_xm", "Fzr_dhhm", "Fzr_sjhm", "sjhm", "Fzr_dzyj", "Msn", "Qq", "Fzr_zjhm"}  # a principal's own checks
    | {"Zjhm", "Ztbah", "ICPmm", "Fjnr", "Spwj", "Hssj", "Rbsj", "Clsx", "Sbrdh", "Sbrdzyj"}
)
"""What its own check finds wrong when it is blank."""


def values(case: Case) -> Iterator[Finding]:
    """1004, 1020, 1022 or 1999: a text of the record that is there and blank."""
    for node in case.record.iter():
        if len(node) == 0 and not (node.text or "").strip() and node.tag not in ELSEWHERE:
            code = CODES.get(node.tag, 1999)
            yield Finding(code, "" if node.tag in CODES else f"{node.getparent().tag}/{node.tag} 为空白")
