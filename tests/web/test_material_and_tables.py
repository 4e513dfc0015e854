"""Material sent afterwards, the code tables in force, and what received files changed."""

import base64
import io

import pytest
from PIL import Image
from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau import archive
from icp.bureau.incoming import Incoming
from icp.bureau.models import Download
from icp.bureau.synchronising import Synchronised
from icp.extensions import db
from icp.outbox.models import OutboxRow
from icp.register import verbs as register
from icp.tasks import answers, verbs
from icp.tasks.kinds import Kind
from icp.tasks.models import Task
from icp.vocabulary import builtin
from icp.vocabulary.models import keep_unknown, replace_table
from tests.unit.register.test_register import OURS, subject

SITE, SUBJECT = "闽ICP备2026000001号-1", "闽ICP备2026000001号"


def picture(name="a.png", size=(64, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return io.BytesIO(out.getvalue()), name


@pytest.fixture
def desk(app, signed_in):
    with app.app_context():
        register.record(subject(), filing_id=None, our_isp_id=OURS)
        db.session.commit()
    return signed_in("staff", "reviewer", name="许闻")


def send(desk, status=200, **typed):
    desk.look("/desk/tasks/material")
    return desk.send("/desk/tasks/material", typed, status, content_type="multipart/form-data")


def tasks(app):
    with app.app_context():
        return list(db.session.scalars(select(Task)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": SITE}, "至少选一张图片"),
        ({"number": "闽ICP备2026999999号", "picture-1": 1, "purpose-1": "1"}, "没有这个备案号"),
        ({"number": SITE, "picture-1": 1}, "请选这张图片的用途"),
        ({"number": SUBJECT, "picture-1": 1, "purpose-1": "1"}, "要写网站的"),
        ({"number": SITE, "picture-1": "x", "purpose-1": "1", "remark-1": "补签"}, "补签"),
    ],
)
def test_what_is_missing_is_said_where_it_is(app, desk, typed, words):
    kept = {1: picture, "x": lambda: (io.BytesIO(b"%PDF-1.4"), "a.pdf")}
    send(desk, 422, **{k: kept[v]() if k.startswith("picture") else v for k, v in typed.items()})
    assert words in desk.page.text
    assert desk.page.one("input", name="number").get("value") == typed["number"]
    assert desk.page.all("*", class_="remark--mend")
    assert tasks(app) == []


def test_pictures_leave_as_an_answer(app, desk):
    typed = {"number": SITE, "picture-1": picture(), "purpose-1": "1", "remark-1": "补签"}
    send(desk, **typed, **{"picture-3": picture(size=(4000, 3000)), "purpose-3": "2"})
    assert "材料已备好" in desk.page.text
    with app.app_context():
        task = db.session.scalars(select(Task)).one()
        answer = answers.read(task.kind, task.result)
        assert (task.kind, task.state) == ("material", "answered")
        assert db.session.scalars(select(OutboxRow.kind)).all() == ["bureau.answer"]
    first, second = answer.pictures
    assert (first.owner, first.number, first.bureau_id, first.purpose, first.remark) == ("2", SITE, 200, "1", "补签")
    assert (second.owner, second.number, second.bureau_id) == ("1", SUBJECT, 100)
    for found in answer.pictures:
        data = base64.b64decode(found.base64)
        assert Image.open(io.BytesIO(data)).format == "JPEG"
        assert len(found.base64) <= 100 * 1024


def test_tables_say_where_they_come_from(app, signed_in):
    boss = signed_in("staff", "administrator")
    page = boss.look("/desk/tables")
    assert "暂定" in page.text
    assert "管局还没有下发" in page.text
    boss.look("/desk/tables/none", 404)
    with app.app_context():
        rows = [dict(row) for row in builtin().tables["languages"]]
        rows[0]["zh"] = "中文简体（新）"
        rows[1]["withdrawn"] = "yes"
        rows.append({"code": "40", "zh": "新语", "en": "新语"})
        replace_table("languages", rows, "20300101_fj_1.xml")
        keep_unknown("Neu_dms", [{"Id": "1", "Wert": "甲"}], "20300101_fj_1.xml")
        db.session.commit()
    page = boss.look("/desk/tables")
    assert "20300101_fj_1.xml" in page.text
    assert "Neu_dms" in page.text
    page = boss.look("/desk/tables/languages")
    told = [page.words(tr) for tr in page.all("table")[0].iter() if tr.tag.endswith("}tr")][1:]
    assert told == ["1中文简体（新）改动", "2中文繁体停用", "40新语新增"]
    assert "甲" in boss.look("/desk/tables/Neu_dms").text
    assert "没有改动" in boss.look("/desk/tables/regions").text


def test_received_files_say_what_came_of_them(app, desk, signed_in):
    boss = signed_in("staff", "supervisor")
    assert "管局还没有发来文件" in boss.look("/desk/bureau/results").text
    with app.app_context():
        account = accounts.seed_account()
        download = Download(account_id=account.id, file_name="20300101_fj_1.xml", hash="x", groups="SJTB WBAWZLB")
        archive.seal_download(download, b"<x/>")
        db.session.add(download)
        db.session.flush()
        incoming = Incoming(account, download)
        changes = (
            ("details.mailing_address", "旧路1号", "新路2号"),
            ("details.principal.mobile", "1390000", "1380000"),
        )
        incoming.keep("sync", Synchronised(SUBJECT, "changed", changes), None, key=SUBJECT)
        incoming.keep("cancelled", Synchronised("", ""), None, "not_on_record", key="77")
        verbs.open(Kind.UNFILED_SITE, "u", {}, domain="x.example", name="x.example", download_id=download.id)
        db.session.commit()
        download_id = download.id
    assert "20300101_fj_1.xml" in boss.look("/desk/bureau/results").text
    page = boss.look(f"/desk/bureau/results/{download_id}")
    for words in ("旧路1号 → 新路2号", "联系方式 1", "登记库里没有，或已注销", "未备案网站", SUBJECT):
        assert words in page.words()
    assert "1380000" not in page.text
    boss.look("/desk/bureau/results/999", 404)
    boss.look("/desk/bureau/results?after=x", 404)
