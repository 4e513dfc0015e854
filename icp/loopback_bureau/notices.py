"""What the bureau says unasked: builders of HSRW, HCJG, XGTZ, HMDLB, FFJRHMD and WBAWZLB files.

Rules: the download tables of the interface. Ids are the bureau's own throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec import xml
from icp.bureau.codec.xml import child
from icp.loopback_bureau.downloads import OPINION_LIMIT, TEXT_LIMIT, copy_parts, document
from icp.loopback_bureau.registry import element_of
from icp.loopback_bureau.store import Connection, Row, bureau_time

Values = Mapping[str, object]
"""Element → value, in the order of the interface; None and ``""`` are left out."""

ADD, CHANGE, REMOVE = 0, 1, 2
CHECKS = ("Zthc", "Jrhc", "Kkwzhc", "Wzch")
"""The four kinds of check results, in their order: sponsor, access, shell site, liveness."""


def add(parent: Any, name: str, values: Values) -> Any:
    """Append an element with a child for each value that is given."""
    node = child(parent, name)
    for key, value in values.items():
        if value is not None and value != "":
            child(node, key, value)
    return node


def _listing(group: str, name: str, entries: Iterable[Values]) -> Any:
    root, icp = document()
    parent = child(icp, group)
    for entry in entries:
        add(parent, name, entry)
    return root


def notices(entries: Iterable[Values]) -> Any:
    """An ``XGTZ`` file; an entry has Tzlb (0 sponsor, 1 website), Baxh, Jlid, Tznr, Bz."""
    return _listing("XGTZ", "Tzxx", entries)


def illegal_access(entries: Iterable[Values]) -> Any:
    """An ``FFJRHMD`` file; an entry has Id, Ym, Ip, Zjjrz, Szs, Dqjcsj, Bz."""
    return _listing("FFJRHMD", "Ffjrxx", entries)


def unfiled(entries: Iterable[Values]) -> Any:
    """A ``WBAWZLB`` file; an entry has Id, Wzym_mc, IP, Dqjcsj, Jccs, Sssh, Scjcsj, Jrs, Yys, Bz."""
    return _listing("WBAWZLB", "Wbawz_xx", entries)


def check_results(found: Mapping[str, Sequence[Values]]) -> Any:
    """An ``HCJG`` file.

    Args:
        found: one of ``CHECKS`` → its findings; without any the file says that all is well.
    """
    root, icp = document()
    result = child(child(icp, "HCJG"), "Jgxx")
    for name in CHECKS:
        for values in found.get(name, ()):
            add(result, name, values)
    return root


# ---- black list


@dataclass(frozen=True)
class ListedSponsor:
    """A sponsor on the black list; without a name and a certificate the entry names nobody."""

    operation: int
    name: str = ""
    document_type: str = ""
    document_number: str = ""
    organisation_type: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ListedWebsite:
    """A website on the black list, with its domains."""

    operation: int
    name: str
    domains: tuple[str, ...]
    remark: str = ""


def black_list(sponsors: Iterable[ListedSponsor] = (), websites: Iterable[ListedWebsite] = ()) -> Any:
    """An ``HMDLB`` file: sponsors first, then websites."""
    root, icp = document()
    group = child(icp, "HMDLB")
    for sponsor in sponsors:
        node = child(group, "Zthmdxxs")
        if sponsor.document_number:
            person = add(node, "Zt_xx", {"Dwmc": sponsor.name, "Dwxz": sponsor.organisation_type})
            add(person, "Zj", {"Zjlx": sponsor.document_type, "Zjhm": sponsor.document_number})
        _operation(node, sponsor.operation, sponsor.remark)
    for website in websites:
        node = child(group, "Wzhmdxxs")
        site = add(node, "Wz_xx", {"Wzmc": website.name})
        for domain in website.domains:
            add(site, "Ym_xx", {"Ym": domain})
        _operation(node, website.operation, website.remark)
    return root


def _operation(node: Any, operation: int, remark: str) -> None:
    child(node, "Czlx", operation)
    if remark:
        child(node, "Bz", remark)


# ---- verification tasks


def task(connection: Connection, sponsor: Row, websites: Iterable[Row], isp_id: int) -> Any:
    """An ``HSRW`` file: one filing that a provider is to verify.

    Args:
        connection: for reading the registry.
        sponsor: its row of the registry.
        websites: rows of the websites in question; each has a live access of this provider.
        isp_id: the provider; of each website only its own access records are named.
    """
    root, icp = document()
    filing = child(child(icp, "HSRW"), "Baxx")
    source = element_of(sponsor["xml"])
    reported = xml.text_of(source, "Bbfs") or "1"
    _task_sponsor(filing, sponsor, source, reported)
    for website in websites:
        _task_website(connection, filing, website, isp_id, reported)
    return root


def _task_sponsor(parent: Any, row: Row, source: Any, reported: str) -> None:
    node = child(parent, "Zt_xx")
    child(node, "Ztid", row["id"])
    copy_parts(node, source, "Dwmc", "Dwxz", "Txdz", "Zj", "Fzr", "Tzr")
    child(node, "Bbyhlx", reported)
    child(node, "Scbbsj", bureau_time(row["reported_at"]))
    child(node, "Zjxgsj", bureau_time(row["changed_at"]))
    copy_parts(node, source, "Bz")


def _task_website(connection: Connection, parent: Any, row: Row, isp_id: int, reported: str) -> None:
    node, source = child(parent, "Wz_xx"), element_of(row["xml"])
    child(node, "Wzid", row["id"])
    copy_parts(node, source, "Wzmc", "Nrlx", "Fwnr", "Yylb")
    for domain in connection.execute(
        "SELECT * FROM domain WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
    ).fetchall():
        add(node, "Ym_xx", {"Ymid": domain["id"], "Ym": domain["name"]})
    for access in connection.execute(
        "SELECT * FROM access WHERE website_id = ? AND isp_id = ? AND cancelled_at IS NULL ORDER BY id",
        (row["id"], isp_id),
    ).fetchall():
        _task_access(connection, node, access, reported)
    copy_parts(node, source, "Wz_Fzr")
    for name, limit in (("Syurl", TEXT_LIMIT), ("Wz_Bz", OPINION_LIMIT)):
        if xml.text_of(source, name):
            child(node, name, xml.text_of(source, name)[:limit])
    child(node, "Scbbsj", bureau_time(row["reported_at"]))
    child(node, "Zjxgsj", bureau_time(row["changed_at"]))


def _task_access(connection: Connection, parent: Any, row: Row, reported: str) -> None:
    node = child(parent, "Jr_xx")
    child(node, "Jrid", row["id"])
    for group, name, codes in (("Wzfb", "Fbdd", row["locations"]), ("Wzjrfs", "Jrfs", row["methods"])):
        places = child(node, group)
        for code in codes.split():
            child(places, name, code)
    for addresses in connection.execute(
        "SELECT * FROM ip_range WHERE access_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
    ).fetchall():
        add(node, "Ip_xx", {"Ipid": addresses["id"], "Qsip": addresses["first"], "Zzip": addresses["last"]})
    child(node, "Bbyhid", row["isp_id"])
    child(node, "Bbyhlx", reported)
