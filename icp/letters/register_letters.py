"""Letters about what is on record, to every host account the subject belongs to, in the language in force."""

from __future__ import annotations

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _

from icp.extensions import db
from icp.letters.letter import Letter, Payload, path_of
from icp.register.models import Subject
from icp.tasks import words
from icp.tasks.models import Task


def subject_of(about: Payload) -> Subject | None:
    """The subject a letter is about; None when there is none, and nobody to write to."""
    subject_id = about.get("subject_id")
    if "task_id" in about:
        task = db.session.get(Task, about["task_id"])
        subject_id = task.subject_id if task is not None else None
    return db.session.get(Subject, subject_id) if subject_id else None


def bureau_asks(subject: Subject, about: Payload) -> Letter:
    """The bureau found something about what is on record: its own words, ours, and until when."""
    task = db.session.get_one(Task, about["task_id"])
    name = task.name or subject.name
    paragraphs = [_("管局对您的备案（%(name)s）有事要办：%(what)s。", name=name, what=words.title(task))]
    if about.get("text"):
        paragraphs.append(about["text"])
    if task.due_on:
        paragraphs.append(_("请在%(day)s前处理好，并告诉我们。", day=format_date(task.due_on, "long")))
    return Letter(
        _("管局要求核对备案：%(name)s", name=name),
        tuple(paragraphs),
        facts=(*words.said(task, words.FOR_HOST), (_("主体备案号"), subject.number), (_("任务号"), task.number)),
        button=_("看要办什么"),
        path=path_of("host.tasks"),
        after=(_("信息已经变了的，请办理变更备案；没有变的，请告诉我们核对过了。逾期不处理，备案可能被注销。"),),
        sms=_("管局要求核对您的备案 %(number)s，请登录备案台查看。", number=subject.number),
    )


def cancelled(subject: Subject, about: Payload) -> Letter:
    """The bureau took something off the record without a filing of ours."""
    what = {
        "0": _("主体和它名下的网站"),
        "1": _("网站"),
        "2": _("网站在我们这里的接入"),
    }[about["kind"]]
    paragraphs = [
        _(
            "管局通知：%(name)s（%(number)s）的备案已注销——%(what)s。",
            name=about["name"],
            number=about["number"],
            what=what,
        )
    ]
    if about.get("remark"):
        paragraphs.append(_("管局的原话：“%(words)s”", words=about["remark"]))
    return Letter(
        _("备案已被注销：%(name)s", name=about["name"]),
        tuple(paragraphs),
        facts=((_("备案号"), about["number"]),),
        after=(
            _("没有备案的网站不能在中国内地开通，我们会停止接入。还要用的，请重新备案。"),
            _("您没有申请注销的，请打电话给我们：%(phone)s。", phone=current_app.extensions["settings"].provider_phone),
        ),
        sms=_("您的备案 %(number)s 已被管局注销，请登录备案台查看。", number=about["number"]),
    )
