"""A subject on record with its websites, answers of each operation about it, and reports made of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from icp.bureau.messages import Report
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import answers

NUMBER = "闽ICP备2026000001号"
ISP, OTHER_ISP = 350000000001, 350000000002
PASSWORD = "50c5af5b8b2bd0798435fdc2f756baae"
FIRST, RANGE = (3405803800, 3405803800), (3405803808, 3405803816)
"""203.0.113.24 and 203.0.113.32-203.0.113.40, the ranges of ``gateway_filing.answers``."""
PRINCIPAL = PrincipalRecord(
    "林知夏", "2", "11010519491231002X", "0591-87654321", "13900000000", "lin@qingwu.example"
)  # fmt: skip


class Ids:
    """Allots enterprise ids from 10001 for each kind and remembers what for."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.given: dict[tuple[str, int], str] = {}

    def __call__(self, kind: str, path: str) -> int:
        self.counts[kind] += 1
        value = 10_000 + self.counts[kind]
        self.given[kind, value] = path
        return value


def access(bureau_id: int, provider: int = ISP, *ranges: tuple[int, int]) -> AccessRecord:
    """An access on record."""
    found = tuple(IpRangeRecord(*ends, bureau_id * 10 + n) for n, ends in enumerate(ranges or (FIRST, RANGE)))
    return AccessRecord(bureau_id, None, provider, ("3",), ("4",), found)


def website(n: int, **changes: object) -> WebsiteRecord:
    """The n-th website on record, as ``answers`` tells it."""
    site = WebsiteRecord(
        bureau_id=9000 + n,
        isp_id=None,
        number=f"{NUMBER}-{n}",
        name=f"青梧文创手作馆w{n}",
        home_url=f"www.qingwu-w{n}.example",
        service_content=("8", "9"),
        languages=("1",),
        pre_approvals=(),
        remark="",
        principal=PRINCIPAL,
        domains=(DomainRecord(f"qingwu-w{n}.example", 7000 + n),),
        accesses=(access(5000 + n),),
    )
    return replace(site, **changes)


def on_record(*sites: WebsiteRecord, **changes: object) -> SubjectRecord:
    """The subject on record, as ``answers`` tells it."""
    subject = SubjectRecord(
        bureau_id=900,
        isp_id=None,
        number=NUMBER,
        name="福州青梧文创有限公司",
        organisation_type="4",
        document_type="1",
        document_number="91350100M000100Y43",
        document_address="福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        region_code="350102",
        mailing_address="示例路18号青梧大厦6层602室",
        supervisor="林知夏",
        mode="0",
        remark="通信地址已为最详细地址",
        principal=PRINCIPAL,
        websites=sites or (website(1), website(2)),
    )
    return replace(subject, **changes)


def report(operation: str, *rows: str, record: SubjectRecord | None = None, **more: object) -> Report:
    """A report about what is on record; rows `w1`, `w2` … are its websites. Answers are given as ``answers={}``."""
    changes = dict(more.pop("answers", {}))
    numbers = {f"website[{row}].filing_number": f"{NUMBER}-{row.removeprefix('w')}" for row in rows or ("w1",)}
    if operation == "new_website":
        numbers = {}
    said = answers(*rows, **{"subject.filing_number": NUMBER, **numbers, **changes})
    values = {"papers": {}, "mode": "0", "isp_id": ISP, "vocabulary": builtin(), "allot": Ids(), **more}
    return Report(said, operation=operation, on_record=record, **values)
