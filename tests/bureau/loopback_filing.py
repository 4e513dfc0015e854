"""A builder of data files for the loopback bureau, made from dictionaries: independent of the gateway's."""

from __future__ import annotations

import base64
import io
from typing import Any

from lxml import etree
from PIL import Image

from icp.bureau.codec.numbers import ip_to_int

ISP = 350000000001


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def heavy(kb: int) -> str:
    """A picture whose base64 takes just under `kb` KB: what follows a JPEG's end is not looked at."""
    data = base64.b64decode(picture())
    return base64.b64encode(data + bytes(kb * 768 - 6 - len(data))).decode()


def element(name: str, value: Any) -> Any:
    """`{"a": 1, "b": [2, 3]}` becomes `<a>1</a><b>2</b><b>3</b>`; None leaves an element out."""
    node = etree.Element(name)
    if isinstance(value, dict):
        for key, inner in value.items():
            for item in inner if isinstance(inner, list) else [inner]:
                if item is not None:
                    node.append(element(key, item))
    else:
        node.text = str(value)
    return node


def principal(**changes: Any) -> dict[str, Any]:
    person = {
        "Fzr_xm": "林知夏",
        "Fzr_dhhm": "0591-87654321",
        "Fzr_sjhm": "13800000000",
        "Fzr_dzyj": "lin@qingwu.example",
        "Msn": None,
        "Qq": None,
        "Fzr_zjlx": 2,
        "Fzr_zjhm": "11010519491231002X",
    }
    return person | changes


def sponsor(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "IspZtid": 70000 + number,
        "Dwmc": "福州青梧文创有限公司",
        "Dwxz": 4,
        "Tzr": "福州青梧文创有限公司",
        "Txdz": {"Shengid": 350000, "Shiid": 350100, "Xianid": 350102, "Xxdz": "示例路 1 号"},
        "Zj": {"Zjlx": 1, "Zjhm": "91350100M000100Y43", "Zjzs": "示例路 1 号"},
        "Fzr": principal(),
        "Bbfs": 1,
    } | changes


def access(number: int = 1, *ranges: tuple[str, str], **changes: Any) -> dict[str, Any]:
    addresses = ranges or (("192.0.2.1", "192.0.2.1"),)
    return {
        "IspJrid": 95000 + number,
        "Wzfb": {"Fbdd": 4},
        "Wzjrfs": {"Jrfs": 3},
        "Ip_xx": [
            {"IspIpid": 96000 + number * 10 + n, "Qsip": ip_to_int(first), "Zzip": ip_to_int(last)}
            for n, (first, last) in enumerate(addresses)
        ],
    } | changes


def website(number: int = 1, domain: str = "qingwu.example", **changes: Any) -> dict[str, Any]:
    return {
        "IspWzid": 80000 + number,
        "Wzmc": f"青梧手作馆 {number}",
        "Nrlx": None,
        "Fwnr": {"Fwnr_id": 8},
        "Yylb": {"Yylb_id": 1},
        "Ym_xx": {"IspYmid": 90000 + number, "Ym": domain},
        "Jr_xx": access(number),
        "Wz_Fzr": principal(),
        "Syurl": f"www.{domain}",
    } | changes


def attachment(purpose: int = 1, owner: int = 2, owner_id: int = 80001, **changes: Any) -> dict[str, Any]:
    inner = {
        "Fjwjgs": 1,
        "Fjyt": purpose,
        "Fjnr": picture(),
        "Fjssdx": {"Ssdxlx": owner, "Ssdxbs": owner_id},
    }
    return {"Fjxx": inner | changes}


def filing(number: int = 1, domain: str = "qingwu.example", **changes: Any) -> dict[str, Any]:
    """One `Baxx`; `number` keeps the enterprise ids of several filings apart."""
    return {
        "Zt_xx": sponsor(number),
        "Wz_xx": [website(number, domain)],
        "Fj": [attachment(owner_id=80000 + number), attachment(3, 1, 70000 + number)],
    } | changes


def other_sponsor(number: int = 2, **changes: Any) -> dict[str, Any]:
    """A sponsor with another certificate."""
    return (
        sponsor(number, Dwmc="厦门听潮海产有限公司", Zj={"Zjlx": 1, "Zjhm": "350200100012345", "Zjzs": "海沧"})
        | changes
    )


def individual(number: int = 1, **changes: Any) -> dict[str, Any]:
    person = principal(Fzr_xm=None, Fzr_dhhm=None)
    return (
        sponsor(number, Dwmc="林知夏", Dwxz=5, Zj={"Zjlx": 2, "Zjhm": "11010519491231002X", "Zjzs": "鼓楼"}, Fzr=person)
        | changes
    )


def file(
    *records: dict[str, Any], group: str = "XZBA", record: str = "Baxx", isp: int = ISP, version: str = "V.3.0"
) -> Any:
    root = etree.Element("UploadData", version=version)
    icp = etree.SubElement(root, "ICP")
    section = etree.SubElement(icp, group)
    for item in records:
        section.append(element(record, item))
    etree.SubElement(icp, "Qqdwid").text = str(isp)
    return root


def xml_bytes(root: Any) -> bytes:
    head = b'<?xml version="1.0" encoding="GBK"?>\n'
    return head + etree.tostring(root, encoding="unicode").encode("gbk", "xmlcharrefreplace")
