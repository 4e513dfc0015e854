"""What is on record for a filing, as plain data: the shape in which results and imports reach the register."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PrincipalRecord:
    """A person answerable (负责人); empty texts where the record says nothing."""

    name: str = ""
    document_type: str = ""
    document_number: str = ""
    landline: str = ""
    mobile: str = ""
    email: str = ""


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
