"""Checks of principals: telephone, mobile, e-mail, messaging accounts, certificate."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from icp.bureau.codec.xml import text_of
from icp.loopback_bureau.checks.base import Case, Finding

LANDLINE = re.compile(r"[0-9][0-9-]{10,}")
MOBILE = re.compile(r"1[0-9]{10}|(?:\+|00)?[0-9]{1,4}-?[0-9]{8,14}")
EMAIL = re.compile(r"[^@\s;]+@[^@\s;.]+(?:\.[^@\s;.]+)+")
QQ = re.compile(r"[1-9][0-9]{4,12}")
RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_CARD = "2"


def identity_card_fits(number: str) -> bool:
    """Whether the birth date exists and the check digit of an 18-character identity number is right (GB 11643)."""
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def mobile_fits(text: str) -> bool:
    """Whether a text is a mobile number, of the country or with a country code."""
    return MOBILE.fullmatch(text) is not None and not (len(text) == 11 and text.isdigit() and text[0] != "1")


def telephone_fits(text: str) -> bool:
    """Whether a text is a telephone of either kind."""
    return LANDLINE.fullmatch(text) is not None or mobile_fits(text)


def email_fits(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return EMAIL.fullmatch(text) is not None


def each(text: str) -> list[str]:
    """The parts of a list in one text."""
    return [part.strip() for part in text.split(";")]


def absent(element: Any, name: str) -> bool:
    """Whether an element isn't there, which is something else than one that is there and blank."""
    return element is None or element.find(name) is None


def principal(case: Case, element: Any, who: str) -> Iterator[Finding]:
    """The findings about one principal (``Fzr`` or ``Wz_Fzr``); type and number of a certificate come together or not.

    Args:
        case: the record.
        element: the principal's element.
        who: how the person is called in results.
    """
    rules = (
        ("Fzr_dhhm", 1010, lambda text: LANDLINE.fullmatch(text) is not None),
        ("Fzr_sjhm", 1011, mobile_fits),
        ("sjhm", 1011, mobile_fits),  # its name in HSJG
        ("Fzr_dzyj", 1009, email_fits),
        ("Msn", 1012, email_fits),
        ("Qq", 1013, lambda text: QQ.fullmatch(text) is not None),
    )
    for name, code, fits in rules:
        if not absent(element, name) and not all(fits(part) for part in each(text_of(element, name))):
            yield Finding(code, who)
    document_type, number = text_of(element, "Fzr_zjlx"), text_of(element, "Fzr_zjhm").upper()
    known = {option.code for option in case.vocabulary.principal_document_types()}
    if document_type and document_type not in known:
        yield Finding(1008, f"{who}证件类型")
    if document_type == IDENTITY_CARD and not (RESIDENT_ID.fullmatch(number) and identity_card_fits(number)):
        yield Finding(1015, who)
    elif not number and (document_type or not absent(element, "Fzr_zjhm")):
        yield Finding(1008, f"{who}证件号码")
    elif number and not document_type:
        yield Finding(1008, f"{who}证件类型")


def sponsor_principal(case: Case) -> Iterator[Finding]:
    """1009 to 1013, 1015 and 1008 of the sponsor's principal; an organisation's needs a name (1044) and a telephone.

    A name that is there and blank is none, nor is it a person's.
    """
    element = case.sponsor.find("Fzr")
    if not text_of(element, "Fzr_xm") and not (case.individual and absent(element, "Fzr_xm")):
        yield Finding(1044)
    if not case.individual and not text_of(element, "Fzr_dhhm"):
        yield Finding(1010, "主体负责人")
    yield from principal(case, element, "主体负责人")


def website_principals(case: Case) -> Iterator[Finding]:
    """1009 to 1013, 1015 and 1008 of each website's principal; an organisation's needs a telephone (1031).

    1999: the name, which must be there, is blank.
    """
    for website in case.websites:
        element, name = website.find("Wz_Fzr"), text_of(website, "Wzmc")
        # Without a sponsor's data, in the record or on record, the telephone can't be demanded.
        known = bool(case.text("Zt_xx/Zj/Zjlx")) or case.on_record is not None
        if known and not case.individual and not text_of(element, "Fzr_dhhm"):
            yield Finding(1031, name)
        if not text_of(element, "Fzr_xm"):
            yield Finding(1999, f"{name} 网站负责人姓名为空白")
        yield from principal(case, element, f"{name} 网站负责人")
