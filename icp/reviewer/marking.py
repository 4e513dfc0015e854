"""Remarks: put, withdraw, settle, ask again. Nothing reaches the host before the review is sent."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from icp import vocabulary
from icp.extensions import db, row_id
from icp.filings import marks, operations, revisions
from icp.filings.models import Filing, Mark
from icp.filings.paths import type_path, well_formed
from icp.i18n import tr
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS, does
from icp.reviewer.knowing import PASSWORD
from icp.reviewer.words import anchor
from icp.rules.correction import Correction


@bp.post("/desk/filings/<number>/marks")
@REVIEWS
@does
def put_mark(filing: Filing) -> Any:
    """Mark a field, row or paper with a canned reason or free words; ``again`` names a mark it replaces."""
    desk.must_be_mine(filing)
    desk.must_be_seen(filing)
    path = request.form.get("path", "")
    if not well_formed(path) or not _is_there(filing, path):
        abort(400)
    again = request.form.get("again", "")
    before = _mark(filing, again) if again else None
    correction = _correction(path, before)
    if before is not None:
        marks.again(filing, desk.actor(), before, correction)
    else:
        marks.put(filing, desk.actor(), correction)
    return desk.back(filing.number, anchor(path))


@bp.post("/desk/filings/<number>/marks/<int:mark_id>/withdraw")
@REVIEWS
@does
def withdraw_mark(filing: Filing, mark_id: int) -> Any:
    """Take a remark back."""
    desk.must_be_mine(filing)
    mark = _mark(filing, str(mark_id))
    marks.withdraw(filing, mark)
    return desk.back(filing.number, anchor(mark.path))


@bp.post("/desk/filings/<number>/marks/<int:mark_id>/settle")
@REVIEWS
@does
def settle_mark(filing: Filing, mark_id: int) -> Any:
    """The answer does: the remark is dealt with."""
    desk.must_be_mine(filing)
    desk.must_be_seen(filing)
    mark = _mark(filing, str(mark_id))
    marks.settle(filing, desk.actor(), [mark])
    return desk.back(filing.number, anchor(mark.path))


@bp.post("/desk/filings/<number>/marks/settle-all")
@REVIEWS
@does
def settle_all(filing: Filing) -> Any:
    """Every answered remark is dealt with."""
    desk.must_be_mine(filing)
    desk.must_be_seen(filing)
    marks.settle(filing, desk.actor(), [mark for mark in marks.unsettled(filing) if mark.answer])
    return desk.back(filing.number)


def _mark(filing: Filing, mark_id: str) -> Mark:
    try:
        mark = db.session.get(Mark, row_id(mark_id))
    except ValueError:
        abort(404)
    if mark is None or mark.filing_id != filing.id:
        abort(404)
    return mark


def _correction(path: str, again: Mark | None) -> Correction:
    """The words posted; left empty, they are the canned reason's. What the pen held and nobody touched is kept as it
    was said, so that each reads it in his language."""
    reasons = {reason.id: reason for reason in vocabulary.current().reasons_for(type_path(path))}
    chosen = reasons.get(request.form.get("reason", ""))
    canned = chosen.said() if chosen else ("", "")
    before = (again.correction.message, again.correction.remedy) if again else ("", "")
    message, remedy = map(_posted, ("message", "remedy"), canned, before)
    return marks.reviewer_correction(
        path, chosen.id if chosen else "", message, remedy, request.form.get("suggestion", "")
    )


def _posted(name: str, canned: str, before: str) -> str:
    typed = request.form.get(name, "").strip().replace("\r\n", "\n")
    if not typed:
        return canned
    return next((text for text in (canned, before) if typed == tr(text)), typed)


def _is_there(filing: Filing, path: str) -> bool:
    """Whether the newest revision has the field, the row or the paper; a mark once made may be made again."""
    operation, answers = operations.get(filing.operation), revisions.newest(filing).answers
    words = vocabulary.current()
    known = {
        "filing",
        *operation.all_paths(answers, told=False),
        *([PASSWORD] if operation.password else []),
        *(slot.path for slot in operation.papers(answers, words)),
        *(part.form.prefix_path for step in operation.steps for part in step.parts if not step.repeat),
        *(f"{step.repeat}[{row}]" for step in operation.steps if step.repeat for row in answers.rows(step.repeat)),
        *(mark.path for mark in marks.of_filing(filing)),
    }
    return path in known
