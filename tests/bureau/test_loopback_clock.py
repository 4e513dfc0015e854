"""The bureau's own clock, and what outlives a command or a start: clock, switches, account, queue, sequence."""

from __future__ import annotations

import time

import pytest

from icp.loopback_bureau import __main__ as command_line
from icp.loopback_bureau import issuing
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.store import bureau_time
from tests.bureau.loopback_caller import Caller
from tests.bureau.loopback_filing import ISP, file, filing

DAY = 86400


def run(bureau, *arguments: str) -> int:
    return command_line.main(["--instance", str(bureau.bureau.config.instance), *arguments])


@pytest.mark.parametrize(("to", "ahead"), [("+20d", 20 * DAY), ("-3h", -3 * 3600), ("+15m", 900), ("now", 0)])
def test_the_clock_is_moved(bureau, to, ahead):
    assert run(bureau, "clock", "--", to) == 0
    assert abs(bureau.bureau.now() - time.time() - ahead) < 5


def test_the_clock_is_set_to_a_time_and_refuses_nonsense(bureau, capsys):
    assert run(bureau, "clock", "2026-12-01 09:00") == 0
    assert capsys.readouterr().out.startswith("2026-12-01 09:00:0")
    assert bureau_time(bureau.bureau.now()).startswith("2026-12-01 09:0")
    assert run(bureau, "clock", "tomorrow") == 2
    assert "tomorrow" in capsys.readouterr().err
    assert bureau_time(bureau.bureau.now()).startswith("2026-12-01 09:0")


def test_a_serving_bureau_follows_the_clock_that_a_command_sets(serve):
    bureau = serve(decision="approve", delay=10 * DAY)
    caller = Caller(bureau.url)
    caller.upload(file(filing(Fj=[])))
    assert caller.take() == []
    run(bureau, "clock", "+11d")
    assert len(caller.take()) == 2
    bureau.bureau.set_account(ISP, hours="08:00-20:00")
    run(bureau, "clock", "2027-01-04 07:59")
    assert caller.upload(file(filing(2, "b.example"))).code == 20
    run(bureau, "clock", "2027-01-04 08:01")
    assert caller.upload(file(filing(2, "b.example"))).code == 0


def test_dates_in_files_follow_the_clock(bureau, caller):
    bureau.bureau.set_clock("2027-03-01 10:00")
    bureau.bureau.issue(issuing.synchronise, ISP)
    assert caller.call("isp_download").file.name.startswith("2027030110")


def test_what_is_kept_over_a_start(bureau, caller):
    caller.upload(file(filing()))
    run(bureau, "account", "encrypt=0", "hours=00:00-24:00")
    run(bureau, "trouble", "bad_hash", "2")
    run(bureau, "clock", "+2d")
    bureau.bureau.issue(issuing.synchronise, ISP)
    again = Bureau(bureau.bureau.config)
    with again.store.read() as connection:
        account = connection.execute("SELECT * FROM account").fetchone()
        waiting = connection.execute("SELECT count(*) FROM download").fetchone()[0]
        assert connection.execute("SELECT * FROM trouble").fetchone()["remaining"] == 2
    assert (account["encrypt"], account["hours"], account["last_sequence"], waiting) == (0, "00:00-24:00", 1, 1)
    assert again.now() - time.time() > DAY
    assert caller.call("isp_download").file.encrypt_algorithm == 0


def test_a_changed_setting_wins_over_what_was_kept(serve):
    first = serve(encrypt=1)
    first.bureau.set_account(ISP, encrypt=1)
    second = serve(encrypt=0)
    with second.bureau.store.read() as connection:
        assert connection.execute("SELECT encrypt FROM account").fetchone()["encrypt"] == 0


def test_a_reset_forgets_everything(bureau, caller):
    caller.upload(file(filing()))
    bureau.bureau.trouble("slow")
    bureau.bureau.set_clock("+9d")
    bureau.bureau.issue(issuing.synchronise, ISP)
    assert run(bureau, "reset", "--yes") == 0
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    assert caller.take() == []
    assert abs(bureau.bureau.now() - time.time()) < 5
    assert caller.upload(file(filing()), sequence=1).code == 0
    bureau.bureau.settle()
    assert bureau.bureau.requests("pending")[0]["id"] == 1
