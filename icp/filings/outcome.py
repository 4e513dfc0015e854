"""What a filing is about by numbers: those on record when it began, and those the bureau gave."""

from __future__ import annotations

from dataclasses import dataclass

from icp.extensions import db
from icp.filings import revisions, wording
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.register.models import Subject, Website
from icp.register.reading import of_filing
from icp.rules.domains import ascii_form


@dataclass(frozen=True)
class Concerned:
    """Number of the subject ('' while not known), and name and number of each website concerned."""

    subject: str
    websites: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """Whether any number is known."""
        return bool(self.subject or self.websites)


def concerned(filing: Filing) -> Concerned:
    """The numbers a submitted filing is about; those it got by its approval among them."""
    answers = revisions.answers_of(filing)
    recorded = of_filing(filing.id)
    number = answers.text("subject.filing_number") or next((subject.number for subject in recorded), "")
    if wording.of(filing).subject_stays_out:
        number = ""
    there = {domain.name: website for s in recorded for website in s.websites for domain in website.domains}
    websites = []
    for row in answers.rows("website"):
        domain = ascii_form(answers.text(f"website[{row}].domain").strip().lower()) or ""
        known = answers.text(f"website[{row}].filing_number") or (there[domain].number if domain in there else "")
        if known:
            websites.append((answers.text(f"website[{row}].name"), known))
    return Concerned(number, tuple(websites))


def going(filing: Filing, answers: Answers) -> list[Website]:
    """What a cancellation takes off the record, as far as it is known here: the websites it names, or every one of
    the subject."""
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    if subject is None:
        return []
    named = {answers.text(f"website[{row}].filing_number") for row in answers.rows("website")}
    everything = filing.operation == "cancel_subject"
    return [w for w in subject.websites if w.cancelled_at is None and (everything or w.number in named)]
