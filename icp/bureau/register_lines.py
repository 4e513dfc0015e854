"""A line of a provider's own list (CSV): its columns, what they say, and everything that is wrong with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from icp.bureau.codec import numbers
from icp.register.records import (
    PRINCIPAL_FIELDS,
    SUBJECT_FIELDS,
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)
from icp.rules import domains, filing_numbers
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

REQUIRED = ("subject_number", "subject_name", "document_type", "document_number", "website_number", "domains")
COLUMNS = (
    "subject_number",
    "subject_name",
    *SUBJECT_FIELDS[1:],
    *(f"principal_{name}" for name in PRINCIPAL_FIELDS),
    "website_number",
    "website_name",
    "domains",
    "home_url",
    "service_content",
    "languages",
    "website_remark",
    *(f"website_principal_{name}" for name in PRINCIPAL_FIELDS),
    "access_methods",
    "server_locations",
    "ip_addresses",
)
"""Columns of the CSV, in any order; those of ``REQUIRED`` must be there and filled in, others may be missing. Several
values of one column are separated by ``;``. A website with several accesses has several lines."""
CODED = {
    "organisation_type": "organisation_types",
    "document_type": "document_types",
    "principal_document_type": "document_types",
    "website_principal_document_type": "document_types",
    "service_content": "service_contents",
    "languages": "languages",
    "access_methods": "access_methods",
    "server_locations": "server_locations",
}

T = TypeVar("T")
Record = TypeVar("Record", SubjectRecord, WebsiteRecord)


@dataclass(frozen=True)
class Fault:
    """What can be wrong in a column, and how to mend it."""

    problem: str
    remedy: str


EMPTY = Fault(N_("没有填写"), N_("每一行都要填；没有的话，这一行先不导入。"))
NOT_CODE = Fault(N_("没有代码“{text}”"), N_("填管局的代码，不填名称；几个用分号隔开。"))
NAMED = Fault(N_("没有代码“{text}”"), N_("填代码 {code}，不填名称。"))
NOT_NUMBER = Fault(N_("“{text}”不是备案号"), N_("写成 闽ICP备12345678号 的样子；网站的，后面加“-数字”。"))
NOT_ITS = Fault(N_("网站备案号“{website}”不属于主体“{subject}”"), N_("核对两个备案号：网站的，是主体的后面加“-数字”。"))
NOT_DOMAIN = Fault(N_("“{text}”不是域名"), N_("只写域名，例如 qingwu.example，不带 http:// 和路径；几个用分号隔开。"))
NOT_ADDRESS = Fault(
    N_("“{text}”不是 IPv4 地址或地址段"), N_("写 203.0.113.24，或 203.0.113.0-203.0.113.31；几个用分号隔开。")
)
CONTRADICTS = Fault(N_("与同一主体或网站前面的行不同"), N_("同一主体或网站的每一行要一样：核对哪一行对，再改另一行。"))


@dataclass(frozen=True)
class BadLine:
    """Why a line of a CSV can't be used; the other lines are. A line with several faults has one of these for each.

    Attributes:
        line: in the file.
        problem: what is wrong.
        column: where; '' where the line can't be read at all.
        remedy: how to mend it.
    """

    line: int
    problem: Message
    column: str = ""
    remedy: str = ""


@dataclass
class Line:
    """A line of a CSV and what is wrong with it, as far as it was read."""

    number: int
    row: dict[str, str]
    faults: list[BadLine] = dataclasses.field(default_factory=list)

    def wrong(self, column: str, fault: Fault, **values: object) -> None:
        """Note a fault."""
        remedy = Message(fault.remedy, **values)
        self.faults.append(BadLine(self.number, Message(fault.problem, **values), column, remedy))

    def several(self, column: str) -> list[str]:
        """The values of a column."""
        return [part.strip() for part in self.row[column].replace("；", ";").split(";") if part.strip()]

    def read(self, column: str, texts: Iterable[str], how: Callable[[str], T | None], fault: Fault) -> list[T]:
        """What texts of a column mean; those that mean nothing are faults."""
        found = []
        for text in texts:
            meant = how(text)
            if meant is None:
                self.wrong(column, fault, text=text)
            else:
                found.append(meant)
        return found


def record(line: Line, words: Vocabulary) -> SubjectRecord | None:
    """What a line says of one website with one access; its faults are noted.

    Returns:
        None where a number is missing or isn't one.
    """
    for column in REQUIRED:
        if not line.row[column]:
            line.wrong(column, EMPTY)
    for column, table in CODED.items():
        _check_codes(line, column, table, words)
    return _record(line)


def joined(before: SubjectRecord, found: SubjectRecord, line: Line) -> SubjectRecord:
    """What lines before said of a subject, and what this one adds; where they contradict each other is noted."""
    _same(before, found, line, "websites", {"name": "subject_name"}, "principal_")
    (fresh,) = found.websites
    websites = {website.number: website for website in before.websites}
    known = websites.get(fresh.number)
    if known is not None:
        called = {"name": "website_name", "remark": "website_remark"}
        _same(known, fresh, line, "accesses", called, "website_principal_")
        fresh = dataclasses.replace(known, accesses=(*known.accesses, *fresh.accesses))
    websites[fresh.number] = fresh
    return dataclasses.replace(before, websites=tuple(websites.values()))


def _same(before: Record, found: Record, line: Line, besides: str, columns: Mapping[str, str], principal: str) -> None:
    """Note where a line says something else of a subject or a website than one before it."""
    for field in dataclasses.fields(before):
        if field.name == "principal":
            said = ((getattr(record.principal, name) for record in (before, found)) for name in PRINCIPAL_FIELDS)
            for name, (first, second) in zip(PRINCIPAL_FIELDS, said, strict=True):
                if first != second:
                    line.wrong(principal + name, CONTRADICTS)
        elif field.name != besides and getattr(before, field.name) != getattr(found, field.name):
            line.wrong(columns.get(field.name, field.name), CONTRADICTS)


def _check_codes(line: Line, column: str, table: str, words: Vocabulary) -> None:
    for text in line.several(column):
        if words.has(table, text):
            continue
        named = [option.code for option in words.options(table) if text.lower() in (option.zh, option.en.lower())]
        if len(named) == 1:
            line.wrong(column, NAMED, text=text, code=named[0])
        else:
            line.wrong(column, NOT_CODE, text=text)


def _record(line: Line) -> SubjectRecord | None:
    """What a line says; None where one of its numbers is missing or isn't one."""
    row = line.row
    subject, website = (_number(line, f"{kind}_number") for kind in ("subject", "website"))
    site = _website(line, website)
    if not subject or not website:
        return None
    if filing_numbers.of_subject(website) != subject or not filing_numbers.is_of_website(website):
        line.wrong("website_number", NOT_ITS, website=website, subject=subject)
    values = {name: row["subject_name" if name == "name" else name] for name in SUBJECT_FIELDS}
    return SubjectRecord(
        bureau_id=None,
        isp_id=None,
        number=subject,
        mode="",
        principal=PrincipalRecord(**{name: row[f"principal_{name}"] for name in PRINCIPAL_FIELDS}),
        websites=(site,),
        **values,
    )


def _website(line: Line, number: str) -> WebsiteRecord:
    row = line.row
    return WebsiteRecord(
        bureau_id=None,
        isp_id=None,
        number=number,
        name=row["website_name"],
        home_url=row["home_url"],
        service_content=tuple(line.several("service_content")),
        languages=tuple(line.several("languages")),
        pre_approvals=(),
        remark=row["website_remark"],
        principal=PrincipalRecord(**{name: row[f"website_principal_{name}"] for name in PRINCIPAL_FIELDS}),
        domains=tuple(map(DomainRecord, line.read("domains", line.several("domains"), _domain, NOT_DOMAIN))),
        accesses=tuple(_accesses(line)),
    )


def _accesses(line: Line) -> Iterator[AccessRecord]:
    methods, places = (tuple(line.several(column)) for column in ("access_methods", "server_locations"))
    ranges = tuple(line.read("ip_addresses", line.several("ip_addresses"), _range, NOT_ADDRESS))
    if methods or places or ranges:
        yield AccessRecord(None, None, None, methods, places, ranges)


def _number(line: Line, column: str) -> str:
    text = line.row[column]
    return next(iter(line.read(column, [text] if text else [], filing_numbers.canonical, NOT_NUMBER)), "")


def _domain(text: str) -> str | None:
    host, rest = domains.split_address(text)
    name = domains.ascii_form(host)
    return None if not name or "." not in name or rest or "@" in text else name


def _range(text: str) -> IpRangeRecord | None:
    try:
        return IpRangeRecord(*numbers.ip_range(text))
    except ValueError:
        return None
