"""The table of work to be done."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import RowUid, now
from icp.sealing import Sealed, sealed_column

OPEN = text("done_at IS NULL AND failed_at IS NULL")


class OutboxRow(RowUid):
    """One piece of work; it knows neither letters nor the bureau, only a kind and what its handler needs.

    Attributes:
        kind: names the handler (`letter.returned`, `bureau.report`).
        key: identity of the effect; a second row with the same key is never made.
        filing_id: the filing it is about, without a foreign key: rooms below own that table.
        revision: number of the filing's revision it is about.
        payload: what the handler needs beyond the filing; sealed, erased when the work is done.
        run_at: not before this moment.
        lease_until: while in the future, a worker holds the row.
        attempts: how often it was claimed; fences a worker that lost its lease.
        done_at: when the effect was committed.
        failed_at: when it was given up.
        last_error: what went wrong last, without personal data.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "run_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_outbox_filing_id", "filing_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    filing_id: Mapped[int | None] = mapped_column(BigInteger)
    revision: Mapped[int | None]
    sealed_payload: Mapped[bytes | None] = sealed_column()
    payload = Sealed("sealed_payload")
    run_at: Mapped[dt.datetime]
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
