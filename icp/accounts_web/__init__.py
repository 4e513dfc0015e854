"""Pages of accounts: signing in and out, registration, passwords, the account itself, staff, language."""

from flask import Blueprint

bp = Blueprint("accounts_web", __name__)

from icp.accounts_web import account, dev_mail, here, language, passwords, registering, signing, staff  # noqa: E402
from icp.accounts_web.forms import ROLE_NAMES  # noqa: E402


@bp.app_template_global()
def role_name(role: str) -> str:
    """What people call a role (marked text)."""
    return dict(ROLE_NAMES).get(role, role)


__all__ = ["account", "bp", "dev_mail", "here", "language", "passwords", "registering", "role_name", "signing", "staff"]
