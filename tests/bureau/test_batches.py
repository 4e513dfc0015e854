import dataclasses
import re

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import holding, splitting
from icp.bureau import records as reports
from icp.bureau.models import BureauRecord, Upload
from icp.extensions import begin_write, db
from icp.filings import history, marks, verbs
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import Action, Actor
from icp.register import blacklist
from icp.register.blacklist import Change, Entry
from tests.bureau.exchange_cases import account, alerts, bajg, gjsh, jg, member, state, uploads, work
from tests.bureau.gateway_filing import answers, freeze, ready


@pytest.fixture
def batches(site):
    """Files may hold up to so many filings."""

    def most(number: int) -> None:
        site.extensions["settings"] = dataclasses.replace(site.extensions["settings"], bureau_batch=number)

    most(50)
    return most


def states(filings) -> list[str]:
    return [state(filing) for filing in filings]


def test_what_is_ready_leaves_in_one_file_and_each_is_answered_by_itself(site, remote, batches):
    filings = [ready() for _ in range(4)]
    while work():
        pass
    assert states(filings) == ["at_bureau"] * 4
    assert uploads() == [(1, "accepted")]
    ((_, _, text),) = remote.taken
    assert text.count("<Baxx>") == 4
    assert text.count("<Qqdwid>") == 1
    rows = db.session.scalars(select(BureauRecord).order_by(BureauRecord.position)).all()
    assert sorted(row.filing_id for row in rows) == [filing.id for filing in filings]
    assert [row.record_key for row in rows] == re.findall(r"<Zt_xx><IspZtid>(\d+)</IspZtid>", text)
    remote.offer("r.xml", bajg(jg(filings[1], 1005), gjsh(filings[2], True)))
    bureau.poll()
    assert states(filings) == ["at_bureau", "bureau_returned", "approved", "at_bureau"]
    assert alerts() == []


def test_a_file_holds_no_more_than_the_setting_says(site, remote, batches):
    batches(3)
    filings = [ready() for _ in range(7)]
    while work():
        pass
    assert states(filings) == ["at_bureau"] * 7
    assert [text.count("<Baxx>") for _, _, text in remote.taken] == [3, 3, 1]


def test_a_file_holds_no_more_than_the_interface_takes(site, remote, batches, monkeypatch):
    from icp.bureau import batching

    filings = [ready() for _ in range(4)]
    monkeypatch.setattr(batching, "MOST_RECORDS", 2)
    while work():
        pass
    assert [text.count("<Baxx>") for _, _, text in remote.taken] == [2, 2]
    filings += [ready() for _ in range(3)]
    monkeypatch.setattr(batching, "XML_LIMIT", len(remote.taken[0][2].encode("gbk")) + 1000)
    while work():
        pass
    assert [text.count("<Baxx>") for _, _, text in remote.taken[2:]] == [2, 1]
    assert states(filings) == ["at_bureau"] * 7


def test_one_that_cannot_be_sent_does_not_keep_the_others(site, remote, batches):
    good, bad, other = ready(), ready(**{"subject.principal.mobile": "139"}), ready()
    while work():
        pass
    assert states([good, bad, other]) == ["at_bureau", "bureau_returned", "at_bureau"]
    assert len(remote.taken) == 1


def test_a_file_in_doubt_is_sent_once_for_all_in_it(site, remote, batches):
    filings = [ready() for _ in range(3)]
    remote.trouble("isp_upload", "after")
    work()
    assert states(filings) == ["reporting"] * 3
    while work():
        pass
    assert states(filings) == ["at_bureau"] * 3
    assert len(remote.taken) == 1


def test_one_that_is_recalled_in_time_stays_here(site, remote, batches, monkeypatch):
    from icp.bureau import files

    filings = [ready() for _ in range(3)]
    merged = files.merged

    def recalled_meanwhile(*args):
        row = db.session.get_one(Filing, filings[1].id)
        row.state = "in_review"
        db.session.commit()
        return merged(*args)

    monkeypatch.setattr(files, "merged", recalled_meanwhile)
    while work():
        pass
    assert states(filings) == ["at_bureau", "in_review", "at_bureau"]
    assert remote.taken[0][2].count("<Baxx>") == 2


def whole_file(upload: Upload, code: int = 5001) -> str:
    return bajg(f"<Jg_xx><Jgxx><Jgdm>{code}</Jgdm><Dmms>{upload.file_name}</Dmms></Jgxx><Czlx>1</Czlx></Jg_xx>")


def bureau_refuses_files_with(remote, domain: str, code: int = 5001) -> int:
    """The bureau's schema dislikes one filing; everything goes round until nothing moves. Counts the files."""
    for number in range(40):
        if not work():
            refused = [u for u in db.session.scalars(select(Upload)) if u.file_code is None]
            refused = [u for u in refused if domain in remote.taken[u.sequence - 1][2]]
            if not refused:
                return len(remote.taken)
            for upload in refused:
                remote.offer(f"{number}_{upload.id}.xml", whole_file(upload, code))
            bureau.poll()
    raise AssertionError("it never ends")


@pytest.mark.parametrize("code", [5001, 5008, 5999])
@pytest.mark.shows(by="code")
def test_a_refused_file_is_halved_until_the_guilty_filing_stands_alone(site, remote, batches, code):
    filings = [ready(**{"website[w1].domain": f"host-{n}.example"}) for n in range(8)]
    files = bureau_refuses_files_with(remote, "host-5.example", code)
    assert states(filings) == ["at_bureau"] * 5 + ["bureau_returned"] + ["at_bureau"] * 2
    assert files == 7  # 8, then 4 and 4, 2 and 2, 1 and 1
    (mark,) = marks.of_filing(db.session.get_one(Filing, filings[5].id))
    assert mark.code == str(code)
    for filing in filings[:5] + filings[6:]:
        assert len([r for r in reports.report_of(filing.id) if r.outcome == ""]) == 1


def test_new_filings_do_not_go_with_suspects(site, remote, batches):
    for _ in range(4):
        ready()
    while work():
        pass
    (upload,) = db.session.scalars(select(Upload))
    remote.offer("r.xml", whole_file(upload))
    bureau.poll()
    fresh = ready()
    while work():
        pass
    assert sorted(text.count("<Baxx>") for _, _, text in remote.taken[1:]) == [1, 2, 2]
    assert splitting.refused_with(fresh.id, 1) is None


@pytest.mark.parametrize("code", [5003, 5004, 5009, 5011])
@pytest.mark.shows(by="code")
def test_a_file_refused_for_our_own_fault_stops_the_account_and_loses_nothing(site, remote, batches, code):
    filings = [ready() for _ in range(3)]
    while work():
        pass
    (upload,) = db.session.scalars(select(Upload))
    remote.offer("r.xml", whole_file(upload, code))
    bureau.poll()
    assert states(filings) == ["ready"] * 3
    assert str(code) in account().paused_reason
    work()
    assert len(remote.taken) == 1
    assert site.test_cli_runner().invoke(args=["bureau", "resume", str(account().id)]).exit_code == 0
    while work():
        pass
    assert states(filings) == ["at_bureau"] * 3
    assert len(remote.taken) == 2


def test_a_late_word_about_a_file_that_was_split_changes_nothing(site, remote, batches):
    filings = [ready() for _ in range(2)]
    while work():
        pass
    (upload,) = db.session.scalars(select(Upload))
    earlier = jg(filings[0], 1005)
    remote.offer("1.xml", whole_file(upload))
    bureau.poll()
    while work():
        pass
    remote.offer("2.xml", whole_file(upload))
    remote.offer("3.xml", bajg(earlier))
    bureau.poll()
    assert states(filings) == ["at_bureau"] * 2


def test_filings_of_a_held_province_wait(site, remote, batches):
    here = ready()
    supervisor = member("he@desk.example")
    begin_write()
    holding.hold("350000", supervisor, "管局系统升级")
    db.session.commit()
    work()
    assert state(here) == "ready"
    assert remote.taken == []
    elsewhere = ready()
    lock(elsewhere.id).province = "440000"
    db.session.commit()
    while state(elsewhere) == "ready":
        work()
    assert states([here, elsewhere]) == ["ready", "at_bureau"]
    assert remote.taken[0][2].count("<Baxx>") == 1
    with pytest.raises(holding.NotHeld):
        holding.hold("350000", supervisor, "再来")
    assert holding.release("350000", supervisor) == 1
    db.session.commit()
    while work():
        pass
    assert state(here) == "at_bureau"


def test_what_came_on_a_black_list_since_it_was_accepted_is_held_with_the_reason(site, remote, batches):
    clean, listed, with_them = ready(), ready(**{"website[w1].domain": "listed.example"}), ready()
    blacklist.put("domain", Entry(key="listed.example"), Change.ADD)
    db.session.commit()
    while work():
        pass
    assert states([clean, listed, with_them]) == ["at_bureau", "held", "at_bureau"]
    assert "listed.example" not in remote.taken[0][2]
    assert "1064" in history.last(listed, Action.HOLD).note
    supervisor = Actor("staff", member("he@desk.example"))
    verbs.release(listed.id, supervisor)
    db.session.commit()
    work()
    assert state(listed) == "held"  # it is on the list still
    blacklist.put("domain", Entry(key="listed.example"), Change.REMOVE)
    db.session.commit()
    verbs.release(listed.id, supervisor)
    db.session.commit()
    work()
    assert state(listed) == "at_bureau"


def test_the_next_report_of_a_filing_is_a_new_file(site, remote, batches):
    filing = ready()
    while work():
        pass
    remote.offer("1.xml", bajg(jg(filing, 1005)))
    bureau.poll()
    again = lock(filing.id)
    again.state, again.revision_no = "ready", 2
    freeze(again, answers(), {})
    db.session.commit()
    while work():
        pass
    assert [sequence for sequence, _ in uploads()] == [1, 2]
    assert reports.filings_in(2) == {filing.id: 2}
