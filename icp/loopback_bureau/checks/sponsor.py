"""Checks of the sponsor (主体): type, certificate, region, conflicts, black list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from icp.bureau.codec.xml import text_of
from icp.loopback_bureau.checks.base import Case, Claim, Finding
from icp.loopback_bureau.checks.contacts import IDENTITY_CARD, RESIDENT_ID, identity_card_fits
from icp.loopback_bureau.registry import find_sponsor
from icp.loopback_bureau.store import Row

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE = re.compile(rf"[{CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")
REGISTRATION = re.compile(r"[0-9]{13}|[0-9]{15}")
ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
PLAIN = re.compile(r"[^\s<>&\"']{3,}")
BUSINESS_LICENCE = "1"
ORGANISATION_CODES = frozenset({"3", "9", "10", "12", "16", "18", "20"})
CREDIT_CODES = frozenset({"13", "15", "24"})


def credit_code_fits(code: str) -> bool:
    """Whether a credit code has the form and check character of GB 32100."""
    if not CREDIT_CODE.fullmatch(code):
        return False
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return CREDIT_ALPHABET[-total % 31] == code[17]


def number_fits(document_type: str, number: str) -> bool:
    """Whether a certificate number has the form that its type demands; types without a known form take any text."""
    if document_type == BUSINESS_LICENCE:
        return credit_code_fits(number) or REGISTRATION.fullmatch(number) is not None
    if document_type in CREDIT_CODES:
        return credit_code_fits(number)
    if document_type in ORGANISATION_CODES:
        return credit_code_fits(number) or ORGANISATION_CODE.fullmatch(number) is not None
    if document_type == IDENTITY_CARD:
        return RESIDENT_ID.fullmatch(number) is not None
    return PLAIN.fullmatch(number) is not None


def organisation_type(case: Case) -> Iterator[Finding]:
    """1014: unknown, or missing for an organisation; 1008: the certificate isn't one of this type."""
    kind, document = text_of(case.sponsor, "Dwxz"), text_of(case.sponsor, "Zj/Zjlx")
    if not kind:
        if not case.individual:
            yield Finding(1014)
    elif not case.vocabulary.has("organisation_types", kind):
        yield Finding(1014, kind)
    elif case.vocabulary.row("document_types", document).get("organisation_type", kind) != kind:
        yield Finding(1008, "证件类型与单位性质不符")


def certificate(case: Case) -> Iterator[Finding]:
    """1008: unknown type or malformed number; 1015: an identity card whose date or check digit is wrong."""
    document, number = text_of(case.sponsor, "Zj/Zjlx"), text_of(case.sponsor, "Zj/Zjhm").upper()
    if not case.vocabulary.has("document_types", document):
        yield Finding(1008, "证件类型")
    elif not number_fits(document, number):
        yield Finding(1008, "证件号码")
    elif document == IDENTITY_CARD and not identity_card_fits(number):
        yield Finding(1015, "主体")


def region(case: Case) -> Iterator[Finding]:
    """1019: a code unknown, a city outside its province, a county outside its city."""
    regions = case.vocabulary.regions
    province, city, county = (text_of(case.sponsor, f"Txdz/{name}") for name in ("Shengid", "Shiid", "Xianid"))
    cities = {option.code for option in regions.children(city[:2] + "0000")}
    counties = {option.code for option in regions.children(city)}
    fits = (
        regions.exists(province)
        and province.endswith("0000")
        and city in cities
        and city[:2] == province[:2]
        and (not county or county in counties)
    )
    if not fits:
        yield Finding(1019)


def conflict(case: Case) -> Iterator[Finding]:
    """1003: another sponsor with the same certificate is on record, or a request of one waits for its decision."""
    document, number = text_of(case.sponsor, "Zj/Zjlx"), text_of(case.sponsor, "Zj/Zjhm").upper()
    found = find_sponsor(case.connection, document, number)
    if found is not None:
        if case.on_record is None or found["id"] != case.on_record["id"]:
            yield Finding(1003)
    elif case.claimed("certificate", f"{document}:{number}"):
        yield Finding(1003, "另有一件在审")


def blacklist(case: Case) -> Iterator[Finding]:
    """1065: the sponsor's certificate number, as reported, is on the black list."""
    if case.blacklisted("sponsor", text_of(case.sponsor, "Zj/Zjhm").upper()):
        yield Finding(1065, text_of(case.sponsor, "Dwmc"))


def blacklisted_row(case: Case, row: Row) -> Iterator[Finding]:
    """1065: the certificate number of a sponsor on record is on the black list."""
    if case.blacklisted("sponsor", row["document_number"]):
        yield Finding(1065, row["name"])


def blacklist_on_record(case: Case) -> Iterator[Finding]:
    """1065 of the sponsor that ``Zt_xx`` names."""
    if case.on_record is not None:
        yield from blacklisted_row(case, case.on_record)


def certificate_claim(case: Case) -> Claim:
    """What a pending new sponsor holds."""
    return Claim("certificate", f"{text_of(case.sponsor, 'Zj/Zjlx')}:{text_of(case.sponsor, 'Zj/Zjhm').upper()}")
