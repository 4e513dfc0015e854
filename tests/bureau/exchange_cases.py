"""What the tests of the exchange share: work done step by step, and the bureau's answers as text."""

import datetime as dt

from sqlalchemy import select

from icp import bureau, outbox
from icp.accounts.models import Account
from icp.bureau import account as accounts
from icp.bureau.models import BureauAccount, ReportedId, Upload
from icp.extensions import db, now
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from icp.sealing import keyed_hash
from tests.bureau.gateway_filing import ready

RESULT = '<?xml version="1.0" encoding="GBK"?><DownloadData version="V.3.0"><ICP>{}</ICP></DownloadData>'


def claim_next():
    """The next piece of work, whatever pause it was given: what was tried least comes first, as with pauses."""
    moment = now()
    db.session.query(OutboxRow).update({"run_at": moment - dt.timedelta(days=1)})
    for row in db.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))):
        row.run_at = moment - dt.timedelta(days=1) + dt.timedelta(seconds=row.attempts)
    db.session.commit()
    return outbox.claim(["bureau."], 60)


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


def member(email: str, role: str = "supervisor") -> int:
    """A member of the staff; committed."""
    person = Account(
        kind="staff", role=role, name=email.partition("@")[0], email=email, email_hash=keyed_hash("email", email),
        email_confirmed_at=now(), session_stamp="test",
    )  # fmt: skip
    db.session.add(person)
    db.session.commit()
    return person.id


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


def reported(remote):
    filing = ready()
    while work():
        pass
    assert state(filing) == "at_bureau"
    return filing
