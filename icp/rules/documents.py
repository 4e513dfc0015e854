"""Numbers on documents (证件号码) by type of document; bureau codes of the types as in table `document_types`."""

from __future__ import annotations

import re
from collections.abc import Callable

from icp.rules import numbers
from icp.rules.canonical import as_text, plain, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

RESIDENT_ID, PASSPORT, OFFICER, TAIWAN_PERMIT, HK_MACAO_PERMIT = "2", "7", "8", "11", "14"
RESIDENCE_HK_MACAO, RESIDENCE_TAIWAN, PERMANENT_RESIDENT = "41", "42", "30"
BUSINESS_LICENCE, MILITARY_UNIT = "1", "5"
CREDIT_CODE = ("13", "15", "24")
ORGANISATION_CODE = ("3", "9", "12")
# Their types of organisation have no credit-code document of their own, so their credit code comes under these.
ORGANISATION_CODE_OR_CREDIT = ("10", "16", "18", "20")
FREE = (MILITARY_UNIT, OFFICER, "23")

_SIGNS_BETWEEN = re.compile(r"[\s\-_.·]+")


def document_number(path: str, value: Value, context: Context) -> Checked:
    """Check a document number against the document type answered beside it."""
    found = Findings(path)
    typed = plain(as_text(value))
    kind = context.text(f"{path.rsplit('.', 1)[0]}.document_type").strip()
    if path == "subject.legal_representative.document_number" or not kind:
        kind = _guess(typed)
    return found.checked(_judge(kind, typed, found, context))


def _judge(kind: str, typed: str, found: Findings, context: Context) -> str:
    if kind in FREE or kind == "":
        return _free(typed, found)
    number = _SIGNS_BETWEEN.sub("", typed).upper()
    if kind in ORGANISATION_CODE + ORGANISATION_CODE_OR_CREDIT:
        return _organisation_code(number, kind, found)
    if kind in CREDIT_CODE:
        _credit_code(number, found)
    elif kind in _BY_KIND:
        _BY_KIND[kind](number, found, context)
    else:
        return _certificate(typed, number, found)
    return number


def _guess(typed: str) -> str:
    number = without_spaces(typed).upper().replace("-", "")
    if numbers.is_id_shaped(number) and number[0] != "9":
        return RESIDENT_ID
    return ""


def resident_id(number: str, found: Findings, context: Context) -> None:
    """Resident identity card, GB 11643."""
    letters = numbers.letters_in(number[:17], "0123456789" if len(number) == 18 else "0123456789X")
    letters += numbers.letters_in(number[17:], "0123456789X")
    if letters:
        count = sum(c in letters for c in number)
        found.error("resident_id.letters", numbers.mend_id(number), letters=letters, count=count)
        return
    if len(number) == 15:
        found.error("resident_id.fifteen", _eighteen(number))
        return
    if len(number) != 18:
        found.error("resident_id.length", length=len(number))
        return
    born = numbers.birth_date(number)
    if born is None:
        found.error("resident_id.birth_date", year=number[6:10], month=number[10:12], day=number[12:14])
    elif born > context.today:
        found.error("resident_id.future_birth", year=number[6:10], month=number[10:12], day=number[12:14])
    elif not numbers.id_fits(number):
        found.error("resident_id.check_digit", last=number[17])
    else:
        _plausible_id(number, found, context)


def _eighteen(number: str) -> str | None:
    longer = numbers.from_fifteen(number)
    return longer if numbers.birth_date(longer) else None


def _plausible_id(number: str, found: Findings, context: Context) -> None:
    """What may be unusual and yet right: codes of divisions change, and are those of the place of issue."""
    if number[:2] in ("81", "82", "83"):
        found.warn("resident_id.residence_permit")
    elif number[0] == "9":
        found.warn("resident_id.permanent_resident")
    elif number[:2] not in numbers.ID_PROVINCES:
        found.warn("resident_id.division", division=number[:2])
    born = numbers.birth_date(number)
    if born and numbers.age_on(born, context.today) > 110:
        found.warn("resident_id.age", age=numbers.age_on(born, context.today))


def _credit_code(number: str, found: Findings) -> None:
    """Credit code, GB 32100, with the organisation code inside, GB 11714."""
    if len(number) != 18:
        found.error("credit_code.length", length=len(number))
        return
    letters = numbers.letters_in(number, numbers.CREDIT_ALPHABET)
    if letters:
        count = sum(c in letters for c in number)
        found.error("credit_code.letters", numbers.mend_credit(number), letters=letters, count=count)
    elif not numbers.credit_fits(number):
        found.error("credit_code.check_digit", last=number[17])
    elif not numbers.organisation_fits(number[8:17]):
        found.warn("credit_code.organisation_digit")


def _business_licence(number: str, found: Findings, context: Context) -> None:
    if len(number) == 15 and number.isascii() and number.isdigit():
        if not numbers.licence_fits(number):
            found.error("licence.check_digit", last=number[14])
        else:
            found.warn("licence.old_number")
    elif len(number) in (13, 15) and number.isascii() and number.isalnum() and number[:6].isdigit():
        found.warn("licence.old_number")
    elif len(number) != 18:
        found.error("licence.length", length=len(number))
    else:
        _credit_code(number, found)


def _organisation_code(number: str, kind: str, found: Findings) -> str:
    if len(number) == 18:
        if kind in ORGANISATION_CODE_OR_CREDIT:
            _credit_code(number, found)
        else:
            found.error("organisation_code.is_credit_code")
        return number
    if len(number) != 9:
        found.error("organisation_code.length", length=len(number))
        return number
    stored = f"{number[:8]}-{number[8]}"
    if not numbers.is_organisation_shaped(number):
        found.error("organisation_code.characters")
    elif not numbers.organisation_fits(number):
        found.error("organisation_code.check_digit", last=number[8])
    return stored


def _passport(number: str, found: Findings, context: Context) -> None:
    if not re.fullmatch(r"[A-Z0-9]{5,17}", number):
        if numbers.id_fits(number):
            found.error("passport.is_resident_id")
        else:
            found.error("passport.shape")


def _hk_macao_permit(number: str, found: Findings, context: Context) -> None:
    if not re.fullmatch(r"[HM]\d{8}(\d{2})?", number, re.ASCII):
        found.error("hk_macao_permit.shape")


def _taiwan_permit(number: str, found: Findings, context: Context) -> None:
    if re.fullmatch(r"\d{8}|\d{10}", number, re.ASCII):
        return
    # Older permits carry letters and brackets; they run out, but a valid one isn't refused.
    if re.fullmatch(r"[A-Z0-9()]{8,16}", number):
        found.warn("taiwan_permit.unusual")
    else:
        found.error("taiwan_permit.shape")


def _residence_permit(places: tuple[str, ...]) -> Callable[[str, Findings, Context], None]:
    def judge(number: str, found: Findings, context: Context) -> None:
        if not numbers.is_id_shaped(number):
            found.error("residence_permit.shape")
        elif not numbers.id_fits(number):
            found.error("resident_id.check_digit", last=number[17])
        elif numbers.birth_date(number) is None:
            found.error("resident_id.birth_date", year=number[6:10], month=number[10:12], day=number[12:14])
        elif number[:2] not in places:
            found.warn("residence_permit.place", places=" ".join(places), place=number[:2])

    return judge


def _permanent_resident(number: str, found: Findings, context: Context) -> None:
    if re.fullmatch(r"[A-Z]{3}\d{12}", number, re.ASCII):
        return
    if not (numbers.is_id_shaped(number) and number[0] == "9"):
        found.error("permanent_resident.shape")
    elif not numbers.id_fits(number):
        found.warn("permanent_resident.check_digit", last=number[17])


def _certificate(typed: str, number: str, found: Findings) -> str:
    """A certificate whose number may be a credit code or a number of its own: only a full credit code is checked."""
    if len(number) == 18 and number.isascii() and number.isalnum() and not number.isalpha():
        if numbers.credit_fits(number):
            return number
        found.warn("certificate.credit_code", numbers.mend_credit(number))
        return number
    return _free(typed, found)


def _free(typed: str, found: Findings) -> str:
    if len(typed) < 3:
        found.error("document.short", length=len(typed))
    elif not any(c.isdigit() for c in typed):
        found.warn("document.no_digits")
    return typed


_BY_KIND: dict[str, Callable[[str, Findings, Context], None]] = {
    RESIDENT_ID: resident_id,
    PASSPORT: _passport,
    TAIWAN_PERMIT: _taiwan_permit,
    HK_MACAO_PERMIT: _hk_macao_permit,
    RESIDENCE_HK_MACAO: _residence_permit(("81", "82")),
    RESIDENCE_TAIWAN: _residence_permit(("83",)),
    PERMANENT_RESIDENT: _permanent_resident,
    BUSINESS_LICENCE: _business_licence,
}
