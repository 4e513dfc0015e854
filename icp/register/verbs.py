"""Writing to the register: the one place where a bureau result or an import changes what is on record."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Literal, TypeVar

from sqlalchemy import delete, select

from icp.extensions import db, now
from icp.register import reading
from icp.register.cancelling import cancel_access, cancel_subject, cancel_website
from icp.register.events import Cause, note
from icp.register.models import Access, Domain, NamePart, Subject, SubjectHost, Website
from icp.register.reading import (
    as_record,
    by_document,
    by_domain,
    by_number,
    document_hash,
    of_filing,
    other_access_known,
    ours,
    snapshot,
)
from icp.register.records import AccessRecord, DomainRecord, IpRangeRecord, SubjectRecord, WebsiteRecord

Owning = Literal["filing", "claim", "staff"]
Numbered = TypeVar("Numbered", Subject, Website)


def record(
    found: SubjectRecord,
    *,
    filing_id: int | None,
    our_isp_id: int,
    source: Cause = "bureau",
    by_id: int | None = None,
    others_stay: bool = False,
) -> Subject:
    """Put a subject with its websites on record, or bring the record up to date; the same again changes nothing.

    Ids that ``found`` doesn't tell stay as they are known.

    Args:
        found: what the bureau says, complete for the websites it names; other websites of the subject stay.
        filing_id: the filing that brought it about, None for an import.
        our_isp_id: this provider's id, to tell our access from others'.
        source: who says so.
        by_id: the member of staff who brought it in.
        others_stay: ``found`` knows only our own accesses; those of others stay as they are known.
    """
    subject = _find_subject(found)
    before = None if subject is None else snapshot(subject)
    if subject is None:
        subject = Subject(number=found.number)
        db.session.add(subject)
    subject.bureau_id = found.bureau_id or subject.bureau_id
    subject.isp_id = found.isp_id or subject.isp_id
    renamed = subject.name != found.name
    subject.number, subject.name, subject.cancelled_at = found.number, found.name, None
    subject.province = f"{found.region_code[:2]}0000" if found.region_code else subject.province or ""
    subject.document_hash = document_hash(found.document_type, found.document_number)
    details = _plain(found, "websites")
    if subject.details != details:
        subject.details = details
    db.session.flush()
    if renamed:
        _keep_name(subject.name, subject.id, None)
    for website in found.websites:
        _record_website(subject, website, our_isp_id, others_stay)
    db.session.flush()
    db.session.refresh(subject)
    if before != snapshot(subject):
        kind = "replaced" if before else "recorded"
        note(subject, kind, before, filing_id=filing_id, source=source, by_id=by_id)
    return subject


def _find_subject(found: SubjectRecord) -> Subject | None:
    by_id = None
    if found.bureau_id is not None:
        by_id = db.session.scalar(select(Subject).where(Subject.bureau_id == found.bureau_id).with_for_update())
    numbered = db.session.scalar(select(Subject).where(Subject.number == found.number).with_for_update())
    return _settled(by_id, numbered)


def _settled(by_id: Numbered | None, numbered: Numbered | None) -> Numbered | None:
    """The row to bring up to date; when the bureau gave the number of one to another, the former is set aside."""
    if by_id is None or numbered is None or by_id is numbered:
        return by_id or numbered
    numbered.number = f"{numbered.number[:40]}*{numbered.id}"
    numbered.cancelled_at = numbered.cancelled_at or now()
    db.session.flush()
    return by_id


def _record_website(subject: Subject, found: WebsiteRecord, our_isp_id: int, others_stay: bool) -> None:
    by_id = None
    if found.bureau_id is not None:
        by_id = db.session.scalar(select(Website).where(Website.bureau_id == found.bureau_id))
    website = _settled(by_id, db.session.scalar(select(Website).where(Website.number == found.number)))
    if website is None:
        website = Website(subject_id=subject.id, number=found.number)
        db.session.add(website)
    elif website.subject_id != subject.id:
        _leaves(website)
    website.subject_id, website.number = subject.id, found.number
    website.bureau_id = found.bureau_id or website.bureau_id
    website.isp_id = found.isp_id or website.isp_id
    renamed = website.name != found.name
    website.name, website.home_url, website.cancelled_at = found.name, found.home_url, None
    website.all_accesses = not others_stay or bool(website.all_accesses)
    details = _plain(found, "domains", "accesses")
    if website.details != details:
        website.details = details
    db.session.flush()
    if renamed:
        _keep_name(website.name, subject.id, website.id)
    _keep_domains(website, found.domains)
    _keep_accesses(website, found.accesses, our_isp_id, others_stay)
    db.session.flush()
    db.session.expire(website, ["domains", "accesses"])  # in the order of the rows, whatever that of ``found``


def _leaves(website: Website) -> None:
    """A website goes over to another subject: the former one's history tells it."""
    former = website.subject
    note(former, "replaced", snapshot(former), about=website.number)
    for part in db.session.scalars(select(NamePart).where(NamePart.website_id == website.id)):
        db.session.delete(part)
    website.name = ""


def _keep_name(name: str, subject_id: int, website_id: int | None) -> None:
    whose = NamePart.website_id.is_(None) if website_id is None else NamePart.website_id == website_id
    db.session.execute(delete(NamePart).where(NamePart.subject_id == subject_id, whose))
    folded = reading.folded(name)
    ends = dict.fromkeys(folded[i : i + reading.PART] for i in range(min(len(folded) - 1, reading.PARTS)))
    db.session.add_all(NamePart(subject_id=subject_id, website_id=website_id, text=end) for end in ends)


def _keep_domains(website: Website, found: tuple[DomainRecord, ...]) -> None:
    known = {domain.name: domain for domain in website.domains}
    kept = []
    for said in found:
        name = said.name.lower()
        domain = known.pop(name, None) or Domain(name=name, reversed=reading.reversed_labels(name))
        domain.bureau_id = said.bureau_id or domain.bureau_id
        domain.isp_id = said.isp_id or domain.isp_id
        kept.append(domain)
    if [id(domain) for domain in website.domains] != [id(domain) for domain in kept]:
        website.domains = kept


def _keep_accesses(website: Website, found: tuple[AccessRecord, ...], our_isp_id: int, others_stay: bool) -> None:
    left = list(website.accesses)
    kept = []
    for said in found:
        access = _same(said, left)
        if access is None:
            access = Access()
        else:
            left.remove(access)
        access.bureau_id = said.bureau_id or access.bureau_id
        access.isp_id = said.isp_id or access.isp_id
        access.provider_id = said.provider_id or access.provider_id
        access.ours = access.provider_id in (None, our_isp_id)
        details = _access_details(said, access.details or {})
        if access.details != details:
            access.details = details
        kept.append(access)
    if others_stay:
        kept += [access for access in left if not access.ours]
    if [id(access) for access in website.accesses] != [id(access) for access in kept]:
        website.accesses = kept


def _same(said: AccessRecord, known: list[Access]) -> Access | None:
    """The known access that is meant: by the bureau's id, by our own, by its content, or as the only one of its
    provider."""
    for access in known:
        if said.bureau_id is not None and access.bureau_id == said.bureau_id:
            return access
    unsure = [a for a in known if a.bureau_id is None or said.bureau_id is None]
    for access in unsure:
        if said.isp_id is not None and access.isp_id == said.isp_id:
            return access
    of_provider = [a for a in unsure if a.provider_id == said.provider_id or None in (a.provider_id, said.provider_id)]
    alike = [a for a in of_provider if _content(reading.access_as_record(a)) == _content(said)]
    return next(iter(alike), of_provider[0] if len(of_provider) == 1 else None)


def _content(access: AccessRecord) -> tuple[Any, ...]:
    return access.access_methods, access.server_locations, [(r.first, r.last) for r in access.ranges]


def _access_details(said: AccessRecord, known: dict[str, Any]) -> dict[str, Any]:
    ids = {(r["first"], r["last"]): r for r in known.get("ranges", ())}
    ranges = [_range_details(r, ids.get((r.first, r.last), {})) for r in said.ranges]
    return {"methods": list(said.access_methods), "locations": list(said.server_locations), "ranges": ranges}


def _range_details(said: IpRangeRecord, known: dict[str, Any]) -> dict[str, int | None]:
    return {
        "first": said.first,
        "last": said.last,
        "bureau_id": said.bureau_id or known.get("bureau_id"),
        "isp_id": said.isp_id or known.get("isp_id"),
    }


def _plain(found: Any, *without: str) -> dict[str, Any]:
    data = dataclasses.asdict(found)
    for name in (*without, "bureau_id", "isp_id"):
        data.pop(name, None)
    plain: dict[str, Any] = json.loads(json.dumps(data))
    return plain


# ---- whose


def belongs_to(subject: Subject, account_id: int, *, by: Owning = "filing") -> None:
    """Note that a subject on record belongs to a host account; again changes nothing."""
    if not reading.is_of(subject, account_id):
        db.session.add(SubjectHost(subject_id=subject.id, account_id=account_id, by=by))
        db.session.flush()


__all__ = [
    "as_record",
    "belongs_to",
    "by_document",
    "by_domain",
    "by_number",
    "cancel_access",
    "cancel_subject",
    "cancel_website",
    "document_hash",
    "of_filing",
    "other_access_known",
    "ours",
    "record",
    "snapshot",
]
