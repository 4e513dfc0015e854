"""Writing to those who see to the link when trouble begins: one letter for each account and kind until it has ended."""

from __future__ import annotations

from flask_babel import force_locale
from sqlalchemy import select

from icp import outbox
from icp.accounts.models import Account
from icp.bureau import account as accounts
from icp.bureau.models import BureauAccount, BureauAlert
from icp.extensions import begin_write, db
from icp.i18n import tr
from icp.outbox import Claim
from icp.vocabulary.text import N_

ALERTS: dict[str, str] = {
    "paused": N_("账号已停用，不报送也不取结果"),
    "refused": N_("管局没有收下"),
    "query_refused": N_("管局不答查询，查备案状态和核对备案密码都用不了"),
    "packing": N_("管局打不开我们的文件"),
    "unpacking": N_("打不开管局的文件"),
    "unreadable": N_("读不懂管局的文件"),
    "wrong_root": N_("管局发来的不是数据文件（根元素不是 DownloadData），没有用上，请管局重发"),
    "schema": N_("管局的文件不合接口格式，读得懂的已经用上，请对照位置核对，再请管局重发"),
    "kept_unopened": N_("几次都打不开的文件，原样留着"),
    "number_differs": N_("人工认定的备案号与管局数据里的不同"),
    "empty_file": N_("管局的文件里什么都没有，请管局重发"),
    "unread_group": N_("管局的文件里有不认识的部分"),
    "changed_file": N_("管局的同名文件内容变了"),
    "not_applied": N_("管局的结果没有用上"),
    "no_number": N_("管局的备案数据没有备案号，没有登记"),
    "sequence": N_("数据序号对不上，已改成管局要的"),
    "no_upload": N_("报送中的备案没有报文"),
    "nothing_fits": N_("管局的结果对不上任何报文"),
    "several_fit": N_("管局的结果对得上几份备案，要人认定"),
    "table_refused": N_("管局的代码表用不了，仍用原来的"),
    "unknown_table": N_("管局发来不认识的代码表，已留存"),
    "odd_value": N_("管局的数据里有不认识的值，没有用上"),
    "black_listed": N_("登记库里的备案进了管局黑名单"),
    "contradicts": N_("管局的结果与备案现在的状态矛盾"),
    "older": N_("管局的数据比登记库里的旧，没有用上"),
}
"""Kind of an alert → what has happened."""
CODE = N_("管局返回代码，要我们处理")
CODED = "code_"
"""How a kind begins that is about a code; the code follows."""
READERS = ("supervisor", "administrator")


def title(kind: str) -> str:
    """What a kind of alert means, in the reader's language."""
    return tr(CODE if kind.startswith(CODED) else ALERTS.get(kind, kind))


def tell(claim: Claim) -> None:
    """Ask for the letters about an alert that a claim names, unless its kind of trouble has ended; finishes the claim
    and commits."""
    begin_write()
    alert = db.session.get(BureauAlert, claim.payload["alert"])
    if alert is not None and accounts.stands(alert.account_id, alert.kind):
        account = db.session.get_one(BureauAccount, alert.account_id)
        for reader in _readers():
            with force_locale(reader.language):
                what = title(alert.kind)
            code = alert.kind.removeprefix(CODED) if alert.kind.startswith(CODED) else ""
            said = {"what": what, "code": code, "about": alert.about, "account": account.name}
            payload = {"to": reader.email, "language": reader.language, **said}
            outbox.put("letter.bureau_alert", f"letter.bureau_alert.{alert.id}.{reader.id}", payload=payload)
    if outbox.finish(claim):
        db.session.commit()
    else:
        db.session.rollback()


def _readers() -> list[Account]:
    """Staff who see the page of the link and can be written to."""
    wanted = select(Account).where(Account.kind == "staff", Account.role.in_(READERS))
    wanted = wanted.where(Account.disabled_at.is_(None), Account.email_confirmed_at.is_not(None))
    return list(db.session.scalars(wanted.order_by(Account.id)))
