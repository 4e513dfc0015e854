"""The officer's forms for what the bureau says unasked. They carry the same options as the commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from icp.loopback_bureau import codes
from icp.loopback_bureau.codes import Change
from icp.vocabulary import Vocabulary

TEXT, LONG, CHOICE, TICK = "text", "long", "choice", "tick"
TABLES = {
    "organisation_types": "单位性质",
    "regions": "区域",
    "server_locations": "管局（服务器放置地）",
    "document_types": "证件类型",
    "preapproval_types": "前置审批",
    "service_contents": "服务内容",
    "access_methods": "接入方式",
    "cancel_reasons": "注销理由",
    "unfiled_results": "未备案网站处理结果",
    "opinions": "核实意见",
    "attachment_formats": "附件格式",
    "attachment_types": "附件用途",
    "languages": "语言",
    "reporting_units": "报备单位",
}
"""Code table → its name for the officer."""


@dataclass(frozen=True)
class Field:
    """One field: its name on the command line, its label, and how it is filled in."""

    name: str
    label: str
    kind: str = TEXT
    choices: Mapping[str, str] | None = None
    hint: str = ""
    filings: bool = False
    code: bool = False


@dataclass(frozen=True)
class Form:
    """One form: the command it stands for, the group it sends (empty: what the file holds), its title, its fields."""

    command: str
    group: str
    zh: str
    fields: tuple[Field, ...]
    hint: str = ""


FILING = Field("filing", "备案号", filings=True, code=True, hint="主体备案号，或带序号的网站备案号。")
PROVIDER = Field("provider", "接入服务提供者", CHOICE)
DOMAIN = Field("domain", "域名", code=True)
IP = Field("ip", "IP 地址", code=True)
REMARK = Field("remark", "备注")

FORMS = (
    Form("issue-task", "HSRW", "核实任务", (FILING,), "请接入服务提供者核实备案信息；只发给有接入的提供者。"),
    Form(
        "check-result",
        "HCJG",
        "核查结果",
        (
            Field(
                "kind", "核查内容", CHOICE,
                {"subject": "主体信息", "access": "接入信息", "shell": "空壳网站", "liveness": "网站存活"},
            ),
            Field("filing", "备案号", filings=True, code=True, hint="主体信息填主体备案号，其余填网站备案号。"),
            Field("under", "接入信息：漏报（不选为多报）", TICK),
            Field("alive", "空壳网站：网站可以打开", TICK),
            Field("ip", "解析到的 IP 地址", code=True, hint="漏报时必填。"),
            Field("text", "错误原因或备注"),
        ),
    ),
    Form(
        "notice",
        "XGTZ",
        "相关通知",
        (
            FILING,
            Field("text", "通知内容", LONG, hint="最多 255 个字。"),
            Field("by", "以什么指明备案", CHOICE, {"both": "备案号和主键", "number": "备案号", "id": "主键"}),
            REMARK,
        ),
    ),
    Form(
        "cancel",
        "ZXSJ",
        "依职权注销",
        (
            Field("kind", "注销什么", CHOICE, {"subject": "主体", "website": "网站", "access": "接入"}),
            Field("filing", "备案号", filings=True, code=True, hint="注销接入时填接入主键（Jrid），见备案库。"),
        ),
        "连同其下的网站、域名和接入一并注销，并通知有关的提供者。",
    ),
    Form(
        "blacklist",
        "HMDLB",
        "黑名单",
        (
            Field("how", "操作", CHOICE, {"add": "新增", "change": "变更", "remove": "删除"}),
            Field("kind", "对象", CHOICE, {"domain": "网站（域名）", "sponsor": "主体（证件号码）"}),
            Field("value", "域名或证件号码", code=True, hint="多个域名以 ; 分隔。主体可以不填，条目就不指明是谁。"),
            Field("name", "名称", hint="不填则取备案库里的。"),
            Field("document_type", "证件类型", CHOICE),
            REMARK,
            Field("quiet", "只记在本局，不下发", TICK),
        ),
        "本局据此对报送答 1064（域名）和 1065（主体）。",
    ),
    Form("illegal-access", "FFJRHMD", "非法接入黑名单", (DOMAIN, IP, PROVIDER, REMARK)),
    Form(
        "unfiled",
        "WBAWZLB",
        "未备案网站",
        (DOMAIN, IP, PROVIDER, Field("carrier", "基础运营商编号", code=True, hint="不填则与接入服务提供者相同。"),
         Field("times", "监测次数", code=True)),
    ),
    Form(
        "codes",
        "JCDM",
        "基础代码",
        (
            Field("table", "代码表", CHOICE, {"": "全部", **TABLES}),
            Field("change", "改动的代码", hint="格式：表:代码=名称，例：languages:18=世界语。", code=True),
            Field("withdraw", "停用的代码", hint="格式：表:代码，例：languages:18。", code=True),
        ),
    ),
    Form(
        "synchronise",
        "SJTB",
        "数据同步",
        (PROVIDER, Field("codes", "连同基础代码", TICK)),
        "下发该提供者接入的全部备案。",
    ),
    Form(
        "send-again",
        "",
        "再次下发",
        (Field("file", "文件名", code=True, hint="见下发记录。"),),
        "对方读不出的文件，原样再给一次。",
    ),
)  # fmt: skip
"""The forms in the order of the page."""
BY_COMMAND = {form.command: form for form in FORMS}


def choices(field: Field, vocabulary: Vocabulary, providers: Mapping[str, str]) -> Mapping[str, str]:
    """What a field offers: value → words."""
    if field.name == "provider":
        return providers
    if field.name == "document_type":
        return {"": "取备案库里的", **{o.code: o.zh for o in vocabulary.options("document_types")}}
    return field.choices or {}


class Unreadable(ValueError):
    """A value can't be read; ``field`` is where it stands."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


def _number(text: str, field: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Unreadable("请填写数字。", field)
    return int(text)


def _change(text: str, field: str, read: Callable[[str], Change]) -> list[Change]:
    if not text:
        return []
    try:
        return [read(text)]
    except ValueError:
        raise Unreadable("写法不对，请照例填写。", field) from None


def options(form: Form, given: MultiDict[str, str]) -> argparse.Namespace:
    """What was typed, as the command of the form takes it.

    Raises:
        Unreadable: a number or a code is not written as it must be.
    """
    values: dict[str, Any] = {
        field.name: field.name in given if field.kind == TICK else given.get(field.name, "").strip()
        for field in form.fields
    }
    for field, otherwise in (("provider", 0), ("carrier", 0), ("times", 1)):
        if field in values:
            values[field] = _number(values[field], field, otherwise)
    if form.command == "codes":
        table = values["table"]
        values["set"] = _change(values.pop("change"), "change", codes.changed)
        values["withdraw"] = _change(values["withdraw"], "withdraw", codes.withdrawn)
        values["table"] = [table] if table else []
    return argparse.Namespace(command=form.command, **values)
