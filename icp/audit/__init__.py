"""Who saw and did what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from icp.audit.models import AuditEntry
from icp.extensions import db


def record(
    verb: str,
    *,
    actor: Any = None,
    object_kind: str = "",
    object_id: object = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Append an entry in the caller's transaction.

    Args:
        verb: what was done (`reveal`, `open_original`, `sign_in`).
        actor: the account, or None for the system.
        object_kind: kind of the object (`filing`, `paper`, `account`).
        object_id: its id or number.
        details: further words; never personal values.
    """
    db.session.add(
        AuditEntry(
            verb=verb,
            actor_kind=getattr(actor, "kind", ""),
            actor_id=getattr(actor, "id", None),
            object_kind=object_kind,
            object_id=str(object_id),
            details=details or {},
        )
    )


def first(verb: str, object_kind: str, object_id: object) -> AuditEntry | None:
    """Who did something to an object first, and when; None when nobody did. Arguments as those of ``record``."""
    wanted = select(AuditEntry).where(AuditEntry.verb == verb, AuditEntry.object_kind == object_kind)
    wanted = wanted.where(AuditEntry.object_id == str(object_id)).order_by(AuditEntry.id)
    return db.session.scalar(wanted.limit(1))


__all__ = ["AuditEntry", "first", "record"]
