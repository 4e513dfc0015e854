"""The gateway's tables: accounts at a bureau, what was sent and received, ids given out, results, alerts."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from icp.bureau.codec.packing import Cipher
from icp.bureau.wire import Endpoint
from icp.extensions import Model, RowUid, now
from icp.sealing import Sealed

BigId = BigInteger().with_variant(Integer, "sqlite")


class UploadState(StrEnum):
    """What became of a file on its way to the bureau."""

    PREPARED = "prepared"  # in the archive with its number; not handed over yet
    SENT = "sent"  # the call has begun
    UNCLEAR = "unclear"  # the call ended without a reply
    ACCEPTED = "accepted"  # code 0
    REFUSED = "refused"  # will not be sent again: the content failed, or the number went elsewhere


OPEN_STATES = (UploadState.PREPARED, UploadState.SENT, UploadState.UNCLEAR)


class BureauAccount(RowUid):
    """An account at one provincial bureau, with the place in its sequence."""

    __tablename__ = "bureau_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    base_url: Mapped[str] = mapped_column(String(255))
    isp_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    user: Mapped[str] = mapped_column(String(64))
    sealed_password: Mapped[bytes | None] = mapped_column(LargeBinary)
    encrypt: Mapped[bool] = mapped_column(default=False)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_iv: Mapped[bytes | None] = mapped_column(LargeBinary)
    province: Mapped[str] = mapped_column(String(6))  # where its bureau is
    serves: Mapped[str] = mapped_column(String(255), default="")  # whose filings go through it; "" the rest
    stacked_identity: Mapped[bool] = mapped_column(default=False)  # both sides of an ID as one picture
    access_papers: Mapped[bool] = mapped_column(default=True)  # whether new accesses are sent with pictures
    timeout: Mapped[float] = mapped_column(default=60.0)  # seconds
    active: Mapped[bool] = mapped_column(default=True)
    next_sequence: Mapped[int | None]  # None before the first contact
    last_poll: Mapped[dt.datetime | None]
    paused_reason: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    password = Sealed("sealed_password")
    key = Sealed("sealed_key")
    iv = Sealed("sealed_iv")

    def endpoint(self) -> Endpoint:
        """What the client needs to know."""
        cipher = Cipher(self.key, self.iv) if self.key and self.iv else None
        return Endpoint(self.base_url, self.isp_id, self.user, self.password, cipher, self.encrypt, self.timeout)


class HeldProvince(Model):
    """A province whose filings are not reported for now."""

    __tablename__ = "bureau_held_province"

    province: Mapped[str] = mapped_column(String(6), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    held_at: Mapped[dt.datetime] = mapped_column(default=now)


class BureauLease(Model):
    """Who may upload (or poll) for an account now: one process at a time, given up by itself after a while."""

    __tablename__ = "bureau_lease"

    account_id: Mapped[int] = mapped_column(ForeignKey("bureau_account.id"), primary_key=True)
    work: Mapped[str] = mapped_column(String(8), primary_key=True)  # upload, poll
    holder: Mapped[str] = mapped_column(String(32), default="")
    until: Mapped[dt.datetime | None]


class Upload(RowUid):
    """A file for the bureau: written with its number before it is sent, kept at least three months."""

    __tablename__ = "bureau_upload"
    __table_args__ = (
        Index("ix_bureau_upload_sequence", "account_id", "sequence"),
        Index("ix_bureau_upload_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bureau_account.id"))
    sequence: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(128), unique=True)
    upload_group: Mapped[str] = mapped_column(String(16))  # XZBA …
    state: Mapped[str] = mapped_column(String(12), default=UploadState.PREPARED)
    hash: Mapped[str] = mapped_column(String(24))  # base64 of the MD5 over the zip
    reply_code: Mapped[int | None]
    reply_text: Mapped[str] = mapped_column(Text, default="")
    file_code: Mapped[int | None]  # the bureau took the file and then refused it as a whole: 5001, 5008 …
    rebuilt: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    sent_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]


class Outcome(StrEnum):
    """What the bureau decided about a record."""

    OPEN = ""
    APPROVED = "approved"
    REFUSED = "refused"


class BureauRecord(Model):
    """One record element of an upload (Baxx, Xzxx, Bgxx, Zx_xx …): a filing's, or the answer to a task."""

    __tablename__ = "bureau_record"
    __table_args__ = (
        UniqueConstraint("upload_id", "position"),
        Index("ix_bureau_record_filing", "filing_id", "id"),
        Index("ix_bureau_record_key", "operation_type", "record_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("bureau_upload.id"))
    position: Mapped[int]  # in the file, from 0
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    revision: Mapped[int | None]  # of the filing; of a task, the number of its answer
    task_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    path: Mapped[str] = mapped_column(String(160), default="")  # instance path of what it stands for
    operation_type: Mapped[str] = mapped_column(String(4), default="")  # 操作类型 (Czlx) of its results
    record_key: Mapped[str] = mapped_column(String(255), default="")  # what a result's Bs holds
    outcome: Mapped[str] = mapped_column(String(8), default=Outcome.OPEN)
    said: Mapped[str] = mapped_column(Text, default="")  # the bureau's words
    decided_at: Mapped[dt.datetime | None]


class Reading(StrEnum):
    """How an identifier in an answer may be meant."""

    RECORD = "record"  # what a review's Jlid holds
    SUBJECT = "subject"  # the bureau's id or number of the subject; fits several requests


class RecordName(Model):
    """A further identifier under which an answer may name a record, beside its ``record_key``."""

    __tablename__ = "bureau_record_name"
    __table_args__ = (Index("ix_bureau_record_name_value", "value", "reading"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("bureau_record.id"), primary_key=True)
    reading: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(String(255), primary_key=True)


class UploadArchive(RowUid):
    """The zip of an upload, sealed; see ``icp.bureau.archive``."""

    __tablename__ = "bureau_upload_archive"

    upload_id: Mapped[int] = mapped_column(ForeignKey("bureau_upload.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Download(RowUid):
    """A file from the bureau: stored before it is acknowledged, applied once."""

    __tablename__ = "bureau_download"
    __table_args__ = (UniqueConstraint("account_id", "file_name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bureau_account.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    hash: Mapped[str] = mapped_column(String(24))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the XML; see icp.bureau.archive
    groups: Mapped[str] = mapped_column(String(255), default="")  # BASJ BAJG …, as far as they could be read
    received_at: Mapped[dt.datetime] = mapped_column(default=now)
    acknowledged_at: Mapped[dt.datetime | None]
    taken: Mapped[int] = mapped_column(default=0)  # subjects of its synchronisation that are on record already
    applied_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    problem: Mapped[str] = mapped_column(Text, default="")
    unopened: Mapped[str] = mapped_column(String(16), default="")  # kept as it came: its algorithms, see ``raw``


class EnterpriseId(Model):
    """The last id given out of each kind (IspZtid, IspWzid, IspYmid, IspJrid, IspIpid)."""

    __tablename__ = "enterprise_id"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class ReportedId(Model):
    """An enterprise id and what it stood for; each belongs to one report and is never used again."""

    __tablename__ = "reported_id"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    upload_id: Mapped[int] = mapped_column(ForeignKey("bureau_upload.id"), index=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    revision: Mapped[int]
    path: Mapped[str] = mapped_column(String(160))


class BureauResult(RowUid):
    """One answer of the bureau, kept whether or not it changed anything."""

    __tablename__ = "bureau_result"
    __table_args__ = (UniqueConstraint("download_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    download_id: Mapped[int] = mapped_column(ForeignKey("bureau_download.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))  # processing, review, filing
    operation_type: Mapped[str] = mapped_column(String(4), default="")
    record_key: Mapped[str] = mapped_column(String(255), default="")
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("bureau_upload.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("bureau_record.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"), index=True)
    revision: Mapped[int | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    applied: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(String(32), default="")  # why it was kept and not applied
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    content = Sealed("sealed")


class Settlement(Model):
    """A decision of the bureau that came by telephone or on its page: asked by one person, confirmed by another."""

    __tablename__ = "bureau_settlement"
    __table_args__ = (
        Index("ix_bureau_settlement_filing", "filing_id", "id"),
        Index("ix_bureau_settlement_open", "answered_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    revision: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(8))  # approved, refused
    numbers: Mapped[str] = mapped_column(Text, default="")  # given with an approval, one a line
    reason: Mapped[str] = mapped_column(String(500))  # how it came: who called, which page
    words: Mapped[str] = mapped_column(Text, default="")  # the bureau's own, for a refusal
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[dt.datetime | None]
    confirmed: Mapped[bool] = mapped_column(default=False)


class BureauAlert(Model):
    """Something about the link to the bureau that needs a person; one open row for each account, kind and what it is
    about. Those of one account and kind are shown, counted and written about as one."""

    __tablename__ = "bureau_alert"
    __table_args__ = (Index("ix_bureau_alert_open", "settled_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bureau_account.id"))
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(String(128), default="")  # what it is about: a file's or filing's number
    detail: Mapped[str] = mapped_column(Text, default="")
    times: Mapped[int] = mapped_column(default=1)
    raised_at: Mapped[dt.datetime] = mapped_column(default=now)
    last_at: Mapped[dt.datetime] = mapped_column(default=now)
    settled_at: Mapped[dt.datetime | None]


class AlertCount(Model):
    """How many kinds of trouble stand now, each account's counted for itself; moved with the alerts, so that no page
    counts."""

    __tablename__ = "bureau_alert_count"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the only row: 1
    standing: Mapped[int] = mapped_column(default=0)
