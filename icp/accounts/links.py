"""Links by mail: one row a link, holding the hash of a random code, its purpose, whom it serves, and until when.

A link opens a page with a button, so that scanners which follow links in mail use nothing up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from sqlalchemy import select, update

from icp.accounts.models import Account, MailLink
from icp.extensions import db, now

PURPOSES = (
    "confirm_email",
    "sign_in",
    "password",
    "staff_invitation",
    "first_administrator",
    "change_email",
    "resume",
    "handoff",
)

TO_A_DRAFT = ("resume", "handoff")
KEPT_DAYS = 30
"""How long the row of a link that ran out is kept."""


def _hash(purpose: str, code: str) -> str:
    return hashlib.sha256(f"{purpose}\0{code}".encode()).hexdigest()


def issue(
    purpose: str,
    *,
    address: str = "",
    account: Account | None = None,
    filing_id: int | None = None,
    lifetime: dt.timedelta,
    code: str = "",
) -> str:
    """Make a link in the caller's transaction and give its code (32 characters), which is stored nowhere.

    Args:
        purpose: one of ``PURPOSES``.
        address: where it is mailed, kept sealed.
        account: whom it serves, if he has an account.
        filing_id: the filing it opens, if any.
        lifetime: how long it works.
        code: a shorter random one, for links that are typed by hand and live for minutes.
    """
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    code = code or secrets.token_urlsafe(24)
    db.session.add(
        MailLink(
            code_hash=_hash(purpose, code),
            purpose=purpose,
            account_id=account.id if account else None,
            filing_id=filing_id,
            address=address or None,
            expires_at=now() + lifetime,
        )
    )
    db.session.flush()
    return code


def find(purpose: str, code: str) -> MailLink | None:
    """The link of a code; None for every failure alike: unknown, of another purpose, used up, expired."""
    link = db.session.scalar(select(MailLink).where(MailLink.code_hash == _hash(purpose, code)))
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= now():
        return None
    return link


def use_up(link: MailLink) -> bool:
    """End a link for one use; False when somebody else was faster, and then the verb must not go on."""
    used: Any = db.session.execute(
        update(MailLink).where(MailLink.id == link.id, MailLink.used_at.is_(None)).values(used_at=now())
    )
    return bool(used.rowcount == 1)


def end_earlier(purpose: str, account_id: int) -> None:
    """End what was mailed before, so that only the newest link of a purpose works."""
    db.session.execute(
        update(MailLink)
        .where(MailLink.purpose == purpose, MailLink.account_id == account_id, MailLink.used_at.is_(None))
        .values(used_at=now())
    )


def end_of_filing(filing_id: int) -> None:
    """End the resume and hand-off links of a filing; submission does."""
    db.session.execute(
        update(MailLink)
        .where(MailLink.filing_id == filing_id, MailLink.purpose.in_(TO_A_DRAFT), MailLink.used_at.is_(None))
        .values(used_at=now())
    )
