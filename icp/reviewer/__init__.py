"""The desk: queue, review, what follows it, and figures."""

from flask import Blueprint

bp = Blueprint("reviewer", __name__)

# Views bind themselves to the blueprint on import.
from icp.reviewer import counter, dashboard, deciding, history, marking, papers, queue, ranges, review  # noqa: E402

__all__ = ["bp", "counter", "dashboard", "deciding", "history", "marking", "papers", "queue", "ranges", "review"]
