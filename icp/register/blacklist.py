"""The bureau's black lists (HMDLB): domains and subjects' documents that can't be filed (codes 1064, 1065)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from sqlalchemy import select, tuple_

from icp.extensions import db, now
from icp.register.models import BlackListed
from icp.register.verbs import document_hash
from icp.rules.domains import ascii_form
from icp.sealing import keyed_hash

DOMAIN, SUBJECT = "domain", "subject"


class Change(StrEnum):
    """What happens to an entry (Czlx of HMDLB)."""

    ADD = "0"
    CHANGE = "1"
    REMOVE = "2"


@dataclass(frozen=True)
class Entry:
    """What the bureau says of an entry; '' where it says nothing.

    Attributes:
        name: of the subject or the website.
        key: the domain (lower-case A-label), or the number of the document.
        document_type, organisation_type: of a subject.
        home_url: of a website.
        remark: the bureau's own words.
    """

    name: str = ""
    key: str = ""
    document_type: str = ""
    organisation_type: str = ""
    home_url: str = ""
    remark: str = ""


def put(kind: str, entry: Entry, change: Change, download_id: int | None = None) -> bool:
    """Apply one entry of a list; the same again changes nothing.

    Args:
        kind: `domain` or `subject`.
        entry: what is said of it.
        change: an entry that is changed or added need not be, or may be, there already.
        download_id: the file it came with.

    Returns:
        False when the entry names nothing by which it could be found.
    """
    hashed = _hash(kind, entry)
    if not hashed:
        return False
    wanted = select(BlackListed).where(BlackListed.kind == kind, BlackListed.hash == hashed)
    row = db.session.scalar(wanted.with_for_update())
    said = dataclasses.asdict(entry)
    if row is None:
        row = BlackListed(kind=kind, hash=hashed, download_id=download_id, entry=said)
        row.removed_at = now() if change is Change.REMOVE else None
        db.session.add(row)
    elif change is Change.REMOVE:
        if row.removed_at is None:
            row.removed_at, row.changed_at, row.download_id = now(), now(), download_id
    elif row.removed_at is not None or row.entry != said:
        if row.removed_at is not None:
            row.listed_at = now()
        row.removed_at, row.changed_at, row.entry, row.download_id = None, now(), said, download_id
    db.session.flush()
    return True


def listed_domains(names: Iterable[str]) -> dict[str, Entry]:
    """Which of these domains are on the list, themselves or through a domain above them.

    Args:
        names: as typed.

    Returns:
        name as given → the entry that lists it.
    """
    above = {name: _with_parents(name) for name in names if name.strip()}
    hashes = {keyed_hash("black-domain", domain): domain for domains in above.values() for domain in domains}
    found = {row.hash: Entry(**row.entry) for row in _rows(DOMAIN, hashes)}
    by_domain = {hashes[hashed]: entry for hashed, entry in found.items()}
    return {name: by_domain[d] for name, domains in above.items() for d in domains[::-1] if d in by_domain}


def listed_subject(document_type: str, document_number: str) -> Entry | None:
    """The entry of a subject's document."""
    if not document_number.strip():
        return None
    rows = _rows(SUBJECT, [document_hash(document_type, document_number.strip())])
    return Entry(**rows[0].entry) if rows else None


def page(*, removed: bool = False, before: int | None = None, most: int = 50) -> list[BlackListed]:
    """Entries in force, or those taken off, what changed last first.

    Args:
        removed: those taken off the lists.
        before: id of the last entry of the page before.
        most: how many at most.
    """
    wanted = select(BlackListed).where(
        BlackListed.removed_at.is_not(None) if removed else BlackListed.removed_at.is_(None)
    )
    if before is not None:
        last = db.session.get(BlackListed, before)
        if last is None:
            return []
        place = tuple_(BlackListed.changed_at, BlackListed.id)
        wanted = wanted.where(place < tuple_(last.changed_at, last.id))
    return list(db.session.scalars(wanted.order_by(BlackListed.changed_at.desc(), BlackListed.id.desc()).limit(most)))


def search(text: str, document_types: Iterable[str], most: int = 50) -> list[BlackListed]:
    """Entries, also those taken off, under a domain (or one above it), a whole document number, or a part of a name.

    Names are sealed, so every entry is opened to look into them.

    Args:
        text: as typed.
        document_types: the types tried for a document number.
        most: how many at most.
    """
    text = text.strip()
    hashes = {keyed_hash("black-domain", name) for name in _with_parents(text)}
    hashes |= {document_hash(kind, "".join(text.split())) for kind in document_types}
    found = list(db.session.scalars(select(BlackListed).where(BlackListed.hash.in_(hashes)).limit(most)))
    if found or len(text) < 2:
        return found
    everything = db.session.scalars(select(BlackListed).order_by(BlackListed.changed_at.desc(), BlackListed.id.desc()))
    return list(islice((row for row in everything if text.lower() in str(row.entry["name"]).lower()), most))


def _rows(kind: str, hashes: Iterable[str]) -> list[BlackListed]:
    wanted = list(hashes)
    if not wanted:
        return []
    query = select(BlackListed).where(BlackListed.kind == kind, BlackListed.hash.in_(wanted))
    return list(db.session.scalars(query.where(BlackListed.removed_at.is_(None))))


def _hash(kind: str, entry: Entry) -> str:
    if kind == SUBJECT:
        return document_hash(entry.document_type, entry.key.strip()) if entry.key.strip() else ""
    name = ascii_form(entry.key.strip()) if entry.key.strip() else None
    return keyed_hash("black-domain", name) if name else ""


def _with_parents(name: str) -> list[str]:
    """A domain and those above it, down to two labels, the domain itself first."""
    labels = (ascii_form(name.strip()) or name.strip().lower()).strip(".").split(".")
    return [".".join(labels[n:]) for n in range(max(1, len(labels) - 1))]
