"""Filling the register from files: what each record says beside what is on record, and then putting it there.

Records are taken in batches, each committed with how far it got, so that an import that was cut short goes on where it
stopped; taking a record twice changes nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from icp.bureau import account as accounts
from icp.bureau import register_prepared as prepared
from icp.bureau.register_files import Contents, Entry, read
from icp.extensions import begin_write, db, let_others_write, now
from icp.register import merging, ranges, reading, verbs, versions
from icp.register.models import RegisterImport, Subject
from icp.register.records import SubjectRecord, WebsiteRecord
from icp.rules import addresses_ip
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

BATCH = 50

DIFFERS = N_("{what}：与登记库不同，{taken}")
REPLACED, KEPT = N_("已按文件更新"), N_("没有改登记库")
NOT_CODE = N_("{table} 没有代码“{code}”")
DOCUMENT = N_("{what}的校验位不对")
DOMAIN_ELSEWHERE = N_("域名 {domain} 在登记库里属于 {number}，没有登记这个主体")
DOMAIN_TWICE = N_("域名 {domain} 在登记库里属于 {number}")
ADDRESS_OUTSIDE = N_("{address} 不在本公司的地址段里")
OLDER = N_("{number} 在登记库里的更新，没有改登记库")
CANCELLED = N_("{number} 在登记库里已注销，{taken}")
NOT_RECORDED = N_("没有登记成：{problem}")


class Policy(StrEnum):
    """What becomes of values that differ from those on record."""

    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True)
class Finding:
    """Something a person should look at.

    Attributes:
        line: of the CSV; the record's place in an XML file.
        number: of the subject, '' when it has none.
        kind: `bad_line`, `refused`, `older`, `differs`, `cancelled`, `code`, `document`, `domain`, `address`.
        text: in words; names fields, never what is a person's own.
        column: of the CSV, of a bad line.
        remedy: how to mend a bad line.
    """

    line: int
    number: str
    kind: str
    text: Message
    column: str = ""
    remedy: str = ""


@dataclass
class Report:
    """What an import did so far: records dealt with, of these put on record or changed, and what to look at."""

    total: int
    done: int = 0
    recorded: int = 0
    skipped: int = 0
    findings: list[Finding] = dataclasses.field(default_factory=list)
    earlier: bool = False


def import_file(
    data: bytes,
    name: str,
    words: Vocabulary,
    *,
    policy: Policy | None = None,
    older_too: bool = False,
    dry: bool = False,
    by_id: int | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Take a file into the register, and commit batch by batch.

    Args:
        data: the file, XML (``BASJ``, ``SJTB``) or CSV.
        name: the file's name, for people.
        words: the code tables in force.
        policy: when values differ; None: the bureau's files replace, a CSV keeps what is on record.
        older_too: what the bureau changed later, by the register, is replaced as well.
        dry: look only; nothing is kept.
        by_id: the member of staff who does it.
        progress: called after each batch.

    Returns:
        what was done; ``earlier`` when the same file had been taken to its end before, and nothing is done.

    Raises:
        icp.bureau.register_files.FileRefused: nothing of the file can be used.
    """
    contents = read(data, words)
    policy = policy or (Policy.REPLACE if contents.whole else Policy.KEEP)
    report = Report(len(contents.entries))
    report.findings += [Finding(bad.line, "", "bad_line", bad.problem, bad.column, bad.remedy) for bad in contents.bad]
    digest = hashlib.sha256(policy.encode() + b"older" * older_too + data).hexdigest()
    work = _Work(contents, words, policy, older_too, _our_isp_id(), by_id, report)
    if not dry:
        begin_write()
        row = _row(digest, name)
        report.earlier, report.done = row.finished_at is not None, row.done
        report.skipped = row.done
        db.session.commit()
        if report.earlier:
            return report
    while report.done < report.total:
        let_others_write()
        begin_write()
        batch = contents.entries[report.done : report.done + BATCH]
        for entry in batch:
            work.take(entry)
        report.done += len(batch)
        _keep_progress(digest, name, report, dry)
        progress(report)
    if not dry and not report.total:
        _keep_progress(digest, name, report, dry)
    return report


def _our_isp_id() -> int:
    account = accounts.reporting_account()
    return account.isp_id if account is not None else int(current_app.extensions["settings"].bureau_isp_id)


def _row(digest: str, name: str) -> RegisterImport:
    row = db.session.scalar(select(RegisterImport).where(RegisterImport.digest == digest))
    if row is None:
        row = RegisterImport(digest=digest, name=name[:255])
        db.session.add(row)
        db.session.flush()
    return row


def _keep_progress(digest: str, name: str, report: Report, dry: bool) -> None:
    if dry:
        db.session.rollback()
        return
    row = _row(digest, name)
    row.done, row.recorded = report.done, report.recorded
    row.finished_at = now() if report.done >= report.total else None
    db.session.commit()


@dataclass
class _Work:
    """One import under way."""

    contents: Contents
    words: Vocabulary
    policy: Policy
    older_too: bool
    our_isp_id: int
    by_id: int | None
    report: Report

    def take(self, entry: Entry) -> None:
        """Look at one record, and put it on record unless something forbids it."""
        found, refusal = prepared.numbered(entry.record)
        if not self.contents.whole:
            found = prepared.ours(found, self.our_isp_id)
        if refusal is None:
            refusal = next(self._domains(entry, found), None)
        if refusal is not None:
            self._say(entry, "refused", refusal)
            return
        known = verbs.by_number(found.number, cancelled=True)
        subject = known.subject if known is not None else None
        if self.contents.whole and not self.older_too:
            found, older = prepared.newer(found, subject)
            for number in older:
                self._say(entry, "older", Message(OLDER, number=number))
        found = self._without_cancelled(entry, found, subject)
        if not found.websites:
            return
        base = reading.as_record(subject) if subject is not None and subject.cancelled_at is None else None
        for kind, text in (*self._values(found), *self._addresses(found)):
            self._say(entry, kind, text)
        self._put(entry, found, base)

    def _without_cancelled(self, entry: Entry, found: SubjectRecord, subject: Subject | None) -> SubjectRecord:
        """The record without websites that were cancelled; told in any case, and taken when the file wins."""
        gone = {w.number for w in subject.websites if w.cancelled_at is not None} if subject is not None else set()
        for website in found.websites:
            if website.number in gone:
                self._say(entry, "cancelled", Message(CANCELLED, number=website.number, taken=Message(self._taken)))
        if self.policy is Policy.REPLACE:
            return found
        return dataclasses.replace(found, websites=tuple(w for w in found.websites if w.number not in gone))

    @property
    def _taken(self) -> str:
        return REPLACED if self.policy is Policy.REPLACE else KEPT

    def _put(self, entry: Entry, found: SubjectRecord, base: SubjectRecord | None) -> None:
        wanted = self._merged(found, base, Policy.REPLACE)
        if base is not None:
            self._tell_differences(entry, base, wanted)
            wanted = self._merged(found, base, self.policy)
        try:
            with db.session.begin_nested():
                subject = verbs.record(
                    wanted, filing_id=None, our_isp_id=self.our_isp_id, source="import", by_id=self.by_id,
                    others_stay=not self.contents.whole,
                )  # fmt: skip
                after = reading.told(reading.as_record(subject), self.our_isp_id)
        except SQLAlchemyError as error:
            self._say(entry, "refused", Message(NOT_RECORDED, problem=type(error).__name__))
            return
        before = reading.told(base, self.our_isp_id) if base is not None else None
        self.report.recorded += versions.leaves(before) != versions.leaves(after)

    def _merged(self, found: SubjectRecord, base: SubjectRecord | None, policy: Policy) -> SubjectRecord:
        if base is None:
            return found
        if self.contents.whole and policy is Policy.REPLACE:
            return merging.replaced(found, base)
        first, second = (found, base) if policy is Policy.REPLACE else (base, found)
        return merging.filled(first, second, self.our_isp_id)

    def _tell_differences(self, entry: Entry, base: SubjectRecord, wanted: SubjectRecord) -> None:
        sides = [reading.told(record, self.our_isp_id) for record in (base, wanted)]
        for difference in versions.differences(*sides):
            if difference.before is None and self.policy is Policy.KEEP:
                continue  # what was empty is filled in, whatever the policy
            what = Message("{part} {label}", part=difference.part or base.number, label=Message(difference.leaf.label))
            self._say(entry, "differs", Message(DIFFERS, what=what, taken=Message(self._taken)))

    def _values(self, found: SubjectRecord) -> Iterator[tuple[str, Message]]:
        coded = [("organisation_types", found.organisation_type), ("document_types", found.document_type)]
        for website in found.websites:
            coded += [("service_contents", code) for code in website.service_content]
            coded += [("languages", code) for code in website.languages]
            coded += [("preapproval_types", code) for code, _ in website.pre_approvals]
            for access in website.accesses:
                coded += [("access_methods", code) for code in access.access_methods]
                coded += [("server_locations", code) for code in access.server_locations]
        for table, code in dict.fromkeys(coded):
            if code and not self.words.has(table, code):
                yield "code", Message(NOT_CODE, table=table, code=code)
        if not prepared.fits(found.document_type, found.document_number):
            yield "document", Message(DOCUMENT, what=Message(N_("主体证件号码")))
        parts: list[SubjectRecord | WebsiteRecord] = [found, *found.websites]
        for part in parts:
            if not prepared.fits(part.principal.document_type, part.principal.document_number):
                yield "document", Message(DOCUMENT, what=Message(N_("{number} 负责人证件号码"), number=part.number))

    def _domains(self, entry: Entry, found: SubjectRecord) -> Iterator[Message]:
        """Domains that are another subject's: a list of our own doesn't outweigh that, the bureau's word does."""
        for website in found.websites:
            for domain in website.domains:
                holder = verbs.by_domain(domain.name)
                if holder is None or holder.number == website.number or holder.subject.number == found.number:
                    continue
                if not self.contents.whole:
                    yield Message(DOMAIN_ELSEWHERE, domain=domain.name, number=holder.number)
                self._say(entry, "domain", Message(DOMAIN_TWICE, domain=domain.name, number=holder.number))

    def _addresses(self, found: SubjectRecord) -> Iterator[tuple[str, Message]]:
        for website in found.websites:
            for access in website.accesses:
                if access.provider_id not in (None, self.our_isp_id):
                    continue
                for span in access.ranges:
                    if not ranges.holds(span.first, span.last):
                        yield "address", Message(ADDRESS_OUTSIDE, address=addresses_ip.to_text(span.first, span.last))

    def _say(self, entry: Entry, kind: str, text: Message) -> None:
        self.report.findings.append(Finding(entry.line, entry.record.number, kind, text))
