"""What has to be answered, by the other answers and the province's rules."""

from __future__ import annotations

from icp.rules.codes import OTHER_CONTENT
from icp.rules.correction import Context, Correction, Source
from icp.rules.findings import correction
from icp.rules.registry import RULES

OPTIONAL = frozenset(
    (
        "subject.remark",
        "subject.principal.reachable_hours",
        "website.principal.reachable_hours",
        "website.access.same_as_first",
    )
)
CHOICES = frozenset(
    (
        "subject.region_code",
        "subject.organisation_type",
        "subject.document_type",
        "subject.principal.document_type",
        "website.service_content",
        "website.languages",
        "website.pre_approvals",
        "website.principal.same_as_subject",
        "website.principal.document_type",
        "website.access.access_method",
        "website.access.server_location",
        "cancellation.reason",
    )
)
OTHER_REASON = "9"
REPRESENTATIVE = ("subject.legal_representative.name", "subject.legal_representative.document_number")


def _is_individual(context: Context) -> bool:
    individual: bool = context.vocabulary.is_individual(context.text("subject.organisation_type").strip())
    return individual


def asked(type_path: str, context: Context) -> bool:
    """Whether a field is asked at all, by what is known so far.

    Raises:
        KeyError: there is no such field.
    """
    if type_path not in RULES:
        raise KeyError(type_path)
    if type_path.startswith("website.principal.") and not type_path.endswith(".same_as_subject"):
        return context.text("website.principal.same_as_subject") != "yes"
    if type_path.startswith("website.access.") and not type_path.endswith(".same_as_first"):
        return context.text("website.access.same_as_first") != "yes"
    if type_path in REPRESENTATIVE:
        rules = context.vocabulary.province_rules(context.text("subject.region_code"))
        return not _is_individual(context) and rules.subject_principal != "legal_representative"
    return True


def required(type_path: str, context: Context) -> bool:
    """Whether a field must be answered before submission.

    Raises:
        KeyError: there is no such field.
    """
    if not asked(type_path, context) or type_path in OPTIONAL:
        return False
    if type_path.endswith(".landline"):
        return not _is_individual(context)
    if type_path.endswith(".emergency_phone"):
        return bool(context.vocabulary.province_rules(context.text("subject.region_code")).emergency_phone)
    if type_path in REPRESENTATIVE:
        # Whoever names the representative names both; nothing said means the principal is the representative.
        return any(context.text(path).strip() for path in REPRESENTATIVE)
    if type_path == "cancellation.remark":
        return context.text("cancellation.reason") == OTHER_REASON
    if type_path == "website.remark":
        return OTHER_CONTENT in context.texts("website.service_content")
    return True


def missing(type_path: str, context: Context) -> Correction:
    """The correction for a required field without an answer; its path is ``type_path``.

    Raises:
        KeyError: there is no such field.
    """
    if type_path not in RULES:
        raise KeyError(type_path)
    code = "required.choice" if type_path in CHOICES else "required"
    for ending, better in {".landline": "landline", ".emergency_phone": "emergency_phone"}.items():
        if type_path.endswith(ending):
            code = f"required.{better}"
    if type_path in REPRESENTATIVE:
        code = "required.legal_representative"
    elif type_path.startswith("website.pre_approvals."):
        code = "required.approval"
    elif type_path == "website.remark":
        code = "required.remark"
    return correction(type_path, code, source=Source.WHOLE)
