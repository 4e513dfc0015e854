"""The ministry's registry: what is on record, found by id, number, certificate or domain, and how it gets there."""

from __future__ import annotations

import copy
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec.auth import filing_password_hash
from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau.store import Connection, Row, bureau_time, insert
from icp.vocabulary import builtin

SUFFIX = re.compile(r"-[0-9]+$")
ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
PASSWORD_LENGTH = 8
NUMBER = re.compile(r"[\u4e00-\u9fff]ICP[备证][0-9]{8,}号")


@dataclass(frozen=True)
class Owner:
    """In whose name and when something is entered.

    Attributes:
        isp_id: the provider that reports it.
        at: seconds since 1970.
    """

    isp_id: int
    at: float


def xml_text(element: Any) -> str:
    """An element as text, to be kept in a row."""
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return text


def element_of(text: str) -> Any:
    """The element kept by ``xml_text``; the text is our own."""
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


# ---- finding


def sponsor_part(number: str) -> str:
    """The sponsor's part of a filing number: ``闽ICP备2026000001号-2`` → ``闽ICP备2026000001号``."""
    return SUFFIX.sub("", number.strip())


def by_number(connection: Connection, number: str) -> Row | None:
    """A sponsor on record by its filing number."""
    row: Row | None = connection.execute(
        "SELECT * FROM sponsor WHERE number = ? AND cancelled_at IS NULL", (number,)
    ).fetchone()
    return row


def find_sponsor(connection: Connection, document_type: str, document_number: str) -> Row | None:
    """A sponsor on record by its certificate; letters are compared without case."""
    row: Row | None = connection.execute(
        "SELECT * FROM sponsor WHERE document_type = ? AND document_number = ? AND cancelled_at IS NULL",
        (document_type, document_number.strip().upper()),
    ).fetchone()
    return row


def find_domain(connection: Connection, name: str) -> Row | None:
    """A domain on record, with ``number``, ``website_name``, ``sponsor_number`` and ``sponsor_id`` of its website."""
    row: Row | None = connection.execute(
        "SELECT d.*, w.number AS number, w.name AS website_name, s.number AS sponsor_number, s.id AS sponsor_id"
        " FROM domain d JOIN website w ON w.id = d.website_id JOIN sponsor s ON s.id = w.sponsor_id"
        " WHERE d.name = ? AND d.cancelled_at IS NULL AND w.cancelled_at IS NULL AND s.cancelled_at IS NULL",
        (domain_key(name),),
    ).fetchone()
    return row


def domain_key(name: str) -> str:
    """A domain as it is compared: lower case, in its ASCII form, without a final dot."""
    text = name.strip().rstrip(".").lower()
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return text


def password_fits(sponsor: Row, password: str) -> bool:
    """Whether a filing password in plain text is the sponsor's."""
    try:
        return md5_fits(sponsor, filing_password_hash(password))
    except UnicodeEncodeError:
        return False


def md5_fits(sponsor: Row, md5: str) -> bool:
    """Whether ``ICPmm`` (MD5 in hexadecimal digits of either case) is the sponsor's."""
    return hmac.compare_digest(sponsor["password_md5"].encode(), md5.strip().lower().encode())


# ---- numbers and passwords


def prefix_of(province: str) -> str:
    """The character a province's numbers begin with, e.g. 闽."""
    return builtin().row("provinces", province[:2] + "0000").get("prefix", "国")


def next_number(connection: Connection, province: str, at: float, *, take: bool = True) -> str:
    """The next filing number of a province: prefix + ICP备 + year + six digits + 号.

    Args:
        connection: inside a write transaction when ``take``.
        province: the sponsor's province, six digits.
        at: seconds since 1970; gives the year.
        take: False only shows which one would come next.
    """
    prefix, year = prefix_of(province), int(bureau_time(at)[:4])
    row = connection.execute("SELECT last FROM serial WHERE prefix = ? AND year = ?", (prefix, year)).fetchone()
    last = row["last"] if row else 0
    while True:
        last += 1
        number = f"{prefix}ICP备{year}{last:06d}号"
        if connection.execute("SELECT 1 FROM sponsor WHERE number = ?", (number,)).fetchone() is None:
            break
    if take:
        connection.execute(
            "INSERT INTO serial (prefix, year, last) VALUES (?, ?, ?)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = excluded.last",
            (prefix, year, last),
        )
    return number


def new_password() -> str:
    """A fresh filing password of letters and digits that aren't mistaken for each other."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


# ---- entering


def enter_sponsor(connection: Connection, element: Any, owner: Owner, number: str, password: str) -> int:
    """Enter a sponsor from its ``Zt_xx``.

    Returns:
        The bureau's id (Ztid).
    """
    return insert(
        connection,
        "sponsor",
        isp_id=owner.isp_id,
        isp_ztid=int_of(element, "IspZtid"),
        number=number,
        name=text_of(element, "Dwmc"),
        document_type=text_of(element, "Zj/Zjlx"),
        document_number=text_of(element, "Zj/Zjhm").upper(),
        province=text_of(element, "Txdz/Shengid"),
        password_md5=filing_password_hash(password),
        xml=xml_text(element),
        reported_at=owner.at,
        changed_at=owner.at,
    )


def enter_website(connection: Connection, sponsor_id: int, element: Any, owner: Owner) -> int:
    """Enter a website with its domains and access records from a ``Wz_xx``; it gets the sponsor's next suffix.

    Returns:
        The bureau's id (Wzid).
    """
    sponsor = connection.execute("SELECT number FROM sponsor WHERE id = ?", (sponsor_id,)).fetchone()
    last = connection.execute("SELECT max(suffix) FROM website WHERE sponsor_id = ?", (sponsor_id,)).fetchone()[0]
    suffix = (last or 0) + 1
    website_id = insert(
        connection,
        "website",
        sponsor_id=sponsor_id,
        isp_id=owner.isp_id,
        isp_wzid=int_of(element, "IspWzid"),
        suffix=suffix,
        number=f"{sponsor['number']}-{suffix}",
        name=text_of(element, "Wzmc"),
        home_url=text_of(element, "Syurl"),
        xml=xml_text(own_part(element)),
        reported_at=owner.at,
        changed_at=owner.at,
    )
    for domain in element.findall("Ym_xx"):
        enter_domain(connection, website_id, domain, owner)
    for access in element.findall("Jr_xx"):
        enter_access(connection, website_id, access, owner)
    return website_id


def own_part(element: Any) -> Any:
    """A copy of a ``Wz_xx`` without its domains and access records, which have rows of their own."""
    own = copy.deepcopy(element)
    for node in own.findall("Ym_xx") + own.findall("Jr_xx"):
        own.remove(node)
    return own


def enter_domain(connection: Connection, website_id: int, element: Any, owner: Owner) -> None:
    """Enter a domain of a website from a ``Ym_xx``."""
    name = domain_key(text_of(element, "Ym"))
    insert(
        connection,
        "domain",
        website_id=website_id,
        isp_id=owner.isp_id,
        isp_ymid=int_of(element, "IspYmid"),
        name=name,
    )


def enter_access(connection: Connection, website_id: int, element: Any, owner: Owner) -> int:
    """Enter an access record with its addresses from a ``Jr_xx`` (or an ``Xzxx`` of a new access).

    Returns:
        The bureau's id (Jrid).
    """
    access_id = insert(
        connection,
        "access",
        website_id=website_id,
        isp_id=owner.isp_id,
        isp_jrid=int_of(element, "IspJrid"),
        locations=codes(element, "Wzfb/Fbdd"),
        methods=codes(element, "Wzjrfs/Jrfs"),
    )
    for addresses in element.findall("Ip_xx"):
        enter_range(connection, access_id, addresses)
    return access_id


def enter_range(connection: Connection, access_id: int, element: Any) -> None:
    """Enter an address range of an access record from an ``Ip_xx``."""
    insert(
        connection,
        "ip_range",
        access_id=access_id,
        isp_ipid=int_of(element, "IspIpid"),
        first=int_of(element, "Qsip"),
        last=int_of(element, "Zzip"),
    )


def codes(element: Any, path: str) -> str:
    """The codes at a path, separated by blanks."""
    return " ".join((node.text or "").strip() for node in element.findall(path))
