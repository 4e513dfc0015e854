"""The desk: queue, review, what follows it, and figures."""

from flask import Blueprint

bp = Blueprint("reviewer", __name__)

# Views bind themselves to the blueprint on import.
from icp.reviewer import (  # noqa: E402
    bureau,
    correcting,
    counter,
    dashboard,
    deciding,
    history,
    marking,
    material,
    papers,
    queue,
    ranges,
    received,
    register,
    register_import,
    review,
    tables,
    task_answers,
    tasks,
)

__all__ = [
    "bp",
    "bureau",
    "correcting",
    "counter",
    "dashboard",
    "deciding",
    "history",
    "marking",
    "material",
    "papers",
    "queue",
    "ranges",
    "received",
    "register",
    "register_import",
    "review",
    "tables",
    "task_answers",
    "tasks",
]
