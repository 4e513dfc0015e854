"""Answering the bureau: what was verified (HSJG), what became of an unfiled site (WBACLJG)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, request
from flask_babel import gettext
from flask_login import current_user

from icp import vocabulary
from icp.reviewer import bp, task_forms, tasks, verifying
from icp.reviewer.desk import REVIEWS
from icp.reviewer.task_forms import Form
from icp.tasks import answers, verbs
from icp.tasks.answers import ApprovalScan, UnfiledAnswer, VerifyAnswer
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from icp.vocabulary.text import N_

MISSING = N_("还没有填写。")
NO_VERDICT = N_("请选核实结果。")
ERRORS_MISSING = N_("不通过的，要写清楚哪里不对。")
PASSED, FAILED = N_("通过"), N_("不通过")
UNFILED = ("code", "opinion", "carrier", "provider", "province", "entered_on", "due_on", "reporter_phone", "address")


@bp.post("/desk/tasks/<number>/unfiled")
@REVIEWS
@tasks.does
def answer_unfiled(task: Task) -> Any:
    """Answer what became of an unfiled site."""
    if task.kind != Kind.UNFILED_SITE:
        raise verbs.NotPossible(task.kind)
    form = Form(
        {
            **task_forms.unfiled_values(task),
            **{name: tasks.typed(name, 255) for name in UNFILED if name in request.form},
        }
    )
    for name in ("code", "opinion", "carrier", "entered_on", "due_on"):
        if not form.values[name]:
            form.refuse(name, MISSING)
    if form.values["code"] and not vocabulary.current().has("unfiled_results", form.values["code"]):
        form.refuse("code", MISSING)
    answer = _unfiled(task, form.values)
    if not form.wrong:
        form.take(task_forms.refused_by_schema(task, answer))
    if form.wrong:
        return tasks.page(task, **task_forms.unfiled_page(form)), 422
    said = {"table": "unfiled_results", "code": answer.code, "words": answer.opinion}
    verbs.answer(task, current_user.id, answers.plain(answer), said)
    flash(gettext("已答复，马上报给管局。"), "good")
    return None


def _unfiled(task: Task, values: Mapping[str, str]) -> UnfiledAnswer:
    return UnfiledAnswer(
        domain=str(task.content.get("domain") or task.domain),
        address=_number(values["address"]),
        carrier=_number(values["carrier"]),
        provider=_number(values["provider"]),
        province=values["province"],
        code=values["code"],
        opinion=values["opinion"],
        entered_on=values["entered_on"],
        due_on=values["due_on"],
        reporter_name=current_user.name,
        reporter_phone=values["reporter_phone"],
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@bp.post("/desk/tasks/<number>/verify")
@REVIEWS
@tasks.does
def answer_verification(task: Task) -> Any:
    """Answer a verification task: the verdict, and each value as verified."""
    if task.kind != Kind.VERIFY:
        raise verbs.NotPossible(task.kind)
    said = task_forms.filing_of(task)
    names = [*verifying.values(said), *task_forms.verdict()]
    posted = {name: tasks.typed(name, 4000) for name in names if name in request.form}
    form = Form(
        {**{name: line.value for name, line in verifying.values(said).items()}, **task_forms.verdict(), **posted}
    )
    record, unreadable = verifying.verified(said, posted)
    form.take(unreadable)
    passed = form.values["passed"] == "yes"
    if form.values["passed"] not in ("yes", "no"):
        form.refuse("passed", NO_VERDICT)
    for name in ("opinion", "verifier", "verified_on"):
        if not form.values[name]:
            form.refuse(name, MISSING)
    if form.values["passed"] == "no" and not form.values["errors"]:
        form.refuse("errors", ERRORS_MISSING)
    answer = VerifyAnswer(
        passed=passed,
        verifier=form.values["verifier"],
        verified_on=form.values["verified_on"],
        opinion=form.values["opinion"],
        errors=form.values["errors"],
        filing=record,
        scans=tuple(ApprovalScan(**scan) for scan in task.content.get("scans", ())),
    )
    if not form.wrong:
        form.take(task_forms.refused_by_schema(task, answer))
    if form.wrong:
        return tasks.page(task, **task_forms.verify_page(task, form)), 422
    verdict = {"verdict": PASSED if passed else FAILED, "words": answer.opinion}
    verbs.answer(task, current_user.id, answers.plain(answer), verdict)
    flash(gettext("已答复，马上报给管局。"), "good")
    return None
