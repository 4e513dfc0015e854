"""What a bureau result does to the register: recorded once, replaced when it differs, history kept, found by keys."""

import dataclasses

import pytest
from sqlalchemy import func, select

from icp.extensions import db
from icp.register import verbs
from icp.register.models import Access, Domain, RegisterEvent, Subject, Website
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


def website(number="闽ICP备2026000001号-1", *, domain="qingwu.example", provider=OURS, bureau_id=200):
    access = AccessRecord(300 + bureau_id, 1, provider, ("3",), ("4",), (IpRangeRecord(3405803800, 3405803800, 400),))
    return WebsiteRecord(
        bureau_id, 1, number, "青梧文创手作馆", f"www.{domain}", ("8",), ("1",), (), "", PRINCIPAL,
        (DomainRecord(domain, 500 + bureau_id),), (access,),
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


@pytest.mark.usefixtures("app_context")
class TestRecord:
    def test_a_result_puts_subject_website_domain_and_access_on_record(self):
        found = record(subject())
        assert found.number == "闽ICP备2026000001号"
        assert found.details["principal"]["mobile"] == "13900000000"
        (site,) = found.websites
        assert (site.number, site.domains[0].name, site.accesses[0].ours) == (
            "闽ICP备2026000001号-1",
            "qingwu.example",
            True,
        )
        assert site.domains[0].reversed == "example.qingwu"

    def test_the_same_result_again_changes_nothing(self):
        record(subject())
        record(subject())
        assert [count(m) for m in (Subject, Website, Domain, Access, RegisterEvent)] == [1, 1, 1, 1, 1]

    def test_a_different_result_replaces_and_keeps_what_was_before(self):
        record(subject())
        record(subject(name="福州青梧文化有限公司"), filing_id=2)
        events = list(db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id)))
        assert [e.kind for e in events] == ["recorded", "replaced"]
        assert events[1].before["details"]["name"] == "福州青梧文创有限公司"
        assert verbs.of_filing(2)[0].name == "福州青梧文化有限公司"

    def test_a_second_website_joins_and_the_first_stays(self):
        record(subject())
        record(subject(website("闽ICP备2026000001号-2", domain="haiyan.example", bureau_id=201)), filing_id=2)
        assert [w.number[-2:] for w in verbs.by_document("1", "91350100M000100Y43").websites] == ["-1", "-2"]

    def test_another_providers_access_is_not_ours(self):
        assert record(subject(website(provider=OTHERS))).websites[0].accesses[0].ours is False

    def test_personal_data_are_sealed_in_the_file(self, app):
        record(subject())
        stored = db.session.connection().exec_driver_sql("select sealed, document_hash from subject").one()
        assert b"13900000000" not in bytes(stored[0])
        assert "91350100M000100Y43" not in stored[1]


@pytest.mark.usefixtures("app_context")
class TestSearch:
    def test_by_document_whatever_the_case(self):
        record(subject())
        assert verbs.by_document("1", "91350100m000100y43").name == "福州青梧文创有限公司"
        assert verbs.by_document("2", "91350100M000100Y43") is None

    def test_by_domain(self):
        record(subject())
        assert verbs.by_domain("QINGWU.example").number == "闽ICP备2026000001号-1"
        assert verbs.by_domain("other.example") is None
