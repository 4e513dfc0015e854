"""The age of a principal, read from the ID number (R019)."""

from __future__ import annotations

from icp.rules import numbers
from icp.rules.canonical import plain, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.documents import RESIDENCE_HK_MACAO, RESIDENCE_TAIWAN, RESIDENT_ID, document_number
from icp.rules.findings import Findings

ADULT = 18


def principal_document_number(path: str, value: Value, context: Context) -> Checked:
    """Check a principal's document number, and the age it tells against the province's minimum."""
    checked = document_number(path, value, context)
    kind = context.text(f"{path.rsplit('.', 1)[0]}.document_type").strip()
    number = checked.stored
    if checked.refused or not isinstance(number, str) or not numbers.id_fits(number):
        return checked
    if kind not in (RESIDENT_ID, RESIDENCE_HK_MACAO, RESIDENCE_TAIWAN, ""):
        return checked
    born = numbers.birth_date(number)
    if born is None:
        return checked
    found = Findings(path)
    age = numbers.age_on(born, context.today)
    minimum = context.vocabulary.province_rules(context.text("subject.region_code")).minimum_age
    if age < minimum:
        found.error("R019", age=age, minimum=minimum)
    elif age < ADULT:
        found.warn("principal.minor", age=age)
    return Checked(number, (*checked.corrections, *found.corrections))


def number_of(path: str, context: Context) -> str:
    """A document number answered elsewhere, in the form in which two of them can be compared."""
    return without_spaces(plain(context.text(path))).upper().replace("-", "")
