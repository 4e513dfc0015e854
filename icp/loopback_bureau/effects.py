"""What approvals change in the registry beside entering: a change replaces, a cancellation takes out of force.

Nothing is deleted: a number, and an enterprise's id, is never used twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from icp.bureau.codec.xml import child, int_of, text_of
from icp.loopback_bureau import lookup
from icp.loopback_bureau.registry import (
    Owner,
    codes,
    domain_key,
    element_of,
    enter_domain,
    enter_range,
    own_part,
    xml_text,
)
from icp.loopback_bureau.store import Connection, Row

DOMAIN_GIVES_UP = (
    "INSERT OR IGNORE INTO former_id (kind, isp_id, number, ends, bureau_id) SELECT 'IspYmid', isp_id, isp_ymid, '', id"
    " FROM domain WHERE isp_id = ? AND id = ? AND isp_ymid IS NOT ? AND isp_ymid IS NOT NULL"
)
RANGE_GIVES_UP = (
    "INSERT OR IGNORE INTO former_id (kind, isp_id, number, ends, bureau_id)"
    " SELECT 'IspIpid', a.isp_id, r.isp_ipid, r.first || '-' || r.last, r.id FROM ip_range r"
    " JOIN access a ON a.id = r.access_id"
    " WHERE a.isp_id = ? AND r.id = ? AND r.isp_ipid IS NOT ? AND r.isp_ipid IS NOT NULL"
)
"""What a provider's own id named before a change gives another one: it is never given to something else."""


def replace_sponsor(connection: Connection, row: Row, element: Any, owner: Owner) -> None:
    """Put the new state of a sponsor, the ``Zt_xx`` of a change, in the place of the old; its number stays."""
    if element.find("Bbfs") is None:  # a change doesn't carry how the sponsor was reported first
        child(element, "Bbfs", text_of(element_of(row["xml"]), "Bbfs") or 1)
    connection.execute(
        "UPDATE sponsor SET name = ?, document_type = ?, document_number = ?, province = ?, xml = ?, changed_at = ?"
        " WHERE id = ?",
        (
            text_of(element, "Dwmc"),
            text_of(element, "Zj/Zjlx"),
            text_of(element, "Zj/Zjhm").upper(),
            text_of(element, "Txdz/Shengid"),
            xml_text(element),
            owner.at,
            row["id"],
        ),
    )


def replace_website(connection: Connection, website_id: int, element: Any, owner: Owner) -> None:
    """Put the new state of a website, the ``Wz_xx`` of a change, in the place of the old; its number stays.

    Domains and addresses that the new state doesn't name are no longer in force. Access records are changed, never
    added or taken away; those of other providers stay as they are.
    """
    connection.execute(
        "UPDATE website SET name = ?, home_url = ?, xml = ?, changed_at = ? WHERE id = ?",
        (text_of(element, "Wzmc"), text_of(element, "Syurl"), xml_text(own_part(element)), owner.at, website_id),
    )
    _replace_domains(connection, website_id, element.findall("Ym_xx"), owner)
    for node in element.findall("Jr_xx"):
        access = lookup.access(connection, int_of(node, "Jrid"))
        if access is not None and access["isp_id"] == owner.isp_id:
            _replace_access(connection, access["id"], node, owner)


def _replace_domains(connection: Connection, website_id: int, nodes: Iterable[Any], owner: Owner) -> None:
    kept: list[int] = []
    fresh: list[Any] = []
    for node in nodes:
        bureau_id = int_of(node, "Ymid")
        if bureau_id is None:
            fresh.append(node)
            continue
        kept.append(bureau_id)
        connection.execute(DOMAIN_GIVES_UP, (owner.isp_id, bureau_id, int_of(node, "IspYmid")))
        connection.execute(
            "UPDATE domain SET name = ?, isp_ymid = CASE isp_id WHEN ? THEN ? ELSE isp_ymid END WHERE id = ?",
            (domain_key(text_of(node, "Ym")), owner.isp_id, int_of(node, "IspYmid"), bureau_id),
        )
    for row in lookup.domains_of(connection, website_id):
        if row["id"] not in kept:
            connection.execute("UPDATE domain SET cancelled_at = ? WHERE id = ?", (owner.at, row["id"]))
    for node in fresh:
        enter_domain(connection, website_id, node, owner)


def _replace_access(connection: Connection, access_id: int, element: Any, owner: Owner) -> None:
    connection.execute(
        "UPDATE access SET locations = ?, methods = ? WHERE id = ?",
        (codes(element, "Wzfb/Fbdd"), codes(element, "Wzjrfs/Jrfs"), access_id),
    )
    kept: list[int] = []
    fresh: list[Any] = []
    for node in element.findall("Ip_xx"):
        bureau_id = int_of(node, "Ipid")
        if bureau_id is None:
            fresh.append(node)
            continue
        kept.append(bureau_id)
        connection.execute(RANGE_GIVES_UP, (owner.isp_id, bureau_id, int_of(node, "IspIpid")))
        connection.execute(
            "UPDATE ip_range SET isp_ipid = ?, first = ?, last = ? WHERE id = ?",
            (int_of(node, "IspIpid"), int_of(node, "Qsip"), int_of(node, "Zzip"), bureau_id),
        )
    for row in lookup.ranges_of(connection, access_id):
        if row["id"] not in kept:
            connection.execute("UPDATE ip_range SET cancelled_at = ? WHERE id = ?", (owner.at, row["id"]))
    for node in fresh:
        enter_range(connection, access_id, node)


def touch_website(connection: Connection, website_id: int, at: float) -> None:
    """Note that a website was changed."""
    connection.execute("UPDATE website SET changed_at = ? WHERE id = ?", (at, website_id))


# ---- cancelling


def cancel(connection: Connection, kind: int, bureau_id: int, at: float) -> None:
    """Take a sponsor (0), a website (1) or an access record (2) out of force, with everything below it."""
    if kind == lookup.SPONSOR:
        connection.execute("UPDATE sponsor SET cancelled_at = ? WHERE id = ?", (at, bureau_id))
        for row in lookup.websites_of(connection, bureau_id):
            cancel(connection, lookup.WEBSITE, row["id"], at)
    elif kind == lookup.WEBSITE:
        connection.execute("UPDATE website SET cancelled_at = ? WHERE id = ?", (at, bureau_id))
        connection.execute(
            "UPDATE domain SET cancelled_at = ? WHERE website_id = ? AND cancelled_at IS NULL", (at, bureau_id)
        )
        for row in lookup.accesses_of(connection, bureau_id):
            cancel(connection, lookup.ACCESS, row["id"], at)
    else:
        connection.execute("UPDATE access SET cancelled_at = ? WHERE id = ?", (at, bureau_id))
        connection.execute(
            "UPDATE ip_range SET cancelled_at = ? WHERE access_id = ? AND cancelled_at IS NULL", (at, bureau_id)
        )
