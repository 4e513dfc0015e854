"""Names of people and organisations (R001, R010). Names of websites are in ``website_names``."""

from __future__ import annotations

import re
import unicodedata

from icp.rules.canonical import as_text, half_width_letters, is_han, one_line
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

DOT = "·"
_DOTS = "•・‧∙⋅●・．.。｡･"
_HAN_DOT_HAN = re.compile(
    f"(?<=[\u3400-\u9fff\U00020000-\U000323af〇])\\s*[{DOT}{_DOTS}]\\s*(?=[\u3400-\u9fff\U00020000-\U000323af〇])"
)
_HAN_SPACE_HAN = re.compile("(?<=[\u3400-\u9fff\U00020000-\U000323af〇]) +(?=[\u3400-\u9fff\U00020000-\U000323af〇])")
_TITLES = ("先生", "女士", "小姐", "经理", "老师", "主任")
_NOTHING = ("无", "没有", "暂无", "不详", "none", "n/a", "na", "同上")


def canonical_person(text: str) -> str:
    """A person's name in one form: `·` between the parts of a name, no spaces between Chinese characters."""
    name = half_width_letters(one_line(text))
    name = _HAN_DOT_HAN.sub(DOT, name)
    return _HAN_SPACE_HAN.sub("", name)


def person_name(path: str, value: Value, context: Context) -> Checked:
    """The name of a person as on the ID card; names of minorities with `·` and names in other scripts are right."""
    found = Findings(path)
    name = canonical_person(as_text(value))
    _judge_person(name, found)
    return found.checked(name)


def principal_name(path: str, value: Value, context: Context) -> Checked:
    """The name of a principal: of an individual the person itself; where asked for, the legal representative (R021)."""
    checked = person_name(path, value, context)
    if path != "subject.principal.name" or checked.refused:
        return checked
    found = Findings(path)
    name = str(checked.stored)
    subject = canonical_person(context.text("subject.name"))
    representative = canonical_person(context.text("subject.legal_representative.name"))
    if context.vocabulary.is_individual(context.text("subject.organisation_type").strip()):
        if subject and subject != name:
            found.error("principal.not_individual", subject)
    elif representative and representative != name:
        rules = context.vocabulary.province_rules(context.text("subject.region_code"))
        if rules.subject_principal == "legal_representative":
            found.warn("R021", representative)
    return Checked(name, (*checked.corrections, *found.corrections))


def _judge_person(name: str, found: Findings) -> None:
    wrong = "".join(dict.fromkeys(c for c in name if not _may_be_in_name(c)))
    if any(c.isdigit() for c in name):
        found.error("person_name.digits")
    elif wrong:
        found.error("person_name.characters", characters=wrong[:20])
    elif not any(unicodedata.category(c)[0] == "L" or c == "〇" for c in name):
        found.error("person_name.characters", characters=name[:20])
    elif len(name) < 2:
        found.warn("person_name.short")
    elif len(name) > 2 and name.endswith(_TITLES):
        found.warn("person_name.title", title=next(t for t in _TITLES if name.endswith(t)))


def _may_be_in_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in "·〇་ -'’.,()（）"


def subject_name(path: str, value: Value, context: Context) -> Checked:
    """The subject's name as on its document: brackets, spaces and `分公司` included (R001)."""
    if context.vocabulary.is_individual(context.text("subject.organisation_type").strip()):
        return person_name(path, value, context)
    found = Findings(path)
    name = one_line(as_text(value))
    if not any(c.isalpha() for c in name):
        found.error("subject_name.no_letters")
    elif len(name) < 4:
        found.warn("subject_name.short", length=len(name))
    elif "(" in name or ")" in name:
        found.warn("subject_name.brackets", name.replace("(", "（").replace(")", "）"))
    elif _HAN_SPACE_HAN.search(name):
        found.warn("subject_name.spaces", _HAN_SPACE_HAN.sub("", name))
    elif (name.count("（")) != name.count("）"):
        found.warn("subject_name.open_bracket")
    return found.checked(name)


def supervisor(path: str, value: Value, context: Context) -> Checked:
    """Investor or supervising body (R010): a real name; of an individual the own one."""
    found = Findings(path)
    name = one_line(as_text(value))
    subject = one_line(context.text("subject.name"))
    if name.lower() in _NOTHING or not any(c.isalpha() for c in name):
        found.error("R010")
        return found.checked(name)
    individual = context.vocabulary.is_individual(context.text("subject.organisation_type").strip())
    if individual and subject and canonical_person(name) != canonical_person(subject):
        found.warn("supervisor.not_self", subject)
    return found.checked(name)


def han_count(text: str) -> int:
    """How many Chinese characters (or letters of another script than Latin) a text has."""
    return sum(is_han(c) or c == "〇" or (unicodedata.category(c) in ("Lo", "Lm") and not c.isascii()) for c in text)
