"""What is known from an answer given elsewhere, so that nobody types it twice."""

from __future__ import annotations

from collections.abc import Mapping

from icp.filings.answers import Answers
from icp.filings.operations import Operation
from icp.rules.correction import Value
from icp.rules.filing_numbers import parse

SUBJECT_NUMBER = "subject.filing_number"


def website_number(operation: Operation, answers: Answers) -> dict[str, str]:
    """The website's number, typed where the subject's is asked: it has the subject's in it, and `-1` after it.

    Args:
        operation: the declaration.
        answers: as typed.

    Returns:
        The answer of the first website whose number is asked for and still empty; nothing where the number stands
        already, or the operation doesn't ask for one.
    """
    typed = parse(answers.text(SUBJECT_NUMBER))
    paths = [f"website[{row}].filing_number" for row in answers.rows("website")]
    if typed is None or not typed.suffix or not all(operation.asks(path) for path in paths):
        return {}
    if any(parse(answers.text(path)) == typed for path in paths):
        return {}
    empty = (path for path in paths if not answers.get(path))
    return {path: str(typed) for path in [next(empty, "")] if path}


ON_PAPER = frozenset(
    {
        *("name", "document_type", "document_number", "document_valid_from", "document_valid_to"),
        *("approval_number", "valid_to"),
    }
)
"""What stands on a principal's document, or an approval's."""


def replaced(before: Mapping[str, Value], answers: Answers) -> set[str]:
    """The principals and approvals (instance paths) that are others now, or go by another document.

    Args:
        before: path → the answer as it was, of those that were written.
        answers: as they are now.
    """
    return {
        at
        for path, value in before.items()
        for at, _, name in [path.rpartition(".")]
        if name in ON_PAPER and at.endswith((".principal", "]")) and value and value != answers.get(path)
    }
