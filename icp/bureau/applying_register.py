"""Applying what changes the register besides decisions: cancellations (ZXSJ), black lists (HMDLB), synchronisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from icp import outbox
from icp.bureau import applying_tables, cancelling, correlate, deciding
from icp.bureau.incoming import NO_NUMBER, Incoming
from icp.bureau.messages import filing_data, register_data
from icp.bureau.messages.register_data import BlackSubject, BlackWebsite, Cancellation
from icp.bureau.models import Outcome
from icp.extensions import db
from icp.filings import customers, effects
from icp.register import blacklist
from icp.register import verbs as register
from icp.register.blacklist import DOMAIN, SUBJECT, Change, Entry
from icp.register.models import Access, Subject, Website
from icp.register.records import SubjectRecord

NOT_ON_RECORD, ODD, NAMES_NOBODY = "not_on_record", "odd_value", "names_nobody"
"""Why an entry is kept and not applied: we hold no such record, its kind is none we know, it names nothing."""
LISTED = "black_listed"
"""Alert: what is on record here came on a black list."""

KINDS = tuple(cancelling.OF_OPERATION.values())


def cancellations(incoming: Incoming, group: Any) -> None:
    """Apply ``ZXSJ``: what is no longer on record; a filing that asked for it is approved by it."""
    for said in register_data.cancellations(group):
        why = _cancel(incoming, said)
        if why:
            incoming.keep("cancelled", said, None, why, operation=said.kind, key=said.key)
            if why == ODD:
                incoming.alert(ODD, f"ZXSJ Zxlb {said.kind} Jlid {said.key}")


def _cancel(incoming: Incoming, said: Cancellation) -> str:
    if said.kind not in KINDS or said.bureau_id is None:
        return ODD
    row = cancelling.live(said.kind, said.bureau_id)
    payload = _told(said, row) if row is not None else {}
    asked = correlate.of_cancellation(incoming.account.id, said.kind, said.bureau_id)
    if asked is not None:
        # The letter of approval tells whoever asked for it.
        why = deciding.decide(asked, Outcome.APPROVED, said.remark)
        incoming.keep("cancelled", said, asked, why, operation=said.kind, key=said.key)
    row = cancelling.live(said.kind, said.bureau_id)  # the approval may have taken it off already
    if row is None:
        return "" if asked is not None else NOT_ON_RECORD
    cancelling.cancel(row, filing_id=asked.filing_id if asked is not None else None)
    if asked is None:
        outbox.put("letter.cancelled", f"letter.cancelled.{incoming.download.id}.{incoming.position}", payload=payload)
        incoming.keep("cancelled", said, None, "", operation=said.kind, key=said.key)
    return ""


def _told(said: Cancellation, live: cancelling.Row) -> dict[str, Any]:
    """What the letter needs, read before the record is closed."""
    website = live if isinstance(live, Website) else None
    if isinstance(live, Access):
        website = db.session.get_one(Website, live.website_id)
    subject = live if isinstance(live, Subject) else website.subject if website else None
    known = website or subject
    return {
        "subject_id": subject.id if subject else None,
        "kind": said.kind,
        "name": known.name if known else "",
        "number": known.number if known else "",
        "remark": said.remark,
    }


def black_lists(incoming: Incoming, group: Any) -> None:
    """Apply ``HMDLB``: what is added, changed or removed; entries that name nothing are kept."""
    for subject in register_data.black_subjects(group):
        _list(incoming, SUBJECT, subject, [_subject_entry(subject)])
    for website in register_data.black_websites(group):
        _list(incoming, DOMAIN, website, _website_entries(website))


def _subject_entry(said: BlackSubject) -> Entry:
    return Entry(
        said.name,
        said.document_number,
        document_type=said.document_type,
        organisation_type=said.organisation_type,
        remark=said.remark,
    )


def _website_entries(said: BlackWebsite) -> list[Entry]:
    return [Entry(said.name, domain, home_url=said.home_url, remark=said.remark) for domain in said.domains]


def _list(incoming: Incoming, kind: str, said: BlackSubject | BlackWebsite, entries: list[Entry]) -> None:
    if said.change not in set(Change):
        incoming.keep("black_list", said, None, ODD, operation=said.change)
        incoming.alert(ODD, f"HMDLB Czlx {said.change}")
        return
    change = Change(said.change)
    done = [blacklist.put(kind, entry, change, incoming.download.id) for entry in entries]
    incoming.keep("black_list", said, None, "" if done and all(done) else NAMES_NOBODY, operation=said.change)
    if change is not Change.REMOVE:
        for number in sorted({found for entry in entries if (found := _known(kind, entry))}):
            incoming.alert(LISTED, number)


def _known(kind: str, entry: Entry) -> str:
    """The number of what is on record here under an entry, '' for nothing."""
    if kind == SUBJECT:
        subject = register.by_document(entry.document_type, entry.key) if entry.key else None
        return subject.number if subject else ""
    website = register.by_domain(entry.key)
    return website.number if website else ""


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
    """Apply ``SJTB``: filings as an import with a report of what differs, tables as ``JCDM``; the rest is told."""
    unread = []
    for part in group:
        if part.tag == "ICP":
            for record in part.iterfind("Baxx"):
                _import(incoming, filing_data.filing(record))
        elif part.tag == "JCDM":
            applying_tables.tables(incoming, part)
        else:
            unread.append(f"SJTB/{part.tag}")
    if unread:
        incoming.alert("unread_group", " ".join(unread))


def _import(incoming: Incoming, said: SubjectRecord) -> None:
    websites = tuple(website for website in said.websites if website.number)
    if not said.number or not websites:
        incoming.keep("sync", said, None, NO_NUMBER, key=said.number)
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
