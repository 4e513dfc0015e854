"""What is known of a subject and a domain: by our register, a host's own records, and the ministry's registry.

What was typed is looked up and forgotten; it goes into no address, log or session.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from icp import vocabulary
from icp.accounts import attempts
from icp.bureau import asking
from icp.bureau.codec.replies import StatusInfo
from icp.extensions import db
from icp.filings import finding
from icp.filings.finding import Case, Domain, Holds
from icp.filings.finding import Subject as Place
from icp.register import reading
from icp.register.models import Subject, Website
from icp.rules import filing_numbers, numbers
from icp.vocabulary.text import N_

NOT_ASKED = N_("部里的登记系统现在没有回答，下面只照我们的登记库和您说的判断。")
ASKED_TOO_OFTEN = N_("您查得太多了，一小时内不再问部里的登记系统；下面只照我们的登记库和您说的判断。")
NO_SUCH_QUERY = N_("这种证件，部里的登记系统不能按号码查；下面照域名、我们的登记库和您说的判断。")
KINDS = (
    (re.compile(r"9[0-9A-Z]{17}|\d{15}"), "1"),
    (re.compile(r"12[0-9A-Z]{16}"), "4"),
    (re.compile(r"51[0-9A-Z]{16}"), "6"),
    (re.compile(r"[A-Z]\d{8}"), "7"),
)
"""Shape of a number → type of document by which the ministry is asked (GB 32100: 9 commerce, 12 public institutions,
51 associations); the first that fits."""
SIGNS_BETWEEN = re.compile(r"[\s\-_.·]+")


@dataclass(frozen=True)
class Typed:
    """What was typed, in canonical form.

    Attributes:
        document: document number, upper case, without spaces and signs.
        domain: lower-case A-label.
        holds: whether he says that the subject has a filing number.
        number: that number, '' when he didn't type it.
    """

    document: str
    domain: str
    holds: Holds
    number: str = ""


@dataclass(frozen=True)
class Found:
    """What follows.

    Attributes:
        case: the case in the table.
        subject: the subject on record here, when it is the host's, or staff ask.
        website: the website on record under the domain, when it is the subject's.
        filed: what the ministry says of the domain, when it is filed.
        notes: what couldn't be asked (marked texts).
    """

    case: Case
    subject: Subject | None
    website: Website | None
    filed: StatusInfo | None
    notes: tuple[str, ...]


def kind_of(document: str) -> str:
    """The type of document a number looks like, '' when its shape doesn't tell."""
    if numbers.is_id_shaped(document) and document[0] != "9":
        return "2"
    return next((kind for shape, kind in KINDS if shape.fullmatch(document)), "")


def look(typed: Typed, account_id: int, *, staff: bool = False) -> Found:
    """Look everything up and say what follows; asks the ministry, so nothing may be open for writing.

    Args:
        typed: what was typed.
        account_id: who asks.
        staff: whether he asks for a customer: then every record here may be begun with.
    """
    subject, clash = _on_record(typed)
    mine = subject is not None and (staff or reading.is_of(subject, account_id))
    website = reading.by_domain(typed.domain)
    subject_id, website_id = subject.id if subject else None, website.id if website else None
    limit = "status_staff" if staff else "status_account"
    asked = _ask(typed, (limit, str(account_id)), with_document=subject is None, with_domain=website is None)
    subject = db.session.get(Subject, subject_id) if subject_id is not None else None
    website = db.session.get(Website, website_id) if website_id is not None else None
    number = subject.number if subject else typed.number or (asked.holder.subject_number if asked.holder else "")
    domain = _domain(website, subject, asked, filing_numbers.canonical(number) or "")
    place = Place.CLASH if clash else _place(subject, asked, mine)
    if place is Place.NONE and domain is Domain.FILED and _same(typed.number, asked.filed):
        place = Place.ELSEWHERE  # the ministry knows the number, by the domain though not by the document
    elif place is Place.NONE and domain is Domain.FILED:
        domain = Domain.OTHERS
    elif place is Place.NONE and typed.number:
        place = Place.APART
    case = finding.find(place, domain, typed.holds)
    known = place is Place.MINE
    its_own = website is not None and subject is not None and website.subject_id == subject.id
    return Found(case, subject if known else None, website if known and its_own else None, asked.filed, asked.notes)


@dataclass(frozen=True)
class Asked:
    """What the ministry said; None for what it wasn't asked, or didn't answer."""

    holder: StatusInfo | None = None
    domain: StatusInfo | None = None
    notes: tuple[str, ...] = ()

    @property
    def filed(self) -> StatusInfo | None:
        """The domain, when it is filed."""
        return self.domain if self.domain is not None and self.domain.filed else None


def _ask(typed: Typed, who: tuple[str, str], *, with_document: bool, with_domain: bool) -> Asked:
    if not (with_document or with_domain):
        return Asked()
    if not attempts.allow(*who):
        return Asked(notes=(ASKED_TOO_OFTEN,))
    domain = asking.status(asking.DOMAIN, typed.domain) if with_domain else None
    if with_domain and domain is None:
        return Asked(notes=(NOT_ASKED,))  # nobody waits for a second silence
    kind = kind_of(typed.document)
    if not with_document or not kind:
        return Asked(domain=domain, notes=(NO_SUCH_QUERY,) if with_document else ())
    holder = asking.status(int(kind), typed.document)
    return Asked(holder, domain, () if holder is not None else (NOT_ASKED,))


def _on_record(typed: Typed) -> tuple[Subject | None, bool]:
    """The subject here under the document or the number, and whether the two contradict each other."""
    kinds = [option.code for option in vocabulary.current().options("document_types")]
    hashes = {reading.document_hash(kind, typed.document) for kind in kinds}
    wanted = select(Subject).where(Subject.document_hash.in_(hashes)).order_by(Subject.cancelled_at.isnot(None))
    subject = db.session.scalars(wanted.order_by(Subject.id).limit(1)).first()
    found = reading.by_number(typed.number, cancelled=True) if typed.number else None
    if found is not None and found.subject.cancelled_at is None and found.subject.document_hash not in hashes:
        return found.subject, True
    if subject is None:
        return (found.subject if found else None), False
    alive = subject.cancelled_at is None
    return subject, bool(
        alive and typed.number and filing_numbers.of_subject(typed.number) != filing_numbers.canonical(subject.number)
    )


def _place(subject: Subject | None, asked: Asked, mine: bool) -> Place:
    if subject is None:
        if asked.holder is None:
            return Place.UNKNOWN
        return Place.ELSEWHERE if asked.holder.filed else Place.NONE
    if subject.cancelled_at is not None:
        return Place.GONE
    return Place.MINE if mine else Place.HERE


def _domain(website: Website | None, subject: Subject | None, asked: Asked, number: str) -> Domain:
    if website is not None:
        if subject is None or website.subject_id != subject.id:
            return Domain.OTHERS
        return Domain.ACCESS if reading.ours(website) else Domain.RECORD
    if asked.domain is None:
        return Domain.UNKNOWN
    if not asked.domain.filed:
        return Domain.NONE
    told = asked.domain.subject_number
    return Domain.OTHERS if told and number and not _same(number, asked.domain) else Domain.FILED


def _same(number: str, filed: StatusInfo | None) -> bool:
    told = filing_numbers.canonical(filed.subject_number) if filed is not None else None
    return bool(number and told and filing_numbers.of_subject(number) == told)
