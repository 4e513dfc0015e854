"""What a change of the record may not do (filing-domain § 3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from icp.rules.correction import Context, Correction, Source, Value
from icp.rules.findings import correction


class RecordView(Protocol):
    """The answers of a change and what they were on record."""

    def get(self, path: str, /) -> Value:
        """The value at an instance path, '' when absent."""

    def was(self, path: str, /) -> Value:
        """What was on record."""

    def changed_blocks(self) -> set[str]:
        """The blocks in which an answer differs from the record."""


def check_change(answers: RecordView, context: Context) -> Iterator[Correction]:
    """Nothing changed; another province (R092, code 1046); a person become an organisation.

    The record's own code is no suggestion: people can't read it, and the field's list has its name.

    Args:
        answers: with what was on record.
        context: the vocabulary.
    """
    if not answers.changed_blocks():
        yield correction("filing", "change.nothing", source=Source.WHOLE)
    was, now = str(answers.was("subject.region_code")), str(answers.get("subject.region_code"))
    if was and now and was[:2] != now[:2]:
        recorded = context.vocabulary.regions.name(f"{was[:2]}0000")
        yield correction("subject.region_code", "R092", source=Source.WHOLE, recorded=recorded)
    kinds = [str(read("subject.organisation_type")) for read in (answers.was, answers.get)]
    individual = [context.vocabulary.is_individual(kind) for kind in kinds]
    if all(kinds) and individual[0] != individual[1]:
        yield correction("subject.organisation_type", "change.individual", source=Source.WHOLE)
