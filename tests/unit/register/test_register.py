"""What a bureau result does to the register: recorded once, replaced when it differs, cancelled, history kept."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.register import reading, verbs
from icp.register.models import Access, Domain, RegisterEvent, Subject, Website
from tests.unit.register.register_cases import OTHERS, OURS, access, count, record, subject, website


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

    def test_what_a_result_leaves_unsaid_of_ids_stays_known(self):
        record(subject())
        again = website(bureau_id=None, accesses=(access(None, provider=None),))
        found = verbs.as_record(record(subject(again, bureau_id=None, isp_id=None)))
        assert found == subject()

    def test_an_access_of_another_provider_stays_when_only_ours_are_told(self):
        record(subject(website(accesses=(access(), access(301, provider=OTHERS)))))
        moved = website(accesses=(access(first=3405803900),))
        found = verbs.record(subject(moved), filing_id=None, our_isp_id=OURS, source="import", others_stay=True)
        assert [(a.ours, a.details["ranges"][0]["first"]) for a in found.websites[0].accesses] == [
            (True, 3405803900),
            (False, 3405803800),
        ]

    def test_a_number_the_bureau_gives_to_another_subject_is_that_ones(self):
        former = record(subject())
        heir = record(subject(website("闽ICP备2026000002号-1", domain="b.example", bureau_id=201), bureau_id=101,
                              number="闽ICP备2026000002号"))  # fmt: skip
        record(subject(website("闽ICP备2026000001号-1", bureau_id=201), bureau_id=101))
        assert verbs.by_number("闽ICP备2026000001号").subject is heir
        assert former.cancelled_at

    def test_a_website_goes_over_to_another_subject_and_both_histories_tell(self):
        record(subject())
        record(subject(website("闽ICP备2026000001号-1"), bureau_id=101, number="闽ICP备2026000009号", name="另一家"), 2)
        events = list(db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id)))
        assert [(e.subject_id, e.kind) for e in events] == [(1, "recorded"), (1, "replaced"), (2, "recorded")]


def kinds():
    return [
        (e.kind, e.about, e.filing_id) for e in db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id))
    ]


SECOND = website("闽ICP备2026000001号-2", domain="haiyan.example", bureau_id=201, accesses=(access(302),))


@pytest.mark.usefixtures("app_context")
class TestCancel:
    def test_a_subject_goes_with_its_websites_and_our_accesses(self):
        record(subject(website(accesses=(access(), access(301, provider=OTHERS))), SECOND))
        verbs.cancel_subject(100, filing_id=9)
        db.session.commit()
        gone = db.session.scalars(select(Subject)).one()
        assert gone.cancelled_at
        assert all(w.cancelled_at for w in gone.websites)
        assert [(a.bureau_id, a.ours) for w in gone.websites for a in w.accesses] == [(301, False)]
        assert kinds()[1:] == [("subject_cancelled", "", 9)]
        assert verbs.by_document("1", "91350100M000100Y43") is None
        assert verbs.by_domain("qingwu.example") is None
        assert verbs.by_number("闽ICP备2026000001号") is None

    def test_a_website_goes_and_its_subject_stays(self):
        record(subject(website(), SECOND))
        verbs.cancel_website(201, filing_id=9)
        left = verbs.by_number("闽ICP备2026000001号").subject
        assert [w.number[-2:] for w in verbs.as_record(left).websites] == ["-1"]
        assert kinds()[1:] == [("website_cancelled", "闽ICP备2026000001号-2", 9)]

    def test_an_access_goes_and_those_of_others_stay(self):
        record(subject(website(accesses=(access(), access(301, provider=OTHERS)))))
        site = verbs.cancel_access(300, filing_id=9)
        assert [a.bureau_id for a in site.accesses] == [301]
        assert not verbs.ours(site)
        assert verbs.other_access_known(site) == "yes"
        assert kinds()[1:] == [("access_cancelled", "闽ICP备2026000001号-1", 9)]
        assert verbs.cancel_access(300, filing_id=9) is None

    @pytest.mark.parametrize("cancel", [verbs.cancel_subject, verbs.cancel_website, verbs.cancel_access])
    def test_what_is_not_known_is_not_cancelled(self, cancel):
        record(subject())
        assert cancel(999, filing_id=9) is None
        assert len(kinds()) == 1

    def test_the_same_cancellation_again_changes_nothing(self):
        record(subject())
        for _ in range(2):
            verbs.cancel_website(200)
            verbs.cancel_subject(100)
        assert [kind for kind, _, _ in kinds()] == ["recorded", "website_cancelled", "subject_cancelled"]

    def test_what_comes_on_record_again_is_on_record(self):
        record(subject())
        verbs.cancel_subject(100)
        record(subject(), 3)
        assert verbs.by_domain("qingwu.example").number == "闽ICP备2026000001号-1"
        assert kinds()[-1] == ("recorded", "", 3)


@pytest.mark.usefixtures("app_context")
class TestWhose:
    def test_access_here_and_elsewhere(self):
        site = record(subject()).websites[0]
        assert (verbs.ours(site), verbs.other_access_known(site)) == (True, "no")

    def test_a_list_of_our_own_customers_says_nothing_of_others(self):
        verbs.record(subject(), filing_id=None, our_isp_id=OURS, source="import", others_stay=True)
        site = verbs.by_domain("qingwu.example")
        assert (verbs.ours(site), verbs.other_access_known(site)) == (True, "unknown")

    def test_a_subject_belongs_to_several_hosts_each_once(self, people):
        found = record(subject())
        lin, mei = people("host", "lin@qingwu.example"), people("host", "mei@qingwu.example")
        for account in (lin, mei, lin):
            verbs.belongs_to(found, account)
        assert {h.account_id for h in reading.hosts_of(found)} == {lin, mei}
        assert not reading.is_of(found, 999)
