"""XZBA: the first filing of a subject with its websites (interface section on new filings)."""

from __future__ import annotations

from typing import Any

from icp.bureau.codec import numbers, xml
from icp.bureau.messages import attachments, mapping
from icp.bureau.messages.build import Built, BuiltRecord, Report, Writer, document
from icp.filings.paths import in_row

OPERATION_TYPE = "1"


def build(report: Report) -> Built:
    """Build the data file of a new filing.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
    """
    writer = Writer(report)
    root, operation = document("XZBA", report.isp_id)
    record = writer.group(operation, "Baxx", "filing")
    subject_id = report.allot("IspZtid", "subject")
    _subject(writer, record, subject_id)
    rows = report.answers.rows("website")
    site_ids = {row: report.allot("IspWzid", f"website[{row}]") for row in rows}
    for row in rows:
        _website(writer, record, row, site_ids[row])
    for paper in attachments.of_subject(report):
        writer.attachment(record, paper.purpose, paper.data, (attachments.OWNER_SUBJECT, subject_id), paper.path)
    for row in rows:
        for paper in attachments.of_website(report, row):
            writer.attachment(record, paper.purpose, paper.data, (attachments.OWNER_WEBSITE, site_ids[row]), paper.path)
    key = str(subject_id)
    return Built(writer.finish(root), root, (BuiltRecord(OPERATION_TYPE, key, "subject", (key,)),))


def _subject(writer: Writer, record: Any, subject_id: int) -> None:
    subject = writer.group(record, "Zt_xx", "subject")
    xml.child(subject, "IspZtid", subject_id)
    writer.lines(subject, mapping.SUBJECT, "subject")
    writer.value(subject, "Bbfs", writer.report.mode, "subject")
    writer.lines(subject, mapping.SUBJECT_TAIL, "subject")


def _website(writer: Writer, record: Any, row: str, site_id: int) -> None:
    anchor = f"website[{row}]"
    website = writer.group(record, "Wz_xx", anchor)
    xml.child(website, "IspWzid", site_id)
    writer.lines(website, mapping.WEBSITE, anchor)
    _pre_approvals(writer, website, row)
    writer.lines(website, mapping.CONTENT, anchor)
    domain = writer.group(website, "Ym_xx", in_row("website.domain", "website", row))
    xml.child(domain, "IspYmid", writer.report.allot("IspYmid", f"{anchor}.domain"))
    writer.lines(domain, mapping.DOMAIN, anchor)
    _access(writer, website, row)
    writer.lines(website, mapping.WEBSITE_TAIL, anchor)


def _pre_approvals(writer: Writer, website: Any, row: str) -> None:
    group = f"website[{row}].pre_approvals"
    codes = writer.report.answers.rows(group)
    if not codes:
        return
    approvals = writer.group(website, "Nrlx", group)
    for code in codes:
        anchor = f"{group}[{code}]"
        approval = writer.group(approvals, "Nrlx_xx", anchor)
        writer.value(approval, "Nrlx_id", code, group)
        writer.lines(approval, mapping.PRE_APPROVAL, anchor)
        slot = f"{anchor}.papers.document"
        scan = writer.report.papers.get(slot)
        if scan is not None:
            writer.value(approval, "Spwj", attachments.as_base64(scan), slot)


def _access(writer: Writer, website: Any, row: str) -> None:
    anchor = f"website[{row}].access"
    access = writer.group(website, "Jr_xx", anchor)
    xml.child(access, "IspJrid", writer.report.allot("IspJrid", anchor))
    writer.lines(access, mapping.ACCESS, anchor)
    path = f"{anchor}.ip_addresses"
    typed = writer.report.answers.get(path)
    for number, text in enumerate(typed if isinstance(typed, list) else [typed]):
        if not text:
            continue
        part = writer.group(access, "Ip_xx", path)
        xml.child(part, "IspIpid", writer.report.allot("IspIpid", f"{path}[{number}]"))
        try:
            first, last = numbers.ip_range(text)
        except ValueError:
            first, last = 0, 0  # the schema refuses it, at the answer's place
        writer.value(part, "Qsip", first, path)
        writer.value(part, "Zzip", last, path)
