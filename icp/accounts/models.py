"""People: hosts and staff, the links mailed to them, and the attempts they may make."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from icp.extensions import Model, RowUid, now
from icp.sealing import Sealed

BigId = BigInteger().with_variant(Integer, "sqlite")
ROLES = ("reviewer", "verifier", "supervisor", "administrator")


def masked_address(address: object) -> str:
    """A mail address for the screen: `l***@qingwu.example`, '' for none."""
    head, _, tail = str(address or "").partition("@")
    return f"{head[:1]}***@{tail}" if tail else ""


class Account(RowUid):
    """A person who signs in. Address and number are sealed; keyed hashes find them."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # host or staff
    role: Mapped[str] = mapped_column(String(16), default="")  # of staff, one of ROLES
    name: Mapped[str] = mapped_column(String(64), default="")
    place: Mapped[str] = mapped_column(String(64), default="")  # where a verifier meets people
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_mobile: Mapped[bytes | None] = mapped_column(LargeBinary)
    mobile_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    password_hash: Mapped[str] = mapped_column(String(160), default="")
    language: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN")
    session_stamp: Mapped[str] = mapped_column(String(32))
    email_confirmed_at: Mapped[dt.datetime | None]
    mobile_confirmed_at: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]
    sealed_factor: Mapped[bytes | None] = mapped_column(LargeBinary)  # secret of the second factor
    factor_step: Mapped[int | None] = mapped_column(BigInteger)  # last time step used, against replay
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    email = Sealed("sealed_email")
    mobile = Sealed("sealed_mobile")
    factor = Sealed("sealed_factor")

    def get_id(self) -> str:
        """What the session holds: a new stamp ends every session."""
        return f"{self.id}.{self.session_stamp}"

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in."""
        return self.disabled_at is None

    @property
    def masked_email(self) -> str:
        """The address for the screen: `l***@qingwu.example`."""
        return masked_address(self.email)

    @property
    def masked_mobile(self) -> str:
        """The number for the screen: `138****8000`."""
        number = str(self.mobile or "")
        return f"{number[:3]}****{number[-4:]}" if number else ""


class MailLink(RowUid):
    """A link mailed to somebody: the hash of a random code, what it is for, whom it serves, until when."""

    __tablename__ = "mail_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(24))
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    filing_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    sealed_address: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    address = Sealed("sealed_address")

    @property
    def masked_address(self) -> str:
        """Where it was mailed, for the screen."""
        return masked_address(self.address)

    @property
    def has_run_out(self) -> bool:
        """Whether it has lived too long to work."""
        return self.expires_at <= now()


class MobileCode(RowUid):
    """The six digits sent to a mobile number that an account wants to confirm; one at a time."""

    __tablename__ = "mobile_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_mobile: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[dt.datetime]
    mobile = Sealed("sealed_mobile")


class Attempt(Model):
    """How often something was tried in the running window; counted here, since limits must hold across processes."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_started_at", "started_at"),)

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    who: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash
    started_at: Mapped[dt.datetime]
    count: Mapped[int]
