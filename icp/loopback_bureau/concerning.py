"""What the bureau's own word is about and who hears it: filings by number, providers, addresses and domains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from icp.bureau.codec.numbers import ip_to_int
from icp.loopback_bureau import downloads, lookup, registry
from icp.loopback_bureau.store import Connection, Row


class Unissuable(ValueError):
    """Something can't be issued; the text says why, for the officer.

    Attributes:
        field: the field of the officer's form that is to be mended.
    """

    def __init__(self, text: str, field: str = "filing") -> None:
        super().__init__(text)
        self.field = field


def sponsor_of(connection: Connection, number: str) -> Row:
    """The sponsor on record under its own or a website's filing number.

    Raises:
        Unissuable: there is none.
    """
    row = registry.by_number(connection, registry.sponsor_part(number))
    if row is None:
        raise Unissuable(f"没有备案号为 {number} 的主体。")
    return row


def website_of(connection: Connection, number: str) -> Row:
    """The website on record under a filing number.

    Raises:
        Unissuable: there is none.
    """
    row: Row | None = connection.execute(
        "SELECT * FROM website WHERE number = ? AND cancelled_at IS NULL", (number.strip(),)
    ).fetchone()
    if row is None:
        raise Unissuable(f"没有备案号为 {number} 的网站。")
    return row


def is_website(number: str) -> bool:
    """Whether a filing number is that of a website: it has a suffix."""
    return registry.sponsor_part(number) != number.strip()


def websites_of(connection: Connection, number: str) -> list[Row]:
    """The website of a website's number, or all of a sponsor."""
    if is_website(number):
        return [website_of(connection, number)]
    return lookup.websites_of(connection, sponsor_of(connection, number)["id"])


def accessed(connection: Connection, websites: Iterable[Row]) -> dict[int, list[Row]]:
    """Provider served here → those of the websites that have a live access through it."""
    served = everyone(connection)
    found: dict[int, list[Row]] = {}
    for website in websites:
        for isp_id in lookup.providers(connection, website["sponsor_id"], website["id"]):
            if isp_id in served:
                found.setdefault(isp_id, []).append(website)
    return found


def concerned(connection: Connection, websites: Sequence[Row], reporter: int) -> list[int]:
    """Who hears of a filing, of those served here: the providers with a live access, and the one that reported it."""
    return sorted({*accessed(connection, websites), reporter} & {*everyone(connection)})


def providers(connection: Connection) -> list[Row]:
    """All accounts, with ``retired``: 1 for a unit that is no longer served."""
    return connection.execute(
        "SELECT a.*, EXISTS (SELECT 1 FROM retired r WHERE r.isp_id = a.isp_id) AS retired FROM account a"
        " ORDER BY a.isp_id"
    ).fetchall()


def everyone(connection: Connection) -> list[int]:
    """The ids of all providers that are served."""
    return [row["isp_id"] for row in providers(connection) if not row["retired"]]


def account_of(connection: Connection, isp_id: int) -> Row:
    """A provider's account.

    Raises:
        Unissuable: there is none.
    """
    row: Row | None = connection.execute("SELECT * FROM account WHERE isp_id = ?", (isp_id,)).fetchone()
    if row is None:
        raise Unissuable(f"没有接入服务提供者 {isp_id}。", "provider")
    return row


def send(connection: Connection, receivers: Iterable[int], *roots: Any) -> list[str]:
    """Queue files for several providers; gives the names."""
    return [name for isp_id in receivers for name in downloads.queue(connection, isp_id, roots)]


def address(text: str) -> int:
    """An IPv4 address as it is written on the wire.

    Raises:
        Unissuable: not an IPv4 address.
    """
    try:
        return ip_to_int(text)
    except ValueError:
        raise Unissuable(f"{text} 不是 IPv4 地址。", "ip") from None


def domain_of(text: str, field: str = "domain") -> str:
    """A domain as it is compared and sent.

    Raises:
        Unissuable: no domain of 4 to 128 characters.
    """
    name = registry.domain_key(text)
    if "." not in name or len(name) not in range(4, 129):
        raise Unissuable(f"{text} 不是域名。", field)
    return name
