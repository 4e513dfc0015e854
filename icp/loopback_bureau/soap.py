"""SOAP 1.1 envelopes, document/literal wrapped: reading a call, writing an answer or a fault."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec import wsdl
from icp.bureau.codec.xml import XmlError, parse_text

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"
LONG, INT, TEXT = "long", "int", "text"
LIMITS = {LONG: 2**63 - 1, INT: 2**31 - 1}

ACCOUNT = {"ispId": LONG, "userName": TEXT, "randVal": TEXT, "pwdHash": TEXT, "hashAlgorithm": INT}
FILE = {"beianInfo": TEXT, "beianInfoHash": TEXT, "dataSequence": LONG, "encryptAlgorithm": INT}
PARAMETERS: dict[str, dict[str, str]] = {
    "isp_upload": ACCOUNT | FILE | {"compressionFormat": INT},
    "isp_download": ACCOUNT,
    "isp_downloadack": ACCOUNT | {"fileName": TEXT},
    "isp_querypreviousupload": ACCOUNT,
    "isp_querybeianstatus": ACCOUNT | {"queryConditionType": INT, "queryCondition": TEXT},
    "isp_verifybamm": ACCOUNT | {"baxh": TEXT, "bamm": TEXT},
}
"""Method → its parameters and their types; letter case doesn't count, callers spell the first one in three ways."""

DECLARED = re.compile(rb"""^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


ENCODINGS = frozenset(
    {
        "ascii",
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "iso8859-1",
        "cp1252",
    }
)
"""What an envelope may be written in: encodings of text, by the names that Python has for them."""

MEANT = {"gb2312": "gbk"}
"""Encodings whose name callers give to a wider one: what Windows and Java write as GB2312 holds all of GBK."""


class Fault(Exception):
    """A call that can't be understood; answered by a SOAP fault.

    Attributes:
        who: ``Client``, ``Server`` or, for an envelope of another SOAP, ``VersionMismatch``.
    """

    def __init__(self, text: str, who: str = "Client") -> None:
        super().__init__(text)
        self.who = who


@dataclass(frozen=True)
class Call:
    """A call: its method and parameters, names in lower case."""

    method: str
    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """A text parameter, white space at its ends taken off."""
        return self.values[name.lower()].strip()

    def number(self, name: str) -> int:
        """A numeric parameter."""
        return int(self.values[name.lower()])


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _decode(data: bytes, charset: str) -> str:
    declared = DECLARED.match(data[:200])
    encoding = charset or (declared.group(1).decode() if declared else "utf-8")
    try:
        known = codecs.lookup(encoding).name
    except (LookupError, ValueError):  # the latter for a name with a NUL
        known = ""
    if known not in ENCODINGS:
        raise Fault("the envelope's encoding is unknown here")
    try:
        return data.decode(MEANT.get(known, known))
    except UnicodeDecodeError:
        raise Fault("the envelope is no text in its encoding") from None


def read(data: bytes, service: str, charset: str = "") -> Call:
    """Read an envelope.

    Args:
        data: the request's body.
        service: the service addressed, e.g. ``upDownLoad``.
        charset: encoding from the request's content type, ``""`` when it names none.

    Raises:
        Fault: not an envelope of SOAP 1.1, an unknown method, a parameter missing or of another type.
    """
    try:
        envelope = parse_text(_decode(data, charset), huge=True)
    except XmlError as error:
        raise Fault(f"the envelope can't be read: {error}") from None
    if envelope.tag != f"{{{ENVELOPE}}}Envelope":
        raise Fault("not a SOAP 1.1 envelope", "VersionMismatch" if _local(envelope) == "Envelope" else "Client")
    body = envelope.find(f"{{{ENVELOPE}}}Body")
    children = [] if body is None else [node for node in body if isinstance(node.tag, str)]
    if len(children) != 1:
        raise Fault("the body must hold one element named after a method")
    method = _local(children[0])
    if wsdl.METHODS.get(method) != service:
        raise Fault(f"{service} has no method {method}")
    return Call(method, _parameters(method, children[0]))


def _parameters(method: str, element: Any) -> dict[str, str]:
    given = {_local(node).lower(): "".join(node.itertext()) for node in element if isinstance(node.tag, str)}
    values: dict[str, str] = {}
    for name, kind in PARAMETERS[method].items():
        if name.lower() not in given:
            raise Fault(f"{method}: the parameter {name} is missing")
        values[name.lower()] = given[name.lower()]
        if kind != TEXT:
            text = given[name.lower()].strip()
            if not re.fullmatch(r"[+-]?[0-9]{1,19}", text) or abs(int(text)) > LIMITS[kind]:
                raise Fault(f"{method}: {name} is not a number ({kind})")
    return values


def _envelope() -> tuple[Any, Any]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE})
    return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")


def _write(envelope: Any) -> bytes:
    data: bytes = etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)
    return data


def answer(method: str, inner: str, *, cdata: bool = False) -> bytes:
    """The envelope of an answer, with the ``return`` document as its text: escaped, or as CDATA."""
    envelope, body = _envelope()
    response = etree.SubElement(body, f"{{{wsdl.NAMESPACE}}}{method}Response", nsmap={"ns": wsdl.NAMESPACE})
    etree.SubElement(response, "return").text = etree.CDATA(inner) if cdata else inner
    return _write(envelope)


def fault(error: Fault) -> bytes:
    """The envelope of a fault."""
    envelope, body = _envelope()
    element = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(element, "faultcode").text = f"soap:{error.who}"
    etree.SubElement(element, "faultstring").text = str(error)
    return _write(envelope)
