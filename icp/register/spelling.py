"""Filing numbers as the bureau writes them, for what is sent to it.

Only province, ICP备 and serial are fixed; the closing 号 is customary (interface, § 17.3). What the bureau compares a
number with is how it writes it itself, so its own data decide, as far as there are any.
"""

from __future__ import annotations

from sqlalchemy import select

from icp.extensions import db
from icp.register.models import Subject, Website
from icp.register.reading import by_number
from icp.rules import filing_numbers


def as_written(text: str) -> str:
    """A number as the bureau writes it: as it is on record, also cancelled; else as its subject's is, as the last of
    the same province's, as the last of any. Without all of these with 号, as in each of the interface's examples (§ 9)
    and in the letter from which a host copies it.

    Args:
        text: however it is written; what isn't shaped like a number comes back as it is.
    """
    number = filing_numbers.canonical(text)
    if number is None:
        return text
    found = by_number(number, cancelled=True) or by_number(filing_numbers.of_subject(number), cancelled=True)
    known: list[Subject | Website] = [] if found is None else [found.subject, *found.subject.websites]
    same = next((row.number for row in known if row.number in filing_numbers.spellings(number)), "")
    if same:
        return same
    like = found.subject.number if found is not None else _latest(number[:4]) or _latest("")
    return number if not like or "号" in like else number.replace("号", "")


def _latest(start: str) -> str:
    """The number beginning so that the bureau's data brought last, '' when none did; lists of our own are in our
    spelling and tell nothing, but carry no id of the bureau's."""
    wanted = select(Subject.number).where(Subject.bureau_id.is_not(None), Subject.number.startswith(start))
    return db.session.scalar(wanted.order_by(Subject.id.desc()).limit(1)) or ""
