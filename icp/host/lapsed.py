"""A draft about a record of which something has ended since: saying so, and taking it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, url_for

from icp.accounts.guards import fills
from icp.extensions import db
from icp.filings import drafts, lapsed
from icp.filings.lapsed import Lapsed
from icp.host import bp
from icp.host.here import Here, here_to_edit
from icp.i18n import tr
from icp.vocabulary.text import N_


@dataclass(frozen=True)
class Notice:
    """What has ended since the draft began.

    Attributes:
        found: the websites.
        droppable: whether the draft is about anything without them.
    """

    found: list[Lapsed]
    droppable: bool


def notice(found: Here) -> Notice | None:
    """What the pages of a draft say of what has ended; None when nothing has."""
    if found.operation.begins != "record":
        return None
    answers = found.buffer.answers
    gone = lapsed.of(found.filing, found.operation, answers)
    return Notice(gone, lapsed.droppable(found.operation, answers, gone)) if gone else None


@bp.post("/filings/<number>/lapsed")
@fills
def drop_lapsed(number: str) -> Any:
    """Take out of the draft what has ended."""
    found = here_to_edit(number)
    try:
        dropped = lapsed.drop(found.filing.id, found.by)
    except drafts.NotEditable:
        abort(409)
    db.session.commit()
    if dropped:
        flash(tr(N_("已从草稿里去掉，别的都留着。")), "good")
    return redirect(url_for("host.filing", number=number), 303)
