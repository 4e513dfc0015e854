"""One section of the wizard: shown, saved as a whole (without script), or field by field."""

from __future__ import annotations

import json
from typing import Any

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from icp.accounts.guards import fills_or_link
from icp.drawing.controls import id_of
from icp.drawing.sheet import Sheet, labelled
from icp.drawing.told import clock
from icp.extensions import now
from icp.filings import customers
from icp.filings.drafts import Buffer
from icp.filings.operations import Operation, Step
from icp.filings.paths import row_of, type_path
from icp.host import bp, lapsed, progress, rows
from icp.host.framed import fill
from icp.host.here import Here, here, here_to_edit
from icp.host.writing import asked, pressed, save
from icp.i18n import tr
from icp.vocabulary.text import N_, Message

SAVED = N_("已保存到 {at}，尚未提交")
NOT_YET = N_("草稿，尚未提交")
WRONG = N_("有 {count} 处要改")


@bp.get("/filings/<number>/steps/<name>")
@bp.get("/filings/<number>/steps/<name>/<row>")
@fills_or_link
def step(number: str, name: str, row: str = "") -> Any:
    """A section of the wizard."""
    found = here(number)
    section = section_of(found.operation, name)
    if not found.editable:
        return redirect(url_for("host.filing", number=number))
    if not section.parts:
        return redirect(url_for(f"host.{name}", number=number))
    buffer = found.buffer
    if bool(section.repeat) != bool(row):
        first = next(iter(buffer.answers.rows(section.repeat)), None) if section.repeat else None
        if section.repeat and first is None:  # a change of a subject whose websites are all elsewhere has none
            return redirect(url_for("host.filing", number=number))
        return redirect(url_for("host.step", number=number, name=name, row=first))
    return page(sheet_of(found, section, row, buffer), found)


@bp.post("/filings/<number>/steps/<name>")
@bp.post("/filings/<number>/steps/<name>/<row>")
@fills_or_link
def save_step(number: str, name: str, row: str = "") -> Any:
    """Save a whole section; it is shown again when something in it has to be mended."""
    found = here_to_edit(number)
    section = section_of(found.operation, name)
    buffer = found.buffer
    mine = set(found.operation.paths_of(buffer.answers, section, row, everything=True))
    answers = [p for p in asked(found) if p.path in mine]
    outcome = save(found, answers)
    sheet = sheet_of(found, section, row, outcome.buffer, outcome.conflicts)
    act = request.form.get("act", "next")
    at = pressed()
    if outcome.conflicts:
        return page(sheet, found), 422
    if at:
        return redirect(url_for("host.step", number=number, name=name, row=row or None, _anchor=f"f-{id_of(at)}"), 303)
    if act == "stay":
        flash(tr("已保存，尚未提交。什么时候回来都可以接着写。"), "draft")
        return redirect(url_for("host.filing", number=number), 303)
    if section.repeat and section.grows and act in ("add", "remove"):
        return redirect(rows.add(found, section) if act == "add" else rows.remove(found, section, row), 303)
    sheet.missing = True
    if sheet.open_errors():
        return page(sheet, found), 422
    return redirect(next_after(found, section, row, sheet.buffer), 303)


@bp.post("/filings/<number>/answers")
@fills_or_link
def answer(number: str) -> Any:
    """Check and save one field; the answer is what is told beside it, and what else follows from it on the page."""
    found = here_to_edit(number)
    answers = asked(found)
    before = found.buffer
    at = answers[-1].path if answers else request.form.get("adopt", "")
    section, row = place_of(found.operation, at, before)
    outcome = save(found, answers)
    changed = outcome.changed
    sheet = sheet_of(found, section, row, outcome.buffer, outcome.conflicts)
    in_place = not {"take", "keep", "adopt"}.isdisjoint(request.form)
    body, whole = _told(sheet, at, in_place), False
    if changed:
        body, whole = what_follows(sheet_of(found, section, row, before), sheet, at, in_place=in_place)
    response = make_response(body)
    if whole or len(answers) > 1:
        response.set_data(str(sheet.markup()))
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#sheet", "innerMorph"
    if changed:
        said = tr(Message(SAVED, at=clock(now().isoformat())))
        response.headers["HX-Trigger"] = json.dumps({"draft-saved": {"text": said}})
    return response


def what_follows(old: Sheet, new: Sheet, at: str, *, in_place: bool) -> tuple[str, bool]:
    """The answer to one changed field.

    Returns:
        Its messages (or the whole field after a button), with the messages of others that changed out of band; and
        whether the page must be drawn anew instead, because fields or options came or went.
    """
    followers = new.followers(at)
    if old.paths() != new.paths() or any(old.options(path) != new.options(path) for path in [at, *followers]):
        return "", True
    out = [_told(new, at, in_place)]
    for path in followers:
        said = new.told(path)
        if said != old.told(path):
            out.append(f'<div id="m-{id_of(path)}" hx-swap-oob="innerMorph">{said}</div>')
    return "".join(out), False


def _told(sheet: Sheet, at: str, in_place: bool) -> str:
    return sheet.field(at) if in_place else sheet.told(at)


def section_of(operation: Operation, name: str) -> Step:
    """The step called ``name``.

    Raises:
        werkzeug.exceptions.NotFound: there is none.
    """
    return next((section for section in operation.steps if section.name == name), None) or abort(404)


def place_of(operation: Operation, path: str, buffer: Buffer) -> tuple[Step, str]:
    """The step and row of an answer.

    Raises:
        werkzeug.exceptions.NotFound: there is no such answer, or its row is gone.
    """
    if not operation.has_field(path):
        abort(404)
    section = operation.fields[type_path(path)][0]
    row = row_of(path, section.repeat) or "" if section.repeat else ""
    if section.repeat and row not in buffer.answers.rows(section.repeat):
        abort(404)
    return section, row


def sheet_of(found: Here, section: Step, row: str, buffer: Buffer, conflicts: Any = None) -> Sheet:
    """A section as this visitor sees it.

    Raises:
        werkzeug.exceptions.NotFound: the row is gone.
    """
    if section.repeat and row not in buffer.answers.rows(section.repeat):
        abort(404)
    return Sheet(
        found.operation,
        section,
        row,
        buffer,
        ranges=lambda: customers.pairs_of(found.seen.id),
        saves_at=url_for("host.answer", number=found.seen.number),
        masked=found.restricted,
        conflicts=conflicts or {},
    )


def page(sheet: Sheet, found: Here) -> str:
    """The page of a section."""
    saved = max(sheet.buffer.saved.values(), default="")
    errors = labelled(sheet.open_errors(), found.operation) if sheet.missing else []
    all_rows = sheet.answers.rows(sheet.step.repeat) if sheet.step.repeat else []
    holes = {"saved": tr(Message(SAVED, at=clock(saved))) if saved else tr(NOT_YET)}
    holes["which"] = progress.which(sheet.step, sheet.row, sheet.answers)
    if sheet.step.repeat:
        full = rows.full(sheet.answers, sheet.words)
        gone = lapsed.notice(found)
        if gone is not None:
            holes["lapsed"] = part("host/lapsed.html", found=found, gone=gone)
        holes["margin"] = part("host/margin/website.html", found=found, sheet=sheet, rows=all_rows, full=full)
    if errors:
        onward = next_after(found, sheet.step, sheet.row, sheet.buffer)
        listed = [(label, id_of(c.path), c) for label, c in errors]
        macros: Any = current_app.jinja_env.get_template("macros/told.html").module
        holes["tally"] = macros.tally(listed, onward)
        holes["wrong"] = " · " + tr(Message(WRONG, count=len(errors)))
    return fill(found, sheet, progress.place(found, sheet.answers, sheet.step), **holes)


def part(template: str, **values: Any) -> Markup:
    """A piece of the page as markup."""
    return Markup(render_template(template, **values))  # noqa: S704 # templates escape


def next_after(found: Here, section: Step, row: str, buffer: Buffer) -> str:
    """The address of what comes after a section: its next row, then the next section, at last the check."""
    number = found.seen.number
    way = progress.way(found, buffer.answers)
    at = next((i for i, place in enumerate(way) if place == (section, row)), len(way) - 2)
    following, next_row = way[at + 1]
    if not following.parts:
        return url_for(f"host.{following.name}", number=number)
    return url_for("host.step", number=number, name=following.name, row=next_row or None)
