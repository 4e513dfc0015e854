"""Several workers and the bureau's answers at the same moment, on PostgreSQL as well: no deadlock, nothing reported
twice."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from icp import bureau, outbox
from icp.bureau import account as accounts
from icp.bureau import exchange
from icp.bureau import records as reports
from icp.bureau.models import Upload
from icp.extensions import db
from icp.filings import verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import Actor, State
from icp.outbox.models import OutboxRow
from tests.bureau.exchange_cases import account, alerts, bajg, gjsh, member, uploads
from tests.bureau.gateway_filing import ready
from tests.bureau.soap_bureau import Bureau as Remote
from tests.bureau.test_batches import whole_file
from tests.conftest import both_databases, build

FILINGS, PATIENCE = 12, 60
on_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)


@pytest.fixture
def site(tmp_path, database: str, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site whose account is at the tiny bureau; who finds the account taken tries again at once."""
    monkeypatch.setattr(exchange, "BUSY", 0.0)
    app = build(
        tmp_path / "instance",
        database_uri=database,
        bureau_url=remote.address,
        bureau_password=remote.password,
        bureau_aes_key="ABCDEFGHIJKLMNOP",
        bureau_timeout=20.0,
        bureau_batch=4,
    )
    with app.app_context():
        accounts.seed_account()
        db.session.commit()
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def undone() -> int:
    db.session.rollback()
    wanted = select(func.count()).select_from(OutboxRow)
    left = wanted.where(
        OutboxRow.kind.startswith("bureau."), OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
    )
    return db.session.scalar(left) or 0


def worker() -> None:
    """Work as a worker does, until nothing is left."""
    pause = threading.Event()
    while undone():
        claim = outbox.claim(["bureau."], PATIENCE)
        if claim is None:
            pause.wait(0.01)
        else:
            bureau.handle(claim)


def together(app: Flask, *works: Callable[[], Any]) -> None:
    """Each in a thread of its own, begun at the same moment; what one raises fails the test."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait(PATIENCE)
            work()
            db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(works)) as threads:
        for future in [threads.submit(run, work) for work in works]:
            future.result(2 * PATIENCE)
    db.session.expire_all()


ORDER = ("bureau_account", "filing", "bureau_upload")
"""Tables whose rows are locked in this order by whoever locks several."""


@contextmanager
def locks(site: Flask) -> Iterator[list[list[str]]]:
    """By transaction, the tables of which rows were locked, each where it came first."""
    found: list[list[str]] = []
    open_: dict[int, list[str]] = {}

    def executed(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        named = re.search(r"FROM (\w+)", statement) if "FOR UPDATE" in statement else None
        if named and named[1] in ORDER and named[1] not in open_.setdefault(id(connection), []):
            open_[id(connection)].append(named[1])

    def ended(connection: Any) -> None:
        found.append(open_.pop(id(connection), []))

    listeners = (("before_cursor_execute", executed), ("commit", ended), ("rollback", ended))
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    yield found
    for name, listener in listeners:
        event.remove(db.engine, name, listener)


def reported(remote: Remote) -> Counter[str]:
    """How often each website was in a file that the bureau took."""
    return Counter(name for _, _, text in remote.taken for name in re.findall(r"<Ym>([^<]*)</Ym>", text))


@both_databases
def test_two_workers_report_everything_once_in_unbroken_order(site: Flask, remote: Remote) -> None:
    names = [f"host-{n}.example" for n in range(FILINGS)]
    filings = [ready(**{"website[w1].domain": name}).id for name in names]
    together(site, worker, worker)
    assert set(db.session.scalars(select(Filing.state))) == {State.AT_BUREAU}
    assert reported(remote) == Counter(names)
    assert [sequence for sequence, _, _ in remote.taken] == list(range(1, len(remote.taken) + 1))
    assert {state for _, state in uploads()} == {"accepted"}
    assert [len(reports.filings_in(upload.id)) for upload in db.session.scalars(select(Upload))] == [4, 4, 4]
    assert sorted(i for u in db.session.scalars(select(Upload.id)) for i in reports.filings_in(u)) == filings
    assert alerts() == []


@on_postgres
def test_answers_that_come_while_others_are_reported_hinder_nobody(site: Flask, remote: Remote) -> None:
    """Applying an answer and noting that a file was taken lock the account, then filings, then the upload."""
    early = [ready().id for _ in range(4)]
    alone = ready().id
    together(site, worker)
    remote.offer("whole.xml", whole_file(db.session.scalars(select(Upload).order_by(Upload.id.desc())).first()))
    for place, filing_id in enumerate(early):
        remote.offer(f"{place}.xml", bajg(gjsh(db.session.get_one(Filing, filing_id), True)))
    late = [ready().id for _ in range(8)]
    with locks(site) as taken:
        together(site, worker, worker, bureau.poll, bureau.poll)
        bureau.poll()
    db.session.expire_all()
    states = {filing.id: filing.state for filing in db.session.scalars(select(Filing))}
    assert {states[i] for i in early} == {State.APPROVED}
    assert states[alone] == State.BUREAU_RETURNED
    assert {states[i] for i in late} == {State.AT_BUREAU}
    several = [tables for tables in taken if len(tables) > 1]
    assert {tuple(tables) for tables in several} >= {("bureau_account", "filing", "bureau_upload")}
    assert [tables for tables in several if tables != sorted(tables, key=ORDER.index)] == []
    assert account().next_sequence == len(remote.taken) + 1
    assert alerts() == ["code_5001"]


@on_postgres
def test_a_filing_that_is_held_while_its_file_is_built_stays_here(site: Flask, remote: Remote) -> None:
    """Supervisors lock filings one by one while a worker locks several."""
    filings = [ready().id for _ in range(8)]
    supervisor = Actor("staff", member("he@desk.example"))

    def hold_some() -> None:
        for filing_id in reversed(filings):
            if db.session.get_one(Filing, filing_id).state == State.READY:
                try:
                    verbs.hold(filing_id, supervisor, "等材料")
                    db.session.commit()
                except verbs.NotAllowed:
                    db.session.rollback()

    together(site, worker, worker, hold_some)
    states = Counter(db.session.scalars(select(Filing.state)))
    assert set(states) <= {State.AT_BUREAU, State.HELD}
    assert sum(reported(remote).values()) == states[State.AT_BUREAU]
    assert {lock(i).state for u in db.session.scalars(select(Upload.id)).all() for i in reports.filings_in(u)} <= {
        State.AT_BUREAU
    }
