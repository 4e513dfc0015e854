"""XZWZ: websites that are added to a subject on record (interface section on new websites).

One request carries them all; a review names each by its enterprise id.
"""

from __future__ import annotations

from icp.bureau.messages import attachments, known, parts
from icp.bureau.messages.build import Built, BuiltRecord, Report, document
from icp.bureau.messages.writing import OWNER_WEBSITE, Owner, Writer

OPERATION_TYPE = "2"


def build(report: Report) -> Built:
    """Build the data file of new websites; rows of websites that have a number already are not among them.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema or can't be written in GBK.
    """
    writer = Writer(report.answers, report.vocabulary)
    root, operation = document("XZWZ", report.isp_id)
    record = writer.group(operation, "Xzxx", "filing")
    subject = writer.group(record, "Zt_xx", "subject.filing_number")
    number, subject_id = known.subject_number(report), known.subject_id(report)
    if subject_id is None:
        writer.value(subject, "Ztbah", number, "subject.filing_number")
    else:
        writer.value(subject, "Ztid", subject_id, "subject.filing_number")
    rows = [row for row in report.answers.rows("website") if not known.site_number(report, row)]
    site_ids = {row: report.allot("IspWzid", f"website[{row}]") for row in rows}
    for row in rows:
        parts.website(writer, record, parts.new_website(report, row, site_ids[row]))
    attachments.write(writer, record, attachments.of_subject(report), known.subject_owner(report))
    for row in rows:
        attachments.write(writer, record, attachments.of_website(report, row), Owner(OWNER_WEBSITE, site_ids[row]))
    writer.value(record, "ICPmm", known.password(writer, report, needed=False), "filing_password")
    key = number if subject_id is None else str(subject_id)
    ids = tuple(str(site_id) for site_id in site_ids.values())
    return Built(writer.finish(root), root, (BuiltRecord(OPERATION_TYPE, key, "subject", ids),))
