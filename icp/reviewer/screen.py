"""The review screen as data: sections of lines, papers, marks, what changed; made from frozen revisions alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from icp import documents
from icp.drawing.teller import Teller
from icp.filings import carrying, diff, judge, marks, operations, revisions
from icp.filings.answers import Answers, block_of
from icp.filings.diff import Change
from icp.filings.models import Filing, Mark, Revision
from icp.filings.operations import Operation
from icp.filings.paths import row_of, type_path
from icp.reviewer import knowing
from icp.reviewer.lines import Line, PaperLine, PasswordLine, Section
from icp.reviewer.words import checked_for, numeral
from icp.rules import presence
from icp.rules.correction import Correction
from icp.vocabulary.text import N_


@dataclass
class Screen:
    """Everything the review page shows of a filing."""

    filing: Filing
    operation: Operation
    revision: Revision
    before: Revision | None
    sections: list[Section]
    papers: list[PaperLine]
    whole: Line
    password: PasswordLine | None
    going: list[knowing.Going] | None
    lost: list[Line]
    changes: list[Change]
    marks: list[Mark]

    @property
    def unasked(self) -> int:
        """How many answers changed though nobody asked."""
        return sum(change.kind is diff.Kind.UNASKED for change in self.changes)

    @property
    def open(self) -> list[Mark]:
        """Marks that are not settled."""
        return [mark for mark in self.marks if mark.settled_at is None]

    @property
    def to_host(self) -> list[Mark]:
        """Those of ``open`` that go to the host when it is sent back."""
        return [mark for mark in self.open if not mark.providers]

    @property
    def answered(self) -> list[Mark]:
        """Marks of earlier reviews the host has answered."""
        return [mark for mark in self.marks if mark.published_at is not None and mark.answer]

    def line(self, path: str) -> Line | None:
        """The line at a path."""
        return next((line for line in self.lines() if line.path == path), None)

    def lines(self) -> Iterable[Line]:
        """Every line of the page, in its order."""
        yield self.whole
        for section in self.sections:
            yield section.head
            yield from section.lines
            yield from section.folded
        if self.password:
            yield self.password
        yield from self.papers
        yield from self.lost


def build(filing: Filing, ranges: judge.Ranges, shown: frozenset[str] = frozenset()) -> Screen:
    """The screen of a filing's newest revision.

    Args:
        filing: with at least one revision.
        ranges: the provider's addresses for this host.
        shown: paths of personal numbers to show in full; the caller records it.
    """
    operation = operations.get(filing.operation)
    revision = revisions.newest(filing)
    before = revisions.numbered(filing.id, revision.number - 1) if revision.number > 1 else None
    there = marks.of_filing(filing)
    changes = _changes(operation, before, revision, asked_before(revision, there)) if before else []
    maker = _Maker(filing, operation, revision, before, changes, there, ranges, shown)
    sections = maker.sections()
    papers = maker.papers()
    whole = maker.line("filing", N_("整份备案"))
    password = maker.password()
    going = knowing.going(filing, revision.answers)
    lost = maker.lost()
    return Screen(filing, operation, revision, before, sections, papers, whole, password, going, lost, changes, there)


def _changes(operation: Operation, before: Revision, after: Revision, asked: set[str]) -> list[Change]:
    return diff.compare(before.answers, after.answers, before.papers, after.papers, asked, operation.hidden)


def asked_before(revision: Revision, there: Iterable[Mark]) -> set[str]:
    """Paths the host was asked to mend when he made ``revision``."""
    return {
        mark.path
        for mark in there
        if mark.published_at is not None
        and mark.published_at <= revision.created_at
        and (mark.settled_at is None or mark.settled_at >= revision.created_at)
    }


class _Maker:
    """Puts lines together; each mark and change is used once, and what finds no place is told as lost."""

    def __init__(
        self,
        filing: Filing,
        operation: Operation,
        revision: Revision,
        before: Revision | None,
        changes: list[Change],
        there: list[Mark],
        ranges: judge.Ranges,
        shown: frozenset[str],
    ) -> None:
        self.filing, self.operation, self.revision = filing, operation, revision
        self.answers = revision.answers
        self.teller = Teller(operation, self.answers, shown)
        self.old_answers = before.answers if before else Answers()
        self.old_teller = Teller(operation, self.old_answers, shown)
        self.record_teller = Teller(operation, Answers(self.answers.record, self.answers.groups), shown)
        self.changes = {change.path: change for change in changes}
        self.marks: dict[str, list[Mark]] = defaultdict(list)
        for mark in there:
            if mark.settled_at is None or mark.settled_at >= revision.created_at:
                self.marks[mark.path].append(mark)
        self.found = self._machine(ranges)
        self.used: set[str] = set()

    def _machine(self, ranges: judge.Ranges) -> dict[str, list[Correction]]:
        """What the machine says now of the frozen answers; each complaint once."""
        paths = self.operation.all_paths(self.answers, told=False)
        if self.operation.partial:
            blocks = self.answers.changed_blocks()
            paths = [path for path in paths if block_of(path) in blocks]
        found = judge.corrections_at(self.operation, self.answers, paths, ranges)
        said = {(c.path, c.code) for corrections in found.values() for c in corrections}
        whole = judge.judge_whole(self.operation, self.answers, self.revision.papers, ranges)
        known = knowing.findings(self.filing, self.operation, self.answers)
        for correction in [*whole, *known]:
            if (correction.path, correction.code) not in said:
                found.setdefault(correction.path, []).append(correction)
        return found

    def line(self, path: str, label: str) -> Line:
        """The line of a path."""
        self.used.add(path)
        made = Line(path, label, marks=self.marks.get(path, []), corrections=self.found.get(path, []))
        change = self.changes.get(path)
        if change:
            self.used.add(path)
            made.change, made.old = change.kind, self.old_teller.say(path)
        return made

    def sections(self) -> list[Section]:
        """The wizard's steps, with the rows of repeated ones apart."""
        made: list[Section] = []
        for step in self.operation.steps:
            if not step.parts:
                continue
            for row in self.answers.rows(step.repeat) if step.repeat else [""]:
                name = self.answers.text(f"{step.repeat}[{row}].name") if row else ""
                paths = [path for path in self.operation.paths_of(self.answers, step, row) if self._told(path)]
                if not paths:
                    continue
                place = f"{step.repeat}[{row}]" if row else step.parts[0].form.prefix_path
                section = Section(step.title, numeral(len(made) + 1), name, self.line(place, step.title))
                for line in map(self.answer, paths):
                    line.told = step.told
                    (section.folded if self._stands(line) else section.lines).append(line)
                made.append(section)
        return made

    def _stands(self, line: Line) -> bool:
        """Whether a line stands as it is on record and nobody said anything of it."""
        said = line.marks or line.change or line.corrections
        return self.operation.partial and line.was is None and not said

    def password(self) -> PasswordLine | None:
        """The line on the filing password; its value says what is known of it, never what it is."""
        known = knowing.password(self.filing, self.operation)
        if known is None:
            return None
        return PasswordLine(**vars(self.line(knowing.PASSWORD, knowing.PASSWORD_LABEL)), known=known)

    def _told(self, path: str) -> bool:
        """Whether an answer has a line: nobody was asked for the legal representative of a person."""
        if type_path(path) not in presence.REPRESENTATIVE or self.answers.get(path) or path in self.changes:
            return True
        context = judge.context_for(self.operation, self.answers, path)
        return path in self.marks or presence.asked(type_path(path), context)

    def answer(self, path: str) -> Line:
        """The line of an answer."""
        _, _, spec = self.operation.fields[type_path(path)]
        made = self.line(path, spec.label.text)
        made.value, made.hidden = self.teller.say(path), self.teller.hidden(path)
        made.personal = self.teller.personal(path)
        if self.operation.partial and self.answers.changed(path):
            made.was = self.record_teller.say(path)
        made.code = spec.kind in ("code", "addresses", "date", "validity")
        made.where = spec.where
        made.checked = checked_for(path) if made.value else ""
        made.explanation = self.answers.explanations.get(path, "")
        explained = f"{path}.explanation"
        if explained in self.changes:
            self.used.add(explained)
            made.explained_anew = True
        return made

    def papers(self) -> list[PaperLine]:
        """The slots of this revision with their papers."""
        made = []
        for slot in self.operation.papers(self.answers, self.teller.words):
            line = PaperLine(**vars(self.line(slot.path, slot.label)))
            paper_id = self.revision.papers.get(slot.path)
            line.paper = documents.get(paper_id) if paper_id else None
            line.old = None
            line.explanation = self.answers.explanations.get(slot.path, "")
            if f"{slot.path}.explanation" in self.changes:
                self.used.add(f"{slot.path}.explanation")
                line.explained_anew = True
            if line.paper:
                line.corrections = [*line.corrections, *line.paper.corrections]
                line.origin = carrying.origins([line.paper]).get(line.paper.id, "")
            if line.paper or line.marks or line.change:
                made.append(line)
        return made

    def lost(self) -> list[Line]:
        """Marks and changes whose field, row or paper is gone from this revision; a gone row is told once."""
        gone: list[Line] = []
        for path in [*self.marks, *self.changes]:
            row = self._gone_row(path) if path not in self.marks else ""
            if path in self.used or row in self.used:
                continue
            made = self.line(row or path, N_("网站") if row else self.operation.label_of(path))
            if row:
                made.change, made.old = self.changes[path].kind, self.old_answers.text(f"{row}.name")
            gone.append(made)
        return gone

    def _gone_row(self, path: str) -> str:
        """The row a path lay in, when the host has removed it."""
        row = row_of(path)
        return f"website[{row}]" if row and row not in self.answers.rows("website") else ""
