"""What may be set of a province's rules: the fields in words, reading a form, and what a change changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from icp.vocabulary.provinces import OUTSIDE_INDIVIDUALS, SUBJECT_PRINCIPAL
from icp.vocabulary.tables import Row
from icp.vocabulary.text import N_, Message

YES, NO = "yes", "no"
ANSWERS = {YES: N_("是"), NO: N_("否")}
NOT_A_NUMBER = N_("写 {low} 到 {high} 之间的整数。")
NOT_A_DAY = N_("写成 2026-11-24 这样的日期，不晚于今天。")
NOT_A_CHOICE = N_("请选一项。")


@dataclass(frozen=True)
class Setting:
    """One column of the table: its label (marked text), and the words or the numbers it may hold."""

    name: str
    label: str
    words: Mapping[str, str] | None = None
    low: int = 0
    high: int = 0


def _flag(name: str, label: str) -> Setting:
    return Setting(name, label, ANSWERS)


WHO = dict(zip(SUBJECT_PRINCIPAL, (N_("不限"), N_("法定代表人，或有授权书的人"), N_("只能是法定代表人")), strict=True))
OUTSIDERS = dict(zip(OUTSIDE_INDIVIDUALS, (N_("可以"), N_("要有居住证"), N_("不可以")), strict=True))
SETTINGS: tuple[Setting, ...] = (
    Setting("subject_principal", N_("谁可以做主体负责人"), WHO),
    _flag("website_principal_letter", N_("网站负责人不是法定代表人的，要授权书")),
    _flag("one_principal_unless_legal_representative", N_("主体负责人不是法定代表人的，两个负责人要是同一人")),
    Setting("outside_individuals", N_("外地身份证的个人"), OUTSIDERS),
    _flag("addresses_in_same_city", N_("通信地址和证件住所要在同一城市")),
    Setting("minimum_age", N_("负责人最小年龄"), low=0, high=100),
    Setting("websites_per_filing", N_("一次最多几个网站（0 不限）"), low=0, high=999),
    Setting("websites_per_organisation", N_("一个单位最多几个网站（0 不限）"), low=0, high=9999),
    Setting("websites_per_individual", N_("一个人最多几个网站（0 不限）"), low=0, high=999),
    Setting("construction_plan_from", N_("从第几个网站起要建设方案书（0 不要）"), low=0, high=999),
    _flag("commitment_letter", N_("要签字的承诺书")),
    _flag("local_mobile", N_("手机号码应是本省的")),
    _flag("mobile_as_landline", N_("办公电话可以填手机号码")),
    _flag("landline_differs_from_mobile", N_("填手机号码的，要和负责人的手机不同")),
    _flag("landline_mobile_needs_remark", N_("填手机号码的，备注里要写明是谁的")),
    _flag("emergency_phone", N_("要应急联系电话")),
    _flag("emergency_phones_differ", N_("两个负责人的应急电话要不同")),
    _flag("mainland_principal", N_("境外法定代表人要委托内地身份证持有人")),
    _flag("shell_subject_may_add", N_("没有网站的空壳主体可以新增网站")),
    Setting("review_working_days", N_("管局审核的工作日"), low=1, high=60),
)
CHECKED_ON = N_("规则核对于")
ASKED = {"sms_check": N_("要短信核验：{operation}"), "password": N_("要备案密码：{operation}")}
"""Per operation: whether the ministry's SMS check follows, and whether the filing password is asked."""


def read(
    form: Callable[[str], str], province: str, operations: Collection[str], passwords: Collection[str], today: dt.date
) -> tuple[dict[str, str], dict[str, str]]:
    """A row from what was posted, and what is wrong, by field (marked texts).

    Args:
        form: name of a control → what was posted, '' for nothing.
        province: six-digit code.
        operations: codes of all operations.
        passwords: codes of those that may ask for the password.
        today: the day in China.
    """
    row, wrong = {"province": province}, {}
    for setting in SETTINGS:
        text = row[setting.name] = form(setting.name).strip()
        if setting.words is not None and text not in setting.words:
            wrong[setting.name] = NOT_A_CHOICE
        elif setting.words is None and not (text.isdecimal() and setting.low <= int(text) <= setting.high):
            wrong[setting.name] = Message(NOT_A_NUMBER, low=setting.low, high=setting.high)
        elif setting.words is None:
            row[setting.name] = str(int(text))
    row["sms_check"] = " ".join(code for code in operations if form(f"sms_check.{code}"))
    row["password_waived"] = " ".join(code for code in passwords if not form(f"password.{code}"))
    row["checked_on"] = form("checked_on").strip()
    try:
        if dt.date.fromisoformat(row["checked_on"]) > today:
            wrong["checked_on"] = NOT_A_DAY
    except ValueError:
        wrong["checked_on"] = NOT_A_DAY
    return row, wrong


def put(rows: Sequence[Row], row: Row) -> list[Row]:
    """The table with one province's row replaced, or added at its place."""
    others = [other for other in rows if other["province"] != row["province"]]
    return sorted([*others, row], key=lambda other: other["province"])


@dataclass(frozen=True)
class Difference:
    """One setting that changed: its label, and both values in words (marked texts)."""

    label: str
    before: str
    after: str


def differences(before: Row, after: Row, names: Mapping[str, str]) -> list[Difference]:
    """What differs between two rows of a province.

    Args:
        before, after: the rows; an empty one for a province without.
        names: code of an operation → its name (marked text).
    """
    found = []
    for setting in SETTINGS:
        old, new = before.get(setting.name, ""), after.get(setting.name, "")
        if old != new:
            words = setting.words or {}
            found.append(Difference(setting.label, words.get(old, old), words.get(new, new)))
    for column, kind, flipped in (("sms_check", "sms_check", False), ("password_waived", "password", True)):
        old_codes, new_codes = (set(row.get(column, "").split()) for row in (before, after))
        for code in (code for code in names if (code in old_codes) != (code in new_codes)):
            label = Message(ASKED[kind], operation=Message(names[code]))
            told = [ANSWERS[YES if (code in codes) != flipped else NO] for codes in (old_codes, new_codes)]
            found.append(Difference(label, *told))
    if before.get("checked_on") != after.get("checked_on"):
        found.append(Difference(CHECKED_ON, before.get("checked_on", ""), after.get("checked_on", "")))
    return found
