"""The tables of tasks: the narrow row lists read, what happened to each, and how many there are."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, RowUid, now
from icp.sealing import Sealed

BigId = BigInteger().with_variant(Integer, "sqlite")


class Task(RowUid):
    """One thing to do, from when it came to when it is settled.

    What the bureau said of it and what was answered are sealed, since both hold personal data; ``name`` and ``domain``
    are public on record and stand open for lists.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("source", "source_no"),
        Index("ix_task_due", "state", "due_on", "id"),
        Index("ix_task_kind", "kind", "state", "due_on", "id"),
        Index("ix_task_finished", "state", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # readable, see ``verbs.task_number``
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(16), default="")  # which of its kind, see ``kinds.DETAILS``
    source: Mapped[str] = mapped_column(String(160))  # what it is about, so that a repeat is recognised
    source_no: Mapped[int] = mapped_column(default=1)  # the same asked anew after it was settled
    download_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # the file it came with
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    website_id: Mapped[int | None] = mapped_column(ForeignKey("website.id"))
    filing_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # the filing it follows from
    name: Mapped[str] = mapped_column(String(255), default="")
    domain: Mapped[str] = mapped_column(String(128), default="")
    due_on: Mapped[dt.date | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sealed_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_result: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=now)
    told_at: Mapped[dt.datetime | None]  # when the host was written to
    finished_at: Mapped[dt.datetime | None]
    content = Sealed("sealed_content")  # what the bureau (or our own verb) says, as plain data
    result = Sealed("sealed_result")  # the answer, see ``icp.tasks.answers``


class TaskEvent(RowUid):
    """One step in a task's life; never changed."""

    __tablename__ = "task_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    action: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    actor_kind: Mapped[str] = mapped_column(String(8))  # staff, bureau, system
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime] = mapped_column(default=now)
    note = Sealed("sealed_note")


class TaskCount(Model):
    """How many tasks of a kind are in a state; moved with the state, so that no page counts."""

    __tablename__ = "task_count"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    tasks: Mapped[int] = mapped_column(default=0)
