"""Whether the site lives (`/healthz`) and can serve (`/readyz`), for load balancers and monitors; as JSON.

Only the database and the storage of papers keep the site from serving. Slow letters or a bureau out of reach are
told as `degraded`: taking the site away from people would help nobody.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, jsonify
from sqlalchemy import text

from icp import outbox
from icp.accounts.guards import public
from icp.bureau.account import active_accounts
from icp.documents.storage import papers_storage
from icp.extensions import db, now
from icp.public import bp
from icp.sealing import keyring

OLD_WORK = 300.0
"""Seconds after which waiting work means that no worker runs, or that it can't keep up."""
MISSED_POLLS = 3


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """200 with `ok` or `degraded`, 503 when the database or the storage fails."""
    parts = {"database": _try(_database), "storage": _try(_storage)}
    failed = any(part["status"] == "failed" for part in parts.values())
    if parts["database"]["status"] == "ok":
        parts |= {"outbox": _try(_outbox), "bureau": _try(_bureau)}
    degraded = any(part["status"] != "ok" for part in parts.values())
    status = "failed" if failed else "degraded" if degraded else "ok"
    return jsonify(status=status, parts=parts), 503 if failed else 200


def _try(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``look`` says; any failure as its kind alone, since the answer is public."""
    try:
        return look()
    except Exception as error:
        db.session.rollback()
        current_app.logger.exception("readiness: %s", look.__name__)
        return {"status": "failed", "error": type(error).__name__}


def _database() -> dict[str, Any]:
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


def _storage() -> dict[str, Any]:
    keyring()  # without the keys no paper can be read
    papers_storage().exists("health")
    settings = current_app.extensions["settings"]
    if not settings.storage and not os.access(settings.instance, os.W_OK):
        raise PermissionError
    return {"status": "ok"}


def _outbox() -> dict[str, Any]:
    age = outbox.oldest_age()
    return {"status": "degraded" if age > OLD_WORK else "ok", "oldest_seconds": round(age)}


def _bureau() -> dict[str, Any]:
    accounts = active_accounts()
    poll = current_app.extensions["settings"].bureau_poll_seconds
    late = now() - dt.timedelta(seconds=MISSED_POLLS * poll + 60)
    well = all(not a.paused_reason and a.last_poll is not None and a.last_poll > late for a in accounts)
    return {"status": "ok" if accounts and well else "degraded"}
