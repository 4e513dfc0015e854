"""Each kind of bad file × each group: refused, kept as it came, told, never half applied; and whole, it is applied."""

import base64
import re
from collections.abc import Callable
from functools import cache

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import account as accounts
from icp.bureau import applying, archive, inbox
from icp.bureau.codec import schema, xml
from icp.bureau.models import Download
from icp.extensions import db
from tests.bureau.download_samples import SAMPLES, answers, effects
from tests.bureau.exchange_cases import alerts
from tests.bureau.soap_bureau import zipped

DTD = "<!DOCTYPE DownloadData [{}]><DownloadData"
BOMB = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))


def with_dtd(inside: str) -> Callable[[str], bytes]:
    return lambda text: text.replace("<DownloadData", DTD.format(inside), 1).replace("备", "备&i;", 1).encode("gbk")


def inside(what: str) -> Callable[[str], bytes]:
    return lambda text: text.replace("备", f"备{what}", 1).encode("gbk")


UNREADABLE: dict[str, Callable[[str], bytes]] = {
    "truncated": lambda text: text.encode("gbk")[: -len(text) // 3],
    "without its end": lambda text: text.encode("gbk")[:-1],
    "empty": lambda text: b" ",
    "followed by more": lambda text: text.encode("gbk") + b"<more/>",
    "document type": with_dtd(""),
    "entity": with_dtd('<!ENTITY i "x">'),
    "entity bomb": with_dtd('<!ENTITY a "备">' + BOMB),
    "external entity": with_dtd('<!ENTITY i SYSTEM "file:///etc/passwd">'),
    "undeclared entity": inside("&i;"),
    "control character": inside("\x01"),
    "deep": inside("<a>" * 3000 + "</a>" * 3000),
    "UTF-8 that says GBK": lambda text: text.encode(),
    "GBK that says UTF-8": lambda text: text.replace('"GBK"', '"UTF-8"').encode("gbk"),
    "UTF-16": lambda text: text.replace('"GBK"', '"UTF-16"').encode("utf-16"),
    "Big5": lambda text: text.replace('"GBK"', '"Big5"').encode("big5", "xmlcharrefreplace"),
    "encoding nobody knows": lambda text: text.replace('"GBK"', '"x-none"').encode("gbk"),
}
OTHER_ROOTS: dict[str, Callable[[str], bytes]] = {
    "a reply": lambda text: text.replace("DownloadData", "return").encode("gbk"),
    "a file of ours": lambda text: text.replace("DownloadData", "UploadData").encode("gbk"),
    "one in a namespace": lambda text: text.replace("<DownloadData", "<DownloadData xmlns='urn:x'").encode("gbk"),
    "in lower case": lambda text: text.replace("DownloadData", "downloaddata").encode("gbk"),
    "a page": lambda text: re.sub("<(/?)DownloadData[^>]*>", r"<\1html>", text).encode("gbk"),
    "no root of its own": lambda text: re.sub("</?DownloadData[^>]*>", "", text).encode("gbk"),
}  # fmt: skip
LARGE = 51 * 1024 * 1024


@cache
def bomb() -> bytes:
    return zipped("x.xml", b" " * LARGE)


UNOPENED: dict[str, Callable[[str], bytes]] = {
    "no zip": lambda text: b"PK" + text.encode("gbk"),
    "truncated zip": lambda text: zipped("x.xml", text.encode("gbk"))[:-30],
    "bomb": lambda text: bomb(),
    "oversized": lambda text: zipped("x.xml", text.encode("gbk") + b" " * LARGE),
}


def kept(name: str) -> Download:
    return db.session.scalars(select(Download).where(Download.file_name == name)).one()


def told(name: str) -> list[str]:
    return [alert.kind for alert in accounts.open_alerts() if alert.about == name]


@pytest.mark.parametrize("group", SAMPLES)
def test_what_cannot_be_read_changes_nothing_is_kept_and_told(site, remote, group):
    text = SAMPLES[group](remote)
    before, said = effects(), answers()
    expected = {**dict.fromkeys(UNREADABLE, "unreadable"), **dict.fromkeys(OTHER_ROOTS, "wrong_root")}
    for kind, spoil in {**UNREADABLE, **OTHER_ROOTS}.items():
        data = spoil(text)
        remote.offer(f"{kind}.xml", "")
        remote.spoilt[f"{kind}.xml"] = zipped("x.xml", data)
        bureau.poll()
        assert (effects(), answers()) == (before, said), kind
        assert told(f"{kind}.xml") == [expected[kind]], kind
        assert archive.open_download(kept(f"{kind}.xml")) == data, kind
        assert kept(f"{kind}.xml").problem, kind
        assert remote.acknowledged[-1] == f"{kind}.xml"
    remote.spoilt.clear()
    for kind in expected:
        remote.offer(f"{kind}.xml", text)
    bureau.poll()
    assert effects() != before
    assert alerts() == []


@pytest.mark.parametrize("group", SAMPLES)
def test_what_does_not_open_changes_nothing_is_kept_and_told(site, remote, group):
    text = SAMPLES[group](remote)
    before, said = effects(), answers()
    for kind, spoil in UNOPENED.items():
        data = remote.spoilt[f"{kind}.xml"] = spoil(text)
        remote.offer(f"{kind}.xml", "")
        for _ in range(inbox.OPEN_TRIES):
            bureau.poll()
        assert (effects(), answers()) == (before, said), kind
        assert told(f"{kind}.xml") == ["kept_unopened"], kind
        assert len(base64.b64decode(archive.open_download(kept(f"{kind}.xml")))) // 16 == len(data) // 16 + 1, kind
    remote.spoilt.clear()
    remote.offer("bomb.xml", text)
    bureau.poll()
    assert effects() != before
    assert told("bomb.xml") == []


@pytest.mark.parametrize("group", SAMPLES)
def test_what_is_repeated_is_applied_once(site, remote, group):
    text = SAMPLES[group](remote)
    before = effects()
    remote.offer("one.xml", text)
    bureau.poll()
    after, said = effects(), answers()
    assert after != before
    assert alerts() == []
    remote.offer("one.xml", text)
    bureau.poll()
    assert (effects(), answers()) == (after, said)
    remote.offer("two.xml", text)
    bureau.poll()
    assert effects() == after
    assert alerts() == []


@pytest.mark.parametrize("group", SAMPLES)
def test_elements_in_another_order_are_read_and_what_the_schema_forbids_is_told(site, remote, group):
    text = SAMPLES[group](remote)
    before = effects()
    root = xml.parse(text.encode("gbk"))
    assert schema.check_download(root) == []
    for element in list(root.iter()):
        if element.tag not in ("DownloadData", "SJTB"):
            element[:] = list(reversed(element))
    forbidden = bool(schema.check_download(root))
    remote.offer("x.xml", xml.serialise(root).decode("gbk"))
    bureau.poll()
    assert effects() != before
    assert alerts() == (["schema"] if forbidden else [])
    if forbidden:  # settled when it comes whole
        remote.offer("x.xml", text)
        bureau.poll()
        assert alerts() == []


@pytest.mark.parametrize("group", SAMPLES)
def test_what_breaks_behind_it_undoes_it(site, remote, group, monkeypatch):
    def breaks(incoming, element):
        assert effects() != before
        raise RuntimeError("the machine stops here")

    text = SAMPLES[group](remote)
    before, said = effects(), answers()
    monkeypatch.setitem(applying.READERS, "ZZ", breaks)
    remote.offer("x.xml", text.replace("</DownloadData>", "<ZZ/></DownloadData>"))
    bureau.poll()
    assert (effects(), answers()) == (before, said)
    assert alerts() == ["not_applied"]
    monkeypatch.undo()
    bureau.poll()
    assert effects() != before
    assert alerts() == ["unread_group"]
