"""Words of the desk: what a machine can check of a field, ids and numerals of its sections."""

from __future__ import annotations

import re

from icp.bureau.settling import HOW
from icp.filings import ended
from icp.filings.notice import GIVEN
from icp.filings.paths import type_path
from icp.filings.sms_check import GIVEN_UP
from icp.i18n import language, tr
from icp.vocabulary.text import N_, Message

CHECKED: dict[str, str] = {
    "subject.organisation_type": N_("代码"),
    "subject.document_type": N_("与性质相符"),
    "subject.document_number": N_("校验位"),
    "subject.name": N_("用字"),
    "subject.document_valid_to": N_("有效期"),
    "subject.region_code": N_("区划"),
    "subject.document_address": N_("与区域相符"),
    "subject.mailing_address": N_("写到门牌"),
    "subject.legal_representative.document_number": N_("校验位"),
    "principal.document_type": N_("个人证件"),
    "principal.document_number": N_("校验位"),
    "principal.document_valid_to": N_("有效期"),
    "principal.mobile": N_("号段"),
    "principal.landline": N_("区号"),
    "principal.emergency_phone": N_("与手机不同"),
    "principal.email": N_("格式"),
    "website.name": N_("命名规则"),
    "website.domain": N_("可备案的域名"),
    "website.home_url": N_("在域名下"),
    "website.service_content": N_("与性质相符"),
    "website.pre_approvals": N_("关键词"),
    "website.pre_approvals.valid_to": N_("有效期"),
    "website.access.ip_addresses": N_("公网地址"),
}
"""Type path (without the owner of a principal) → what the machine has checked when it complains of nothing."""

NUMERALS = "一二三四五六七八九十"


def checked_for(path: str) -> str:
    """What the machine checks of a field, '' for what only a person can judge (marked text)."""
    kind = type_path(path)
    return CHECKED.get(kind) or CHECKED.get(kind.removeprefix("subject.").removeprefix("website."), "")


def anchor(path: str) -> str:
    """The id of the element that shows a path."""
    return "f-" + re.sub(r"[^a-z0-9_]+", "-", path).strip("-")


def numeral(n: int) -> str:
    """The n-th section's numeral in the reader's language, from 1."""
    return NUMERALS[n - 1] if n <= len(NUMERALS) and language() != "en" else str(n)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template)))


ENDED = (ended.SUBJECT, ended.WEBSITE, ended.ACCESS, ended.FILING)
OURS = {template: _pattern(template) for template in (GIVEN, GIVEN_UP, HOW, *ENDED)}
"""Sentences of our own in the notes of a filing's history, which hold Chinese as it was written."""


def note_told(note: str) -> str:
    """A note of a filing's history with our own sentences in the reader's language; people's words stay as they are."""
    for template, pattern in OURS.items():
        note = pattern.sub(lambda found, template=template: _told(template, found.groupdict()), note)  # type: ignore[misc]
    return note


def _told(template: str, values: dict[str, str]) -> str:
    """One sentence of ours; what it quotes may be ours too."""
    return tr(Message(template, **{name: tr(note_told(value)) for name, value in values.items()}))
