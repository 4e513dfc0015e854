"""A provider's desk between hosts and the loopback bureau: every step by its verb, every paper a tiny picture.

Used by the journeys, which look at each step, and by the soak, which takes them by the thousand.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy import select

from icp import bureau as gateway
from icp import documents, vocabulary, worker
from icp.accounts.models import Account
from icp.bureau import passwords as asking
from icp.bureau.codec.auth import filing_password_hash
from icp.demo.load import RANGES
from icp.demo.people import COMPANIES, Company, resident_id
from icp.extensions import begin_write, db, now
from icp.filings import drafts, marks, opening, operations, passwords, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor, State
from icp.loopback_bureau import enrol
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.enrol import Person
from icp.outbox.models import OutboxRow
from icp.register import ranges
from icp.register import verbs as register
from icp.register.models import Subject
from icp.rules.correction import Value
from icp.sealing import keyed_hash
from tests.bureau.gateway_filing import jpeg, keep_paper
from tests.waiting import until

DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
BASE = next(company for company in COMPANIES if company.key == "qingwu")
SELF_REPORTED, ON_BEHALF = "0", "1"
ROUNDS = 200


class Host(Company):
    """A company of which there may be thousands."""

    @property
    def id_number(self) -> str:
        """The principal's resident ID number."""
        born = f"19{60 + self.serial // 900 % 30}0{1 + self.serial % 9}1{self.serial % 10}"
        return resident_id(self.region, born, 10 + self.serial % 900)


def company(serial: int) -> Company:
    """A company nobody knows yet."""
    name = str(serial).translate(DIGITS)
    return dataclasses.replace(
        Host(**vars(BASE)),
        key=f"host{serial}",
        serial=serial,
        company=f"福州青梧{name}文创有限公司",
        website=f"青梧{name}手作馆",
        domain=f"qingwu-{serial}.cn",
    )


def address(serial: int) -> str:
    """One of the provider's addresses."""
    return f"203.0.113.{1 + serial % 126}"


def principal(row: str, host: Company) -> dict[str, Value]:
    """A website's own principal, where the subject's isn't known here."""
    at = "subject.principal."
    answers = {p.removeprefix(at): v for p, v in host.answers(address(host.serial)).items() if p.startswith(at)}
    return {f"website[{row}].principal.{path}": v for path, v in {"same_as_subject": "no", **answers}.items()}


def website(row: str, serial: int, name: str, domain: str) -> dict[str, Value]:
    """Answers about a new website whose principal is the subject's."""
    found: dict[str, Value] = {
        "name": name,
        "domain": domain,
        "home_url": f"www.{domain}",
        "service_content": ["8"],
        "languages": ["1"],
        "pre_approvals": ["none"],
        "principal.same_as_subject": "yes",
        **access(serial),
    }
    return {f"website[{row}].{path}": value for path, value in found.items()}


def access(serial: int) -> dict[str, Value]:
    """Answers about an access here."""
    return {
        "access.access_method": "3",
        "access.server_location": "4",
        "access.ip_addresses": [address(serial)],
    }


@dataclasses.dataclass
class OnRecord:
    """A company that filed here: who, its number, its filing password."""

    host: Company
    number: str
    password: str


@dataclasses.dataclass
class Elsewhere:
    """What was filed through another provider: number, password, its websites' numbers and domains."""

    number: str
    password: str
    websites: tuple[str, ...]
    domains: tuple[str, ...]

    def as_typed(self) -> dict[str, Value]:
        """What a host types of it first."""
        return {"subject.filing_number": self.number, "subject.organisation_type": "4"}

    def website(self, row: str, host: Company, place: int = 0) -> dict[str, Value]:
        """One of its websites, which gets an access here."""
        domain, at = self.domains[place], f"website[{row}]"
        return {
            f"{at}.filing_number": self.websites[place],
            f"{at}.name": f"{domain.partition('.')[0]} 站",
            f"{at}.domain": domain,
            **principal(row, host),
            **{f"{at}.{path}": value for path, value in access(host.serial + place).items()},
        }


class Desk:
    """Everybody between a host and the bureau, in one."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.expected_alerts: set[str] = set()
        self._passwords: dict[str, str] = {}
        self._read: set[Path] = set()
        begin_write()
        if not ranges.offered_to(""):
            ranges.import_csv(RANGES)
        self.reviewer = Actor("staff", self.account("staff", "xu@desk.example", "reviewer"))
        self.colleague = Actor("staff", self.account("staff", "he@desk.example", "reviewer"))
        db.session.commit()

    # ---- people

    def account(self, kind: str, address: str, role: str = "") -> int:
        """A person, made when not there yet."""
        hashed = keyed_hash("email", address)
        known = db.session.scalar(select(Account).where(Account.email_hash == hashed))
        if known is None:
            known = Account(
                kind=kind, role=role, name=address, email=address, email_hash=hashed, session_stamp="t",
                email_confirmed_at=now(),
            )  # fmt: skip
            db.session.add(known)
            db.session.flush()
        return known.id

    def by(self, host: Company, mode: str) -> Actor:
        """Who fills a filing in: the host, or staff on his behalf."""
        begin_write()
        found = self.colleague if mode == ON_BEHALF else Actor("host", self.account("host", host.email))
        db.session.commit()
        return found

    # ---- filling in

    def opened(
        self, operation: str, host: Company, mode: str, *, subject: str = "", websites: Collection[str] = ()
    ) -> int:
        """A draft, about the subject on record under a number where one is given."""
        by = self.by(host, mode)
        found = register.by_number(subject) if subject else None
        assert found or not subject, f"{subject} isn't in the register"
        filing = opening.open_filing(
            operation,
            by,
            host_id=self.account("host", host.email) if mode == SELF_REPORTED else None,
            subject=found.subject if found else None,
            websites=websites,
        )
        db.session.commit()
        return filing.id

    def typed(self, filing_id: int, host: Company, answers: Mapping[str, Value], password: str = "") -> None:
        """Answers, password and papers; committed."""
        filing = self.filing(filing_id)
        by = self.by(host, filing.mode)
        drafts.save(filing_id, by, {path: (None, value) for path, value in answers.items()})
        db.session.commit()
        if password:
            self.password(filing_id, by, password)
        self.papers(filing_id)

    def password(self, filing_id: int, by: Actor, password: str) -> None:
        """As the page does: asked of the bureau, and kept by what it said."""
        number = drafts.read(filing_id).answers.text("subject.filing_number")
        verdict = asking.check(number, password)
        kind = {asking.Right: passwords.RIGHT, asking.Wrong: passwords.WRONG}.get(type(verdict), passwords.UNCHECKED)
        passwords.keep(filing_id, by, number=number, md5=filing_password_hash(password), verdict=kind)
        db.session.commit()

    def papers(self, filing_id: int) -> None:
        """A tiny picture in every slot that must be filled."""
        filing = self.filing(filing_id)
        begin_write()
        there = set(documents.current(filing_id))
        slots = operations.get(filing.operation).papers(drafts.read(filing_id).answers, vocabulary.current())
        for slot in slots:
            if slot.required and slot.path not in there:
                keep_paper(filing_id, slot.path, jpeg("red"))
        db.session.commit()

    def submitted(self, filing_id: int, host: Company) -> str:
        """Handed to the provider; the state it is in then."""
        try:
            verbs.submit(filing_id, self.by(host, self.filing(filing_id).mode))
        except verbs.NotReady as refused:
            raise AssertionError([f"{c.path} {c.code} {c.message}" for c in refused.corrections]) from None
        db.session.commit()
        return self.filing(filing_id).state

    # ---- the provider

    def reviewed(self, filing_id: int) -> None:
        """Accepted, and met in person where the operation has a visit; ready to be reported."""
        verbs.take(filing_id, self.reviewer)
        filing = self.filing(filing_id)
        marks.settle(filing, self.reviewer, marks.unsettled(filing))
        verbs.accept(filing_id, self.reviewer, self.filing(filing_id).revision_no)
        db.session.commit()
        if self.filing(filing_id).state == State.VERIFYING:
            begin_write()
            for row in drafts.read(filing_id).answers.rows("website"):
                keep_paper(filing_id, f"website[{row}].papers.verification_form", jpeg("yellow"))
                keep_paper(filing_id, f"website[{row}].principal.papers.photo", jpeg("black", (800, 600)))
            verbs.verified(filing_id, self.reviewer)
            db.session.commit()
        assert self.filing(filing_id).state == State.READY

    def work(self) -> None:
        """All the work there is, as though its time had come."""
        for _ in range(ROUNDS):
            db.session.rollback()
            begin_write()
            past = now() - dt.timedelta(days=1)
            db.session.query(OutboxRow).filter(OutboxRow.done_at.is_(None)).update({"run_at": past})
            db.session.commit()
            if not worker.work_once(60):
                return
        raise AssertionError(f"work without end: {self.open_work()}")

    def open_work(self) -> list[tuple[str, str]]:
        """What is not done, and why."""
        rows = db.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None)))
        return [(row.key, row.last_error) for row in rows]

    # ---- the bureau

    def decided(self) -> None:
        """What was reported is checked, approved, fetched and applied; letters are written."""
        self.work()
        self.bureau.settle()
        for row in self.bureau.requests("pending"):
            self.bureau.approve(row["number"])
        self.fetched()

    def fetched(self) -> None:
        """What the bureau has for us is fetched and applied, and what follows of it is done."""
        self.bureau.settle()
        while gateway.poll():
            pass
        self.work()
        db.session.rollback()

    def through(self, filing_id: int, host: Company) -> None:
        """A filled-in draft from submission to approval."""
        assert self.submitted(filing_id, host) == State.SUBMITTED
        self.reviewed(filing_id)
        self.decided()
        assert self.state(filing_id) == State.APPROVED, self.told(filing_id)

    def filed(self, host: Company, mode: str, *more: str) -> OnRecord:
        """A company with its first filing approved.

        Args:
            host: the company.
            mode: self-reported or on behalf.
            more: domains of further websites.
        """
        filing_id = self.opened("new_filing", host, mode)
        answers = host.answers(address(host.serial))
        for place, domain in enumerate(more, 2):
            row = self.row(filing_id, host)
            answers |= website(row, host.serial + place, f"{host.website}之{place}", domain)
        self.typed(filing_id, host, answers)
        self.through(filing_id, host)
        number = self.subject(filing_id).number
        return OnRecord(host, number, self.password_of(number))

    def row(self, filing_id: int, host: Company) -> str:
        """One more website; its row."""
        found = drafts.add_row(filing_id, self.by(host, self.filing(filing_id).mode), "website")
        db.session.commit()
        return found

    def password_of(self, number: str) -> str:
        """The filing password, read from the bureau's letter."""
        return until(lambda: self._letters().get(number), 30, f"no letter about {number}")

    def _letters(self) -> dict[str, str]:
        for path in set(self.bureau.config.mail_folder.glob("*-bureau[0-9]*.eml")) - self._read:
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",)).get_content()
            self._passwords[str(letter["subject"]).partition("：")[2]] = re.search(r"备案密码：(\S+)", body)[1]
            self._read.add(path)
        return self._passwords

    def elsewhere(self, serial: int, *domains: str) -> Elsewhere:
        """A filing made through another provider, at its own address."""
        person = Person(
            name=f"外来{str(serial).translate(DIGITS)}商贸有限公司", email=f"owner{serial}@elsewhere.example"
        )
        place = f"198.51.{100 + serial // 200}.{1 + serial % 200}"
        done = self.bureau.register(enrol.from_options(person, domains, [place]), enrol.ELSEWHERE)
        return Elsewhere(done.number, done.password, done.websites, domains)

    # ---- looking

    def filing(self, filing_id: int) -> Filing:
        """The filing as it is now."""
        return db.session.get_one(Filing, filing_id, populate_existing=True)

    def state(self, filing_id: int) -> str:
        """Where the filing is."""
        return self.filing(filing_id).state

    def told(self, filing_id: int) -> list[str]:
        """What is said against it."""
        return [f"{m.path} {m.code} {m.correction.message}" for m in marks.of_filing(self.filing(filing_id))]

    def subject(self, filing_id: int) -> Subject:
        """The subject the filing is about."""
        return db.session.get_one(Subject, self.filing(filing_id).subject_id, populate_existing=True)
