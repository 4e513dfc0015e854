"""Entering a filing that was never reported here: one made through another provider, or before this bureau began."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec import schema, xml
from icp.bureau.codec.numbers import ip_range
from icp.bureau.codec.xml import XmlError, child, text_of
from icp.loopback_bureau import lookup, registry
from icp.loopback_bureau.registry import Owner
from icp.loopback_bureau.store import Connection
from icp.vocabulary import builtin

ELSEWHERE = 350000000002
"""The provider that a filing is said to come from when none is named."""


@dataclass(frozen=True)
class Enrolled:
    """A sponsor entered: its number, the numbers of its websites, its filing password."""

    number: str
    websites: tuple[str, ...]
    password: str


@dataclass(frozen=True)
class Person:
    """The sponsor of a filing made from options; the rest is filled in.

    Attributes:
        name: the sponsor's name.
        document: certificate as ``type:number``; ``""`` makes a business licence number up from the first domain.
        email: e-mail of the principal.
        province: six digits.
    """

    name: str = "外省来客商贸有限公司"
    document: str = ""
    email: str = "owner@elsewhere.example"
    province: str = "350000"


def from_options(person: Person, domains: Sequence[str], addresses: Sequence[str]) -> Any:
    """A ``Baxx`` with one website for each domain, all at the same addresses.

    Raises:
        ValueError: no domain, or an address that is none.
    """
    if not domains:
        raise ValueError("至少要有一个域名。")
    kind, _, number = person.document.rpartition(":")
    number = number or f"35{zlib.crc32(domains[0].encode()):013d}"
    record = etree.Element("Baxx")
    sponsor = child(record, "Zt_xx")
    child(sponsor, "Dwmc", person.name)
    document = builtin().row("document_types", kind or "1")
    child(sponsor, "Dwxz", document.get("organisation_type") or "4")
    where = child(sponsor, "Txdz")
    city = builtin().regions.children(person.province)[0].code
    for name, value in (("Shengid", person.province), ("Shiid", city), ("Xxdz", "示例路 1 号")):
        child(where, name, value)
    paper = child(sponsor, "Zj")
    for name, value in (("Zjlx", kind or "1"), ("Zjhm", number), ("Zjzs", "示例路 1 号")):
        child(paper, name, value)
    _principal(child(sponsor, "Fzr"), person.email)
    child(sponsor, "Bbfs", 1)
    for domain in domains:
        _website(child(record, "Wz_xx"), domain, addresses, person.email)
    return record


def _principal(parent: Any, email: str) -> None:
    values = {
        "Fzr_xm": "陈远道",
        "Fzr_dhhm": "0591-87650000",
        "Fzr_sjhm": "13900000000",
        "Fzr_dzyj": email,
        "Fzr_zjlx": "2",
        "Fzr_zjhm": "11010519491231002X",
    }
    for name, value in values.items():
        child(parent, name, value)


def _website(parent: Any, domain: str, addresses: Sequence[str], email: str) -> None:
    child(parent, "Wzmc", f"{domain.partition('.')[0]} 站")
    child(child(parent, "Fwnr"), "Fwnr_id", 8)
    child(child(parent, "Yylb"), "Yylb_id", 1)
    child(child(parent, "Ym_xx"), "Ym", domain)
    access = child(parent, "Jr_xx")
    child(child(access, "Wzfb"), "Fbdd", 4)
    child(child(access, "Wzjrfs"), "Jrfs", 3)
    for text in addresses:
        first, last = ip_range(text)
        node = child(access, "Ip_xx")
        child(node, "Qsip", first)
        child(node, "Zzip", last)
    _principal(child(parent, "Wz_Fzr"), email)
    child(parent, "Syurl", f"www.{domain}")


def from_file(data: bytes) -> list[Any]:
    """The ``Baxx`` of an XZBA file.

    Raises:
        ValueError: it isn't one, or it breaks the schema.
    """
    try:
        root = xml.parse(data)
    except XmlError as error:
        raise ValueError(str(error)) from None
    errors = schema.check_upload(root)
    if errors:
        raise ValueError(f"{errors[0].path}: {errors[0].message}")
    schema.write_numbers_plainly("upload", root)
    return list(root.findall("ICP/XZBA/Baxx"))


def enter(connection: Connection, record: Any, owner: Owner, number: str = "", password: str = "") -> Enrolled:
    """Put a filing on record, as if it had always been there.

    Args:
        connection: inside a write transaction.
        record: a ``Baxx``.
        owner: the provider that gives it access, and when it was reported.
        number: the sponsor's number; ``""`` takes the next of its province.
        password: the filing password; ``""`` makes one.

    Raises:
        ValueError: the number, the certificate or a domain is on record already.
    """
    sponsor = record.find("Zt_xx")
    if number and (not registry.NUMBER.fullmatch(number) or lookup.sponsor(connection, number=number) is not None):
        raise ValueError(f"{number} 不能使用。")
    if registry.find_sponsor(connection, text_of(sponsor, "Zj/Zjlx"), text_of(sponsor, "Zj/Zjhm")) is not None:
        raise ValueError(f"证件 {text_of(sponsor, 'Zj/Zjhm')} 已有备案。")
    for node in record.iterfind("Wz_xx/Ym_xx/Ym"):
        if registry.find_domain(connection, node.text) is not None:
            raise ValueError(f"域名 {node.text} 已有备案。")
    number = number or registry.next_number(connection, text_of(sponsor, "Txdz/Shengid"), owner.at)
    password = password or registry.new_password()
    sponsor_id = registry.enter_sponsor(connection, sponsor, owner, number, password)
    for element in record.findall("Wz_xx"):
        registry.enter_website(connection, sponsor_id, element, owner)
    websites = tuple(row["number"] for row in lookup.websites_of(connection, sponsor_id))
    return Enrolled(number, websites, password)
