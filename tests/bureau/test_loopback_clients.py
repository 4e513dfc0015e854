"""SOAP clients of other makers, used as their manuals say, by nothing but the WSDL the bureau serves: zeep and suds."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import suds.client
import zeep
from lxml import etree
from zeep.transports import Transport

from icp.bureau.codec import auth, packing, replies, wsdl, xml
from icp.bureau.codec.replies import Reply
from tests.bureau.loopback_caller import CIPHER, codes, unpacked
from tests.bureau.loopback_filing import ISP, file, filing, xml_bytes

Service = Any
"""What a client's library offers for one WSDL: its methods as attributes, taking named parameters."""


@pytest.fixture(params=["zeep", "suds"])
def connect(request) -> Iterator[Callable[[str], Service]]:
    transports = []

    def by_zeep(address: str) -> Service:
        transports.append(Transport(timeout=20, operation_timeout=20))
        return zeep.Client(f"{address}?wsdl", transport=transports[-1]).service

    def by_suds(address: str) -> Service:
        return suds.client.Client(f"{address}?wsdl", cache=None, timeout=20).service

    yield {"zeep": by_zeep, "suds": by_suds}[request.param]
    for transport in transports:
        transport.session.close()


@pytest.fixture
def provider(serve, connect, tmp_path) -> Provider:
    running = serve(decision="approve")
    return Provider(running, {name: connect(running.url + path) for name, path in wsdl.SERVICES.items()})


class Provider:
    """Calls all methods with an account that is good."""

    def __init__(self, running: Any, services: dict[str, Service]) -> None:
        self.running = running
        self.services = services

    def __call__(self, method: str, **values: Any) -> Reply:
        rand = auth.rand_val()
        name = "ispId" if method == "isp_querypreviousupload" else "ispID"
        account = {name: ISP, "userName": "beian-desk", "randVal": rand}
        account |= {"pwdHash": auth.password_hash("loopback-only", rand), "hashAlgorithm": 0}
        call = getattr(self.services[wsdl.METHODS[method]], method)
        return replies.parse(str(call(**account, **values)))

    def upload(self, sequence: int) -> Reply:
        packed = packing.pack(xml_bytes(file(filing(Fj=[]))), f"{sequence}.xml", encrypt=CIPHER)
        return self(
            "isp_upload",
            beianInfo=packed.data_b64,
            beianInfoHash=packed.hash_b64,
            dataSequence=sequence,
            encryptAlgorithm=1,
            compressionFormat=0,
        )


def password_of(provider: Provider) -> str:
    (letter,) = (provider.running.bureau.config.instance / "mail").glob("*.eml")
    body = base64.b64decode(letter.read_text().partition("\n\n")[2]).decode()
    return body.partition("备案密码：")[2].split()[0]


def test_all_six_methods(provider):
    assert provider("isp_querypreviousupload").file.data_sequence == 0
    assert provider.upload(2).missing == (1,)
    assert provider.upload(1).code == 0
    previous = provider("isp_querypreviousupload").file
    assert (previous.data_sequence, previous.name) == (1, "1.xml")
    assert unpacked(previous).xml == xml_bytes(file(filing(Fj=[])))
    taken = []
    while (reply := provider("isp_download")).file is not None:
        taken.append(xml.parse(unpacked(reply.file).xml))
        assert provider("isp_downloadack", fileName=reply.file.name).code == 0
    assert (reply.code, codes(taken[0]), len(taken)) == (2, [1001], 2)
    status = provider("isp_querybeianstatus", queryConditionType=0, queryCondition="qingwu.example").status
    assert (status.filed, status.website_name) == (True, "青梧手作馆 1")
    checked = [
        provider("isp_verifybamm", baxh=status.subject_number, bamm=bamm) for bamm in (password_of(provider), "x")
    ]
    assert [reply.verified for reply in checked] == [True, False]


@pytest.mark.parametrize(
    "trouble", ["return_cdata", "no_declaration", "no_version", "base64_in_one_line", "padded_values"]
)
def test_however_the_reply_is_written(provider, trouble):
    provider.running.bureau.trouble(trouble)
    assert provider.upload(1).code == 0
    reply = provider("isp_download")
    assert codes(xml.parse(unpacked(reply.file).xml)) == [1001]
    assert provider("isp_querybeianstatus", queryConditionType=0, queryCondition="b.example").status.filed is False


# ---- envelopes as still other clients write them

ENVELOPES = {
    "prefix, header, blanks": (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n<SOAP-ENV:Envelope\n xmlns:SOAP-ENV="{soap}" xmlns:ns1="{ns}">\n'
        " <SOAP-ENV:Header>\n </SOAP-ENV:Header> <SOAP-ENV:Body>\n\t<ns1:isp_download>\n{parameters}\n"
        "</ns1:isp_download></SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
    ),
    "default namespace": (
        '<Envelope xmlns="{soap}"><Body><isp_download xmlns="{ns}">{parameters}</isp_download></Body></Envelope>'
    ),
    "no namespace": (
        '<s:Envelope xmlns:s="{soap}"><s:Body><isp_download>{parameters}</isp_download></s:Body></s:Envelope>'
    ),
    "comments and types": (
        '<s:Envelope xmlns:s="{soap}"><!-- a --><s:Body><!-- b --><m:isp_download xmlns:m="{ns}" s:encodingStyle="">'
        "<!-- c -->{parameters}</m:isp_download></s:Body></s:Envelope>"
    ),
}
ACTIONS = (None, "", '""', '"urn:isp_download"', "isp_download")


def enveloped(envelope: str) -> str:
    """A download's envelope, its parameters in an order of their own, with blanks, and one nobody asked for."""
    rand = auth.rand_val()
    values = {
        "pwdHash": auth.password_hash("loopback-only", rand),
        "hashAlgorithm": "\n 0 ",
        "randVal": rand,
        "userName": " beian-desk\n",
        "ispid": f" {ISP} ",
        "unasked": "1",
    }
    parameters = "\n  ".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return envelope.format(soap="http://schemas.xmlsoap.org/soap/envelope/", ns=wsdl.NAMESPACE, parameters=parameters)


def code_of(answer: requests.Response) -> int:
    assert answer.status_code == 200, answer.text
    return replies.parse(etree.fromstring(answer.content).findtext(".//return")).code


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES)
def test_any_envelope_and_any_soapaction(bureau, envelope, action):
    headers = {"Content-Type": "text/xml"} | ({} if action is None else {"SOAPAction": action})
    address = bureau.url + wsdl.SERVICES["upDownLoad"]
    assert code_of(requests.post(address, enveloped(envelope).encode(), headers=headers, timeout=20)) == 2


HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


@pytest.mark.parametrize(
    ("encoding", "changes"),
    [
        ("utf-8-sig", {}),
        ("utf-16", {"Content-Type": 'text/xml; charset="utf-16"'}),
        ("gbk", {"Content-Type": "text/xml;charset=GBK"}),
        ("utf-8", {"Expect": "100-continue"}),
        ("utf-8", {"Content-Type": "text/xml", "Accept-Encoding": "gzip", "Connection": "close"}),
    ],
)
def test_however_the_envelope_is_carried(bureau, encoding, changes):
    body = enveloped(ENVELOPES["default namespace"]).encode(encoding)
    address = bureau.url + wsdl.SERVICES["upDownLoad"]
    assert code_of(requests.post(address, body, headers=HEADERS | changes, timeout=20)) == 2


def test_an_envelope_in_chunks(bureau):
    body = enveloped(ENVELOPES["no namespace"]).encode()
    chunks = (body[start : start + 40] for start in range(0, len(body), 40))
    address = bureau.url + wsdl.SERVICES["upDownLoad"]
    assert code_of(requests.post(address, chunks, headers=HEADERS, timeout=20)) == 2
