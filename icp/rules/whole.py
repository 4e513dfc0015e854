"""A whole filing: nothing missing, every value judged again, and answers that must go together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from icp.rules import presence
from icp.rules.codes import NONE
from icp.rules.correction import Context, Correction, Source, Value
from icp.rules.cross import cross_checks
from icp.rules.filing_numbers import with_province
from icp.rules.findings import correction
from icp.rules.registry import RULES, check

_APPROVALS = "website.pre_approvals"


class AnswersView(Protocol):
    """What the answers of a filing offer to the checks."""

    def get(self, path: str, /) -> Value:
        """The value at an instance path, '' when absent."""

    def rows(self, group: str, /) -> list[str]:
        """The row ids of a group (`website`)."""

    def lookup_for(self, path: str, /) -> Callable[[str], Value]:
        """A function from type path to value, seen from an instance path."""


@dataclass(frozen=True)
class Whole:
    """A filing's answers with the context they are judged in."""

    answers: AnswersView
    context: Context

    def at(self, path: str) -> Context:
        """The context of an answer: look-ups see the row it lies in."""
        lookup = with_province(self.answers.lookup_for(path), self.context.vocabulary)
        return replace(self.context, lookup=lookup)

    def text(self, path: str) -> str:
        """The answer at an instance path as text."""
        value = self.answers.get(path)
        return value.strip() if isinstance(value, str) else ""

    def websites(self) -> list[str]:
        """The instance paths of the websites."""
        return [f"website[{row}]" for row in self.answers.rows("website")]

    def instances(self, type_path: str) -> Iterator[str]:
        """The instance paths of a type path."""
        if not type_path.startswith("website."):
            yield type_path
            return
        for position, website in enumerate(self.websites()):
            rest = type_path.removeprefix("website.")
            if type_path == "website.access.same_as_first" and position == 0:
                continue
            if type_path.startswith(_APPROVALS + "."):
                kinds = self.answers.get(f"{website}.pre_approvals")
                for kind in kinds if isinstance(kinds, list) else ():
                    if kind != NONE:
                        yield f"{website}.pre_approvals[{kind}].{type_path.removeprefix(_APPROVALS + '.')}"
            else:
                yield f"{website}.{rest}"


def check_whole(answers: AnswersView, context: Context, type_paths: Collection[str] | None = None) -> list[Correction]:
    """Everything that keeps a filing from being submitted, or should be looked at, with instance paths.

    Args:
        answers: the answers of the filing.
        context: vocabulary, operation, day; its ``lookup`` isn't used.
        type_paths: the fields this operation asks for; all of them when None.

    Returns:
        Corrections in the order of the fields, then those between answers; their source is ``Source.WHOLE``.
    """
    whole = Whole(answers, context)
    wanted = RULES.keys() if type_paths is None else set(type_paths)
    corrections: list[Correction] = []
    if any(path.startswith("website.") for path in wanted) and not whole.websites():
        corrections.append(correction("website", "required.website", source=Source.WHOLE))
    for type_path in RULES:
        if type_path in wanted:
            for path in whole.instances(type_path):
                corrections += _check_one(type_path, path, whole)
    corrections += cross_checks(whole, wanted)
    return corrections


def _check_one(type_path: str, path: str, whole: Whole) -> Iterator[Correction]:
    context = whole.at(path)
    if not presence.asked(type_path, context):
        return
    value = whole.answers.get(path)
    checked = check(type_path, value, context)
    if not checked.stored:
        if presence.required(type_path, context):
            yield replace(presence.missing(type_path, context), path=path)
        return
    for found in checked.corrections:
        yield replace(found, path=path, source=Source.WHOLE)
