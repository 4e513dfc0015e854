"""Taking a file of moderate size into the register from the desk; larger ones are for ``flask register import``."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext
from flask_login import current_user

from icp import audit, vocabulary
from icp.bureau import register_files, register_lines
from icp.bureau.register_files import FileRefused
from icp.bureau.register_import import Policy, Report, import_file
from icp.extensions import db
from icp.i18n import tr
from icp.reviewer import bp
from icp.reviewer.desk import OPERATES

MOST = 200
"""Subjects that are taken while somebody waits for the page."""
SHOWN = 200
LARGEST = 8 * 1024 * 1024


@bp.get("/desk/register/import")
@OPERATES
def register_import() -> Any:
    """Where a file is chosen."""
    return _page()


@bp.post("/desk/register/import")
@OPERATES
def import_records() -> Any:
    """Look at a file, or take it into the register; what does not match is told."""
    file = request.files.get("file")
    data = file.stream.read(LARGEST + 1) if file and file.filename else b""
    if not data.strip() or len(data) > LARGEST or file is None:
        return _page(problem=gettext("选一份文件，不超过 8 MB。")), 422
    words, dry = vocabulary.current(), request.form.get("act") != "import"
    try:
        if len(register_files.read(data, words).entries) > MOST:
            return _page(problem=gettext("文件里的主体超过 %(n)s 个，请用命令 flask register import。", n=MOST)), 422
        policy = Policy(request.form["policy"]) if request.form.get("policy") in list(Policy) else None
        older, by_id = "older" in request.form, current_user.id
        report = import_file(data, file.filename or "", words, policy=policy, older_too=older, dry=dry, by_id=by_id)
    except FileRefused as refused:
        return _page(problem=tr(refused.problem)), 422
    if not dry and not report.earlier:
        counts = {"subjects": report.total, "recorded": report.recorded}
        audit.record("import_register", actor=current_user, object_kind="register", details=counts)
        db.session.commit()
    return _page(report, dry=dry)


def _page(report: Report | None = None, problem: str = "", dry: bool = True) -> str:
    return render_template(
        "reviewer/register_import.html",
        report=report,
        dry=dry,
        problem=problem,
        shown=SHOWN,
        most=MOST,
        policy=request.form.get("policy", ""),
        older="older" in request.form,
        columns=register_lines.COLUMNS,
        required=register_lines.REQUIRED,
    )
