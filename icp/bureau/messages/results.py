"""Reading what the bureau sends: processing results and reviews (BAJG), filings on record (BASJ)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec.xml import int_of, text_of
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)

APPROVED, REJECTED = 1001, 1002
FILE_CODES = frozenset({5001, 5003, 5004, 5008})
"""Codes about a file as a whole; the file's name stands in the text, ``Czlx`` means nothing."""
INFORMATION = frozenset({APPROVED, 1060, 1062, 2998, 3998})
"""Codes that are no complaint."""


@dataclass(frozen=True)
class ResultLine:
    """One code of a processing result, with the bureau's own text."""

    code: int
    text: str = ""


@dataclass(frozen=True)
class ProcessingResult:
    """``Jg_xx``: what the bureau's system says of one request.

    Attributes:
        lines: every code it found.
        operation: 操作类型 (Czlx) as text.
        key: identifier of the request (``Bs``), '' when absent.
        remark: ``Bz``.
    """

    lines: tuple[ResultLine, ...]
    operation: str
    key: str = ""
    remark: str = ""

    @property
    def of_file(self) -> bool:
        """Whether it is about the whole file."""
        return any(line.code in FILE_CODES for line in self.lines)

    @property
    def complaints(self) -> tuple[ResultLine, ...]:
        """The codes that say something is wrong, also 1002."""
        return tuple(line for line in self.lines if line.code not in INFORMATION)

    @property
    def approved(self) -> bool:
        """Whether it says that the officer approved."""
        return not self.complaints and any(line.code == APPROVED for line in self.lines)


@dataclass(frozen=True)
class Review:
    """``Gjsh``: an officer's decision."""

    approved: bool
    at: str
    opinion: str = ""
    reviewer: str = ""
    reviewer_phone: str = ""
    operation: str = ""
    record_id: str = ""


@dataclass(frozen=True)
class Results:
    """What one download file says; ``groups`` are the names of all groups in it, read or not."""

    filings: tuple[SubjectRecord, ...] = ()
    reviews: tuple[Review, ...] = ()
    processing: tuple[ProcessingResult, ...] = ()
    groups: tuple[str, ...] = ()


READ = frozenset({"BASJ", "BAJG"})
"""Groups this module reads; others are stored and wait for what will read them."""


def read(root: Any) -> Results:
    """Read a parsed download file; the schema need not hold, absent values are empty."""
    return Results(
        filings=tuple(_filing(e) for e in root.iterfind("ICP/BASJ/Baxx")),
        reviews=tuple(_review(e) for e in root.iterfind("ICP/BAJG/GJSHS/Gjsh")),
        processing=tuple(_processing(e) for e in root.iterfind("ICP/BAJG/Jg_xx")),
        groups=tuple(_groups(root)),
    )


def _groups(root: Any) -> Iterator[str]:
    for module in root:
        if module.tag == "ICP":
            yield from (str(group.tag) for group in module)
        else:
            yield str(module.tag)


def _processing(element: Any) -> ProcessingResult:
    lines = tuple(ResultLine(int_of(line, "Jgdm") or 0, text_of(line, "Dmms")) for line in element.iterfind("Jgxx"))
    return ProcessingResult(lines, text_of(element, "Czlx"), text_of(element, "Bs"), text_of(element, "Bz"))


def _review(element: Any) -> Review:
    return Review(
        approved=text_of(element, "Shjg") == "1",
        at=text_of(element, "Shsj"),
        opinion=text_of(element, "Shyj"),
        reviewer=text_of(element, "Shrxm"),
        reviewer_phone=text_of(element, "Shr_dhhm"),
        operation=text_of(element, "Czlx"),
        record_id=text_of(element, "Jlid"),
    )


def _filing(record: Any) -> SubjectRecord:
    subject = record.find("Zt_xx")
    regions = [text_of(subject, f"Txdz/{level}") for level in ("Xianid", "Shiid", "Shengid")]
    return SubjectRecord(
        bureau_id=int_of(subject, "Ztid"),
        isp_id=int_of(subject, "IspZtid"),
        number=text_of(subject, "Baxh"),
        name=text_of(subject, "Dwmc"),
        organisation_type=text_of(subject, "Dwxz"),
        document_type=text_of(subject, "Zj/Zjlx"),
        document_number=text_of(subject, "Zj/Zjhm"),
        document_address=text_of(subject, "Zj/Zjzs"),
        region_code=next((code for code in regions if code), ""),
        mailing_address=text_of(subject, "Txdz/Xxdz"),
        supervisor=text_of(subject, "Tzr"),
        mode=text_of(subject, "Bbyhlx"),
        remark=text_of(subject, "Bz"),
        principal=_principal(subject, "Fzr"),
        websites=tuple(_website(site) for site in record.iterfind("Wz_xx")),
    )


def _principal(parent: Any, name: str) -> PrincipalRecord:
    return PrincipalRecord(
        name=text_of(parent, f"{name}/Fzr_xm"),
        document_type=text_of(parent, f"{name}/Fzr_zjlx"),
        document_number=text_of(parent, f"{name}/Fzr_zjhm"),
        landline=text_of(parent, f"{name}/Fzr_dhhm"),
        mobile=text_of(parent, f"{name}/Fzr_sjhm"),
        email=text_of(parent, f"{name}/Fzr_dzyj"),
    )


def _codes(parent: Any, path: str) -> tuple[str, ...]:
    return tuple((e.text or "").strip() for e in parent.iterfind(path) if (e.text or "").strip())


def _website(site: Any) -> WebsiteRecord:
    return WebsiteRecord(
        bureau_id=int_of(site, "Wzid"),
        isp_id=int_of(site, "IspWzid"),
        number=text_of(site, "Baxh"),
        name=text_of(site, "Wzmc"),
        home_url=text_of(site, "Syurl"),
        service_content=_codes(site, "Fwnr/Fwnr_id"),
        languages=_codes(site, "Yylb/Yylb_id"),
        pre_approvals=tuple((text_of(e, "Nrlx_id"), text_of(e, "Qzsph")) for e in site.iterfind("Nrlx/Nrlx_xx")),
        remark=text_of(site, "Wz_Bz"),
        principal=_principal(site, "Wz_Fzr"),
        domains=tuple(
            DomainRecord(text_of(e, "Ym"), int_of(e, "Ymid"), int_of(e, "IspYmid")) for e in site.iterfind("Ym_xx")
        ),
        accesses=tuple(_access(e) for e in site.iterfind("Jr_xx")),
    )


def _access(access: Any) -> AccessRecord:
    return AccessRecord(
        bureau_id=int_of(access, "Jrid"),
        isp_id=int_of(access, "IspJrid"),
        provider_id=int_of(access, "Ispid"),
        access_methods=_codes(access, "Wzjrfs/Jrfs"),
        server_locations=_codes(access, "Wzfb/Fbdd"),
        ranges=tuple(
            IpRangeRecord(int_of(e, "Qsip") or 0, int_of(e, "Zzip") or 0, int_of(e, "Ipid"), int_of(e, "IspIpid"))
            for e in access.iterfind("Ip_xx")
        ),
    )
