"""Applying a synchronisation (SJTB): what stands at the bureau replaces what stands here; differences are told.

It may hold the whole register, so its subjects are taken in portions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import applying_tables, archive, correlate
from icp.bureau.codec.xml import XmlError
from icp.bureau.incoming import NO_NUMBER, Incoming
from icp.bureau.messages import filing_data, results
from icp.bureau.models import Download, Outcome
from icp.extensions import begin_write, db, let_others_write
from icp.filings import customers, effects
from icp.register import verbs as register
from icp.register.models import Subject
from icp.register.records import SubjectRecord

PORTION = 50
"""Subjects that are taken in one transaction: about a second's work, a tenth of the time others wait for theirs."""


@dataclass(frozen=True)
class Synchronised:
    """What a synchronisation changed of one subject.

    Attributes:
        number: of the subject.
        outcome: new, changed, same.
        changes: place in the record, what stood there, what stands there now.
    """

    number: str
    outcome: str
    changes: tuple[tuple[str, str, str], ...] = ()


def synchronisation(incoming: Incoming, group: Any) -> None:
    """Apply ``SJTB``, but for the subjects that were taken before: filings as an import with a report of what differs,
    tables as ``JCDM``; the rest is told."""
    for record in _subjects(group)[incoming.download.taken :]:
        _import(incoming, filing_data.filing(record))
    unread = []
    for part in group:
        if part.tag == "JCDM":
            applying_tables.tables(incoming, part)
        elif part.tag != "ICP":
            unread.append(f"SJTB/{part.tag}")
    if unread:
        incoming.alert("unread_group", " ".join(unread))


def take_portions(download_id: int) -> None:
    """Take the subjects of a long synchronisation, but for the last portion, which ``synchronisation`` takes: each
    portion in a transaction of its own that notes how far it got. Whoever else writes comes in between. Commits.

    A file that can't be read, or has one portion only, is left as it is.
    """
    download = db.session.get_one(Download, download_id)
    found = _read(download) if "SJTB" in download.groups.split() else []
    while download.applied_at is None and len(found) - download.taken > PORTION:
        account_id, taken = download.account_id, download.taken
        said = [filing_data.filing(record) for record in found[taken : taken + PORTION]]
        let_others_write()
        begin_write()
        account = accounts.locked(account_id)
        download = db.session.get_one(Download, download_id, with_for_update=True, populate_existing=True)
        if download.taken == taken:  # nobody else took it meanwhile
            incoming = Incoming(account, download, position=taken)
            for record in said:
                _import(incoming, record)
            download.taken += len(said)
        db.session.commit()


def _read(download: Download) -> list[Any]:
    """Every subject of a file's synchronisations, in order."""
    try:
        root = results.document(archive.open_download(download))
    except XmlError:
        return []
    return [record for name, group in results.groups(root) if name == "SJTB" for record in _subjects(group)]


def _subjects(group: Any) -> list[Any]:
    return [record for part in group.iterfind("ICP") for record in part.iterfind("Baxx")]


def _import(incoming: Incoming, said: SubjectRecord) -> None:
    websites = tuple(website for website in said.websites if website.number)
    if not said.number or not websites:
        incoming.keep("sync", said, None, NO_NUMBER, key=said.number)
        incoming.alert(NO_NUMBER, f"SJTB Ztid {said.bureau_id}")
        return
    known = _subject_of(said)
    before = register.snapshot(known) if known is not None else None
    numbered = SubjectRecord(**{**vars(said), "websites": websites})
    subject = register.record(numbered, filing_id=None, our_isp_id=incoming.account.isp_id)
    after = register.snapshot(subject)
    _tell_filings(incoming, said, subject)
    changes = tuple(differences(before, after)) if before is not None else ()
    outcome = "new" if before is None else "changed" if changes else "same"
    incoming.keep("sync", Synchronised(said.number, outcome, changes), None, key=said.number)


def _tell_filings(incoming: Incoming, said: SubjectRecord, subject: Subject) -> None:
    """What brought the subject on record belongs to it, also when the data that should have said so never came."""
    through = correlate.of_filing(incoming.account.id, said)
    approved = {r.filing_id for r in through if r.outcome == Outcome.APPROVED and r.filing_id is not None}
    for filing_id in sorted(approved):
        for account_id in customers.hosts_of(filing_id):
            register.belongs_to(subject, account_id)
        effects.recorded(subject, filing_id)
    if not approved:
        effects.recorded(subject, None)


def _subject_of(said: SubjectRecord) -> Subject | None:
    if said.bureau_id is not None:
        known = db.session.scalar(select(Subject).where(Subject.bureau_id == said.bureau_id))
        if known is not None:
            return known
    return db.session.scalar(select(Subject).where(Subject.number == said.number))


def differences(before: Any, after: Any, place: str = "") -> list[tuple[str, str, str]]:
    """Where two records as plain data differ, in order; what is in one only stands beside ''."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = list(dict.fromkeys([*before, *after]))
        return [d for n in names for d in differences(before.get(n), after.get(n), f"{place}.{n}" if place else str(n))]
    if _rows(before) and _rows(after):
        return differences(_by_number(before), _by_number(after), place)
    return [] if before == after else [(place, _text(before), _text(after))]


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and "number" in one for one in value)


def _by_number(rows: list[Any]) -> dict[str, Any]:
    return {row["number"]: row for row in rows}


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    return "; ".join(_text(one) for one in value) if isinstance(value, list | tuple) else str(value)
