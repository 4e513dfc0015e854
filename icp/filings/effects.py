"""What follows in the heart when the bureau's data of a subject (BASJ) came on record.

The record itself is the bureau's, never what was typed; what goes off the record goes with the decision that says so.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from icp.extensions import db
from icp.filings import on_record, operations, retelling, revisions
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.states import State
from icp.register.models import Subject, Website
from icp.rules.correction import Value
from icp.tasks import verbs as tasks
from icp.tasks.kinds import Kind

BECOMES_VISIBLE = ("add_access", "add_website")
"""Effects of operations whose subject the provider may see for the first time after approval."""
TOLD_ANEW = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.AWAITING_RELEASE)


def recorded(subject: Subject, filing_id: int | None) -> None:
    """A subject came on record, or its record was replaced.

    Filings about it tell the new record from now on. Where a filing let us see the subject for the first time, the
    provider gets a dated task to correct what is out of date.

    Args:
        subject: as it is on record now.
        filing_id: the filing that brought it about, None for the bureau's own word.
    """
    filing = db.session.get(Filing, filing_id) if filing_id is not None else None
    if filing is not None:
        first_seen = filing.subject_id is None
        filing.subject_id = subject.id
        if first_seen and operations.get(filing.operation).register_effect in BECOMES_VISIBLE:
            _correct_stale(filing, subject)
    others = select(Filing.id).where(Filing.subject_id == subject.id, Filing.state.in_(TOLD_ANEW))
    for other in db.session.scalars(others.order_by(Filing.id)).all():
        retelling.retell(other, subject)


def _correct_stale(filing: Filing, subject: Subject) -> None:
    answers = revisions.newest(filing).answers
    tasks.open(
        Kind.CORRECT_STALE,
        f"correct_stale.{filing.id}",
        {"filing": filing.number, "differences": differences(answers, subject)},
        subject=subject,
        filing_id=filing.id,
    )


def differences(answers: Answers, subject: Subject) -> list[dict[str, Any]]:
    """Where the record says something else than the host did, or nothing: type path within the website's row, number
    of the website ('' of the subject), what he said, what is on record.

    What no record ever holds isn't compared; a change takes it over as it is (``carrying``).
    """
    sites = {website.number: website for website in subject.websites}
    found = []
    for name in on_record.SAID_OF_SUBJECT:
        path, stands = f"subject.{name}", subject.details.get(name, "")
        if answers.get(path) and answers.get(path) != stands:
            found.append({"path": path, "number": "", "said": answers.get(path), "on_record": stands})
    for row in answers.rows("website"):
        at = f"website[{row}]"
        website = sites.get(answers.text(f"{at}.filing_number")) or _by_domain(answers, row, subject)
        if website is None:
            continue
        there = _on_record(website, row, subject)
        approvals = [f"pre_approvals[{code}].approval_number" for code in answers.rows(f"{at}.pre_approvals")]
        for path in (*on_record.COMPARED, *approvals):
            said, stands = answers.get(f"{at}.{path}"), there.get(f"{at}.{path}")
            compared = not path.startswith("access.") or on_record.ours(website) is not None
            if said and compared and _plain(said) != _plain(stands):
                entry = {"path": f"website.{path}", "number": website.number, "said": said, "on_record": stands}
                found.append(entry)
    return found


def _on_record(website: Website, row: str, subject: Subject) -> Answers:
    values = on_record.website_values(website, row, subject) | on_record.principal_values(website, row)
    there = Answers(values, {"website": [row]})
    on_record.as_stored(there, operations.get("change"))
    return there


def _plain(value: Value) -> list[str]:
    return sorted(value) if isinstance(value, list) else [value]


def _by_domain(answers: Answers, row: str, subject: Subject) -> Website | None:
    name = answers.text(f"website[{row}].domain").lower()
    return next((w for w in subject.websites if any(d.name == name for d in w.domains)), None)
