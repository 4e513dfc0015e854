"""A synchronisation of a whole register: in portions, which others come between and from which it goes on."""

import itertools
from contextlib import closing

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import applying, synchronising
from icp.bureau.models import BureauResult, Download
from icp.extensions import db
from icp.register.models import Subject
from icp.vocabulary.models import versions
from tests.bureau.exchange_cases import RESULT, alerts, basj

LENGTH = 2 * synchronising.PORTION + 20


def whole_register(length=LENGTH):
    record = basj(0).partition("<BASJ>")[2].partition("</BASJ>")[0]
    records = [
        record.replace("00000001", f"{n:08d}")
        .replace("<Ztid>9000", f"<Ztid>{700000 + n}")
        .replace("<Wzid>9010", f"<Wzid>{800000 + n}")
        .replace("qingwu-w1", f"qingwu-{n}")
        for n in range(1, length + 1)
    ]
    row = "<Zxly_xx><Id>3</Id><Nr>域名过户</Nr><Sfyx>1</Sfyx></Zxly_xx>"
    table = f"<JCDM><Jcdm_xx><Zxly_dms>{row}</Zxly_dms></Jcdm_xx></JCDM>"
    return RESULT.replace("<ICP>{}</ICP>", f"<SJTB><ICP>{''.join(records)}</ICP>{table}</SJTB>")


def results():
    db.session.expire_all()
    return list(db.session.scalars(select(BureauResult).order_by(BureauResult.position)))


def test_others_write_between_the_portions(site, remote, monkeypatch):
    engine, seen = db.engine, []

    def somebody_writes():
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("SELECT count(*) FROM subject")
            seen.append(cursor.fetchone()[0])
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA busy_timeout=10000")

    monkeypatch.setattr(synchronising, "let_others_write", somebody_writes)
    remote.offer("sync.xml", whole_register())
    bureau.poll()
    assert seen == [0, synchronising.PORTION]
    assert [row.position for row in results()] == list(range(LENGTH))
    assert {row.content["outcome"] for row in results()} == {"new"}
    assert db.session.query(Subject).count() == LENGTH
    assert alerts() == ["schema"]  # two modules in one, which it has no place for; both are read


@pytest.mark.parametrize("portions", [1, 2])
def test_one_that_was_cut_short_goes_on(site, remote, monkeypatch, portions):
    rounds = itertools.count()

    def power_cut(*_):
        raise RuntimeError("the machine stops here")

    def in_time():
        if next(rounds) == portions:
            power_cut()

    monkeypatch.setattr(synchronising, "let_others_write", in_time)
    monkeypatch.setitem(applying.READERS, "SJTB", power_cut)
    remote.offer("sync.xml", whole_register())
    bureau.poll()
    assert alerts() == ["not_applied"]
    assert db.session.scalar(select(Download.taken)) == portions * synchronising.PORTION
    assert len(results()) == portions * synchronising.PORTION
    monkeypatch.undo()
    bureau.poll()
    assert [row.position for row in results()] == list(range(LENGTH))
    assert db.session.query(Subject).count() == LENGTH
    assert versions("cancel_reasons")
    assert alerts() == ["schema"]  # two modules in one, which it has no place for; both are read
