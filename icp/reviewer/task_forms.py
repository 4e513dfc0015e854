"""The forms with which the desk answers the bureau: what they show, and what is wrong with what was typed.

An answer is built as the message it becomes before it is kept, so that what the bureau's schema refuses is said here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_login import current_user

from icp import vocabulary
from icp.bureau.messages import TASK_BUILDERS, TaskReport
from icp.bureau.messages.build import MessageRefused
from icp.extensions import db
from icp.filings import states
from icp.register.models import Subject
from icp.register.reading import as_record
from icp.register.records import SubjectRecord, subject_from_plain
from icp.reviewer import verifying
from icp.rules.correction import Correction, Severity, Source
from icp.tasks import answers
from icp.tasks.answers import Answer
from icp.tasks.kinds import KINDS, Kind
from icp.tasks.models import Task


@dataclass
class Form:
    """What an answer's form shows: values by control, and what is wrong by control ('' for the answer as a whole)."""

    values: dict[str, str]
    wrong: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, name: str, message: str, remedy: str = "") -> None:
        """Say what is wrong at a control."""
        self.take([Correction(name, "answer", Severity.ERROR, message, remedy, source=Source.WHOLE)])

    def take(self, corrections: list[Correction]) -> None:
        """Take corrections to their controls."""
        for correction in corrections:
            self.wrong[correction.path if correction.path in self.values else ""].append(correction)


def refused_by_schema(task: Task, answer: Answer) -> list[Correction]:
    """What keeps the answer from becoming a message."""
    settings = current_app.extensions["settings"]
    try:
        TASK_BUILDERS[KINDS[Kind(task.kind)].upload](TaskReport(answer, settings.bureau_isp_id, vocabulary.current()))
    except MessageRefused as refused:
        return refused.corrections
    return []


def more(task: Task) -> dict[str, Any]:
    """What the page of a task shows besides, by its kind."""
    if task.kind == Kind.VERIFY:
        return verify_page(task)
    if task.kind == Kind.UNFILED_SITE:
        return unfiled_page(Form(unfiled_values(task)))
    return {}


def unfiled_values(task: Task) -> dict[str, str]:
    """What the form about an unfiled site begins with."""
    said, settings = task.content, current_app.extensions["settings"]
    opened = task.opened_at.astimezone(states.CHINA).date()
    province = str(said.get("province") or settings.provider_province)
    return {
        "code": "",
        "opinion": "",
        "carrier": str(said.get("carrier") or ""),
        "provider": str(said.get("provider") or settings.bureau_isp_id),
        "province": f"{province}0000" if len(province) == 2 else province,
        "entered_on": (said.get("first_detected") or said.get("detected") or opened.isoformat())[:10],
        "due_on": (task.due_on or states.today()).isoformat(),
        "reporter_phone": settings.provider_phone,
        "address": str(said.get("address") or ""),
    }


def unfiled_page(form: Form) -> dict[str, Any]:
    """What the page of an unfiled site shows."""
    return {"unfiled": form, "codes": vocabulary.current().options("unfiled_results")}


def filing_of(task: Task) -> SubjectRecord:
    """The filing a verification task names."""
    return subject_from_plain(task.content["filing"])


def verify_page(task: Task, form: Form | None = None) -> dict[str, Any]:
    """What the page of a verification task shows."""
    said = filing_of(task)
    subject = db.session.get(Subject, task.subject_id) if task.subject_id else None
    known = verifying.beside(said, as_record(subject) if subject else None)
    lines = verifying.values(said)
    if form is None:
        form = Form({name: line.value for name, line in lines.items()} | verdict())
    return {
        "verify": verifying.parts(said),
        "on_record": verifying.values(known) if known is not None else {},
        "form": form,
        "opinions": vocabulary.current().options("verification_opinions"),
        "answered": answers.read(task.kind, task.result) if task.result else None,
    }


def verdict() -> dict[str, str]:
    """What the form of a verdict begins with."""
    return {
        "passed": "",
        "opinion": "",
        "errors": "",
        "verifier": current_user.name,
        "verified_on": states.today().isoformat(),
    }
