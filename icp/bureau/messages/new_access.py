"""XZJR: websites on record that get an access here as well (interface section on new accesses).

One request for each website: the bureau answers each by itself. The filing password proves that the host agrees.
"""

from __future__ import annotations

from typing import Any

from icp.bureau.messages import attachments, known, mapping, parts
from icp.bureau.messages.build import Built, BuiltRecord, Report, document
from icp.bureau.messages.writing import Writer

OPERATION_TYPE = "3"


def build(report: Report) -> Built:
    """Build the data file of new accesses, without the rows that are done.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema, can't be written in GBK, or the
            filing password is missing.
    """
    writer = Writer(report.answers, report.vocabulary)
    root, operation = document("XZJR", report.isp_id)
    password = known.password(writer, report, needed=True)
    rows = [row for row in report.answers.rows("website") if row not in report.done]
    records = tuple(_request(writer, report, operation, row, password) for row in rows)
    return Built(writer.finish(root), root, records)


def _request(writer: Writer, report: Report, operation: Any, row: str, password: str) -> BuiltRecord:
    anchor = f"website[{row}]"
    record = writer.group(operation, "Xzxx", anchor)
    website = writer.group(record, "Wz_xx", f"{anchor}.filing_number")
    # By its number, which every result can be told by; the host gives it in any case.
    writer.lines(website, mapping.OF_WEBSITE, anchor)
    access = parts.new_access(report, row)
    parts.access_content(writer, record, access, f"{anchor}.access")
    if report.access_papers:
        attachments.write(writer, record, attachments.of_subject(report), known.subject_owner(report))
        attachments.write(writer, record, attachments.of_website(report, row), known.site_owner(report, row))
    writer.value(record, "ICPmm", password, "filing_password")
    ids = tuple(str(value) for _, value in access.ids)
    return BuiltRecord(OPERATION_TYPE, known.site_number(report, row), anchor, ids)
