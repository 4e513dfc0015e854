"""Filings that wait for the check in person, built without the rest of the site."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from icp.demo.people import COMPANIES
from icp.extensions import begin_write, db
from icp.filings.answers import Answers
from icp.filings.judge import written_out
from icp.filings.models import Filing, Revision

HOST = next(company for company in COMPANIES if not company.individual)
PERSON = next(company for company in COMPANIES if company.individual)
YES_TO_ALL = {
    "organisation_kind": "licence",
    "principal_kind": "identity_card",
    "subject_document": "yes",
    "principal_document": "yes",
    "copies_kept": "yes",
    "photo_taken": "yes",
    "mobile": "yes",
    "landline": "yes",
    "email": "yes",
    "mailing_address": "yes",
    "website_name": "yes",
    "domain_certificate": "yes",
    "service_content": "yes",
    "pre_approval": "na",
    "access": "yes",
}


def answers_of(host=HOST, rows=("w1",), **changes: Any) -> Answers:
    """Answers of a host; further websites repeat the first under their own domain."""
    values = dict(host.answers("203.0.113.24"))
    for row in rows[1:]:
        values |= {p.replace("[w1]", f"[{row}]"): v for p, v in values.items() if p.startswith("website[w1]")}
        values[f"website[{row}].domain"] = f"{row}.{host.domain}"
    values |= changes
    return written_out(Answers(values, {"website": list(rows)}))


def revise(filing: Filing, answers: Answers) -> Revision:
    """Freeze the next revision."""
    begin_write()
    filing.revision_no += 1
    revision = Revision(
        filing_id=filing.id,
        number=filing.revision_no,
        hash=answers.digest({}),
        vocabulary_id="test",
        content={"answers": answers.as_json(), "papers": {}},
    )
    db.session.add(revision)
    db.session.commit()
    return revision


def waiting(answers: Answers | None = None, number: str = "CZ-261118-0427-6") -> Filing:
    """A filing in ``verifying`` with one revision."""
    answers = answers or answers_of()
    begin_write()
    filing = Filing(
        number=number,
        operation="new_filing",
        state="verifying",
        province="350000",
        subject_name=answers.text("subject.name"),
        domain=answers.text("website[w1].domain"),
    )
    db.session.add(filing)
    db.session.flush()
    revise(filing, answers)
    return filing


def photo(seed: int = 0) -> io.BytesIO:
    picture = Image.new("RGB", (1600, 1200), "#2e6f8e")
    pen = ImageDraw.Draw(picture)
    for line in range(0, 1200, 12):
        pen.line((0, line, 1600, line + 40), fill="#124466" if line % 24 else "#88aacc", width=3)
    pen.ellipse((600, 300 + seed, 1000, 800), fill="#e6c9a8")
    return as_file(picture)


def scan(seed: int = 0) -> io.BytesIO:
    picture = Image.new("RGB", (1654, 2339), "white")
    pen = ImageDraw.Draw(picture)
    for line in range(100, 2200, 40):
        pen.line((100, line + seed, 1500, line + seed), fill="#222222", width=3)
    return as_file(picture)


def as_file(picture: Image.Image) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    out.seek(0)
    return out
