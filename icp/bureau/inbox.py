"""Fetching what the bureau has for us: stored and committed, then acknowledged, then applied in its own transaction.

One process polls an account at a time; the bureau hands out the same file until it is acknowledged, and a file that
comes again is acknowledged again and applied once.
"""

from __future__ import annotations

import logging

from flask import current_app
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import applying, archive, choosing, refusals, synchronising
from icp.bureau.client import Bureau, NoReply, Refused
from icp.bureau.codec import packing, xml
from icp.bureau.codec.packing import PackingError, Unpacked
from icp.bureau.codec.replies import FileInfo
from icp.bureau.messages import results
from icp.bureau.models import BureauAccount, Download
from icp.extensions import begin_write, db, now

log = logging.getLogger(__name__)

MOST_FILES = 500  # in one round, so that a bureau that never ends doesn't keep the worker
OPEN_TRIES = 3  # rounds in which a file that doesn't open is asked for anew
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
        try:
            news = poll(account_id) or news
        except Exception:  # one account that is set up wrongly must not keep the others
            log.exception("account %s can't be polled", account_id)
            db.session.rollback()
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
    if reply.file is None or not (reply.file.data_b64 or (reply.file.name and reply.code not in END)):
        return False, False
    download_id = _store(account_id, bureau, reply.file)
    _acknowledge(account_id, bureau, download_id, reply.file.name)
    return reply.code not in END, True


def _refused(account_id: int, error: Refused) -> _Stop:
    refusals.tell(account_id, error)
    return _Stop(str(error))


def _store(account_id: int, bureau: Bureau, file: FileInfo) -> int:
    """Open the file and keep it, committed; gives the row, also of a file that came before.

    Raises:
        _Stop: it can't be opened: not acknowledged at first, so that the bureau hands it out again.
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
        return _unopened(account_id, file, error)
    begin_write()
    name = (file.name or unpacked.name)[:240]
    known = _known(account_id, name)
    if known is not None and not archive.erased(known) and archive.open_download(known) != unpacked.xml:
        accounts.alert(account_id, "changed_file", "the same name came with another content", name)
        name = f"{name}~{packing.md5_b64(unpacked.xml)[:8]}"
        known = _known(account_id, name)
    if known is None:
        known = _new(account_id, name, file.hash_b64, unpacked)
    download_id = known.id
    db.session.commit()
    return download_id


def _unopened(account_id: int, file: FileInfo, error: PackingError) -> int:
    """A file that doesn't open: asked for again a few times, then kept as it came, so that others get past it.

    Raises:
        _Stop: this was not the last try.
    """
    begin_write()
    alert = accounts.alert(account_id, "unpacking", f"{error.code}: {error}", file.name)
    if alert.times < OPEN_TRIES:
        db.session.commit()
        raise _Stop(f"{file.name}: {error}")
    accounts.settled([alert])
    raw = file.data_b64.encode()
    name = (file.name or "unnamed")[:200]
    known = _known(account_id, name)
    if known is not None and not archive.erased(known) and archive.open_download(known) != raw:
        name = f"{name}~{packing.md5_b64(raw)[:8]}"
        known = _known(account_id, name)
    if known is None:
        known = Download(account_id=account_id, file_name=name, hash="".join(file.hash_b64.split())[:24])
        archive.seal_download(known, raw)
        known.unopened = f"{file.encrypt_algorithm} {file.hash_algorithm} {file.compression_format}"[:16]
        known.problem, known.applied_at = f"{error.code}: {error}", now()
        db.session.add(known)
        db.session.flush()
        accounts.alert(account_id, "kept_unopened", f"{error.code}: {error}", name)
    download_id = known.id
    db.session.commit()
    return download_id


def open_again(download_id: int) -> bool:
    """Try once more to open a file that was kept as it came, with the account's key of now; the caller commits.

    Returns:
        whether it opened; it is applied with the next round.
    """
    begin_write()
    download = db.session.get_one(Download, download_id, with_for_update=True, populate_existing=True)
    if not download.unopened:
        return True
    if archive.erased(download):
        return False
    account = db.session.get_one(BureauAccount, download.account_id)
    encrypt, hashing, compression = (int(part) for part in download.unopened.split())
    try:
        unpacked = packing.unpack(
            archive.open_download(download).decode(),
            download.hash,
            encrypt_algorithm=encrypt,
            hash_algorithm=hashing,
            compression_format=compression,
            cipher=account.endpoint().cipher,
            file_name=download.file_name,
        )
    except PackingError as error:
        download.problem = f"{error.code}: {error}"
        return False
    archive.seal_download(download, unpacked.xml)
    download.groups = _groups(unpacked.xml)
    download.unopened, download.problem, download.applied_at = "", "", None
    return True


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
        return " ".join(results.read(results.document(data)).groups)[:255]
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
    """Apply every stored file once, each in its own transaction (long synchronisations in several); counts those
    applied. Commits."""
    applied = 0
    for download_id in applying.pending(account_id):
        try:
            synchronising.take_portions(download_id)
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
    if applied:
        choosing.look_again(account_id)
    return applied
