"""What the bureau asks for becomes tasks: once however often it comes, at what it concerns on record, in any order."""

import itertools

import pytest
from sqlalchemy import select

from icp import bureau, vocabulary
from icp.bureau.models import BureauResult, Download
from icp.extensions import db
from icp.register import verbs as register
from icp.register.models import Website
from icp.tasks import verbs
from icp.tasks.models import Task
from icp.vocabulary.models import versions
from tests.bureau.exchange_cases import RESULT, alerts, basj, reported

NAMES = itertools.count()
UNFILED = (
    "<Wbawz_xx><Id>{id}</Id><Wzym_mc>{name}</Wzym_mc><IP>3405803800</IP><Jccs>{times}</Jccs><Yys>7</Yys></Wbawz_xx>"
)
ILLEGAL = (
    "<FFJRHMD><Ffjrxx><Id>77</Id><Ym>a.example</Ym><Ip>1</Ip><Zjjrz>1</Zjjrz><Szs>350000</Szs>"
    "<Dqjcsj>2030-01-01</Dqjcsj></Ffjrxx></FFJRHMD>"
)
NOTICE = "<XGTZ><Tzxx><Tzlb>{kind}</Tzlb><Baxh>{number}</Baxh><Tznr>请在十日内更正</Tznr></Tzxx></XGTZ>"
CHECKS = (
    "<HCJG><Jgxx><Zthc><Ztid>{subject}</Ztid><Dwmc>青梧</Dwmc><Zjlx>1</Zjlx><Zjhm>X</Zjhm><Cwyy>证件已注销</Cwyy></Zthc>"
    "<Jrhc><Wzid>{site}</Wzid><Wz_Baxh>{number}</Wz_Baxh><Hcjg>1</Hcjg><Hcsj>2030-01-01</Hcsj></Jrhc>"
    "<Kkwzhc><Wzid>{site}</Wzid><Wz_Baxh>{number}</Wz_Baxh><Hcjg>0</Hcjg><Hcsj>2030-01-01</Hcsj></Kkwzhc>"
    "<Kkwzhc><Wzid>5</Wzid><Wz_Baxh>京ICP备1号-1</Wz_Baxh><Hcjg>1</Hcjg><Hcsj>2030-01-01</Hcsj></Kkwzhc>"
    "<Wzch><Wzid>{site}</Wzid><Wz_Baxh>{number}</Wz_Baxh><Hcsj>2030-01-01</Hcsj></Wzch></Jgxx></HCJG>"
)


def offer(remote, *groups, text=""):
    remote.offer(f"20300101{next(NAMES):06d}.xml", text or RESULT.format("".join(groups)))
    bureau.poll()
    db.session.expire_all()


def unfiled(*sites):
    inside = "".join(UNFILED.format(id=i, name=name, times=times) for i, name, times in sites)
    return f"<WBAWZLB>{inside}</WBAWZLB>"


def tasks(kind=""):
    db.session.expire_all()
    wanted = select(Task).order_by(Task.id)
    return list(db.session.scalars(wanted.where(Task.kind == kind) if kind else wanted))


@pytest.fixture
def on_record(site, remote):
    """A subject with one website, brought by a filing of ours."""
    filing = reported(remote)
    offer(remote, text=basj(filing))
    website = db.session.scalars(select(Website)).one()
    return website.subject, website


def test_everything_in_one_file(site, remote):
    offer(
        remote,
        unfiled((1, "x.example", 3)),
        ILLEGAL,
        NOTICE.format(kind=0, number="闽ICP备1号"),
        "<HCJG><Jgxx/></HCJG>",
    )
    assert sorted(t.kind for t in tasks()) == ["illegal_access", "notice", "unfiled_site"]
    assert alerts() == []
    assert db.session.scalars(select(Download.applied_at)).one()
    assert {t.state for t in tasks()} == {"open"}


def test_the_same_again_changes_nothing_and_something_new_is_told(site, remote):
    for _ in range(3):
        offer(remote, unfiled((1, "x.example", 3)), ILLEGAL)
    assert len(tasks()) == 2
    task = tasks("unfiled_site")[0]
    assert len(verbs.events(task)) == 1
    offer(remote, unfiled((1, "x.example", 4), (2, "x.example", 1)))
    first, second = tasks("unfiled_site")
    assert (first.content["detections"], second.content["detections"]) == (4, 1)
    assert [e.action for e in verbs.events(first)] == ["open", "again"]


def test_a_settled_site_found_again_is_a_new_task(site, remote):
    offer(remote, unfiled((1, "x.example", 3)))
    verbs.settle(verbs.lock(tasks()[0].id))
    db.session.commit()
    offer(remote, unfiled((1, "x.example", 3)))
    assert len(tasks()) == 1
    offer(remote, unfiled((1, "x.example", 4)))
    assert [t.source_no for t in tasks()] == [1, 2]


def test_a_notice_repeated_after_it_was_settled_is_asked_anew(site, remote):
    text = NOTICE.format(kind=1, number="闽ICP备1号-1")
    offer(remote, text)
    offer(remote, text)
    (task,) = tasks()
    verbs.settle(verbs.lock(task.id))
    db.session.commit()
    offer(remote, text)
    assert [t.state for t in tasks()] == ["done", "open"]


def test_findings_lie_at_what_is_on_record(on_record, remote):
    subject, website = on_record
    offer(remote, CHECKS.format(subject=subject.bureau_id, site=website.bureau_id, number=website.number))
    found = {(t.detail, t.subject_id, t.website_id) for t in tasks()}
    assert found == {
        ("subject", subject.id, None),
        ("access_over", subject.id, website.id),
        ("shell", None, None),
        ("liveness", subject.id, website.id),
    }
    kept = db.session.scalars(select(BureauResult).where(BureauResult.kind == "check")).one()
    assert (kept.applied, kept.why) == (False, "information")
    offer(remote, NOTICE.format(kind=0, number=subject.number), NOTICE.format(kind=1, number=website.number))
    assert [(t.subject_id, t.website_id, t.name) for t in tasks("notice")] == [
        (subject.id, None, subject.name),
        (subject.id, website.id, website.name),
    ]
    offer(remote, NOTICE.format(kind=1, number=website.number.replace("号", "")))
    assert [t.website_id for t in tasks("notice")][-1] == website.id
    offer(remote, unfiled((9, f"shop.{website.domains[0].name}", 1)))
    assert tasks("unfiled_site")[0].website_id == website.id


def test_a_verification_task_holds_the_whole_filing(on_record, remote):
    subject, website = on_record
    text = basj(70001).replace("BASJ", "HSRW").replace("90070001", str(subject.bureau_id))
    text = text.replace("90170001", str(website.bureau_id))
    text = text.replace("<Ispid>350000000001</Ispid>", "").replace(
        "</Ip_xx></Jr_xx>", "</Ip_xx><Bbyhid>350000000001</Bbyhid><Bbyhlx>1</Bbyhlx></Jr_xx>"
    )
    offer(remote, text=text)
    (task,) = tasks()
    assert (task.kind, task.subject_id, task.website_id) == ("verify", subject.id, website.id)
    assert task.content["filing"]["document_number"] == "91350100M000100Y43"
    access = task.content["filing"]["websites"][0]["accesses"][0]
    assert (access["provider_id"], access["mode"]) == (350000000001, "1")
    assert b"91350100M000100Y43" not in task.sealed_content
    assert register.by_document("1", "91350100M000100Y43").id == subject.id


@pytest.mark.parametrize(
    "groups",
    [
        "<HSRW><Baxx/><Baxx><Zt_xx/><Wz_xx/></Baxx></HSRW>",
        "<XGTZ><Tzxx/><Tzxx><Tzlb>七</Tzlb><Jlid>99999999999999999999999</Jlid></Tzxx></XGTZ>",
        "<WBAWZLB><Wbawz_xx><Wzym_mc>两 个..坏</Wzym_mc><IP>-5</IP></Wbawz_xx></WBAWZLB>",
        "<FFJRHMD><Ffjrxx><Id>x</Id><Ym>" + "长" * 300 + "</Ym></Ffjrxx></FFJRHMD>",
        "<HCJG><Jgxx><Jrhc/><Zthc/><Kkwzhc/><Wzch/></Jgxx><Jgxx/></HCJG>",
        "<XGTZ/><HCJG/><HSRW/><WBAWZLB/><FFJRHMD/>",
    ],
)
def test_what_is_odd_is_kept_and_stops_nothing(site, remote, groups):
    offer(remote, groups)
    offer(remote, ILLEGAL)
    assert all(d.applied_at for d in db.session.scalars(select(Download)))
    assert tasks("illegal_access")
    assert "not_applied" not in alerts()


@pytest.mark.shows("JCDM")
def test_code_tables_replace_ours(site, remote):
    table = "<Jcdm_xx><Zxly_dms><Zxly_xx><Id>3</Id><Nr>域名过户</Nr><Sfyx>1</Sfyx></Zxly_xx></Zxly_dms>{}</Jcdm_xx>"
    text = RESULT.replace("<ICP>{}</ICP>", f"<JCDM>{table}</JCDM>")
    offer(remote, text=text.format("<Neu_dms><Neu><Id>1</Id></Neu></Neu_dms><Yylb_dms/>"))
    words = vocabulary.current()
    assert [(o.code, o.zh) for o in words.options("cancel_reasons")] == [("3", "域名过户")]
    assert words.options("languages") == vocabulary.builtin().options("languages")
    assert alerts() == ["unknown_table", "schema"]
    assert versions("Neu_dms")[0].source.endswith(".xml")
    offer(remote, text=text.format(""))
    assert len(versions("cancel_reasons")) == 1


def test_a_table_that_would_leave_nothing_is_refused(site, remote):
    row = "<Dwxz_xx><Id>4</Id><Mc>企业</Mc><Sfyx>0</Sfyx></Dwxz_xx>"
    rows = "<Qy_xx><Id>350102</Id><Mc>鼓楼区</Mc><Sfyx>1</Sfyx></Qy_xx>"
    inside = f"<Jcdm_xx><Dwxz_dms>{row}</Dwxz_dms><Qy_dms>{rows}</Qy_dms></Jcdm_xx>"
    offer(remote, text=RESULT.replace("<ICP>{}</ICP>", f"<JCDM>{inside}</JCDM>"))
    assert alerts() == ["table_refused"]
    assert vocabulary.current().has("organisation_types", "4")
    assert vocabulary.current().regions.exists("350102")
