"""The bureau's black lists at the desk: what is on them, when it came, and whom of ours it stops.

What was looked for may be somebody's document number, so it travels in forms only and never stands in an address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import or_, select

from icp import vocabulary
from icp.accounts.guards import staff_only
from icp.bureau.models import Download
from icp.extensions import db, row_id
from icp.filings import black_lists, operations, preflight
from icp.filings.models import Filing
from icp.filings.states import LABELS
from icp.i18n import language
from icp.register import blacklist
from icp.register.blacklist import DOMAIN, Entry
from icp.register.models import BlackListed, Domain, Subject, Website
from icp.reviewer import bp, register
from icp.rules.domains import ascii_form, unicode
from icp.sealing import keyed_hash
from icp.verification.facts import masked

READS = staff_only("reviewer", "administrator")  # and supervisors
PAGE, LONGEST = 50, 255


@dataclass
class Listed:
    """An entry as the page shows it.

    Attributes:
        row, entry: as it is kept.
        key: the domain, or the number of the document with its middle hidden.
        document: what kind of document it is, '' for a domain.
        subjects: on record here under it.
        filings: under way that it stops.
        file: the file that said it last, None when it is not known.
    """

    row: BlackListed
    entry: Entry
    key: str
    document: str
    subjects: list[Subject] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    file: Download | None = None


@bp.get("/desk/register/black-lists")
@READS
def black_list() -> Any:
    """Entries in force, or those that were taken off, the latest first."""
    removed, before = request.args.get("removed") == "1", request.args.get("before", type=row_id)
    rows = blacklist.page(removed=removed, before=before, most=PAGE + 1)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return _page(rows[:PAGE], removed=removed, more=more, first=before is None)


@bp.post("/desk/register/black-lists")
@READS
def find_in_black_list() -> Any:
    """Entries, also those taken off, under a domain, a document number or a part of a name."""
    text = "".join(c for c in request.form.get("q", "")[:LONGEST] if c.isprintable()).strip()
    kinds = [option.code for option in vocabulary.current().options("document_types")]
    return _page(blacklist.search(text, kinds, PAGE) if text else [], text=text, first=not text)


def _page(
    rows: Sequence[BlackListed], *, text: str = "", removed: bool = False, more: int | None = None, first: bool = True
) -> str:
    return render_template(
        "reviewer/black_lists.html",
        found=_listed(rows),
        text=text,
        removed=removed,
        more=more,
        first=first,
        reviews=current_user.role in ("reviewer", "supervisor"),
        operates=current_user.role in ("supervisor", "administrator"),
        labels=LABELS,
        named={code: operation.label for code, operation in operations.OPERATIONS.items()},
        moment=register.moment,
    )


def _listed(rows: Sequence[BlackListed]) -> list[Listed]:
    """The entries with whom they stop; everything is looked up for all of them together."""
    found = [_one(row, Entry(**row.entry)) for row in rows]
    files = _by_id(Download, {one.row.download_id for one in found})
    subjects, filings = _subjects(found), _filings(found)
    for one in found:
        one.file = files.get(one.row.download_id or 0)
        one.subjects = subjects[one.row.id]
        one.filings = filings[one.row.id] if one.row.removed_at is None else []
    return found


def _one(row: BlackListed, entry: Entry) -> Listed:
    if row.kind == DOMAIN:
        return Listed(row, entry, unicode(_name(entry)), "")
    words = vocabulary.current()
    return Listed(row, entry, masked(entry.key.strip()), words.label("document_types", entry.document_type, language()))


def _name(entry: Entry) -> str:
    return ascii_form(entry.key.strip()) or entry.key.strip().lower()


def _subjects(found: Iterable[Listed]) -> dict[int, list[Subject]]:
    """By entry, what is on record under its domain or document."""
    names = {_name(one.entry): one.row.id for one in found if one.row.kind == DOMAIN}
    hashes = {one.row.hash: one.row.id for one in found if one.row.kind != DOMAIN}
    told: dict[int, list[Subject]] = defaultdict(list)
    alive = select(Domain.name, Subject).join(Website, Website.id == Domain.website_id).join(Website.subject)
    wanted = alive.where(Domain.name.in_(names), Website.cancelled_at.is_(None)).order_by(Subject.id)
    for name, subject in db.session.execute(wanted):
        told[names[name]].append(subject)
    by_document = select(Subject).where(Subject.document_hash.in_(hashes), Subject.cancelled_at.is_(None))
    for subject in db.session.scalars(by_document.order_by(Subject.id)):
        told[hashes[subject.document_hash]].append(subject)
    return told


def _filings(found: Iterable[Listed]) -> dict[int, list[Filing]]:
    """By entry, the filings under way that would come back with 1064 or 1065; drafts of hosts aren't the desk's."""
    names: dict[str, int] = {}
    keys: dict[str, int] = {}
    for one in found:
        if one.row.kind == DOMAIN:
            names |= dict.fromkeys((_name(one.entry), unicode(_name(one.entry))), one.row.id)
        else:
            number = one.entry.key.strip().upper()
            keys[keyed_hash("subject", f"{one.entry.document_type}:{number}")] = one.row.id
    stopped = [o.code for o in operations.OPERATIONS.values() if o.register_effect in black_lists.STOPPED]
    wanted = select(Filing).where(
        or_(Filing.domain.in_(names), Filing.subject_key.in_(keys)),
        Filing.state.in_(preflight.UNDER_WAY),
        Filing.operation.in_(stopped),
        Filing.revision_no > 0,
    )
    told: dict[int, list[Filing]] = defaultdict(list)
    for filing in db.session.scalars(wanted.order_by(Filing.id)):
        for entry_id in {names.get(filing.domain), keys.get(filing.subject_key)} - {None}:
            told[entry_id or 0].append(filing)
    return told


def _by_id(model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    wanted = {i for i in ids if i is not None}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)))} if wanted else {}
