"""What each received file said and what came of it: answers kept, what a synchronisation changed, tasks it opened."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from sqlalchemy import select

from icp.bureau.models import BureauResult, Download
from icp.extensions import db
from icp.filings import operations
from icp.i18n import tr
from icp.reviewer import bp, desk
from icp.reviewer.desk import OPERATES
from icp.tasks import words as task_words
from icp.tasks.models import Task
from icp.vocabulary.text import N_

PAGE, LISTED = 50, 500

KINDS: dict[str, str] = {
    "processing": N_("处理结果"),
    "review": N_("管局审核"),
    "filing": N_("备案数据"),
    "cancelled": N_("注销"),
    "black_list": N_("黑名单"),
    "sync": N_("同步"),
    "check": N_("核查结果"),
}
WHYS: dict[str, str] = {
    "": N_("已用上"),
    "nothing_fits": N_("对不上任何报文"),
    "several_fit": N_("对得上不止一份报文"),
    "earlier_report": N_("是对以前报文的答复"),
    "settled": N_("早已知道"),
    "contradicts": N_("与现在的状态矛盾"),
    "information": N_("只是告知"),
    "no_number": N_("没有备案号"),
    "not_on_record": N_("登记库里没有，或已注销"),
    "odd_value": N_("有不认识的值"),
    "names_nobody": N_("没有写明是谁"),
}
OUTCOMES = {"new": N_("新登记"), "changed": N_("有改动"), "same": N_("没有不同")}
PERSONAL = ("principal", "document_number", "sealed")
"""Places whose values aren't shown here."""


@bp.get("/desk/bureau/results")
@OPERATES
def bureau_results() -> Any:
    """Received files, newest first."""
    text = request.args.get("after", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    wanted = select(Download).order_by(Download.id.desc()).limit(PAGE + 1)
    found = list(db.session.scalars(wanted.where(Download.id < int(text)) if text else wanted))
    more = len(found) > PAGE
    return render_template(
        "reviewer/results.html",
        found=found[:PAGE],
        next_page=url_for("reviewer.bureau_results", after=found[PAGE - 1].id) if more else "",
        moment=desk.moment,
    )


@bp.get("/desk/bureau/results/<int:download_id>")
@OPERATES
def bureau_result(download_id: int) -> str:
    """What one file said."""
    download = db.session.get(Download, download_id)
    if download is None:
        abort(404)
    wanted = select(BureauResult).where(BureauResult.download_id == download_id).order_by(BureauResult.position)
    found = list(db.session.scalars(wanted.limit(LISTED)))
    tasks = list(db.session.scalars(select(Task).where(Task.download_id == download_id).limit(LISTED)))
    return render_template(
        "reviewer/result.html",
        download=download,
        found=found,
        kinds=KINDS,
        whys=WHYS,
        outcomes=OUTCOMES,
        changes={row.id: _changes(row) for row in found if row.kind == "sync" and row.applied},
        tasks=tasks,
        titles={task.id: task_words.title(task) for task in tasks},
        listed=LISTED,
        moment=desk.moment,
    )


def _changes(row: BureauResult) -> tuple[str, list[tuple[str, str, str]]]:
    """How a synchronised subject came out, and where it differs; values of persons are left out."""
    said = row.content
    hidden = [any(word in place for word in PERSONAL) for place, _, _ in said.get("changes", ())]
    changes = [
        (_label(place), "" if secret else before, "" if secret else after)
        for (place, before, after), secret in zip(said.get("changes", ()), hidden, strict=True)
    ]
    return said.get("outcome", ""), changes


def _label(place: str) -> str:
    """A place in a record as people call it: the field, after the website's number for one of a website."""
    number, _, rest = place.removeprefix("websites.").partition(".details.") if "websites." in place else ("", "", "")
    path = f"website.{rest}" if rest else f"subject.{place.removeprefix('details.')}"
    operation = operations.get("new_filing")
    name = tr(operation.label_of(path)) if operation.has_field(path) else place
    return f"{number} {name}".strip() if rest else name
