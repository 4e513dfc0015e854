import datetime as dt

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import account as accounts
from icp.bureau import archive
from icp.bureau.codec import xml
from icp.bureau.models import BureauLease, BureauRecord, Upload
from icp.extensions import begin_write, db, now
from icp.filings import marks
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from tests.bureau.exchange_cases import (
    account,
    alerts,
    bajg,
    claim_next,
    jg,
    state,
    subject_id,
    uploads,
    work,
)
from tests.bureau.gateway_filing import ready


def test_a_ready_filing_is_reported_and_waits_at_the_bureau(site, remote):
    filing = ready("w1", "w2")
    assert work()
    assert state(filing) == "at_bureau"
    assert uploads() == [(1, "accepted")]
    assert account().next_sequence == 2
    ((sequence, name, text),) = remote.taken
    (upload,) = db.session.scalars(select(Upload))
    assert (sequence, name) == (1, upload.file_name)
    root = xml.parse(text.encode("gbk"))
    assert len(root.findall("ICP/XZBA/Baxx/Wz_xx")) == 2
    (record,) = db.session.scalars(select(BureauRecord))
    assert (record.upload_id, record.filing_id, record.revision, record.path) == (upload.id, filing.id, 1, "subject")
    assert record.record_key == xml.text_of(root, "ICP/XZBA/Baxx/Zt_xx/IspZtid") == str(subject_id(filing))
    purposes = [e.text for e in root.iterfind("ICP/XZBA/Baxx/Fj/Fjxx/Fjyt")]
    assert purposes == ["2", "3", "3", *(["1", "4", "4", "5"] * 2)]
    assert not work()
    assert alerts() == []


def test_the_archive_is_sealed_and_opens_again(site, remote):
    ready()
    work()
    (upload,) = db.session.scalars(select(Upload))
    assert archive.open_upload(upload) == remote.last_zip
    stored = db.session.connection().exec_driver_sql("select sealed from bureau_upload_archive").scalar()
    assert remote.last_zip not in stored
    upload.created_at = now() - dt.timedelta(days=99)
    assert archive.sweep() == 0
    upload.created_at = now() - dt.timedelta(days=101)
    assert archive.sweep() == 1


def test_the_sequence_starts_where_the_bureau_is(site, remote):
    remote.last = 41
    ready()
    work()
    assert uploads() == [(42, "accepted")]
    ready()
    work()
    assert uploads() == [(42, "accepted"), (43, "accepted")]
    assert remote.calls.count("isp_querypreviousupload") == 1


def test_our_own_schema_keeps_a_filing_here(site, remote):
    filing = ready(**{"website[w1].name": "𠮷" * 3, "subject.principal.mobile": "139"})
    work()
    assert state(filing) == "bureau_returned"
    found = {(m.path, m.code) for m in marks.of_filing(db.session.get_one(Filing, filing.id))}
    assert found == {("website[w1].name", "outside_gbk"), ("subject.principal.mobile", "schema")}
    assert remote.taken == []
    assert uploads() == []
    assert not work()


@pytest.mark.parametrize("trouble", ["lose", "after", "fault", "garbage"])
def test_an_upload_without_a_reply_reaches_the_bureau_once(site, remote, trouble):
    filing = ready()
    remote.trouble("isp_upload", trouble)
    work()
    assert state(filing) == "reporting"
    assert uploads() == [(1, "unclear")]
    work()
    assert state(filing) == "at_bureau"
    assert uploads() == [(1, "accepted")]
    assert len(remote.taken) == 1
    assert remote.calls.count("isp_upload") == (1 if trouble == "after" else 2)
    assert account().next_sequence == 2
    assert not work()


def test_an_unclear_upload_goes_before_every_other(site, remote):
    first, second = ready(), ready()
    remote.trouble("isp_upload", "after")
    work()
    db.session.query(OutboxRow).filter_by(filing_id=first.id).update({"done_at": now()})
    db.session.commit()
    work()
    assert (state(first), state(second)) == ("at_bureau", "at_bureau")
    assert [s for s, _, _ in remote.taken] == [1, 2]


def test_a_bureau_that_is_away_changes_nothing(site, remote):
    filing = ready()
    account().next_sequence = 1
    db.session.commit()
    address, account().base_url = account().base_url, "http://127.0.0.1:9"
    db.session.commit()
    work()
    assert uploads() == [(1, "prepared")]
    row = db.session.scalars(select(OutboxRow)).one()
    assert row.done_at is None
    assert row.last_error
    account().base_url = address
    db.session.commit()
    work()
    assert state(filing) == "at_bureau"
    assert remote.calls.count("isp_querypreviousupload") == 0


@pytest.mark.parametrize("code", [15, 20, 901, 999])
@pytest.mark.shows(by="code")
def test_temporary_refusals_keep_the_number(site, remote, code):
    filing = ready()
    remote.trouble("isp_upload", code)
    work()
    assert uploads() == [(1, "prepared")]
    assert alerts() == (["refused"] if code == 999 else [])
    work()
    assert state(filing) == "at_bureau"
    assert uploads() == [(1, "accepted")]


@pytest.mark.parametrize("code", [4, 5, 9, 10, 11, 12, 13, 16, 17, 18, 19])
@pytest.mark.shows(by="code")
def test_permanent_refusals_pause_the_account(site, remote, code):
    filing = ready()
    remote.trouble("isp_upload", code)
    work()
    assert f"code {code}" in account().paused_reason
    assert alerts() == ["paused"]
    calls = len(remote.calls)
    work()
    assert not bureau.poll()
    assert len(remote.calls) == calls
    assert state(filing) == "reporting"
    result = site.test_cli_runner().invoke(args=["bureau", "resume", str(account().id)])
    assert result.exit_code == 0, result.output
    work()
    assert state(filing) == "at_bureau"
    assert alerts() == []


@pytest.mark.parametrize("code", [6, 7, 8])
@pytest.mark.shows(by="code")
def test_a_packing_fault_is_mended_once_then_told(site, remote, code):
    filing = ready()
    remote.trouble("isp_upload", code)
    work()
    assert state(filing) == "at_bureau"
    other = ready()
    remote.trouble("isp_upload", code, code)
    work()
    assert state(other) == "reporting"
    assert alerts() == ["packing"]
    work()
    assert state(other) == "at_bureau"


@pytest.mark.shows("14")
def test_missing_files_are_sent_again_from_the_archive(site, remote):
    filings = [ready() for _ in range(4)]
    for _ in range(3):
        work()
    sent = remote.taken[:]
    remote.last, remote.taken = 1, remote.taken[:1]  # the bureau was restored from an older copy
    work()
    assert [s for s, _, _ in remote.taken] == [1, 2, 3, 4]
    assert remote.taken[:3] == sent
    assert state(filings[-1]) == "at_bureau"
    assert alerts() == []


def test_numbers_somebody_else_used_are_skipped_and_told(site, remote):
    ready()
    work()
    remote.last += 5
    filing = ready()
    work()
    assert state(filing) == "at_bureau"
    assert uploads() == [(1, "accepted"), (7, "accepted")]
    assert alerts() == ["sequence"]
    assert account().next_sequence == 8


def test_missing_files_nobody_has_give_way_to_the_expected_number(site, remote):
    account().next_sequence = 9
    db.session.commit()
    filing = ready()
    work()
    assert state(filing) == "at_bureau"
    assert [s for s, _, _ in remote.taken] == [1]
    assert alerts() == ["sequence"]


def test_one_report_at_a_time(site, remote):
    filing = ready()
    holder = accounts.lease(account().id, "upload", 60)
    work()
    assert state(filing) == "ready"
    assert remote.calls == []
    accounts.give_back(account().id, "upload", holder)
    work()
    assert state(filing) == "at_bureau"
    assert db.session.scalars(select(BureauLease.until)).all() == [None, None]


def test_a_lease_is_taken_over_when_its_time_is_up(site):
    first = accounts.lease(account().id, "upload", -1)
    second = accounts.lease(account().id, "upload", 60)
    assert second
    assert second != first
    assert not accounts.keep_lease(account().id, "upload", first, 60)


def test_a_recalled_filing_is_not_reported(site, remote):
    filing = ready()
    db.session.get_one(Filing, filing.id).state = "in_review"
    db.session.commit()
    assert work()
    assert remote.calls == []
    assert not work()


def test_a_worker_that_was_overtaken_leaves_no_trace(site, remote):
    filing = ready()
    claim = claim_next()
    db.session.query(OutboxRow).update({"attempts": claim.attempts + 1})
    db.session.commit()
    bureau.handle(claim)
    assert state(filing) == "ready"
    assert remote.taken == []


def test_commands(site, remote):
    run = site.test_cli_runner().invoke
    filing = ready()
    work()
    shown = run(args=["bureau", "status"])
    assert shown.exit_code == 0
    assert "next number 2" in shown.output
    refused = run(args=["bureau", "resend", filing.number])
    assert refused.exit_code == 2
    other = ready()
    db.session.query(OutboxRow).update({"done_at": now()})
    db.session.commit()
    assert run(args=["bureau", "resend", other.number]).exit_code == 0
    work()
    assert state(other) == "at_bureau"
    remote.offer("z.xml", bajg(jg(99, 1001)))
    assert "news" in run(args=["bureau", "poll"]).output
    shown = run(args=["bureau", "status"])
    assert shown.exit_code == 1
    assert "nothing_fits" in shown.output
    (row,) = accounts.open_alerts()
    assert run(args=["bureau", "settle", str(row.id)]).exit_code == 0
    assert alerts() == []


def test_settings_are_followed(site):
    row = account()
    assert (row.password, row.key, row.encrypt) == ("秘密Pass1", "ABCDEFGHIJKLMNOP", True)
    stored = db.session.connection().exec_driver_sql("select sealed_password from bureau_account").scalar()
    assert "秘密Pass1".encode() not in stored
    row.user = "other"
    db.session.commit()
    accounts.seed_account()
    assert account().user == "beian-desk"


def test_ids_are_never_given_twice(site):
    begin_write()
    given = [accounts.next_id("IspZtid") for _ in range(5)]
    assert given == sorted(set(given))
