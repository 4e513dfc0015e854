"""The tables of the heart: the narrow filing row, the buffer a host edits, frozen revisions, marks, history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, RowUid, now
from icp.filings.answers import Answers
from icp.rules.correction import Audience, Correction, Severity, Source
from icp.sealing import Sealed
from icp.vocabulary.text import Message

BigId = BigInteger().with_variant(Integer, "sqlite")
NAME = String(255).with_variant(String(255, collation="C"), "postgresql")
"""Compared code point by code point on both databases, so that names are found by their beginning."""


class Filing(Model):
    """One submission for one operation (备案订单), from draft to decision; narrow, since queues read it."""

    __tablename__ = "filing"
    __table_args__ = (
        Index("ix_filing_queue", "state", "updated_at", "id"),
        Index("ix_filing_due", "state", "resubmitted", "due_on", "id"),
        Index("ix_filing_domain", "domain"),
        Index("ix_filing_subject_name", "subject_name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # readable, with check digit; see numbering.py
    operation: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(24))
    mode: Mapped[str] = mapped_column(String(1), default="0")  # 报备方式: 0 self-reported, 1 on behalf
    entrance: Mapped[str] = mapped_column(String(32), default="direct")
    province: Mapped[str] = mapped_column(String(6), default="")
    subject_name: Mapped[str] = mapped_column(NAME, default="")
    domain: Mapped[str] = mapped_column(String(128), default="")  # of the first website, lower-case A-label
    website_name: Mapped[str] = mapped_column(String(255), default="")
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)  # on record here
    subject_key: Mapped[str] = mapped_column(String(64), default="", index=True)  # keyed hash: one open filing each
    after_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"), index=True)  # the one it waits for
    revision_no: Mapped[int] = mapped_column(default=0)
    resubmitted: Mapped[bool] = mapped_column(default=False)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state_since: Mapped[dt.datetime] = mapped_column(default=now)
    due_on: Mapped[dt.date | None]
    clock_used: Mapped[int] = mapped_column(default=0)  # working days the provider has used; stops with the host
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=now)


class FilingHost(Model):
    """A host account that may see and fill in a filing; a filing on behalf may have none."""

    __tablename__ = "filing_host"

    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)


class Draft(RowUid):
    """The buffer a host edits; nobody else reads it. Submitting freezes it as a ``Revision``."""

    __tablename__ = "draft"

    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_at: Mapped[dt.datetime | None]
    content = Sealed("sealed")


class Revision(RowUid):
    """What was submitted, frozen and numbered. Reviewers, marks, the 核验单 and uploads name the one they belong to."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("filing_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_staff: Mapped[bool] = mapped_column(default=False)
    vocabulary_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = Sealed("sealed")

    @property
    def answers(self) -> Answers:
        """The answers as submitted, in canonical form."""
        return Answers.from_json(self.content["answers"])

    @property
    def papers(self) -> dict[str, str]:
        """Instance path of a paper's slot → id of the paper."""
        papers: dict[str, str] = self.content["papers"]
        return papers


class Mark(RowUid):
    """A correction by a person or the bureau at one path of one revision, with the host's answer to it."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_filing", "filing_id", "revision_no"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    revision_no: Mapped[int]
    path: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(32), default="")  # reason id or bureau code; '' for free text
    severity: Mapped[str] = mapped_column(String(8), default="error")
    audience: Mapped[str] = mapped_column(String(8), default=Audience.HOST)  # who acts on it: host, provider
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    published_at: Mapped[dt.datetime | None]  # null until the review is sent: hosts never see half a review
    withdrawn_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(String(8), default="")  # '', mended, right
    sealed_because: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text = Sealed("sealed_text")  # {"message", "remedy", "suggestion"}
    because = Sealed("sealed_because")

    @property
    def providers(self) -> bool:
        """Whether it is the provider's own matter, of which the host learns nothing."""
        return self.audience == Audience.PROVIDER

    @property
    def correction(self) -> Correction:
        """The mark in the one shape of a correction."""
        text: dict[str, Any] = self.text or {}
        return Correction(
            path=self.path,
            code=self.code,
            severity=Severity(self.severity),
            message=Message.kept(text.get("message", "")),
            remedy=Message.kept(text.get("remedy", "")),
            suggestion=text.get("suggestion") or None,
            source=Source(self.source),
            audience=Audience(self.audience),
        )


class FilingPassword(RowUid):
    """The filing password (备案密码) of a filing that needs it: its MD5 as the wire takes it, sealed, until the end.

    What was typed is never stored; see ``icp.filings.passwords``.
    """

    __tablename__ = "filing_password"

    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(64))  # the filing number it was typed for
    verdict: Mapped[str] = mapped_column(String(12))  # right, wrong, unchecked
    said: Mapped[str] = mapped_column(String(255), default="")  # the bureau's own words, of limits for example
    wrong_times: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_at: Mapped[dt.datetime] = mapped_column(default=now)
    md5 = Sealed("sealed")


class Event(Model):
    """One step in a filing's life; appended by ``states.move`` and never changed."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    action: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(24))
    after: Mapped[str] = mapped_column(String(24))
    revision_no: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(default=now)


class Note(RowUid):
    """An internal note of the staff; hosts never see it."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    text = Sealed("sealed_text")


class StateCount(Model):
    """How many filings are in a state; moved in the same transaction as the state, so that no page counts."""

    __tablename__ = "state_count"

    state: Mapped[str] = mapped_column(String(24), primary_key=True)
    filings: Mapped[int] = mapped_column(default=0)


__all__ = [
    "BigId",
    "Draft",
    "Event",
    "Filing",
    "FilingHost",
    "FilingPassword",
    "Mark",
    "Note",
    "Revision",
    "StateCount",
]
