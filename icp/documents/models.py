"""The table of papers: pictures of documents, photos of principals, signed forms."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from icp.documents.remarks import as_correction
from icp.extensions import Model, now
from icp.rules.correction import Correction


class Paper(Model):
    """One picture in one slot of a filing. A new picture or a turn is a new row; a row's pictures never change.

    Attributes:
        path: instance path of the slot (`website[w1].papers.domain_certificate`).
        purpose: the bureau's code of the attachment's purpose, '' when the paper stays with the provider.
        original_key: storage key of the picture as uploaded, upright and without metadata; turned rows and
            copies share it.
        width, height: pixels of the picture as shown (after ``rotation``).
        original_bytes, reduced_bytes: sizes of the kept original and of the copy for the bureau.
        reduced_width, reduced_height: pixels of the copy for the bureau.
        rotation: degrees clockwise by which the original is turned.
        remarks: what the machine noticed, as ``icp.documents.remarks`` data; never blocks.
        fingerprint: keyed hash of the upload, to notice the same picture in two slots.
        from_filing_id: the filing a copy was taken over from, its own where it was copied within it; None for what
            was uploaded here.
        frozen_at: when a revision first named the paper; such papers are never swept.
    """

    __tablename__ = "paper"
    __table_args__ = (
        Index("ix_paper_slot", "filing_id", "path", "removed_at"),
        Index("ix_paper_original_key", "original_key"),
        Index("ix_paper_removed_at", "removed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: uuid.uuid4().hex)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    path: Mapped[str] = mapped_column(String(160))
    purpose: Mapped[str] = mapped_column(String(4), default="")
    original_key: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    original_bytes: Mapped[int]
    reduced_bytes: Mapped[int]
    reduced_width: Mapped[int]
    reduced_height: Mapped[int]
    rotation: Mapped[int] = mapped_column(default=0)
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    frozen_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]

    @property
    def reduced_key(self) -> str:
        """Storage key of the copy for the bureau."""
        return f"{self.id[:2]}/{self.id}/reduced"

    @property
    def view_key(self) -> str:
        """Storage key of the copy for screens."""
        return f"{self.id[:2]}/{self.id}/view"

    @property
    def corrections(self) -> list[Correction]:
        """What the machine noticed, in the one shape of a correction (warnings, at the slot's path)."""
        return [as_correction(remark, self.path) for remark in self.remarks]
