"""Staff correct on the host's behalf what the bureau returned, and report it again; or send it back to the host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit, documents, vocabulary
from icp.documents import PictureRefused
from icp.drawing import posted
from icp.drawing.controls import id_of
from icp.drawing.posted import Posted
from icp.drawing.sheet import Conflict
from icp.extensions import begin_write, db
from icp.filings import customers, drafts, ended, operations, states, verbs, wording
from icp.filings.models import Filing
from icp.filings.states import NotAllowed, StaleRevision, State
from icp.filings.verbs import NotReady
from icp.reviewer import bench, bp, desk, roomy
from icp.reviewer.desk import REVIEWS
from icp.rules.correction import Correction, Value
from icp.verification import verbs as visits


@bp.get("/desk/filings/<number>/correct")
@REVIEWS
def correct(number: str) -> Any:
    """Every complaint at its field, and the other fields after them."""
    filing = desk.find(number)
    return _page(filing) if filing.state == State.BUREAU_RETURNED else desk.back(number)


@bp.post("/desk/filings/<number>/correct")
@REVIEWS
def save_correction(number: str) -> Any:
    """Save what was typed; then, by the button pressed, stay, show a number in full, or report."""
    filing = desk.find(number)
    try:
        if filing.state != State.BUREAU_RETURNED:
            raise NotAllowed(filing.state, "corrected")
        desk.must_be_seen(filing)
        pictures = _take(filing)
        conflicts = _save(desk.find(number), _asked(desk.find(number)))
        filing = desk.find(number)
        if conflicts or pictures:
            return _page(filing, conflicts=conflicts, pictures=pictures), 422
        return _report(filing) if request.form.get("act") == "report" else _stay(filing)
    except (NotAllowed, StaleRevision, drafts.NotEditable, drafts.NoSuchAnswer) as refusal:
        db.session.rollback()
        return desk.refused(number, refusal)


def _take(filing: Filing) -> dict[str, Correction]:
    """Take the new pictures posted, each into its slot; by path, why one wasn't taken. Commits each."""
    filing_id, seen, refused = filing.id, desk.seen_revision(), {}
    slots = operations.get(filing.operation).papers(drafts.read(filing_id).answers, vocabulary.current())

    def hold() -> None:
        held = drafts.lock(filing_id)
        if not drafts.may_edit(held, desk.actor()):
            raise drafts.NotEditable
        if held.revision_no != seen:
            raise StaleRevision

    for slot in slots:
        file = request.files.get(f"paper:{slot.path}")
        if file is None or not file.filename:
            continue
        try:
            documents.store(
                file.stream,
                filing_id=filing_id,
                path=slot.path,
                by_id=current_user.id,
                purpose=slot.purpose,
                first=hold,
            )
            db.session.commit()
        except PictureRefused as refusal:
            db.session.rollback()
            refused[slot.path] = refusal.correction
    return refused


def _asked(filing: Filing) -> list[Posted]:
    """The answers posted; a suggestion that is taken comes in its field's place."""
    operation = operations.get(filing.operation)
    answers = posted.read(request.form, operation)
    suggestion = posted.taken(request.form.get("take", ""), operation)
    if suggestion:
        shown = next((p.shown for p in answers if p.path == suggestion.path), None)
        stored = drafts.read(filing.id).answers.get(suggestion.path) if shown is None else shown
        answers = [p for p in answers if p.path != suggestion.path]
        answers.append(Posted(suggestion.path, suggestion.typed, stored))
    return [p for p in answers if p.path != request.form.get("adopt")]


def _save(filing: Filing, answers: Sequence[Posted]) -> dict[str, Conflict]:
    """Save what differs and commit; by path, what wasn't saved because a colleague had changed it meanwhile."""
    before, kept = drafts.read(filing.id).answers, request.form.get("keep")
    changes: dict[str, tuple[Value | None, Value]] = {
        p.path: (None if p.path == kept else p.shown, p.typed) for p in answers if p.typed != before.get(p.path)
    }
    said = posted.explanations(request.form, operations.get(filing.operation))
    explained = {path: text for path, text in said.items() if text.strip() != before.explanations.get(path, "")}
    filing_id = filing.id
    results = drafts.save(filing_id, desk.actor(), changes) if changes else []
    for path, text in explained.items():
        drafts.explain(filing_id, desk.actor(), path, text)
    db.session.commit()
    shown = {p.path: p.shown for p in answers}
    return {r.path: Conflict(shown[r.path], r.conflict, changes[r.path][1]) for r in results if r.conflict is not None}


def _stay(filing: Filing) -> Any:
    """The page again; a number asked for is shown in full, which is recorded."""
    number, path = filing.number, request.form.get("reveal", "")
    if path:
        begin_write()
        audit.record("reveal", actor=current_user, object_kind="filing", object_id=number, details={"path": path})
        db.session.commit()
        return _page(desk.find(number), frozenset({path}))
    at = next((request.form[name].partition("=")[0] for name in ("take", "keep", "adopt") if name in request.form), "")
    if not at:
        flash(gettext("已保存，还没有报送。"), "draft")
    return redirect(url_for("reviewer.correct", number=number, _anchor=f"f-{id_of(at)}" if at else None), 303)


def _report(filing: Filing) -> Any:
    """Freeze the corrected answers as a revision and hand it to the worker."""
    changed = bench.build(filing).printed
    filing_id, number = filing.id, filing.number
    ranges = customers.pairs_of(filing_id)
    try:
        revision = verbs.corrected(filing_id, desk.actor(), desk.seen_revision(), ranges, sign_anew=bool(changed))
    except NotReady as refusal:
        db.session.rollback()
        return _page(desk.find(number), refused=refusal.corrections), 422
    if changed:
        visits.open_for(filing)
        said = gettext("已更正为第 %(n)s 版。核验单上印的内容变了，补签后再报送。", n=revision.number)
    else:
        said = gettext("已更正为第 %(n)s 版，转去报送；改了什么，已写信告诉主办者。", n=revision.number)
    flash(said, "good")
    db.session.commit()
    return desk.back(number)


def _page(
    filing: Filing,
    shown: frozenset[str] = frozenset(),
    *,
    conflicts: dict[str, Conflict] | None = None,
    refused: Sequence[Correction] = (),
    pictures: Mapping[str, Correction] | None = None,
) -> str:
    page, gone = bench.build(filing, shown, conflicts, refused, pictures), ended.standing(filing)
    return render_template(
        "reviewer/correct.html",
        bench=page,
        total=roomy.total("reviewer.save_correction"),
        filing=filing,
        ended=gone,
        droppable=ended.droppable(gone),
        revision=page.revision,
        conflicts=conflicts,
        opinions=desk.opinions(filing),
        people=desk.names(c.mark.author_id for c in page.complaints),
        label=wording.label(filing.operation, State(filing.state)),
        turn=states.turn(filing),
        moment=desk.moment,
    )
