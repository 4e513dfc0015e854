"""Looking into what was sent and received, and the accounts it went through."""

import base64

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.bureau import account as accounts
from icp.bureau import archive, looking
from icp.bureau.codec.packing import zip_one
from icp.bureau.models import BureauAccount, Download, Upload
from icp.extensions import begin_write, db, now

PICTURE = base64.b64encode(b"x" * 3000).decode()
XML = (
    '<?xml version="1.0" encoding="GBK"?><UploadData version="V.3.0"><ICP><XZBA><Baxx><Zt_xx><IspZtid>10001</IspZtid>'
    "<Zj><Zjhm>91350100M000100Y43</Zjhm></Zj><Txdz><Xxdz>示例路18号青梧大厦</Xxdz></Txdz><Fzr><Fzr_xm>林知夏</Fzr_xm>"
    "<Fzr_sjhm>13900000000</Fzr_sjhm><Fzr_dzyj>lin@qingwu.example</Fzr_dzyj></Fzr></Zt_xx>"
    f"<Fj><Fjxx><Fjnr>{PICTURE}</Fjnr></Fjxx></Fj><ICPmm>0123456789abcdef0123456789abcdef</ICPmm></Baxx></XZBA></ICP>"
    "</UploadData>"
).encode("gbk")
PERSONAL = ("91350100M000100Y43", "示例路18号", "13900000000", "lin@qingwu.example", PICTURE, "0123456789abcdef")


@pytest.fixture
def supervisor(signed_in):
    return signed_in("staff", "supervisor", name="何田")


def keep(n: int = 1) -> None:
    begin_write()
    account = accounts.seed_account()
    for number in range(1, n + 1):
        upload = Upload(
            account_id=account.id, sequence=number, file_name=f"f{number}.xml", upload_group="XZBA",
            state="accepted", hash="x",
        )  # fmt: skip
        db.session.add(upload)
        db.session.flush()
        archive.keep_upload(upload, zip_one(XML, upload.file_name))
    for name, data in (("good.xml", XML), ("bad.xml", b"<!DOCTYPE a [<!ENTITY e 'x'>]>&e;")):
        download = Download(account_id=account.id, file_name=name, hash="x", groups="BASJ")
        archive.seal_download(download, data)
        download.problem, download.applied_at = "doctype" if name == "bad.xml" else "", now()
        db.session.add(download)
    db.session.commit()


def test_a_file_is_shown_without_what_is_personal_and_that_it_was_opened_is_recorded(app, supervisor):
    with app.app_context():
        keep()
    page = supervisor.look("/desk/bureau/files/sent")
    assert "f1.xml" in page.text
    page = supervisor.look("/desk/bureau/files/sent/1")
    assert "[3000 B]" in page.text
    assert "林知夏" in page.text
    assert not [value for value in PERSONAL if value in page.text]
    page = supervisor.look("/desk/bureau/files/received/1")
    assert not [value for value in PERSONAL if value in page.text]
    page = supervisor.look("/desk/bureau/files/received/2")
    assert "ENTITY" not in page.text
    assert "doctype" in page.text
    with app.app_context():
        opened = db.session.execute(select(AuditEntry.object_kind, AuditEntry.object_id).where(
            AuditEntry.verb == "open_bureau_file")).all()  # fmt: skip
    assert [tuple(row) for row in opened] == [("bureau_sent", "1"), ("bureau_received", "1"), ("bureau_received", "2")]
    supervisor.look("/desk/bureau/files/sent/99", 404)


def test_files_are_found_and_paged(app, supervisor):
    with app.app_context():
        keep(looking.PAGE + 3)
    page = supervisor.look("/desk/bureau/files/sent")
    assert len(list(page.one("tbody"))) == looking.PAGE
    (older,) = [a.get("href") for a in page.all("a") if "after=" in a.get("href", "")]
    page = supervisor.look(older)
    assert len(list(page.one("tbody"))) == 3
    assert "f7.xml" in supervisor.look("/desk/bureau/files/sent?q=7").text
    assert "没有这样的文件" in supervisor.look("/desk/bureau/files/sent?q=nothing").text
    assert "bad.xml" in supervisor.look("/desk/bureau/files/received?troubled=1").text
    assert "good.xml" not in supervisor.look("/desk/bureau/files/received?troubled=1").text


TYPED = {
    "name": "粤证", "base_url": "https://gd.bureau.example/", "isp_id": "440000000001", "user": "gd",
    "province": "440000", "serves": "440000 450000", "password": "secret-word", "encrypt": "1",
    "key": "ABCDEFGHIJKLMNOP", "iv": "0102030405060708", "timeout": "30", "active": "1",
}  # fmt: skip


def test_an_account_is_added_and_changed_without_showing_its_secrets(app, supervisor):
    supervisor.look("/desk/bureau/accounts")
    supervisor.look("/desk/bureau/accounts/new")
    page = supervisor.send("/desk/bureau/accounts/new", {**TYPED, "key": "short", "province": ""}, 422)
    assert page.one("*", id="key-e") is not None
    assert page.one("*", id="province-e") is not None
    assert page.one("*", id="name").get("value") == "粤证"
    assert "secret-word" not in page.text
    supervisor.send("/desk/bureau/accounts/new", TYPED)
    with app.app_context():
        account = db.session.scalars(select(BureauAccount).where(BureauAccount.isp_id == 440000000001)).one()
        account_id = account.id
        assert (account.password, account.key, account.serves) == ("secret-word", "ABCDEFGHIJKLMNOP", "440000 450000")
        assert accounts.reporting_account("450000").id == account_id
    page = supervisor.look(f"/desk/bureau/accounts/{account_id}")
    assert "secret-word" not in page.text
    assert "ABCDEFGHIJKLMNOP" not in page.text
    changed = {**TYPED, "password": "", "key": "", "iv": "", "encrypt": "", "name": "粤证二"}
    supervisor.send(f"/desk/bureau/accounts/{account_id}", changed)
    with app.app_context():
        account = db.session.get_one(BureauAccount, account_id)
        assert (account.name, account.password, account.encrypt) == ("粤证二", "secret-word", False)
        (entry, *_) = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "save_bureau_account"))
        assert "secret-word" not in str(entry.details)


def test_accounts_by_command(app):
    run = app.test_cli_runner().invoke
    given = [f"--{name.replace('_', '-')}={TYPED[name]}" for name in ("name", "base_url", "isp_id", "user", "province")]
    missing = run(args=["bureau", "account", "add", *given])
    assert missing.exit_code == 1
    assert "password" in missing.output
    made = run(args=["bureau", "account", "add", *given, "--ask-password"], input="secret-word\n")
    assert made.exit_code == 0, made.output
    assert run(args=["bureau", "account", "change", "1", "--serves", "440000"]).exit_code == 0
    shown = run(args=["bureau", "account", "list"])
    assert "serves 440000" in shown.output
    assert "secret-word" not in shown.output
