"""Answers in words for the desk: labels of codes, masked numbers, and what a machine can check of a field."""

from __future__ import annotations

import re
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
from icp.vocabulary.text import N_

PERSONAL_NUMBERS = frozenset(
    {
        "subject.principal.document_number",
        "website.principal.document_number",
        "subject.legal_representative.document_number",
    }
)
"""Numbers of persons: masked until somebody asks to see them, which is recorded."""

CHECKED: dict[str, str] = {
    "subject.organisation_type": N_("代码"),
    "subject.document_type": N_("与性质相符"),
    "subject.document_number": N_("校验位"),
    "subject.name": N_("用字"),
    "subject.document_valid_to": N_("有效期"),
    "subject.region_code": N_("区划"),
    "subject.document_address": N_("与区域相符"),
    "subject.mailing_address": N_("写到门牌"),
    "subject.legal_representative.document_number": N_("校验位"),
    "principal.document_type": N_("个人证件"),
    "principal.document_number": N_("校验位"),
    "principal.document_valid_to": N_("有效期"),
    "principal.mobile": N_("号段"),
    "principal.landline": N_("区号"),
    "principal.emergency_phone": N_("与手机不同"),
    "principal.email": N_("格式"),
    "website.name": N_("命名规则"),
    "website.domain": N_("可备案的域名"),
    "website.home_url": N_("在域名下"),
    "website.service_content": N_("与性质相符"),
    "website.pre_approvals": N_("关键词"),
    "website.pre_approvals.valid_to": N_("有效期"),
    "website.access.ip_addresses": N_("公网地址"),
}
"""Type path (without the owner of a principal) → what the machine has checked when it complains of nothing."""

NUMERALS = "一二三四五六七八九十"


def checked_for(path: str) -> str:
    """What the machine checks of a field, '' for what only a person can judge (marked text)."""
    kind = type_path(path)
    return CHECKED.get(kind) or CHECKED.get(kind.removeprefix("subject.").removeprefix("website."), "")


def anchor(path: str) -> str:
    """The id of the element that shows a path."""
    return "f-" + re.sub(r"[^a-z0-9_]+", "-", path).strip("-")


def numeral(n: int) -> str:
    """The n-th section's numeral, from 1."""
    return NUMERALS[n - 1] if n <= len(NUMERALS) else str(n)


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
            return gettext("长期")
        if spec.kind == "yes_no":
            return _yes_no(path, value == "yes")
        context = judge.context_for(self.operation, self.answers, path, words=self.words)
        labels = {o.code: o.label(language()) for o in form.options(spec.short_name, context)}
        if isinstance(value, list):
            return "、".join(labels.get(code, code) for code in value)
        return labels.get(value, value)


def _yes_no(path: str, yes: bool) -> str:
    if path.endswith(".same_as_subject"):
        return gettext("主体负责人本人") if yes else gettext("另一个人")
    if path.endswith(".same_as_first"):
        return gettext("与第一个网站相同") if yes else gettext("另外的接入")
    return gettext("是") if yes else gettext("否")
