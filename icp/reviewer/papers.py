"""Papers of a filing for staff: the copy that is sent to the bureau, and the original, which is recorded."""

from __future__ import annotations

import io
from typing import Any

from flask import abort, send_file
from flask_login import current_user

from icp import audit, documents
from icp.documents import Paper
from icp.extensions import begin_write, db
from icp.filings.states import State
from icp.reviewer import bp, desk
from icp.reviewer.desk import REVIEWS


@bp.get("/desk/filings/<number>/papers/<paper_id>.jpg")
@REVIEWS
def paper(number: str, paper_id: str) -> Any:
    """The reduced copy, as it is sent to the bureau."""
    return _picture(documents.reduced(_paper(number, paper_id)))


@bp.get("/desk/filings/<number>/papers/<paper_id>/original.jpg")
@REVIEWS
def original(number: str, paper_id: str) -> Any:
    """The original in full size; recorded."""
    begin_write()
    found = _paper(number, paper_id)
    audit.record(
        "open_original", actor=current_user, object_kind="filing", object_id=number, details={"path": found.path}
    )
    db.session.commit()
    return _picture(documents.original(_paper(number, paper_id)))


def _paper(number: str, paper_id: str) -> Paper:
    """A paper of this filing that was submitted, or that staff put there; the buffer's are else the host's alone."""
    found, filing = documents.get(paper_id), desk.find(number)
    if found is None or found.filing_id != filing.id:
        abort(404)
    if found.frozen_at is None and (filing.state != State.BUREAU_RETURNED or found.removed_at is not None):
        abort(404)
    return found


def _picture(data: bytes) -> Any:
    return send_file(io.BytesIO(data), "image/jpeg")
