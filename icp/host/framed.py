"""The page of a section, whose frame is drawn once and then only filled: the page hosts spend their time on."""

from __future__ import annotations

from markupsafe import escape

from icp.drawing.frame import common, frame
from icp.drawing.pattern import Pattern
from icp.drawing.sheet import Sheet
from icp.host.here import Here


def fill(found: Here, sheet: Sheet, place: int, **holes: str) -> str:
    """The page of a section.

    Args:
        found: whose filing.
        sheet: the section.
        place: which of the sections it is, from 0.
        holes: the other parts by the names the template gives them, as text or markup.
    """
    seen = found.seen
    values = {name: str(escape(value)) for name, value in holes.items()}
    values |= {
        "name": str(escape(seen.website_name or seen.subject_name)),
        "domain": str(escape(seen.domain)),
        "number": seen.number,
        "sheet": sheet.markup(),
    }
    return _frame(found, sheet, place).fill(common() | values)


def _frame(found: Here, sheet: Sheet, place: int) -> Pattern:
    seen, step = found.seen, sheet.step
    named, with_domain = bool(seen.website_name or seen.subject_name), bool(seen.domain)
    return frame(
        "host/step.html",
        (found.operation.code, step.name, sheet.row, place, named, with_domain, found.on_behalf, found.by_staff),
        {seen.number: "number"},
        named=named,
        with_domain=with_domain,
        step=step,
        row=sheet.row,
        place=place,
        label=found.operation.label,
        number=seen.number,
        on_behalf=found.on_behalf,
        by_staff=found.by_staff,
    )
