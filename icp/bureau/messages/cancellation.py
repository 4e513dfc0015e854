"""ZXBA: cancelling the subject, websites, or our accesses (interface section on cancellations).

What is cancelled is named by the bureau's id. The filing password goes with a subject and a website, never with an
access: that one is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from icp.bureau.messages import known, mapping
from icp.bureau.messages.build import Built, BuiltRecord, Report, document
from icp.bureau.messages.writing import Writer

Named = list[tuple[str, int]]
"""Instance path of what is cancelled, and the bureau's id of it."""


@dataclass(frozen=True)
class Kind:
    """What is cancelled.

    Attributes:
        code: ``Zxlb``.
        operation_type: 操作类型 (Czlx) in results.
        find: what exactly, with the bureau's ids; unknown ones are noted.
        password: whether the filing password goes with it, and must be there.
    """

    code: str
    operation_type: str
    find: Callable[[Writer, Report], Named]
    password: tuple[bool, bool]


def build(report: Report) -> Built:
    """Build the data file of a cancellation, without the rows that are done.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema, can't be written in GBK, an id at the
            bureau isn't known, or the filing password is missing.
    """
    kind = KINDS[report.operation]
    writer = Writer(report.answers, report.vocabulary)
    root, operation = document("ZXBA", report.isp_id)
    sent, needed = kind.password
    password = known.password(writer, report, needed=needed) if sent else ""
    records = tuple(_cancel(writer, operation, kind, *named, password) for named in kind.find(writer, report))
    return Built(writer.finish(root), root, records)


def _cancel(writer: Writer, operation: Any, kind: Kind, path: str, bureau_id: int, password: str) -> BuiltRecord:
    record = writer.group(operation, "Zx_xx", path)
    writer.value(record, "Zxlb", kind.code, path)
    writer.value(record, "Jlid", bureau_id, path)
    writer.lines(record, mapping.CANCELLATION, path)
    writer.value(record, "ICPmm", password, "filing_password")
    return BuiltRecord(kind.operation_type, str(bureau_id), path, (str(bureau_id),))


def _rows(report: Report) -> list[str]:
    return [row for row in report.answers.rows("website") if row not in report.done]


def _subject(writer: Writer, report: Report) -> Named:
    bureau_id = known.subject_id(report)
    if bureau_id is None:
        known.refuse_unknown(writer, "subject.filing_number")
        return []
    return [("subject", bureau_id)]


def _websites(writer: Writer, report: Report) -> Named:
    found: Named = []
    for row in _rows(report):
        site = known.site(report, row)
        if site is None or site.bureau_id is None:
            known.refuse_unknown(writer, f"website[{row}].filing_number")
        else:
            found.append((f"website[{row}]", site.bureau_id))
    return found


def _accesses(writer: Writer, report: Report) -> Named:
    """Our accesses that are on record still: what was approved is taken off it at once, also when another isn't."""
    found: Named = []
    for row in report.answers.rows("website"):
        own = [access.bureau_id for access in known.own_accesses(report, row) if access.bureau_id is not None]
        if not own and row not in report.done:
            known.refuse_without_access(writer, row)
        several = len(own) > 1  # each is answered by itself, so each has a path of its own
        part = f"website[{row}].access[{{}}]" if several else f"website[{row}]"
        found += [(part.format(str(bureau_id)[-12:]), bureau_id) for bureau_id in own]
    return found


KINDS = {
    "cancel_subject": Kind("0", "6", _subject, password=(True, True)),
    "cancel_website": Kind("1", "7", _websites, password=(True, False)),
    "cancel_access": Kind("2", "5", _accesses, password=(False, False)),
}
"""Code of the operation → what it cancels."""
