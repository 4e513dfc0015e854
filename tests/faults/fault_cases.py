"""A site whose parts are killed: filings on their way to the bureau, and what must be true when they have arrived."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import sqlite3
import threading
from collections import Counter
from email.message import EmailMessage
from itertools import count
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from icp.bureau import account as accounts
from icp.bureau import records
from icp.bureau.models import BureauAccount, BureauLease, Download, ReportedId, UploadState
from icp.demo.people import COMPANIES, Company
from icp.extensions import db, now
from icp.filings import marks, verbs
from icp.filings.models import Event, Filing, Revision, StateCount
from icp.filings.states import Actor, State
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.troubles import TROUBLES
from icp.outbox.models import OutboxRow
from icp.register.models import Domain, RegisterEvent, Subject, Website
from tests.bureau.gateway_filing import jpeg, keep_paper
from tests.faults.plugin import KILLED
from tests.live import LiveSite, free_port
from tests.waiting import until
from tests.web import desk_cases

PATIENCE = 60.0
SERIALS = count(200)
LETTERS = ("submitted", "accepted_visit", "ready", "approved")
"""The letters of a filing that goes straight through, in order; the report is asked for with the third."""


class Letters:
    """A mail server that keeps what it was given, every time it was given it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._got: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 # aiosmtpd's name
        with self._lock:
            self._got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"

    def start(self) -> dict[str, str]:
        """Serve; the settings that lead there."""
        port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()
        return {
            "ICP_MAIL": "smtp",
            "ICP_SMTP_HOST": "127.0.0.1",
            "ICP_SMTP_PORT": str(port),
            "ICP_SMTP_TLS": "none",
            "ICP_LOOPBACK_SMTP": f"127.0.0.1:{port}",
        }

    def stop(self) -> None:
        self.controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        """What came for an address, repeats and all."""
        with self._lock:
            return [m for m in self._got if address in str(m["to"])]


def fresh_company() -> Company:
    """A company nobody knows yet."""
    serial = next(SERIALS)
    base = next(company for company in COMPANIES if company.key == "qingwu")
    name = str(serial).translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    return dataclasses.replace(
        base,
        key=f"host{serial}",
        serial=serial,
        company=f"福州青梧{name}文创有限公司",
        website=f"青梧{name}手作馆",
        domain=f"qingwu-{serial}.cn",
    )


@dataclasses.dataclass
class Scene:
    """The site's processes, the same site in this process, and its mail."""

    live: LiveSite
    app: Flask
    letters: Letters

    @property
    def bureau(self) -> Bureau:
        """The bureau's own commands, beside its process."""
        return Bureau(Config(instance=self.live.instance, decision="approve"))

    def begin(self) -> None:
        """The bureau is up and untroubled."""
        process = self.live.parts.get("bureau")
        if process is None or process.poll() is not None:
            self.live.parts.pop("bureau", None)
            self.live.start("bureau")
        for trouble in TROUBLES:
            self.bureau.trouble(trouble, 0)

    def ready(self) -> tuple[Filing, Company]:
        """A filing met in person and ready to be reported; nothing of its outbox was done yet."""
        company = fresh_company()
        filing = desk_cases.submitted(company)
        reviewer = Actor("staff")
        verbs.take(filing.id, reviewer)
        verbs.accept(filing.id, reviewer, 1)
        keep_paper(filing.id, "website[w1].papers.verification_form", jpeg("yellow"))
        keep_paper(filing.id, "website[w1].principal.papers.photo", jpeg("black", (800, 600)))
        verbs.verified(filing.id, reviewer)
        db.session.commit()
        return filing, company

    def worker_dies(self, point: str, *, hurry: bool = True, **settings: str) -> None:
        """Run a worker until it dies at the point."""
        self.live.start("worker", kill=point, **settings)
        assert self.live.wait_dead("worker", PATIENCE) == KILLED, self.live.log("worker")
        if hurry:
            self.hurry()

    def hurry(self) -> None:
        """As though the time had passed after which work that was begun or put off is taken up again."""
        past = now().replace(year=2020)
        db.session.rollback()
        db.session.execute(update(OutboxRow).where(OutboxRow.done_at.is_(None)).values(lease_until=None, run_at=past))
        db.session.execute(update(BureauLease).values(until=past))
        db.session.commit()

    def arrives(self, filing_id: int, state: State = State.APPROVED, *, hurry: bool = True) -> None:
        """Run a worker that nobody kills until the filing is decided and nothing is left to do."""
        if "worker" not in self.live.parts:
            self.live.start("worker")

        def there() -> bool:
            put_off = select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.attempts > 0)
            put_off = put_off.where(OutboxRow.lease_until.is_(None), OutboxRow.run_at > now())
            if hurry and db.session.scalars(put_off).first():
                self.hurry()
            now_ = self.state(filing_id)
            assert now_ == state or now_ not in (State.BUREAU_RETURNED, State.APPROVED), now_
            return now_ == state and not self.open_work()

        try:
            until(there, PATIENCE, "the filing doesn't arrive")
        except AssertionError as error:
            bureau = self.live.parts["bureau"].poll()
            marks_ = [str(m.correction.message) for m in marks.of_filing(db.session.get_one(Filing, filing_id))]
            said = (
                f"{self.state(filing_id)} {marks_}, open {self.open_work()}, bureau {bureau}: {self.live.log('worker')}"
            )
            raise AssertionError(f"{error}: {said}") from None

    def state(self, filing_id: int) -> str:
        db.session.rollback()
        return db.session.scalars(select(Filing.state).where(Filing.id == filing_id)).one()

    def open_work(self) -> list[str]:
        """Work not done, files not applied, and files that still wait at the bureau."""
        db.session.rollback()
        waiting = self.at_bureau("SELECT file_name FROM download WHERE acked_at IS NULL")
        rows = [name for (name,) in waiting] + list(
            db.session.scalars(select(OutboxRow.key).where(OutboxRow.done_at.is_(None)))
        )
        return rows + list(db.session.scalars(select(Download.file_name).where(Download.applied_at.is_(None))))

    def at_bureau(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the bureau's own database."""
        connection = sqlite3.connect(self.live.instance / "loopback" / "bureau.sqlite3", timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def all_is_well(self, filing_id: int, company: Company) -> None:
        """The filing is approved and everything about it was done exactly once; nothing else was touched."""
        self.sent_once(filing_id, company)
        self.on_record_once(filing_id, company)
        self.written_home(filing_id, company)
        self.books_agree(filing_id)

    def sent_once(self, filing_id: int, company: Company) -> None:
        xml = f"%<Ym>{company.domain}</Ym>%"
        assert len(self.at_bureau("SELECT id FROM upload WHERE CAST(xml AS TEXT) LIKE ?", xml)) == 1
        requests = self.at_bureau("SELECT state FROM request WHERE domain = ?", company.domain)
        assert requests == [("approved",)]
        handed_out = {name for (name,) in self.at_bureau("SELECT file_name FROM download")}
        assert set(db.session.scalars(select(Download.file_name))) == handed_out, "a file of the bureau was lost"
        numbers = [n for (n,) in self.at_bureau("SELECT sequence FROM upload ORDER BY sequence")]
        assert numbers == list(range(1, len(numbers) + 1)), "a number was left out or given twice"
        (account,) = db.session.scalars(select(BureauAccount)).all()
        assert account.next_sequence == len(numbers) + 1
        assert account.paused_reason == ""
        assert [upload.state for upload, _ in records.uploads_of(filing_id)] == [UploadState.ACCEPTED]
        kinds = Counter(db.session.scalars(select(ReportedId.kind).where(ReportedId.filing_id == filing_id)))
        assert kinds == dict.fromkeys(("IspZtid", "IspWzid", "IspYmid", "IspJrid", "IspIpid"), 1)

    def on_record_once(self, filing_id: int, company: Company) -> None:
        subjects = db.session.scalars(select(Subject).where(Subject.name == company.company)).all()
        assert len(subjects) == 1
        websites = db.session.scalars(select(Website).join(Domain).where(Domain.name == company.domain)).all()
        assert [site.subject_id for site in websites] == [subjects[0].id]
        assert websites[0].number == f"{subjects[0].number}-1"
        history = select(RegisterEvent.subject_id).where(RegisterEvent.filing_id == filing_id)
        assert db.session.scalars(history).all() == [subjects[0].id]
        given = self.at_bureau("SELECT number FROM sponsor WHERE name = ?", company.company)
        assert given == [(subjects[0].number,)]

    def written_home(self, filing_id: int, company: Company) -> None:
        ours = select(OutboxRow.key).where(OutboxRow.filing_id == filing_id, OutboxRow.kind.startswith("letter."))
        keys = db.session.scalars(ours.order_by(OutboxRow.id)).all()
        assert [key.split(".")[1] for key in keys] == list(LETTERS)
        came = [m for m in self.letters.to(company.email) if "bureau" not in str(m["from"])]
        told = {str(m["message-id"])[1:].partition("@")[0].rpartition(".")[0] for m in came}
        assert told == set(keys), "every letter came, and no other"
        for repeats in by_id(came).values():
            assert len({(m["subject"], m.get_body(("plain",)).get_content()) for m in repeats}) == 1

        def from_bureau() -> list[EmailMessage]:
            return [m for m in self.letters.to(company.email) if "bureau" in str(m["from"])]

        until(from_bureau, PATIENCE, "the bureau's letter doesn't come")
        assert len(by_id(from_bureau())) == 1, "number and password are given once"

    def books_agree(self, filing_id: int) -> None:
        events = db.session.scalars(select(Event.action).where(Event.filing_id == filing_id).order_by(Event.id)).all()
        ways = ["open", "submit", "take", "accept", "verified", "report"]
        assert events in ([*ways, "taken", "approved"], [*ways, "approved"])
        assert db.session.scalar(select(func.count()).where(Revision.filing_id == filing_id)) == 1
        counted = Counter(db.session.scalars(select(Filing.state)))
        assert {r.state: r.filings for r in db.session.scalars(select(StateCount)) if r.filings} == dict(counted)
        assert [(a.kind, a.detail) for a in accounts.open_alerts()] == []
        assert db.session.scalars(select(OutboxRow.key).where(OutboxRow.failed_at.is_not(None))).all() == []


def by_id(letters: list[EmailMessage]) -> dict[str, list[EmailMessage]]:
    """Letters by their Message-ID."""
    found: dict[str, list[EmailMessage]] = {}
    for letter in letters:
        found.setdefault(str(letter["message-id"]), []).append(letter)
    return found
