"""Reading what the bureau asks for: HSRW, HCJG, XGTZ, WBAWZLB, FFJRHMD. Times are texts, as the bureau writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icp.bureau.codec.xml import int_of, text_of
from icp.bureau.messages.filing_data import codes_at, filing
from icp.register.records import SubjectRecord
from icp.tasks.answers import ApprovalScan


@dataclass(frozen=True)
class Verification:
    """``HSRW/Baxx``: a filing to verify; all ids are the bureau's. Scans of approvals come with it."""

    filing: SubjectRecord
    scans: tuple[ApprovalScan, ...] = ()


@dataclass(frozen=True)
class CheckedSubject:
    """``HCJG/Jgxx/Zthc``: what is wrong with a subject's data."""

    bureau_id: int | None
    name: str = ""
    document_type: str = ""
    document_number: str = ""
    reason: str = ""
    remark: str = ""


@dataclass(frozen=True)
class CheckedAccess:
    """``HCJG/Jgxx/Jrhc``: an access that was reported and isn't there (1), or is there and wasn't reported (2)."""

    website_id: int | None
    number: str = ""
    domain: str = ""
    address: int | None = None
    reported_by: int | None = None
    result: str = ""
    checked: str = ""
    access_id: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class CheckedSite:
    """``HCJG/Jgxx/Kkwzhc`` (shell website, with a result: 0 alive, 1 dead) or ``Wzch`` (liveness, without)."""

    website_id: int | None
    number: str = ""
    home_url: str = ""
    result: str = ""
    checked: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Checks:
    """One ``HCJG``."""

    subjects: tuple[CheckedSubject, ...] = ()
    accesses: tuple[CheckedAccess, ...] = ()
    shells: tuple[CheckedSite, ...] = ()
    liveness: tuple[CheckedSite, ...] = ()


@dataclass(frozen=True)
class Notice:
    """``XGTZ/Tzxx``: data of a subject (kind 0) or website (1) that are to be corrected."""

    kind: str
    number: str = ""
    bureau_id: int | None = None
    text: str = ""
    remark: str = ""


@dataclass(frozen=True)
class UnfiledSite:
    """``WBAWZLB/Wbawz_xx``: a website without a filing, found on this provider's addresses."""

    id: int | None
    domain: str = ""
    languages: tuple[str, ...] = ()
    address: int | None = None
    detected: str = ""
    detections: int | None = None
    province: str = ""
    first_detected: str = ""
    provider: int | None = None
    carrier: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class IllegalAccess:
    """``FFJRHMD/Ffjrxx``: an access without permission."""

    id: int | None
    domain: str = ""
    address: int | None = None
    provider: int | None = None
    province: str = ""
    detected: str = ""
    remark: str = ""


def verifications(group: Any) -> tuple[Verification, ...]:
    """The filings of ``HSRW``."""
    return tuple(Verification(filing(e), _scans(e)) for e in group.iterfind("Baxx"))


def _scans(record: Any) -> tuple[ApprovalScan, ...]:
    return tuple(
        ApprovalScan(int_of(site, "Wzid") or 0, text_of(approval, "Nrlx_id"), scan)
        for site in record.iterfind("Wz_xx")
        for approval in site.iterfind("Nrlx/Nrlx_xx")
        for scan in codes_at(approval, "Spwj")
    )


def checks(group: Any) -> Checks:
    """``HCJG``; also where ``Jgxx`` comes more than once."""
    return Checks(
        tuple(
            CheckedSubject(
                bureau_id=int_of(e, "Ztid"),
                name=text_of(e, "Dwmc"),
                document_type=text_of(e, "Zjlx"),
                document_number=text_of(e, "Zjhm"),
                reason=text_of(e, "Cwyy"),
                remark=text_of(e, "Bz"),
            )
            for e in group.iterfind("Jgxx/Zthc")
        ),
        tuple(
            CheckedAccess(
                website_id=int_of(e, "Wzid"),
                number=text_of(e, "Wz_Baxh"),
                domain=text_of(e, "Ym"),
                address=int_of(e, "Jxip"),
                reported_by=int_of(e, "Bbisp"),
                result=text_of(e, "Hcjg"),
                checked=text_of(e, "Hcsj"),
                access_id=int_of(e, "Jrid"),
                remark=text_of(e, "Bz"),
            )
            for e in group.iterfind("Jgxx/Jrhc")
        ),
        tuple(_site(e) for e in group.iterfind("Jgxx/Kkwzhc")),
        tuple(_site(e) for e in group.iterfind("Jgxx/Wzch")),
    )


def _site(element: Any) -> CheckedSite:
    return CheckedSite(
        website_id=int_of(element, "Wzid"),
        number=text_of(element, "Wz_Baxh"),
        home_url=text_of(element, "Syurl"),
        result=text_of(element, "Hcjg"),
        checked=text_of(element, "Hcsj"),
        remark=text_of(element, "Bz"),
    )


def notices(group: Any) -> tuple[Notice, ...]:
    """The notices of ``XGTZ``."""
    return tuple(
        Notice(text_of(e, "Tzlb"), text_of(e, "Baxh"), int_of(e, "Jlid"), text_of(e, "Tznr"), text_of(e, "Bz"))
        for e in group.iterfind("Tzxx")
    )


def unfiled_sites(group: Any) -> tuple[UnfiledSite, ...]:
    """The websites of ``WBAWZLB``."""
    return tuple(
        UnfiledSite(
            id=int_of(e, "Id"),
            domain=text_of(e, "Wzym_mc"),
            languages=codes_at(e, "Yylb/Yylb_id"),
            address=int_of(e, "IP"),
            detected=text_of(e, "Dqjcsj"),
            detections=int_of(e, "Jccs"),
            province=text_of(e, "Sssh"),
            first_detected=text_of(e, "Scjcsj"),
            provider=int_of(e, "Jrs"),
            carrier=int_of(e, "Yys"),
            remark=text_of(e, "Bz"),
        )
        for e in group.iterfind("Wbawz_xx")
    )


def illegal_accesses(group: Any) -> tuple[IllegalAccess, ...]:
    """The accesses of ``FFJRHMD``."""
    return tuple(
        IllegalAccess(
            id=int_of(e, "Id"),
            domain=text_of(e, "Ym"),
            address=int_of(e, "Ip"),
            provider=int_of(e, "Zjjrz"),
            province=text_of(e, "Szs"),
            detected=text_of(e, "Dqjcsj"),
            remark=text_of(e, "Bz"),
        )
        for e in group.iterfind("Ffjrxx")
    )
