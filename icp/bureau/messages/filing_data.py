"""Reading a filing as it stands at the bureau: one ``Baxx`` with subject, websites, domains, accesses and ranges."""

from __future__ import annotations

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


def filing(record: Any) -> SubjectRecord:
    """Read one ``Baxx`` of BASJ, SJTB or HSRW; what is absent or empty is '' or None."""
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
        first_reported=text_of(subject, "Scbbsj"),
        last_changed=text_of(subject, "Zjxgsj"),
        reviewer=text_of(subject, "Shrxm"),
        reviewed=text_of(subject, "Shsj"),
        certificate_serial=text_of(subject, "Zsxh"),
        certificate_path=text_of(subject, "Zslj"),
        certificate_until=text_of(subject, "Zsyxq"),
        record_remark=text_of(record, "Bz"),
    )


def _principal(parent: Any, name: str) -> PrincipalRecord:
    return PrincipalRecord(
        name=text_of(parent, f"{name}/Fzr_xm"),
        document_type=text_of(parent, f"{name}/Fzr_zjlx"),
        document_number=text_of(parent, f"{name}/Fzr_zjhm"),
        landline=text_of(parent, f"{name}/Fzr_dhhm"),
        mobile=text_of(parent, f"{name}/Fzr_sjhm"),
        email=text_of(parent, f"{name}/Fzr_dzyj"),
        msn=text_of(parent, f"{name}/Msn"),
        qq=text_of(parent, f"{name}/Qq"),
    )


def codes_at(parent: Any, path: str) -> tuple[str, ...]:
    """The texts of all elements at ``path``, empty ones left out."""
    return tuple((e.text or "").strip() for e in parent.iterfind(path) if (e.text or "").strip())


def _website(site: Any) -> WebsiteRecord:
    return WebsiteRecord(
        bureau_id=int_of(site, "Wzid"),
        isp_id=int_of(site, "IspWzid"),
        number=text_of(site, "Baxh"),
        name=text_of(site, "Wzmc"),
        home_url=text_of(site, "Syurl"),
        service_content=codes_at(site, "Fwnr/Fwnr_id"),
        languages=codes_at(site, "Yylb/Yylb_id"),
        pre_approvals=tuple((text_of(e, "Nrlx_id"), text_of(e, "Qzsph")) for e in site.iterfind("Nrlx/Nrlx_xx")),
        remark=text_of(site, "Wz_Bz"),
        principal=_principal(site, "Wz_Fzr"),
        domains=tuple(
            DomainRecord(text_of(e, "Ym"), int_of(e, "Ymid"), int_of(e, "IspYmid")) for e in site.iterfind("Ym_xx")
        ),
        accesses=tuple(_access(e) for e in site.iterfind("Jr_xx")),
        first_reported=text_of(site, "Scbbsj"),
        last_changed=text_of(site, "Zjxgsj"),
    )


def _access(access: Any) -> AccessRecord:
    return AccessRecord(
        bureau_id=int_of(access, "Jrid"),
        isp_id=int_of(access, "IspJrid"),
        provider_id=int_of(access, "Ispid") or int_of(access, "Bbyhid"),
        access_methods=codes_at(access, "Wzjrfs/Jrfs"),
        server_locations=codes_at(access, "Wzfb/Fbdd"),
        ranges=tuple(
            IpRangeRecord(int_of(e, "Qsip") or 0, int_of(e, "Zzip") or 0, int_of(e, "Ipid"), int_of(e, "IspIpid"))
            for e in access.iterfind("Ip_xx")
        ),
        mode=text_of(access, "Bbyhlx"),
    )
