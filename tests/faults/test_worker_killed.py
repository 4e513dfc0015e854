"""The worker is killed, as by a power cut, at each step of report, download and apply; the next one brings it home."""

import pytest

from tests.faults.plugin import point

REPORT = [
    ("icp.outbox.work:claim", "after", 4),  # the fourth row is the report
    ("icp.bureau.exchange:_first_contact", "after", 1),
    ("icp.bureau.exchange:_archive", "after", 1),  # numbered and built, nothing committed
    ("icp.bureau.exchange:_prepare", "after", 1),  # committed under its number, not handed over
    ("icp.bureau.sending:_ready", "after", 1),  # the call noted, not made
    ("icp.bureau.client:Bureau.upload", "before", 1),
    ("icp.bureau.client:Bureau.upload", "after", 1),  # taken by the bureau, the reply not stored
    ("icp.bureau.sending:taken", "after", 1),  # stored, not committed
    ("icp.bureau.sending:accept", "after", 1),
]


@pytest.mark.parametrize(("function", "when", "call"), REPORT)
def test_report(scene, function, when, call):
    filing, company = scene.ready()
    scene.worker_dies(point(function, when, call))
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)
