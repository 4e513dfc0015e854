"""Reading everything back before it is submitted, and submitting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from icp import documents, vocabulary
from icp.accounts.guards import fills, fills_or_link
from icp.documents import Paper
from icp.drawing.controls import id_of
from icp.drawing.sheet import labelled
from icp.drawing.teller import Teller
from icp.filings import behalf, judge, outcome, verbs, wording
from icp.filings.answers import Answers
from icp.filings.drafts import Buffer
from icp.filings.paths import in_row, type_path
from icp.host import bp, lapsed, on_behalf, progress, stages, switching, writing
from icp.host.here import Here, here
from icp.host.slots import about
from icp.i18n import tr
from icp.register import reading
from icp.register.models import Website
from icp.rules.correction import Correction
from icp.rules.domains import unicode
from icp.rules.filing_numbers import parse
from icp.vocabulary.text import N_, Message

SUBMITTED = N_("已提交，我们收到了。有结果会写信告诉您。")
SUBMITTED_BY_STAFF = N_("已提交，正在排队初审。")
UNCONFIRMED = N_("主办者还没有确认现在的内容，确认后才能提交。")


@dataclass(frozen=True)
class Fact:
    """One answer read back: its name, what it says, where it is changed, what is said of it, the host's words on it,
    and what is on record where that differs."""

    path: str
    label: str
    text: str
    code: bool
    href: str
    corrections: list[Correction]
    explanation: str
    was: str = ""


@dataclass(frozen=True)
class Chapter:
    """One section read back; ``href`` is '' where it only tells what is on record."""

    title: str
    href: str
    facts: list[Fact]


@dataclass
class Gap:
    """What one section still lacks.

    Attributes:
        title: the section.
        papers: whether it is the section of papers.
        wrong: label, address and words of each answer to mend.
        missing: label and address of each answer or paper that isn't there.
    """

    title: str
    papers: bool
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)


@bp.get("/filings/<number>/check")
@fills_or_link
def check(number: str) -> Any:
    """Check your answers."""
    found = here(number)
    if not found.editable:
        return redirect(url_for("host.filing", number=number))
    return _page(found)


@bp.post("/filings/<number>/submit")
@fills
def submit(number: str) -> Any:
    """Submit: freeze what was read back and hand it to the provider; a second press shows what became of the first."""
    found = here(number)
    if not found.editable:
        return redirect(url_for("host.filing", number=number), 303)
    if request.form.get("declare") != "yes":
        return _page(found, tr(N_("请先在声明前打勾，再提交。"))), 422
    if not _confirmed(found):
        return _page(found, mistyped=tr(N_("输入的备案号不对，请照上面的号码原样输入。"))), 422
    try:
        writing.submit(found)
    except verbs.NotReady:
        return _page(here(number)), 422
    except verbs.Unanswered:
        return redirect(url_for("host.mend", number=number), 303)
    except behalf.NotConfirmed:
        return _page(here(number), tr(UNCONFIRMED)), 422
    flash(tr(SUBMITTED_BY_STAFF if found.by_staff else SUBMITTED), "good")
    return redirect(url_for("host.filing", number=number), 303)


def to_confirm(found: Here) -> str:
    """The number that has to be typed before submission, '' for none."""
    kind = found.operation.confirm
    answers = found.buffer.answers
    rows = answers.rows("website")
    return answers.text(in_row(kind, "website", rows[0]) if rows else kind) if kind else ""


def _going(found: Here, buffer: Buffer) -> list[tuple[Website, str, bool]]:
    """The websites that go with their subject, as far as they are on record here: each with its domains, and whether
    it has access here."""
    if found.operation.register_effect != "remove_subject":
        return []
    return [
        (website, " ".join(unicode(domain.name) for domain in website.domains), reading.ours(website))
        for website in outcome.going(found.filing, buffer.answers)
    ]


def _confirmed(found: Here) -> bool:
    wanted, typed = to_confirm(found), request.form.get("confirm", "")
    return not wanted or str(parse(typed) or typed.strip()) == str(parse(wanted) or wanted)


def _page(found: Here, complaint: str = "", mistyped: str = "") -> str:
    buffer = found.buffer
    seen = progress.of(found, buffer)
    said: dict[str, list[Correction]] = {}
    for correction in [*seen.blocking, *seen.asking]:
        said.setdefault(correction.path, []).append(correction)
    html: str = render_template(
        "host/check.html",
        found=found,
        progress=seen,
        chapters=chapters(found, buffer, said),
        papers=papers(found, buffer, said),
        blocking=len(seen.blocking),
        gaps=gaps(found, buffer, seen.blocking),
        offers=switching.offers(found, seen.blocking),
        gone=lapsed.notice(found),
        asking=len(seen.asking),
        explained=len(buffer.answers.explanations),
        complaint=complaint,
        confirm=to_confirm(found),
        going=_going(found, buffer),
        besides=wording.of(found.filing).besides,
        mistyped=mistyped,
        typed=request.form.get("confirm", ""),
        declared=bool(mistyped),  # he had ticked it, and only the number is to be typed again
        queued_behind=next((c for c in verbs.whole(found.filing) if c.code == "R089"), None),
        stages=stages.stages(found.filing, buffer.answers),
        saved=max(buffer.saved.values(), default=""),
        behalf=on_behalf.margin(found),
    )
    return html


def chapters(found: Here, buffer: Buffer, said: dict[str, list[Correction]]) -> list[Chapter]:
    """Every section with its answers in words."""
    answers = buffer.answers
    teller = Teller(found.operation, answers)
    out = []
    for step in found.operation.steps:
        all_rows = answers.rows(step.repeat) if step.repeat else [""]
        for row in all_rows if step.parts else []:
            address = url_for("host.step", number=found.filing.number, name=step.name, row=row or None)
            href = "" if step.told else address
            paths = found.operation.paths_of(answers, step, row)
            facts = [
                _fact(found, path, teller, buffer, said, href)
                for path in paths
                if answers.get(path) or path in said  # optional answers left empty are passed over
            ]
            if facts or (paths and not step.told):
                title = progress.title_of(step, row, answers)
                out.append(Chapter(title, href, facts))
    return out


def _fact(found: Here, path: str, teller: Teller, buffer: Buffer, said: dict[str, list[Correction]], href: str) -> Fact:
    spec = found.operation.fields[type_path(path)][2]
    return Fact(
        path,
        tr(spec.label.text),
        teller.say(path),
        spec.kind in ("code", "addresses", "date"),
        "" if not href or found.operation.is_fixed(path, buffer.answers) else f"{href}#{id_of(path)}",
        [c for c in said.get(path, []) if not c.code.startswith("required")],  # an empty line says it already
        buffer.answers.explanations.get(path, ""),
        _was(found, path, buffer.answers),
    )


def _was(found: Here, path: str, answers: Answers) -> str:
    if not found.operation.partial or not answers.changed(path):
        return ""
    record = judge.written_out(Answers(dict(answers.record), dict(answers.groups)))
    before = Teller(found.operation, record).say(path)
    return before or tr(N_("没有登记"))


def papers(
    found: Here, buffer: Buffer, said: dict[str, list[Correction]]
) -> list[tuple[str, Paper | None, list[Correction]]]:
    """Label, paper and corrections of each slot."""
    there = documents.current(found.filing.id)
    slots = found.operation.papers(buffer.answers, vocabulary.current())
    return [
        (
            tr(slot.label) + _which(slot.path, buffer),
            there.get(slot.path),
            [] if slot.path not in there else said.get(slot.path, []),
        )
        for slot in slots
        if slot.required or slot.path in there
    ]


def gaps(found: Here, buffer: Buffer, blocking: list[Correction]) -> list[Gap]:
    """What stands in the way of submitting, by section; what isn't there at all is gathered, as there may be much."""
    by_section = {
        (step.name, row): Gap(progress.title_of(step, row, buffer.answers), step.name == "papers")
        for step, row in progress.way(found, buffer.answers)
    }
    for label, correction in labelled(blocking, found.operation):
        name, row = progress.place_of(found.operation, correction.path)
        if (name, row) not in by_section:  # said of all rows together, or of the filing as a whole
            name, row = next((place for place in by_section if place[0] == name), ("check", ""))
        gap = by_section[name, row]
        href = _where(found, correction.path)
        if correction.code == "paper.missing":
            gap.missing.append((label + _which(correction.path, buffer), href))
        elif correction.code.startswith("required"):
            gap.missing.append((label, href))
        else:
            gap.wrong.append((label, href, tr(correction.message)))
    return [gap for gap in by_section.values() if gap.wrong or gap.missing]


def _which(path: str, buffer: Buffer) -> str:
    """Which website a paper belongs to, where there are several."""
    known = about(path, buffer.answers)
    return tr(Message(N_("（{known}）"), known=known)) if known else ""


def _where(found: Here, path: str) -> str:
    """The address where a correction is mended."""
    name, row = progress.place_of(found.operation, path)
    number = found.filing.number
    if not found.operation.step(name).parts:
        return url_for(f"host.{name}", number=number)
    return url_for("host.step", number=number, name=name, row=row or None, _anchor=id_of(path))
