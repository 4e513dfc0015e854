"""Readable numbers of filings (申请号), such as `BA-261118-0427-6`: day, serial, check digit (Luhn)."""

from __future__ import annotations

import datetime as dt


def filing_number(serial: int, day: dt.date) -> str:
    """The number of the filing with this serial, opened on this day in China."""
    body = f"{day:%y%m%d}{serial:04d}"
    return f"BA-{body[:6]}-{body[6:]}-{check_digit(body)}"


def check_digit(digits: str) -> int:
    """The Luhn digit of a text of digits (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10


def well_formed(number: str) -> bool:
    """Whether ``number`` looks like ours and its check digit fits; finds a mistyped one before any search."""
    parts = number.strip().upper().split("-")
    if len(parts) != 4 or parts[0] != "BA" or not all(p.isascii() and p.isdigit() for p in parts[1:]):
        return False
    return check_digit(parts[1] + parts[2]) == int(parts[3])
