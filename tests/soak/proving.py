"""What must be true when everything has arrived."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from icp.bureau.models import BureauAccount, BureauRecord, Download, ReportedId, Upload, UploadState
from icp.extensions import db
from icp.filings import marks
from icp.filings.models import Event, Filing, FilingPassword, StateCount
from icp.filings.states import State
from icp.outbox.models import OutboxRow
from tests.bureau.agreeing import agree
from tests.soak.soaking import Soak


def prove(soak: Soak) -> None:
    """Fail where something was lost, done twice, or differs."""
    db.session.rollback()
    numbers_once(soak)
    records_once(soak)
    nothing_lost(soak)
    agree(soak.desk.bureau)


def numbers_once(soak: Soak) -> None:
    """No number was left out or used twice, and the bureau has under each what we sent under it."""
    with soak.desk.bureau.store.read() as connection:
        there = {r["sequence"]: r["hash"] for r in connection.execute("SELECT sequence, hash FROM upload")}
    assert sorted(there) == list(range(1, len(there) + 1)), f"a number was left out: {sorted(there)}"
    ours = db.session.scalars(select(Upload).where(Upload.state == UploadState.ACCEPTED)).all()
    assert Counter(upload.sequence for upload in ours) == Counter(there.keys()), "a number was used twice"
    assert {upload.sequence: upload.hash for upload in ours} == there
    (account,) = db.session.scalars(select(BureauAccount)).all()
    assert (account.next_sequence, account.paused_reason) == (len(there) + 1, "")


def records_once(soak: Soak) -> None:
    """Each record was reported once: one request at the bureau for each, in the file it went in; no id twice."""
    asked = db.session.execute(
        select(Upload.sequence, func.count(BureauRecord.id))
        .join(BureauRecord, BureauRecord.upload_id == Upload.id)
        .where(Upload.state == UploadState.ACCEPTED)
        .group_by(Upload.sequence)
    )
    with soak.desk.bureau.store.read() as connection:
        got = connection.execute(
            "SELECT u.sequence, count(r.id) AS n FROM upload u LEFT JOIN request r ON r.upload_id = u.id"
            " GROUP BY u.sequence"
        )
        assert {r["sequence"]: r["n"] for r in got} == {row[0]: row[1] for row in asked}
        new = connection.execute("SELECT group_name, record_ids FROM request WHERE group_name IN ('XZBA', 'XZWZ')")
        ids = Counter((row["group_name"], one) for row in new for one in row["record_ids"].split())
    assert [key for key, times in ids.items() if times > 1] == []
    reported = select(BureauRecord.filing_id, BureauRecord.revision, BureauRecord.path, Upload.state)
    rows = db.session.execute(reported.join(Upload, Upload.id == BureauRecord.upload_id))
    sent = Counter(row[:3] for row in rows if row[3] == UploadState.ACCEPTED)
    assert [key for key, times in sent.items() if times > 1] == [], "reported twice"
    values = Counter((row.kind, row.value) for row in db.session.scalars(select(ReportedId)))
    assert max(values.values(), default=1) == 1


def nothing_lost(soak: Soak) -> None:
    """Every filing has come to an end; every letter was written, every file applied, and the counters are right."""
    filings = {f.id: f for f in db.session.scalars(select(Filing))}
    assert set(soak.begun) <= set(filings)
    states = Counter(filing.state for filing in filings.values())
    assert set(states) <= {State.APPROVED, State.ABANDONED}, states
    approvals = db.session.execute(
        select(Event.filing_id, func.count()).where(Event.action == "approved").group_by(Event.filing_id)
    )
    approved = {f.id for f in filings.values() if f.state == State.APPROVED}
    assert dict(approvals.all()) == dict.fromkeys(approved, 1)
    for filing in filings.values():
        if filing.state == State.ABANDONED and filing.revision_no:
            assert marks.of_filing(filing), f"{filing.number} was given up and nobody said why"
    counted = {r.state: r.filings for r in db.session.scalars(select(StateCount)) if r.filings}
    assert counted == dict(states)
    assert db.session.scalars(select(OutboxRow.key).where(OutboxRow.done_at.is_(None))).all() == []
    assert db.session.scalars(select(Download.file_name).where(Download.applied_at.is_(None))).all() == []
    assert db.session.scalars(select(FilingPassword)).all() == []
