"""BGBA: a change of what is on record (interface section on changes).

One request carries the complete new state of the subject and of each website that differs from the record, at least
of one. Parts of a website that the answers don't tell, a second domain or access, stay as they are on record.
"""

from __future__ import annotations

from typing import Any

from icp.bureau.messages import attachments, known, mapping, parts
from icp.bureau.messages.build import Built, BuiltRecord, Report, document
from icp.bureau.messages.parts import Access, Domain, Range
from icp.bureau.messages.writing import Writer
from icp.filings.answers import Answers
from icp.filings.paths import beside
from icp.register.records import AccessRecord, DomainRecord, WebsiteRecord
from icp.rules.correction import Value
from icp.vocabulary.text import N_, Message

OPERATION_TYPE = "4"
LAST_DOCUMENT_TYPE = 11
"""The schema of changes knows no later ones, though every other group does (interface, differences and traps)."""

TYPE_MESSAGE = N_("管局接口的变更不收“{document}”这种证件。")
TYPE_REMEDY = N_("请联系管局办理变更；管局办不了的，先注销，再重新备案。")

NOT_ASKED = (".msn", ".qq")
ONE_OF_EACH = (*mapping.DOMAIN, *mapping.ACCESS)


def build(report: Report) -> Built:
    """Build the data file of a change.

    Raises:
        icp.bureau.messages.build.MessageRefused: it would violate the schema, can't be written in GBK, or the
            bureau's ids of what is changed aren't known.
    """
    writer = Writer(_with_what_is_not_asked(report), report.vocabulary)
    root, operation = document("BGBA", report.isp_id)
    record = writer.group(operation, "Bgxx", "filing")
    subject_id = known.subject_id(report)
    _subject(writer, report, record, subject_id)
    rows = _rows_to_send(writer, report)
    for row, site in rows:
        _website(writer, report, record, row, site)
    attachments.write(writer, record, attachments.of_subject(report), known.subject_owner(report))
    for row, _ in rows:
        attachments.write(writer, record, attachments.of_website(report, row), known.site_owner(report, row))
    writer.value(record, "ICPmm", known.password(writer, report, needed=False), "filing_password")
    data = writer.finish(root)
    key = str(subject_id)
    return Built(data, root, (BuiltRecord(OPERATION_TYPE, key, "subject", (key,)),))


def _with_what_is_not_asked(report: Report) -> Answers:
    """The answers, with accounts on record of principals who stay: what isn't sent would be gone."""
    answers = report.answers.copy()
    if report.on_record is None:
        return answers
    people = [("subject.principal", report.on_record.principal)]
    for row in answers.rows("website"):
        site = known.site(report, row)
        if site is not None:
            people.append((f"website[{row}].principal", site.principal))
    for path, person in people:
        if answers.text(f"{path}.document_number") == person.document_number:
            answers.values |= {f"{path}.msn": person.msn, f"{path}.qq": person.qq}
    return answers


def _subject(writer: Writer, report: Report, record: Any, subject_id: int | None) -> None:
    subject = writer.group(record, "Zt_xx", "subject")
    if subject_id is None:
        known.refuse_unknown(writer, "subject.filing_number")
    parts.ids(writer, subject, (("Ztid", subject_id),), "subject.filing_number")
    writer.lines(subject, mapping.SUBJECT_NUMBER, "subject")
    writer.lines(subject, mapping.SUBJECT, "subject")
    _check_document_type(writer, report)


def _check_document_type(writer: Writer, report: Report) -> None:
    code = report.answers.text("subject.document_type").strip()
    if not code.isdigit() or int(code) <= LAST_DOCUMENT_TYPE:
        return
    message = Message(TYPE_MESSAGE, document=report.vocabulary.label("document_types", code))
    writer.refuse("subject.document_type", "document_type_in_change", message, Message(TYPE_REMEDY))


def _rows_to_send(writer: Writer, report: Report) -> list[tuple[str, WebsiteRecord]]:
    """The websites that differ from the record or bring papers; the first one when none does."""
    found: list[tuple[str, WebsiteRecord]] = []
    for row in report.answers.rows("website"):
        site = known.site(report, row)
        if site is None or site.bureau_id is None:
            known.refuse_unknown(writer, f"website[{row}].filing_number")
        elif not known.own_accesses(report, row):
            known.refuse_without_access(writer, row)
        else:
            found.append((row, site))
    return [pair for pair in found if _differs(report, *pair)] or found[:1]


def _differs(report: Report, row: str, site: WebsiteRecord) -> bool:
    path = f"website[{row}]"
    if any(slot.startswith(f"{path}.") for slot in report.papers):
        return True
    own = known.own_accesses(report, row)[0]
    there = Answers(known.site_as_answers(row, site) | known.access_as_answers(row, own).values)
    there.values[f"{path}.domain"] = site.domains[0].name if site.domains else ""
    paths = {beside(line.path, path) for line in (*mapping.TABLE["Wz_xx"], *ONE_OF_EACH)} | {f"{path}.pre_approvals"}
    paths |= {f"{path}.pre_approvals[{code}].approval_number" for code in report.answers.rows(f"{path}.pre_approvals")}
    recorded = [(found.first, found.last) for found in own.ranges]
    return sorted(recorded) != sorted(parts.answered_ranges(report.answers, row)) or any(
        _plain(report.answers.get(p)) != _plain(there.get(p)) for p in paths if not p.endswith(NOT_ASKED)
    )


def _plain(value: Value) -> list[str]:
    """A value for comparing: one text or many in any order; the code for none is nothing."""
    texts = value if isinstance(value, list) else [value]
    return sorted(text.strip() for text in texts if text.strip() not in ("", "none"))


def _website(writer: Writer, report: Report, record: Any, row: str, site: WebsiteRecord) -> None:
    first, *others = known.own_accesses(report, row)
    accesses = [Access((("Jrid", first.bureau_id),), parts.ranges_of(report, row, first.ranges))]
    accesses += [_as_on_record(report, row, access) for access in others]
    domains = [_domain(report, row, name, found) for name, found in _domains(report, row, site)]
    scans = parts.scans_of(report, row)
    parts.website(
        writer, record, parts.Website(row, (("Wzid", site.bureau_id),), domains, accesses, scans, numbered=True)
    )


def _domains(report: Report, row: str, site: WebsiteRecord) -> list[tuple[str, DomainRecord | None]]:
    """The website's domains from now on: the one answered takes the place of the first on record."""
    by_name = {found.name.lower(): found for found in site.domains}
    answered = parts.domain_of(report, row)
    names = [answered, *(found.name for found in site.domains[1:])]
    return [(name, by_name.get(name.lower())) for name in dict.fromkeys(names)]


def _domain(report: Report, row: str, name: str, found: DomainRecord | None) -> Domain:
    fresh = report.allot("IspYmid", f"website[{row}].domain")
    return Domain((("IspYmid", fresh), ("Ymid", None if found is None else found.bureau_id)), name)


def _as_on_record(report: Report, row: str, access: AccessRecord) -> Access:
    path = f"website[{row}].access.ip_addresses"
    ranges = [
        Range((("IspIpid", report.allot("IspIpid", path)), ("Ipid", found.bureau_id)), found.first, found.last)
        for found in access.ranges
    ]
    return Access((("Jrid", access.bureau_id),), ranges, known.access_as_answers(row, access))
