"""Looking into the files sent to and received from the bureau: lists, and one file with personal data masked."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit
from icp.bureau import inbox, looking
from icp.bureau import records as reports
from icp.bureau.models import Download, Upload
from icp.extensions import db
from icp.reviewer import bp, desk
from icp.reviewer.bureau import UPLOADS, numbers_of
from icp.reviewer.desk import OPERATES


@bp.get("/desk/bureau/files/<any(sent, received):way>")
@OPERATES
def bureau_files(way: str) -> Any:
    """Sent or received files, newest first, or those a number or name finds."""
    text = "".join(c for c in request.args.get("q", "") if c.isprintable()).strip()[:255]
    after = request.args.get("after", "", str)
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        abort(404)
    cursor = int(after) if after else None
    troubled = request.args.get("troubled") == "1"
    page = looking.sent(text, cursor) if way == "sent" else looking.received(text, cursor, troubled=troubled)
    inside = reports.filings_of({row.id for row in page.rows}) if way == "sent" else {}
    further: dict[str, Any] = {**request.args.to_dict(), "after": page.after}
    return render_template(
        "reviewer/bureau_files.html",
        way=way,
        text=text,
        troubled=troubled,
        found=page.rows,
        inside=inside,
        numbers=numbers_of([i for pairs in inside.values() for i, _ in pairs]),
        uploads=UPLOADS,
        next_page=url_for("reviewer.bureau_files", way=way, **further) if page.after else "",
        moment=desk.moment,
    )


@bp.get("/desk/bureau/files/<any(sent, received):way>/<int:file_id>")
@OPERATES
def bureau_file(way: str, file_id: int) -> Any:
    """One file's XML; that it was opened is recorded."""
    row = db.session.get(Upload, file_id) if way == "sent" else db.session.get(Download, file_id)
    if row is None:
        abort(404)
    text = looking.sent_text(row) if isinstance(row, Upload) else looking.received_text(row)
    audit.record("open_bureau_file", actor=current_user, object_kind=f"bureau_{way}", object_id=file_id)
    db.session.commit()
    inside = reports.filings_in(file_id) if way == "sent" else {}
    return render_template(
        "reviewer/bureau_file.html",
        way=way,
        row=row,
        text=text,
        records=reports.in_upload(file_id) if way == "sent" else [],
        numbers=numbers_of(list(inside)),
        uploads=UPLOADS,
        moment=desk.moment,
    )


@bp.post("/desk/bureau/files/received/<int:file_id>/open")
@OPERATES
def open_bureau_file(file_id: int) -> Any:
    """Try once more to open a file that was kept as it came; what it says is applied with the next round."""
    if db.session.get(Download, file_id) is None:
        abort(404)
    opened = inbox.open_again(file_id)
    audit.record("reopen_bureau_file", actor=current_user, object_kind="bureau_received", object_id=file_id)
    db.session.commit()
    if opened:
        flash(gettext("打开了，几分钟内用上里面的结果。"), "good")
    else:
        flash(gettext("还是打不开。请核对账号的密钥，或请管局重发。"), "mend")
    return redirect(url_for("reviewer.bureau_file", way="received", file_id=file_id), 303)
