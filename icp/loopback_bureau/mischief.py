"""Files and replies that go wrong on purpose: what the switches of ``troubles`` do to what is handed out.

A file is spoilt while it is handed out; what lies in the queue stays whole. A switch that is set once therefore spoils
one delivery, and the next one is good.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

from icp.bureau.codec import VERSION, XML_LIMIT, packing, xml
from icp.bureau.codec.packing import Cipher, Packed
from icp.bureau.codec.replies import DECLARATION
from icp.loopback_bureau import soap, troubles
from icp.loopback_bureau.store import Connection, Store

SPARE = 1024
DEPTH = 100_000
CLAIMED = 1000
BOMB = 2 * XML_LIMIT
DOCTYPES = {
    "bomb": "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "备案" * 50}">' for n in range(10)
    ),
    "outside": '<!ENTITY e9 SYSTEM "file:///etc/hostname">',
}  # fmt: skip


def _before_end(data: bytes, what: bytes) -> bytes:
    head, tag, end = data.rpartition(b"</")
    return head + what + tag + end


def _doctype(kind: str) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        head, _, body = data.partition(b"\n")
        text = f"<!DOCTYPE DownloadData [{DOCTYPES[kind]}]>\n".encode("gbk")
        return head + b"\n" + text + _before_end(body, b"&e9;")

    return spoil


def _unknown_element(data: bytes) -> bytes:
    """An element nobody knows, last in the first record of the first group."""
    root = xml.parse(data)
    record = root
    for _ in range(3):
        record = record[0] if len(record) else record
    xml.child(record, "Xinzd", "1")
    return xml.serialise(root)


def _unread_group(data: bytes) -> bytes:
    """A group nobody knows, before the others."""
    root = xml.parse(data)
    group = xml.child(root[0], "XXTG")
    xml.child(xml.child(group, "Tgxx"), "Bt", "系统通告")
    root[0].insert(0, group)
    return xml.serialise(root)


def _empty(data: bytes) -> bytes:
    root = xml.root("DownloadData", VERSION)
    xml.child(root, "ICP")
    return xml.serialise(root)


TEXTS: dict[str, Callable[[bytes], bytes]] = {
    "empty_file": _empty,
    "unknown_element": _unknown_element,
    "unread_group": _unread_group,
    "czlx_35": lambda data: re.sub(rb"(<Jg_xx>.*?<Czlx>)\d+", rb"\g<1>35", data, flags=re.DOTALL),
    "unknown_code": lambda data: re.sub(rb"<Jgdm>\d+", b"<Jgdm>8888", data),
    "other_version": lambda data: data.replace(VERSION.encode(), b"V.4.0", 1),
    "other_root": lambda data: data.replace(b"DownloadData", b"UploadData"),
    "utf8_as_gbk": lambda data: _before_end(data.decode("gbk").encode(), "备".encode()),
    "comment": lambda data: _before_end(data, "<!-- 注 -->".encode("gbk")),
    "entity_bomb": _doctype("bomb"),
    "external_entity": _doctype("outside"),
    "deep": lambda data: _before_end(data, b"<a>" * DEPTH + b"</a>" * DEPTH),
    "oversized": lambda data: _before_end(data, b" " * (XML_LIMIT + SPARE - len(data))),
    "wrong_encoding": lambda data: _before_end(data, b"\xff\xff"),
    "truncated": lambda data: data[: len(data) * 2 // 3],
}
"""Switch → what it does to the XML; those that read it come before those that break it, since several may be on."""


def _bomb(data: bytes, name: str) -> bytes:
    """An archive that claims to hold 1,000 bytes and holds 100 MB."""
    zipped = bytearray(packing.zip_one(_before_end(data, b" " * BOMB), name))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", zipped, zipped.index(signature) + place, CLAIMED)
    return bytes(zipped)


def _two_files(data: bytes, name: str) -> bytes:
    buffer = io.BytesIO(packing.zip_one(data, f"a{name}"))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"b{name}", data)
    return buffer.getvalue()


ARCHIVES: dict[str, Callable[[bytes, str], bytes]] = {
    "zip_bomb": _bomb,
    "two_files": _two_files,
    "damaged_zip": lambda data, name: packing.zip_one(data, name)[:-30],
    "other_entry_name": lambda data, name: packing.zip_one(data, "data.xml"),
}
"""Switch → the archive it makes of the XML and the file's name."""


def pack(connection: Connection, data: bytes, name: str, cipher: Cipher | None, other: Cipher) -> Packed:
    """Pack a file for delivery, spoilt by every switch that is on. Inside a write transaction.

    Args:
        connection: where the switches are.
        data: the XML in GBK.
        name: the file's name.
        cipher: the account's, or None for an account whose downloads are plain.
        other: a cipher the provider can't open, for the switch ``undecryptable``.
    """
    for trouble, spoil in TEXTS.items():
        if troubles.spend(connection, trouble):
            data = spoil(data)
    make: Callable[[bytes, str], bytes] = packing.zip_one
    for trouble, archive in ARCHIVES.items():
        if troubles.spend(connection, trouble):
            make = archive
    if troubles.spend(connection, "plain_download"):
        cipher = None
    if troubles.spend(connection, "undecryptable"):
        cipher = other
    packed = packing.pack_zip(make(data, name), cipher)
    if troubles.spend(connection, "bad_hash"):
        packed = Packed(packed.data_b64, packing.md5_b64(b"something else"), packed.encrypt_algorithm)
    return packed


# ---- the reply around it

EMPTY_VALUES = ("Wzmc", "Ztbah", "Wzbah")


def _padded(text: str) -> str:
    """As some bureaus write: empty elements for what is absent, white space around values."""
    absent = "".join(f"<{name}/>" for name in EMPTY_VALUES if f"<{name}>" not in text)
    text = text.replace("<Bazt>", f"{absent}<Bazt>")
    return re.sub(r"<(Bazt|VerifyRes|msg_code)>(\d+)<", r"<\1>\n  \2\n<", text)


REPLIES: dict[str, Callable[[str], str]] = {
    "padded_values": _padded,
    "no_version": lambda text: re.sub(r"(<return) version=\"[^\"]*\"", r"\1", text, count=1),
    "no_declaration": lambda text: text.removeprefix(DECLARATION),
    "garbled_reply": lambda text: "系统繁忙，请稍后再试",
}
"""Switch → what it does to the document inside ``return``."""


def envelope(store: Store, method: str, inner: str) -> bytes:
    """The answer of a method around the document ``inner``, spoilt by every switch that is on.

    Raises:
        Fault: that switch is on.
    """
    struck = troubles.striking(store, ("fault", "return_cdata", *REPLIES))
    if "fault" in struck:
        raise soap.Fault("internal error", "Server")
    for trouble, spoil in REPLIES.items():
        if trouble in struck:
            inner = spoil(inner)
    return soap.answer(method, inner, cdata="return_cdata" in struck)
