"""Taking off the record what the bureau says is cancelled, whichever of its answers says so first.

After an approved cancellation a ZXSJ may follow or not (of an access it need not): the approval alone suffices.
"""

from __future__ import annotations

from sqlalchemy import select

from icp.bureau.messages.register_data import CANCELLED_ACCESS, CANCELLED_SUBJECT, CANCELLED_WEBSITE
from icp.bureau.models import BureauRecord
from icp.extensions import db
from icp.register import verbs as register
from icp.register.models import Access, Subject, Website

Row = Subject | Website | Access
OF_OPERATION = {"5": CANCELLED_ACCESS, "6": CANCELLED_SUBJECT, "7": CANCELLED_WEBSITE}
"""操作类型 (Czlx) → 注销类别 (Zxlb)."""


def live(kind: str, bureau_id: int) -> Row | None:
    """What is on record under the bureau's id and not cancelled yet, locked.

    Args:
        kind: 注销类别 (Zxlb).
        bureau_id: Ztid, Wzid or Jrid.
    """
    if kind == CANCELLED_ACCESS:
        return db.session.scalars(select(Access).where(Access.bureau_id == bureau_id).with_for_update()).first()
    if kind == CANCELLED_SUBJECT:
        subject = select(Subject).where(Subject.bureau_id == bureau_id, Subject.cancelled_at.is_(None))
        return db.session.scalars(subject.with_for_update()).first()
    website = select(Website).where(Website.bureau_id == bureau_id, Website.cancelled_at.is_(None))
    return db.session.scalars(website.with_for_update()).first()


def cancel(row: Row, *, filing_id: int | None) -> None:
    """Take it off the record.

    Args:
        row: as ``live`` gives it.
        filing_id: the filing that asked for it, None when the bureau did it by itself.
    """
    if isinstance(row, Subject):
        register.cancel_subject(row, filing_id=filing_id)
    elif isinstance(row, Website):
        register.cancel_website(row, filing_id=filing_id)
    else:
        register.cancel_access(row, filing_id=filing_id)


def approved(record: BureauRecord) -> None:
    """The bureau approves a record of ours: where it asked for a cancellation, that is done."""
    kind = OF_OPERATION.get(record.operation_type)
    if kind is None or not record.record_key.isascii() or not record.record_key.isdigit():
        return
    row = live(kind, int(record.record_key))
    if row is not None:
        cancel(row, filing_id=record.filing_id)
