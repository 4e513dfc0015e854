"""What the rules say of the answers of a filing: one field, one step, the whole (before submission)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from icp import vocabulary
from icp.filings import black_lists
from icp.filings.answers import Answers, block_of
from icp.filings.forms.base import Judged, judge_one
from icp.filings.operations import Operation
from icp.filings.operations.base import COMMISSION
from icp.filings.paths import in_row, type_path
from icp.filings.states import today
from icp.rules.changes import check_change
from icp.rules.correction import Context, Correction, Severity, Source, Value
from icp.rules.filing_numbers import with_province
from icp.rules.whole import check_whole
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

Ranges = tuple[tuple[int, int], ...]
PAPER_MISSING = N_("还没有上传：{paper}。")


def context_for(
    operation: Operation,
    answers: Answers,
    path: str,
    ranges: Ranges = (),
    words: Vocabulary | None = None,
) -> Context:
    """What a rule may look at when it judges the answer at ``path``."""
    words = words or vocabulary.current()
    return Context(
        vocabulary=words,
        operation=operation.code,
        today=today(),
        lookup=with_province(answers.lookup_for(path), words),
        provider_ranges=ranges,
    )


def judge_field(
    operation: Operation,
    answers: Answers,
    path: str,
    typed: Value,
    ranges: Ranges = (),
    words: Vocabulary | None = None,
) -> Judged:
    """Check one answer through its form; corrections carry the instance path.

    Raises:
        KeyError: the operation has no such field.
    """
    _, form, field = operation.fields[type_path(path)]
    judged = judge_one(form, field.short_name, typed, context_for(operation, answers, path, ranges, words))
    corrections = tuple(dataclasses.replace(c, path=path) for c in judged.checked.corrections)
    return Judged(judged.typed, dataclasses.replace(judged.checked, corrections=corrections))


def corrections_at(
    operation: Operation,
    answers: Answers,
    paths: Iterable[str],
    ranges: Ranges = (),
    words: Vocabulary | None = None,
) -> dict[str, list[Correction]]:
    """Corrections of the answers that exist at ``paths`` (presence is asked for only at submission)."""
    found = {}
    words = words or vocabulary.current()
    for path in paths:
        value = answers.get(path)
        if value:
            corrections = list(judge_field(operation, answers, path, value, ranges, words).checked.corrections)
            if corrections:
                found[path] = corrections
    return found


def canonical(operation: Operation, answers: Answers) -> Answers:
    """The answers in canonical form, with "the same as" written out; what a revision freezes.

    What was on record travels along in the same form, so that a later reader can tell what was changed.
    """
    result = Answers(groups=dict(answers.groups), on_behalf=answers.on_behalf)
    if answers.record:
        result.record = written_out(Answers(dict(answers.record), dict(answers.groups))).values
    words = vocabulary.current()
    for path in operation.all_paths(answers):
        value = answers.get(path)
        if value:
            result.values[path] = judge_field(operation, answers, path, value, words=words).checked.stored
        if path in answers.explanations:
            result.explanations[path] = answers.explanations[path]
    # What the page doesn't ask, since the operation answers it: a principal who can't be the same as one unknown here.
    for path, value in operation.row_presets(answers).items():
        for row in answers.rows("website"):
            result.values.setdefault(in_row(path, "website", row), value)
    return written_out(result)


def written_out(answers: Answers) -> Answers:
    """Copy what "the same as the subject's principal" and "the same as the first website's access" stand for."""
    rows = answers.rows("website")
    for row in rows:
        if answers.get(f"website[{row}].principal.same_as_subject") != "no":
            answers.values[f"website[{row}].principal.same_as_subject"] = "yes"
            _copy(answers, "subject.principal.", f"website[{row}].principal.")
        if row != rows[0] and answers.get(f"website[{row}].access.same_as_first") == "yes":
            _copy(answers, f"website[{rows[0]}].access.", f"website[{row}].access.")
    return answers


def _copy(answers: Answers, source: str, target: str) -> None:
    for path in list(answers.values):
        if path.startswith(source):
            answers.values[target + path[len(source) :]] = answers.values[path]


def judge_whole(operation: Operation, answers: Answers, papers: Iterable[str], ranges: Ranges = ()) -> list[Correction]:
    """Everything that stands between these answers and submission, and what should be confirmed or explained.

    Where an operation is about part of a record, what stays as it is isn't judged.

    Args:
        operation: the declaration.
        answers: as typed.
        papers: instance paths of the slots that hold a paper.
        ranges: the provider's IPv4 ranges for this customer.
    """
    words = vocabulary.current()
    context = context_for(operation, answers, "", ranges, words)
    asked = set(operation.all_paths(answers, told=False))
    kinds = {path for path in operation.fields if operation.asks(path)}
    found = [
        dataclasses.replace(c, source=Source.WHOLE)
        for c in check_whole(answers, context, kinds)
        if c.path in asked or not operation.has_field(c.path)
    ]
    if operation.partial:
        found = [c for c in found if is_due(c, operation, answers, words)]
        found += check_change(answers, context)
    there = set(papers)
    found += [
        Correction(
            slot.path,
            "paper.missing",
            Severity.ERROR,
            Message(PAPER_MISSING, paper=Message(slot.label)),
            slot.hint,
            source=Source.WHOLE,
        )
        for slot in operation.papers(answers, words)
        if slot.required and slot.path not in there
    ]
    return found + black_lists.corrections(operation, answers)


def is_due(correction: Correction, operation: Operation, answers: Answers, words: Vocabulary) -> bool:
    """Whether what is said of an answer stands between a filing and its submission.

    Of a record that is changed only the blocks that differ are judged. The bureau's record has no dates of validity:
    they are missed only where the document itself is asked for.
    """
    if not operation.partial:
        return True
    if block_of(correction.path) not in answers.changed_blocks():
        return False
    owner, _, name = correction.path.rpartition(".")
    if not name.startswith("document_valid_") or answers.get(correction.path) or answers.was(correction.path):
        return True
    slots = [slot.path for slot in operation.papers(answers, words) if slot is not COMMISSION]
    return any(path.startswith(f"{owner}.papers.") for path in slots)


def blocking(corrections: Iterable[Correction]) -> list[Correction]:
    """Those that keep a filing from being submitted."""
    return [c for c in corrections if c.severity is Severity.ERROR]
