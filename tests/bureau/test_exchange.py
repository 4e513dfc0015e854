import datetime as dt

import pytest
from sqlalchemy import select

from icp import bureau, outbox
from icp.bureau import account as accounts
from icp.bureau import archive
from icp.bureau.client import forget_wsdl
from icp.bureau.codec import xml
from icp.bureau.models import BureauAccount, BureauAlert, BureauLease, BureauResult, Download, ReportedId, Upload
from icp.extensions import begin_write, db, now
from icp.filings import marks
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from icp.register.models import RegisterEvent, Subject
from tests.bureau.gateway_filing import answers, freeze, ready
from tests.bureau.soap_bureau import Bureau as Remote
from tests.bureau.soap_bureau import Server
from tests.conftest import build

RESULT = '<?xml version="1.0" encoding="GBK"?><DownloadData version="V.3.0"><ICP>{}</ICP></DownloadData>'


@pytest.fixture
def remote():
    remote = Remote()
    server = Server(remote)
    forget_wsdl()
    yield remote
    server.stop()


@pytest.fixture
def site(tmp_path, empty_database, remote):
    """A site whose account is at the tiny bureau."""
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "beian.sqlite3").write_bytes(empty_database.read_bytes())
    app = build(
        tmp_path / "instance",
        bureau_url=remote.address,
        bureau_password=remote.password,
        bureau_aes_key="ABCDEFGHIJKLMNOP",
        bureau_timeout=5.0,
    )
    with app.app_context():
        accounts.seed_account()
        db.session.commit()
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def claim_next():
    """The next piece of work, whatever pause it was given."""
    db.session.query(OutboxRow).update({"run_at": now() - dt.timedelta(seconds=1)})
    db.session.commit()
    return outbox.claim(["bureau.report"], 60)


def work() -> bool:
    claim = claim_next()
    if claim is not None:
        bureau.handle(claim)
    return claim is not None


def state(filing) -> str:
    db.session.expire_all()
    return db.session.get_one(Filing, filing.id).state


def uploads() -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(u.sequence, u.state) for u in db.session.scalars(select(Upload).order_by(Upload.id))]


def alerts() -> list[str]:
    db.session.expire_all()
    return [a.kind for a in accounts.open_alerts()]


def account() -> BureauAccount:
    db.session.expire_all()
    return db.session.scalars(select(BureauAccount)).one()


def subject_id(filing) -> int:
    wanted = select(ReportedId.value).where(ReportedId.filing_id == filing.id, ReportedId.kind == "IspZtid")
    return db.session.scalars(wanted.order_by(ReportedId.value.desc())).first()


def jg(filing_or_id, *codes, czlx=1, text="") -> str:
    key = filing_or_id if isinstance(filing_or_id, int) else subject_id(filing_or_id)
    lines = "".join(f"<Jgxx><Jgdm>{c}</Jgdm>{f'<Dmms>{text}</Dmms>' if text else ''}</Jgxx>" for c in codes)
    return f"<Jg_xx>{lines}<Czlx>{czlx}</Czlx><Bs>{key}</Bs></Jg_xx>"


def gjsh(filing_or_id, approved: bool, opinion: str = "") -> str:
    key = filing_or_id if isinstance(filing_or_id, int) else subject_id(filing_or_id)
    said = f"<Shyj>{opinion}</Shyj>" if opinion else ""
    decided = f"<Shsj>2030-01-02</Shsj>{said}<Shjg>{int(approved)}</Shjg><Czlx>1</Czlx><Jlid>{key}</Jlid>"
    return f"<GJSHS><Gjsh>{decided}</Gjsh></GJSHS>"


def bajg(*inside: str) -> str:
    return RESULT.format("<BAJG>" + "".join(inside) + "</BAJG>")


def basj(filing_or_id, number: str = "闽ICP备00000001号", mail: str = "lin@qingwu.example") -> str:
    key = filing_or_id if isinstance(filing_or_id, int) else subject_id(filing_or_id)
    return RESULT.format(
        f"<BASJ><Baxx><Zt_xx><IspZtid>{key}</IspZtid><Ztid>900{key}</Ztid><Dwmc>福州青梧文创有限公司</Dwmc><Dwxz>4</Dwxz>"
        "<Txdz><Shengid>350000</Shengid><Shiid>350100</Shiid><Xianid>350102</Xianid><Xxdz>示例路18号</Xxdz></Txdz>"
        "<Zj><Zjlx>1</Zjlx><Zjhm>91350100M000100Y43</Zjhm><Zjzs>示例路18号</Zjzs></Zj>"
        f"<Fzr><Fzr_xm>林知夏</Fzr_xm><Fzr_dzyj>{mail}</Fzr_dzyj></Fzr><Baxh>{number}</Baxh><Bbyhlx>0</Bbyhlx>"
        "<Scbbsj>2030-01-01</Scbbsj><Zjxgsj>2030-01-01</Zjxgsj></Zt_xx>"
        f"<Wz_xx><Wzid>901{key}</Wzid><Wzmc>青梧文创手作馆</Wzmc><Fwnr><Fwnr_id>8</Fwnr_id></Fwnr><Yylb><Yylb_id>1</Yylb_id></Yylb>"
        f"<Ym_xx><Ymid>1</Ymid><Ym>qingwu-w1.example</Ym></Ym_xx><Jr_xx><Jrid>2</Jrid><Ispid>350000000001</Ispid>"
        "<Wzfb><Fbdd>4</Fbdd></Wzfb><Wzjrfs><Jrfs>3</Jrfs></Wzjrfs><Ip_xx><Ipid>3</Ipid><Qsip>1</Qsip><Zzip>1</Zzip></Ip_xx></Jr_xx>"
        f"<Wz_Fzr><Fzr_xm>林知夏</Fzr_xm></Wz_Fzr><Baxh>{number}-1</Baxh></Wz_xx></Baxx></BASJ>"
    )


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
    assert upload.record_key == xml.text_of(root, "ICP/XZBA/Baxx/Zt_xx/IspZtid") == str(subject_id(filing))
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


def reported(remote):
    filing = ready()
    while work():
        pass
    assert state(filing) == "at_bureau"
    return filing


def test_number_and_review_in_any_order_any_number_of_times(site, remote):
    orders = [
        lambda f: [bajg(jg(f, 1001)), basj(f), bajg(gjsh(f, True, "同意"))],
        lambda f: [basj(f)],
        lambda f: [bajg(gjsh(f, True))],
        lambda f: [bajg(jg(f, 1001))],
        lambda f: [basj(f), basj(f), bajg(jg(f, 1001), gjsh(f, True)), bajg(jg(f, 1001))],
        lambda f: [bajg(jg(f, 1062)), bajg(gjsh(f, True)), basj(f)],
    ]
    for place, order in enumerate(orders):
        filing = reported(remote)
        for number, text in enumerate(order(filing)):
            remote.offer(f"2030_{place}_{number}.xml", text.replace("00000001", f"0000000{place}"))
        assert bureau.poll()
        assert state(filing) == "approved", place
        letters = db.session.query(OutboxRow).filter_by(filing_id=filing.id, kind="letter.approved").count()
        assert letters == 1
    assert not remote.waiting
    assert db.session.query(Subject).count() == 4
    assert db.session.query(RegisterEvent).count() == 4
    assert alerts() == []
    assert not bureau.poll()


def test_the_register_holds_what_came_back(site, remote):
    filing = reported(remote)
    remote.offer("a.xml", basj(filing))
    bureau.poll()
    subject = db.session.scalars(select(Subject)).one()
    assert subject.number == "闽ICP备00000001号"
    assert subject.websites[0].domains[0].name == "qingwu-w1.example"
    assert subject.websites[0].accesses[0].ours
    assert db.session.scalars(select(RegisterEvent.filing_id)).one() == filing.id


def test_a_rejection_returns_the_filing_with_the_officers_words(site, remote):
    for place, order in enumerate(
        [
            lambda f: [bajg(jg(f, 1002), gjsh(f, False, "照片不清楚"))],
            lambda f: [bajg(jg(f, 1002)), bajg(gjsh(f, False, "照片不清楚"))],
            lambda f: [bajg(gjsh(f, False, "照片不清楚")), bajg(jg(f, 1002))],
        ]
    ):
        filing = reported(remote)
        for number, text in enumerate(order(filing)):
            remote.offer(f"r_{place}_{number}.xml", text)
        bureau.poll()
        assert state(filing) == "bureau_returned"
        found = marks.of_filing(db.session.get_one(Filing, filing.id))
        assert any("照片不清楚" in mark.correction.message for mark in found)
        assert {(mark.path, mark.code) for mark in found} == {("filing", "1002")}
        assert db.session.query(OutboxRow).filter_by(filing_id=filing.id, kind="letter.bureau_returned").count() == 1


def test_codes_of_the_system_stand_at_their_fields(site, remote):
    filing = reported(remote)
    remote.offer("c.xml", bajg(jg(filing, 1005, 1011, 1777, text="请核实")))
    bureau.poll()
    assert state(filing) == "bureau_returned"
    found = {(m.path, m.code) for m in marks.of_filing(db.session.get_one(Filing, filing.id))}
    assert found == {("website[w1].domain", "1005"), ("subject.principal.mobile", "1011"), ("filing", "1777")}


def test_a_whole_file_that_fails_is_found_by_its_name(site, remote):
    filing = reported(remote)
    (upload,) = db.session.scalars(select(Upload))
    text = f"<Jg_xx><Jgxx><Jgdm>5001</Jgdm><Dmms>{upload.file_name}校验失败</Dmms></Jgxx><Czlx>4</Czlx></Jg_xx>"
    remote.offer("f.xml", bajg(text))
    bureau.poll()
    assert state(filing) == "bureau_returned"
    assert alerts() == ["code_5001"]


def test_an_answer_may_overtake_the_reply(site, remote):
    filing = ready()
    remote.trouble("isp_upload", "after")
    work()
    assert state(filing) == "reporting"
    remote.offer("o.xml", basj(filing))
    bureau.poll()
    assert state(filing) == "approved"
    assert uploads() == [(1, "accepted")]
    while work():
        pass
    assert len(remote.taken) == 1
    assert account().next_sequence == 2


def test_an_answer_to_an_earlier_report_is_kept_not_applied(site, remote):
    filing = reported(remote)
    earlier = subject_id(filing)
    remote.offer("1.xml", bajg(jg(filing, 1005)))
    bureau.poll()
    again = lock(filing.id)
    again.state, again.revision_no = "ready", 2
    freeze(again, answers(), {})
    db.session.commit()
    while work():
        pass
    assert state(filing) == "at_bureau"
    assert subject_id(filing) != earlier
    remote.offer("2.xml", bajg(jg(earlier, 1002), gjsh(earlier, False, "旧的")))
    remote.offer("3.xml", basj(earlier))
    bureau.poll()
    assert state(filing) == "at_bureau"
    kept = [(r.kind, r.applied, r.why) for r in db.session.scalars(select(BureauResult).order_by(BureauResult.id))]
    assert sorted(kept[1:]) == [
        ("filing", False, "earlier_report"),
        ("processing", False, "earlier_report"),
        ("review", False, "earlier_report"),
    ]
    assert db.session.query(Subject).count() == 0


def test_an_answer_that_fits_nothing_or_contradicts_is_told(site, remote):
    filing = reported(remote)
    remote.offer("n.xml", bajg(jg(4711, 1002), gjsh(4711, True)))
    remote.offer("p.xml", bajg(gjsh(filing, True)))
    remote.offer("q.xml", bajg(gjsh(filing, False, "又不行")))
    bureau.poll()
    assert state(filing) == "approved"
    assert sorted(alerts()) == ["contradicts", "nothing_fits"]


def test_a_file_is_applied_once_however_often_it_comes(site, remote):
    filing = reported(remote)
    text = bajg(jg(filing, 1005))
    remote.offer("same.xml", text)
    remote.trouble("isp_downloadack", "after", "lose")
    bureau.poll()
    remote.offer("same.xml", text)
    bureau.poll()
    bureau.poll()
    assert len(remote.acknowledged) >= 2
    (download,) = db.session.scalars(select(Download))
    assert download.applied_at
    assert download.acknowledged_at
    assert len(marks.of_filing(db.session.get_one(Filing, filing.id))) == 1
    assert db.session.query(BureauResult).count() == 1
    remote.offer("same.xml", bajg(jg(filing, 1011)))
    bureau.poll()
    assert alerts() == ["changed_file"]
    assert db.session.query(Download).count() == 2


def test_a_file_that_does_not_open_is_not_acknowledged(site, remote):
    filing = reported(remote)
    remote.offer("x.xml", bajg(gjsh(filing, True)))
    account().key = "PONMLKJIHGFEDCBA"
    db.session.commit()
    accounts_key = site.extensions["settings"]
    assert accounts_key.bureau_aes_key == "ABCDEFGHIJKLMNOP"
    from icp.bureau import inbox

    inbox.poll(account().id)
    assert remote.acknowledged == []
    assert alerts() == ["unpacking"]
    bureau.poll()  # the settings' key is put back
    assert state(filing) == "approved"
    assert remote.acknowledged == ["x.xml"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY e "x">]><DownloadData>&e;</DownloadData>',
        "<DownloadData><!-- hello --></DownloadData>",
        "no xml",
    ],
)
def test_a_file_that_is_no_data_file_is_kept_acknowledged_and_told(site, remote, text):
    remote.offer("bad.xml", text)
    bureau.poll()
    (download,) = db.session.scalars(select(Download))
    assert archive.open_download(download).decode("gbk") == text
    assert download.problem
    assert remote.acknowledged == ["bad.xml"]
    assert alerts() == ["unreadable"]
    assert not bureau.poll()


def test_groups_nobody_reads_yet_are_kept_and_told(site, remote):
    remote.offer("u.xml", RESULT.format("<XGTZ><Tzxx><Tzlb>0</Tzlb><Tznr>请更正</Tznr></Tzxx></XGTZ>"))
    remote.offer("e.xml", RESULT.format(""))
    bureau.poll()
    assert remote.acknowledged == ["u.xml", "e.xml"]
    (row,) = db.session.scalars(select(BureauAlert))
    assert (row.kind, row.detail, row.about) == ("unread_group", "XGTZ", "u.xml")


def test_a_file_that_fails_while_applied_waits_and_is_told(site, remote):
    filing = reported(remote)
    remote.offer("a.xml", bajg(gjsh(filing, True)))
    db.session.connection().exec_driver_sql("alter table bureau_result rename to away")
    db.session.commit()
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["not_applied"]
    db.session.connection().exec_driver_sql("alter table away rename to bureau_result")
    db.session.commit()
    bureau.poll()
    assert state(filing) == "approved"


def test_maintenance_ends_a_round_quietly(site, remote):
    remote.offer("m.xml", RESULT.format(""))
    remote.trouble("isp_download", 902)
    assert not bureau.poll()
    assert alerts() == []
    assert bureau.poll()


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
