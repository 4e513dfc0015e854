"""Applying what changes the register besides decisions: cancellations (ZXSJ) and black lists (HMDLB)."""

from __future__ import annotations

from typing import Any

from icp import outbox
from icp.bureau import cancelling, correlate, deciding
from icp.bureau.incoming import ODD, Incoming
from icp.bureau.messages import register_data
from icp.bureau.messages.register_data import BlackSubject, BlackWebsite, Cancellation
from icp.bureau.models import Outcome
from icp.extensions import db
from icp.register import blacklist
from icp.register import verbs as register
from icp.register.blacklist import DOMAIN, SUBJECT, Change, Entry
from icp.register.models import Access, Subject, Website

NOT_ON_RECORD, NAMES_NOBODY = "not_on_record", "names_nobody"
"""Why an entry is kept and not applied: we hold no such record, it names nothing."""
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
