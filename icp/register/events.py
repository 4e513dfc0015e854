"""The history of the register: one event a change, with what was on record before it."""

from __future__ import annotations

from typing import Any, Literal

from icp.extensions import db, now
from icp.register.models import RegisterEvent, Subject

Cause = Literal["bureau", "import"]


def note(subject: Subject, kind: str, before: dict[str, Any] | None, **more: Any) -> None:
    """Note a change of a subject's record.

    Args:
        subject: whose record.
        kind: one of ``icp.register.models.KINDS``.
        before: the record before it, see ``icp.register.reading.snapshot``; None when there was none.
        more: further columns of ``RegisterEvent``.
    """
    subject.updated_at = now()
    db.session.add(RegisterEvent(subject_id=subject.id, kind=kind, before=before, **more))
    db.session.flush()
