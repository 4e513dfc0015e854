"""Free texts: remarks, hours, approval numbers."""

from __future__ import annotations

from icp.rules.canonical import as_text, clean, half_width_letters, one_line
from icp.rules.codes import OTHER_CONTENT
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

REMARK_SHORTEST, REMARK_LONGEST, WIRE_LONGEST = 20, 200, 1000


def remark(path: str, value: Value, context: Context) -> Checked:
    """The subject's remark."""
    found = Findings(path)
    text = clean(as_text(value))
    if len(text) > REMARK_LONGEST:
        found.warn("remark.long", length=len(text), limit=REMARK_LONGEST)
    return found.checked(text)


def cancellation_remark(path: str, value: Value, context: Context) -> Checked:
    """What more is to be said of a cancellation; the wire takes 1,000 characters (Zxlybz)."""
    found = Findings(path)
    text = clean(as_text(value))
    if len(text) > WIRE_LONGEST:
        found.error("remark.too_long", length=len(text), limit=WIRE_LONGEST)
    return found.checked(text)


def website_remark(path: str, value: Value, context: Context) -> Checked:
    """The website's remark; with service content 其他 it says what the website does (R061)."""
    checked = remark(path, value, context)
    found = Findings(path)
    if OTHER_CONTENT in context.texts("website.service_content") and len(checked.stored) < REMARK_SHORTEST:
        found.warn("R061", length=len(checked.stored))
    return Checked(checked.stored, (*checked.corrections, *found.corrections))


def line(path: str, value: Value, context: Context) -> Checked:
    """A line of text."""
    return Checked(half_width_letters(one_line(as_text(value))))


def approval_number(path: str, value: Value, context: Context) -> Checked:
    """The number of an approval document: free, but a number."""
    found = Findings(path)
    text = half_width_letters(one_line(as_text(value)))
    if not any(c.isdigit() or c in "〇零一二三四五六七八九十" for c in text):
        found.warn("approval_number.no_digits")
    return found.checked(text)
