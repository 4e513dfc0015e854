"""Check digits and shapes of the numbers on documents. Pure arithmetic; ``documents`` turns it into corrections.

Sources: resident ID GB 11643-1999; credit code GB 32100-2015; organisation code GB 11714-1997; 15-digit business
licence number GS 15-2006 (ISO 7064 MOD 11,10).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"})
_LOOKALIKE_CREDIT = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5"})

# First two digits of a resident ID: provinces, and 71, 81, 82, 83 of Taiwan, Hong Kong and Macao residents.
ID_PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in {"1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345"}.items()
    for place in places
) | {"71", "81", "82", "83"}


def id_check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17 digits of a resident ID number."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def is_id_shaped(number: str) -> bool:
    """Whether it has 17 ASCII digits and a digit or X."""
    return len(number) == 18 and _digits(number[:17]) and (number[17] == "X" or _digits(number[17]))


def id_fits(number: str) -> bool:
    """Whether a resident ID number has the right shape and check digit."""
    return is_id_shaped(number) and id_check_digit(number[:17]) == number[17]


def birth_date(number: str) -> dt.date | None:
    """The date of birth in digits 7 to 14 of a resident ID number; None when there is no such day."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def from_fifteen(number: str) -> str:
    """The 18-character form of an old resident ID number of 15 digits (born 19xx)."""
    body = f"{number[:6]}19{number[6:]}"
    return body + id_check_digit(body)


def credit_check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17 of a credit code (weights 3 to the power of i, mod 31)."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_shaped(number: str) -> bool:
    """Whether it has 18 characters of the alphabet (digits and capitals without I, O, S, V, Z)."""
    return len(number) == 18 and all(c in CREDIT_ALPHABET for c in number)


def credit_fits(number: str) -> bool:
    """Whether a credit code has the right shape and check digit."""
    return is_credit_shaped(number) and credit_check_digit(number[:17]) == number[17]


def organisation_check_digit(body: str) -> str:
    """The ninth character that belongs to the first eight of an organisation code."""
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def is_organisation_shaped(number: str) -> bool:
    """Whether it has eight digits or capitals and a digit or X (without the hyphen)."""
    return len(number) == 9 and _codes(number[:8]) and (number[8] == "X" or _digits(number[8]))


def organisation_fits(number: str) -> bool:
    """Whether an organisation code has the right shape and check digit."""
    return is_organisation_shaped(number) and organisation_check_digit(number[:8]) == number[8]


def licence_check_digit(body: str) -> str:
    """The 15th digit that belongs to the first 14 of a business licence number (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def licence_fits(number: str) -> bool:
    """Whether a licence number has 15 digits and the right check digit."""
    return len(number) == 15 and _digits(number) and licence_check_digit(number[:14]) == number[14]


def mend_id(number: str) -> str | None:
    """The number with look-alike letters replaced by digits, when its check digit then fits."""
    mended = number[:17].translate(_LOOKALIKE) + number[17:].replace("O", "0").replace("I", "1").replace("L", "1")
    return mended if mended != number and id_fits(mended) else None


def mend_credit(number: str) -> str | None:
    """The code with the letters it can't have replaced by the digits they look like, when it then fits."""
    mended = number.translate(_LOOKALIKE_CREDIT)
    return mended if mended != number and credit_fits(mended) else None


def letters_in(number: str, allowed: str) -> str:
    """The characters of a number that aren't among the allowed ones, each once, in order."""
    return "".join(dict.fromkeys(c for c in number if c not in allowed))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _codes(text: Iterable[str]) -> bool:
    return all(c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for c in text)
