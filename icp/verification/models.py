"""The tables of the check in person: one row for each check of a website, and its appointment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, RowUid, now
from icp.sealing import Sealed

BigId = BigInteger().with_variant(Integer, "sqlite")
STANDING = text("voided_at IS NULL")


class Verification(RowUid):
    """The check of one website and its principal against one revision; void once a printed field has changed.

    Attributes:
        revision_no: the revision the data were compared with; good for later ones as long as they print the same.
        verifier_id: who met the principal, None until something is recorded.
        place: where they met.
        papers_seen: key of a one-of item → kind of document seen.
        verdicts: key of an item → {"answer": code, "note": what is wrong}.
        photo_paper_id: the photo of the principal, taken on the spot.
        form_paper_id: the scan of the form with both signatures.
    """

    __tablename__ = "verification"
    __table_args__ = (
        Index(
            "uq_verification_standing",
            "filing_id",
            "website_row",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    website_row: Mapped[str] = mapped_column(String(12))
    revision_no: Mapped[int]
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    place: Mapped[str] = mapped_column(String(64), default="")
    met_at: Mapped[dt.datetime | None]
    sealed_papers_seen: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_verdicts: Mapped[bytes | None] = mapped_column(LargeBinary)
    photo_paper_id: Mapped[str | None] = mapped_column(ForeignKey("paper.id", ondelete="SET NULL"))
    form_paper_id: Mapped[str | None] = mapped_column(ForeignKey("paper.id", ondelete="SET NULL"))
    voided_at: Mapped[dt.datetime | None]
    completed_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    papers_seen: Any = Sealed("sealed_papers_seen")
    verdicts: Any = Sealed("sealed_verdicts")


class Booking(Model):
    """When and where the principal of a website comes; moving an appointment changes the row."""

    __tablename__ = "booking"
    __table_args__ = (UniqueConstraint("filing_id", "website_row"), Index("ix_booking_place", "slot_at", "place"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    website_row: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(64))
    slot_at: Mapped[dt.datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
