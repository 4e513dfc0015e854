"""Records for the register's tests."""

import dataclasses

from sqlalchemy import func, select

from icp.extensions import db
from icp.register import verbs
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)

OURS, OTHERS = 350000000001, 110000000009
PRINCIPAL = PrincipalRecord("林知夏", "2", "11010519491231002X", "0591-87654321", "13900000000", "lin@qingwu.example")


def access(bureau_id=300, *, provider=OURS, first=3405803800):
    ids = (400, 1) if bureau_id else (None, None)
    return AccessRecord(bureau_id, 1, provider, ("3",), ("4",), (IpRangeRecord(first, first, *ids),))


def website(number="闽ICP备2026000001号-1", *, domain="qingwu.example", provider=OURS, bureau_id=200, accesses=()):
    return WebsiteRecord(
        bureau_id, 1, number, "青梧文创手作馆", f"www.{domain}", ("8",), ("1",), (), "", PRINCIPAL,
        (DomainRecord(domain, bureau_id and 500 + bureau_id),), accesses or (access(provider=provider),),
    )  # fmt: skip


def subject(*websites, **changes):
    found = SubjectRecord(
        bureau_id=100,
        isp_id=1,
        number="闽ICP备2026000001号",
        name="福州青梧文创有限公司",
        organisation_type="4",
        document_type="1",
        document_number="91350100M000100Y43",
        document_address="福建省福州市鼓楼区示例路18号",
        region_code="350102",
        mailing_address="示例路18号",
        supervisor="林知夏",
        mode="0",
        remark="",
        principal=PRINCIPAL,
        websites=websites or (website(),),
    )
    return dataclasses.replace(found, **changes)


def record(found, filing_id=1):
    recorded = verbs.record(found, filing_id=filing_id, our_isp_id=OURS)
    db.session.commit()
    return recorded


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))
