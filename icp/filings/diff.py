"""What changed between two revisions, leaf by leaf, and whether anybody asked for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from icp.filings.answers import Answers
from icp.rules.correction import Value


class Kind(StrEnum):
    """Why an answer changed."""

    ASKED = "asked"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Change:
    """One leaf that differs: its path, both values ('' when absent), and whether a mark asked for it."""

    path: str
    before: Value
    after: Value
    kind: Kind


def compare(
    before: Answers,
    after: Answers,
    papers_before: Mapping[str, str],
    papers_after: Mapping[str, str],
    asked: Collection[str] = (),
    hidden: Callable[[str, Answers], bool] = lambda path, answers: False,
) -> list[Change]:
    """Every answer, explanation and paper that differs, in the order of the newer revision, gone ones last.

    Args:
        before: answers of the earlier revision.
        after: answers of the later one.
        papers_before: slot → paper of the earlier revision.
        papers_after: slot → paper of the later one.
        asked: paths with a mark; a mark on a row or a group covers what lies under it.
        hidden: whether an answer isn't asked for in some answers (``Operation.hidden``). A revision writes "the same
            as the subject's principal" out; hidden before and after it is only a copy, told where it was typed.
    """
    olds = {**before.values, **_explained(before), **papers_before}
    news = {**after.values, **_explained(after), **papers_after}
    paths = [*news, *(path for path in olds if path not in news)]
    return [
        Change(path, olds.get(path, ""), news.get(path, ""), Kind.ASKED if _covered(path, asked) else Kind.UNASKED)
        for path in paths
        if olds.get(path, "") != news.get(path, "") and not (hidden(path, before) and hidden(path, after))
    ]


def _explained(answers: Answers) -> dict[str, Value]:
    return {f"{path}.explanation": text for path, text in answers.explanations.items()}


def _covered(path: str, asked: Collection[str]) -> bool:
    return any(path == mark or path.startswith((mark + ".", mark + "[")) for mark in asked)
