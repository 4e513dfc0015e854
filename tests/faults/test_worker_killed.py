"""The worker is killed, as by a power cut, at each step of report, download and apply; the next one brings it home."""

import pytest
from sqlalchemy import select

from icp.bureau import records
from icp.extensions import db, now
from icp.outbox.models import OutboxRow
from tests.faults.fault_cases import LETTERS as FROM_US
from tests.faults.fault_cases import by_id
from tests.faults.plugin import point
from tests.live import LiveSite
from tests.waiting import until

REPORT = [
    ("icp.outbox.work:claim", "after", 4),  # the fourth row is the report
    ("icp.bureau.exchange:_first_contact", "after", 1),
    ("icp.bureau.files:_upload", "after", 1),  # numbered and built, nothing committed
    ("icp.bureau.batching:prepare", "after", 1),  # committed under its number, not handed over
    ("icp.bureau.sending:_ready", "after", 1),  # the call noted, not made
    ("icp.bureau.client:Bureau.upload", "after", 1),  # taken by the bureau, the reply not stored
    ("icp.bureau.sending:taken", "after", 1),  # stored, not committed
    ("icp.bureau.sending:accept", "after", 1),
]


TOGETHER = [
    ("icp.bureau.batching:_built", "after", 2),  # two of three are built, nothing is written down
    ("icp.filings.verbs:report_started", "after", 2),  # two of three are being reported, nothing committed
    ("icp.bureau.files:write_down", "after", 1),
    ("icp.bureau.client:Bureau.upload", "after", 1),  # taken by the bureau, the reply not stored
    ("icp.filings.verbs:taken", "after", 2),  # two of three moved on, nothing committed
]
DOWNLOAD = [
    ("icp.bureau.inbox:_store", "before", 1),  # fetched, not kept
    ("icp.bureau.inbox:_new", "after", 1),  # kept, not committed
    ("icp.bureau.inbox:_store", "after", 1),  # committed, not acknowledged
    ("icp.bureau.client:Bureau.acknowledge", "after", 1),  # acknowledged, not noted
    ("icp.bureau.inbox:_acknowledge", "after", 2),  # two of the files are safe, none is applied
]
APPLY = [
    ("icp.bureau.applying:apply", "before", 1),
    ("icp.filings.verbs:approved", "after", 1),  # the filing moved, the register not yet, nothing committed
    ("icp.register.verbs:record", "after", 1),
    ("icp.bureau.applying:apply", "after", 1),  # all done, not committed
    ("icp.bureau.applying:apply", "after", 2),  # one file applied, the next not committed
]
LETTERS = [
    ("icp.letters.sending:compose", "after", 1),
    ("icp.letters.transport:send_mail", "after", 1),  # accepted by the mail server, not noted
    ("icp.letters.transport:send_mail", "after", 4),  # the one that tells of the approval
]


def bring_home(scene, function, when, call):
    """Kill a worker there, and let another finish; the filing's company."""
    filing, company = scene.ready()
    scene.worker_dies(point(function, when, call))
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)
    return company


@pytest.mark.parametrize(("function", "when", "call"), REPORT)
def test_report(scene, function, when, call):
    bring_home(scene, function, when, call)


@pytest.mark.parametrize(("function", "when", "call"), TOGETHER)
def test_report_of_several(scene, function, when, call):
    filings = [scene.ready() for _ in range(3)]
    scene.worker_dies(point(function, when, call))
    for filing, _ in filings:
        scene.arrives(filing.id)
    for filing, company in filings:
        scene.all_is_well(filing.id, company)
    files = {upload.id for filing, _ in filings for upload, _ in records.uploads_of(filing.id)}
    assert len(files) == 1, "they left together, once"


@pytest.mark.parametrize(("function", "when", "call"), DOWNLOAD)
def test_download(scene, function, when, call):
    bring_home(scene, function, when, call)


@pytest.mark.parametrize(("function", "when", "call"), APPLY)
def test_apply(scene, function, when, call):
    bring_home(scene, function, when, call)


@pytest.mark.parametrize(("function", "when", "call"), LETTERS)
def test_letters(scene, function, when, call):
    company = bring_home(scene, function, when, call)
    repeated = [len(same) for same in by_id(scene.letters.to(company.email)).values()]
    twice = function.endswith("send_mail") and when == "after"
    assert sorted(repeated, reverse=True)[0] == (2 if twice else 1), "repeated under the same Message-ID"
    assert sum(repeated) == len(FROM_US) + 1 + twice


def test_killed_again_and_again(scene):
    """One filing whose every worker but the last dies."""
    filing, company = scene.ready()
    scene.worker_dies(point("icp.letters.transport:send_mail", "after", 3))
    scene.worker_dies(point("icp.bureau.batching:prepare", "after"))
    scene.worker_dies(point("icp.bureau.client:Bureau.upload", "after"))
    scene.worker_dies(point("icp.bureau.client:Bureau.previous_upload", "after"))
    scene.worker_dies(point("icp.bureau.applying:apply", "after"))
    scene.worker_dies(point("icp.letters.transport:send_mail", "before"))
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)
    assert max(len(same) for same in by_id(scene.letters.to(company.email)).values()) == 2


def test_of_several_workers_one_dies(scene):
    """Three filings, two workers: one is killed at any moment, a third comes; each thing is done once."""
    filings = [scene.ready() for _ in range(3)]
    other = LiveSite(scene.live.instance, dict(scene.live.settings))
    try:
        scene.live.start("worker")
        other.start("worker")
        until(lambda: any(scene.state(filing.id) != "ready" for filing, _ in filings), 60, "nobody works")
        scene.live.kill("worker")
        scene.hurry()
        for filing, _ in filings:
            scene.arrives(filing.id)
    finally:
        other.kill("worker")
    for filing, company in filings:
        scene.all_is_well(filing.id, company)


def test_the_work_of_a_dead_worker_is_taken_up_when_its_time_is_up(scene):
    """Nobody turns the clock here: the leases of work and account run out by themselves."""
    filing, company = scene.ready()
    brief = {"ICP_LEASE_SECONDS": "5", "ICP_BUREAU_TIMEOUT": "1.6"}
    scene.worker_dies(point("icp.bureau.client:Bureau.upload", "after"), hurry=False, **brief)
    scene.live.start("worker", **brief)
    scene.arrives(filing.id, hurry=False)
    scene.all_is_well(filing.id, company)


def test_a_worker_that_is_asked_to_end_leaves_nothing_half_done(scene):
    filing, company = scene.ready()
    scene.live.start("worker")
    until(lambda: scene.state(filing.id) != "ready", 60, "the worker doesn't begin")
    scene.live.stop("worker")
    db.session.rollback()
    open_ = select(OutboxRow.key).where(OutboxRow.done_at.is_(None), OutboxRow.lease_until > now())
    assert db.session.scalars(open_).all() == []
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)
