"""The desk: queue, review, what follows it, and figures."""

from flask import Blueprint

bp = Blueprint("reviewer", __name__)

# Views bind themselves to the blueprint on import.
from icp.reviewer import (  # noqa: E402
    bureau,
    bureau_accounts,
    bureau_files,
    by_hand,
    cancel_access,
    correcting,
    counter,
    dashboard,
    deciding,
    history,
    marking,
    material,
    on_behalf,
    papers,
    provinces,
    queue,
    ranges,
    received,
    register,
    register_import,
    review,
    roomy,
    tables,
    task_answers,
    tasks,
)

__all__ = [
    "bp",
    "bureau",
    "bureau_accounts",
    "bureau_files",
    "by_hand",
    "cancel_access",
    "correcting",
    "counter",
    "dashboard",
    "deciding",
    "history",
    "marking",
    "material",
    "on_behalf",
    "papers",
    "provinces",
    "queue",
    "ranges",
    "received",
    "register",
    "register_import",
    "review",
    "roomy",
    "tables",
    "task_answers",
    "tasks",
]
