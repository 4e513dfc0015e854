"""Callers of the loopback bureau: one over zeep from the WSDL it serves, one that writes envelopes by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests
import zeep
from lxml import etree
from zeep.transports import Transport

from icp.bureau.codec import auth, packing, replies, wsdl
from icp.bureau.codec.packing import Cipher
from icp.bureau.codec.replies import Reply
from tests.bureau.loopback_filing import ISP, xml_bytes

CIPHER = Cipher("LoopbackAesKey16", "0102030405060708")
NAMES = {
    "isp_upload": (
        "beianInfo",
        "beianInfoHash",
        "dataSequence",
        "encryptAlgorithm",
        "hashAlgorithm",
        "compressionFormat",
    ),
    "isp_download": ("hashAlgorithm",),
    "isp_downloadack": ("hashAlgorithm", "fileName"),
    "isp_querypreviousupload": ("hashAlgorithm",),
    "isp_querybeianstatus": ("hashAlgorithm", "queryConditionType", "queryCondition"),
    "isp_verifybamm": ("hashAlgorithm", "baxh", "bamm"),
}
ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>{}</soap:Body></soap:Envelope>'
)


@dataclass
class Caller:
    """Calls methods with good sign-in values; keyword arguments replace them."""

    url: str
    by_zeep: bool = False
    isp_name: str = "ispID"
    sequence: int = 0
    timeout: float = 20
    isp: int = ISP
    user: str = "beian-desk"
    password: str = "loopback-only"
    clients: dict[str, Any] = field(default_factory=dict)

    def close(self) -> None:
        for client in self.clients.values():
            client.transport.session.close()

    def call(self, method: str, **changes: Any) -> Reply:
        rand = changes.pop("randVal", auth.rand_val())
        password = changes.pop("password", self.password)
        values = {
            self.isp_name: self.isp,
            "userName": self.user,
            "randVal": rand,
            "pwdHash": auth.password_hash(password, rand),
            "hashAlgorithm": 0,
        }
        values |= changes
        ordered = [self.isp_name, "userName", "randVal", "pwdHash", *NAMES[method]]
        return self._send(method, [(name, values[name]) for name in ordered])

    def _send(self, method: str, values: list[tuple[str, Any]]) -> Reply:
        address = self.url + wsdl.SERVICES[wsdl.METHODS[method]]
        if self.by_zeep:
            if address not in self.clients:
                transport = Transport(timeout=self.timeout, operation_timeout=self.timeout)
                self.clients[address] = zeep.Client(f"{address}?wsdl", transport=transport)
            client = self.clients[address]
            parameters = client.service._binding.get(method).input.body.type.elements
            spelled = {name.lower(): name for name, _ in parameters}
            named = {spelled[name.lower()]: value for name, value in values}
            return replies.parse(getattr(client.service, method)(**named))
        inner = "".join(etree.tostring(_element(name, value), encoding="unicode") for name, value in values)
        body = f'<ns:{method} xmlns:ns="{wsdl.NAMESPACE}">{inner}</ns:{method}>'
        answer = self.post(address, ENVELOPE.format(body))
        assert answer.status_code == 200, answer.text
        return replies.parse(etree.fromstring(answer.content).findtext(".//return"))

    def post(self, address: str, envelope: str) -> requests.Response:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        return requests.post(address, envelope.encode(), headers=headers, timeout=self.timeout)

    def upload(self, root: Any, *, name: str = "", sequence: int = 0, encrypt: bool = True, **changes: Any) -> Reply:
        number = sequence or self.sequence + 1
        data = root if isinstance(root, bytes) else xml_bytes(root)
        packed = packing.pack(data, name or f"file{number}.xml", encrypt=CIPHER if encrypt else None)
        values = {
            "beianInfo": packed.data_b64,
            "beianInfoHash": packed.hash_b64,
            "dataSequence": number,
            "encryptAlgorithm": packed.encrypt_algorithm,
            "compressionFormat": 0,
        }
        reply = self.call("isp_upload", **(values | changes))
        if reply.code == 0:
            self.sequence = number
        return reply

    def take(self) -> list[Any]:
        """Download and acknowledge everything that waits; the files' roots in order, each valid by the schema."""
        from icp.bureau.codec import schema, xml

        roots = []
        while (reply := self.call("isp_download")).file is not None:
            root = xml.parse(unpacked(reply.file).xml)
            assert schema.check_download(root) == []
            assert self.call("isp_downloadack", fileName=reply.file.name).code == 0
            roots.append(root)
        assert reply.code == 2
        return roots


def _element(name: str, value: Any) -> Any:
    node = etree.Element(name)
    node.text = str(value)
    return node


def unpacked(file: replies.FileInfo) -> packing.Unpacked:
    return packing.unpack(
        file.data_b64,
        file.hash_b64,
        encrypt_algorithm=file.encrypt_algorithm,
        hash_algorithm=file.hash_algorithm,
        compression_format=file.compression_format,
        cipher=CIPHER,
        file_name=file.name,
    )


def codes(root: Any) -> list[int]:
    return [int(node.text) for node in root.iter("Jgdm")]
