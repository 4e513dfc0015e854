"""A whole file of each group the bureau sends, and what applying it changes here."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import func, select

from icp import bureau
from icp.bureau.models import BureauResult
from icp.extensions import db
from icp.filings.models import Filing
from icp.outbox.models import OutboxRow
from icp.register.models import BlackListed, Subject, Website
from icp.tasks.models import Task
from icp.vocabulary.models import VocabularyTable
from tests.bureau.exchange_cases import RESULT, bajg, basj, gjsh, jg, reported

NOTE = "<Bz>备</Bz>"  # one character: in UTF-8 it is no text in GBK
NUMBER = "闽ICP备00000002号"


def icp(inside: str) -> str:
    return RESULT.format(inside)


def module(name: str, inside: str) -> str:
    return RESULT.replace("<ICP>{}</ICP>", f"<{name}>{inside}</{name}>")


def _record(key: Filing | int = 70009) -> str:
    return basj(key, NUMBER).partition("<BASJ>")[2].partition("</BASJ>")[0].replace("</Wz_xx>", f"</Wz_xx>{NOTE}")


def _verification() -> str:
    record = re.sub(r"<(IspZtid|Baxh|Ispid)>[^<]*</\1>", "", _record())
    return record.replace("</Ip_xx></Jr_xx>", "</Ip_xx><Bbyhid>350000000001</Bbyhid><Bbyhlx>1</Bbyhlx></Jr_xx>")


def _approval(remote, how: Callable[[Filing], str]) -> str:
    return bajg(how(reported(remote)).replace("</Bs>", f"</Bs>{NOTE}"))


def _cancellation(remote) -> str:
    remote.offer("before.xml", basj(reported(remote)))
    bureau.poll()
    website = db.session.scalars(select(Website)).one()
    return icp(f"<ZXSJ><Zxxx><Zxlb>1</Zxlb><Jlid>{website.bureau_id}</Jlid>{NOTE}</Zxxx></ZXSJ>")


CHECKED = "<Wzid>5</Wzid><Wz_Baxh>京ICP备1号-1</Wz_Baxh>"
FOUND = {
    "HMDLB": "<Wzhmdxxs><Wz_xx><Wzmc>站</Wzmc><Ym_xx><Ym>listed.example</Ym></Ym_xx></Wz_xx><Czlx>0</Czlx>"
    f"{NOTE}</Wzhmdxxs>",
    "FFJRHMD": "<Ffjrxx><Id>77</Id><Ym>a.example</Ym><Ip>1</Ip><Zjjrz>1</Zjjrz><Szs>350000</Szs>"
    f"<Dqjcsj>2030-01-01</Dqjcsj>{NOTE}</Ffjrxx>",
    "WBAWZLB": f"<Wbawz_xx><Id>1</Id><Wzym_mc>x.example</Wzym_mc><IP>9</IP><Yys>7</Yys>{NOTE}</Wbawz_xx>",
    "HCJG": f"<Jgxx><Wzch>{CHECKED}<Hcsj>2030-01-01</Hcsj>{NOTE}</Wzch></Jgxx>",
    "XGTZ": f"<Tzxx><Tzlb>1</Tzlb><Baxh>京ICP备1号-1</Baxh><Tznr>请在十日内更正</Tznr>{NOTE}</Tzxx>",
    "HSRW": _verification(),
}
TABLE = "<Jcdm_xx><Zxly_dms><Zxly_xx><Id>3</Id><Nr>不再备</Nr><Sfyx>1</Sfyx></Zxly_xx></Zxly_dms></Jcdm_xx>"
SAMPLES: dict[str, Callable[..., str]] = {
    "BAJG": lambda remote: _approval(remote, lambda filing: jg(filing, 1001)),
    "GJSHS": lambda remote: _approval(remote, lambda filing: gjsh(filing, True, "备")),
    "BASJ": lambda remote: icp(f"<BASJ>{_record(reported(remote))}</BASJ>"),
    "ZXSJ": _cancellation,
    **{group: lambda remote, group=group: icp(f"<{group}>{FOUND[group]}</{group}>") for group in FOUND},
    "JCDM": lambda remote: module("JCDM", TABLE),
    "SJTB": lambda remote: module("SJTB", f"<ICP>{_record()}</ICP>"),
}
"""Group → makes what it is about, and gives a file of it that agrees with the schema."""


def effects() -> list[object]:
    """Everything a file may change, but for what is kept of the file itself."""
    db.session.expire_all()
    counted = (BlackListed, VocabularyTable)
    letters = select(func.count()).where(OutboxRow.kind.startswith("letter."))
    return [
        [row.state for row in db.session.scalars(select(Filing).order_by(Filing.id))],
        [(row.number, row.cancelled_at) for row in db.session.scalars(select(Subject).order_by(Subject.id))],
        [(row.number, row.cancelled_at) for row in db.session.scalars(select(Website).order_by(Website.id))],
        [(row.kind, row.state) for row in db.session.scalars(select(Task).order_by(Task.id))],
        [db.session.scalar(select(func.count()).select_from(model)) for model in counted],
        db.session.scalar(letters),
    ]


def answers() -> int:
    """How many answers were kept of all files."""
    return db.session.scalar(select(func.count()).select_from(BureauResult)) or 0
