"""The register: our typed copy of what is on record. It changes only through a bureau result or an import."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from icp.extensions import Model, RowUid, now
from icp.sealing import Sealed

BigId = BigInteger().with_variant(Integer, "sqlite")


def by_code_point(length: int) -> String:
    """Text compared code point by code point on both databases, so that it is found by its beginning."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Subject(RowUid):
    """A subject (主体) on record."""

    __tablename__ = "subject"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bureau_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    isp_id: Mapped[int | None] = mapped_column(BigInteger)  # our id in the report that brought it, where we did
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    province: Mapped[str] = mapped_column(String(6), default="")
    document_hash: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    cancelled_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=now)
    details = Sealed("sealed")  # SubjectRecord without websites, as plain data
    websites: Mapped[list[Website]] = relationship(back_populates="subject", order_by="Website.id")


class Website(RowUid):
    """A website on record."""

    __tablename__ = "website"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    bureau_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    isp_id: Mapped[int | None] = mapped_column(BigInteger)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(512))
    home_url: Mapped[str] = mapped_column(String(512), default="")
    all_accesses: Mapped[bool] = mapped_column(default=False)  # whether others' accesses would be here too
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    cancelled_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=now)
    details = Sealed("sealed")  # WebsiteRecord without domains and accesses
    subject: Mapped[Subject] = relationship(back_populates="websites")
    domains: Mapped[list[Domain]] = relationship(cascade="all, delete-orphan", order_by="Domain.id")
    accesses: Mapped[list[Access]] = relationship(cascade="all, delete-orphan", order_by="Access.id")


class Domain(Model):
    """A domain on record: lower-case A-label, and its labels reversed for "this domain and all under it"."""

    __tablename__ = "domain"
    __table_args__ = (Index("ix_domain_name", "name"), Index("ix_domain_reversed", "reversed"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    website_id: Mapped[int] = mapped_column(ForeignKey("website.id"), index=True)
    bureau_id: Mapped[int | None] = mapped_column(BigInteger)
    isp_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(128))
    reversed: Mapped[str] = mapped_column(by_code_point(128))


class Access(Model):
    """One access (接入) of a website; ``ours`` when it runs on this provider's addresses."""

    __tablename__ = "access"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    website_id: Mapped[int] = mapped_column(ForeignKey("website.id"), index=True)
    bureau_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    isp_id: Mapped[int | None] = mapped_column(BigInteger)
    provider_id: Mapped[int | None] = mapped_column(BigInteger)  # whose access it is; None: not said
    ours: Mapped[bool] = mapped_column(default=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # methods, locations, ranges (first, last and both ids)


class NamePart(Model):
    """The end of a subject's or website's name from one of its characters on: a part of a name is found by the
    beginning of one of these, by index, on both databases."""

    __tablename__ = "name_part"
    __table_args__ = (Index("ix_name_part_text", "text", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    website_id: Mapped[int | None] = mapped_column(ForeignKey("website.id"), index=True)  # None: the subject's name
    text: Mapped[str] = mapped_column(by_code_point(32))


class SubjectHost(Model):
    """A host account to which a subject on record belongs: it filed it here, or claimed it with number and password."""

    __tablename__ = "subject_host"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    since: Mapped[dt.datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(String(16))  # filing, claim, staff


class RegisterEvent(RowUid):
    """What was on record when, and through which filing: one row a change, with the record before it."""

    __tablename__ = "register_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    by_id: Mapped[int | None] = mapped_column(BigInteger)  # the member of staff whose doing it was
    source: Mapped[str] = mapped_column(String(16), default="bureau")  # bureau, import
    kind: Mapped[str] = mapped_column(String(24))  # see KINDS
    about: Mapped[str] = mapped_column(String(64), default="")  # number of the website it is about
    bureau_id: Mapped[int | None] = mapped_column(BigInteger)  # of the access that was cancelled (Jrid)
    sealed_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime] = mapped_column(default=now)
    before = Sealed("sealed_before")


KINDS = ("recorded", "replaced", "subject_cancelled", "website_cancelled", "access_cancelled")


class RegisterImport(Model):
    """How far a file has been taken into the register, so that an import that was cut short goes on."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the file and of how it is taken
    name: Mapped[str] = mapped_column(String(255))
    done: Mapped[int] = mapped_column(default=0)  # records dealt with, in the order of the file
    recorded: Mapped[int] = mapped_column(default=0)  # of these, how many were put on record or changed it
    started_at: Mapped[dt.datetime] = mapped_column(default=now)
    finished_at: Mapped[dt.datetime | None]


class ProviderRange(Model):
    """A range of the provider's own IPv4 addresses, offered to hosts instead of typing."""

    __tablename__ = "provider_range"
    __table_args__ = (Index("ix_provider_range_first", "first"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    server_location: Mapped[str] = mapped_column(String(4), default="")
    access_method: Mapped[str] = mapped_column(String(4), default="")
    customer_hash: Mapped[str] = mapped_column(String(64), default="", index=True)  # of the e-mail; '' is everybody's
    label: Mapped[str] = mapped_column(String(64), default="")


class BlackListed(RowUid):
    """A domain or a subject's document on the bureau's black list, found by a keyed hash; removed rows stay."""

    __tablename__ = "black_listed"
    __table_args__ = (UniqueConstraint("kind", "hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # domain, subject
    hash: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    download_id: Mapped[int | None] = mapped_column(BigInteger)  # the file that last said something of it
    listed_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    entry = Sealed("sealed")  # as `icp.register.blacklist.Entry`, plain
