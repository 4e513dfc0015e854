"""How far a draft is: the state of each section, and what is still missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from icp import documents, vocabulary
from icp.documents import Paper
from icp.filings import judge, passwords, verbs
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.operations import Operation, Step
from icp.filings.paths import row_of, type_path
from icp.host.here import Here
from icp.i18n import tr
from icp.rules.correction import Correction, Severity
from icp.vocabulary.text import N_, Message

STATES = {
    "done": N_("已完成"),
    "part": N_("填了一半"),
    "mend": N_("有 {count} 处要改"),
    "ask": N_("需确认 {count} 处"),
    "": N_("未开始"),
}
LACKS = N_("还差：{fields}")
BETWEEN, MORE = N_("、"), N_("……")
WHICH = N_("（{number}/{all}）")
NAMED = 3


@dataclass(frozen=True)
class Part:
    """One line of the task list.

    Attributes:
        step: the section.
        row: its row, '' when it isn't repeated.
        title: what it is called; which of several, where there are several.
        href: where it is written.
        kind: done, part, mend, ask or '' (nothing written yet).
        state: the same in words.
        about: a few words on what is there or missing.
    """

    step: Step
    row: str
    title: str
    href: str
    kind: str
    state: str
    about: str


@dataclass(frozen=True)
class Progress:
    """A draft's sections and everything that stands between it and submission."""

    parts: list[Part]
    blocking: list[Correction]
    asking: list[Correction]

    @property
    def next(self) -> Part | None:
        """Where to go on: the first section that isn't done."""
        return next((part for part in self.parts if part.kind in ("", "part", "mend")), None)

    @property
    def done(self) -> int:
        """How many sections need nothing more."""
        return sum(part.kind in ("done", "ask") for part in self.parts)


def of(found: Here, buffer: Buffer) -> Progress:
    """Judge the whole draft and sort what is found by section."""
    papers = documents.current(found.filing.id)
    operation, answers = found.operation, buffer.answers
    corrections = verbs.whole(found.filing)
    sorted_: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for correction in corrections:
        sorted_[place_of(operation, correction.path)].append(correction)
    parts = []
    for step, row in way(found, answers):
        if step.parts:
            parts.append(_part(found, buffer, step, row, sorted_[step.name, row]))
        elif step.name == "papers":
            parts.append(_papers(found, step, papers, sorted_["papers", ""]))
        elif step.name == "password":
            parts.append(_password(found, step))
    asking = [c for c in corrections if c.severity is Severity.WARNING and c.path not in answers.explanations]
    return Progress(parts, judge.blocking(corrections), asking)


def way(found: Here, answers: Answers) -> list[tuple[Step, str]]:
    """The sections a host goes through, each with its row, in order; what only tells, or asks nothing here, is left
    out. The last is the check."""
    operation = found.operation
    asking = operation.sections(answers)
    left_out = {
        "password": not passwords.needed(found.seen.province, operation),
        "papers": not operation.papers(answers, vocabulary.current()),
    }
    return [
        place
        for step in operation.steps
        for place in ([s for s in asking if s[0] is step] if step.parts else [(step, "")])
        if not left_out.get(step.name)
    ]


def place(found: Here, answers: Answers, step: Step) -> int:
    """Which of the sections a step is, from 0; rows of one step share its place."""
    names = list(dict.fromkeys(step.name for step, _ in way(found, answers)))
    return names.index(step.name) if step.name in names else 0


def place_of(operation: Operation, path: str) -> tuple[str, str]:
    """Name of the step and row a correction belongs to."""
    kind = type_path(path)
    if ".papers" in kind:
        return "papers", ""
    if kind == "filing":
        return "check", ""
    if kind == "filing_password":
        return "password", ""
    step = operation.fields[kind][0] if kind in operation.fields else _beginning_with(operation, kind)
    return (step.name, row_of(path, step.repeat) or "") if step.repeat else (step.name, "")


def _beginning_with(operation: Operation, kind: str) -> Step:
    """The step of a path that names a row or a group of fields."""
    asking = [step for step in operation.steps if step.parts and not step.told]
    steps = (step for path, (step, _, _) in operation.fields.items() if path.startswith(kind + ".") and not step.told)
    return next(steps, asking[0])


def _part(found: Here, buffer: Buffer, step: Step, row: str, corrections: list[Correction]) -> Part:
    operation, answers = found.operation, buffer.answers
    paths = operation.paths_of(answers, step, row)
    answered = [path for path in paths if answers.get(path)]
    missing = [c for c in corrections if c.severity is Severity.ERROR and c.code.startswith("required")]
    wrong = [c for c in corrections if c.severity is Severity.ERROR and c not in missing]
    asking = [c for c in corrections if c.severity is Severity.WARNING and c.path not in answers.explanations]
    kind = "" if not answered else "mend" if wrong else "part" if missing else "ask" if asking else "done"
    about = ""
    if kind in ("part", "mend"):
        about = _lacking([tr(operation.label_of(c.path)) for c in [*wrong, *missing]])
    elif answered:
        about = " · ".join(text for text in (answers.text(path) for path in _names(step, row)) if text)
    href = url_for("host.step", number=found.filing.number, name=step.name, row=row or None)
    return Part(step, row, title_of(step, row, answers), href, kind, say(kind, len(wrong) or len(asking)), about)


def title_of(step: Step, row: str, answers: Answers) -> str:
    """What a section is called: `网站信息`, or `网站信息（2/3）` where there are several."""
    return tr(step.title) + which(step, row, answers)


def which(step: Step, row: str, answers: Answers) -> str:
    """Which of several rows, '' where there is one: `（2/3）`."""
    rows = answers.rows(step.repeat) if step.repeat else []
    return tr(Message(WHICH, number=rows.index(row) + 1, all=len(rows))) if len(rows) > 1 else ""


def _names(step: Step, row: str) -> list[str]:
    """What a section is told apart by: a website by its name and domain, others by their own name."""
    if step.repeat:
        return [f"{step.repeat}[{row}].name", f"{step.repeat}[{row}].domain"]
    prefix = step.parts[0].form.prefix_path
    return [f"{prefix}.name"]


def _papers(found: Here, step: Step, papers: Mapping[str, Paper], corrections: list[Correction]) -> Part:
    missing = [c for c in corrections if c.severity is Severity.ERROR]
    said = found.buffer.answers.explanations
    noticed = [paper for path, paper in papers.items() if paper.remarks and path not in said]
    kind = ("part" if papers else "") if missing else "ask" if noticed else "done"  # none may be needed
    about = _lacking([tr(found.operation.label_of_paper(c.path)) for c in missing])
    href = url_for("host.papers", number=found.filing.number)
    return Part(step, "", tr(step.title), href, kind, say(kind, len(noticed)), about)


def _password(found: Here, step: Step) -> Part:
    row = passwords.standing(found.filing.id)
    kind = "" if row is None else "mend" if row.verdict == passwords.WRONG else "done"
    href = url_for("host.password", number=found.filing.number)
    return Part(step, "", tr(step.title), href, kind, say(kind, 1), "")


def _lacking(labels: list[str]) -> str:
    if not labels:
        return ""
    shown = tr(BETWEEN).join(labels[:NAMED]) + (tr(MORE) if len(labels) > NAMED else "")
    return tr(Message(LACKS, fields=shown))


def say(kind: str, count: int) -> str:
    """A section's state in words."""
    return tr(Message(STATES[kind], count=count) if kind in ("mend", "ask") else STATES[kind])
