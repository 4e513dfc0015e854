import pytest
from sqlalchemy import select

from icp import bureau
from icp.accounts.models import Account
from icp.bureau import account as accounts
from icp.bureau import archive
from icp.bureau.models import BureauAlert, BureauResult, Download, Upload
from icp.extensions import db
from icp.filings import marks
from icp.filings.drafts import lock
from icp.filings.models import Filing, FilingHost
from icp.loopback_bureau.texts import code_text
from icp.outbox.models import OutboxRow
from icp.register.models import RegisterEvent, Subject, SubjectHost
from tests.bureau.exchange_cases import (
    RESULT,
    account,
    alerts,
    bajg,
    basj,
    gjsh,
    jg,
    reported,
    state,
    subject_id,
    uploads,
    work,
)
from tests.bureau.gateway_filing import answers, freeze, ready


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


def test_what_a_host_filed_is_his_once_it_is_on_record(site, remote):
    filing = reported(remote)
    host = Account(kind="host", email="h@qingwu.example", email_hash="h", session_stamp="test")
    db.session.add(host)
    db.session.flush()
    db.session.add(FilingHost(filing_id=filing.id, account_id=host.id))
    db.session.commit()
    remote.offer("a.xml", basj(filing))
    bureau.poll()
    assert [(h.account_id, h.by) for h in db.session.scalars(select(SubjectHost))] == [(host.id, "filing")]


@pytest.mark.shows("1002", "GJSHS")
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


def test_the_systems_repeat_of_the_officers_words_is_one_mark(site, remote):
    filing = reported(remote)
    remote.offer("r.xml", bajg(gjsh(filing, False, "照片不清楚"), jg(filing, 1002, text="管局审核拒绝：照片不清楚")))
    bureau.poll()
    (mark,) = marks.of_filing(db.session.get_one(Filing, filing.id))
    assert "照片不清楚" in mark.correction.message


def test_codes_of_the_system_stand_at_their_fields(site, remote):
    filing = reported(remote)
    remote.offer("c.xml", bajg(jg(filing, 1005, 1011, 1777, text="请核实")))
    bureau.poll()
    assert state(filing) == "bureau_returned"
    found = {(m.path, m.code) for m in marks.of_filing(db.session.get_one(Filing, filing.id))}
    assert found == {("website[w1].domain", "1005"), ("subject.principal.mobile", "1011"), ("filing", "1777")}


@pytest.mark.parametrize(
    ("code", "purpose", "place", "told"),
    [
        (5010, "网站负责人核验现场拍摄照片无法打开", "website[w1].principal.papers.photo", []),
        (1055, "网站主办者（单位）有效证件电子件", "subject.papers.document", []),
        (1061, "网站备案信息真实性核验单", "website[w1].papers.verification_form", ["code_1061"]),
    ],
)
@pytest.mark.shows(by="code")
def test_what_is_wrong_with_an_attachment_stands_at_the_paper_that_was_sent(site, remote, code, purpose, place, told):
    filing = reported(remote)
    remote.offer("a.xml", bajg(jg(filing, code, text=code_text(code, purpose))))
    bureau.poll()
    assert [(m.path, m.code) for m in marks.of_filing(db.session.get_one(Filing, filing.id))] == [(place, str(code))]
    assert alerts() == told


@pytest.mark.parametrize(("code", "told"), [(5001, ["code_5001"]), (5002, ["code_5002"]), (5010, []), (5999, [])])
@pytest.mark.shows(by="code")
def test_a_whole_file_that_fails_is_found_by_its_name_whatever_the_code(site, remote, code, told):
    filing = reported(remote)
    (upload,) = db.session.scalars(select(Upload))
    text = f"<Jg_xx><Jgxx><Jgdm>{code}</Jgdm><Dmms>{upload.file_name}校验失败</Dmms></Jgxx><Czlx>4</Czlx></Jg_xx>"
    remote.offer("f.xml", bajg(text))
    bureau.poll()
    assert state(filing) == "bureau_returned"
    assert [mark.code for mark in marks.of_filing(db.session.get_one(Filing, filing.id))] == [str(code)]
    assert alerts() == told


def test_a_complaint_that_names_neither_a_request_nor_a_file_of_ours_is_told(site, remote):
    filing = reported(remote)
    remote.offer(
        "f.xml", bajg("<Jg_xx><Jgxx><Jgdm>5999</Jgdm><Dmms>20290101_9.xml</Dmms></Jgxx><Czlx>4</Czlx></Jg_xx>")
    )
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["nothing_fits"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("{name}", True),
        ("{stem}", True),
        ("文件{stem}不合格式", True),
        ("/data/in/{name}: line 3", True),
        ("{name}。", True),
        ("{name}.", True),
        ("1{name}", False),
        ("{stem}0.xml", False),
        ("x_{stem}", False),
        ("{stem}.xml.bak", False),
        ("{name} " + " ".join(map(str, range(40_000))), True),
    ],
    ids=["name", "stem", "in a text", "with its folder", "stop", "full stop", "longer before", "longer", "prefixed",
         "copy", "before much else"],
)  # fmt: skip
def test_a_file_is_meant_by_its_own_name_only(site, remote, said, meant):
    filing = reported(remote)
    (upload,) = db.session.scalars(select(Upload))
    text = said.format(name=upload.file_name, stem=upload.file_name.removesuffix(".xml"))
    remote.offer("f.xml", bajg(f"<Jg_xx><Jgxx><Jgdm>5999</Jgdm><Dmms>{text}</Dmms></Jgxx><Czlx>1</Czlx></Jg_xx>"))
    bureau.poll()
    assert state(filing) == ("bureau_returned" if meant else "at_bureau")
    assert ("nothing_fits" in alerts()) is not meant
    assert "not_applied" not in alerts()


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


@pytest.mark.parametrize("said", ["", "<Shjg/>", "<Shjg>2</Shjg>", "<Shjg>-1</Shjg>", "<Shjg>同意</Shjg>"])
def test_a_review_that_says_neither_yes_nor_no_is_kept_told_and_changes_nothing(site, remote, said):
    filing = reported(remote)
    remote.offer("v.xml", bajg(gjsh(filing, True, "同意").replace("<Shjg>1</Shjg>", said)))
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["odd_value", "schema"]
    (kept,) = db.session.scalars(select(BureauResult))
    assert (kept.kind, kept.applied, kept.why, kept.filing_id) == ("review", False, "odd_value", filing.id)
    remote.offer("w.xml", bajg(gjsh(filing, True).replace("<Shjg>1</Shjg>", "<Shjg>01</Shjg>")))
    bureau.poll()
    assert state(filing) == "approved"


@pytest.mark.parametrize("code", ["", "0", "通过", "-1005"])
def test_a_result_without_a_code_that_can_be_read_is_kept_told_and_changes_nothing(site, remote, code):
    filing = reported(remote)
    remote.offer("n.xml", bajg(jg(filing, code, text="域名冲突")))
    remote.offer("m.xml", bajg(jg(filing, 1001, code)))
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["odd_value", "schema"] * 2
    kept = [(r.kind, r.applied, r.why, r.filing_id) for r in db.session.scalars(select(BureauResult))]
    assert kept == [("processing", False, "odd_value", filing.id)] * 2


def test_a_result_that_says_nothing_is_kept_told_and_changes_nothing(site, remote):
    filing = reported(remote)
    remote.offer("n.xml", bajg(jg(filing)))
    remote.offer("m.xml", bajg("<Jg_xx/>"))
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["odd_value", "schema"] * 2
    kept = [(r.why, r.filing_id) for r in db.session.scalars(select(BureauResult).order_by(BureauResult.id))]
    assert kept == [("odd_value", filing.id), ("odd_value", None)]


@pytest.mark.parametrize(
    "said",
    [
        jg(4711, 1002),
        jg(4711, 1001),
        jg(4711, 1062),
        jg(4711, 1001).replace("<Bs>4711</Bs>", ""),
        jg(4711, 1001).replace("<Czlx>1</Czlx>", "<Czlx>6</Czlx>"),
        gjsh(4711, True),
        gjsh(4711, False),
        gjsh(4711, True).replace("<Jlid>4711</Jlid>", ""),
        gjsh(4711, True).replace("<Czlx>1</Czlx>", ""),
    ],
    ids=["rejected", "approved", "information", "nobody", "another operation", "review", "refused", "nobody reviewed",
         "any operation"],
)  # fmt: skip
def test_an_answer_that_reaches_nothing_of_ours_is_told(site, remote, said):
    filing = reported(remote)
    remote.offer("n.xml", bajg(said))
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["nothing_fits"]
    assert db.session.scalars(select(BureauResult.why)).all() == ["nothing_fits"]


def test_filing_data_without_a_number_is_told_and_changes_nothing(site, remote):
    filing = reported(remote)
    remote.offer("b.xml", basj(filing).replace("<Baxh>闽ICP备00000001号</Baxh>", ""))
    bureau.poll()
    assert state(filing) == "at_bureau"
    assert alerts() == ["no_number"]
    (told,) = accounts.open_alerts()
    assert told.detail == f"BASJ {subject_id(filing)}"


def test_what_can_be_read_beside_a_code_that_can_not_still_counts(site, remote):
    filing = reported(remote)
    remote.offer("n.xml", bajg(jg(filing, 1005, "")))
    bureau.poll()
    assert state(filing) == "bureau_returned"
    assert [mark.code for mark in marks.of_filing(db.session.get_one(Filing, filing.id))] == ["1005"]
    assert alerts() == ["odd_value", "schema"]


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
    assert alerts() == []  # it has come whole


def test_what_was_told_of_a_file_is_settled_when_it_comes_whole(site, remote):
    filing = reported(remote)
    remote.offer("bad.xml", bajg(gjsh(filing, True))[:200])
    remote.offer("other.xml", "no xml")
    bureau.poll()
    assert alerts() == ["unreadable", "unreadable"]
    remote.offer("bad.xml", bajg(gjsh(filing, True)))
    bureau.poll()
    assert state(filing) == "approved"
    (left,) = accounts.open_alerts()
    assert left.about == "other.xml"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY e "x">]><DownloadData>&e;</DownloadData>',
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
    remote.offer("u.xml", RESULT.replace("<ICP>{}</ICP>", "<YM><BAJG/></YM>"))
    remote.offer("e.xml", RESULT.format(""))
    bureau.poll()
    assert remote.acknowledged == ["u.xml", "e.xml"]
    unread, empty = db.session.scalars(select(BureauAlert).order_by(BureauAlert.id))
    assert (unread.kind, unread.detail, unread.about) == ("unread_group", "YM", "u.xml")
    assert empty.about == "e.xml"


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


@pytest.mark.shows("902")
def test_maintenance_ends_a_round_quietly(site, remote):
    remote.offer("m.xml", RESULT.format(""))
    remote.trouble("isp_download", 902)
    assert not bureau.poll()
    assert alerts() == []
    assert bureau.poll()


@pytest.mark.parametrize("there", ["", "号"], ids=["without", "with"])
@pytest.mark.parametrize("answered", ["", "号"], ids=["answered without", "answered with"])
def test_numbers_of_what_is_not_on_record_go_out_as_the_bureau_writes_them(site, remote, there, answered):
    remote.offer("sync.xml", basj(70009, f"闽ICP备00000009{there}"))
    bureau.poll()
    number = "闽ICP备00000077{}"
    filing = ready(**{"subject.filing_number": number.format("号")})
    lock(filing.id).operation = "new_website"
    db.session.commit()
    work()
    assert state(filing) == "at_bureau"
    assert f"<Ztbah>{number.format(there)}</Ztbah>" in remote.taken[0][2]
    said = jg(77, 1001, czlx=2).replace("<Bs>77<", f"<Bs>{number.format(answered)}<")
    remote.offer("a.xml", bajg(said))
    bureau.poll()
    assert state(filing) == "approved"
    assert alerts() == []
