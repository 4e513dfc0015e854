"""Telephones: mobile, office and emergency numbers, in the forms in which people write them."""

from __future__ import annotations

import re

import phonenumbers

from icp.rules.canonical import as_text, plain, settle
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

_BETWEEN = re.compile(r"[\s\-().·_]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|#|X)\s*:?\s*(\d{1,6})$", re.ASCII)
_LANDLINE = re.compile(r"(0[1-9]\d{1,2})(\d{7,8})", re.ASCII)


def digits_of(text: str) -> str:
    """A number in the form in which two can be compared: a mobile's 11 digits, a landline's digits with area code."""
    return settle(_national, _BETWEEN.sub("", plain(text)))


def _national(number: str) -> str:
    """Without the country code, in the ways it is written: +86, 0086, 086-, 86; after it an area code has no 0."""
    for prefix in ("+86", "0086", "086", "86"):
        rest = number.removeprefix(prefix)
        if rest != number and not _MOBILE.fullmatch(rest) and _LANDLINE.fullmatch("0" + rest):
            return "0" + rest
        if rest != number and (_MOBILE.fullmatch(rest) or prefix in ("+86", "0086") or _LANDLINE.fullmatch(rest)):
            return rest
    return number[1:] if number.startswith("0") and _MOBILE.fullmatch(number[1:]) else number


def mobile(path: str, value: Value, context: Context) -> Checked:
    """A mainland mobile number: 11 digits from 13 to 19 (R026). A series nobody knows yet is only warned of."""
    found = Findings(path)
    number = digits_of(as_text(value))
    _judge_mobile(number, found)
    return found.checked(number)


def _judge_mobile(number: str, found: Findings) -> None:
    if not (number.isascii() and number.isdigit()):
        found.error("mobile.characters")
    elif number.startswith("0") and _LANDLINE.fullmatch(number):
        found.error("mobile.landline")
    elif len(number) != 11:
        found.error("mobile.length", length=len(number))
    elif not _MOBILE.fullmatch(number):
        found.error("mobile.prefix", prefix=number[:2])
    elif not phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")):
        # Numbers of new series reach the library's table late, so this never refuses.
        found.warn("mobile.series", series=number[:3])


def emergency_phone(path: str, value: Value, context: Context) -> Checked:
    """A second number of the principal; another one than the mobile (R030)."""
    found = Findings(path)
    number = digits_of(as_text(value))
    stored = number
    if _LANDLINE.fullmatch(number):
        stored, _ = _parts(plain(as_text(value)).upper())
        found.warn("emergency_phone.landline")
    else:
        _judge_mobile(number, found)
    if number and number == digits_of(context.text(f"{path.rsplit('.', 1)[0]}.mobile")):
        found.error("R030")
    return found.checked(stored)


def landline(path: str, value: Value, context: Context) -> Checked:
    """An office telephone: area code, hyphen, number, maybe an extension (R033); in most provinces a mobile will do."""
    found = Findings(path)
    typed = plain(as_text(value)).upper()
    number = digits_of(typed)
    if _MOBILE.fullmatch(number):
        _mobile_instead(path, number, found, context)
        return found.checked(number)
    stored, area = _parts(typed)
    if area:
        _judge_area(stored, area, found, context)
    else:
        stored = _mend(typed, found, context)
    return found.checked(stored)


def _mobile_instead(path: str, number: str, found: Findings, context: Context) -> None:
    rules = context.vocabulary.province_rules(context.text("subject.region_code"))
    beside = path.rsplit(".", 1)[0]
    if not rules.mobile_as_landline:
        found.warn("landline.mobile_unwanted")
    elif rules.landline_differs_from_mobile and number == digits_of(context.text(f"{beside}.mobile")):
        found.error("landline.same_as_mobile")
    elif rules.landline_mobile_needs_remark and not context.text("subject.remark").strip():
        found.warn("landline.mobile_remark")
    else:
        found.inform("landline.mobile")


def _parts(typed: str) -> tuple[str, str]:
    """The canonical form `0591-87654321-12` and the area code; an empty area code when it isn't a landline."""
    extension = ""
    if match := _EXTENSION.search(typed):
        extension, typed = match.group(1), typed[: match.start()]
    groups = [group for group in _BETWEEN.split(typed) if group]
    if len(groups) > 1 and groups[0] in ("+86", "86", "086", "0086"):
        groups = groups[1:]
        groups[0] = groups[0] if groups[0].startswith("0") else "0" + groups[0]
    if not extension and len(groups) > 2 and _LANDLINE.fullmatch(groups[0] + groups[1]):
        extension, groups = groups[-1], groups[:-1]
    number = "".join(groups)
    if not _LANDLINE.fullmatch(number):
        number = _national(number)
    if not _LANDLINE.fullmatch(number) or not re.fullmatch(r"\d{0,6}", extension, re.ASCII):
        return typed.strip(), ""
    # 010 and 02x have three digits, all others four.
    area = number[:3] if number[1] in "12" else number[:4]
    local = number[len(area) :]
    if not 7 <= len(local) <= 8:
        return typed.strip(), ""
    return "-".join(part for part in (area, local, extension) if part), area


def _judge_area(stored: str, area: str, found: Findings, context: Context) -> None:
    region = context.text("subject.region_code").strip()
    row = context.vocabulary.area_codes.get(area)
    if row is None:
        found.warn("landline.area_unknown", area=area)
    elif len(region) == 6 and row["province"][:2] != region[:2]:
        found.warn("R033", area=area, province=context.vocabulary.regions.name(region[:2] + "0000"))
    elif not phonenumbers.is_valid_number(phonenumbers.parse("".join(stored.split("-")[:2]), "CN")):
        found.warn("landline.length", area=area, length=len(stored.split("-")[1]))


def _mend(typed: str, found: Findings, context: Context) -> str:
    """Say what keeps it from being an office telephone and, where it can be known, what was meant."""
    number = _BETWEEN.sub("", typed)
    plain_digits = number.isascii() and number.isdigit()
    if plain_digits and re.match(r"(400|800)\d{7}$|95\d{3,4}$|12\d{3}$", number):
        found.error("landline.service_number")
    elif plain_digits and len(number) in (7, 8) and number[0] != "0":
        city = context.vocabulary.regions.path(context.text("subject.region_code").strip())[1]
        areas: tuple[str, ...] = context.vocabulary.area_codes_of(city) if city else ()
        found.error("landline.no_area_code", f"{areas[0]}-{number}" if len(areas) == 1 else None)
    elif plain_digits and number[0] != "0" and _parts("0" + typed.strip())[1] in context.vocabulary.area_codes:
        found.error("landline.no_zero", _parts("0" + typed.strip())[0])
    else:
        found.error("landline.shape")
    return typed
