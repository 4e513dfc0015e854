"""What a file says of a subject, made fit for the register: canonical numbers, whose accesses, nothing older."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from icp.filings.states import CHINA
from icp.register import reading
from icp.register.models import Subject
from icp.register.records import SubjectRecord, WebsiteRecord
from icp.rules import filing_numbers, numbers
from icp.vocabulary.text import N_, Message

NO_NUMBER = N_("没有备案号，没有登记")
NO_WEBSITES = N_("没有带备案号的网站，没有登记")
NOT_NUMBER = N_("“{text}”不像备案号")


def numbered(record: SubjectRecord) -> tuple[SubjectRecord, Message | None]:
    """The record with canonical numbers and without websites that have none; or why it can't be taken."""
    if not record.number:
        return record, Message(NO_NUMBER)
    number = filing_numbers.canonical(record.number)
    if number is None or filing_numbers.is_of_website(number):
        return record, Message(NOT_NUMBER, text=record.number)
    websites: list[WebsiteRecord] = []
    for website in record.websites:
        canonical = filing_numbers.canonical(website.number)
        if website.number and canonical is None:
            return record, Message(NOT_NUMBER, text=website.number)
        if canonical is not None:
            websites.append(dataclasses.replace(website, number=canonical))
    if not websites:
        return record, Message(NO_WEBSITES)
    return dataclasses.replace(record, number=number, websites=tuple(websites)), None


def ours(record: SubjectRecord, our_isp_id: int) -> SubjectRecord:
    """The record of our own list: its accesses are ours."""
    websites = [
        dataclasses.replace(
            website, accesses=tuple(dataclasses.replace(a, provider_id=our_isp_id) for a in website.accesses)
        )
        for website in record.websites
    ]
    return dataclasses.replace(record, websites=tuple(websites))


def fits(document_type: str, number: str) -> bool:
    """Whether a number's check digit fits; of documents without one, and of old ones, nothing is said."""
    number = number.upper()
    if document_type == "1" and len(number) == 18:
        return numbers.credit_fits(number)
    return document_type != "2" or len(number) != 18 or numbers.id_fits(number)


def newer(found: SubjectRecord, subject: Subject | None) -> tuple[SubjectRecord, list[str]]:
    """The record without what is older than the register has it, by when the bureau says that each was last changed
    (Zjxgsj). What has no such moment, or stands on record without one, is taken.

    Args:
        found: with canonical numbers.
        subject: on record under the same number, cancelled or not; None: nothing is.

    Returns:
        the record, in which what is newer on record stands as it is there, or is left out where it was cancelled or
        went over to another subject; and the numbers of what was left alone.
    """
    older: list[str] = []
    websites = [kept for website in found.websites if (kept := _newer_website(website, found.number, older))]
    if subject is None:
        return dataclasses.replace(found, websites=tuple(websites)), older
    if subject.cancelled_at is not None:
        if _before(found.last_changed, _moment(subject.cancelled_at)):
            return dataclasses.replace(found, websites=()), [found.number]
    elif _before(found.last_changed, str(subject.details.get("last_changed", ""))):
        older.insert(0, found.number)
        found = dataclasses.replace(reading.as_record(subject), websites=())
    return dataclasses.replace(found, websites=tuple(websites)), older


def _newer_website(website: WebsiteRecord, subject_number: str, older: list[str]) -> WebsiteRecord | None:
    known = reading.by_number(website.number, cancelled=True)
    there = known.website if known is not None else None
    if known is None or there is None:
        return website
    gone = there.cancelled_at is not None
    last = _moment(there.cancelled_at) if there.cancelled_at else str(there.details.get("last_changed", ""))
    if not _before(website.last_changed, last):
        return _without_ended(website, known.subject, older)
    older.append(website.number)
    return None if gone or known.subject.number != subject_number else reading.website_as_record(there)


def _without_ended(website: WebsiteRecord, subject: Subject, older: list[str]) -> WebsiteRecord:
    """Without the accesses that were cancelled here, by their bureau's ids, which it never gives again. The moment of
    the website doesn't tell: a cancelled access needn't have changed it."""
    ended = reading.ended_accesses(subject)
    accesses = tuple(access for access in website.accesses if access.bureau_id not in ended)
    if accesses == website.accesses:
        return website
    older.append(website.number)
    return dataclasses.replace(website, accesses=accesses)


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _before(said: str, there: str) -> bool:
    """Whether a moment lies before another, as far as both are told; some are days only."""
    first, second = (re.sub(r"\D", "", text) for text in (said, there))
    told = min(len(first), len(second))
    return first[:told] < second[:told]
