"""Names of websites (§ 2.8, R038 to R045): refused only for what nobody may use, warned of for the rest."""

from __future__ import annotations

import re
import unicodedata

from icp.rules import domains
from icp.rules.canonical import as_text, half_width_letters, one_line, plain
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings
from icp.rules.names import canonical_person, han_count

NATIONAL = ("中国", "中华", "中央", "国家", "人民", "人大")
# Ordinary names that begin or go on with such a word: hospitals, courts, streets, notes of money.
ORDINARY = (
    "人民医院",
    "人民政府",
    "人民法院",
    "人民检察院",
    "人民公园",
    "人民广场",
    "人民路",
    "人民出版社",
    "人民剧院",
    "人民银行",
    "人民调解",
    "中华路",
    "中央公园",
    "中央空调",
    "国家级",
    "国家公园",
    "国家湿地公园",
    "国家森林公园",
    "中国城",
    "中华鲟",
)
AUTHORITY = ("反腐", "廉政", "纪检", "监察", "信访", "维权", "投诉")
INDECENT = ("赌博", "色情")
UNFIT_FOR_PERSONS = (
    "公司",
    "集团",
    "企业",
    "有限",
    "商城",
    "商店",
    "网店",
    "论坛",
    "社区",
    "博客",
    "贸易",
    "交易",
    "协会",
    "学校",
    "医院",
    "工作室",
    "俱乐部",
    "联盟",
    "招聘",
    "门户",
    "官网",
    "平台",
    "门诊",
    "银行",
)
APPROVAL_WORDS = (
    "新闻",
    "出版",
    "教育",
    "医疗",
    "药品",
    "医药",
    "论坛",
    "金融",
    "影视",
    "宗教",
    "视听",
    "网约车",
    "理财",
)
_HARMLESS = " ·་-—&()（）、.'’:：+"
LONGEST = 30
SHORTEST_HAN = 3
PUBLIC_BODIES = ("2", "3")
NAMES_A_RECORD = "new_access"
"""The operation in which a name only tells which website on record is meant; it was judged when that was filed."""


def website_name(path: str, value: Value, context: Context) -> Checked:
    """The name of a website."""
    found = Findings(path)
    name = half_width_letters(one_line(as_text(value)))
    if context.operation == NAMES_A_RECORD:
        return found.checked(name)
    if _is_domain(name):
        found.error("R040")
    elif not any(c.isalpha() for c in name):
        found.error("website_name.no_letters")
    elif name.isascii():
        found.error("R039")
    else:
        _judge(name, found, context)
    return found.checked(name)


def _is_domain(name: str) -> bool:
    if " " in name.strip() or "." not in plain(name):
        return False
    host = domains.ascii_form(domains.split_address(plain(name))[0])
    return bool(host and domains.registrable(host))


def _judge(name: str, found: Findings, context: Context) -> None:
    special = "".join(dict.fromkeys(c for c in name if not _ordinary(c) and c not in _HARMLESS))
    if special:
        found.error("website_name.special", _mended(name, special), characters=special[:20])
    elif harmless := "".join(dict.fromkeys(c for c in name if c in _HARMLESS)):
        shown = harmless.strip() or "空格"
        found.warn("website_name.signs", characters=shown)
    if han_count(name) < SHORTEST_HAN:
        found.error("R041", count=han_count(name))
    elif len(name) > LONGEST:
        found.warn("website_name.long", length=len(name), limit=LONGEST)
    _judge_words(name, found, context)
    if context.vocabulary.is_individual(context.text("subject.organisation_type").strip()):
        _judge_of_person(name, found, context)
    else:
        _judge_of_organisation(name, found, context)
    approvals = context.texts("website.pre_approvals")
    approved = bool(approvals) and approvals != ["none"]
    if (word := _first(name, APPROVAL_WORDS)) and not approved:
        found.warn("R045", word=word)


def _ordinary(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _mended(name: str, special: str) -> str | None:
    mended = one_line("".join(c for c in name if c not in special))
    return mended if han_count(mended) >= SHORTEST_HAN else None


def _first(name: str, words: tuple[str, ...]) -> str:
    return next((word for word in words if word in name), "")


def _judge_words(name: str, found: Findings, context: Context) -> None:
    kind = context.text("subject.organisation_type").strip()
    subject = one_line(context.text("subject.name"))
    if word := _first(name, INDECENT):
        (found.warn if kind in PUBLIC_BODIES else found.error)("R042", word=word)
    elif (word := _first(name, AUTHORITY)) and kind not in PUBLIC_BODIES:
        found.warn("website_name.authority", word=word)
    word = _first(name, NATIONAL)
    if not word or _first(name, ORDINARY):
        return
    if name.startswith(NATIONAL) and kind not in PUBLIC_BODIES and not subject.startswith(NATIONAL):
        found.error("R038", word=next(w for w in NATIONAL if name.startswith(w)))
    elif word not in subject:
        found.warn("website_name.national_word", word=word)


def _judge_of_person(name: str, found: Findings, context: Context) -> None:
    regions = context.vocabulary.regions
    own = canonical_person(context.text("subject.name"))
    if word := _first(name, UNFIT_FOR_PERSONS):
        found.warn("R044", word=word)
    elif len(own) > 1 and own in name:
        found.warn("website_name.personal_name")
    elif any(name.startswith(o.zh[:2]) for o in regions.children("")):
        found.warn("website_name.place")


def _judge_of_organisation(name: str, found: Findings, context: Context) -> None:
    """Warn when name and subject have no two characters in a row in common (R043)."""
    subject = re.sub(
        r"(股份|有限|责任|公司|集团|中心|科技|网络|信息|技术)", " ", one_line(context.text("subject.name"))
    )
    pairs = {subject[i : i + 2] for i in range(len(subject) - 1) if " " not in subject[i : i + 2]}
    if pairs and not any(pair in name for pair in pairs):
        found.warn("R043", subject=one_line(context.text("subject.name")))
