"""The bureau dies in the middle of a call or of its own work; the site lives on, asks again and loses nothing."""

import pytest

from tests.faults.fault_cases import PATIENCE
from tests.faults.plugin import KILLED, point


@pytest.mark.parametrize(
    ("function", "when"),
    [
        ("icp.loopback_bureau.services:_check_sequence", "after"),  # an upload heard, not taken
        ("icp.loopback_bureau.processing:_process", "before"),  # taken; whether the site was told is open
        ("icp.loopback_bureau.downloads:queue", "after"),  # decided, not committed
        ("icp.loopback_bureau.services:_packed", "after"),  # a file packed, not handed out
        ("icp.loopback_bureau.mailbox:_send", "after"),  # number and password mailed, not noted
    ],
)
def test_the_bureau_dies(scene, function, when):
    filing, company = scene.ready()
    scene.live.stop("bureau")
    scene.live.start("bureau", kill=point(function, when))
    scene.live.start("worker")
    assert scene.live.wait_dead("bureau", PATIENCE) == KILLED
    scene.live.start("bureau")
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)


@pytest.mark.parametrize(
    ("trouble", "function", "when"),
    [
        ("no_reply_after_acceptance", "icp.bureau.sending:_note", "before"),  # no reply, and nobody noted it
        ("no_reply_after_acceptance", "icp.bureau.sending:_note", "after"),  # noted as unclear
        ("duplicate_delivery", "icp.bureau.inbox:_acknowledge", "after"),
        ("duplicate_file", "icp.bureau.applying:apply", "after"),
        ("reverse_order", "icp.bureau.applying:apply", "after"),
    ],
)
def test_the_worker_dies_while_the_bureau_is_troubled(scene, trouble, function, when):
    filing, company = scene.ready()
    scene.bureau.trouble(trouble, 1)
    scene.worker_dies(point(function, when))
    scene.arrives(filing.id)
    scene.all_is_well(filing.id, company)
