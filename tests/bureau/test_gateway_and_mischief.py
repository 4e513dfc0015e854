"""The gateway meets everything the loopback bureau can spoil: nothing stops it, and a person is told what was lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from icp import bureau
from icp.bureau import account as accounts
from icp.bureau.models import Download
from icp.extensions import db
from icp.filings.models import Filing
from icp.loopback_bureau import listing, mischief
from tests.bureau.gateway_filing import ready
from tests.bureau.loopback_filing import ISP
from tests.bureau.test_gateway_and_loopback import site, work  # noqa: F401 - the fixture

AGAIN = ("bad_hash", "undecryptable", "damaged_zip", "two_files", "zip_bomb", "oversized", "garbled_reply", "fault")
"""What is not acknowledged, and comes whole the next time."""
UNUSUAL = (
    "plain_download", "other_entry_name", "unknown_element", "unread_group", "duplicate_delivery", "duplicate_file",
    "reverse_order", "end_with_1", "return_cdata", "no_declaration", "no_version", "base64_in_one_line",
    "padded_values", "unknown_code", "czlx_35", "other_version", "empty_file",
    "comment",
)  # fmt: skip
"""What is read or passed over; of an element or a group that nobody reads a person is told."""
LOST = tuple(name for name in mischief.TEXTS if name not in AGAIN + UNUSUAL)
"""What is kept and acknowledged, and can't be read: a person is told."""


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Download)) or 0


def state(filing: Filing) -> str:
    db.session.expire_all()
    return db.session.get_one(Filing, filing.id).state


def test_what_comes_whole_the_next_time_is_taken_then(site):  # noqa: F811 - as above
    running = site()
    for number, trouble in enumerate(AGAIN):
        running.bureau.issue(listing.illegal_access, f"ghost{number}.example", "203.0.113.7", ISP)
        running.bureau.trouble(trouble, 1)
        bureau.poll()
        assert kept() == number, trouble
        bureau.poll()
        assert kept() == number + 1, trouble


def test_what_cannot_be_read_is_told(site):  # noqa: F811 - as above
    running = site()
    assert len(LOST) >= 7
    for number, trouble in enumerate(LOST, 1):
        running.bureau.issue(listing.illegal_access, f"ghost{number}.example", "203.0.113.7", ISP)
        running.bureau.trouble(trouble, 1)
        bureau.poll()
        assert len(accounts.open_alerts()) == number, trouble
        assert kept() == number


@pytest.mark.parametrize("trouble", ["gjsh_without_jg", "jg_without_gjsh", "results_without_data", "data_late"])
def test_any_part_of_an_answer_is_enough(site, trouble):  # noqa: F811 - as above
    running = site(decision="approve")
    filing = ready()
    work()
    running.bureau.trouble(trouble, 1)
    running.bureau.settle()
    bureau.poll()
    assert state(filing) == "approved"
    assert bureau.poll() is (trouble == "data_late")


def test_what_is_only_unusual_stops_nothing(site):  # noqa: F811 - as above
    running = site(decision="approve")
    for number, trouble in enumerate(UNUSUAL):
        running.bureau.issue(listing.illegal_access, f"ghost{number}.example", "203.0.113.7", ISP)
        running.bureau.trouble(trouble, 1)
        bureau.poll()
        bureau.poll()
    assert [(alert.kind, alert.detail) for alert in accounts.open_alerts()][::-1] == [
        ("schema", "/DownloadData/ICP/FFJRHMD/Ffjrxx/Xinzd"),
        ("unread_group", "XXTG"),
        ("empty_file", ""),
    ]
    for trouble in (
        "return_cdata",
        "no_declaration",
        "no_version",
        "padded_values",
        "unknown_element",
        "reverse_order",
    ):
        running.bureau.trouble(trouble)
    filing = ready()
    work()
    running.bureau.settle()
    bureau.poll()
    assert state(filing) == "approved"
