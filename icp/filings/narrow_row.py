"""The narrow row of a filing that queues read, kept in step with its answers."""

from __future__ import annotations

from icp import vocabulary
from icp.extensions import now
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.rules.filing_numbers import parse, province_of
from icp.sealing import keyed_hash


def subject_key(answers: Answers) -> str:
    """What tells which subject a filing is about: keyed hash of its number on record, else of its document; '' before
    either is known."""
    number = parse(answers.text("subject.filing_number"))
    if number is not None:
        return keyed_hash("subject", number.subject)
    document = answers.text("subject.document_number").strip().upper()
    return keyed_hash("subject", f"{answers.text('subject.document_type')}:{document}") if document else ""


def tell_row(filing: Filing, answers: Answers) -> None:
    """Keep the narrow row that queues read in step with the answers."""
    rows = answers.rows("website")
    filing.subject_name = (answers.text("subject.name") or answers.text("subject.filing_number"))[:255]
    region, number = answers.text("subject.region_code"), answers.text("subject.filing_number")
    filing.province = f"{region[:2]}0000" if region else province_of(number, vocabulary.current()) or filing.province
    filing.subject_key = subject_key(answers)
    filing.domain = answers.text(f"website[{rows[0]}].domain").strip().lower()[:128] if rows else ""
    filing.website_name = answers.text(f"website[{rows[0]}].name")[:255] if rows else ""
    filing.updated_at = now()
