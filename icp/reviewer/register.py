"""The register at the desk: looking records up, one record with its history, and showing what is a person's own.

What was looked for may be somebody's document number, so it travels in forms only and never stands in an address.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import or_, select

from icp import audit, vocabulary
from icp.accounts.guards import staff_only
from icp.drawing import on_record
from icp.extensions import begin_write, db, row_id
from icp.filings import behalf, operations, wording
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.narrow_row import subject_key
from icp.filings.states import State
from icp.i18n import CHINA
from icp.register import reading, search, versions
from icp.register.models import Domain, RegisterEvent, Subject, Website
from icp.reviewer import bp, desk
from icp.rules import domains

READS = staff_only("reviewer", "administrator")
LONGEST = 255
FILINGS = 50


@bp.get("/desk/register")
@READS
def register() -> Any:
    """The box in which to look something up."""
    return render_template("reviewer/register.html", text="", found=None, unicode=domains.unicode)


@bp.post("/desk/register")
@READS
def look_up() -> Any:
    """What is on record under a number, document, domain or part of a name."""
    text = request.form.get("q", "")[:LONGEST].strip()
    try:
        found = search.look_up(text, vocabulary.current(), request.form.get("after", ""))
    except ValueError:
        abort(400)
    return render_template("reviewer/register.html", text=text, found=found if text else None, unicode=domains.unicode)


@bp.get("/desk/register/<int:subject_id>")
@READS
def subject(subject_id: int) -> Any:
    """One subject: what is on record, whose it is, its history and the filings about it."""
    return _page(_find(subject_id))


@bp.post("/desk/register/<int:subject_id>/reveal")
@READS
def reveal_on_record(subject_id: int) -> Any:
    """Show a section of a record in full; recorded."""
    part = request.form.get("part", "")
    begin_write()
    found = _find(subject_id)
    if part not in {section.key for section in on_record.sections(found)}:
        abort(404)
    audit.record(
        "reveal", actor=current_user, object_kind="subject", object_id=found.number, details={"part": part or "subject"}
    )
    db.session.commit()
    return _page(_find(subject_id), {part})


def _find(subject_id: int) -> Subject:
    return db.session.get(Subject, subject_id) or abort(404)


def _page(found: Subject, shown: frozenset[str] | set[str] = frozenset()) -> str:
    before = request.args.get("before", type=row_id)
    if before is not None:
        event = db.session.get(RegisterEvent, before)
        if event is None or event.subject_id != found.id:
            abort(404)
    history = on_record.history(found, before)
    hosts = reading.hosts_of(found)
    filings = _filings(found, [told.version.event.filing_id for told in history])
    return render_template(
        "reviewer/subject.html",
        subject=found,
        sections=on_record.sections(found, shown),
        gone=[website for website in found.websites if website.cancelled_at is not None],
        history=history,
        more=history[-1].version.event.id if len(history) == versions.SHOWN else None,
        hosts=hosts,
        people=desk.names([*(h.account_id for h in hosts), *(told.version.event.by_id for told in history)]),
        filings=filings,
        numbers={filing.id: filing.number for filing in filings},
        address_of=address_of,
        named={code: operation.label for code, operation in operations.OPERATIONS.items()},
        state_of=lambda filing: wording.label(filing.operation, State(filing.state)),
        ours=reading.ours,
        served=any(map(reading.ours, found.websites)),
        other=reading.other_access_known,
        kinds=on_record.KINDS,
        sources=on_record.SOURCES,
        moment=moment,
    )


def moment(at: dt.datetime | None) -> str:
    """A moment in China's time with its year: records are kept for many."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def _filings(found: Subject, known: list[int | None]) -> list[Filing]:
    """The newest filings about a subject: that brought the record about, begin with it, name its number or a domain.

    Drafts are among them, but not those that were given up without ever having been submitted.
    """
    names = select(Domain.name).join(Website).where(Website.subject_id == found.id)
    about = or_(
        Filing.id.in_({i for i in known if i is not None}),
        Filing.subject_id == found.id,
        Filing.subject_key == subject_key(Answers({"subject.filing_number": found.number})),
        Filing.domain.in_(names) & (Filing.revision_no > 0),
    )
    given_up = Filing.state.in_((State.ABANDONED, State.EXPIRED)) & (Filing.revision_no == 0)
    wanted = select(Filing).where(about, ~given_up).order_by(Filing.id.desc()).limit(FILINGS)
    return list(db.session.scalars(wanted))


def address_of(filing: Filing) -> str:
    """Where the visitor may open a filing, '' where he may not: what a host fills in is his own until he submits."""
    if current_user.role not in ("reviewer", "supervisor"):
        return ""
    if filing.revision_no:
        return url_for("reviewer.review", number=filing.number)
    return url_for("host.filing", number=filing.number) if filing.mode == behalf.ON_BEHALF else ""
