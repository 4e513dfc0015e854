"""Saving what a host typed, one field or a whole step, by the same verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request

from icp.accounts import links
from icp.drawing import posted
from icp.drawing.posted import Posted
from icp.drawing.sheet import Conflict, is_identity
from icp.extensions import db
from icp.filings import behalf, drafts, verbs
from icp.filings.drafts import Buffer
from icp.filings.states import NotAllowed, State
from icp.host.here import Here
from icp.rules.correction import Value


def pressed() -> str:
    """The path of the field a button was pressed in: a suggestion, one of two values, or options asked for."""
    form = request.form
    act = form.get("act", "")
    button = next((form[key].partition("=")[0] for key in ("take", "keep", "adopt") if key in form), "")
    return button or (act.removeprefix("show:") if act.startswith("show:") else "")


def asked(found: Here) -> list[Posted]:
    """What the request wants to save; a suggestion that is taken comes in its field's place.

    Visitors by link can't write identity numbers, which they can't see either.
    """
    answers = posted.read(request.form, found.operation)
    suggestion = posted.taken(request.form.get("take", ""), found.operation)
    if suggestion:
        shown = next((p.shown for p in answers if p.path == suggestion.path), None)
        stored = found.buffer.answers.get(suggestion.path) if shown is None else shown
        answers = [p for p in answers if p.path != suggestion.path]
        answers.append(Posted(suggestion.path, suggestion.typed, stored))
    left_out = request.form.get("adopt")
    return [p for p in answers if p.path != left_out and not (found.restricted and is_identity(p.path))]


@dataclass(frozen=True)
class Outcome:
    """What became of a save: whether anything was written, by path what wasn't, and the buffer as it is now."""

    changed: bool
    conflicts: dict[str, Conflict]
    buffer: Buffer


def save(found: Here, answers: Sequence[Posted]) -> Outcome:
    """Save answers and explanations and commit; nothing is written when nothing changed.

    A value isn't written when the stored one had changed since the page was shown.

    Raises:
        werkzeug.exceptions.Conflict: the filing isn't with the host any more.
        werkzeug.exceptions.NotFound: an answer's row is gone.
    """
    kept, before = request.form.get("keep"), found.buffer
    changes: dict[str, tuple[Value | None, Value]] = {
        p.path: (None if p.path == kept else p.shown, p.typed) for p in answers if p.typed != before.answers.get(p.path)
    }
    explained = {
        path: text
        for path, text in posted.explanations(request.form, found.operation).items()
        if text.strip() != before.answers.explanations.get(path, "")
    }
    if not changes and not explained:
        return Outcome(False, {}, before)
    try:
        results, buffer = drafts.write(found.seen.id, found.by, changes, explained)
    except drafts.NotEditable:
        abort(409)
    except drafts.NoSuchAnswer:
        abort(404)
    db.session.commit()
    shown = {p.path: p.shown for p in answers}
    refused = {
        r.path: Conflict(shown[r.path], r.conflict, changes[r.path][1]) for r in results if r.conflict is not None
    }
    return Outcome(len(refused) < len(changes) or bool(explained), refused, buffer)


def submit(found: Here) -> None:
    """Freeze what was written and hand it to the provider; links to the draft end with it. Commits.

    A host who submits what staff wrote for him confirms it with that.

    Raises:
        icp.filings.verbs.NotReady, icp.filings.verbs.Unanswered, icp.filings.behalf.NotConfirmed: it can't be submitted
            yet; nothing was changed.
        werkzeug.exceptions.Conflict: the filing isn't with the host any more.
    """
    filing_id = found.seen.id
    try:
        if found.on_behalf and not found.by_staff and found.seen.state == State.DRAFT:
            behalf.confirm(filing_id, found.by, behalf.digest(found.filing))
        verbs.submit(filing_id, found.by)
    except (verbs.NotReady, verbs.Unanswered, behalf.NotConfirmed):
        db.session.rollback()
        raise
    except NotAllowed:
        abort(409)
    links.end_of_filing(filing_id)
    db.session.commit()
