"""Files from which the register is filled: downloads of the bureau (BASJ, SJTB), and a provider's own list as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from icp.bureau import register_lines
from icp.bureau.codec import xml
from icp.bureau.messages.filing_data import filing
from icp.bureau.register_lines import COLUMNS, REQUIRED, BadLine, Line
from icp.register.records import SubjectRecord
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

NO_FILINGS = N_("文件里没有备案数据（BASJ/Baxx 或 SJTB/ICP/Baxx）。")
NOT_READ = N_("读不了：{problem}")
NO_COLUMNS = N_("第一行是列名，缺少：{columns}")
NOT_KNOWN = N_("不认识的列：{columns}")
NEITHER = N_("第一行是列名，缺少：{columns}；不认识：{unknown}")


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
class Contents:
    """What a file holds.

    Attributes:
        entries: what can be used, in the file's order.
        bad: what can't, in the file's order and in that of the columns.
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


def _read_csv(text: str, words: Vocabulary) -> Contents:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    bad: list[BadLine] = []
    entries: dict[str, Entry] = {}
    try:
        _check_header(reader.fieldnames or ())
        for row in reader:
            line = Line(reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS})
            _add(entries, line, words)
            bad += sorted(line.faults, key=lambda fault: COLUMNS.index(fault.column))
    except csv.Error as error:
        bad.append(BadLine(reader.line_num, Message(NOT_READ, problem=str(error))))
    return Contents(list(entries.values()), bad, whole=False)


def _check_header(header: Iterable[str]) -> None:
    names = [name.strip() for name in header]
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing or unknown:
        template = NEITHER if missing and unknown else NO_COLUMNS if missing else NOT_KNOWN
        raise FileRefused(Message(template, columns=", ".join(missing or unknown), unknown=", ".join(unknown)))


def _add(entries: dict[str, Entry], line: Line, words: Vocabulary) -> None:
    """Take a line in: a new subject, a new website of one, or a further access of a website; not where it is wrong."""
    found = register_lines.record(line, words)
    if found is None:
        return
    entry = entries.get(found.number)
    joined = register_lines.joined(entry.record, found, line) if entry is not None else found
    if not line.faults:
        entries[found.number] = Entry(entry.line if entry is not None else line.number, joined)
