"""Papers: pictures kept sealed and reduced for the bureau, and the 核验单 as PDF."""

from icp.documents.models import Paper
from icp.documents.papers import (
    current,
    forget,
    freeze,
    get,
    original,
    outdated,
    reduced,
    remove,
    restore,
    rotate,
    store,
    sweep,
    take_along,
    view,
)
from icp.documents.remarks import PictureRefused

__all__ = [
    "Paper",
    "PictureRefused",
    "current",
    "forget",
    "freeze",
    "get",
    "original",
    "outdated",
    "reduced",
    "remove",
    "restore",
    "rotate",
    "store",
    "sweep",
    "take_along",
    "view",
]
