"""Verification material sent afterwards (XZHYD): a filing on record, pictures, and they leave as an answer of ours."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import vocabulary
from icp.documents import PictureRefused, pictures, remarks
from icp.extensions import begin_write, db
from icp.i18n import language, tr
from icp.register.reading import Found, by_number
from icp.reviewer import bp, roomy, task_forms, tasks
from icp.reviewer.desk import REVIEWS
from icp.tasks import answers, verbs
from icp.tasks.answers import MaterialAnswer, MaterialPicture
from icp.tasks.kinds import Kind
from icp.vocabulary.text import N_

SLOTS = 4
JPEG = "1"
OWNERS = {"subject": "1", "website": "2"}
BETWEEN = N_("、")
NO_NUMBER = N_("登记库里没有这个备案号。")
NO_PICTURE = N_("至少选一张图片。")
NO_PURPOSE = N_("请选这张图片的用途。")
NEEDS_WEBSITE = N_("这种材料属于网站，备案号要写网站的（带“-1”这样的序号）。")


@dataclass
class Typed:
    """What was typed, and what is wrong of it by control."""

    number: str = ""
    purposes: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@bp.get("/desk/tasks/material")
@REVIEWS
def new_material() -> str:
    """The form."""
    return _page(Typed(number=request.args.get("number", "")))


def _page(typed: Typed) -> str:
    return render_template(
        "reviewer/material.html",
        typed=typed,
        total=roomy.total("reviewer.send_material"),
        slots=range(1, SLOTS + 1),
        purposes=vocabulary.current().options("attachment_types"),
        language_=language(),
    )


@bp.post("/desk/tasks/material")
@REVIEWS
def send_material() -> Any:
    """Read the pictures, open a task and answer it with them."""
    typed = Typed(number=tasks.typed("number", 64))
    found = by_number(typed.number) if typed.number else None
    if found is None:
        typed.wrong["number"] = tr(NO_NUMBER)
    sent = [picture for n in range(1, SLOTS + 1) if (picture := _picture(str(n), typed, found)) is not None]
    if not sent and not typed.wrong:
        typed.wrong["picture-1"] = tr(NO_PICTURE)
    if typed.wrong or found is None:
        return _page(typed), 422
    begin_write()
    found = by_number(typed.number)
    if found is None:
        db.session.rollback()
        typed.wrong["number"] = tr(NO_NUMBER)
        return _page(typed), 422
    content = {"number": typed.number, "text": _told(sent)}
    task = verbs.open(
        Kind.MATERIAL, f"{Kind.MATERIAL}:{uuid.uuid4().hex}", content, subject=found.subject, website=found.website
    )
    verbs.take(task, current_user.id)
    answer = MaterialAnswer(tuple(sent))
    refused = task_forms.refused_by_schema(task, answer)
    if refused:
        db.session.rollback()
        typed.wrong["picture-1"] = "; ".join(tr(correction.message) for correction in refused)
        return _page(typed), 422
    verbs.answer(task, current_user.id, answers.plain(answer), content["text"])
    number = task.number
    db.session.commit()
    flash(gettext("材料已备好，马上报给管局。"), "good")
    return redirect(url_for("reviewer.task", number=number), 303)


def _told(sent: list[MaterialPicture]) -> str:
    words = vocabulary.current()
    return tr(BETWEEN).join(words.label("attachment_types", picture.purpose, language()) for picture in sent)


def _picture(n: str, typed: Typed, found: Found | None) -> MaterialPicture | None:
    """The picture of one slot; None for an empty slot, or one that can't be used, which is noted."""
    file = request.files.get(f"picture-{n}")
    purpose, remark = tasks.typed(f"purpose-{n}", 8), tasks.typed(f"remark-{n}", 256)
    typed.purposes[n], typed.remarks[n] = purpose, remark
    if file is None or not file.filename:
        return None
    words = vocabulary.current()
    if not words.has("attachment_types", purpose):
        typed.wrong[f"purpose-{n}"] = tr(NO_PURPOSE)
        return None
    owner = words.row("attachment_types", purpose).get("owner", "subject")
    if owner == "website" and found is not None and found.website is None:
        typed.wrong[f"purpose-{n}"] = tr(NEEDS_WEBSITE)
        return None
    limit = current_app.extensions["settings"].upload_limit_mb
    try:
        sent = file.stream.read(limit * 1024 * 1024 + 1)
        if len(sent) > limit * 1024 * 1024:
            raise remarks.refused("picture.too_large", f"picture-{n}", limit=limit)
        data = pictures.reduce(pictures.open_picture(sent), purpose).data
    except PictureRefused as refused:
        typed.wrong[f"picture-{n}"] = f"{tr(refused.correction.message)} {tr(refused.correction.remedy)}".strip()
        return None
    if found is None:
        return None
    row = found.website if owner == "website" and found.website is not None else found.subject
    return MaterialPicture(
        owner=OWNERS.get(owner, OWNERS["subject"]),
        number=row.number,
        bureau_id=row.bureau_id,
        purpose=purpose,
        format=JPEG,
        base64=base64.b64encode(data).decode("ascii"),
        remark=remark,
    )
