"""The reader's language."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, session, url_for
from flask_login import current_user

from icp.accounts import verbs
from icp.accounts.guards import public
from icp.accounts_web import bp
from icp.accounts_web.pages import local
from icp.extensions import db
from icp.i18n import LANGUAGES


@bp.post("/language/<code>")
@public
def language(code: str) -> Any:
    """Read on in another language; a signed-in reader gets letters in it, too."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    if current_user.is_authenticated:
        verbs.set_language(current_user.id, code)
        db.session.commit()
    return redirect(local(request.form.get("next")) or url_for("public.home"))
