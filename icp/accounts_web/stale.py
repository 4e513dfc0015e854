"""Forms whose CSRF token is out of date: the session has ended, or was renewed in another tab.

Nothing typed is lost: who isn't signed in any more is asked to sign in, with all he sent; who still is gets the form
back with a fresh token and a button. Only for what our own pages sent (see ``ours``).
"""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, render_template, request
from flask_login import current_user

from icp.accounts.guards import in_place, to_sign_in
from icp.accounts_web.here import with_token
from icp.accounts_web.pages import kept_fields, ours

OPEN = ("public", "development")


def answer() -> Any:
    """The answer to such a form; None when only an error page will do."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "permission", "public") in OPEN or not ours():
        return None
    if not current_user.is_authenticated:
        return to_sign_in()
    if request.headers.get("HX-Request"):
        return in_place(with_token(make_response(render_template("accounts_web/here_done.html"), 401)))
    return render_template(
        "accounts_web/go_on.html", action=request.full_path.rstrip("?"), kept=kept_fields(), stale=True
    ), 400
