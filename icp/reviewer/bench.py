"""The page on which staff correct what the bureau returned, as data: each complaint at its field, then the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from flask import render_template
from markupsafe import Markup

from icp import documents, vocabulary
from icp.documents import Paper
from icp.drawing.controls import id_of
from icp.drawing.sheet import Conflict, Sheet
from icp.drawing.teller import Teller
from icp.filings import customers, diff, drafts, judge, marks, operations, revisions
from icp.filings.answers import Answers
from icp.filings.models import Filing, Mark, Revision
from icp.filings.operations import Operation
from icp.filings.paths import row_of, type_path
from icp.i18n import tr
from icp.reviewer.knowing import PASSWORD, PASSWORD_LABEL
from icp.rules.correction import Correction
from icp.verification import checks, facts
from icp.vocabulary.text import N_, Message

WHICH = N_("{label}（{n}）")
ELSEWHERE = {"filing": N_("整份"), PASSWORD: PASSWORD_LABEL}
"""Places of complaints that no field and no paper can mend → what they are called."""


@dataclass(frozen=True)
class Complaint:
    """A mark that stands, and where on the page it can be answered.

    Attributes:
        mark: the mark.
        label: what people call its place, translated.
        at: id of the control, '' when nothing on the page can mend it.
        paper: whether it is about a paper.
    """

    mark: Mark
    label: str
    at: str
    paper: bool = False


@dataclass(frozen=True)
class Section:
    """A step, or one row of it, without the fields complained of."""

    title: str
    name: str
    anchor: str
    fields: list[Markup]
    open: bool


@dataclass(frozen=True)
class Slot:
    """A paper's slot: its path, name, id on the page, what lies there, and why a new picture wasn't taken."""

    path: str
    label: str
    id: str
    paper: Paper | None
    refused: Correction | None


@dataclass
class Bench:
    """Everything the page shows.

    Attributes:
        revision: the one the bureau returned.
        complaints: marks that stand, in the order they came.
        first: the fields complained of.
        sections: all other fields.
        errors: what keeps the correction from being reported, with label and id of the control.
        changes: what differs from the revision, by label.
        printed: labels of changed answers that the signed verification form has in print.
        papers: the slots of its papers, with what lies there now.
    """

    filing: Filing
    operation: Operation
    revision: Revision
    complaints: list[Complaint] = field(default_factory=list)
    first: list[Markup] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    errors: list[tuple[str, str, Correction]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    papers: list[Slot] = field(default_factory=list)


def build(
    filing: Filing,
    shown: frozenset[str] = frozenset(),
    conflicts: Mapping[str, Conflict] | None = None,
    refused: Iterable[Correction] = (),
    pictures: Mapping[str, Correction] | None = None,
) -> Bench:
    """The page for a filing the bureau has returned.

    Args:
        filing: the filing.
        shown: paths of personal numbers to show in full.
        conflicts: values that weren't saved.
        refused: why the correction couldn't be reported.
        pictures: why a new picture wasn't taken, by the path of its slot.
    """
    return _Maker(filing, shown, dict(conflicts or {}), list(refused), pictures or {}).bench


class _Maker:
    def __init__(
        self,
        filing: Filing,
        shown: frozenset[str],
        conflicts: dict[str, Conflict],
        refused: list[Correction],
        pictures: Mapping[str, Correction],
    ) -> None:
        self.operation = operations.get(filing.operation)
        self.buffer = drafts.read(filing.id)
        self.answers = self.buffer.answers
        self.teller = Teller(self.operation, self.answers, shown)
        self.refused = refused
        revision = revisions.newest(filing)
        self.bench = Bench(filing, self.operation, revision)
        self.bench.papers = self._slots(pictures)
        self.slots = {slot.path: slot for slot in self.bench.papers}
        self.sheets = self._sheets(filing, conflicts)
        self.fields = {path for sheet in self.sheets for path in sheet.paths()}
        self.marks: dict[str, list[Correction]] = defaultdict(list)
        for mark in marks.unsettled(filing):
            self.bench.complaints.append(self._complaint(mark))
        self._draw()
        self.bench.errors = [(self._label(c.path), self._control(c.path), c) for c in refused]
        after = judge.canonical(self.operation, self.answers)
        there = {slot.path: slot.paper.id for slot in self.bench.papers if slot.paper}
        changes = diff.compare(revision.answers, after, revision.papers, there, hidden=self.operation.hidden)
        self.bench.changes = [self._label(change.path) for change in changes]
        self.bench.printed = [self._label(path) for path in printed(filing, revision.answers, after)]

    def _sheets(self, filing: Filing, conflicts: dict[str, Conflict]) -> list[Sheet]:
        pairs, missing = customers.pairs_of(filing.id), not self.operation.partial
        return [
            Sheet(
                self.operation, step, row, self.buffer, ranges=lambda: pairs, conflicts=conflicts, missing=missing
            )
            for step in self.operation.steps
            if step.parts and not step.told
            for row in (self.answers.rows(step.repeat) if step.repeat else [""])
        ]  # fmt: skip

    def _complaint(self, mark: Mark) -> Complaint:
        path = self._asked(mark.path)
        if path in self.fields:
            self.marks[path].append(replace(mark.correction, path=path))
        paper = type_path(mark.path) in self.operation.paper_labels
        return Complaint(mark, self._label(mark.path), self._control(path), paper)

    def _asked(self, path: str) -> str:
        """Where an answer is asked for: "the same as" is asked elsewhere."""
        row = row_of(path)
        return path if path in self.fields or row is None else facts.asked_at(self.answers, row, type_path(path))

    def _control(self, path: str) -> str:
        path = self._asked(path)
        return id_of(path) if path in self.fields or path in self.slots else ""

    def _label(self, path: str) -> str:
        if path in ELSEWHERE:
            return tr(ELSEWHERE[path])
        path = path.removesuffix(".explanation")
        found = self.operation.has_field(path)
        label = tr(self.operation.label_of(path) if found else self.operation.label_of_paper(path))
        rows, row = self.answers.rows("website"), row_of(path)
        return tr(Message(WHICH, label=label, n=rows.index(row) + 1)) if row in rows and len(rows) > 1 else label

    def _draw(self) -> None:
        for sheet in self.sheets:
            drawn, wrong = [], False
            for path in sheet.paths():
                corrections = self._corrections(sheet, path)
                markup = self._field(sheet, path, corrections)
                if path in self.marks:
                    self.bench.first.append(markup)
                else:
                    drawn.append(markup)
                    wrong = wrong or bool(judge.blocking(corrections)) or path in sheet.conflicts
            name = self.answers.text(f"{sheet.step.repeat}[{sheet.row}].name") if sheet.row else ""
            anchor = f"s-{sheet.step.name}-{sheet.row}".rstrip("-")
            if drawn:
                self.bench.sections.append(Section(tr(sheet.step.title), name, anchor, drawn, wrong))

    def _corrections(self, sheet: Sheet, path: str) -> list[Correction]:
        """What people said, what the rules say of the answer, and what only the whole shows; each once."""
        judged = sheet.corrections(path)
        codes = {c.code for c in judged}
        return [
            *self.marks.get(path, ()),
            *judged,
            *(c for c in self.refused if c.path == path and c.code not in codes),
        ]

    def _field(self, sheet: Sheet, path: str, corrections: list[Correction]) -> Markup:
        if not self.teller.hidden(path):
            return Markup(sheet.field(path, corrections))  # noqa: S704 # made of macros and escaped values
        return Markup(  # noqa: S704
            render_template(
                "reviewer/correct_masked.html",
                path=path,
                id=id_of(path),
                label=self.operation.label_of(path),
                value=self.teller.say(path),
                corrections=[replace(c, suggestion=None) for c in corrections],  # it would spell the number out
            )
        )

    def _slots(self, pictures: Mapping[str, Correction]) -> list[Slot]:
        there = documents.current(self.bench.filing.id)
        return [
            Slot(slot.path, tr(slot.label), id_of(slot.path), there.get(slot.path), pictures.get(slot.path))
            for slot in self.operation.papers(self.answers, vocabulary.current())
        ]


def printed(filing: Filing, before: Answers, after: Answers) -> list[str]:
    """Paths at which the host is asked for changed answers that a signed verification form has in print."""
    found: dict[str, None] = {}
    for row, check in checks.standing(filing.id).items():
        if check.form_paper_id:
            old, new = facts.printed(before, row), facts.printed(after, row)
            changed = [path for path in {**new, **old} if old.get(path) != new.get(path)]
            found |= {facts.asked_at(after, row, type_path(path)): None for path in changed}
    return list(found)
