"""A change that brings a record up to date: begun from a task, or put before another filing of the same subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from icp.extensions import db
from icp.filings import behalf, carrying, customers, drafts, on_record, opening, operations, revisions
from icp.filings.answers import Answers
from icp.filings.models import Filing, FilingHost
from icp.filings.states import Actor, State
from icp.register.models import Subject
from icp.rules.correction import Value

SAME = "principal.same_as_subject"


def begin(
    subject: Subject,
    by: Actor,
    *,
    websites: Sequence[str] = (),
    said: Sequence[Mapping[str, Any]] = (),
    source: int | None = None,
) -> Filing:
    """Open a change with what somebody said filled in beside what is on record, or go on with the one he has open.

    Args:
        subject: the subject on record.
        by: a host of the subject, or staff who act for him.
        websites: numbers of the websites it is about; every one with access here when none is named.
        said: differences as ``icp.filings.effects.differences`` gives them: type path, number of the website, what was
            said. What a change can't change is left out.
        source: the filing with which it was said; None for none. What its hosts said and uploaded is theirs: it is
            filled in only where each host of the change is one of them.
    """
    begun = opening.begun("change", by, subject, websites)
    if begun is not None:
        filing = begun
    elif by.kind == "staff":
        filing = behalf.open_for("change", by, subject=subject, websites=websites)
    else:
        filing = opening.open_filing("change", by, host_id=by.account_id, subject=subject, websites=websites)
    hosts = customers.hosts_of(filing.id)
    if source is not None and not carrying.visible(source, hosts):
        return filing
    known = revisions.newest(db.session.get_one(Filing, source)).answers if source is not None else Answers()
    changes = _filled_in(filing, said, subject, known)
    if changes:
        drafts.save(filing.id, by, {path: (None, value) for path, value in changes.items()})
        carrying.take_into(filing, operations.get("change"), carrying.with_others(subject, hosts))
    return filing


def _filled_in(filing: Filing, said: Sequence[Mapping[str, Any]], subject: Subject, known: Answers) -> dict[str, Value]:
    operation, answers = operations.get(filing.operation), drafts.read(filing.id).answers
    row_of = {answers.text(f"website[{row}].filing_number"): row for row in answers.rows("website")}
    found: dict[str, Value] = {}
    for entry in said:
        row = row_of.get(entry["number"])
        path = f"website[{row}].{entry['path'].removeprefix('website.')}"
        if row is None or not operation.asks(path) or operation.is_fixed(path, answers) or answers.changed(path):
            continue
        found[path] = entry["said"]
        if ".principal." in path:  # somebody of his own, then
            found |= {at: value for at, value in _person(row, subject, answers, known).items() if at not in found}
    return {path: value for path, value in found.items() if value != answers.get(path)}


def _person(row: str, subject: Subject, answers: Answers, known: Answers) -> dict[str, Value]:
    """The principal of a website as a whole: as he was said to be, else as he is on record; what was typed here stays.

    Args:
        row: of the website, in the change.
        subject: on record.
        answers: of the change.
        known: what was submitted with the filing in which it was said.
    """
    at, number = f"website[{row}].", answers.text(f"website[{row}].filing_number")
    website = next(website for website in subject.websites if website.number == number)
    domains = {domain.name for domain in website.domains}
    there = next((r for r in known.rows("website") if known.text(f"website[{r}].domain").lower() in domains), None)
    found = on_record.principal_values(website, row) | {f"{at}{SAME}": "no"}
    for path, value in known.values.items():
        if there is not None and path.startswith(f"website[{there}].principal.") and value:
            found[at + path.removeprefix(f"website[{there}].")] = value
    return {path: value for path, value in found.items() if not answers.changed(path)} | {f"{at}{SAME}": "no"}


def before(filing: Filing, by: Actor) -> Filing:
    """The change that goes before a filing about the same subject: the one begun already, else a new one.

    When both are submitted, this one first, the other waits for it and moves on by itself.

    Args:
        filing: about a subject on record here.
        by: who fills it in.
    """
    subject = db.session.get_one(Subject, filing.subject_id)
    wanted = select(Filing).where(
        Filing.subject_id == subject.id, Filing.operation == "change", Filing.state == State.DRAFT
    )
    if by.kind == "staff":
        wanted = wanted.where(Filing.mode == behalf.ON_BEHALF)
    else:
        wanted = wanted.join(FilingHost, FilingHost.filing_id == Filing.id).where(
            FilingHost.account_id == by.account_id
        )
    begun = db.session.scalars(wanted.order_by(Filing.id.desc()).limit(1)).first()
    if begun is not None:
        return begun
    change = begin(subject, by)
    if by.kind == "staff":
        for account_id in customers.hosts_of(filing.id):
            behalf.add_host(change, account_id)
    return change
