"""Characters the bureau's interface can't carry (its files are GBK) and lengths of its fields."""

from __future__ import annotations

from icp.rules.correction import Value
from icp.rules.findings import Findings

# Longest and shortest text of the wire's element (upload tables of interface V.3.0), in characters.
LONGEST = {
    "subject.name": 255,
    "subject.document_number": 255,
    "subject.document_address": 1024,
    "subject.mailing_address": 1024,
    "subject.supervisor": 255,
    "subject.remark": 1024,
    "subject.legal_representative.name": 128,
    "subject.legal_representative.document_number": 128,
    "website.name": 512,
    "website.domain": 128,
    "website.home_url": 255,
    "website.remark": 1024,
    "website.pre_approvals.approval_number": 512,
} | {
    f"{person}.{field}": limit
    for person in ("subject.principal", "website.principal")
    for field, limit in {
        "name": 128,
        "document_number": 128,
        "mobile": 128,
        "landline": 128,
        "emergency_phone": 128,
        "email": 128,
        "reachable_hours": 200,
    }.items()
}
SHORTEST = {"website.domain": 4, "website.home_url": 4} | {
    f"{person}.{field}": limit
    for person in ("subject.principal", "website.principal")
    for field, limit in {"mobile": 11, "landline": 11, "email": 6}.items()
}


def outside_gbk(text: str) -> str:
    """The characters of a text that GBK doesn't have, each once, in order."""
    if _encodable(text):
        return ""
    return "".join(dict.fromkeys(c for c in text if not _encodable(c)))


def _encodable(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def carry(path: str, stored: Value, found: Findings) -> None:
    """Warn of characters the bureau's system lacks and refuse what its fields can't hold."""
    if not isinstance(stored, str):
        return
    if lost := outside_gbk(stored):
        code = "gbk.name" if path.endswith("name") else "gbk.text"
        found.warn(code, characters=lost[:12], count=len(lost))
    limit = LONGEST.get(path, 0)
    if limit and len(stored) > limit:
        found.error("text.long", length=len(stored), limit=limit)
    if not found.refused and len(stored) < SHORTEST.get(path, 0):
        found.error("text.short", length=len(stored), limit=SHORTEST[path])
