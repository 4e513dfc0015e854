"""Applying one received file: group by group, all in one transaction; what a group means is said in its own module.

Of a long synchronisation most subjects are taken before, see ``icp.bureau.synchronising``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import applying_register, applying_results, applying_tables, applying_tasks, archive, synchronising
from icp.bureau.codec import schema, xml
from icp.bureau.incoming import Incoming
from icp.bureau.messages import results
from icp.bureau.messages.results import WrongRoot
from icp.bureau.models import BureauAccount, Download
from icp.extensions import db, now

READERS: dict[str, Callable[[Incoming, Any], None]] = {
    "BASJ": applying_results.filings,
    "BAJG": applying_results.answers,
    "ZXSJ": applying_register.cancellations,
    "HMDLB": applying_register.black_lists,
    "SJTB": synchronising.synchronisation,
    "JCDM": applying_tables.tables,
    "HSRW": applying_tasks.verifications,
    "HCJG": applying_tasks.checks,
    "XGTZ": applying_tasks.notices,
    "WBAWZLB": applying_tasks.unfiled_sites,
    "FFJRHMD": applying_tasks.illegal_accesses,
}
"""Group → what applies it, given the group's element; in the order in which the groups of one file are applied:
filings first, so that a letter of approval can name the numbers."""

UNREADABLE, WRONG_ROOT, EMPTY, UNREAD, SCHEMA = "unreadable", "wrong_root", "empty_file", "unread_group", "schema"
NOT_WHOLE = ("unpacking", "kept_unopened", UNREADABLE, WRONG_ROOT, EMPTY, UNREAD, SCHEMA)
"""Alerts about a file of which nothing, or not all, could be read."""

MOST_PLACES = 5
STEP = re.compile(r"[^/\[\]]+")


def apply(download_id: int) -> None:
    """Apply a stored file, in the caller's transaction, which is open for writing.

    A file whose XML can't be read changes nothing; that is noted in its row and told.
    """
    download = db.session.get_one(Download, download_id)
    # The account is locked before every filing, here and where files are taken: no two such transactions meet.
    account = accounts.locked(download.account_id)
    download = db.session.get_one(Download, download_id, with_for_update=True, populate_existing=True)
    if download.applied_at is not None:
        return
    download.applied_at = now()
    try:
        root = results.document(archive.open_download(download))
    except xml.XmlError as error:
        download.problem = str(error)
        kind, said = (WRONG_ROOT, error.name) if isinstance(error, WrongRoot) else (UNREADABLE, str(error))
        accounts.alert(account.id, kind, said, download.file_name)
        return
    _apply_groups(account, download, root)
    accounts.settle(account.id, ("not_applied",), str(download.id))


def _apply_groups(account: BureauAccount, download: Download, root: Any) -> None:
    groups = list(results.groups(root))
    unread = list(dict.fromkeys(name for name, _ in groups if name not in READERS))
    results.arrange(root)
    # Noted and told, but read all the same; only the places, since the messages quote values.
    places = list(dict.fromkeys(error.path[:200] for error in schema.check_download(root)))
    download.problem = "; ".join(places[:MOST_PLACES])
    told = [place for place in places if not set(STEP.findall(place)) & set(unread)]
    incoming = Incoming(account, download, position=download.taken)
    if not groups:
        incoming.alert(EMPTY, "")
    elif told:
        incoming.alert(SCHEMA, "; ".join(told[:MOST_PLACES]))
    if unread:
        incoming.alert(UNREAD, " ".join(unread))
    elif groups and not places:
        _came_whole(account, download)
    for wanted, reader in READERS.items():
        for name, group in groups:
            if name == wanted:
                reader(incoming, group)


def _came_whole(account: BureauAccount, download: Download) -> None:
    """Settle what was told of a file that said nothing, or not all, and has now come whole; a group may tell more."""
    name = download.file_name.partition("~")[0]  # behind it stands a digest when the name came with another content
    if accounts.settle(account.id, NOT_WHOLE, name):
        accounts.settle(account.id, ("changed_file",), name)  # which was to be hoped for


def pending(account_id: int) -> list[int]:
    """Files not applied yet, those with numbers first: a letter of approval can then name them."""
    rows = db.session.execute(
        select(Download.id, Download.groups)
        .where(Download.account_id == account_id, Download.applied_at.is_(None))
        .order_by(Download.id)
    ).all()
    return [row.id for row in sorted(rows, key=lambda row: "BASJ" not in row.groups.split())]
