"""What each province asks beyond the national rules: seen, changed by an administrator, with who changed what when."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit, vocabulary
from icp.accounts.guards import staff_only
from icp.extensions import begin_write, db
from icp.filings import operations, states
from icp.i18n import language
from icp.reviewer import bp, desk
from icp.vocabulary import models, province_edit
from icp.vocabulary.province_edit import Difference
from icp.vocabulary.tables import Row, builtin

TABLE = "province_rules"
ADMINISTERS = staff_only("administrator")
BY_HAND = "desk:"
"""Beginning of the source of a table that was changed at the desk; the account follows."""
LOOKED_BACK = 100
NAMES = {code: operation.label for code, operation in operations.OPERATIONS.items()}
PASSWORDS = tuple(code for code, operation in operations.OPERATIONS.items() if operation.password)


@dataclass(frozen=True)
class Edit:
    """One version of the table that changed a province: who (None for a file), where from, when, and what."""

    by_id: int | None
    source: str
    at: dt.datetime
    differences: list[Difference]


@bp.get("/desk/provinces")
@ADMINISTERS
def provinces() -> str:
    """Every province with what matters most."""
    words = vocabulary.current()
    return render_template(
        "reviewer/provinces.html",
        rows=[(o.code, o.label(language()), words.province_rules(o.code)) for o in words.options("provinces")],
        names=NAMES,
        passwords=PASSWORDS,
    )


@bp.get("/desk/provinces/<code>")
@ADMINISTERS
def province(code: str) -> str:
    """One province's rules as a form, and its history."""
    return _page(code, vocabulary.current().province_rules(_known(code)).to_row(), {})


@bp.post("/desk/provinces/<code>")
@ADMINISTERS
def save_province(code: str) -> Any:
    """Put changed rules in force from now on; filings submitted before keep the ones they were checked with."""
    begin_write()
    row, wrong = province_edit.read(
        lambda name: request.form.get(name, ""), _known(code), NAMES, PASSWORDS, states.today()
    )
    if wrong:
        return _page(code, row, wrong), 422
    if request.form.get("seen") != _stamp():
        return _page(code, row, {}, stale=True), 409
    words = vocabulary.current()
    changed = province_edit.differences(words.province_rules(code).to_row(), row, NAMES)
    if not changed:
        flash(gettext("和现在的一样，没有改。"), "note")
    else:
        models.replace_table(TABLE, province_edit.put(words.tables[TABLE], row), f"{BY_HAND}{current_user.id}")
        audit.record("edit_province", actor=current_user, object_kind="province", object_id=code)
        db.session.commit()
        flash(gettext("已改 %(n)s 项，从现在起按新规则查。", n=len(changed)), "good")
    return redirect(url_for("reviewer.province", code=code), 303)


def _known(code: str) -> str:
    if not vocabulary.current().has("provinces", code):
        abort(404)
    return code


def _stamp() -> str:
    """Which version of the table the page shows, so that two administrators don't undo each other unseen."""
    return str(next((version.id for version in models.versions(TABLE, 1)), 0))


def _page(code: str, row: Row, wrong: dict[str, str], *, stale: bool = False) -> str:
    history = edits(code)
    html: str = render_template(
        "reviewer/province.html",
        code=code,
        name=vocabulary.current().label("provinces", code, language()),
        row=row,
        wrong=wrong,
        stale=stale,
        seen=_stamp(),
        settings_=province_edit.SETTINGS,
        names=NAMES,
        passwords=PASSWORDS,
        history=history,
        people=desk.names(edit.by_id for edit in history),
        moment=desk.moment,
    )
    return html


def edits(code: str) -> list[Edit]:
    """The versions of the table that changed this province, newest first."""
    versions = models.versions(TABLE, LOOKED_BACK)
    tables = [json.loads(version.rows) for version in versions]
    found = []
    for place, version in enumerate(versions):
        before = tables[place + 1] if place + 1 < len(tables) else builtin().tables[TABLE]
        changed = province_edit.differences(_row(before, code), _row(tables[place], code), NAMES)
        if changed:
            by_hand, _, account = version.source.partition(BY_HAND)
            by_id = int(account) if not by_hand and account.isdigit() else None
            found.append(Edit(by_id, "" if by_id else version.source, version.created_at, changed))
    return found


def _row(table: Any, code: str) -> Row:
    return next((row for row in table if row["province"] == code), {})
