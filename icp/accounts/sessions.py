"""Opening and ending the session of a browser."""

from __future__ import annotations

from flask import g, session
from flask_login import login_user, logout_user

from icp import audit
from icp.accounts.models import Account
from icp.accounts.visitor import Visitor

KEPT = ("language", "entrance", "province", "start")
"""What a visitor chose before signing in; everything else of the old session is dropped, its CSRF token too."""


def open_session(account: Account, how: str = "password") -> None:
    """Begin a new session for the account, and record it in the caller's transaction.

    Args:
        account: who signs in; its stamp must be its final one.
        how: `password`, `factor`, `link` or `renewed`.
    """
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    g.pop("csrf_token", None)  # made for the old session
    session.update(kept)
    row = (account.id, account.kind, account.role, account.name, account.place, account.language)
    login_user(Visitor((*row, account.session_stamp, None)))
    if how != "renewed":
        audit.record(
            "account.signed_in", actor=account, object_kind="account", object_id=account.id, details={"how": how}
        )


def end_session() -> None:
    """Sign out here; sessions of other browsers go on."""
    language = session.get("language")
    logout_user()
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["language"] = language
