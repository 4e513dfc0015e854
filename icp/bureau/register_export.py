"""The register as a CSV in the columns that ``icp.bureau.register_files`` reads: our own customers' records."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from sqlalchemy import select

from icp.bureau.register_lines import COLUMNS
from icp.extensions import db
from icp.register import reading
from icp.register.models import Subject
from icp.register.records import (
    PRINCIPAL_FIELDS,
    SUBJECT_FIELDS,
    AccessRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)
from icp.rules.addresses_ip import to_text

AT_A_TIME = 200


def write(target: IO[str]) -> int:
    """Write one line for each of our accesses to a website on record; returns how many."""
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    lines = 0
    for row in _rows():
        writer.writerow(row)
        lines += 1
    return lines


def _rows() -> Iterator[dict[str, str]]:
    last = 0
    while True:
        wanted = select(Subject).where(Subject.id > last, Subject.cancelled_at.is_(None)).order_by(Subject.id)
        subjects = list(db.session.scalars(wanted.limit(AT_A_TIME)))
        if not subjects:
            return
        for subject in subjects:
            yield from _rows_of(subject)
        last = subjects[-1].id
        db.session.expunge_all()


def _rows_of(subject: Subject) -> Iterator[dict[str, str]]:
    record = reading.as_record(subject)
    head = {("subject_name" if name == "name" else name): str(getattr(record, name)) for name in SUBJECT_FIELDS}
    head |= {"subject_number": record.number, **_principal("", record)}
    for website in subject.websites:
        if website.cancelled_at is None:
            site = _website(reading.website_as_record(website))
            for access in website.accesses:
                if access.ours:
                    yield {**head, **site, **_access(reading.access_as_record(access))}


def _principal(prefix: str, part: SubjectRecord | WebsiteRecord) -> dict[str, str]:
    person: PrincipalRecord = part.principal
    return {f"{prefix}principal_{name}": str(getattr(person, name)) for name in PRINCIPAL_FIELDS}


def _website(website: WebsiteRecord) -> dict[str, str]:
    return {
        "website_number": website.number,
        "website_name": website.name,
        "domains": ";".join(domain.name for domain in website.domains),
        "home_url": website.home_url,
        "service_content": ";".join(website.service_content),
        "languages": ";".join(website.languages),
        "website_remark": website.remark,
        **_principal("website_", website),
    }


def _access(access: AccessRecord) -> dict[str, str]:
    return {
        "access_methods": ";".join(access.access_methods),
        "server_locations": ";".join(access.server_locations),
        "ip_addresses": ";".join(to_text(r.first, r.last) for r in access.ranges),
    }
