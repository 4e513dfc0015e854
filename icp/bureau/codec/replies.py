"""The ``return`` document: XML as text inside the SOAP answer of each of the six methods.

Written with a declaration naming GBK as the interface does; read whether or not it names one, arrives in CDATA or
escaped once more, has its ``version``, carries white space, or gives absent values as empty elements.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec import VERSION
from icp.bureau.codec.xml import XmlError, child, parse_text, root

DECLARATION = '<?xml version="1.0" encoding="GBK"?>\n'
YES_OR_NO: dict[int | None, bool] = {0: True, 1: False}
"""``VerifyRes`` and ``Bazt``: whether a password is right, whether something is filed."""
CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)


class ReplyError(ValueError):
    """The text of a reply can't be read."""


@dataclass(frozen=True)
class FileInfo:
    """A file inside a reply (``fileInfos``); ``data_sequence`` only from isp_querypreviousupload."""

    name: str
    data_b64: str
    hash_b64: str
    encrypt_algorithm: int = 0
    hash_algorithm: int = 0
    compression_format: int = 0
    data_sequence: int | None = None


@dataclass(frozen=True)
class StatusInfo:
    """What a status query found (``StatusInfo``); numbers and name only for what is filed."""

    kind: int
    condition: str
    filed: bool
    website_name: str = ""
    subject_number: str = ""
    website_number: str = ""


@dataclass(frozen=True)
class Reply:
    """A reply of any method.

    Attributes:
        code: method-call code, 0 success.
        message: the bureau's own text.
        missing: sequence numbers to be sent first, with code 14.
        file: the file handed out, or the last one taken.
        status: result of a status query; None also when it says neither filed nor not filed.
        verified: result of a password check; None also when it says neither right nor wrong.
        version: as sent; '' when the reply names none.
    """

    code: int
    message: str = ""
    missing: tuple[int, ...] = ()
    file: FileInfo | None = None
    status: StatusInfo | None = None
    verified: bool | None = None
    version: str = VERSION


def build(reply: Reply) -> str:
    """Write the inner document of a reply as text, for the SOAP layer to escape or wrap."""
    document = root("return", reply.version or VERSION)
    child(document, "msg_code", reply.code)
    child(document, "msg", reply.message)
    if reply.missing:
        numbers = child(document, "dataSequences")
        for number in reply.missing:
            child(numbers, "dataSequence", number)
    if reply.file is not None:
        _build_file(document, reply.file)
    if reply.status is not None:
        _build_status(document, reply.status)
    if reply.verified is not None:
        child(document, "VerifyRes", 0 if reply.verified else 1)
    text: str = etree.tostring(document, encoding="unicode")
    return DECLARATION + text


def _build_file(document: Any, file: FileInfo) -> None:
    group = child(document, "fileInfos")
    child(group, "hashAlgorithm", file.hash_algorithm)
    child(group, "compressionFormat", file.compression_format)
    child(group, "encryptAlgorithm", file.encrypt_algorithm)
    if file.data_sequence is not None:
        child(group, "dataSequence", file.data_sequence)
    child(group, "return_FileName", file.name)
    child(group, "beianInfo", file.data_b64)
    child(group, "beianInfoHash", file.hash_b64)


def _build_status(document: Any, status: StatusInfo) -> None:
    group = child(document, "StatusInfo")
    child(group, "Cxtjlx", status.kind)
    child(group, "Cxtj", status.condition)
    for name, value in (
        ("Wzmc", status.website_name),
        ("Ztbah", status.subject_number),
        ("Wzbah", status.website_number),
    ):
        if value:
            child(group, name, value)
    child(group, "Bazt", 0 if status.filed else 1)


def parse(text: str) -> Reply:
    """Read the inner document of a reply.

    Raises:
        ReplyError: no XML, not a ``return``, or without a number as ``msg_code``.
    """
    document = _document(text)
    if _local(document) != "return":
        raise ReplyError(f"the reply is a {_local(document)!r}")
    code = _number(document, "msg_code")
    if code is None:
        raise ReplyError("the reply has no msg_code")
    return Reply(
        code=code,
        message=_text(document, "msg"),
        missing=_missing(document),
        file=_file(_first(document, "fileinfos")),
        status=_status(_first(document, "statusinfo")),
        verified=YES_OR_NO.get(_number(document, "verifyres")),
        version=document.get("version", ""),
    )


def _document(text: str) -> Any:
    text = text.strip().lstrip("\ufeff")
    wrapped = CDATA.fullmatch(text)
    if wrapped:
        text = wrapped.group(1).strip()
    if text.startswith("&lt;"):
        text = html.unescape(text)
    try:
        return parse_text(text, huge=True)
    except XmlError as error:
        raise ReplyError(str(error)) from None


def _local(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _first(parent: Any, name: str) -> Any:
    return next((e for e in parent if _local(e) == name), None)


def _text(parent: Any, name: str) -> str:
    found = _first(parent, name)
    return "" if found is None else "".join(found.itertext()).strip()


def _number(parent: Any, name: str) -> int | None:
    try:
        return int(_text(parent, name))
    except ValueError:
        return None


def _missing(document: Any) -> tuple[int, ...]:
    group = _first(document, "datasequences")
    if group is None:
        return ()
    texts = ("".join(e.itertext()).strip() for e in group if _local(e) == "datasequence")
    return tuple(sorted(int(t) for t in texts if t.isdecimal()))


def _file(group: Any) -> FileInfo | None:
    if group is None:
        return None
    file = FileInfo(
        name=_text(group, "return_filename"),
        data_b64=_text(group, "beianinfo"),
        hash_b64=_text(group, "beianinfohash"),
        encrypt_algorithm=_number(group, "encryptalgorithm") or 0,
        hash_algorithm=_number(group, "hashalgorithm") or 0,
        compression_format=_number(group, "compressionformat") or 0,
        data_sequence=_number(group, "datasequence"),
    )
    return file if file.name or file.data_b64 or file.data_sequence is not None else None


def _status(group: Any) -> StatusInfo | None:
    filed = None if group is None else YES_OR_NO.get(_number(group, "bazt"))
    if filed is None:
        return None
    return StatusInfo(
        kind=_number(group, "cxtjlx") or 0,
        condition=_text(group, "cxtj"),
        filed=filed,
        website_name=_text(group, "wzmc"),
        subject_number=_text(group, "ztbah"),
        website_number=_text(group, "wzbah"),
    )
