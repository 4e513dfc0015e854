"""Filings for the desk's tests, brought about by the same verbs as a person's clicks, with papers of a few pixels."""

from __future__ import annotations

import io
import uuid
from typing import Any

from PIL import Image

from icp import vocabulary
from icp.accounts.models import Account
from icp.accounts.verbs import by_email, email_hash
from icp.demo.load import RANGES
from icp.demo.people import COMPANIES, Company
from icp.documents.models import Paper
from icp.documents.storage import papers_storage
from icp.extensions import begin_write, db
from icp.filings import drafts, marks, opening, operations, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from icp.rules.correction import Correction, Severity, Source
from tests.client import Page, StrictClient

HOST = next(company for company in COMPANIES if company.key == "qingwu")
OTHERS = [company for company in COMPANIES if company is not HOST]
NAME = "website[w1].name"
ADDRESS = "subject.mailing_address"


def host_of(company: Company) -> Actor:
    """The host's account, made when it isn't there yet."""
    account = by_email(company.email)
    if account is None:
        account = Account(
            kind="host", name=company.principal, email=company.email, email_hash=email_hash(company.email),
            session_stamp="test",
        )  # fmt: skip
        db.session.add(account)
        db.session.flush()
    return Actor("host", account.id)


def submitted(company: Company = HOST, **changes: Any) -> Filing:
    """A filing in the queue, complete and with its papers."""
    begin_write()
    if not ranges.offered_to(""):
        ranges.import_csv(RANGES)
    by = host_of(company)
    filing = opening.open_filing("new_filing", by, host_id=by.account_id)
    answers = {**company.answers("203.0.113.24"), **changes}
    drafts.save(filing.id, by, {path: (None, value) for path, value in answers.items()})
    operation = operations.get(filing.operation)
    for slot in operation.papers(drafts.read(filing.id).answers, vocabulary.current()):
        if slot.required:
            keep_paper(filing.id, slot.path)
    verbs.submit(filing.id, by)
    db.session.commit()
    return filing


def keep_paper(filing_id: int, path: str, colour: str = "white") -> Paper:
    """A paper in a slot, with a picture of a few pixels."""
    out = io.BytesIO()
    Image.new("RGB", (64, 40), colour).save(out, "JPEG")
    size = len(out.getvalue())
    paper_id = uuid.uuid4().hex
    paper = Paper(
        id=paper_id, filing_id=filing_id, path=path, original_key=f"{paper_id[:2]}/{paper_id}/original", width=64,
        height=40, original_bytes=size, reduced_bytes=size, reduced_width=64, reduced_height=40,
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    for key in (paper.original_key, paper.reduced_key, paper.view_key):
        papers_storage().put(key, out.getvalue())
    return paper


def returned(by: Actor, *marked: tuple[str, str], company: Company = HOST, canned: str = "") -> Filing:
    """Sent back by a reviewer with a mark at each of these paths: (path, words); ``canned`` is the reason's id."""
    filing = submitted(company)
    verbs.take(filing.id, by)
    for path, words in marked or ((ADDRESS, "门牌没有写全"),):
        marks.put(filing, by, reviewer_correction(path, canned, words))
    verbs.send_back(filing.id, by, filing.revision_no)
    db.session.commit()
    return filing


def answered(filing: Filing, changes: dict[str, Any], because: str = "", company: Company = HOST) -> Filing:
    """The host changes answers, answers every mark (`right` where its path isn't changed), and submits again."""
    by = host_of(company)
    drafts.save(filing.id, by, {path: (None, value) for path, value in changes.items()})
    for mark in marks.open_for_host(filing):
        marks.answer(filing, mark, "mended" if mark.path in changes else "right", because or "证件上就是这样")
    verbs.submit(filing.id, by)
    db.session.commit()
    return filing


def ready(company: Company = HOST) -> Filing:
    """Accepted, and met in person without anything on record of it."""
    filing = submitted(company)
    by = Actor("staff", host_of(company).account_id)
    verbs.take(filing.id, by)
    verbs.accept(filing.id, by, filing.revision_no)
    verbs.verified(filing.id, by)
    db.session.commit()
    return filing


def bureau_returned(*corrections: Correction, opinion: str = "", company: Company = HOST) -> Filing:
    """A filing the bureau has sent back with these codes or opinions."""
    filing = drafts.lock(ready(company).id)
    verbs.report_started(filing)
    verbs.taken(filing)
    verbs.bureau_returned(filing, corrections or (code(),), opinion)
    db.session.commit()
    return filing


def code(path: str = NAME, number: str = "9100", words: str = "网站名称不合规定。", remedy: str = "") -> Correction:
    """A code of the bureau at a path."""
    return Correction(path, number, Severity.ERROR, words, remedy, source=Source.BUREAU)


def press(client: StrictClient, ending: str, status: int = 200, **typed: Any) -> Page:
    """Send the page's form with this address as a browser without script would."""
    form = next(form for form in client.page.all("form") if form.get("action", "").endswith(ending))
    return client.send(form.get("action"), {**client.page.form_values(form), **typed}, status)
