"""What the bureau says in a task, as pairs of name and value for the desk, the host and letters to him."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from icp import vocabulary
from icp.i18n import language, tr
from icp.rules.addresses_ip import to_text
from icp.rules.domains import unicode
from icp.tasks.kinds import DETAILS, KINDS, Kind
from icp.tasks.models import Task, TaskEvent
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

BETWEEN = N_("、")
SAID: tuple[tuple[str, str, str], ...] = (
    ("text", N_("通知内容"), ""),
    ("reason", N_("错误原因"), ""),
    ("number", N_("备案号"), ""),
    ("name", N_("主办者名称"), ""),
    ("document_type", N_("证件类型"), "document_types"),
    ("document_number", N_("证件号码"), ""),
    ("domain", N_("域名"), "domain"),
    ("home_url", N_("首页地址"), ""),
    ("address", N_("IP 地址"), "address"),
    ("detected", N_("最近一次发现"), ""),
    ("first_detected", N_("首次发现"), ""),
    ("detections", N_("发现次数"), ""),
    ("checked", N_("核查时间"), ""),
    ("province", N_("省份"), "region"),
    ("languages", N_("网站语言"), "languages"),
    ("provider", N_("接入单位"), "reporting_units"),
    ("carrier", N_("运营商"), "reporting_units"),
    ("reported_by", N_("报备单位"), "reporting_units"),
    ("access_id", N_("接入的管局编号"), ""),
    ("website_id", N_("网站的管局编号"), ""),
    ("bureau_id", N_("管局编号"), ""),
    ("remark", N_("备注"), ""),
)
"""Key of the content, what people call it, and how its value is said: a code table, or one of the ways below."""


def title(task: Task) -> str:
    """Kind and which of its kind, in the reader's language."""
    name = tr(KINDS[Kind(task.kind)].label)
    return f"{name} · {tr(DETAILS[task.detail])}" if task.detail in DETAILS else name


FOR_HOST = frozenset({"text", "reason", "number", "domain", "home_url", "address", "checked", "remark"})
"""What a host is told: no ids, and no personal data in a letter."""


def said(task: Task, only: Collection[str] | None = None) -> list[tuple[str, str]]:
    """What the bureau says, of tasks that aren't whole filings; what it leaves out isn't listed.

    Args:
        task: the task.
        only: keys of ``SAID`` to tell; all of them when None.
    """
    content = task.content if isinstance(task.content, dict) else {}
    words = vocabulary.current()
    found = ((tr(name), _value(content.get(key), how, words)) for key, name, how in SAID if only is None or key in only)
    return [(name, value) for name, value in found if value]


VERDICT = N_("{verdict}：{words}")


def note_of(event: TaskEvent) -> str:
    """The note of a step in the reader's language.

    What somebody typed stands as it is. A verdict goes with it as ``{"verdict", "words"}`` (a marked text) or
    ``{"table", "code", "words"}``, and is said when it is read.
    """
    note: Any = event.note
    if not isinstance(note, dict):
        return note or ""
    coded = "table" in note
    verdict = vocabulary.current().label(note["table"], note["code"], language()) if coded else tr(note["verdict"])
    return tr(Message(VERDICT, verdict=verdict, words=note["words"]))


def differences(task: Task) -> list[dict[str, Any]]:
    """Of a task to correct what is out of date: type path, number of the website, what was said, what is on record."""
    content = task.content if isinstance(task.content, dict) else {}
    found: list[dict[str, Any]] = content.get("differences", [])
    return found


def _value(value: Any, how: str, words: Vocabulary) -> str:
    if value in (None, "", []):
        return ""
    if how == "address":
        return to_text(value, value) if isinstance(value, int) and 0 <= value < 2**32 else str(value)
    if how == "domain":
        shown = unicode(value)
        return value if shown == value else f"{shown} ({value})"
    if how == "region":
        return words.regions.full_name(value) or words.label("provinces", value, language())
    if how == "reporting_units":
        name = words.label(how, str(value), language())
        return name if name == str(value) else f"{name} ({value})"
    if isinstance(value, list):
        return tr(BETWEEN).join(words.label(how, one, language()) for one in value)
    return words.label(how, str(value), language()) if how else str(value)
