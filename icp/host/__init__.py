"""What a host sees: his filings, the wizard, papers, checking, submitting, mending, and what became of it."""

from flask import Blueprint

bp = Blueprint("host", __name__)

# Views bind themselves to the blueprint on import.
from icp.host import (  # noqa: E402
    check,
    filings,
    handoff,
    lapsed,
    mend,
    on_behalf,
    papers,
    password,
    records,
    resume,
    rows,
    sms,
    starting,
    step,
    switching,
    tasks,
    timeline,
    words,
)

__all__ = [
    "bp",
    "check",
    "filings",
    "handoff",
    "lapsed",
    "mend",
    "on_behalf",
    "papers",
    "password",
    "records",
    "resume",
    "rows",
    "sms",
    "starting",
    "step",
    "switching",
    "tasks",
    "timeline",
    "words",
]
