"""A step of a filing as a page shows it: its fields in groups, judged, and what follows from one answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flask import current_app
from markupsafe import Markup

from icp import rules, vocabulary
from icp.drawing.controls import Options, draw, id_of, options_of
from icp.drawing.teller import Teller
from icp.drawing.told import clock, conflict, mood_of, told
from icp.filings import judge
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.operations import Operation, Step
from icp.filings.paths import rows_of, type_path
from icp.i18n import language, tr
from icp.rules import presence
from icp.rules.addresses_ip import to_text
from icp.rules.changes import check_change
from icp.rules.correction import Context, Correction, Value
from icp.verification.facts import masked
from icp.vocabulary import Option, Vocabulary
from icp.vocabulary.text import N_

SAVED, COLON = N_("已保存 {at}"), N_("：")
OFFERED = 12
HELD = ("subject.region_code", "subject.organisation_type")
"""What a change may not take elsewhere; said at the field, not only before submission."""
"""So many of the provider's addresses are offered one by one; larger ranges are only named."""


@dataclass(frozen=True)
class Conflict:
    """A value that wasn't saved because the stored one had changed since the page was shown."""

    shown: Value
    stored: Value
    typed: Value


@dataclass
class Sheet:
    """One step of one filing.

    Attributes:
        operation: the declaration.
        step: which of its steps.
        row: row of the step's group, '' when the step isn't repeated.
        buffer: the answers as typed.
        ranges: looks up the provider's ranges for this customer; asked only for a step that has addresses.
        saves_at: address a changed field is posted to, '' when nothing saves by itself.
        masked: whether identity numbers are hidden.
        conflicts: by path, the values that weren't saved.
        missing: whether required answers that aren't there are complained of.
        marks: corrections by people, shown with those of the rules.
    """

    operation: Operation
    step: Step
    row: str
    buffer: Buffer
    ranges: Callable[[], judge.Ranges] = field(default=lambda: ())
    saves_at: str = ""
    masked: bool = False
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    missing: bool = False
    marks: dict[str, list[Correction]] = field(default_factory=dict)
    _contexts: dict[tuple[object, ...], Context] = field(default_factory=dict, repr=False)
    _verdicts: dict[str, list[Correction]] = field(default_factory=dict, repr=False)
    _moments: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def words(self) -> Vocabulary:
        """The code tables in force."""
        return vocabulary.current()

    @cached_property
    def pairs(self) -> judge.Ranges:
        """The provider's IPv4 ranges for this customer."""
        return self.ranges()

    @cached_property
    def language(self) -> str:
        """The reader's language."""
        return language()

    @property
    def answers(self) -> Answers:
        """The answers as typed."""
        return self.buffer.answers

    def paths(self) -> list[str]:
        """Instance paths of the fields the page shows, in order."""
        return self._paths

    @cached_property
    def _paths(self) -> list[str]:
        return [
            path
            for path in self.operation.paths_of(self.answers, self.step, self.row)
            if type_path(path) not in presence.REPRESENTATIVE or presence.asked(type_path(path), self._context(path))
        ]

    def corrections(self, path: str) -> list[Correction]:
        """What the rules say of the present answer at ``path``, after what people said."""
        given = self.marks.get(path, [])
        if self.answers.get(path):
            return [*given, *self._verdict(path)] if given else self._verdict(path)
        if self.missing and presence.required(type_path(path), self._context(path)):
            missed = replace(presence.missing(type_path(path), self._context(path)), path=path)
            return [*given, missed] if judge.is_due(missed, self.operation, self.answers, self.words) else given
        return given

    def _verdict(self, path: str) -> list[Correction]:
        """What the rules say of an answer; asked for several times while a page is made, judged once."""
        if path not in self._verdicts:
            found = rules.check(type_path(path), self.answers.get(path), self._context(path)).corrections
            self._verdicts[path] = [replace(c, path=path) for c in found] if found else []
            if self.operation.partial and path in HELD:
                self._verdicts[path] += [c for c in check_change(self.answers, self._context(path)) if c.path == path]
        return self._verdicts[path]

    def options(self, path: str) -> tuple[Options, ...]:
        """The options of a coded field for the present answers; of addresses, the provider's own."""
        _, form, spec = self.operation.fields[type_path(path)]
        if spec.kind == "addresses":
            return (self._offered(path),)
        if spec.kind in ("text", "code", "area", "date", "validity"):
            return ()
        given = () if spec.kind == "region" else form.options(spec.short_name, self._context(path))
        return options_of(spec, given, self.answers.get(path), self.words)

    def field(self, path: str, corrections: Sequence[Correction] | None = None) -> str:
        """One field as markup."""
        spec = self.operation.fields[type_path(path)][2]
        if self.masked and is_identity(path):
            return self._masked(path)
        if self.operation.is_fixed(path, self.answers):
            return self._fixed(path)
        value, corrections = self.answers.get(path), self.corrections(path) if corrections is None else corrections
        other = self.conflicts.get(path)
        return draw(
            spec,
            path,
            other.typed if other else value,
            self.told(path, corrections),
            self.language,
            options=self.options(path),
            mood="ask" if other else mood_of(corrections),
            saves_at=self.saves_at,
        )

    def told(self, path: str, corrections: Sequence[Correction] | None = None) -> str:
        """The messages of one field as markup."""
        return self._was(path) + self._said(path, corrections)

    def _said(self, path: str, corrections: Sequence[Correction] | None) -> str:
        other = self.conflicts.get(path)
        if other:
            return conflict(path, other.shown, other.stored, other.typed, self.saves_at)
        return told(
            path,
            self.answers.get(path),
            self.corrections(path) if corrections is None else corrections,
            saved=self._saved(self.buffer.saved.get(path, "")),
            explanation=self.answers.explanations.get(path, ""),
            saves_at=self.saves_at,
        )

    def _saved(self, moment: str) -> str:
        """When an answer was saved; mostly the same minute for all of them."""
        if moment not in self._moments:
            self._moments[moment] = tr(SAVED).format(at=clock(moment)) if moment else ""
        return self._moments[moment]

    def markup(self) -> Markup:
        """All fields, in their groups."""
        out = []
        for group, paths in itertools.groupby(self.paths(), self._group):
            out.append(f'<fieldset class="group"><legend>{Markup.escape(self._heading(*group))}</legend>')
            out += [self.field(path) for path in paths]
            out.append("</fieldset>")
        return Markup("".join(out))  # noqa: S704 # made of macros and escaped values

    def open_errors(self) -> list[Correction]:
        """The first error of each field that has one to be mended before submission, in the order of the page."""
        found = []
        for path in self.paths():
            errors = judge.blocking(self.corrections(path))[:1]
            said = self.marks.get(path, [])
            found += [c for c in errors if c in said or judge.is_due(c, self.operation, self.answers, self.words)]
        return found

    def followers(self, path: str) -> list[str]:
        """Fields on this page whose options or verdict follow from the answer at ``path``."""
        kind = type_path(path)
        return [p for p in self.paths() if kind in self.operation.fields[type_path(p)][2].follows]

    def label(self, path: str) -> str:
        """What people call the field."""
        return tr(self.operation.label_of(path))

    def _context(self, path: str) -> Context:
        """Fields of the same rows see the same answers, so they share a context."""
        key = (*rows_of(path).values(), path.endswith(".ip_addresses"))
        if key not in self._contexts:
            self._contexts[key] = judge.context_for(self.operation, self.answers, path, self._pairs(path), self.words)
        return self._contexts[key]

    def _pairs(self, path: str) -> judge.Ranges:
        return self.pairs if path.endswith(".ip_addresses") else ()

    def _offered(self, path: str) -> Options:
        """Single addresses to tick when there are few, ranges to tick as a whole otherwise."""
        entries = []
        for first, last in self.pairs:
            size = last - first + 1
            entries += [to_text(a, a) for a in range(first, last + 1)] if size <= OFFERED else [to_text(first, last)]
        return tuple(Option(entry, entry, entry) for entry in entries[:OFFERED])

    def _group(self, path: str) -> tuple[str, str]:
        return self.operation.fields[type_path(path)][2].group, rows_of(path).get("website.pre_approvals", "")

    def _heading(self, group: str, nested: str) -> str:
        if not nested:
            return tr(group)
        code = nested[nested.rindex("[") + 1 : -1]
        return tr(group) + tr(COLON) + self.words.label("preapproval_types", code, self.language)

    def _masked(self, path: str) -> str:
        macros = current_app.jinja_env.get_template("macros/told.html").module
        return str(macros.masked(self.label(path), id_of(path), masked(self.answers.text(path))))  # type: ignore[attr-defined]

    def _fixed(self, path: str) -> str:
        """An answer that stays as it is on record, and why."""
        macros = current_app.jinja_env.get_template("macros/told.html").module
        why = tr(self.operation.fixed[type_path(path)])
        said = Teller(self.operation, self.answers, words=self.words).say(path)
        return str(macros.fixed(self.label(path), id_of(path), said, why))  # type: ignore[attr-defined]

    def _was(self, path: str) -> str:
        """What is on record, where the answer differs from it; '' where nothing was, or nothing is told of it."""
        if not self.operation.partial or not self.answers.was(path) or not self.answers.changed(path):
            return ""
        before = Teller(self.operation, Answers(self.answers.record, self.answers.groups), words=self.words)
        macros = current_app.jinja_env.get_template("macros/told.html").module
        return str(macros.was(before.say(path)))  # type: ignore[attr-defined]


def is_identity(path: str) -> bool:
    """Whether the answer is a number that identifies a person or an organisation."""
    return path.endswith("document_number")


def labelled(corrections: Iterable[Correction], operation: Operation) -> list[tuple[str, Correction]]:
    """Each correction with what people call its field or paper."""
    return [
        (tr(operation.label_of(c.path) if operation.has_field(c.path) else operation.label_of_paper(c.path)), c)
        for c in corrections
    ]
