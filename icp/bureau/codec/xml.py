"""XML of data files: read safely, written in GBK.

A received file is decoded here and not by the parser, so that its encoding is judged once and strictly. A document
type or an entity has no place in a data file and is refused; comments and processing instructions say nothing and are
passed over, as a schema does.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from lxml import etree

DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
ENCODING = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
NUMBER = re.compile(r"[+-]?[0-9]{1,30}")
GBK_NAMES = frozenset({"gbk", "gb2312", "gb18030", "cp936", "ms936", "windows-936"})
UTF8_NAMES = frozenset({"utf-8", "utf8"})
BOM = b"\xef\xbb\xbf"
HEAD = b'<?xml version="1.0" encoding="GBK"?>\n'
DECODED = b'<?xml version="1.0" encoding="UTF-8"?>'


class XmlFault(StrEnum):
    """What keeps a document from being read or written."""

    ENCODING = "encoding"  # bytes that are no text in the encoding the file names
    DOCTYPE = "doctype"  # a document type, and with it entities
    SYNTAX = "syntax"  # not well-formed
    ROOT = "root"  # another document than is wanted
    NOT_GBK = "not_gbk"  # a character that GBK can't write


class XmlError(ValueError):
    """A document can't be read or written; ``fault`` says why, ``found`` where and which characters for NOT_GBK."""

    def __init__(self, fault: XmlFault, text: str, found: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.fault = fault
        self.found = found


def _parser(huge: bool, bare: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=huge,
        recover=False,
        remove_comments=bare,
        remove_pis=bare,
    )


def encoding_of(data: bytes) -> str:
    """The encoding a data file says it is in, in lower case, by its first bytes or its declaration; one that names
    none is in GBK."""
    if data.startswith(BOM):
        return "utf-8"
    found = ENCODING.match(data[:200])
    return found.group(1).decode().lower() if found else "gbk"


def decode(data: bytes) -> str:
    """The text of a data file, by the encoding its declaration names; see ``encoding_of``.

    Raises:
        XmlError: ENCODING.
    """
    name = encoding_of(data)
    if name not in GBK_NAMES and name not in UTF8_NAMES:
        raise XmlError(XmlFault.ENCODING, f"unexpected encoding {name}")
    codec = "utf-8" if name in UTF8_NAMES else ("gb18030" if name == "gb18030" else "gbk")
    try:
        return data.removeprefix(BOM).decode(codec)
    except UnicodeDecodeError as error:
        raise XmlError(XmlFault.ENCODING, f"byte {error.start} is no text in {codec}") from None


def parse_text(text: str, *, huge: bool = False, bare: bool = False) -> Any:
    """Parse a decoded document safely.

    Args:
        text: the document; the declaration it begins with is replaced, since its encoding no longer holds. Another
            one, or one further on, has no place in XML.
        huge: allow single values beyond 10 MB (the envelope's base64); entities stay refused.
        bare: leave comments and processing instructions out.

    Raises:
        XmlError: DOCTYPE or SYNTAX.
    """
    text = text.lstrip("\ufeff")
    declared = DECLARATION.match(text)
    body = text[declared.end() if declared else 0 :].strip()
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise XmlError(XmlFault.DOCTYPE, "a document type or entity is not allowed")
    try:
        return etree.fromstring(DECODED + body.encode(), _parser(huge, bare))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(XmlFault.SYNTAX, f"not well-formed: {error}") from None


def parse(data: bytes) -> Any:
    """Parse a received data file, without its comments and processing instructions.

    Returns:
        The root element (lxml).

    Raises:
        XmlError: ENCODING, DOCTYPE or SYNTAX.
    """
    return parse_text(decode(data), bare=True)


def outside_gbk(text: str) -> str:
    """The characters of ``text`` that GBK can't write, each once, in order."""
    found: dict[str, None] = {}
    for character in text:
        try:
            character.encode("gbk")
        except UnicodeEncodeError:
            found[character] = None
    return "".join(found)


def place(element: Any) -> str:
    """Where an element stands, with positions among siblings of its name: ``/UploadData/ICP/XZBA/Baxx/Wz_xx[2]``."""
    path: str = element.getroottree().getpath(element)
    return path


def serialise(element: Any) -> bytes:
    """Write a data file in GBK with its declaration, without comments or character references.

    Raises:
        XmlError: NOT_GBK, with the place and the characters of each value in ``found``.
    """
    found = tuple(
        (place(node), bad)
        for node in element.iter()
        for bad in (outside_gbk((node.text or "") + "".join(node.attrib.values())),)
        if bad
    )
    if found:
        raise XmlError(XmlFault.NOT_GBK, "characters outside GBK: " + ", ".join(f"{p} {c}" for p, c in found), found)
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return HEAD + text.encode("gbk")


def child(parent: Any, name: str, value: object = None) -> Any:
    """Append an element; ``value`` becomes its text, and an empty one (None, '') leaves a group without text.

    Raises:
        XmlError: SYNTAX, when the text holds a control character that XML can't carry.
    """
    element = etree.SubElement(parent, name)
    if value is not None and value != "":
        try:
            element.text = str(value)
        except ValueError:
            raise XmlError(XmlFault.SYNTAX, f"{name} holds a control character") from None
    return element


def root(name: str, version: str) -> Any:
    """A new document's root with its version."""
    return etree.Element(name, {"version": version})


def text_of(element: Any, path: str) -> str:
    """The text at ``path`` below ``element`` (None: absent itself), stripped; '' when absent or empty."""
    found = None if element is None else element.find(path)
    return "" if found is None else (found.text or "").strip()


def int_of(element: Any, path: str) -> int | None:
    """The number at ``path`` below ``element``; None when absent, empty or no number of 64 bits."""
    text = text_of(element, path)
    number = int(text) if NUMBER.fullmatch(text) else None
    return number if number is not None and -(2**63) <= number < 2**63 else None
