"""Opening and ending the session of a browser."""

from __future__ import annotations

from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import login_user, logout_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from icp import audit
from icp.accounts.models import Account
from icp.accounts.visitor import Visitor

KEPT = ("language", "entrance", "province", "start")
"""What a visitor chose before signing in; everything else of the old session is dropped, its CSRF token too."""

_TOKENS: dict[str, str] = {}
MANY = 4096


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies; what reads and signs them is made once, not for each request."""

    def __init__(self) -> None:
        self._made: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What reads and signs the cookie."""
        if self._made is None:
            self._made = super().get_signing_serializer(app)
        return self._made


def csrf_token() -> str:
    """The session's CSRF token. It holds as long as the session does, so it needn't be signed for each page."""
    token = _TOKENS.get(session.get("csrf_token", ""))
    if token is None:
        token = generate_csrf()
        if len(_TOKENS) >= MANY:
            _TOKENS.clear()
        _TOKENS[session["csrf_token"]] = token
    g.csrf_token = token  # what templates ask Flask-WTF for is the same
    return token


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
