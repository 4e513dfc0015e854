"""XZBA: the first filing of a subject with its websites (interface section on new filings)."""

from __future__ import annotations

from icp.bureau.messages import attachments, mapping, parts
from icp.bureau.messages.build import Built, BuiltRecord, Report, document
from icp.bureau.messages.writing import OWNER_SUBJECT, OWNER_WEBSITE, Owner, Writer

OPERATION_TYPE = "1"


def build(report: Report) -> Built:
    """Build the data file of a new filing.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
    """
    writer = Writer(report.answers, report.vocabulary)
    root, operation = document("XZBA", report.isp_id)
    record = writer.group(operation, "Baxx", "filing")
    subject_id = report.allot("IspZtid", "subject")
    subject = writer.group(record, "Zt_xx", "subject")
    parts.ids(writer, subject, (("IspZtid", subject_id),), "subject")
    writer.value(subject, "Bbfs", report.mode, "subject")
    writer.lines(subject, mapping.SUBJECT, "subject")
    rows = report.answers.rows("website")
    site_ids = {row: report.allot("IspWzid", f"website[{row}]") for row in rows}
    for row in rows:
        parts.website(writer, record, parts.new_website(report, row, site_ids[row]))
    attachments.write(writer, record, attachments.of_subject(report), Owner(OWNER_SUBJECT, subject_id, plain=True))
    for row in rows:
        owner = Owner(OWNER_WEBSITE, site_ids[row], plain=True)
        attachments.write(writer, record, attachments.of_website(report, row), owner)
    key = str(subject_id)
    return Built(writer.finish(root), root, (BuiltRecord(OPERATION_TYPE, key, "subject", (key,)),))
