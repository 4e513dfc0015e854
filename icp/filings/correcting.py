"""A change that brings a record up to date: begun from a task, or put before another filing of the same subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from icp import vocabulary
from icp.extensions import db
from icp.filings import behalf, carrying, customers, drafts, on_record, opening, operations, revisions
from icp.filings.answers import NESTED, Answers
from icp.filings.models import Filing, FilingHost
from icp.filings.paths import in_row, rows_of, type_path
from icp.filings.states import Actor, State
from icp.register.models import Subject, Website
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
            said; it is about these websites too. What a change can't change is left out.
        source: the filing with which it was said; None for none. What its hosts said and uploaded is theirs: it is
            filled in only where each host of the change is one of them.
    """
    websites = sorted({*websites, *(entry["number"] for entry in said if entry["number"])})
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
        chosen = {path: value for path, value in changes.items() if type_path(path) in NESTED}
        for typed in (chosen, changes):  # the row of a code is there once it is chosen
            drafts.save(filing.id, by, {path: (None, value) for path, value in typed.items()})
        carrying.take_into(filing, operations.get("change"), carrying.with_others(subject, hosts))
    return filing


def _filled_in(filing: Filing, said: Sequence[Mapping[str, Any]], subject: Subject, known: Answers) -> dict[str, Value]:
    operation, answers = operations.get(filing.operation), drafts.read(filing.id).answers
    row_of = {answers.text(f"website[{row}].filing_number"): row for row in answers.rows("website")}
    found: dict[str, Value] = {}
    for entry in said:
        row = row_of.get(entry["number"], "")
        path = in_row(entry["path"], "website", row)
        there = bool(row) == bool(entry["number"])
        if not there or answers.changed(path) or not _may_say(operation, answers, found, path, entry["said"]):
            continue
        found[path] = entry["said"]
        if not row:
            continue
        website = next(website for website in subject.websites if website.number == entry["number"])
        if ".principal." in path:  # somebody of his own, then
            more = _person(row, website, answers, known)
        else:
            more = _approval(path, website, answers, known)
        found |= {at: value for at, value in more.items() if at not in found}
    return {path: value for path, value in found.items() if value != answers.get(path)}


def _may_say(
    operation: operations.Operation, answers: Answers, found: Mapping[str, Value], path: str, value: Value
) -> bool:
    """Whether a change asks for the answer, and it goes with what stays or is filled in too."""
    if not operation.asks(path) or operation.is_fixed(path, answers):
        return False
    for group, row in rows_of(path).items():
        at, _, code = row[:-1].rpartition("[")
        if group in NESTED and code not in found.get(at, answers.get(at)):
            return False  # of an approval that isn't chosen
    document = answers.text("subject.document_type")
    if path != "subject.organisation_type" or not document:
        return True
    return document in {option.code for option in vocabulary.current().document_types_for(str(value))}


def _told(website: Website, known: Answers) -> str:
    """The part of a path that named the website in the filing in which it was said; '' for none."""
    domains = {domain.name for domain in website.domains}
    rows = (row for row in known.rows("website") if known.text(f"website[{row}].domain").lower() in domains)
    return next((f"website[{row}]" for row in rows), "")


def _person(row: str, website: Website, answers: Answers, known: Answers) -> dict[str, Value]:
    """The principal of a website as a whole: as he was said to be, else as he is on record; what was typed here stays.

    Args:
        row: of the website, in the change.
        website: on record.
        answers: of the change.
        known: what was submitted with the filing in which it was said.
    """
    at, there = f"website[{row}]", _told(website, known)
    found = on_record.principal_values(website, row)
    for path, value in known.values.items():
        if there and path.startswith(f"{there}.principal.") and value:
            found[at + path.removeprefix(there)] = value
    return {path: value for path, value in found.items() if not answers.changed(path)} | {f"{at}.{SAME}": "no"}


def _approval(path: str, website: Website, answers: Answers, known: Answers) -> dict[str, Value]:
    """What no record holds of an approval whose number was said; nothing for another answer. Arguments as above."""
    row = rows_of(path).get("website.pre_approvals")
    there = _told(website, known)
    if row is None or not there:
        return {}
    rest = row.partition(".")[2]
    found = {f"{row}.{name}": known.get(f"{there}.{rest}.{name}") for name in carrying.NOT_ON_RECORD["approval"]}
    return {path: value for path, value in found.items() if value and not answers.changed(path)}


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
