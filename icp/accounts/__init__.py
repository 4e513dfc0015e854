"""People, roles, passwords, second factor, links by mail."""

from __future__ import annotations

from icp.accounts.models import Account
from icp.accounts.visitor import Visitor, load
from icp.extensions import login

login.user_loader(load)
login.session_protection = None  # a phone changes its network address in mid-form; the stamp ends sessions

__all__ = ["Account", "Visitor"]
