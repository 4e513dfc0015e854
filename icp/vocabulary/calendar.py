"""Working days in China: weekends, public holidays and the weekends worked in exchange (table `holidays`)."""

from __future__ import annotations

import datetime as dt

from icp.vocabulary import current
from icp.vocabulary.tables import Vocabulary


def is_working_day(day: dt.date, vocabulary: Vocabulary | None = None) -> bool:
    """Whether people work on a day.

    Args:
        day: a day in China.
        vocabulary: whose holidays count; those in force when None.
    """
    listed = (vocabulary or current()).holidays.get(day)
    return day.weekday() < 5 if listed is None else listed


def add_working_days(day: dt.date, n: int, vocabulary: Vocabulary | None = None) -> dt.date:
    """The n-th working day after (or, for a negative n, before) a day; the day itself isn't counted.

    Args:
        day: a day in China; it need not be a working day.
        n: number of working days; 0 gives ``day`` back.
        vocabulary: whose holidays count; those in force when None.
    """
    vocabulary = vocabulary or current()
    step = dt.timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, vocabulary)
    return day


def working_days_between(first: dt.date, last: dt.date, vocabulary: Vocabulary | None = None) -> int:
    """How many working days lie after ``first`` up to and including ``last``; negative when ``last`` comes first."""
    if last < first:
        return -working_days_between(last, first, vocabulary)
    vocabulary = vocabulary or current()
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, vocabulary) for day in days)
