"""Filings of all kinds through worker and loopback bureau, while the bureau misbehaves and the worker is killed."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select, update

from icp.bureau import account as accounts
from icp.bureau.models import BureauAlert, BureauLease, Download
from icp.extensions import db, now
from icp.filings import marks, verbs
from icp.filings.states import State
from icp.loopback_bureau import decide, issuing
from icp.loopback_bureau.troubles import TROUBLES
from icp.outbox.models import OutboxRow
from tests.bureau.travelling import SELF_REPORTED, Desk
from tests.faults.plugin import point
from tests.faults.test_worker_killed import APPLY, DOWNLOAD, LETTERS, REPORT
from tests.live import LiveSite
from tests.soak.kinds import Begun, Kinds
from tests.waiting import until

POINTS = [(name, when) for name, when, _ in (*REPORT, *DOWNLOAD, *APPLY, *LETTERS)]
ENDS = (State.APPROVED, State.ABANDONED)
MOST_UNDER_WAY, FEWER = 10, 5
TRIES = 3
PATIENCE = 300.0
REFUSALS = (1020, 1004, 1018, 1999)
LOST = ("unreadable", "wrong_root", "empty_file", "nothing_fits", "several_fit", "kept_unopened")
"""Alerts about files of the bureau that say nothing to us as they are: the operator asks for them again."""


@dataclass
class Figures:
    """What happened."""

    filings: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    returned: int = 0
    given_up: int = 0
    asked_again: int = 0


class Soak:
    """One run.

    Args:
        live: a site whose database is made and whose bureau runs.
        desk: everybody, in this process, over the same database.
        wanted: how many filings.
        seed: of everything that is left to chance here.
        say: hears how far it is.
    """

    def __init__(
        self, live: LiveSite, desk: Desk, wanted: int, seed: int, say: Callable[[str], None] = lambda text: None
    ) -> None:
        self.live, self.desk, self.wanted, self.say = live, desk, wanted, say
        self.chance = random.Random(seed)
        self.kinds = Kinds(desk, self.chance)
        self.figures = Figures()
        self.begun: dict[int, Begun] = {}
        self.open: dict[int, Begun] = {}
        self.tries: Counter[int] = Counter()
        self.asked: set[str] = set()
        self.troubles: list[str] = []
        self.quiet = False

    def run(self) -> None:
        """Begin all filings, a trouble or a death beside nearly each; then bring everything home."""
        self.live.start("worker")
        while len(self.begun) < self.wanted:
            self._begin()
            if self.chance.random() < 0.8:
                self._trouble()
            if self.chance.random() < 0.15:
                self._kill()
            self._round()
            if len(self.begun) % 50 == 0:
                self.say(f"{len(self.begun)} filings begun, {len(self.open)} under way")
            if len(self.open) >= MOST_UNDER_WAY:
                self._until_fewer(FEWER)
        self._drain()

    # ---- what people do

    def _begin(self) -> None:
        begun = self.kinds.begin()
        self.begun[begun.filing_id] = self.open[begun.filing_id] = begun
        self.figures.filings[begun.operation] += 1

    def _round(self) -> None:
        """Everybody does once what there is to do."""
        self._worker_lives()
        self._hasten()
        self._officer()
        for begun in list(self.open.values()):
            self._see_to(begun)
        if self.quiet or self.chance.random() < 0.1:
            self._ask_again()

    def _see_to(self, begun: Begun) -> None:
        filing_id = begun.filing_id
        state = self.desk.state(filing_id)
        if state == State.SUBMITTED:
            self.desk.reviewed(filing_id)
        elif state == State.DRAFT:  # what it waited for came to nothing
            self._submit(begun)
        elif state == State.BUREAU_RETURNED:
            self._mend(begun)
        elif state in ENDS:
            del self.open[filing_id]
            if state == State.APPROVED:
                self.kinds.approved(begun)
            self.kinds.ended(begun)

    def _mend(self, begun: Begun) -> None:
        """Returned by the bureau: the host mends it and hands it in again, a few times."""
        filing_id = begun.filing_id
        self.figures.returned += 1
        self.tries[filing_id] += 1
        verbs.send_back(filing_id, self.desk.reviewer, self.desk.filing(filing_id).revision_no)
        db.session.commit()
        filing = self.desk.filing(filing_id)
        codes = {mark.code for mark in marks.open_for_host(filing)}
        for mark in marks.open_for_host(filing):
            marks.answer(filing, mark, "mended")
        db.session.commit()
        if self.tries[filing_id] > TRIES or not self.kinds.mended(begun, codes):
            self._give_up(begun)
        else:
            self._submit(begun)

    def _submit(self, begun: Begun) -> None:
        try:
            self.desk.submitted(begun.filing_id, begun.host)
        except AssertionError:  # it says what is open
            self._give_up(begun)

    def _give_up(self, begun: Begun) -> None:
        verbs.abandon(begun.filing_id, self.desk.by(begun.host, SELF_REPORTED))
        db.session.commit()
        self.figures.given_up += 1

    # ---- the bureau

    def _officer(self) -> None:
        """The officer decides about half of what waits; in the end all, and approves it."""
        bureau = self.desk.bureau
        for request in bureau.requests("pending"):
            if not self.quiet and self.chance.random() < 0.5:
                continue
            said = self.chance.random()
            try:
                if self.quiet or said < 0.8:
                    bureau.approve(request["number"])
                elif said < 0.92:
                    bureau.reject(request["number"], "材料与登记不符，请核对。")
                else:
                    bureau.fail(request["number"], self.chance.choice(REFUSALS))
            except decide.Overtaken as overtaken:
                bureau.decide(request["number"], decide.Decision(decide.FAIL, found=overtaken.found))

    def _trouble(self) -> None:
        if not self.troubles:
            self.troubles = list(TROUBLES)
            self.chance.shuffle(self.troubles)
        name = self.troubles.pop()
        self.desk.bureau.trouble(name, self.chance.choice((1, 1, 1, 2)))
        self.figures.troubles[name] += 1

    def _ask_again(self) -> None:
        """The operator asks the bureau for files that couldn't be read, each once."""
        db.session.rollback()
        for alert in accounts.open_alerts():
            if self._lost(alert) and alert.about not in self.asked:
                self.asked.add(alert.about)
                # A name that came before with another content is kept with a digest behind it.
                self.desk.bureau.issue(issuing.again, alert.about.partition("~")[0])
                self.figures.asked_again += 1

    def _lost(self, alert: BureauAlert) -> bool:
        """Whether a file said nothing to us; one with a group nobody reads may have had others besides."""
        if alert.kind != "unread_group":
            return alert.kind in LOST
        groups = db.session.scalar(select(Download.groups).where(Download.file_name == alert.about)) or ""
        return set(groups.split()) <= set(alert.detail.split())

    # ---- the worker

    def _kill(self) -> None:
        """A power cut; at any moment, or with the next worker at a point that is named."""
        process = self.live.parts["worker"]
        if process.poll() is None:
            self.live.kill("worker")
        else:
            del self.live.parts["worker"]
        self.figures.kills += 1
        self._hasten(after_death=True)
        if self.chance.random() < 0.6:
            self.live.start("worker", kill=point(*self.chance.choice(POINTS), self.chance.choice((1, 1, 2, 3))))
        else:
            self.live.start("worker")

    def _worker_lives(self) -> None:
        process = self.live.parts["worker"]
        if process.poll() is not None:
            assert process.returncode == -9, self.live.log("worker")
            del self.live.parts["worker"]
            self.figures.kills += 1
            self._hasten(after_death=True)
            self.live.start("worker")

    def _hasten(self, *, after_death: bool = False) -> None:
        """As though the time had passed for which work was put off; after a death also that of what was in hand."""
        db.session.rollback()
        past = now() - dt.timedelta(days=1)
        rows = update(OutboxRow).where(OutboxRow.done_at.is_(None))
        if after_death:
            db.session.execute(update(BureauLease).values(until=past))
            db.session.execute(rows.values(lease_until=None, run_at=past))
        else:
            late = now() + dt.timedelta(seconds=1)
            db.session.execute(rows.where(OutboxRow.lease_until.is_(None), OutboxRow.run_at > late).values(run_at=past))
        db.session.commit()

    # ---- the end

    def _until_fewer(self, left: int) -> None:
        def fewer() -> bool:
            self._round()
            return len(self.open) <= left

        until(fewer, PATIENCE, f"{len(self.open)} filings don't move: {self.standing()}")

    def _drain(self) -> None:
        """No more trouble: everything arrives, what was lost is asked for again, and the bureau synchronises."""
        self.quiet = True
        for name in TROUBLES:
            self.desk.bureau.trouble(name, 0)
        self.asked.clear()  # what was asked for may have come spoilt once more, in the same way
        self._until_idle()
        self.desk.bureau.issue(issuing.synchronise, self.desk.bureau.config.isp_id)
        self._until_idle()
        self.live.stop("worker")

    def _until_idle(self) -> None:
        def idle() -> bool:
            self._round()
            return not self.open and not self._left()

        try:
            until(idle, PATIENCE, "not everything arrives")
        except AssertionError as error:
            said = f"{self.standing()}; left {self._left()[:20]}; {self.live.log('worker')}"
            raise AssertionError(f"{error}: {said}") from None

    def told(self) -> list[str]:
        """What happened, as lines."""
        states = Counter(self.desk.state(filing_id) for filing_id in self.begun)
        said = self.figures
        return [
            f"filings: {dict(said.filings)}",
            f"came to: {dict(states)}",
            f"returned by the bureau {said.returned} times, given up {said.given_up}",
            f"troubles thrown: {sum(said.troubles.values())}, of {len(said.troubles)} kinds of {len(TROUBLES)}",
            f"worker killed {said.kills} times",
            f"files asked for again: {said.asked_again}",
        ]

    def standing(self) -> list[str]:
        """What is under way, and where it is."""
        return [f"{i} {b.operation} {self.desk.state(i)} {self.desk.told(i)[-2:]}" for i, b in self.open.items()]

    def _left(self) -> list[str]:
        """Work not done, files not applied, and files that wait at the bureau."""
        db.session.rollback()
        rows = db.session.scalars(
            select(OutboxRow.key).where(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None))
        )
        files = db.session.scalars(select(Download.file_name).where(Download.applied_at.is_(None)))
        waiting = "SELECT file_name FROM download WHERE acked_at IS NULL"
        waiting += " UNION SELECT file_name FROM upload WHERE processed_at IS NULL"
        with self.desk.bureau.store.read() as connection:
            queued = [row["file_name"] for row in connection.execute(waiting)]
        lost = [a.about for a in accounts.open_alerts() if self._lost(a) and a.about not in self.asked]
        return [*rows, *files, *queued, *lost]
