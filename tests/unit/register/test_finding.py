"""Finding what is on record, by index, on both databases."""

import pytest

from icp.register import reading, verbs
from tests.conftest import both_databases
from tests.unit.register.register_cases import record, subject, website


@both_databases
@pytest.mark.usefixtures("app_context")
class TestFinding:
    def test_by_document_whatever_the_case(self):
        record(subject())
        assert verbs.by_document("1", "91350100m000100y43").name == "福州青梧文创有限公司"
        assert verbs.by_document("2", "91350100M000100Y43") is None

    def test_by_domain(self):
        record(subject())
        assert verbs.by_domain("QINGWU.example").number == "闽ICP备2026000001号-1"
        assert verbs.by_domain("other.example") is None

    def test_a_domain_and_all_under_it_but_not_its_neighbours(self):
        names = ("qingwu.example", "a.qingwu.example", "b.a.qingwu.example", "qingwu-shop.example", "myqingwu.example")
        sites = [website(f"闽ICP备2026000001号-{i}", domain=n, bureau_id=200 + i) for i, n in enumerate(names, 1)]
        record(subject(*sites))
        assert [d.name for d in reading.under_domain("Qingwu.example")] == [*names[:3]]
        first = reading.under_domain("example", limit=2)
        rest = reading.under_domain("example", (first[-1].reversed, first[-1].id))
        assert {d.name for d in (*first, *rest)} == set(names)
        assert len(first + rest) == len(names)

    def test_a_number_the_bureau_writes_without_its_customary_last_character(self):
        plain = "闽ICP备2026000009"
        record(subject(website(f"{plain}-1", domain="nine.example", bureau_id=909), number=plain, bureau_id=99))
        for typed in (plain, f"{plain}号"):
            assert verbs.by_number(typed).subject.number == plain
        for typed in (f"{plain}-1", f"{plain}号-1"):
            assert verbs.by_number(typed).website.number == f"{plain}-1"

    def test_by_number_of_subject_and_website_as_typed(self):
        record(subject())
        assert verbs.by_number("闽icp备 2026000001").website is None
        assert verbs.by_number("闽ICP备2026000001－1").website.name == "青梧文创手作馆"
        assert verbs.by_number("闽ICP备2026000001号-2") is None
        verbs.cancel_website(200)
        assert verbs.by_number("闽ICP备2026000001号-1") is None
        assert verbs.by_number("闽ICP备2026000001号-1", cancelled=True).website.cancelled_at

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("青梧", {"福州青梧文创有限公司", "青梧文创手作馆"}),
            ("文创手作", {"青梧文创手作馆"}),
            ("有限公司", {"福州青梧文创有限公司"}),
            ("福 州", {"福州青梧文创有限公司"}),
            ("梧青", set()),
            ("馆", set()),
        ],
    )
    def test_by_a_part_of_a_name(self, text, names):
        record(subject())
        found = reading.by_name(text)
        assert {(p.website_id and "青梧文创手作馆") or "福州青梧文创有限公司" for p in found} == names

    def test_a_new_name_takes_the_place_of_the_old(self):
        record(subject())
        record(subject(name="Fuzhou ＱＩＮＧＷＵ Studio"))
        assert [p.website_id for p in reading.by_name("qingwu st")] == [None]
        assert reading.by_name("州青梧") == []

    def test_pages_of_names_go_on_where_the_last_one_ended(self):
        sites = [website(f"闽ICP备2026000001号-{i}", domain=f"d{i}.example", bureau_id=200 + i) for i in range(1, 6)]
        record(subject(*sites))
        first = reading.by_name("手作馆", limit=3)
        rest = reading.by_name("手作馆", (first[-1].text, first[-1].id))
        assert len({p.website_id for p in first + rest}) == 5
