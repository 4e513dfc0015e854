"""What a host sees: his filings, the wizard, papers, checking, submitting, mending, and what became of it."""

from flask import Blueprint

bp = Blueprint("host", __name__)

# Views bind themselves to the blueprint on import.
from icp.host import check, filings, mend, rows, step  # noqa: E402

__all__ = ["bp", "check", "filings", "mend", "rows", "step"]
