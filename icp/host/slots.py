"""The slots of a filing's papers as the papers page and a phone show them, and taking a picture into one."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import Response, abort, request
from flask_babel import gettext
from sqlalchemy import select

from icp import documents, vocabulary
from icp.documents import Paper
from icp.documents.storage import Missing
from icp.drawing.controls import id_of
from icp.extensions import db, now
from icp.filings import carrying, drafts, marks
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.operations import Operation, PaperSlot
from icp.filings.paths import row_of, type_path
from icp.filings.states import Actor, State
from icp.i18n import language, tr
from icp.rules.correction import Correction
from icp.vocabulary.text import N_, Message

UNDO = dt.timedelta(days=1)
"""For so long a removed paper is offered to be put back."""
FILES = {"website.papers.domain_certificate"}
"""Papers that come as a file from somewhere else; a camera would only photograph a screen."""
STATES = {
    "refused": ("mend", N_("没有传成")),
    "marked": ("mend", N_("要换一张")),
    "remarked": ("ask", N_("请看一眼")),
    "there": ("done", N_("可以用")),
    "missing": ("", N_("未上传")),
    "optional": ("", N_("可以不传")),
}
"""What is the case → kind of the state's badge and its word."""


@dataclass(frozen=True)
class SlotShown:
    """One slot as a page shows it.

    Attributes:
        slot: its declaration.
        about: which website or approval it belongs to, '' when there is no doubt.
        paper: what lies in it.
        marks: what people said of the paper that still lies there.
        explanation: the host's words on why it is used though the machine noticed something.
        refusal: why the picture just sent wasn't taken.
        undo: the paper just removed.
        origin: number of the filing the paper was taken over from, '' when it was uploaded for this one.
    """

    slot: PaperSlot
    about: str = ""
    paper: Paper | None = None
    marks: tuple[Correction, ...] = ()
    explanation: str = ""
    refusal: Correction | None = None
    undo: Paper | None = None
    origin: str = ""

    @property
    def id(self) -> str:
        """Its id in pages; links to it end so."""
        return id_of(self.slot.path)

    @property
    def photographed(self) -> bool:
        """Whether the paper is something to hold before a camera."""
        return type_path(self.slot.path) not in FILES

    @property
    def case(self) -> str:
        """A key of ``STATES``."""
        if self.marks:
            return "marked"
        if self.paper is not None:
            return "remarked" if self.paper.remarks and not self.explanation else "there"
        return "refused" if self.refusal else "missing" if self.slot.required else "optional"

    @property
    def kind(self) -> str:
        """Kind of its badge."""
        return STATES[self.case][0]

    @property
    def state(self) -> str:
        """Its state in a word."""
        return tr(STATES[self.case][1])


def declared(filing: Filing, operation: Operation) -> tuple[list[PaperSlot], Answers]:
    """The slots of a filing as its answers stand, and these answers."""
    answers = drafts.read(filing.id).answers
    return operation.papers(answers, vocabulary.current()), answers


def slots_of(
    filing: Filing,
    operation: Operation,
    *,
    refusal: Correction | None = None,
    stranger: bool = False,
    mine: Collection[str] = (),
    only: str = "",
) -> list[SlotShown]:
    """The slots in the order of the declaration.

    Args:
        filing: whose.
        operation: its declaration.
        refusal: why a picture just sent wasn't taken; its path names the slot.
        stranger: somebody who may know nothing of the filing but its slots; websites are numbered for him.
        mine: ids of the papers a stranger has sent himself, of which he may read what was said.
        only: path of the one slot wanted, '' for all.
    """
    declared_, answers = declared(filing, operation)
    papers, said = documents.current(filing.id), {} if stranger else _marked(filing)
    gone = {} if stranger else _removed(filing, papers)
    origins = {} if stranger else carrying.origins(papers.values())
    return [
        SlotShown(
            slot,
            about(slot.path, answers, stranger=stranger),
            paper := papers.get(slot.path),
            tuple(c for at, c in said.get(slot.path, ()) if paper is None or paper.created_at <= at),
            answers.explanations.get(slot.path, "") if not stranger or (paper and paper.id in mine) else "",
            refusal if refusal and refusal.path == slot.path else None,
            gone.get(slot.path),
            origins.get(paper.id, "") if paper else "",
        )
        for slot in declared_
        if only in ("", slot.path)
    ]


def slot_named(filing: Filing, operation: Operation, path: str) -> PaperSlot:
    """The slot at ``path``.

    Raises:
        werkzeug.exceptions.NotFound: the filing has none there.
    """
    return next((slot for slot in declared(filing, operation)[0] if slot.path == path), None) or abort(404)


def take(filing: Filing, operation: Operation, by: Actor, by_id: int | None) -> Paper:
    """Take the picture of this request into the slot it names; the caller commits.

    Args:
        filing: whose.
        operation: its declaration.
        by: who acts.
        by_id: the account that uploads, None for an upload by link.

    Raises:
        PictureRefused: it can't be used; nothing was kept.
        werkzeug.exceptions.NotFound: the filing has no such slot.
        werkzeug.exceptions.Conflict: the filing left the host's hands while the picture was on its way.
    """
    filing_id, slot = filing.id, slot_named(filing, operation, request.form.get("slot", ""))
    sent = next((file for file in request.files.getlist("picture") if file.filename), None)
    stream = sent.stream if sent else io.BytesIO()
    return documents.store(
        stream,
        filing_id=filing_id,
        path=slot.path,
        by_id=by_id,
        purpose=slot.purpose,
        first=lambda: hold(filing_id, by, slot.path),
    )


def hold(filing_id: int, by: Actor, path: str) -> None:
    """Before writing to the paper at ``path``: hold the filing's row, and look once more whether it may be written.

    What was said of the paper that lay there is forgotten with it.

    Submitting holds the same row, so that it either sees the new paper or has made it too late.

    Raises:
        werkzeug.exceptions.Conflict: the filing is no longer with the host.
    """
    filing = drafts.lock(filing_id)
    if not drafts.may_edit(filing, by):
        db.session.rollback()
        abort(409)
    if path in drafts.read(filing_id).answers.explanations:
        drafts.explain(filing_id, by, path, "")
        filing = drafts.lock(filing_id)
    filing.updated_at = now()


def explanation() -> str:
    """The words of this request on why a picture is used though the machine noticed something, '' to take them back."""
    return request.form.get("words", "").strip() or (gettext("我看得清，照用。") if "use" in request.form else "")


def picture(paper: Paper, copy: Callable[[Paper], bytes]) -> Response:
    """A copy of a paper as an answer that no cache keeps."""
    try:
        return Response(copy(paper), mimetype="image/jpeg", headers={"Cache-Control": "no-store"})
    except Missing:
        abort(404)


def stamp(slots: Iterable[SlotShown], more: object = "") -> str:
    """Tells whether a page that shows these slots is still true."""
    told = [f"{shown.slot.path}={shown.paper.id if shown.paper else ''}" for shown in slots]
    return hashlib.sha256("\n".join([*told, str(more)]).encode()).hexdigest()[:16]


def size(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


def about(path: str, answers: Answers, *, stranger: bool = False) -> str:
    """Which website (when there are several) and which approval a slot belongs to."""
    rows, row = answers.rows("website"), row_of(path)
    parts = []
    if row and len(rows) > 1:
        known = "" if stranger else answers.text(f"website[{row}].domain") or answers.text(f"website[{row}].name")
        parts.append(known or tr(Message(N_("第 {number} 个网站"), number=rows.index(row) + 1)))
    group = f"website[{row}].pre_approvals"
    if path.startswith(f"{group}["):
        code = path[len(group) + 1 :].partition("]")[0]
        parts.append(vocabulary.current().label("preapproval_types", code, language()))
    return tr(N_("，")).join(parts)


def _marked(filing: Filing) -> dict[str, list[tuple[dt.datetime, Correction]]]:
    """Path → when something was said of the paper there, and what; as long as the host hasn't answered."""
    if filing.state != State.RETURNED:
        return {}
    found: dict[str, list[tuple[dt.datetime, Correction]]] = {}
    for mark in marks.unanswered(filing):
        if ".papers." in mark.path and mark.published_at is not None:
            found.setdefault(mark.path, []).append((mark.published_at, mark.correction))
    return found


def _removed(filing: Filing, papers: Mapping[str, Paper]) -> dict[str, Paper]:
    """Path of an empty slot → what was removed from it last, not long ago."""
    wanted = (
        select(Paper)
        .where(Paper.filing_id == filing.id, Paper.removed_at > now() - UNDO)
        .order_by(Paper.removed_at, Paper.created_at)
    )
    return {paper.path: paper for paper in db.session.scalars(wanted) if paper.path not in papers}
