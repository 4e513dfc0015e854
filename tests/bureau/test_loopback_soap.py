"""Envelopes as other people's clients write them, and what the loopback bureau says of those it can't take."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
import requests

from icp.bureau.codec import auth, wsdl
from tests.bureau.loopback_caller import ENVELOPE
from tests.bureau.loopback_filing import ISP

SERVICE = wsdl.SERVICES["queryBeianStatus"]


def query(condition: str) -> str:
    rand = auth.rand_val()
    values = {
        "ispID": ISP,
        "userName": "beian-desk",
        "randVal": rand,
        "pwdHash": auth.password_hash("loopback-only", rand),
        "hashAlgorithm": 0,
        "queryConditionType": 5,
        "queryCondition": condition,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return ENVELOPE.format(f'<m:isp_querybeianstatus xmlns:m="urn:any">{inner}</m:isp_querybeianstatus>')


@pytest.mark.parametrize(("head", "declared"), [("; charset=GB2312", "utf-8"), ("", "gb2312")])
def test_what_is_called_gb2312_may_hold_all_of_gbk(bureau, head, declared):
    body = f'<?xml version="1.0" encoding="{declared}"?>{query("镕喆部队")}'.encode("gbk")
    answer = requests.post(bureau.url + SERVICE, body, headers={"Content-Type": "text/xml" + head}, timeout=20)
    assert answer.status_code == 200
    assert "&lt;Cxtj&gt;镕喆部队&lt;/Cxtj&gt;" in answer.content.decode()


def test_an_envelope_of_another_soap_is_a_mismatch_of_versions(bureau):
    later = query("某部队").replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    )
    answer = requests.post(bureau.url + SERVICE, later.encode(), headers={"Content-Type": "text/xml"}, timeout=20)
    assert answer.status_code == 500
    assert "<faultcode>soap:VersionMismatch</faultcode>" in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<hashAlgorithm>x</hashAlgorithm>", "hashAlgorithm is not a number"),
        ("", "the parameter hashAlgorithm is missing"),
    ],
)
def test_a_fault_names_the_parameter_as_the_interface_spells_it(bureau, wrong, said):
    body = query("某部队").replace("<hashAlgorithm>0</hashAlgorithm>", wrong)
    answer = requests.post(bureau.url + SERVICE, body.encode(), headers={"Content-Type": "text/xml"}, timeout=20)
    assert said in answer.text


def test_a_caller_that_waits_for_100_hears_it_once(bureau):
    address = urlsplit(bureau.url)
    body = query("某部队").encode()
    head = (
        f"POST {SERVICE} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f"Expect: 100-continue\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), 20) as line:
        line.sendall(head.encode())
        said = line.recv(65536)
        line.sendall(body)
        while part := line.recv(65536):
            said += part
    assert said.count(b"100 Continue") == 1
    assert b"HTTP/1.1 200 OK" in said
