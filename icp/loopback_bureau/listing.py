"""Lists the bureau sends: the black list, illegal access, unfiled sites.

The verbs take a connection inside a write transaction and give the names of the files queued.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icp.loopback_bureau import notices, registry
from icp.loopback_bureau.concerning import Unissuable, account_of, address, domain_of, everyone, send
from icp.loopback_bureau.downloads import clean
from icp.loopback_bureau.notices import ADD, CHANGE, REMOVE, ListedSponsor, ListedWebsite
from icp.loopback_bureau.store import Connection, bureau_time, now
from icp.vocabulary import builtin

OPERATIONS = {"add": ADD, "change": CHANGE, "remove": REMOVE}
NAME_LIMIT = 512
FIRST_UNFILED, FIRST_ILLEGAL = 600_000, 700_000


@dataclass(frozen=True)
class Listing:
    """What is said about the black list.

    Attributes:
        how: ``add``, ``change`` or ``remove``.
        kind: ``sponsor`` or ``domain``.
        value: the certificate number, or the domains separated by ``;``. Empty for a sponsor: the entry names nobody.
        name: name of the sponsor or website; from the registry when empty.
        document_type: certificate type; from the registry when empty.
        remark: a remark.
        quiet: enter it at the bureau and tell nobody.
    """

    how: str
    kind: str
    value: str
    name: str = ""
    document_type: str = ""
    remark: str = ""
    quiet: bool = False


def blacklist(connection: Connection, listing: Listing) -> list[str]:
    """HMDLB: change the bureau's own black list, on which 1064 and 1065 rest, and tell every provider.

    Raises:
        Unissuable: a sponsor that is not on record comes without name or certificate type, or no domain is named.
    """
    if listing.kind == "sponsor":
        numbers = tuple(filter(None, (listing.value.strip().upper(),)))
        root = None if listing.quiet else notices.black_list(sponsors=[_listed_sponsor(connection, listing, *numbers)])
        _enter(connection, "sponsor", numbers, listing.how)
    else:
        domains = tuple(domain_of(part, "value") for part in listing.value.split(";") if part.strip())
        if not domains:
            raise Unissuable("请填写域名。", "value")
        root = notices.black_list(websites=[_listed_website(connection, listing, domains)])
        _enter(connection, "domain", domains, listing.how)
    return send(connection, [] if listing.quiet else everyone(connection), root)


def _listed_website(connection: Connection, listing: Listing, domains: tuple[str, ...]) -> ListedWebsite:
    on_record = registry.find_domain(connection, domains[0])
    name = clean(listing.name or (on_record["website_name"] if on_record else domains[0]), NAME_LIMIT)
    return ListedWebsite(OPERATIONS[listing.how], name, domains, clean(listing.remark))


def _listed_sponsor(connection: Connection, listing: Listing, number: str = "") -> ListedSponsor:
    operation, remark = OPERATIONS[listing.how], clean(listing.remark)
    if not number:
        return ListedSponsor(operation, remark=remark)
    row = connection.execute(
        "SELECT * FROM sponsor WHERE document_number = ? ORDER BY id DESC LIMIT 1", (number,)
    ).fetchone()
    name = clean(listing.name or (row["name"] if row else ""))
    document_type = listing.document_type or (row["document_type"] if row else "")
    if not name or not document_type:
        raise Unissuable("库中没有这个主体，请填写名称和证件类型。", "name")
    organisation = builtin().row("document_types", document_type).get("organisation_type", "")
    return ListedSponsor(operation, name, document_type, number, organisation, remark)


def _enter(connection: Connection, kind: str, values: Iterable[str], how: str) -> None:
    for value in values:
        connection.execute("DELETE FROM blacklist WHERE kind = ? AND value = ?", (kind, value))
        if how != "remove":
            connection.execute("INSERT INTO blacklist (kind, value) VALUES (?, ?)", (kind, value))


def illegal_access(connection: Connection, domain: str, ip: str, isp_id: int, remark: str = "") -> list[str]:
    """FFJRHMD: tell every provider of a domain that is accessed illegally through the provider ``isp_id``.

    Raises:
        Unissuable: no such provider, or no address.
    """
    account = account_of(connection, isp_id)
    serial = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM download").fetchone()[0]
    entry = {
        "Id": FIRST_ILLEGAL + serial,
        "Ym": domain_of(domain),
        "Ip": address(ip),
        "Zjjrz": isp_id,
        "Szs": account["province"],
        "Dqjcsj": bureau_time(now()),
        "Bz": clean(remark),
    }
    return send(connection, everyone(connection), notices.illegal_access([entry]))


def unfiled(connection: Connection, domain: str, ip: str, isp_id: int, carrier: int = 0, times: int = 1) -> list[str]:
    """WBAWZLB: tell a provider of an unfiled site at one of its addresses; a repetition is to be answered anew.

    Args:
        connection: inside a write transaction.
        domain: the site's domain.
        ip: its address.
        isp_id: the provider.
        carrier: reporting unit of the carrier; 0 names the provider itself.
        times: how often the site was seen.

    Raises:
        Unissuable: no such provider, no domain or no address.
    """
    account, name, number = account_of(connection, isp_id), domain_of(domain), address(ip)
    row_id = connection.execute(
        "INSERT INTO unfiled (domain, ip, isp_id) VALUES (?, ?, ?) ON CONFLICT (domain, ip)"
        " DO UPDATE SET isp_id = excluded.isp_id, answered_at = NULL RETURNING rowid",
        (name, number, isp_id),
    ).fetchone()[0]
    connection.execute("DELETE FROM unfiled_answer WHERE domain = ? AND ip = ?", (name, number))
    seen = bureau_time(now())
    entry = {
        "Id": FIRST_UNFILED + row_id,
        "Wzym_mc": name,
        "IP": number,
        "Dqjcsj": seen,
        "Jccs": times,
        "Sssh": account["province"],
        "Scjcsj": seen,
        "Jrs": isp_id,
        "Yys": carrier or isp_id,
    }
    return send(connection, [isp_id], notices.unfiled([entry]))
