"""The papers of a filing: every slot with its picture, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from icp import documents
from icp.accounts.guards import fills, fills_or_link
from icp.documents import Paper, PictureRefused
from icp.documents.remarks import refused
from icp.drawing.controls import id_of
from icp.drawing.told import clock
from icp.extensions import db
from icp.filings import drafts
from icp.host import bp, handoff, progress
from icp.host.here import Here, here, here_to_edit
from icp.host.slots import SlotShown, explanation, hold, picture, size, slot_named, slots_of, stamp, take
from icp.host.step import NOT_YET, SAVED
from icp.i18n import tr
from icp.rules.correction import Correction
from icp.settings import Settings
from icp.vocabulary.text import Message

TURNS = {"-90", "90", "180"}


@bp.get("/filings/<number>/papers")
@fills_or_link
def papers(number: str) -> Any:
    """Every slot; those who came by a mailed link see that papers exist, not what is on them."""
    return _page(here(number))


@bp.get("/filings/<number>/papers/slots")
@fills_or_link
def paper_slots(number: str) -> Any:
    """The slots alone, for a page whose hand-off is open; nothing when they are as the page shows them."""
    found = here(number)
    view = _view(found)
    if request.args.get("seen") == view["stamp"]:
        return "", 204
    return render_template("host/papers_news.html", **view)


@bp.post("/filings/<number>/papers/upload")
@fills_or_link
def paper_upload(number: str) -> Any:
    """Take a picture into a slot, in place of what lies there."""
    found = here_to_edit(number)
    try:
        take(found.filing, found.operation, found.by, None if found.restricted else found.by.account_id)
    except PictureRefused as refusal:
        db.session.rollback()
        return _refused(number, refusal.correction, 422)
    db.session.commit()
    return _answer(number, request.form["slot"])


@bp.post("/filings/<number>/papers/turn")
@fills
def paper_turn(number: str) -> Any:
    """Turn the paper in a slot by a right angle; nothing happens when another lies there by now."""
    found, path, paper = _named(number)
    degrees = request.form.get("degrees", "")
    if degrees not in TURNS:
        abort(400)
    if paper.removed_at is None:
        filing_id = found.filing.id
        documents.rotate(paper, int(degrees), found.by.account_id, first=lambda: hold(filing_id, found.by, path))
        db.session.commit()
    return _answer(number, path)


@bp.post("/filings/<number>/papers/explain")
@fills
def paper_explain(number: str) -> Any:
    """Keep why a picture is used though the machine noticed something; the reviewer sees the words. '' takes them
    back."""
    found, path, paper = _named(number)
    if paper.removed_at is None:
        drafts.explain(found.filing.id, found.by, path, explanation())
        db.session.commit()
    return _answer(number, path)


@bp.post("/filings/<number>/papers/remove")
@fills
def paper_remove(number: str) -> Any:
    """Empty a slot; for a day the paper can be put back."""
    found, path, paper = _named(number)
    hold(found.filing.id, found.by, path)
    documents.remove(paper)
    db.session.commit()
    return _answer(number, path)


@bp.post("/filings/<number>/papers/restore")
@fills
def paper_restore(number: str) -> Any:
    """Put the removed paper back."""
    found, path, paper = _named(number)
    hold(found.filing.id, found.by, path)
    back = documents.restore(paper)
    db.session.commit()
    if not back:
        flash(gettext("那张图片已经不在了，请重新上传。"), "note")
    return _answer(number, path)


@bp.get("/filings/<number>/papers/<paper_id>.jpg")
@bp.get("/filings/<number>/papers/<paper_id>/<any(sent):copy>.jpg")
@fills
def paper(number: str, paper_id: str, copy: str = "") -> Any:
    """A paper of the filing as large as a screen shows it, or as it is sent to the bureau."""
    return picture(_of(here(number), paper_id), documents.reduced if copy else documents.view)


@bp.errorhandler(413)
def too_large(error: RequestEntityTooLarge) -> Any:
    """A request larger than the site reads at all: said at the slot where it is known."""
    from icp.web import error_page

    pages: dict[str, Callable[..., Any]] = {
        "host.paper_upload": _too_large,
        "host.phone_upload": handoff.too_large,
    }
    shown = pages.get(request.endpoint or "")
    if shown is None:
        return error_page(error)
    try:
        # The form can't be read any more; its address names the slot as well.
        limit = _settings().upload_limit_mb
        refusal = refused("picture.too_large", request.args.get("slot", ""), limit=limit).correction
        return shown(refusal, **(request.view_args or {}))
    except HTTPException as other:
        return error_page(other)


def in_place() -> bool:
    """Whether script asks for a part of the page."""
    return "HX-Request" in request.headers


@fills_or_link
def _too_large(refusal: Correction, number: str) -> Any:
    here_to_edit(number)
    return _refused(number, refusal, 413)


def _named(number: str) -> tuple[Here, str, Paper]:
    """The slot and paper a form names.

    Raises:
        werkzeug.exceptions.NotFound: there is no such slot, or the paper isn't of this slot of this filing.
    """
    found = here_to_edit(number)
    path = slot_named(found.filing, found.operation, request.form.get("slot", "")).path
    paper = _of(found, request.form.get("paper", ""))
    if paper.path != path:
        abort(404)
    return found, path, paper


def _of(found: Here, paper_id: str) -> Paper:
    paper = documents.get(paper_id)
    if paper is None or paper.filing_id != found.filing.id:
        abort(404)
    if paper.removed_at is not None and paper.frozen_at is None and not found.editable:
        abort(404)  # its days are over; only the sweep still has to come
    return paper


def _answer(number: str, path: str) -> Any:
    """After a change: the slot anew, or back to the page."""
    if not in_place():
        return redirect(url_for("host.papers", number=number, _anchor=id_of(path)), 303)
    return _slot(here(number), path)


def _refused(number: str, refusal: Correction, status: int) -> Any:
    found = here(number)
    if in_place():
        return make_response(_slot(found, refusal.path, refusal), status)
    return make_response(_page(found, refusal), status)


def _slot(found: Here, path: str, refusal: Correction | None = None) -> str:
    """One slot."""
    shown = slots_of(found.filing, found.operation, refusal=refusal, only=path) or abort(404)
    html: str = render_template("host/papers_slot.html", found=found, shown=shown[0], **_words())
    return html


def _page(found: Here, refusal: Correction | None = None) -> str:
    step = found.operation.step("papers")
    view = _view(found, refusal)
    slots: list[SlotShown] = view["slots"]
    misplaced = refusal if refusal and all(shown.refusal is None for shown in slots) else None
    html: str = render_template(
        "host/papers.html",
        step=step,
        place=progress.place(found, drafts.read(found.filing.id).answers, step),
        missing=[shown for shown in slots if shown.slot.required and shown.paper is None],
        misplaced=misplaced,
        saved_text=_saved(found, slots) if found.editable else "",
        **view,
    )
    return html


def _view(found: Here, refusal: Correction | None = None) -> dict[str, Any]:
    """What the page and its part that follows a phone show."""
    slots = slots_of(found.filing, found.operation, refusal=refusal)
    given = handoff.given(found.filing) if found.editable else None
    more = f"{given.link_id if given else ''} {found.editable}"
    return {"found": found, "slots": slots, "handoff": given, "stamp": stamp(slots, more), **_words()}


def _words() -> dict[str, Any]:
    return {"size": size, "limit": _settings().upload_limit_mb}


def _saved(found: Here, slots: list[SlotShown]) -> str:
    """Until when everything is saved."""
    saved = [*drafts.read(found.filing.id).saved.values()]
    saved += [shown.paper.created_at.isoformat(timespec="seconds") for shown in slots if shown.paper]
    return tr(Message(SAVED, at=clock(max(saved)))) if saved else tr(NOT_YET)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
