"""What is on record for a filing, as plain data: the shape in which results and imports reach the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SUBJECT_FIELDS = (
    "name",
    "organisation_type",
    "document_type",
    "document_number",
    "document_address",
    "region_code",
    "mailing_address",
    "supervisor",
    "remark",
)
"""What is one text of a subject and is people's to tell, in the order in which it is shown and listed."""
PRINCIPAL_FIELDS = ("name", "document_type", "document_number", "mobile", "landline", "email")
"""The same of a person answerable."""


@dataclass(frozen=True)
class PrincipalRecord:
    """A person answerable (负责人); empty texts where the record says nothing."""

    name: str = ""
    document_type: str = ""
    document_number: str = ""
    landline: str = ""
    mobile: str = ""
    email: str = ""
    msn: str = ""
    qq: str = ""


@dataclass(frozen=True)
class IpRangeRecord:
    """A range of IPv4 addresses as unsigned integers, with the bureau's id."""

    first: int
    last: int
    bureau_id: int | None = None
    isp_id: int | None = None


@dataclass(frozen=True)
class AccessRecord:
    """One access (接入) of a website."""

    bureau_id: int | None
    isp_id: int | None
    provider_id: int | None
    access_methods: tuple[str, ...]
    server_locations: tuple[str, ...]
    ranges: tuple[IpRangeRecord, ...]
    mode: str = ""  # 0 self-reported, 1 on behalf; said of an access only in verification tasks


@dataclass(frozen=True)
class DomainRecord:
    """A domain (lower-case A-label), with the bureau's id."""

    name: str
    bureau_id: int | None = None
    isp_id: int | None = None


@dataclass(frozen=True)
class WebsiteRecord:
    """A website with its number."""

    bureau_id: int | None
    isp_id: int | None
    number: str
    name: str
    home_url: str
    service_content: tuple[str, ...]
    languages: tuple[str, ...]
    pre_approvals: tuple[tuple[str, str], ...]  # kind, approval number
    remark: str
    principal: PrincipalRecord
    domains: tuple[DomainRecord, ...]
    accesses: tuple[AccessRecord, ...]
    first_reported: str = ""  # moments as the bureau writes them
    last_changed: str = ""


@dataclass(frozen=True)
class SubjectRecord:
    """A subject with its number and websites, as one ``BASJ/Baxx`` tells it."""

    bureau_id: int | None
    isp_id: int | None
    number: str
    name: str
    organisation_type: str
    document_type: str
    document_number: str
    document_address: str
    region_code: str
    mailing_address: str
    supervisor: str
    mode: str
    remark: str
    principal: PrincipalRecord
    websites: tuple[WebsiteRecord, ...] = field(default_factory=tuple)
    first_reported: str = ""
    last_changed: str = ""
    reviewer: str = ""
    reviewed: str = ""
    certificate_serial: str = ""  # of the electronic certificate, with its path and last day
    certificate_path: str = ""
    certificate_until: str = ""
    record_remark: str = ""  # of the record as a whole


def subject_from_plain(data: Mapping[str, Any]) -> SubjectRecord:
    """The inverse of ``dataclasses.asdict``, also after a way through JSON, which knows no tuples.

    Raises:
        KeyError, TypeError: the data are of another shape.
    """
    websites = tuple(_website(site) for site in data["websites"])
    return SubjectRecord(**{**data, "principal": PrincipalRecord(**data["principal"]), "websites": websites})


def _website(data: Mapping[str, Any]) -> WebsiteRecord:
    return WebsiteRecord(
        **{
            **data,
            "service_content": tuple(data["service_content"]),
            "languages": tuple(data["languages"]),
            "pre_approvals": tuple((kind, number) for kind, number in data["pre_approvals"]),
            "principal": PrincipalRecord(**data["principal"]),
            "domains": tuple(DomainRecord(**domain) for domain in data["domains"]),
            "accesses": tuple(_access(access) for access in data["accesses"]),
        }
    )


def _access(data: Mapping[str, Any]) -> AccessRecord:
    return AccessRecord(
        **{
            **data,
            "access_methods": tuple(data["access_methods"]),
            "server_locations": tuple(data["server_locations"]),
            "ranges": tuple(IpRangeRecord(**found) for found in data["ranges"]),
        }
    )
