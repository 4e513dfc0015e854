"""Answers to the bureau's tasks: verification results (HSJG), handling of unfiled sites (WBACLJG) and material sent on
its own (XZHYD); interface sections of these names.

Corrections name what is wrong by the answer's own attributes (`opinion`, `pictures[2]`), in the data as verified by
the paths of a filing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from icp.bureau.messages import known, mapping, parts
from icp.bureau.messages.build import Built, BuiltRecord, MessageRefused, document
from icp.bureau.messages.mapping import Line
from icp.bureau.messages.parts import Access, Domain, Range
from icp.bureau.messages.writing import Owner, Writer
from icp.filings.answers import Answers
from icp.filings.operations.new_filing import NEW_FILING
from icp.filings.paths import type_path
from icp.register.records import AccessRecord, SubjectRecord, WebsiteRecord
from icp.rules.correction import Value
from icp.tasks.answers import Answer, ApprovalScan, MaterialAnswer, MaterialPicture, UnfiledAnswer, VerifyAnswer
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

DATE_MESSAGE = N_("“{date}”不是日期。")
DATE_REMEDY = N_("请写成 2026-01-31 这样。")

WHERE = N_("{label}：{message}")
WHOLE = N_("整份答复")
LABELS = {
    "verifier": N_("核实人"),
    "verified_on": N_("核实日期"),
    "opinion": N_("意见"),
    "errors": N_("错误信息"),
    "domain": N_("域名"),
    "address": N_("IP 地址"),
    "carrier": N_("基础运营商"),
    "provider": N_("接入商"),
    "province": N_("省"),
    "code": N_("处理结果"),
    "entered_on": N_("入库日期"),
    "due_on": N_("处理时限"),
    "reporter_name": N_("上报人"),
    "reporter_phone": N_("上报人电话"),
    "reporter_email": N_("上报人邮箱"),
    "pictures": N_("图片"),
    "subject.filing_number": N_("主体备案号"),
    "website.filing_number": N_("网站备案号"),
}
"""Attributes of answers, and what a filing doesn't ask → what people call them."""

DAYS = {"verified_on", "entered_on", "due_on"}
MATERIAL_TYPE = "35"
"""操作类型 of material sent on its own; for the other answers the interface names none."""


@dataclass(frozen=True)
class TaskReport:
    """What the message that answers a task is built from.

    Attributes:
        answer: what a member of staff answered.
        isp_id: the caller (``Qqdwid``), and the reporting unit whose staff verified.
        vocabulary: the tables in force.
    """

    answer: Answer
    isp_id: int
    vocabulary: Vocabulary


def verification(report: TaskReport) -> Built:
    """Build HSJG: the verdict, and the data as verified with the bureau's ids.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
        TypeError: the answer isn't one to a verification task.
    """
    said = report.answer
    if not isinstance(said, VerifyAnswer):
        raise TypeError(type(said).__name__)
    writer = Writer(known.as_answers(said.filing), report.vocabulary, mapping.VERIFICATION_NAMES)
    root, operation = document("HSJG", report.isp_id)
    result = writer.group(operation, "Hsjgxx", "filing")
    verdict = {"passed": "0" if said.passed else "1", "unit": str(report.isp_id)}
    values = verdict | {name: getattr(said, name) for name in ("verifier", "verified_on", "opinion", "errors")}
    _lines(writer, result, mapping.VERIFICATION, values)
    record = writer.group(result, "Baxx", "filing")
    subject = writer.group(record, "Zt_xx", "subject")
    parts.ids(writer, subject, (("Ztid", said.filing.bureau_id),), "subject.filing_number")
    writer.lines(subject, mapping.SUBJECT, "subject")
    for row, site in zip(writer.answers.rows("website"), said.filing.websites, strict=True):
        parts.website(writer, record, _website(row, site, said.filing, said.scans))
    key = str(said.filing.bureau_id or "")
    return Built(_said_where(lambda: writer.finish(root)), root, (BuiltRecord("", key, "subject", (key,)),))


def _website(row: str, site: WebsiteRecord, subject: SubjectRecord, scans: tuple[ApprovalScan, ...]) -> parts.Website:
    found: dict[str, list[str]] = {}
    for scan in scans:
        if scan.website_id == site.bureau_id:
            found.setdefault(scan.kind, []).append(scan.base64)
    return parts.Website(
        row,
        (("Wzid", site.bureau_id),),
        [Domain((("Ymid", domain.bureau_id),), domain.name) for domain in site.domains],
        [_access(row, access, subject.mode) for access in site.accesses],
        found,
    )


def _access(row: str, access: AccessRecord, mode: str) -> Access:
    ranges = [Range((("Ipid", found.bureau_id),), found.first, found.last) for found in access.ranges]
    return Access((("Jrid", access.bureau_id),), ranges, known.access_as_answers(row, access), access.mode or mode)


def unfiled(report: TaskReport) -> Built:
    """Build WBACLJG: what was done about an unfiled site.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
        TypeError: the answer isn't one about an unfiled site.
    """
    said = report.answer
    if not isinstance(said, UnfiledAnswer):
        raise TypeError(type(said).__name__)
    writer = Writer(Answers(), report.vocabulary)
    root, operation = document("WBACLJG", report.isp_id)
    result = writer.group(operation, "Clxx", "filing")
    _lines(writer, result, mapping.UNFILED, {name: str(value) for name, value in dataclasses.asdict(said).items()})
    return Built(_said_where(lambda: writer.finish(root)), root, (BuiltRecord("", said.domain, "domain"),))


def material(report: TaskReport) -> Built:
    """Build XZHYD: pictures for what is on record.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
        TypeError: the answer isn't material.
    """
    said = report.answer
    if not isinstance(said, MaterialAnswer):
        raise TypeError(type(said).__name__)
    writer = Writer(Answers(), report.vocabulary)
    root, operation = document("XZHYD", report.isp_id)
    records = tuple(_picture(writer, operation, n, picture) for n, picture in enumerate(said.pictures, start=1))
    return Built(_said_where(lambda: writer.finish(root)), root, records)


def _picture(writer: Writer, operation: Any, n: int, picture: MaterialPicture) -> BuiltRecord:
    path = f"pictures[{n}]"
    owner = Owner(picture.owner, picture.bureau_id, picture.number)
    writer.attachment(
        operation,
        picture.purpose,
        picture.base64,
        owner,
        path,
        picture_format=picture.format,
        remark=picture.remark,
    )
    key = picture.number if picture.bureau_id is None else str(picture.bureau_id)
    return BuiltRecord(MATERIAL_TYPE, key, path)


def _lines(writer: Writer, parent: Any, lines: Iterable[Line], values: dict[str, Value]) -> None:
    """Write an answer's attributes; of a day the schema only counts the characters."""
    for path in DAYS & set(values):
        if not _is_day(str(values[path])):
            writer.refuse(path, "date", Message(DATE_MESSAGE, date=values[path]), Message(DATE_REMEDY))
    writer.lines(parent, lines, "", Answers(values))


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _said_where(finish: Callable[[], bytes]) -> bytes:
    """Write the message; staff read what is wrong with an answer without a form around it, so each says where."""
    try:
        return finish()
    except MessageRefused as refused:
        raise MessageRefused(
            dataclasses.replace(c, message=Message(WHERE, label=Message(_label(c.path)), message=c.message))
            for c in refused.corrections
        ) from None


def _label(path: str) -> str:
    kind = type_path(path)
    if kind in LABELS:
        return LABELS[kind]
    return NEW_FILING.label_of(kind) if NEW_FILING.has_field(kind) else NEW_FILING.paper_labels.get(kind, WHOLE)


TASK_BUILDERS: dict[str, Callable[[TaskReport], Built]] = {
    "HSJG": verification,
    "WBACLJG": unfiled,
    "XZHYD": material,
}
"""Upload group → what builds the message that answers a task."""
