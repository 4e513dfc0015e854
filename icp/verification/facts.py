"""What is printed on the form and shown at the counter about one website: the data as filed, in words."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from icp import vocabulary
from icp.documents.verification_form import VerificationFormData
from icp.documents.verification_items import ONE_OF, PRINTED, items_for
from icp.filings import operations
from icp.filings.answers import Answers
from icp.filings.models import Filing, Revision
from icp.filings.paths import in_row, row_of, type_path
from icp.verification.models import Verification
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_

NOT_GIVEN = N_("未填")
NO_APPROVAL = N_("以上都不涉及")
KEPT_BY_BUREAU = N_("登记信息由管局保存")
"""Stands for what is on record, but not seen here before the bureau has approved."""
OF_THE_SUBJECT = ("organisation_kind", "subject_document", "mailing_address")
OF_THE_WEBSITE = ("service_content", "pre_approval")
PRINCIPAL = frozenset(
    {"website.principal.name", "website.principal.document_type", "website.principal.document_number"}
)
"""Fields that say who the principal is: the photo stays good as long as they do."""


def individual(answers: Answers) -> bool:
    """Whether the subject is a person."""
    return vocabulary.current().is_individual(answers.text("subject.organisation_type"))


def met(filing: Filing, answers: Answers) -> list[str]:
    """Rows of the websites whose principal is met in person for this filing."""
    return operations.get(filing.operation).visits(answers)


def unseen(answers: Answers, row: str) -> set[str]:
    """Keys of the items whose data are on record and not seen here: subject or website are known by number only."""
    subject = answers.text("subject.filing_number") and not answers.text("subject.name")
    site = answers.text(in_row("website.filing_number", "website", row))
    website = site and not answers.get(in_row("website.service_content", "website", row))
    return {*(OF_THE_SUBJECT if subject else ()), *(OF_THE_WEBSITE if website else ())}


SIGNS = {"zh": ("、", "；", "（{}）"), "en": (", ", "; ", " ({})")}
"""Language → what stands between things of one kind, between others, and about what is added; the form is Chinese,
whatever its reader reads."""


def masked(number: str) -> str:
    """A personal number with its middle hidden, for screens."""
    head, tail = (6, 4) if len(number) >= 14 else (1, 2) if len(number) >= 6 else (0, 0)
    return f"{number[:head]}{'*' * (len(number) - head - tail)}{number[len(number) - tail :]}"


def concerns(path: str, row: str, fields: Iterable[str] = PRINTED) -> bool:
    """Whether the answer at an instance path is one of ``fields`` and belongs to the website ``row`` (or to all)."""
    return type_path(path) in fields and row_of(path) in (None, row)


def asked_at(answers: Answers, row: str, path: str) -> str:
    """The instance path at which the host is asked for a field of a website ("the same as" is asked elsewhere)."""
    rows = answers.rows("website")
    same_person = answers.get(in_row("website.principal.same_as_subject", "website", row)) != "no"
    same_access = answers.get(in_row("website.access.same_as_first", "website", row)) == "yes"
    if path.startswith("website.principal.") and same_person:
        return path.replace("website.principal.", "subject.principal.", 1)
    if path.startswith("website.access.") and same_access and rows:
        return in_row(path, "website", rows[0])
    return in_row(path, "website", row)


def printed(answers: Answers, row: str, fields: Iterable[str] = PRINTED) -> dict[str, object]:
    """Instance path → value of everything printed on the form of a website; revisions that agree keep the form."""
    return {path: answers.get(path) for path in answers.paths() if concerns(path, row, fields)}


def values(
    answers: Answers, row: str, *, mask: bool = False, language: str = "zh_Hans_CN", words: Vocabulary | None = None
) -> dict[str, str]:
    """Key of an item → the data as filed, in words.

    Args:
        answers: of a revision, where "the same as" is written out.
        row: the website.
        mask: hide the middle of personal numbers.
        language: of coded values.
        words: the code tables, those in force when None.
    """
    words = words or vocabulary.current()
    between, apart = SIGNS["en" if language.startswith("en") else "zh"][:2]

    def text(path: str) -> str:
        return answers.text(in_row(path, "website", row))

    def label(table: str, path: str) -> str:
        return words.label(table, text(path), language) if text(path) else ""

    number = text("website.principal.document_number")
    region = text("subject.region_code")
    place = words.regions.full_name(region) if words.regions.exists(region) else ""
    filed = {
        "organisation_kind": label("document_types", "subject.document_type"),
        "principal_kind": label("document_types", "website.principal.document_type"),
        "subject_document": text("subject.document_number"),
        "principal_document": f"{text('website.principal.name')}　{masked(number) if mask else number}",
        "mobile": text("website.principal.mobile"),
        "landline": text("website.principal.landline") or NOT_GIVEN,
        "email": text("website.principal.email"),
        "mailing_address": place + text("subject.mailing_address"),
        "website_name": text("website.name"),
        "domain_certificate": text("website.domain"),
        "service_content": between.join(_labels(answers, row, "website.service_content", "service_contents", language)),
        "pre_approval": _approvals(answers, row, words, language),
        "access": apart.join(
            part
            for part in (
                current_app.extensions["settings"].provider_name,
                label("access_methods", "website.access.access_method"),
                label("server_locations", "website.access.server_location"),
                between.join(_list(answers, row, "website.access.ip_addresses")),
            )
            if part
        ),
    }
    return filed | dict.fromkeys(unseen(answers, row), KEPT_BY_BUREAU)


def _list(answers: Answers, row: str, path: str) -> list[str]:
    value = answers.get(in_row(path, "website", row))
    return value if isinstance(value, list) else [value] if value else []


def _labels(answers: Answers, row: str, path: str, table: str, language: str) -> list[str]:
    words = vocabulary.current()
    return [words.label(table, code, language) for code in _list(answers, row, path)]


def _approvals(answers: Answers, row: str, words: Vocabulary, language: str) -> str:
    group = in_row("website.pre_approvals", "website", row) if row else "website.pre_approvals"
    _, apart, within = SIGNS["en" if language.startswith("en") else "zh"]
    found = []
    for code in answers.rows(group):
        number = answers.text(f"{group}[{code}].approval_number")
        found.append(words.label("preapproval_types", code, language) + (within.format(number) if number else ""))
    return apart.join(found) or NO_APPROVAL


def form_data(
    filing: Filing, revision: Revision, verification: Verification, verifier: str = ""
) -> VerificationFormData:
    """What the form of a website says for a revision, with the verdicts recorded so far ticked."""
    answers, row = revision.answers, verification.website_row
    filed = values(answers, row)
    seen = dict(verification.papers_seen or {})
    verdicts = {key: entry["answer"] for key, entry in (verification.verdicts or {}).items()}
    return VerificationFormData(
        application=filing.number,
        website=row,
        revision=revision.number,
        revision_hash=revision.hash,
        provider_name=current_app.extensions["settings"].provider_name,
        host_name=answers.text("subject.name") or answers.text("subject.filing_number"),
        domain=answers.text(in_row("website.domain", "website", row)),
        principal_name=answers.text(in_row("website.principal.name", "website", row)),
        individual=individual(answers),
        values=filed,
        verdicts=verdicts | seen,
        other_kinds={
            item.key: filed[item.key]
            for item in items_for(individual(answers))
            if item.kind == ONE_OF and seen.get(item.key) == "other" and item.key not in unseen(answers, row)
        },
        verifier_name=verifier,
    )
