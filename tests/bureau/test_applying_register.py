"""Cancellations, black lists and synchronisation: once, whole, in any order, and told to whom they concern."""

import itertools

import pytest
from sqlalchemy import delete, select

from icp import bureau
from icp.bureau import applying
from icp.bureau.models import BureauRecord, BureauResult, Download, Reading, RecordName
from icp.extensions import begin_write, db
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from icp.register import blacklist
from icp.register.models import BlackListed, RegisterEvent, Subject, Website
from tests.bureau.exchange_cases import RESULT, alerts, basj, gjsh, jg, reported, state

NAMES = itertools.count()


def offer(remote, *groups, text=""):
    remote.offer(f"20300202{next(NAMES):06d}.xml", text or RESULT.format("".join(groups)))
    bureau.poll()
    db.session.expire_all()


def zxsj(*entries):
    inside = "".join(f"<Zxxx><Zxlb>{kind}</Zxlb><Jlid>{key}</Jlid><Bz>公司注销</Bz></Zxxx>" for kind, key in entries)
    return f"<ZXSJ>{inside}</ZXSJ>"


def sjtb(inside):
    return RESULT.replace("<ICP>{}</ICP>", f"<SJTB>{inside}</SJTB>")


def kept(kind):
    db.session.expire_all()
    return [(r.key, r.applied, r.why) for r in _rows(kind)]


def _rows(kind):
    rows = db.session.scalars(select(BureauResult).where(BureauResult.kind == kind).order_by(BureauResult.id))
    for row in rows:
        row.key = row.record_key
        yield row


def letters():
    wanted = select(OutboxRow).where(OutboxRow.kind == "letter.cancelled")
    return [row.payload for row in db.session.scalars(wanted)]


@pytest.fixture
def on_record(site, remote):
    filing = reported(remote)
    offer(remote, text=basj(filing))
    return db.session.scalars(select(Website)).one()


def events():
    return list(db.session.scalars(select(RegisterEvent.kind).order_by(RegisterEvent.id)))


def test_a_website_cancelled_by_the_bureau(on_record, remote):
    for _ in range(3):
        offer(remote, zxsj(("1", on_record.bureau_id)))
    assert on_record.cancelled_at is not None
    assert on_record.subject.cancelled_at is None
    assert events() == ["recorded", "website_cancelled"]
    (told,) = letters()
    assert (told["number"], told["kind"], told["remark"]) == (on_record.number, "1", "公司注销")
    assert [why for _, _, why in kept("cancelled")] == ["", "not_on_record", "not_on_record"]
    assert alerts() == []


def test_an_access_and_then_the_subject(on_record, remote):
    subject = on_record.subject
    offer(remote, zxsj(("2", 2)))
    assert on_record.accesses == []
    assert on_record.cancelled_at is None
    offer(remote, zxsj(("0", subject.bureau_id)))
    assert subject.cancelled_at is not None
    assert on_record.cancelled_at is not None
    assert events() == ["recorded", "access_cancelled", "subject_cancelled"]
    assert [told["kind"] for told in letters()] == ["2", "0"]


def test_an_access_that_was_given_up_comes_back_with_another_id_only(on_record, remote):
    """The moment of the website doesn't tell: it is the same before and after."""
    filing = db.session.scalars(select(Filing)).one()
    before = basj(filing)
    offer(remote, zxsj(("2", 2)))
    offer(remote, text=before)
    assert on_record.accesses == []
    assert alerts() == ["older"]
    offer(remote, text=before.replace("<Jrid>2<", "<Jrid>3<"))
    assert [access.bureau_id for access in on_record.accesses] == [3]


def test_a_file_handed_out_again_brings_nothing_back(on_record, remote):
    """What is cancelled stays so, and what was changed since keeps its value; that an older file came is told."""
    subject, filing = on_record.subject, db.session.scalars(select(Filing)).one()
    older = basj(filing).replace("2030-01-01", "2020-01-01")
    offer(remote, text=older.replace("青梧文创手作馆", "从前的名字").replace("示例路18号", "从前的路1号"))
    assert subject.details["mailing_address"] == "示例路18号"
    assert alerts() == ["older"]
    offer(remote, zxsj(("0", subject.bureau_id)))
    offer(remote, text=older)
    assert subject.cancelled_at is not None
    assert on_record.cancelled_at is not None


def test_what_is_unknown_or_odd_is_kept(on_record, remote):
    offer(remote, zxsj(("1", 1), ("7", on_record.bureau_id), ("0", "x"), ("1", "9" * 30)), "<ZXSJ/>")
    assert [why for _, _, why in kept("cancelled")] == ["not_on_record", "odd_value", "odd_value", "odd_value"]
    assert on_record.cancelled_at is None
    assert alerts() == ["odd_value", "schema"]


def hmdlb(*, subject="", domains=(), change=0):
    said = f"<Zt_xx><Dwmc>王某</Dwmc><Zj><Zjlx>2</Zjlx><Zjhm>{subject}</Zjhm></Zj></Zt_xx>" if subject else ""
    names = "".join(f"<Ym_xx><Ym>{name}</Ym></Ym_xx>" for name in domains)
    site = f"<Wzhmdxxs><Wz_xx><Wzmc>站</Wzmc>{names}</Wz_xx><Czlx>{change}</Czlx></Wzhmdxxs>"
    return f"<HMDLB><Zthmdxxs>{said}<Czlx>{change}</Czlx></Zthmdxxs>{site if domains else ''}</HMDLB>"


@pytest.mark.shows("HMDLB")
def test_black_lists_follow_what_the_bureau_says(site, remote):
    offer(remote, hmdlb(subject="11010519491231002X", domains=("a.example", "b.example")))
    assert blacklist.listed_subject("2", "11010519491231002x")
    assert set(blacklist.listed_domains(["a.example", "www.b.example", "c.example"])) == {"a.example", "www.b.example"}
    offer(remote, hmdlb(domains=("a.example",), change=2), hmdlb(change=1), "<HMDLB/>")
    assert set(blacklist.listed_domains(["a.example", "b.example"])) == {"b.example"}
    offer(remote, hmdlb(domains=("c.example",), change=8))
    assert not blacklist.listed_domains(["c.example"])
    assert set(alerts()) == {"odd_value", "schema"}
    whys = [why for _, _, why in kept("black_list")]
    assert whys == ["", "", "names_nobody", "", "names_nobody", "odd_value", "odd_value"]


def test_the_same_list_again_changes_nothing(site, remote):
    for _ in range(2):
        offer(remote, hmdlb(domains=("a.example",)))
    (row,) = db.session.scalars(select(BlackListed))
    first = db.session.scalars(select(Download.id).order_by(Download.id)).first()
    assert row.download_id == first


def test_what_is_on_record_and_listed_is_told(on_record, remote):
    offer(remote, hmdlb(domains=(on_record.domains[0].name,)))
    assert alerts() == ["black_listed"]


@pytest.mark.shows("SJTB")
def test_a_synchronisation_is_an_import_that_tells_what_differs(on_record, remote):
    record = basj(70009).partition("<BASJ>")[2].partition("</BASJ>")[0]
    record = record.replace("90070009", str(on_record.subject.bureau_id)).replace("90170009", str(on_record.bureau_id))
    offer(remote, text=sjtb(f"<ICP>{record}</ICP>"))
    offer(remote, text=sjtb(f"<ICP>{record.replace('示例路18号', '示例路99号')}</ICP>"))
    other = record.replace("00000001", "00000002").replace("<Ztid>9", "<Ztid>8").replace("<Wzid>9", "<Wzid>8")
    offer(remote, text=sjtb(f"<ICP>{other}</ICP>"))
    offer(remote, text=sjtb("<ICP><Baxx/><Baxx><Zt_xx><Dwmc>无号</Dwmc></Zt_xx></Baxx></ICP>"))
    rows = list(_rows("sync"))
    assert [(row.content.get("outcome"), row.why) for row in rows] == [
        ("same", ""),
        ("changed", ""),
        ("new", ""),
        (None, "no_number"),
        (None, "no_number"),
    ]
    places = {place: (before, after) for place, before, after in rows[1].content["changes"]}
    assert places["details.mailing_address"] == ("示例路18号", "示例路99号")
    assert db.session.query(Subject).count() == 2


def test_a_synchronisation_brings_tables_too_and_tells_what_it_does_not_read(site, remote):
    row = "<Zxly_xx><Id>3</Id><Nr>域名过户</Nr><Sfyx>1</Sfyx></Zxly_xx>"
    offer(remote, text=sjtb(f"<JCDM><Jcdm_xx><Zxly_dms>{row}</Zxly_dms></Jcdm_xx></JCDM>"))
    assert alerts() == []
    offer(remote, text=sjtb("<IP><Iply/></IP>"))
    assert alerts() == ["unread_group", "schema"]


def test_a_file_is_applied_whole_or_not_at_all(on_record, remote, monkeypatch):
    def broken(incoming, group):
        raise RuntimeError("the machine stops here")

    monkeypatch.setitem(applying.READERS, "FFJRHMD", broken)
    groups = zxsj(("1", on_record.bureau_id)), hmdlb(domains=("a.example",)), "<FFJRHMD/>"
    offer(remote, *groups)
    assert on_record.cancelled_at is None
    assert not blacklist.listed_domains(["a.example"])
    assert letters() == []
    assert alerts() == ["not_applied"]
    monkeypatch.undo()
    bureau.poll()
    db.session.expire_all()
    assert on_record.cancelled_at is not None
    assert blacklist.listed_domains(["a.example"])
    assert len(letters()) == 1
    begin_write()
    applying.apply(db.session.scalars(select(Download.id).order_by(Download.id.desc())).first())
    db.session.commit()
    assert len(letters()) == 1


@pytest.mark.parametrize("order", ["zxsj", "result", "zxsj result", "result zxsj", "review zxsj zxsj"])
def test_a_cancellation_we_asked_for_is_approved_by_any_of_its_answers(on_record, remote, order):
    key = on_record.bureau_id
    filing = asking(remote, "7", key)
    said = {
        "zxsj": zxsj(("1", key)),
        "result": f"<BAJG>{jg(key, 1001, czlx=7)}</BAJG>",
        "review": f"<BAJG>{gjsh(key, True).replace('<Czlx>1<', '<Czlx>7<')}</BAJG>",
    }
    for word in order.split():
        offer(remote, said[word])
    assert state(filing) == "approved"
    assert on_record.cancelled_at is not None
    assert letters() == []
    assert db.session.query(OutboxRow).filter_by(filing_id=filing.id, kind="letter.approved").count() == 1
    event = db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id.desc())).first()
    assert (event.kind, event.filing_id) == ("website_cancelled", filing.id)


def test_a_cancelled_access_need_not_be_told_twice(on_record, remote):
    filing = asking(remote, "5", 2)
    offer(remote, f"<BAJG>{jg(2, 1001, czlx=5)}</BAJG>")
    assert state(filing) == "approved"
    assert on_record.accesses == []


def test_a_refused_cancellation_changes_nothing_on_record(on_record, remote):
    filing = asking(remote, "7", on_record.bureau_id)
    offer(remote, f"<BAJG>{jg(on_record.bureau_id, 1032, czlx=7)}</BAJG>")
    assert state(filing) == "bureau_returned"
    assert on_record.cancelled_at is None


def asking(remote, operation, bureau_id):
    """A filing at the bureau whose record asks for a cancellation."""
    filing = reported(remote)
    (record,) = db.session.scalars(select(BureauRecord).where(BureauRecord.filing_id == filing.id))
    record.operation_type, record.record_key = operation, str(bureau_id)
    db.session.execute(delete(RecordName).where(RecordName.record_id == record.id))
    db.session.add(RecordName(record_id=record.id, reading=Reading.RECORD, value=str(bureau_id)))
    db.session.commit()
    return filing
