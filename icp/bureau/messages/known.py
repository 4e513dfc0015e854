"""What the bureau knows of a filing already: the subject and websites on record, with its ids for them.

A subject or website is named by the bureau's id where we have it, else by its filing number: never by both.
"""

from __future__ import annotations

from icp.bureau.messages.build import Report
from icp.bureau.messages.writing import OWNER_SUBJECT, OWNER_WEBSITE, Owner, Writer
from icp.filings.answers import Answers
from icp.register.records import AccessRecord, PrincipalRecord, SubjectRecord, WebsiteRecord
from icp.vocabulary.text import N_, Message

UNKNOWN_MESSAGE = N_("登记簿里没有这个备案在管局的编号，报不了。")
UNKNOWN_REMEDY = N_("请核对备案号；号码没错的，等管局数据同步后再报。")
NO_ACCESS_MESSAGE = N_("登记簿里没有本单位对这个网站的接入。")
NO_ACCESS_REMEDY = N_("请核对网站备案号；网站要接到这里的，请办新增接入。")
PASSWORD_MESSAGE = N_("缺少备案密码。")
PASSWORD_REMEDY = N_("请填管局发给主办者的备案密码；忘记的，在管局网站找回。")


def subject_number(report: Report) -> str:
    """The subject's number: answered, on record, or the first part of a website's."""
    number = report.answers.text("subject.filing_number").strip()
    if not number and report.on_record is not None:
        number = report.on_record.number
    if not number:
        numbers = (site_number(report, row) for row in report.answers.rows("website"))
        number = next(filter(None, numbers), "").rpartition("-")[0]
    return number


def site_number(report: Report, row: str) -> str:
    """The number of a website on record, '' for a new one."""
    return report.answers.text(f"website[{row}].filing_number").strip()


def subject_id(report: Report) -> int | None:
    """The bureau's id of the subject, when we know it."""
    return None if report.on_record is None else report.on_record.bureau_id


def site(report: Report, row: str) -> WebsiteRecord | None:
    """The website of a row as it is on record."""
    number = site_number(report, row)
    sites = () if report.on_record is None or not number else report.on_record.websites
    return next((site for site in sites if site.number == number), None)


def subject_owner(report: Report) -> Owner:
    """The subject on record, as the owner of attachments."""
    return Owner(OWNER_SUBJECT, subject_id(report), subject_number(report))


def site_owner(report: Report, row: str) -> Owner:
    """A website on record, as the owner of attachments."""
    found = site(report, row)
    return Owner(OWNER_WEBSITE, None if found is None else found.bureau_id, site_number(report, row))


def own_accesses(report: Report, row: str) -> list[AccessRecord]:
    """Our accesses of a website on record that the bureau has an id for; those of other providers aren't ours."""
    found = site(report, row)
    accesses = () if found is None else found.accesses
    return [a for a in accesses if a.provider_id == report.isp_id and a.bureau_id is not None]


def refuse_unknown(writer: Writer, path: str) -> None:
    """Note that the bureau's id of what ``path`` names isn't known here."""
    writer.refuse(path, "not_on_record", Message(UNKNOWN_MESSAGE), Message(UNKNOWN_REMEDY))


def refuse_without_access(writer: Writer, row: str) -> None:
    """Note that we have no access of a website on record."""
    path = f"website[{row}].filing_number"
    writer.refuse(path, "no_own_access", Message(NO_ACCESS_MESSAGE), Message(NO_ACCESS_REMEDY))


def password(writer: Writer, report: Report, *, needed: bool) -> str:
    """The password's MD5 for ``ICPmm``; noted as missing where the interface wants it."""
    if needed and not report.password_md5:
        writer.refuse("filing_password", "password_missing", Message(PASSWORD_MESSAGE), Message(PASSWORD_REMEDY))
    return report.password_md5


def as_answers(record: SubjectRecord) -> Answers:
    """What is on record as answers, with rows `w1`, `w2` … in the order of its websites."""
    values: dict[str, str | list[str]] = {
        "subject.filing_number": record.number,
        "subject.name": record.name,
        "subject.organisation_type": record.organisation_type,
        "subject.document_type": record.document_type,
        "subject.document_number": record.document_number,
        "subject.document_address": record.document_address,
        "subject.region_code": record.region_code,
        "subject.mailing_address": record.mailing_address,
        "subject.supervisor": record.supervisor,
        "subject.remark": record.remark,
    }
    values |= _person("subject.principal", record.principal)
    rows = [f"w{n}" for n in range(1, 1 + len(record.websites))]
    for row, website in zip(rows, record.websites, strict=True):
        values |= site_as_answers(row, website)
    return Answers(values, {"website": rows})


def site_as_answers(row: str, website: WebsiteRecord) -> dict[str, str | list[str]]:
    """What is on record of a website, without its domains and accesses, of which there may be several."""
    path = f"website[{row}]"
    approvals = f"{path}.pre_approvals"
    return {
        f"{path}.filing_number": website.number,
        f"{path}.name": website.name,
        f"{path}.home_url": website.home_url,
        f"{path}.service_content": list(website.service_content),
        f"{path}.languages": list(website.languages),
        f"{path}.remark": website.remark,
        approvals: [kind for kind, _ in website.pre_approvals],
        **{f"{approvals}[{kind}].approval_number": number for kind, number in website.pre_approvals},
        f"{path}.principal.same_as_subject": "no",
        **_person(f"{path}.principal", website.principal),
    }


def access_as_answers(row: str, access: AccessRecord) -> Answers:
    """What is on record of an access, without its ranges."""
    path = f"website[{row}].access"
    return Answers(
        {
            f"{path}.server_location": list(access.server_locations),
            f"{path}.access_method": list(access.access_methods),
        }
    )


def _person(path: str, person: PrincipalRecord) -> dict[str, str]:
    return {
        f"{path}.name": person.name,
        f"{path}.document_type": person.document_type,
        f"{path}.document_number": person.document_number,
        f"{path}.landline": person.landline,
        f"{path}.mobile": person.mobile,
        f"{path}.email": person.email,
        f"{path}.msn": person.msn,
        f"{path}.qq": person.qq,
    }
