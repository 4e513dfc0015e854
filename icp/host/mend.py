"""Mending what was sent back: only the fields with a mark, each with its reason, itself, and an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from icp import documents
from icp.accounts.guards import fills
from icp.documents import Paper
from icp.drawing.controls import id_of
from icp.drawing.sheet import Sheet
from icp.drawing.teller import Teller
from icp.extensions import begin_write, db
from icp.filings import behalf, judge, marks, passwords, revisions, verbs
from icp.filings.drafts import Buffer, read
from icp.filings.models import Mark, Revision
from icp.filings.paths import row_of, type_path
from icp.filings.states import State
from icp.host import bp, lapsed, progress, writing
from icp.host.here import Here, here
from icp.host.step import place_of, sheet_of
from icp.host.writing import asked, pressed, save
from icp.i18n import tr
from icp.rules.correction import Correction
from icp.vocabulary.text import N_

STANDS = N_("这是登记的内容，这次不能改。登记得不对的，请先办信息变更；登记得对的，请写明为什么是对的。")
NOT_TYPED = N_("退回以后还没有重新填备案密码，或填的密码不对。")
UNSAID = N_("请写一句为什么是对的，核验员要靠它判断。")
UNCHANGED = N_("这一格和退回时一样，还没有改。改好了再存；不用改的，请选“不改”，写明为什么是对的。")


@dataclass
class Mending:
    """One thing to mend.

    Attributes:
        mark: what was objected to.
        label: what people call the field, row or paper.
        before: what was submitted, in words.
        now: what is there now, in words.
        field: the field as markup, '' for papers, rows and the filing as a whole.
        href: where it is mended, when that is another page.
        stands: why it can't be changed here, when it is on record (marked text).
        paper: the picture at the mark, if it is about one.
        complaint: what is wrong with the host's answer.
        because: the host's words as typed.
        choice: mended, right or ''.
    """

    mark: Mark
    label: str
    before: str
    now: str
    field: str = ""
    href: str = ""
    stands: str = ""
    paper: Paper | None = None
    complaint: str = ""
    because: str = ""
    choice: str = ""

    @property
    def correction(self) -> Correction:
        """The mark in the one shape of a correction."""
        return self.mark.correction


@bp.get("/filings/<number>/mend")
@fills
def mend(number: str) -> Any:
    """Only what has to be mended."""
    found = here(number)
    if found.filing.state != State.RETURNED:
        return redirect(url_for("host.filing", number=number))
    return _page(found)


@bp.post("/filings/<number>/mend")
@fills
def save_mend(number: str) -> Any:
    """Save what was typed and the answers to the marks; submit when each has one."""
    found = here(number)
    if found.filing.state != State.RETURNED:
        abort(409)
    conflicts = save(found, asked(found)).conflicts
    complaints = _answer_marks(found)
    db.session.commit()
    at = pressed()
    if at and not conflicts:
        mark = next((m for m in marks.open_for_host(found.filing) if m.path == at and m.answer), None)
        return redirect(url_for("host.mend", number=number, _anchor=f"m{mark.id}" if mark else f"f-{id_of(at)}"), 303)
    if conflicts or complaints:
        return _page(found, complaints, conflicts), 422
    if request.form.get("act") != "submit":
        flash(tr(N_("已保存，还没有提交给核验员。")), "draft")
        return redirect(url_for("host.mend", number=number), 303)
    return _submit(found)


@bp.post("/filings/<number>/mend/<int:mark_id>/again")
@fills
def mend_again(number: str, mark_id: int) -> Any:
    """Take an answer back, to give another."""
    found = here(number)
    begin_write()
    mark = db.session.get(Mark, mark_id)
    if mark is None or mark.filing_id != found.filing.id or mark.published_at is None or mark.providers:
        abort(404)
    try:
        marks.unanswer(found.filing, mark)
    except marks.MarkRefused:
        abort(409)
    db.session.commit()
    return redirect(url_for("host.mend", number=number, _anchor=f"m{mark_id}"), 303)


def _submit(found: Here) -> Any:
    number = found.filing.number
    try:
        writing.submit(found)
    except verbs.Unanswered:
        open_ = len(marks.unanswered(here(number).filing))
        return _page(here(number), {0: tr(N_("还有 {count} 处没有回答。")).format(count=open_)}), 422
    except (verbs.NotReady, behalf.NotConfirmed):
        return redirect(url_for("host.check", number=number), 303)
    flash(tr(N_("修改已提交，核验员会先看这一份。")), "good")
    return redirect(url_for("host.filing", number=number), 303)


def _answer_marks(found: Here) -> dict[int, str]:
    """Keep the answers that were given; gives by mark what is wrong with one."""
    begin_write()
    filing, frozen, draft = found.filing, revisions.newest(found.filing), read(found.filing.id)
    complaints = {}
    taken = pressed() if "take" in request.form else ""
    for mark in marks.open_for_host(filing):
        choice = "mended" if mark.path == taken else request.form.get(f"answer-{mark.id}", "")
        because = request.form.get(f"because-{mark.id}", "")
        if choice == "right" and not because.strip():
            complaints[mark.id] = tr(UNSAID)
        elif choice == "mended" and not mended(found, mark, frozen, draft):
            complaints[mark.id] = tr(NOT_TYPED if mark.path == passwords.PATH else UNCHANGED)
        elif choice in marks.ANSWERS:
            marks.answer(filing, mark, choice, because)
    return complaints


def mended(found: Here, mark: Mark, frozen: Revision, draft: Buffer) -> bool:
    """Whether what a mark is about differs from what was submitted, or a password that isn't wrong was typed since;
    marks on rows and on the whole can't be told."""
    if mark.path == passwords.PATH:
        asked = passwords.needed(found.filing.province, found.operation)
        return not asked or passwords.typed_since(found.filing.id, mark.created_at)
    if found.operation.has_field(mark.path):
        now = judge.canonical(found.operation, draft.answers).get(mark.path)
        return frozen.answers.get(mark.path) != now
    if ".papers." in mark.path:
        paper = documents.current(found.filing.id).get(mark.path)
        return (paper.id if paper else "") != frozen.papers.get(mark.path, "")
    return True


def _page(found: Here, complaints: dict[int, str] | None = None, conflicts: Any = None) -> str:
    complaints = complaints or {}
    frozen, draft = revisions.newest(found.filing), read(found.filing.id)
    items = [_mending(found, mark, frozen, draft, complaints, conflicts) for mark in marks.open_for_host(found.filing)]
    html: str = render_template(
        "host/mend.html",
        found=found,
        gone=lapsed.notice(found),
        items=items,
        open=[item for item in items if not item.mark.answer],
        complaint=complaints.get(0, ""),
    )
    return html


def _mending(
    found: Here, mark: Mark, frozen: Revision, draft: Buffer, complaints: dict[int, str], conflicts: Any
) -> Mending:
    operation, number = found.operation, found.filing.number
    item = Mending(
        mark,
        tr(operation.label_of(mark.path) if operation.has_field(mark.path) else operation.label_of_paper(mark.path)),
        Teller(operation, frozen.answers).say(mark.path),
        Teller(operation, draft.answers).say(mark.path),
        complaint=complaints.get(mark.id, ""),
        because=request.form.get(f"because-{mark.id}", mark.because or ""),
        choice=request.form.get(f"answer-{mark.id}", mark.answer),
    )
    if mark.path == passwords.PATH and operation.password:
        item.label, item.href = tr(operation.step("password").title), url_for("host.password", number=number)
    elif operation.asks(mark.path) and not operation.is_fixed(mark.path, draft.answers):
        step, row = place_of(operation, mark.path, draft)
        sheet: Sheet = sheet_of(found, step, row, draft, conflicts)
        if mark.path in sheet.paths():
            item.field = sheet.field(mark.path)
        else:  # hidden by another answer ("the same as …"): it is mended on its page
            item.href = url_for("host.step", number=number, name=step.name, row=row or None)
    elif operation.has_field(mark.path):
        item.stands = operation.fixed.get(type_path(mark.path), STANDS)
    elif ".papers." in mark.path:
        item.paper = documents.current(found.filing.id).get(mark.path)
        item.href = url_for("host.papers", number=number)
    else:
        item.label, item.href = _about(found, mark.path, draft)
    return item


def _about(found: Here, path: str, draft: Buffer) -> tuple[str, str]:
    """What a row, a group of fields or the whole is called, and where it is mended, '' for nowhere in particular."""
    name, row = progress.place_of(found.operation, path)
    step = next((step for step in found.operation.steps if step.name == name and path != "filing"), None)
    website, number = row_of(path), found.filing.number
    if website is None or step is None or not step.repeat:
        href = url_for("host.step", number=number, name=name) if step and step.parts and not step.repeat else ""
        return tr(step.title if step else N_("整份备案")), href
    label = tr(N_("网站")) + f" {draft.answers.text(f'website[{website}].name')}"
    there = not step.told and row in draft.answers.rows("website")
    return label, url_for("host.step", number=number, name=name, row=row) if there else ""
