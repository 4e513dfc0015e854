"""Several websites in one filing: adding, removing, and undoing a removal."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, url_for

from icp import vocabulary
from icp.accounts.guards import fills_or_link
from icp.extensions import db
from icp.filings import drafts
from icp.filings.answers import Answers
from icp.filings.operations import Step
from icp.host import bp
from icp.host.here import Here, here_to_edit
from icp.i18n import tr
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

FULL = N_("按{province}的要求，这次最多报 {count} 个网站。")


def full(answers: Answers, words: Vocabulary) -> Message | None:
    """Why no further website may be added by the province's limit for this type of organisation; None when it may."""
    region = answers.text("subject.region_code")
    rules = words.province_rules(region)
    individual = words.is_individual(answers.text("subject.organisation_type"))
    limits = [
        rules.websites_per_filing,
        rules.websites_per_individual if individual else rules.websites_per_organisation,
    ]
    count = min((limit for limit in limits if limit), default=0)
    if not count or len(answers.rows("website")) < count:
        return None
    return Message(FULL, province=words.regions.name(f"{region[:2]}0000"), count=count)


def add(found: Here, section: Step) -> str:
    """Add a row, or say why not; gives the address to go to. Commits."""
    answers = drafts.read(found.filing.id).answers
    why = full(answers, vocabulary.current())
    if why:
        flash(tr(why), "mend")
        return url_for("host.filing", number=found.filing.number)
    try:
        row = drafts.add_row(found.filing.id, found.by, section.repeat)
    except drafts.NoSuchAnswer:
        abort(404)
    db.session.commit()
    return url_for("host.step", number=found.filing.number, name=section.name, row=row)


def remove(found: Here, section: Step, row: str) -> str:
    """Remove a row; gives the address to go to, where it can be put back. Commits."""
    try:
        drafts.remove_row(found.filing.id, found.by, section.repeat, row)
    except drafts.NoSuchAnswer:
        abort(404)
    db.session.commit()
    return url_for("host.filing", number=found.filing.number)


def repeated(found: Here, name: str) -> Step:
    """The repeated step called ``name``.

    Raises:
        werkzeug.exceptions.NotFound: there is none.
    """
    return next((s for s in found.operation.steps if s.name == name and s.repeat), None) or abort(404)


@bp.post("/filings/<number>/steps/<name>/rows")
@fills_or_link
def add_row(number: str, name: str) -> Any:
    """Add a website."""
    found = here_to_edit(number)
    return redirect(add(found, repeated(found, name)), 303)


@bp.post("/filings/<number>/steps/<name>/<row>/back")
@fills_or_link
def put_back_row(number: str, name: str, row: str) -> Any:
    """Undo the removal of a website."""
    found = here_to_edit(number)
    repeated(found, name)
    try:
        drafts.put_back_row(found.filing.id, found.by, row)
    except drafts.NoSuchAnswer:
        abort(404)
    db.session.commit()
    return redirect(url_for("host.step", number=number, name=name, row=row), 303)
