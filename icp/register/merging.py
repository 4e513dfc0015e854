"""Putting a record from elsewhere beside what is on record: which of the two wins, leaf by leaf."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from icp.register.records import AccessRecord, DomainRecord, PrincipalRecord, SubjectRecord, WebsiteRecord

Told = TypeVar("Told", SubjectRecord, WebsiteRecord, PrincipalRecord)


def filled(first: SubjectRecord, second: SubjectRecord, our_isp_id: int) -> SubjectRecord:
    """``first`` with what it leaves empty taken from ``second``; websites and domains of both, by number and name.

    Our accesses are those of ``first``, website by website, unless it has none; those of others are of both.
    """
    others = {website.number: website for website in second.websites}
    both = [_website(website, others.pop(website.number, None), our_isp_id) for website in first.websites]
    whole = _scalars(first, second)
    return dataclasses.replace(
        whole, principal=_scalars(first.principal, second.principal), websites=(*both, *others.values())
    )


def replaced(whole: SubjectRecord, known: SubjectRecord) -> SubjectRecord:
    """``whole`` as it is, with the websites it doesn't name."""
    named = {website.number for website in whole.websites}
    rest = tuple(website for website in known.websites if website.number not in named)
    return dataclasses.replace(whole, websites=(*whole.websites, *rest))


def _website(first: WebsiteRecord, second: WebsiteRecord | None, our_isp_id: int) -> WebsiteRecord:
    if second is None:
        return first
    domains = {domain.name: domain for domain in (*second.domains, *first.domains)}
    return dataclasses.replace(
        _scalars(first, second),
        principal=_scalars(first.principal, second.principal),
        domains=tuple(_domain(domain, second) for domain in domains.values()),
        accesses=_accesses(first, second, our_isp_id),
    )


def _domain(domain: DomainRecord, known: WebsiteRecord) -> DomainRecord:
    return next((d for d in known.domains if d.name == domain.name and d.bureau_id), domain)


def _accesses(first: WebsiteRecord, second: WebsiteRecord, our_isp_id: int) -> tuple[AccessRecord, ...]:
    ours, others = zip(*(_by_owner(website, our_isp_id) for website in (first, second)), strict=True)
    return (*(ours[0] or ours[1]), *dict.fromkeys((*others[0], *others[1])))


def _by_owner(website: WebsiteRecord, our_isp_id: int) -> tuple[list[AccessRecord], list[AccessRecord]]:
    ours = [access for access in website.accesses if access.provider_id in (None, our_isp_id)]
    return ours, [access for access in website.accesses if access not in ours]


def _scalars(first: Told, second: Told) -> Told:
    empty = {
        field.name: getattr(second, field.name)
        for field in dataclasses.fields(first)
        if field.name not in ("websites", "principal", "domains", "accesses") and not getattr(first, field.name)
    }
    return dataclasses.replace(first, **empty)
