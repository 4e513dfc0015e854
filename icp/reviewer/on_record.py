"""What the register knows of a filing's document and domains: warnings, since the copy may be behind the bureau's."""

from __future__ import annotations

from icp.filings.answers import Answers
from icp.register.verbs import by_document, by_domain
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import N_, Message

SUBJECT_THERE = N_("登记库里这个证件已有主体 {number}。")
SUBJECT_REMEDY = N_("已有备案号的，应办新增网站或信息变更，不是首次备案。")
DOMAIN_THERE = N_("登记库里这个域名已有备案 {number}。")
DOMAIN_REMEDY = N_("核对是不是同一主办者；是的，应办新增接入。")


def look_up(answers: Answers) -> list[Correction]:
    """Subject and domains that are on record already."""
    found = []
    number = answers.text("subject.document_number")
    subject = by_document(answers.text("subject.document_type"), number) if number else None
    if subject:
        text = Message(SUBJECT_THERE, number=subject.number)
        found.append(_warning("subject.document_number", "register.subject", text, SUBJECT_REMEDY))
    for row in answers.rows("website"):
        path = f"website[{row}].domain"
        website = by_domain(answers.text(path)) if answers.text(path) else None
        if website:
            text = Message(DOMAIN_THERE, number=website.number)
            found.append(_warning(path, "register.domain", text, DOMAIN_REMEDY))
    return found


def _warning(path: str, code: str, message: str, remedy: str) -> Correction:
    return Correction(path, code, Severity.WARNING, message, remedy, source=Source.WHOLE)
