"""One field of a filing as markup: label, hint, control, and what is told of its value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import escape

from icp.drawing.pattern import Pattern, mark
from icp.filings.forms.base import AnswerField
from icp.rules.addresses_ip import split
from icp.rules.correction import Value
from icp.rules.dates import LONG
from icp.vocabulary import Option, Vocabulary

Options = tuple[Option, ...]
CHOSEN = {"select": " selected", "region": " selected"}
"""How an option says that it is chosen; tick boxes and radios say `checked`."""
LEFT = dict.fromkeys(("date", "validity"), "focusout changed, change target:[type=checkbox]")
"""When a field counts as left: dates change with every digit of their year."""


@lru_cache(maxsize=4096)
def id_of(path: str) -> str:
    """The id of the control of an instance path; the field around it is `f-…`, the place of its messages `m-…`.

    >>> id_of("website[w1].access.ip_addresses")
    'website-w1-access-ip_addresses'
    """
    return path.replace("].", "-").replace("[", "-").replace("]", "").replace(".", "-")


@lru_cache(maxsize=4096)
def _pattern(field: AnswerField, path: str, parts: tuple[Options, ...], language: str) -> Pattern:
    """A field's markup by its macro, with marks for what depends on the answer; nothing else in it may."""
    macros: Any = current_app.jinja_env.get_template("macros/field.html").make_module({"language_": language})
    return Pattern(str(macros.field(field, path, id_of(path), parts, mark, language)))


def draw(
    field: AnswerField,
    path: str,
    value: Value,
    told: str,
    language: str,
    *,
    options: Sequence[Options] = (),
    mood: str = "",
    saves_at: str = "",
) -> str:
    """A field with its value.

    Args:
        field: the specification (``forms.base.specs_of``).
        path: instance path; the control's name.
        value: as typed.
        told: markup of what is told of the value (``told.told``).
        language: of label, hint and options.
        options: option lists of coded fields; three of them for a region.
        mood: '', 'mend' or 'ask'.
        saves_at: address that a changed value is posted to at once, '' for none.
    """
    holes = {"told": told}
    if mood:
        holes["class"] = f" field--{mood}"
        if mood == "mend":
            holes["invalid"] = ' aria-invalid="true"'
    if saves_at:
        holes["saves"] = f' hx-post="{saves_at}" hx-trigger="{LEFT.get(field.kind, "change")}"'
    _fill_value(holes, field, value, options)
    return _pattern(field, path, tuple(options), language).fill(holes)


def _fill_value(holes: dict[str, str], field: AnswerField, value: Value, options: Sequence[Options]) -> None:
    kind = field.kind
    if kind in ("text", "code", "area", "date"):
        holes["value"] = str(escape(value))
    elif kind == "validity":
        holes["long" if value == LONG else "value"] = " checked" if value == LONG else str(escape(value))
    elif kind == "region":
        text = str(value)
        for code in (text[:2] + "0000", text[:4] + "00", text):
            holes[f"={code}"] = CHOSEN[kind]
    elif kind == "addresses":
        offered = {option.code for group in options for option in group}
        entries = split(value)
        for entry in entries:
            holes[f"={entry}"] = " checked"
        holes["value"] = str(escape("\n".join(entry for entry in entries if entry not in offered)))
    else:
        for code in value if isinstance(value, list) else (value,):
            holes[f"={code}"] = CHOSEN.get(kind, " checked")


def options_of(field: AnswerField, given: Options, value: Value, words: Vocabulary) -> tuple[Options, ...]:
    """The option lists of a field for its present value.

    Args:
        field: the specification.
        given: what the form offers for these answers (``FilingForm.options``).
        value: as typed; a code that is no longer offered is listed first, so that nobody's answer vanishes.
        words: the code tables in force.
    """
    if field.kind == "region":
        code = str(value)
        regions = words.regions
        province, city = (code[:2] + "0000", code[:4] + "00") if code else ("", "")
        return (
            regions.children(""),
            regions.children(province) if code else (),
            regions.children(city) if code else (),
        )
    if field.kind == "select" and value and all(option.code != value for option in given):
        table = field.table or "document_types"
        given = (Option(str(value), words.label(table, str(value)), words.label(table, str(value), "en")), *given)
    return (given,) if given or field.kind in ("select", "addresses") else ()
