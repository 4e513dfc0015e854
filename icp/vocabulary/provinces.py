"""What the bureau of one province asks beyond the national rules; data with a date, never code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

SUBJECT_PRINCIPAL = ("any", "power_of_attorney", "legal_representative")
OUTSIDE_INDIVIDUALS = ("accepted", "permit", "refused")


@dataclass(frozen=True)
class ProvinceRules:
    """The rules of one provincial bureau. Where nothing is known the field holds the mildest rule.

    Attributes:
        province: GB/T 2260 code, six digits.
        subject_principal: who may be it: `any`, someone with a `power_of_attorney`, or the `legal_representative`.
        website_principal_letter: a website principal who isn't the legal representative needs a power of attorney.
        one_principal_unless_legal_representative: both principals are one person unless the subject's is the legal
            representative (R037).
        outside_individuals: an individual whose ID card is from elsewhere is `accepted`, needs a residence `permit`
            (R018), or is `refused`.
        addresses_in_same_city: mailing and document address lie in one city (R009).
        minimum_age: of a principal, in years (R019).
        websites_per_filing: at most so many in one filing; 0: no limit (R064).
        websites_per_organisation: at most so many of one organisation; 0: no limit (R064).
        websites_per_individual: at most so many of one individual; 0: no limit (R064).
        construction_plan_from: a construction plan is asked for from this number of websites; 0: never (R082).
        commitment_letter: a signed commitment letter is asked for (R081).
        local_mobile: the mobile number should be of the province (R028).
        mobile_as_landline: a mobile number may stand in for the office telephone.
        landline_differs_from_mobile: if so, it must be another one than the principal's mobile.
        landline_mobile_needs_remark: if so, the remark says whose it is, with the person's post.
        emergency_phone: an emergency number is asked for.
        emergency_phones_differ: those of the two principals must differ (R031).
        mainland_principal: a foreign, Hong Kong, Macao or Taiwan legal representative delegates to a holder of a
            mainland ID card (R036).
        shell_subject_may_add: a subject without websites may add one without filing anew.
        review_working_days: the bureau's time limit.
        sms_check: operations (`new_filing` …) with the ministry's SMS check.
        password_waived: operations for which the filing password isn't asked, though by the interface it may be.
        checked_on: the day this row was last compared with its sources.
    """

    province: str
    subject_principal: str
    website_principal_letter: bool
    one_principal_unless_legal_representative: bool
    outside_individuals: str
    addresses_in_same_city: bool
    minimum_age: int
    websites_per_filing: int
    websites_per_organisation: int
    websites_per_individual: int
    construction_plan_from: int
    commitment_letter: bool
    local_mobile: bool
    mobile_as_landline: bool
    landline_differs_from_mobile: bool
    landline_mobile_needs_remark: bool
    emergency_phone: bool
    emergency_phones_differ: bool
    mainland_principal: bool
    shell_subject_may_add: bool
    review_working_days: int
    sms_check: tuple[str, ...]
    password_waived: tuple[str, ...]
    checked_on: dt.date

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> ProvinceRules:
        """Read one row of the table ``province_rules``.

        Raises:
            ValueError: a value isn't of its column's kind.
            KeyError: a column is missing.
        """
        values: dict[str, Any] = {item.name: _read(item.name, str(item.type), row[item.name]) for item in fields(cls)}
        rules = cls(**values)
        if rules.subject_principal not in SUBJECT_PRINCIPAL or rules.outside_individuals not in OUTSIDE_INDIVIDUALS:
            raise ValueError(f"province {rules.province}: unknown word in subject_principal or outside_individuals")
        return rules

    def to_row(self) -> dict[str, str]:
        """The row of the table ``province_rules`` that reads as these rules."""
        return {item.name: _written(getattr(self, item.name)) for item in fields(self)}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _read(name: str, kind: str, text: str) -> Any:
    if kind == "bool":
        if text not in ("yes", "no"):
            raise ValueError(f"{name}: {text!r} is neither yes nor no")
        return text == "yes"
    if kind == "int":
        return int(text)
    if kind == "dt.date":
        return dt.date.fromisoformat(text)
    return tuple(text.split()) if kind.startswith("tuple") else text
