"""Forms of the desk with several pictures beside what is typed: they may hold more than other requests, so that a
picture that is too large is refused at its own place and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_login import current_user

from icp.reviewer import bp

PICTURES = {"reviewer.save_correction": 8, "reviewer.send_material": 4, "reviewer.counter_save": 2}
"""Endpoint → how many pictures as large as one may be its form may hold."""
REST = 1
"""MB for everything else in a form."""


@bp.url_value_preprocessor
def make_room(endpoint: str | None, values: Any) -> None:
    """Let staff send such a form, before anything reads it."""
    if endpoint in PICTURES and current_user.is_authenticated and current_user.kind == "staff":
        request.max_content_length = (total(endpoint) + REST) * 1024 * 1024


def total(endpoint: str) -> int:
    """MB that the pictures of a form may have together."""
    return PICTURES[endpoint] * int(current_app.extensions["settings"].upload_limit_mb)
