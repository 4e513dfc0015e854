"""Numbers as the bureau writes them, by what its data show."""

import pytest

from icp.register import verbs
from icp.register.spelling import as_written
from tests.unit.register.register_cases import record, subject, website


def on_record(number: str, n: int, *, from_bureau: bool = True) -> None:
    ids = (n, 900 + n) if from_bureau else (None, None)
    site = website(f"{number}-1", domain=f"site{n}.example", bureau_id=ids[1], accesses=(website().accesses[0],))
    site = site if from_bureau else website(f"{number}-1", domain=f"site{n}.example", bureau_id=None)
    record(subject(site, number=number, bureau_id=ids[0], document_number=f"D{n}"), None)


@pytest.mark.usefixtures("app_context")
class TestSpelling:
    def test_without_any_data_as_in_the_examples(self):
        assert as_written("闽ICP备2026000009") == "闽ICP备2026000009号"
        assert as_written("闽ICP备 2026000009-2") == "闽ICP备2026000009号-2"
        assert as_written("no number") == "no number"
        assert as_written("") == ""

    def test_what_is_on_record_is_written_as_it_is_there(self):
        on_record("闽ICP备2026000001", 1)
        on_record("闽ICP备2026000002号", 2)
        assert as_written("闽ICP备2026000001号") == "闽ICP备2026000001"
        assert as_written("闽ICP备2026000001号-1") == "闽ICP备2026000001-1"
        assert as_written("闽ICP备2026000001号-7") == "闽ICP备2026000001-7"
        assert as_written("闽ICP备2026000002-1") == "闽ICP备2026000002号-1"
        verbs.cancel_website(901)
        assert as_written("闽ICP备2026000001号-1") == "闽ICP备2026000001-1"

    def test_what_is_not_is_written_as_the_province_writes(self):
        on_record("京ICP备2026000001号", 1)
        on_record("闽ICP备2026000001", 2)
        on_record("粤ICP备2026000001号", 3)
        assert as_written("闽ICP备2026000009号-2") == "闽ICP备2026000009-2"
        assert as_written("京ICP备2026000009") == "京ICP备2026000009号"

    def test_a_province_without_data_is_written_as_the_last_of_any(self):
        on_record("京ICP备2026000001号", 1)
        on_record("闽ICP备2026000001", 2)
        assert as_written("粤ICP备2026000009号") == "粤ICP备2026000009"

    def test_a_list_of_our_own_tells_nothing(self):
        on_record("闽ICP备2026000001", 1)
        on_record("闽ICP备2026000002号", 2, from_bureau=False)
        assert as_written("闽ICP备2026000009号") == "闽ICP备2026000009"
