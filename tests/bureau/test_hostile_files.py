"""Whatever a file of the bureau holds: refused or read, kept, told, and never in the way of those behind it."""

import base64
import datetime as dt
import io
import zipfile

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import archive, inbox
from icp.bureau.models import BureauResult, Download
from icp.extensions import db, now
from icp.filings.models import Filing
from tests.bureau.exchange_cases import account, alerts, bajg, basj, gjsh, reported, state, subject_id
from tests.bureau.soap_bureau import zipped


def rounds(times: int) -> None:
    for _ in range(times):
        bureau.poll()


def downloads() -> list[Download]:
    db.session.expire_all()
    return list(db.session.scalars(select(Download).order_by(Download.id)))


def spoil(remote, name: str, data: bytes) -> None:
    """The next file has other bytes than it should."""
    remote.spoilt[name] = data


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("no zip", b"PK no zip at all"),
        ("empty", b"PK\x05\x06" + b"\0" * 18),
        ("truncated", zipped("a.xml", b"<a/>" * 1000)[:60]),
        ("a bomb", zipped("a.xml", b"\0" * (51 * 1024 * 1024))),
        ("no name", zipped("", b"<a/>")),
        ("two files", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # an archive has the time in it
)
def test_a_file_that_does_not_open_is_kept_and_lets_the_others_pass(site, remote, what, data):
    if data is None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a.xml", b"<a/>")
            packed.writestr("b.xml", b"<b/>")
        data = buffer.getvalue()
    filing = reported(remote)
    remote.offer("x.xml", "")
    spoil(remote, "x.xml", data)
    remote.offer("good.xml", bajg(gjsh(filing, True)))
    bureau.poll()
    assert remote.acknowledged == []
    assert alerts() == ["unpacking"]
    rounds(inbox.OPEN_TRIES - 1)
    assert remote.acknowledged == ["x.xml", "good.xml"]
    assert state(filing) == "approved"
    assert alerts() == ["kept_unopened"]
    kept = downloads()[0]
    assert kept.unopened
    assert base64.b64decode(archive.open_download(kept))
    assert kept.problem
    assert not inbox.open_again(kept.id)
    db.session.commit()


def test_a_file_under_another_key_opens_when_the_key_is_right_again(site, remote):
    filing = reported(remote)
    remote.offer("x.xml", bajg(gjsh(filing, True)))
    for _ in range(inbox.OPEN_TRIES):
        account().key = "PONMLKJIHGFEDCBA"
        db.session.commit()
        inbox.poll(account().id)
    assert remote.acknowledged == ["x.xml"]
    assert state(filing) == "at_bureau"
    account().key = "ABCDEFGHIJKLMNOP"
    db.session.commit()
    assert inbox.open_again(downloads()[0].id)
    db.session.commit()
    rounds(1)
    assert state(filing) == "approved"
    assert alerts() == []


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<DownloadData",
        "<DownloadData version='V.3.0'><ICP><BAJG>",
        "<!DOCTYPE x [<!ENTITY a '1'>]><DownloadData>&a;</DownloadData>",
        "<DownloadData><?xml version='1.0'?><ICP/></DownloadData>",
        "<DownloadData>" + "<a>" * 5000 + "</a>" * 5000 + "</DownloadData>",
        "\x00\x01",
    ],
)
def test_hostile_xml_changes_nothing_and_is_kept(site, remote, xml):
    filing = reported(remote)
    remote.offer("bad.xml", xml)
    remote.offer("good.xml", bajg(gjsh(filing, True)))
    rounds(inbox.OPEN_TRIES)
    assert state(filing) == "approved"
    assert remote.acknowledged == ["bad.xml", "good.xml"]
    bad = downloads()[0]
    assert bad.problem
    assert alerts() in (["unreadable"], ["kept_unopened"])


@pytest.mark.parametrize("encoding", ["utf-16", "big5", "latin-1"])
def test_a_file_in_another_encoding_is_not_guessed_at(site, remote, encoding):
    filing = reported(remote)
    remote.offer("x.xml", "")
    text = bajg(gjsh(filing, False, "照片不清楚" if encoding != "latin-1" else "ÿÿ"))
    spoil(remote, "x.xml", zipped("x.xml", text.replace("GBK", encoding).encode(encoding, "replace")))
    rounds(1)
    assert state(filing) == "at_bureau"
    assert alerts() == ["unreadable"]
    assert db.session.scalars(select(BureauResult)).all() == []


def test_a_file_is_never_half_applied(site, remote, monkeypatch):
    from icp.bureau import applying_results

    first, second = reported(remote), reported(remote)
    remote.offer("x.xml", bajg(gjsh(first, True) + gjsh(second, True)).replace("</GJSHS><GJSHS>", ""))
    applied = applying_results.apply_review

    def breaks_at_the_second(record, review):
        if record.filing_id == second.id:
            raise RuntimeError("the database went away")
        return applied(record, review)

    with monkeypatch.context() as patch:
        patch.setattr(applying_results, "apply_review", breaks_at_the_second)
        rounds(1)
    assert (state(first), state(second)) == ("at_bureau", "at_bureau")
    assert alerts() == ["not_applied"]
    rounds(1)
    assert (state(first), state(second)) == ("approved", "approved")


def test_what_was_read_is_erased_after_its_time(site, remote):
    filing = reported(remote)
    remote.offer("b.xml", basj(filing))
    rounds(1)
    (download,) = downloads()
    assert archive.sweep() == 0
    download.received_at = now() - dt.timedelta(days=101)
    db.session.commit()
    assert archive.sweep() == 1
    db.session.commit()
    (download,) = downloads()
    assert archive.erased(download)
    assert [r.content for r in db.session.scalars(select(BureauResult))] == [None]
    remote.offer("b.xml", basj(filing))
    rounds(1)
    assert db.session.get_one(Filing, filing.id).state == "approved"
    assert subject_id(filing)
