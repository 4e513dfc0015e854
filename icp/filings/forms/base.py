"""The base of the filing's forms: a field knows its label, hint, example and how it is drawn; rules judge its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import wtforms
from werkzeug.datastructures import MultiDict

from icp import rules
from icp.rules.correction import Checked, Context, Correction, Value
from icp.vocabulary import Option, Vocabulary


class AnswerField(wtforms.Field):
    """One answer. What is typed is kept as typed; ``checked`` holds its canonical form and the corrections.

    Args:
        label: what the field is called, marked with N_.
        kind: how it is drawn: text, code (equal width), area, select, radios, checks, region, date, validity,
            addresses, yes_no.
        hint: a sentence under the label.
        example: a value that would be right.
        group: heading of the group the field stands in.
        table: the code table of its options, or '' when ``Form.options`` decides.
        width: s, m, l or '' for the whole line.
        many: whether it takes several values.
        optional: whether the page says that it may be left empty.
        follows: type paths whose answers change this field's options or verdict; it is drawn anew when they change.
            One that begins with a dot is a field of the same form (`.mobile`).
        where: number of the place on the paper where the value stands (the pin), or 0.
        autocomplete: the browser's autofill token.
        opens: whether fields come and go, or options change, with its answer; without script a button shows them.
    """

    def __init__(
        self,
        label: str,
        *,
        kind: str = "text",
        hint: str = "",
        example: str = "",
        group: str = "",
        table: str = "",
        width: str = "",
        many: bool = False,
        optional: bool = False,
        follows: Sequence[str] = (),
        where: int = 0,
        autocomplete: str = "off",
        opens: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.kind, self.hint, self.example, self.group = kind, hint, example, group
        self.table, self.width, self.many, self.optional = table, width, many, optional
        self.follows, self.where, self.autocomplete = tuple(follows), where, autocomplete
        self.opens = opens
        self.checked = Checked("")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed; several controls of one name make a list when the field takes several."""
        values = [value for value in valuelist if value != ""]
        self.data = values if self.many else (valuelist[0] if valuelist else "")

    @property
    def corrections(self) -> Sequence[Correction]:
        """What the rules say of the value after ``validate``."""
        return self.checked.corrections


class FilingForm(wtforms.Form):
    """A step, or one field of it. ``prefix_path`` is the type path its fields lie under."""

    prefix_path = ""

    @classmethod
    def type_path(cls, name: str) -> str:
        """The type path of the field called ``name`` (`principal__mobile` is `principal.mobile`)."""
        return f"{cls.prefix_path}.{name.replace('__', '.')}"

    @classmethod
    def names(cls) -> dict[str, str]:
        """Type path → attribute name, in the order of the page; the same object each time, so read it only."""
        if cls not in _NAMES:
            _NAMES[cls] = cls._ordered({cls.type_path(field.short_name): field.short_name for field in cls()})
        return _NAMES[cls]

    @classmethod
    def _ordered(cls, names: dict[str, str]) -> dict[str, str]:
        """The order of the page, where it isn't the order of the class."""
        return names

    @classmethod
    def only(cls, name: str) -> type[FilingForm]:
        """A form with that one field, for checking it alone."""
        found = _SINGLE.get((cls, name))
        if found is None:
            members: dict[str, Any] = {other: None for other in cls.names().values() if other != name}
            found = _SINGLE[cls, name] = type(f"{cls.__name__}_{name}", (cls,), members)
        return found

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """The options of a coded field for these answers."""
        field = specs_of(cls)[cls.type_path(name)]
        vocabulary: Vocabulary = context.vocabulary
        return vocabulary.options(field.table) if field.table else ()

    def judge(self, context: Context) -> bool:
        """Let the rules judge every field; True when none is refused."""
        for field in self:
            field.checked = rules.check(
                self.type_path(field.short_name), field.data or ("" if not field.many else []), context
            )
            field.errors = [c.message for c in field.corrections if c.severity == "error"]
        return not any(field.checked.refused for field in self)


_NAMES: dict[type[FilingForm], dict[str, str]] = {}
_SINGLE: dict[tuple[type[FilingForm], str], type[FilingForm]] = {}
_SPECS: dict[type[FilingForm], dict[str, AnswerField]] = {}


def specs_of(form: type[FilingForm]) -> dict[str, AnswerField]:
    """Type path → field, for its label, hint and kind; the same objects each time, so read them only."""
    if form not in _SPECS:
        _SPECS[form] = {form.type_path(field.short_name): field for field in form()}
        for field in _SPECS[form].values():
            field.follows = tuple(f"{form.prefix_path}{p}" if p.startswith(".") else p for p in field.follows)
    return _SPECS[form]


@dataclass(frozen=True)
class Judged:
    """What the form says of one field: the value as typed, its canonical form, the corrections."""

    typed: Value
    checked: Checked


def judge_one(form: type[FilingForm], name: str, typed: Value, context: Context) -> Judged:
    """Check one value through a form of that field alone.

    Args:
        form: the step's form.
        name: attribute name of the field.
        typed: the value as it came.
        context: what the rules may look at.
    """
    values = typed if isinstance(typed, list) else [typed]
    single = form.only(name)(MultiDict([(name, value) for value in values]))
    single.judge(context)
    field = single[name]
    return Judged(field.data or ("" if not field.many else []), field.checked)
