"""Answers in words, in the reader's language: labels of codes, names of regions, numbers of persons masked."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext

from icp import vocabulary
from icp.filings import judge
from icp.filings.answers import Answers
from icp.filings.operations import Operation
from icp.filings.paths import type_path
from icp.i18n import language
from icp.rules.correction import Value
from icp.verification.facts import masked
from icp.vocabulary import Vocabulary

PERSONAL_NUMBERS = frozenset(
    {
        "subject.principal.document_number",
        "website.principal.document_number",
        "subject.legal_representative.document_number",
    }
)
"""Numbers of persons: masked until somebody asks to see them, which is recorded."""


@dataclass
class Teller:
    """Says the answers of one revision in the reader's language.

    Attributes:
        operation: the declaration.
        answers: of the revision.
        shown: paths of masked answers that were asked for.
        words: the code tables in force.
    """

    operation: Operation
    answers: Answers
    shown: frozenset[str] = frozenset()
    words: Vocabulary = field(default_factory=vocabulary.current)

    def personal(self, path: str) -> bool:
        """Whether the answer is a person's number."""
        kind = type_path(path)
        individual = kind == "subject.document_number" and self.words.is_individual(
            self.answers.text("subject.organisation_type")
        )
        return individual or kind in PERSONAL_NUMBERS

    def hidden(self, path: str) -> bool:
        """Whether the answer is masked now."""
        return self.personal(path) and path not in self.shown and bool(self.answers.get(path))

    def say(self, path: str) -> str:
        """The answer at ``path`` in words, masked where it has to be; '' when absent."""
        value = self.answers.get(path)
        if not value:
            return ""
        if self.hidden(path):
            return masked(self.answers.text(path))
        return self._in_words(path, value)

    def _in_words(self, path: str, value: Value) -> str:
        found = self.operation.fields.get(type_path(path))
        if found is None:
            return self.answers.text(path)
        _, form, spec = found
        if spec.kind == "region" and isinstance(value, str):
            return self.words.regions.full_name(value) if self.words.regions.exists(value) else value
        if spec.kind == "validity" and value == "long":
            return str(gettext("长期"))
        context = judge.context_for(self.operation, self.answers, path, words=self.words)
        labels = {o.code: o.label(language()) for o in form.options(spec.short_name, context)}
        if isinstance(value, list):
            return str(gettext("、")).join(labels.get(code, code) for code in value)
        if value in labels or not spec.table:
            return labels.get(value, value)
        return self.words.label(spec.table, value, language())  # no longer among those that may be chosen
