"""Filings of every kind, chosen by chance among those that are possible with what is on record."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import count

from icp.demo.people import Company
from icp.extensions import db
from icp.filings import drafts, judge, passwords, verbs
from icp.register import verbs as register
from icp.register.reading import as_record
from icp.register.records import SubjectRecord, WebsiteRecord
from tests.bureau.travelling import (
    DIGITS,
    ON_BEHALF,
    SELF_REPORTED,
    Desk,
    address,
    company,
    principal,
    website,
)

WEIGHTS = {
    "new_filing": 25,
    "change": 20,
    "new_access": 14,
    "new_website": 14,
    "cancel_access": 10,
    "cancel_website": 10,
    "cancel_subject": 7,
}
WRONG = 0.07
"""How often a password is typed wrongly while the bureau can't be asked."""
MOVED = {"subject.document_valid_from": "2021-03-16", "subject.document_valid_to": "long"}


@dataclass
class Party:
    """A company, and what is known of its record.

    Attributes:
        host: the company.
        number: its number on record, '' before it has one.
        password: its filing password.
        busy: filings of it that are under way.
    """

    host: Company
    number: str = ""
    password: str = ""
    busy: set[int] = field(default_factory=set)


@dataclass
class Begun:
    """A filing that was begun."""

    filing_id: int
    operation: str
    mode: str
    party: Party

    @property
    def host(self) -> Company:
        """Whose."""
        return self.party.host


class Kinds:
    """What hosts and staff begin."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.serials, self.names = count(1), count(1)
        self.parties: list[Party] = []
        self.isp = desk.bureau.config.isp_id

    def begin(self) -> Begun:
        """One more filing, submitted."""
        ways: dict[str, Callable[[], Begun | None]] = {
            "change": self._change,
            "new_access": self._new_access,
            "new_website": self._new_website,
            "cancel_access": lambda: self._cancel("cancel_access"),
            "cancel_website": lambda: self._cancel("cancel_website"),
            "cancel_subject": lambda: self._cancel("cancel_subject"),
        }
        (name,) = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        begun = ways[name]() if name in ways else None
        return begun or self._new_filing()

    def approved(self, begun: Begun) -> None:
        """What the bureau's approval makes known."""
        party = begun.party
        filing = self.desk.filing(begun.filing_id)
        subject = self.desk.subject(begun.filing_id) if filing.subject_id else None
        if begun.operation == "new_filing" and subject is not None:
            party.number = subject.number
            party.password = self.desk.password_of(subject.number)
        if subject is None or subject.cancelled_at is not None:
            if party in self.parties:
                self.parties.remove(party)
        elif party not in self.parties:
            self.parties.append(party)

    def ended(self, begun: Begun) -> None:
        """The filing is no longer under way."""
        begun.party.busy.discard(begun.filing_id)

    def mended(self, begun: Begun, codes: set[str]) -> bool:
        """Mend what a host can; False when nobody can."""
        if begun.operation == "cancel_access":
            return False
        if codes & {"1018", "R084"}:
            self.desk.password(begun.filing_id, self.desk.by(begun.host, begun.mode), begun.party.password)
        return True

    # ---- each kind

    def _mode(self) -> str:
        return self.chance.choice((SELF_REPORTED, SELF_REPORTED, ON_BEHALF))

    def _name(self, host: Company) -> str:
        return f"{host.website}{str(next(self.names)).translate(DIGITS)}号"

    def _submitted(self, filing_id: int, operation: str, party: Party) -> Begun:
        begun = Begun(filing_id, operation, self.desk.filing(filing_id).mode, party)
        party.busy.add(filing_id)
        if passwords.standing(filing_id) is not None and self.chance.random() < WRONG:
            by = self.desk.by(party.host, begun.mode)
            passwords.keep(filing_id, by, number=party.number, md5="0" * 32, verdict=passwords.UNCHECKED)
            db.session.commit()
        self.desk.submitted(filing_id, party.host)
        return begun

    def _new_filing(self) -> Begun:
        party = Party(company(next(self.serials)))
        host = party.host
        filing_id = self.desk.opened("new_filing", host, self._mode())
        answers = host.answers(address(host.serial))
        if self.chance.random() < 0.4:
            row = self.desk.row(filing_id, host)
            answers |= website(row, host.serial + 1, self._name(host), f"second-{host.serial}.cn")
        self.desk.typed(filing_id, host, answers)
        return self._submitted(filing_id, "new_filing", party)

    def _free(self, *, served: bool = True) -> tuple[Party, SubjectRecord] | None:
        """A company on record of which nothing is under way."""
        for party in self.chance.sample(self.parties, len(self.parties)):
            found = register.by_number(party.number)
            if party.busy or found is None:
                continue
            record = as_record(found.subject)
            if not served or any(self._ours(site) for site in record.websites):
                return party, record
        return None

    def _ours(self, site: WebsiteRecord) -> bool:
        return any(access.provider_id == self.isp for access in site.accesses)

    def _change(self) -> Begun | None:
        found = self._free()
        if found is None:
            return None
        party, record = found
        host, number = party.host, self._elsewhere(record)
        sites = [site for site in record.websites if self._ours(site)]
        filing_id = self.desk.opened("change", host, self._mode(), subject=party.number)
        rows = drafts.read(filing_id).answers.rows("website")
        row = f"website[{self.chance.choice(rows)}]"
        what = self.chance.randrange(3) if len(sites) == len(rows) else 1
        answers = (
            {f"{row}.name": self._name(host)},
            {f"{row}.access.ip_addresses": [address(number)]},
            {f"{row}.service_content": self.chance.choice((["8", "9"], ["8"], ["9"])), f"{row}.name": self._name(host)},
        )[what]
        if party.host.company in record.name and self.chance.random() < 0.4:
            answers = {**answers, **MOVED, "subject.mailing_address": f"示例路{number}号青梧大厦"}
        self.desk.typed(filing_id, host, answers, party.password)
        return self._submitted(filing_id, "change", party)

    def _elsewhere(self, record: SubjectRecord) -> int:
        """A number whose address isn't one of the record's; there are fewer addresses than numbers."""
        there = {r.first for site in record.websites for access in site.accesses for r in access.ranges}
        return next(number for number in self.names if int(ip_address(address(number))) not in there)

    def _new_access(self) -> Begun:
        serial = next(self.serials)
        entered = self.desk.elsewhere(serial, f"faraway-{serial}.cn", f"faraway-{serial}-b.cn")
        party = Party(company(serial), entered.number, entered.password)
        host = party.host
        filing_id = self.desk.opened("new_access", host, self._mode())
        answers = entered.as_typed() | entered.website("w1", host)
        if self.chance.random() < 0.5:
            answers |= entered.website(self.desk.row(filing_id, host), host, 1)
        self.desk.typed(filing_id, host, answers, party.password)
        return self._submitted(filing_id, "new_access", party)

    def _new_website(self) -> Begun | None:
        """Of a subject known here, sometimes behind a filing that is under way; or of one that isn't known."""
        if self.chance.random() < 0.4:
            serial = next(self.serials)
            entered = self.desk.elsewhere(serial, f"faraway-{serial}.cn")
            party = Party(company(serial), entered.number, entered.password)
            filing_id = self.desk.opened("new_website", party.host, self._mode())
            answers = entered.as_typed() | principal("w1", party.host)
        else:
            busy = [p for p in self.parties if len(p.busy) == 1 and register.by_number(p.number)]
            found = self._free(served=False)
            if busy and self.chance.random() < 0.5:
                party = self.chance.choice(busy)
            elif found is not None:
                party = found[0]
            else:
                return None
            filing_id = self.desk.opened("new_website", party.host, self._mode(), subject=party.number)
            same = drafts.read(filing_id).answers.get("subject.principal.name")
            answers = {} if same else principal("w1", party.host)
        number = next(self.names)
        new = website("w1", number, self._name(party.host), f"site-{number}.cn")
        self.desk.typed(filing_id, party.host, new | answers, party.password)
        if self._in_the_way(filing_id):
            return None
        return self._submitted(filing_id, "new_website", party)

    def _in_the_way(self, filing_id: int) -> bool:
        """Whether the site says before submission that it can't be done; then the draft is given up."""
        filing = self.desk.filing(filing_id)
        if not judge.blocking(verbs.whole(filing)):
            return False
        verbs.abandon(filing_id, self.desk.reviewer)
        db.session.commit()
        return True

    def _cancel(self, operation: str) -> Begun | None:
        found = self._free()
        if found is None:
            return None
        party, record = found
        sites = [site.number for site in record.websites if self._ours(site)]
        if operation == "cancel_website":
            if len(record.websites) < 2:
                return None
            sites = sites[: min(len(record.websites) - 1, self.chance.choice((1, 2)))]
        if operation == "cancel_access":
            shared = [s.number for s in record.websites if self._ours(s) and len(s.accesses) > 1]
            sites = shared or sites[:1]
        mode = ON_BEHALF if operation == "cancel_access" else self._mode()
        filing_id = self.desk.opened(operation, party.host, mode, subject=party.number, websites=sites)
        password = "" if operation == "cancel_access" else party.password
        self.desk.typed(filing_id, party.host, {"cancellation.reason": "1"}, password)
        return self._submitted(filing_id, operation, party)
