"""Accounts at the bureau: seeding from the settings, pausing, leases, enterprise ids, alerts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, or_, select, update

from icp import counting, outbox
from icp.bureau.models import AlertCount, BureauAccount, BureauAlert, BureauLease, EnterpriseId
from icp.extensions import begin_write, db, now
from icp.looking_up import LookUp

ID_KINDS = ("IspZtid", "IspWzid", "IspYmid", "IspJrid", "IspIpid")
WORK = ("upload", "poll")
FIRST_ID = 10_000
QUIET = dt.timedelta(minutes=1)
"""What has settled by itself after this time is written to nobody."""
_STANDING = LookUp(select(AlertCount.standing).where(AlertCount.id == bindparam("key")))


def seed_account() -> BureauAccount:
    """Bring the account named by the settings up to date, or make it. The caller commits."""
    settings = current_app.extensions["settings"]
    begin_write()
    account = db.session.scalar(select(BureauAccount).where(BureauAccount.isp_id == settings.bureau_isp_id))
    if account is None:
        account = BureauAccount(isp_id=settings.bureau_isp_id, name=settings.provider_name)
        db.session.add(account)
    values = {
        "base_url": settings.bureau_url,
        "user": settings.bureau_user,
        "encrypt": bool(settings.bureau_encrypt),
        "province": settings.provider_province,
        "timeout": settings.bureau_timeout,
        "password": settings.bureau_password,
        "key": settings.bureau_aes_key,
        "iv": settings.bureau_aes_iv,
    }
    for name, value in values.items():
        if getattr(account, name) != value:
            setattr(account, name, value)
    db.session.flush()
    _with_rows(account)
    return account


def new(**values: Any) -> BureauAccount:
    """Another account, with what belongs to it; the caller commits.

    Args:
        values: columns of ``BureauAccount``, and ``password``, ``key``, ``iv`` in clear.
    """
    begin_write()
    account = BureauAccount(**values)
    db.session.add(account)
    db.session.flush()
    _with_rows(account)
    return account


def _with_rows(account: BureauAccount) -> None:
    """Leases and counters, made here so that no two processes make them at the same moment later."""
    for work in WORK:
        if db.session.get(BureauLease, (account.id, work)) is None:
            db.session.add(BureauLease(account_id=account.id, work=work))
    for kind in ID_KINDS:
        if db.session.get(EnterpriseId, kind) is None:
            db.session.add(EnterpriseId(kind=kind, last=FIRST_ID))
    db.session.flush()


def active_accounts() -> list[BureauAccount]:
    """Accounts in use, also those paused."""
    return list(
        db.session.scalars(select(BureauAccount).where(BureauAccount.active.is_(True)).order_by(BureauAccount.id))
    )


def reporting_account(province: str = "") -> BureauAccount | None:
    """The account through which filings of a province go, None when none is active.

    A provider reports to the bureau of the province where it is itself (1045). One with licences in several provinces
    has several accounts, each saying which provinces' filings it serves; the first that serves all takes the rest.
    """
    accounts = active_accounts()
    own = [account for account in accounts if province and province in account.serves.split()]
    others = [account for account in accounts if not account.serves] or accounts
    return next(iter(own or others), None)


def locked(account_id: int) -> BureauAccount:
    """An account, locked for the rest of the transaction, read anew; taken before any filing or upload."""
    return db.session.get_one(BureauAccount, account_id, with_for_update=True, populate_existing=True)


def pause(account: BureauAccount, reason: str) -> None:
    """Stop sending and polling until a person resumes."""
    account.paused_reason = reason[:255]


def stop(account: BureauAccount, reason: str) -> None:
    """Pause an account for what a person must mend, and tell which one stopped and why."""
    pause(account, reason)
    alert(account.id, "paused", reason, account.name)


def resume(account: BureauAccount) -> None:
    """Send and poll again."""
    account.paused_reason = ""


def lease(account_id: int, work: str, seconds: float) -> str | None:
    """Take the account for one kind of work, and commit.

    Args:
        account_id: whose.
        work: `upload` or `poll`.
        seconds: after this time somebody else may take it.

    Returns:
        the holder's key for ``keep_lease`` and ``give_back``, or None while another process has it.
    """
    begin_write()
    holder, moment = uuid.uuid4().hex, now()
    taken = db.session.execute(
        update(BureauLease)
        .where(BureauLease.account_id == account_id, BureauLease.work == work)
        .where(or_(BureauLease.until.is_(None), BureauLease.until < moment))
        .values(holder=holder, until=moment + dt.timedelta(seconds=seconds))
    )
    db.session.commit()
    return holder if taken.rowcount else None  # type: ignore[attr-defined]


def keep_lease(account_id: int, work: str, holder: str, seconds: float) -> bool:
    """Prolong a lease, and commit; False when it is lost."""
    begin_write()
    kept = db.session.execute(
        update(BureauLease)
        .where(BureauLease.account_id == account_id, BureauLease.work == work, BureauLease.holder == holder)
        .values(until=now() + dt.timedelta(seconds=seconds))
    )
    db.session.commit()
    return bool(kept.rowcount)  # type: ignore[attr-defined]


def give_back(account_id: int, work: str, holder: str) -> None:
    """End a lease, and commit."""
    begin_write()
    db.session.execute(
        update(BureauLease)
        .where(BureauLease.account_id == account_id, BureauLease.work == work, BureauLease.holder == holder)
        .values(until=None, holder="")
    )
    db.session.commit()


def next_id(kind: str) -> int:
    """A fresh enterprise id of one of ``ID_KINDS``; never given out again, also when the report comes to nothing."""
    row = db.session.scalars(select(EnterpriseId).where(EnterpriseId.kind == kind).with_for_update()).one()
    row.last += 1
    db.session.flush()
    return row.last


def alert(account_id: int, kind: str, detail: str, about: str = "") -> BureauAlert:
    """Tell the operator; the same trouble again only counts up, and of a kind an account has already nobody is written
    to. The account is locked, before anything else of the caller's."""
    locked(account_id)
    row = db.session.scalar(
        select(BureauAlert).where(
            BureauAlert.account_id == account_id,
            BureauAlert.kind == kind,
            BureauAlert.about == about[:128],
            BureauAlert.settled_at.is_(None),
        )
    )
    if row is not None:
        row.times, row.last_at, row.detail = row.times + 1, now(), detail[:2000]
        db.session.flush()
        return row
    first = not stands(account_id, kind)
    row = BureauAlert(account_id=account_id, kind=kind, about=about[:128], detail=detail[:2000])
    db.session.add(row)
    db.session.flush()
    if first:
        counting.add(AlertCount.standing, +1, id=1)
        outbox.put("alert.raised", f"alert.raised.{row.id}", payload={"alert": row.id}, run_at=now() + QUIET)
    return row


def settle(account_id: int, kinds: Collection[str], about: str) -> bool:
    """Settle what was told and is no longer so.

    Args:
        account_id: whose alerts.
        kinds: of the alerts.
        about: what they are about; a file's name stands for its further contents too (``name~digest``).

    Returns:
        whether there was any.
    """
    wanted = select(BureauAlert).where(
        BureauAlert.account_id == account_id,
        BureauAlert.kind.in_(kinds),
        BureauAlert.settled_at.is_(None),
        or_(BureauAlert.about == about[:128], BureauAlert.about.startswith(f"{about[:128]}~", autoescape=True)),
    )
    told = db.session.scalars(wanted).all()
    settled(told)
    return bool(told)


def settled(told: Iterable[BureauAlert]) -> None:
    """Note that alerts are dealt with; the caller commits."""
    ids: dict[tuple[int, str], list[int]] = {}
    for row in told:
        ids.setdefault((row.account_id, row.kind), []).append(row.id)
    for (account_id, kind), those in sorted(ids.items()):
        locked(account_id)
        changed = db.session.execute(
            update(BureauAlert)
            .where(BureauAlert.id.in_(those), BureauAlert.settled_at.is_(None))
            .values(settled_at=now())
        )
        if changed.rowcount and not stands(account_id, kind):  # type: ignore[attr-defined]
            counting.add(AlertCount.standing, -1, id=1)


def stands(account_id: int, kind: str) -> bool:
    """Whether an account has trouble of a kind."""
    wanted = select(BureauAlert.id).where(BureauAlert.settled_at.is_(None), BureauAlert.account_id == account_id)
    return db.session.scalar(wanted.where(BureauAlert.kind == kind).limit(1)) is not None


def standing() -> int:
    """How many kinds of trouble need a person now; one key is read."""
    row = _STANDING.first(key=1)
    return row.standing if row is not None else 0


def open_alerts() -> list[BureauAlert]:
    """What needs a person now, newest first."""
    wanted = select(BureauAlert).where(BureauAlert.settled_at.is_(None)).order_by(BureauAlert.id.desc())
    return list(db.session.scalars(wanted))
