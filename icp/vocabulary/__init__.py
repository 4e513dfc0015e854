"""Code tables and typed look-ups: the words of the bureau, its rules by province, reasons, regions, holidays."""

from __future__ import annotations

from icp.vocabulary.provinces import ProvinceRules
from icp.vocabulary.reasons import Reason
from icp.vocabulary.regions import Option, Regions
from icp.vocabulary.tables import BureauCode, Vocabulary, builtin


def current() -> Vocabulary:
    """The newest snapshot of the tables; equals ``builtin()`` without dated rows or outside the application."""
    # Imported here so that rules, which import this package, stay free of Flask and the database.
    from icp.vocabulary import models

    return models.current()


def at(id_: str) -> Vocabulary:
    """The snapshot of an id, as recorded with a revision."""
    from icp.vocabulary import models

    return models.at(id_)


__all__ = ["BureauCode", "Option", "ProvinceRules", "Reason", "Regions", "Vocabulary", "at", "builtin", "current"]
