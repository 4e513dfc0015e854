"""A record as an officer reads it: sections of named facts, coded values in words, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from icp.bureau.codec.numbers import range_text
from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau.checks.attachments import decoded
from icp.vocabulary import Vocabulary

LABELS = {
    "Ztid": "主体主键",
    "Ztbah": "主体备案号",
    "Wzbah": "网站备案号",
    "Baxh": "备案号",
    "Dwmc": "主体名称",
    "Dwxz": "单位性质",
    "Tzr": "投资者或主管单位",
    "Shengid": "所在省",
    "Shiid": "所在市",
    "Xianid": "所在县",
    "Xxdz": "通信地址",
    "Zjlx": "证件类型",
    "Zjhm": "证件号码",
    "Zjzs": "证件住所",
    "Fzr_xm": "负责人",
    "Fzr_dhhm": "办公电话",
    "Fzr_sjhm": "手机号码",
    "Fzr_dzyj": "电子邮箱",
    "Fzr_zjlx": "负责人证件类型",
    "Fzr_zjhm": "负责人证件号码",
    "Msn": "MSN",
    "Qq": "QQ",
    "Bbfs": "报备方式",
    "Bz": "备注",
    "Wz_Bz": "备注",
    "IspZtid": "企业主体主键",
    "IspWzid": "企业网站主键",
    "IspYmid": "企业域名主键",
    "IspJrid": "企业接入主键",
    "Wzid": "网站主键",
    "Ymid": "域名主键",
    "Jrid": "接入主键",
    "Wzmc": "网站名称",
    "Nrlx_id": "前置或专项审批",
    "Qzsph": "审批号",
    "Fwnr_id": "服务内容",
    "Yylb_id": "语言类别",
    "Ym": "域名",
    "Fbdd": "服务器放置地",
    "Jrfs": "接入方式",
    "Syurl": "首页地址",
    "Zxlb": "注销类别",
    "Jlid": "记录主键",
    "Zxly": "注销理由",
    "Zxlybz": "注销说明",
    "Hsjg": "核实结果",
    "Hsrxm": "核实人",
    "Hssj": "核实日期",
    "Hsyj": "核实意见",
    "Cwxx": "错误信息",
    "Bbdw": "报备单位",
    "sjhm": "手机号码",
    "IspIpid": "企业 IP 主键",
    "Ipid": "IP 主键",
    "Ispid": "接入服务提供者",
    "Bbyhlx": "报备方式",
    "Scbbsj": "首次报备时间",
    "Zjxgsj": "最近修改时间",
    "Shsj": "审核时间",
    "IP": "IP 地址",
    "Yys": "运营商",
    "Jrs": "接入服务提供者",
    "Cljg": "处理结果",
    "Clyj": "处理意见",
    "Rbsj": "入报日期",
    "Clsx": "处理时限",
    "Sbrxm": "上报人",
    "Sbrdh": "上报人电话",
    "Sbrdzyj": "上报人电子邮箱",
    "Ssdxlx": "附件归属",
    "Fjwjgs": "文件格式",
    "Fjyt": "用途",
}
"""Element → its Chinese name."""

TABLES = {
    "Dwxz": "organisation_types",
    "Zjlx": "document_types",
    "Fzr_zjlx": "document_types",
    "Nrlx_id": "preapproval_types",
    "Fwnr_id": "service_contents",
    "Yylb_id": "languages",
    "Fbdd": "server_locations",
    "Jrfs": "access_methods",
    "Zxly": "cancel_reasons",
    "Cljg": "unfiled_results",
}
REGIONS = frozenset({"Shengid", "Shiid", "Xianid"})
CHOICES = {
    ("Bbfs", "0"): "自行报备",
    ("Bbfs", "1"): "代为报备",
    ("Bbyhlx", "0"): "自行报备",
    ("Bbyhlx", "1"): "代为报备",
    ("Zxlb", "0"): "主体",
    ("Zxlb", "1"): "网站",
    ("Zxlb", "2"): "接入",
    ("Hsjg", "0"): "通过",
    ("Hsjg", "1"): "不通过",
}
SECTIONS = {"Zt_xx": "主体", "Wz_xx": "网站", "Wz_Fzr": "网站负责人", "Jr_xx": "接入", "Baxx": "备案"}
KEYS = {"Wz_xx": "Wzid", "Wz_Fzr": "Wzid", "Jr_xx": "Jrid"}
PICTURES = frozenset({"Fjxx", "Spwj"})
SECRET = frozenset({"ICPmm"})
MEDIA = {"1": "image/jpeg", "2": "image/png"}


@dataclass(frozen=True)
class Fact:
    """One value: its Chinese name, its element, the value in words; ``code`` when it is compared letter by letter.

    ``before`` is the value on record where a change has another, None where nothing is compared.
    """

    label: str
    element: str
    value: str
    code: bool
    before: str | None = None


@dataclass(frozen=True)
class Section:
    """A heading with its facts; ``key`` names the object by its bureau id, when it has one."""

    title: str
    facts: tuple[Fact, ...]
    key: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Picture:
    """An attachment or approval scan; ``data`` is None when it can't be decoded."""

    index: int
    title: str
    owner: str
    kb: int
    media_type: str
    data: bytes | None


def sections(record: Any, vocabulary: Vocabulary) -> list[Section]:
    """The record's values, grouped as its elements are."""
    found: list[Section] = []
    _read(record, SECTIONS.get(record.tag, "申请"), vocabulary, found)
    return [section for section in found if section.facts]


def _read(element: Any, title: str, vocabulary: Vocabulary, found: list[Section]) -> None:
    facts: list[Fact] = []
    place = len(found)
    found.append(Section(title, ()))
    counts: dict[str, int] = {}
    for node in element.iter():
        if node is element or _section_of(node, element) is not element:
            continue
        if node.tag in SECTIONS:
            counts[node.tag] = counts.get(node.tag, 0) + 1
            number = f" {counts[node.tag]}" if len(element.findall(node.tag)) > 1 else ""
            _read(node, f"{SECTIONS[node.tag]}{number}", vocabulary, found)
        elif node.tag == "Ip_xx":
            facts.append(_addresses(node))
        elif not len(node) and not _within(node, element, PICTURES | SECRET | {"Ip_xx"}):
            facts.append(_fact(node, vocabulary))
    found[place] = Section(title, _merged(facts), _key(element))


def _key(element: Any) -> tuple[str, str]:
    above = element.getparent() if element.tag == "Wz_Fzr" else element
    return element.tag, "" if element.tag == "Zt_xx" else text_of(above, KEYS.get(element.tag, "."))


def _merged(facts: list[Fact]) -> tuple[Fact, ...]:
    """Values of one element that repeats stand in one line."""
    merged: dict[str, Fact] = {}
    for fact in facts:
        seen = merged.get(fact.element)
        merged[fact.element] = fact if seen is None else replace(seen, value=f"{seen.value}、{fact.value}")
    return tuple(merged.values())


def _section_of(node: Any, top: Any) -> Any:
    parent = node.getparent()
    while parent is not top and parent.tag not in SECTIONS:
        parent = parent.getparent()
    return parent


def _within(node: Any, top: Any, tags: frozenset[str]) -> bool:
    while node is not top:
        if node.tag in tags:
            return True
        node = node.getparent()
    return False


def _addresses(node: Any) -> Fact:
    first, last = int_of(node, "Qsip") or 0, int_of(node, "Zzip") or 0
    return Fact(LABELS["IP"], "Qsip Zzip", range_text(*sorted((first, last))), True)


def _fact(node: Any, vocabulary: Vocabulary) -> Fact:
    name, value = node.tag, (node.text or "").strip()
    words = CHOICES.get((name, value), "")
    if name == "IP" and value.isdecimal():
        return Fact(LABELS[name], name, range_text(int(value), int(value)), True)
    if name in TABLES:
        words = vocabulary.label(TABLES[name], value)
    elif name in REGIONS:
        words = vocabulary.regions.name(value)
    text = f"{words}（{value}）" if words and words != value else value
    return Fact(LABELS.get(name, name), name, text, not words and value.isascii())


def pictures(record: Any, vocabulary: Vocabulary) -> list[Picture]:
    """Attachments and approval scans, in the order of the record."""
    found: list[Picture] = []
    for node in record.iter(*PICTURES):
        if node.tag == "Spwj":
            title, owner, media = "前置或专项审批文件", text_of(node.getparent(), "Qzsph"), "image/jpeg"
            content = (node.text or "").strip()
        else:
            title = vocabulary.label("attachment_types", text_of(node, "Fjyt"))
            kind = "主体" if text_of(node, "Fjssdx/Ssdxlx") == "1" else "网站"
            parts = (text_of(node, f"Fjssdx/Ssdxbs{path}") for path in ("", "/Jlid", "/Baxh"))
            owner = f"{kind} {next(filter(None, parts), '')}"
            media, content = MEDIA.get(text_of(node, "Fjwjgs"), ""), text_of(node, "Fjnr")
        found.append(Picture(len(found), title, owner, -(-len(content) // 1024), media, decoded(content)))
    return found
