import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp.vocabulary.calendar import add_working_days, is_working_day, working_days_between

DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2025-01-28", False),
        ("2025-01-26", True),  # a Sunday worked in exchange
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-04", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-10-10", True),
        ("2027-02-08", False),
    ],
)
def test_working_days(text, works):
    assert is_working_day(day(text)) is works


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-11-24", 20, "2026-12-22"),
    ],
)
def test_counting_working_days(start, n, end):
    assert add_working_days(day(start), n) == day(end)


@given(DAYS, st.integers(1, 60))
def test_counting_forward_ends_on_the_working_day_counted(start, n):
    end = add_working_days(start, n)
    assert is_working_day(end)
    assert working_days_between(start, end) == n
    assert working_days_between(end, start) == -n
