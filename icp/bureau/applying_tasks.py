"""Applying what the bureau asks for: each becomes a task, once however often it comes, at what it concerns on record.

Only what names neither an id nor a time is taken as asked anew when it comes again after it was settled.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from sqlalchemy import select

from icp.bureau.incoming import INFORMATION, Incoming
from icp.bureau.messages import task_data
from icp.bureau.messages.task_data import CheckedAccess, CheckedSite, CheckedSubject
from icp.extensions import db
from icp.register import reading
from icp.register.models import Subject, Website
from icp.register.verbs import by_domain
from icp.rules.domains import ascii_form, registrable
from icp.tasks import verbs
from icp.tasks.kinds import Kind

NOTICES = {"0": "subject_data", "1": "website_data"}
ACCESSES = {"1": "access_over", "2": "access_under"}
ALIVE = "0"


def verifications(incoming: Incoming, group: Any) -> None:
    """Apply ``HSRW``: each filing in it is one task."""
    for said in task_data.verifications(group):
        filing = said.filing
        ids = [site.bureau_id for site in filing.websites]
        website = _website(ids[0]) if len(ids) == 1 else None
        names = [domain.name for site in filing.websites for domain in site.domains]
        _open(
            incoming,
            Kind.VERIFY,
            said,
            website=website,
            subject=_subject(filing.bureau_id) or (website.subject if website else None),
            name=filing.name,
            domain=names[0] if names else "",
            again=True,
        )


def checks(incoming: Incoming, group: Any) -> None:
    """Apply ``HCJG``: each finding is a task; a website found alive is only kept."""
    found = task_data.checks(group)
    for subject in found.subjects:
        _check_subject(incoming, subject)
    for access in found.accesses:
        _check_access(incoming, access)
    for site in found.shells:
        if site.result == ALIVE:
            incoming.keep("check", site, None, INFORMATION, key=site.number)
        else:
            _check_site(incoming, site, "shell")
    for site in found.liveness:
        _check_site(incoming, site, "liveness")


def _check_subject(incoming: Incoming, said: CheckedSubject) -> None:
    known = _subject(said.bureau_id)
    _open(incoming, Kind.CHECK_RESULT, said, subject=known, name=said.name, detail="subject", again=True)


def _check_access(incoming: Incoming, said: CheckedAccess) -> None:
    website = _website(said.website_id, said.number) or _by_domain(said.domain)
    detail = ACCESSES.get(said.result, "")
    _open(
        incoming, Kind.CHECK_RESULT, said, website=website, name=said.number or said.domain, domain=said.domain,
        detail=detail,
    )  # fmt: skip


def _check_site(incoming: Incoming, said: CheckedSite, detail: str) -> None:
    website = _website(said.website_id, said.number)
    _open(incoming, Kind.CHECK_RESULT, said, website=website, name=said.number, detail=detail)


def notices(incoming: Incoming, group: Any) -> None:
    """Apply ``XGTZ``: each notice is a task at the subject or website it names by id or number."""
    for said in task_data.notices(group):
        detail = NOTICES.get(said.kind, "")
        website = _website(said.bureau_id, said.number) if said.kind != "0" else None
        subject = _subject(said.bureau_id, said.number) if website is None and said.kind != "1" else None
        _open(
            incoming, Kind.NOTICE, said, website=website, subject=subject, name=said.number, detail=detail, again=True
        )


def unfiled_sites(incoming: Incoming, group: Any) -> None:
    """Apply ``WBAWZLB``: each website is a task; detected again, the same task says so."""
    for said in task_data.unfiled_sites(group):
        _open(incoming, Kind.UNFILED_SITE, said, id_=said.id, website=_by_domain(said.domain), domain=said.domain)


def illegal_accesses(incoming: Incoming, group: Any) -> None:
    """Apply ``FFJRHMD``: each access is a task."""
    for said in task_data.illegal_accesses(group):
        _open(incoming, Kind.ILLEGAL_ACCESS, said, id_=said.id, website=_by_domain(said.domain), domain=said.domain)


def _open(
    incoming: Incoming,
    kind: Kind,
    said: Any,
    *,
    id_: int | None = None,
    subject: Subject | None = None,
    website: Website | None = None,
    name: str = "",
    domain: str = "",
    detail: str = "",
    again: bool = False,
) -> None:
    content = json.loads(json.dumps(dataclasses.asdict(said)))
    about = str(id_) if id_ is not None else _digest(content)
    known = website or subject
    verbs.open(
        kind,
        f"{kind}:{detail}:{incoming.account.id}:{about}",
        content,
        subject=subject,
        website=website,
        name=known.name if known is not None else name or domain,
        domain=ascii_form(domain) or domain,
        detail=detail,
        download_id=incoming.download.id,
        again=again,
    )


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _subject(bureau_id: int | None, number: str = "") -> Subject | None:
    found = None
    if bureau_id is not None:
        found = db.session.scalar(select(Subject).where(Subject.bureau_id == bureau_id))
    if found is None and number:
        found = db.session.scalar(select(Subject).where(reading.numbered(Subject, number)).limit(1))
    return found


def _website(bureau_id: int | None, number: str = "") -> Website | None:
    found = None
    if bureau_id is not None:
        found = db.session.scalar(select(Website).where(Website.bureau_id == bureau_id))
    if found is None and number:
        found = db.session.scalar(select(Website).where(reading.numbered(Website, number)).limit(1))
    return found


def _by_domain(domain: str) -> Website | None:
    """The website on record under a domain, or under the one it lies in."""
    host = ascii_form(domain) or ""
    names = [name for name in (host, registrable(host) if host else None) if name]
    return next((website for name in names if (website := by_domain(name))), None)
