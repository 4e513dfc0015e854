"""Which rule judges which field, and the one door to all of them: ``check``."""

from __future__ import annotations

from collections.abc import Mapping

from icp.rules import (
    addresses,
    addresses_ip,
    ages,
    codes,
    dates,
    documents,
    domains,
    filing_numbers,
    gbk,
    mail,
    names,
    phones,
    texts,
    website_names,
)
from icp.rules.canonical import as_list, as_text, clean, half_width, one_line
from icp.rules.codes import PathRule
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

_PRINCIPAL: dict[str, PathRule] = {
    "name": names.principal_name,
    "document_type": codes.principal_document_type,
    "document_number": ages.principal_document_number,
    "document_valid_from": dates.valid_from,
    "document_valid_to": dates.valid_to,
    "mobile": phones.mobile,
    "landline": phones.landline,
    "emergency_phone": phones.emergency_phone,
    "email": mail.email,
    "reachable_hours": texts.line,
}

RULES: Mapping[str, PathRule] = {
    "subject.filing_number": filing_numbers.subject_number,
    "subject.region_code": codes.region_code,
    "subject.organisation_type": codes.code("organisation_types"),
    "subject.document_type": codes.subject_document_type,
    "subject.document_number": documents.document_number,
    "subject.name": names.subject_name,
    "subject.document_address": addresses.document_address,
    "subject.document_valid_from": dates.valid_from,
    "subject.document_valid_to": dates.valid_to,
    "subject.mailing_address": addresses.mailing_address,
    "subject.supervisor": names.supervisor,
    "subject.remark": texts.remark,
    "subject.legal_representative.name": names.person_name,
    "subject.legal_representative.document_number": documents.document_number,
    **{f"subject.principal.{field}": rule for field, rule in _PRINCIPAL.items()},
    "website.filing_number": filing_numbers.website_number,
    "website.name": website_names.website_name,
    "website.domain": domains.domain,
    "website.home_url": domains.home_url,
    "website.service_content": codes.service_content,
    "website.languages": codes.codes("languages"),
    "website.pre_approvals": codes.pre_approvals,
    "website.pre_approvals.approval_number": texts.approval_number,
    "website.pre_approvals.valid_to": dates.valid_to,
    "website.remark": texts.website_remark,
    "website.principal.same_as_subject": codes.choice("yes", "no"),
    **{f"website.principal.{field}": rule for field, rule in _PRINCIPAL.items()},
    "website.access.same_as_first": codes.choice("yes", "no"),
    "website.access.access_method": codes.code("access_methods"),
    "website.access.server_location": codes.code("server_locations"),
    "website.access.ip_addresses": addresses_ip.ip_addresses,
    "cancellation.reason": codes.code("cancel_reasons"),
    "cancellation.remark": texts.cancellation_remark,
}
"""Type path → rule, in the order in which hosts meet the fields."""

LISTS = frozenset(
    ("website.service_content", "website.languages", "website.pre_approvals", "website.access.ip_addresses")
)
"""Fields whose value is a list of texts."""


def check(type_path: str, value: Value, context: Context) -> Checked:
    """Judge one value.

    Args:
        type_path: the field (`subject.principal.mobile`).
        value: as typed; an empty one is never wrong here (see ``required``).
        context: the vocabulary, the day, and the answers beside this one.

    Returns:
        The canonical value, which a revision stores, and the corrections (their path is ``type_path``). A value that
        is right but not in canonical form has a correction of severity `info` with the canonical form as suggestion.

    Raises:
        KeyError: there is no such field.
    """
    rule = RULES[type_path]
    if not as_list(value) if type_path in LISTS else not clean(as_text(value)):
        return Checked([] if type_path in LISTS else "")
    checked = rule(type_path, value, context)
    # Where nothing is left of what was typed (a lone sign), that itself stays, to be mended.
    stored = checked.stored or (checked.stored if type_path in LISTS else one_line(as_text(value)))
    found = Findings(type_path)
    found.corrections += checked.corrections
    gbk.carry(type_path, stored, found)
    _mention_canonical_form(value, stored, found)
    return found.checked(stored)


def as_suggestion(stored: Value) -> str:
    """A stored value as text that can be taken with one click: several values on a line each."""
    return stored if isinstance(stored, str) else "\n".join(stored)


def _mention_canonical_form(value: Value, stored: Value, found: Findings) -> None:
    if isinstance(stored, list):
        same = stored == (value if isinstance(value, list) else as_list(value))
        typed = "\n".join(as_list(value))
    else:
        typed = one_line(as_text(value)) if "\n" not in stored else clean(as_text(value))
        same = stored == typed
    # A refused value is to be changed anyway, and a rule may have said it better.
    said = any(c.suggestion is not None or c.code == "domain.idn" for c in found.corrections)
    if same or found.refused or said:
        return
    found.inform(_kind_of_change(typed, as_suggestion(stored)), as_suggestion(stored))


def _kind_of_change(typed: str, stored: str) -> str:
    narrow = half_width(typed)
    if narrow == stored:
        return "typed.full_width"
    if _bare(narrow) == _bare(stored):
        return "typed.spaces"
    return "typed.letter_case" if narrow.lower() == stored.lower() else "typed.form"


def _bare(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c != "-")
