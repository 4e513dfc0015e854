"""Fetching what the bureau has for us: stored and committed, then acknowledged, then applied in its own transaction.

One process polls an account at a time; the bureau hands out the same file until it is acknowledged, and a file that
comes again is acknowledged again and applied once.
"""

from __future__ import annotations

import logging

from flask import current_app
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import applying, archive
from icp.bureau.client import Bureau, NoReply, Refused
from icp.bureau.codec import packing, xml
from icp.bureau.codec.packing import PackingError, Unpacked
from icp.bureau.codec.replies import FileInfo
from icp.bureau.messages import results
from icp.bureau.models import BureauAccount, Download
from icp.bureau.sending import PERMANENT, TEMPORARY
from icp.extensions import begin_write, db, now

log = logging.getLogger(__name__)

MOST_FILES = 500  # in one round, so that a bureau that never ends doesn't keep the worker
END = frozenset({1, 2})


class _Stop(Exception):
    """This round ends here; the next begins anew."""


def poll_all() -> bool:
    """Poll every active account that isn't paused; True when there was news. Commits."""
    accounts.seed_account()  # settings may have changed since the last start
    db.session.commit()
    ready = [account.id for account in accounts.active_accounts() if not account.paused_reason]
    db.session.rollback()
    news = False
    for account_id in ready:
        news = poll(account_id) or news
    return news


def poll(account_id: int) -> bool:
    """Fetch, store, acknowledge and apply everything that waits for one account; True when there was news.

    Commits. Faults of the bureau end the round and are told to the operator where a person must act.
    """
    account = db.session.get_one(BureauAccount, account_id)
    bureau = Bureau(account.endpoint())
    seconds = max(4 * account.timeout, float(current_app.extensions["settings"].lease_seconds))
    db.session.rollback()
    holder = accounts.lease(account_id, "poll", seconds)
    if holder is None:
        return False
    news = False
    try:
        for _ in range(MOST_FILES):
            more, fetched = _fetch_one(account_id, bureau)
            news = news or fetched
            if not more or not accounts.keep_lease(account_id, "poll", holder, seconds):
                break
    except _Stop as stop:
        log.warning("polling the bureau stopped: %s", stop)
    finally:
        db.session.rollback()
        news = apply_pending(account_id) > 0 or news
        begin_write()
        db.session.get_one(BureauAccount, account_id).last_poll = now()
        db.session.commit()
        accounts.give_back(account_id, "poll", holder)
    return news


def _fetch_one(account_id: int, bureau: Bureau) -> tuple[bool, bool]:
    """One call: whether to call again, and whether a file came."""
    try:
        reply = bureau.download()
    except NoReply as error:
        raise _Stop(str(error)) from None
    except Refused as error:
        raise _refused(account_id, error) from None
    if reply.file is None or not reply.file.data_b64:
        return False, False
    download_id = _store(account_id, bureau, reply.file)
    _acknowledge(account_id, bureau, download_id, reply.file.name)
    return reply.code not in END, True


def _refused(account_id: int, error: Refused) -> _Stop:
    if error.code not in TEMPORARY:
        begin_write()
        if error.code in PERMANENT:
            accounts.pause(db.session.get_one(BureauAccount, account_id), str(error))
        accounts.alert(account_id, "paused" if error.code in PERMANENT else "refused", str(error))
        db.session.commit()
    return _Stop(str(error))


def _store(account_id: int, bureau: Bureau, file: FileInfo) -> int:
    """Open the file and keep it, committed; gives the row, also of a file that came before.

    Raises:
        _Stop: it can't be opened: not acknowledged, so that the bureau hands it out again.
    """
    try:
        unpacked = packing.unpack(
            file.data_b64,
            file.hash_b64,
            encrypt_algorithm=file.encrypt_algorithm,
            hash_algorithm=file.hash_algorithm,
            compression_format=file.compression_format,
            cipher=bureau.endpoint.cipher,
            file_name=file.name,
        )
    except PackingError as error:
        begin_write()
        accounts.alert(account_id, "unpacking", f"{error.code}: {error}", file.name)
        db.session.commit()
        raise _Stop(f"{file.name}: {error}") from None
    begin_write()
    name = (file.name or unpacked.name)[:240]
    known = _known(account_id, name)
    if known is not None and archive.open_download(known) != unpacked.xml:
        accounts.alert(account_id, "changed_file", "the same name came with another content", name)
        name = f"{name}~{packing.md5_b64(unpacked.xml)[:8]}"
        known = _known(account_id, name)
    if known is None:
        known = _new(account_id, name, file.hash_b64, unpacked)
    download_id = known.id
    db.session.commit()
    return download_id


def _known(account_id: int, name: str) -> Download | None:
    return db.session.scalar(select(Download).where(Download.account_id == account_id, Download.file_name == name))


def _new(account_id: int, name: str, hash_b64: str, unpacked: Unpacked) -> Download:
    download = Download(account_id=account_id, file_name=name, hash="".join(hash_b64.split())[:24])
    archive.seal_download(download, unpacked.xml)
    download.groups = _groups(unpacked.xml)
    db.session.add(download)
    db.session.flush()
    return download


def _groups(data: bytes) -> str:
    try:
        return " ".join(results.read(xml.parse(data)).groups)[:255]
    except xml.XmlError:
        return ""


def _acknowledge(account_id: int, bureau: Bureau, download_id: int, name: str) -> None:
    """Tell the bureau that the file is safe.

    Raises:
        _Stop: the bureau doesn't know; it would hand out the same file again.
    """
    try:
        bureau.acknowledge(name)
    except NoReply as error:
        raise _Stop(str(error)) from None
    except Refused as error:
        raise _refused(account_id, error) from None
    begin_write()
    db.session.get_one(Download, download_id).acknowledged_at = now()
    db.session.commit()


def apply_pending(account_id: int) -> int:
    """Apply every stored file once, each in its own transaction; counts those applied. Commits."""
    applied = 0
    for download_id in applying.pending(account_id):
        try:
            begin_write()
            applying.apply(download_id)
            db.session.commit()
            applied += 1
        except Exception as error:  # one bad file must not stop the others; it stays for the next round
            log.exception("download %s can't be applied", download_id)
            db.session.rollback()
            begin_write()
            accounts.alert(account_id, "not_applied", type(error).__name__, str(download_id))
            db.session.commit()
    return applied
