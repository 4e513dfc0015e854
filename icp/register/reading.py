"""Reading the register: the plain shape of a record, and finding records by number, document, domain and name."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, tuple_

from icp.extensions import db
from icp.register.models import Access, Domain, NamePart, RegisterEvent, Subject, SubjectHost, Website
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)
from icp.rules import filing_numbers
from icp.sealing import keyed_hash

FOUND = 50
PART, PARTS = 32, 64
"""Longest stored end of a name, and from how many of its characters on ends are stored."""


@dataclass(frozen=True)
class Found:
    """What a number leads to: the subject, and the website when the number is a website's."""

    subject: Subject
    website: Website | None = None


def as_record(subject: Subject) -> SubjectRecord:
    """The record of a subject as plain data, with its websites that aren't cancelled and every id we know."""
    details = dict(subject.details)
    principal = PrincipalRecord(**details.pop("principal"))
    return SubjectRecord(
        **details,
        bureau_id=subject.bureau_id,
        isp_id=subject.isp_id,
        principal=principal,
        websites=tuple(website_as_record(w) for w in subject.websites if w.cancelled_at is None),
    )


def website_as_record(website: Website) -> WebsiteRecord:
    """The record of one website as plain data."""
    details = dict(website.details)
    principal = PrincipalRecord(**details.pop("principal"))
    for name in ("service_content", "languages"):
        details[name] = tuple(details[name])
    approvals = tuple((kind, number) for kind, number in details.pop("pre_approvals"))
    return WebsiteRecord(
        **details,
        bureau_id=website.bureau_id,
        isp_id=website.isp_id,
        pre_approvals=approvals,
        principal=principal,
        domains=tuple(DomainRecord(d.name, d.bureau_id, d.isp_id) for d in website.domains),
        accesses=tuple(access_as_record(a) for a in website.accesses),
    )


def access_as_record(access: Access) -> AccessRecord:
    """The record of one access as plain data."""
    details = access.details
    return AccessRecord(
        bureau_id=access.bureau_id,
        isp_id=access.isp_id,
        provider_id=access.provider_id,
        access_methods=tuple(details["methods"]),
        server_locations=tuple(details["locations"]),
        ranges=tuple(
            IpRangeRecord(r["first"], r["last"], r.get("bureau_id"), r.get("isp_id")) for r in details["ranges"]
        ),
    )


def ended_accesses(subject: Subject) -> set[int]:
    """The bureau's ids (Jrid) of a subject's accesses that were cancelled."""
    wanted = select(RegisterEvent.bureau_id).where(
        RegisterEvent.subject_id == subject.id,
        RegisterEvent.kind == "access_cancelled",
        RegisterEvent.bureau_id.is_not(None),
    )
    return {bureau_id for bureau_id in db.session.scalars(wanted) if bureau_id is not None}


def snapshot(subject: Subject) -> dict[str, Any]:
    """The whole record of a subject as plain data, for history and comparison; without ids, which aren't its content.

    A cancelled subject has no content.
    """
    if subject.cancelled_at is not None:
        return {}
    return {
        "number": subject.number,
        "details": subject.details,
        "websites": [
            {
                "number": website.number,
                "details": website.details,
                "domains": [domain.name for domain in website.domains],
                "accesses": [_without_ids(access) for access in website.accesses],
            }
            for website in subject.websites
            if website.cancelled_at is None
        ],
    }


def _without_ids(access: Access) -> dict[str, Any]:
    ranges = [{"first": r["first"], "last": r["last"]} for r in access.details["ranges"]]
    return {**access.details, "ranges": ranges, "ours": access.ours}


def told(record: SubjectRecord, our_isp_id: int) -> dict[str, Any]:
    """The ``snapshot`` there would be if ``record`` were all that is on record."""
    data = json.loads(json.dumps(dataclasses.asdict(record)))
    websites = data.pop("websites")
    return {
        "number": record.number,
        "details": data,
        "websites": [
            {
                "number": website["number"],
                "domains": [domain["name"].lower() for domain in website.pop("domains")],
                "accesses": [_told_access(access, our_isp_id) for access in website.pop("accesses")],
                "details": website,
            }
            for website in websites
        ],
    }


def _told_access(access: dict[str, Any], our_isp_id: int) -> dict[str, Any]:
    return {
        "methods": access["access_methods"],
        "locations": access["server_locations"],
        "ranges": [{"first": r["first"], "last": r["last"]} for r in access["ranges"]],
        "ours": access["provider_id"] in (None, our_isp_id),
    }


# ---- finding


def document_hash(document_type: str, document_number: str) -> str:
    """Keyed hash under which a document is found in the register and in black lists."""
    return keyed_hash("document", f"{document_type}:{document_number.upper()}")


def by_document(document_type: str, document_number: str) -> Subject | None:
    """The subject on record under a document, by exact number."""
    wanted = select(Subject).where(Subject.document_hash == document_hash(document_type, document_number))
    return db.session.scalar(wanted.where(Subject.cancelled_at.is_(None)).order_by(Subject.id).limit(1))


def by_domain(name: str) -> Website | None:
    """The website on record under a domain (lower-case A-label)."""
    wanted = select(Website).join(Domain).where(Domain.name == name.lower(), Website.cancelled_at.is_(None))
    return db.session.scalar(wanted.order_by(Website.id).limit(1))


def under_domain(name: str, after: tuple[str, int] | None = None, limit: int = FOUND) -> list[Domain]:
    """Domains on record that are ``name`` (lower-case A-label) or lie under it, cancelled websites' too.

    Args:
        name: `qingwu.example`, or an ending such as `example`.
        after: `reversed` and `id` of the last one of the page before.
        limit: so many at most.
    """
    start = reversed_labels(name)
    # "/" follows "." in the code table, so this range holds what begins with "example.qingwu." and nothing else.
    below = (Domain.reversed >= f"{start}.") & (Domain.reversed < f"{start}/")
    wanted = select(Domain).where((Domain.reversed == start) | below)
    if after is not None:
        wanted = wanted.where(tuple_(Domain.reversed, Domain.id) > tuple_(*after))
    return list(db.session.scalars(wanted.order_by(Domain.reversed, Domain.id).limit(limit)))


def reversed_labels(name: str) -> str:
    """`www.qingwu.example` → `example.qingwu.www`, in lower case."""
    return ".".join(reversed(name.lower().split(".")))


def numbered(table: type[Subject] | type[Website], text: str) -> ColumnElement[bool]:
    """The condition that a record has a filing number, however people type it or bureaus write it."""
    return table.number.in_(filing_numbers.spellings(filing_numbers.canonical(text) or text.strip()))


def by_number(text: str, *, cancelled: bool = False) -> Found | None:
    """The subject, and the website, under a filing number as people type it.

    A website's number of which only the subject is known here finds nothing.

    Args:
        text: see ``icp.rules.filing_numbers.canonical`` for what is forgiven.
        cancelled: also what is no longer on record.
    """
    website, subject = None, db.session.scalar(select(Subject).where(numbered(Subject, text)).limit(1))
    if subject is None:
        website = db.session.scalar(select(Website).where(numbered(Website, text)).limit(1))
        subject = website.subject if website is not None else None
    if subject is None:
        return None
    gone = subject.cancelled_at is not None or (website is not None and website.cancelled_at is not None)
    return None if gone and not cancelled else Found(subject, website)


def by_name(text: str, after: tuple[str, int] | None = None, limit: int = FOUND) -> list[NamePart]:
    """Where ``text`` (two characters at least) stands in the name of a subject or website, by index.

    Args:
        text: a part of the name, whatever its case and width.
        after: `text` and `id` of the last one of the page before.
        limit: so many at most; a name in which it stands twice is found twice.
    """
    start = folded(text)[:PART]
    if len(start) < 2:
        return []
    wanted = select(NamePart).where(NamePart.text >= start, NamePart.text < following(start))
    if after is not None:
        wanted = wanted.where(tuple_(NamePart.text, NamePart.id) > tuple_(*after))
    return list(db.session.scalars(wanted.order_by(NamePart.text, NamePart.id).limit(limit)))


def folded(name: str) -> str:
    """A name without spaces, case and width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def following(text: str) -> str:
    """The smallest text greater than every text that begins with ``text``."""
    return text[:-1] + chr(min(ord(text[-1]) + 1, 0x10FFFF))


def of_filing(filing_id: int) -> list[Subject]:
    """The subjects a filing put on record."""
    wanted = select(Subject).join(RegisterEvent).where(RegisterEvent.filing_id == filing_id).distinct()
    return list(db.session.scalars(wanted))


# ---- whose


def hosts_of(subject: Subject) -> list[SubjectHost]:
    """The host accounts a subject belongs to, the first one first."""
    wanted = select(SubjectHost).where(SubjectHost.subject_id == subject.id)
    return list(db.session.scalars(wanted.order_by(SubjectHost.since, SubjectHost.account_id)))


def is_of(subject: Subject, account_id: int) -> bool:
    """Whether a subject belongs to a host account."""
    return db.session.get(SubjectHost, (subject.id, account_id)) is not None


def ours(website: Website) -> bool:
    """Whether a website on record has access here."""
    return website.cancelled_at is None and any(access.ours for access in website.accesses)


def other_access_known(website: Website) -> Literal["yes", "no", "unknown"]:
    """Whether another provider gives the website access: what the bureau told us, which may have grown old.

    `unknown` when nobody told us of others' accesses, as in a list of our own customers.
    """
    if any(not access.ours for access in website.accesses):
        return "yes"
    return "no" if website.all_accesses else "unknown"
