"""Files from which the register is filled: downloads of the bureau (BASJ, SJTB), and a provider's own list as CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from icp.bureau.codec import numbers, xml
from icp.bureau.messages.filing_data import filing
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

NO_FILINGS = N_("文件里没有备案数据（BASJ/Baxx 或 SJTB/ICP/Baxx）。")
NOT_READ = N_("读不了：{problem}")
NO_COLUMNS = N_("第一行是列名，缺少：{columns}")
NOT_KNOWN = N_("不认识的列：{columns}")
EMPTY = N_("缺少 {column}")
NOT_CODE = N_("{column} 没有代码“{text}”")
NOT_NUMBER = N_("“{text}”不是备案号")
NOT_ITS = N_("网站备案号“{website}”不属于主体“{subject}”")
NOT_DOMAIN = N_("“{text}”不是域名")
NOT_ADDRESS = N_("“{text}”不是 IPv4 地址或地址段")
CONTRADICTS = N_("{column} 与同一主体或网站前面的行不同")


class FileRefused(Exception):
    """Nothing of a file can be used; the text says why."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Entry:
    """One subject of a file with its websites; ``line`` is where it begins in a CSV, its place in an XML file."""

    line: int
    record: SubjectRecord


@dataclass(frozen=True)
class BadLine:
    """A line of a CSV that can't be used, and why; the other lines are."""

    line: int
    problem: Message


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Attributes:
        entries: what can be used, in the file's order.
        bad: what can't.
        whole: whether each entry is all the bureau has on record of its websites, others' accesses too.
    """

    entries: list[Entry]
    bad: list[BadLine]
    whole: bool


def read(data: bytes, words: Vocabulary) -> Contents:
    """What a file holds, XML or CSV by its first character.

    Raises:
        FileRefused: it is neither, or of another kind.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_xml(data)
    return _read_csv(_decoded(data), words)


def _read_xml(data: bytes) -> Contents:
    try:
        root = xml.parse(data)
    except xml.XmlError as error:
        raise FileRefused(Message(NOT_READ, problem=str(error))) from None
    found = [*root.iterfind("ICP/BASJ/Baxx"), *root.iterfind("SJTB/ICP/Baxx")]
    if not found:
        raise FileRefused(Message(NO_FILINGS))
    return Contents([Entry(place, filing(e)) for place, e in enumerate(found, 1)], [], whole=True)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(Message(NOT_READ, problem="UTF-8, GB18030"))


class _Unusable(Exception):
    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.problem = Message(template, **values)


def _read_csv(text: str, words: Vocabulary) -> Contents:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    bad: list[BadLine] = []
    entries: dict[str, Entry] = {}
    try:
        _check_header(reader.fieldnames or ())
        for row in reader:
            line = reader.line_num
            try:
                _add(entries, line, {name: (row.get(name) or "").strip() for name in COLUMNS}, words)
            except _Unusable as refused:
                bad.append(BadLine(line, refused.problem))
    except csv.Error as error:
        bad.append(BadLine(reader.line_num, Message(NOT_READ, problem=str(error))))
    return Contents(list(entries.values()), bad, whole=False)


def _check_header(header: Iterable[str]) -> None:
    names = [name.strip() for name in header]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise FileRefused(Message(NO_COLUMNS, columns=", ".join(missing)))
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise FileRefused(Message(NOT_KNOWN, columns=", ".join(unknown)))


def _add(entries: dict[str, Entry], line: int, row: dict[str, str], words: Vocabulary) -> None:
    """Take a line in: a new subject, a new website of one, or a further access of a website."""
    for column in REQUIRED:
        if not row[column]:
            raise _Unusable(EMPTY, column=column)
    for column, table in CODED.items():
        for code in _several(row[column]):
            if not words.has(table, code):
                raise _Unusable(NOT_CODE, column=column, text=code)
    found = _record(row)
    entry = entries.get(found.number)
    entries[found.number] = Entry(line, found) if entry is None else Entry(entry.line, _joined(entry.record, found))


def _joined(before: SubjectRecord, found: SubjectRecord) -> SubjectRecord:
    for field in dataclasses.fields(SubjectRecord):
        if field.name != "websites" and getattr(before, field.name) != getattr(found, field.name):
            raise _Unusable(CONTRADICTS, column=field.name)
    (fresh,) = found.websites
    websites = {website.number: website for website in before.websites}
    known = websites.get(fresh.number)
    if known is not None:
        for field in dataclasses.fields(WebsiteRecord):
            if field.name != "accesses" and getattr(known, field.name) != getattr(fresh, field.name):
                raise _Unusable(CONTRADICTS, column=f"website_{field.name}")
        fresh = dataclasses.replace(known, accesses=(*known.accesses, *fresh.accesses))
    websites[fresh.number] = fresh
    return dataclasses.replace(before, websites=tuple(websites.values()))


def _record(row: dict[str, str]) -> SubjectRecord:
    subject, website = (_number(row[f"{kind}_number"]) for kind in ("subject", "website"))
    if filing_numbers.of_subject(website) != subject or not filing_numbers.is_of_website(website):
        raise _Unusable(NOT_ITS, website=website, subject=subject)
    values = {name: row["subject_name" if name == "name" else name] for name in SUBJECT_FIELDS}
    return SubjectRecord(
        bureau_id=None,
        isp_id=None,
        number=subject,
        mode="",
        principal=PrincipalRecord(**{name: row[f"principal_{name}"] for name in PRINCIPAL_FIELDS}),
        websites=(_website(row, website),),
        **values,
    )


def _website(row: dict[str, str], number: str) -> WebsiteRecord:
    return WebsiteRecord(
        bureau_id=None,
        isp_id=None,
        number=number,
        name=row["website_name"],
        home_url=row["home_url"],
        service_content=tuple(_several(row["service_content"])),
        languages=tuple(_several(row["languages"])),
        pre_approvals=(),
        remark=row["website_remark"],
        principal=PrincipalRecord(**{name: row[f"website_principal_{name}"] for name in PRINCIPAL_FIELDS}),
        domains=tuple(DomainRecord(_domain(text)) for text in _several(row["domains"])),
        accesses=tuple(_accesses(row)),
    )


def _accesses(row: dict[str, str]) -> Iterator[AccessRecord]:
    methods, places = (tuple(_several(row[column])) for column in ("access_methods", "server_locations"))
    ranges = tuple(_range(text) for text in _several(row["ip_addresses"]))
    if methods or places or ranges:
        yield AccessRecord(None, None, None, methods, places, ranges)


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]


def _number(text: str) -> str:
    number = filing_numbers.canonical(text)
    if number is None:
        raise _Unusable(NOT_NUMBER, text=text)
    return number


def _domain(text: str) -> str:
    host, rest = domains.split_address(text)
    name = domains.ascii_form(host)
    if not name or "." not in name or rest or "@" in text:
        raise _Unusable(NOT_DOMAIN, text=text)
    return name


def _range(text: str) -> IpRangeRecord:
    try:
        return IpRangeRecord(*numbers.ip_range(text))
    except ValueError:
        raise _Unusable(NOT_ADDRESS, text=text) from None
