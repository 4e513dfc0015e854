"""Writing to the register: the one place where a bureau result or an import changes what is on record."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from sqlalchemy import select

from icp.extensions import db, now
from icp.register.models import Access, Domain, RegisterEvent, Subject, Website
from icp.register.records import AccessRecord, SubjectRecord, WebsiteRecord
from icp.sealing import keyed_hash


def record(found: SubjectRecord, *, filing_id: int | None, our_isp_id: int) -> Subject:
    """Put a subject with its websites on record, or bring the record up to date; the same again changes nothing.

    Args:
        found: what the bureau says, complete for the websites it names; other websites of the subject stay.
        filing_id: the filing that brought it about, None for an import.
        our_isp_id: this provider's id, to tell our access from others'.
    """
    subject = _find_subject(found)
    details = _plain(found, "websites")
    before = None if subject is None else snapshot(subject)
    if subject is None:
        subject = Subject(number=found.number)
        db.session.add(subject)
    subject.bureau_id = found.bureau_id or subject.bureau_id
    subject.number, subject.name, subject.cancelled_at = found.number, found.name, None
    subject.province = f"{found.region_code[:2]}0000" if found.region_code else subject.province or ""
    subject.document_hash = document_hash(found.document_type, found.document_number)
    if subject.details != details:
        subject.details = details
    db.session.flush()
    for website in found.websites:
        _record_website(subject, website, our_isp_id)
    db.session.flush()
    db.session.refresh(subject)
    after = snapshot(subject)
    if before != after:
        subject.updated_at = now()
        kind = "recorded" if before is None else "replaced"
        db.session.add(RegisterEvent(subject_id=subject.id, filing_id=filing_id, kind=kind, before=before))
    db.session.flush()
    return subject


def _find_subject(found: SubjectRecord) -> Subject | None:
    if found.bureau_id is not None:
        known = db.session.scalar(select(Subject).where(Subject.bureau_id == found.bureau_id).with_for_update())
        if known:
            return known
    return db.session.scalar(select(Subject).where(Subject.number == found.number).with_for_update())


def _record_website(subject: Subject, found: WebsiteRecord, our_isp_id: int) -> Website:
    website = db.session.scalar(select(Website).where(Website.number == found.number))
    if website is None:
        website = Website(subject_id=subject.id, number=found.number)
        db.session.add(website)
    website.subject_id = subject.id
    website.bureau_id = found.bureau_id or website.bureau_id
    website.name, website.home_url, website.cancelled_at = found.name, found.home_url, None
    details = _plain(found, "domains", "accesses")
    if website.details != details:
        website.details = details
    db.session.flush()
    domains = [(d.name.lower(), d.bureau_id) for d in found.domains]
    if [(d.name, d.bureau_id) for d in website.domains] != domains:
        website.domains = [
            Domain(name=name, bureau_id=bureau_id, reversed=".".join(reversed(name.split("."))))
            for name, bureau_id in domains
        ]
    accesses = [_access(a, our_isp_id) for a in found.accesses]
    if [_key(a) for a in website.accesses] != [_key(a) for a in accesses]:
        website.accesses = accesses
    db.session.flush()
    return website


def _access(found: AccessRecord, our_isp_id: int) -> Access:
    ranges = [{"first": r.first, "last": r.last, "bureau_id": r.bureau_id} for r in found.ranges]
    return Access(
        bureau_id=found.bureau_id,
        ours=found.provider_id in (None, our_isp_id),
        details={"methods": list(found.access_methods), "locations": list(found.server_locations), "ranges": ranges},
    )


def _key(access: Access) -> tuple[Any, ...]:
    return access.bureau_id, access.ours, access.details


def _plain(found: Any, *without: str) -> dict[str, Any]:
    data = dataclasses.asdict(found)
    for name in (*without, "bureau_id", "isp_id"):
        data.pop(name, None)
    plain: dict[str, Any] = json.loads(json.dumps(data))
    return plain


def snapshot(subject: Subject) -> dict[str, Any]:
    """The whole record of a subject as plain data, for history and comparison."""
    return {
        "number": subject.number,
        "details": subject.details,
        "websites": [
            {
                "number": website.number,
                "details": website.details,
                "domains": [domain.name for domain in website.domains],
                "accesses": [access.details for access in website.accesses],
            }
            for website in subject.websites
            if website.cancelled_at is None
        ],
    }


def document_hash(document_type: str, document_number: str) -> str:
    """Keyed hash under which a document is found in the register and in black lists."""
    return keyed_hash("document", f"{document_type}:{document_number.upper()}")


def by_document(document_type: str, document_number: str) -> Subject | None:
    """The subject on record under a document, by exact number."""
    wanted = select(Subject).where(Subject.document_hash == document_hash(document_type, document_number))
    return db.session.scalar(wanted.where(Subject.cancelled_at.is_(None)))


def by_domain(name: str) -> Website | None:
    """The website on record under a domain (lower-case A-label)."""
    wanted = select(Website).join(Domain).where(Domain.name == name.lower(), Website.cancelled_at.is_(None))
    return db.session.scalar(wanted)


def of_filing(filing_id: int) -> list[Subject]:
    """The subjects a filing put on record."""
    wanted = select(Subject).join(RegisterEvent).where(RegisterEvent.filing_id == filing_id).distinct()
    return list(db.session.scalars(wanted))
