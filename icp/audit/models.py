"""The append-only record of who saw and did what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, event
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, now

BigId = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Model):
    """One act; never changed, and without personal values: it names objects, not their content."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_object", "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    verb: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(8), default="")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    object_kind: Mapped[str] = mapped_column(String(24), default="")
    object_id: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[dt.datetime] = mapped_column(default=now)


class AuditIsAppendOnly(Exception):
    """Something tried to alter or delete an entry of the audit."""


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse(mapper: Any, connection: Any, entry: AuditEntry) -> None:
    raise AuditIsAppendOnly(f"entry {entry.id}")
