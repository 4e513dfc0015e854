"""What the bureau answers: builders of BAJG, BASJ and ZXSJ files, and the queue in which all its files wait."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec import VERSION, schema, xml
from icp.bureau.codec.xml import child
from icp.loopback_bureau import troubles
from icp.loopback_bureau.registry import element_of
from icp.loopback_bureau.store import Connection, Row, bureau_time, insert, now

TEXT_LIMIT = 255
OPINION_LIMIT = 1024
DOCUMENT_NUMBER_LIMIT = 128  # 255 upwards; what comes back is shorter
APPROVED, REJECTED = 1, 0

LETTERS = (
    "11:bj 12:tj 13:he 14:sx 15:nm 21:ln 22:jl 23:hl 31:sh 32:js 33:zj 34:ah 35:fj 36:jx 37:sd 41:ha 42:hb 43:hn 44:gd"
    " 45:gx 46:hi 50:cq 51:sc 52:gz 53:yn 54:xz 61:sn 62:gs 63:qh 64:nx 65:xj"
)
ABBREVIATIONS = dict(pair.split(":") for pair in LETTERS.split())
"""Province → the letters its bureau puts into file names."""


@dataclass(frozen=True)
class Result:
    """A ``Jg_xx``: codes with their texts, for the operation and identifier of a request."""

    codes: Sequence[tuple[int, str]]
    operation: int
    reference: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Review:
    """A ``Gjsh``: an officer's decision about one record."""

    verdict: int
    operation: int
    record_id: int
    at: float
    opinion: str = ""
    officer: str = ""


class Unsendable(Exception):
    """A file breaks the interface's own schema; it is not queued."""


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """A text that GBK can write, in at most ``limit`` characters; other characters become ?."""
    return text.encode("gbk", "replace").decode("gbk").strip()[:limit]


def document(module: str = "ICP") -> tuple[Any, Any]:
    """A new file: its root, and the element of the module (``ICP``, ``JCDM`` or ``SJTB``)."""
    root = xml.root("DownloadData", VERSION)
    return root, child(root, module)


def results(answers: Iterable[Result], reviews: Iterable[Review] = ()) -> Any:
    """A ``BAJG`` file: results first, then reviews."""
    root, icp = document()
    group = child(icp, "BAJG")
    for answer in answers:
        node = child(group, "Jg_xx")
        for code, text in answer.codes:
            item = child(node, "Jgxx")
            child(item, "Jgdm", code)
            if clean(text):
                child(item, "Dmms", clean(text))
        child(node, "Czlx", answer.operation)
        for name, value in (("Bs", answer.reference), ("Bz", clean(answer.remark))):
            if value:
                child(node, name, value)
    listed = list(reviews)
    if listed:
        records = child(group, "GJSHS")
        for review in listed:
            _review(records, review)
    return root


def _review(parent: Any, review: Review) -> None:
    node = child(parent, "Gjsh")
    if review.officer:
        child(node, "Shrxm", clean(review.officer, 128))
    child(node, "Shsj", bureau_time(review.at))
    if clean(review.opinion):
        child(node, "Shyj", clean(review.opinion, OPINION_LIMIT))
    child(node, "Shjg", review.verdict)
    child(node, "Czlx", review.operation)
    child(node, "Jlid", review.record_id)


def cancelled(kind: int, bureau_id: int) -> Any:
    """A ``ZXSJ`` file: kind 0 sponsor, 1 website, 2 access."""
    root, icp = document()
    node = child(child(icp, "ZXSJ"), "Zxxx")
    child(node, "Zxlb", kind)
    child(node, "Jlid", bureau_id)
    return root


# ---- BASJ


LIVE = (
    "sponsor_id = ? AND cancelled_at IS NULL"
    " AND EXISTS (SELECT 1 FROM access a WHERE a.website_id = website.id AND a.cancelled_at IS NULL)"
    " AND EXISTS (SELECT 1 FROM domain d WHERE d.website_id = website.id AND d.cancelled_at IS NULL)"
)
"""Websites that the interface can name: they have a domain and an access."""


def filing(connection: Connection, sponsor_id: int, isp_id: int) -> list[Any]:
    """A ``BASJ`` file with everything on record of one sponsor, all bureau ids and numbers.

    Args:
        connection: for reading the registry.
        sponsor_id: the bureau's id of the sponsor.
        isp_id: who will read it: enterprise ids appear only on what this provider reported.

    Returns:
        The file; nothing for a sponsor without a website, which the interface has no words for.
    """
    if connection.execute(f"SELECT 1 FROM website WHERE {LIVE}", (sponsor_id,)).fetchone() is None:  # noqa: S608 - our own words
        return []
    root, icp = document()
    add_filing(child(icp, "BASJ"), connection, sponsor_id, isp_id)
    return [root]


def add_filing(parent: Any, connection: Connection, sponsor_id: int, isp_id: int) -> None:
    """Append the ``Baxx`` of a sponsor, as ``filing`` describes it."""
    filing_node = child(parent, "Baxx")
    sponsor = connection.execute("SELECT * FROM sponsor WHERE id = ?", (sponsor_id,)).fetchone()
    _sponsor(filing_node, sponsor, isp_id)
    sql = f"SELECT * FROM website WHERE {LIVE} ORDER BY suffix"  # noqa: S608 - our own words
    for website in connection.execute(sql, (sponsor_id,)).fetchall():
        _website(connection, filing_node, website, isp_id)


def _own_id(node: Any, name: str, row: Row, column: str, isp_id: int) -> None:
    if row["isp_id"] == isp_id and row[column]:
        child(node, name, row[column])


def copy_parts(node: Any, source: Any, *names: str) -> None:
    """Append copies of the children of ``source`` that have these names, in the order of the names."""
    for name in names:
        for element in source.findall(name):
            node.append(copy.deepcopy(element))


def _sponsor(parent: Any, row: Row, isp_id: int) -> None:
    node, source = child(parent, "Zt_xx"), element_of(row["xml"])
    _own_id(node, "IspZtid", row, "isp_ztid", isp_id)
    child(node, "Ztid", row["id"])
    copy_parts(node, source, "Dwmc", "Dwxz", "Txdz", "Zj", "Fzr")
    document_number = node.find("Zj/Zjhm")
    document_number.text = (document_number.text or "").strip()[:DOCUMENT_NUMBER_LIMIT]
    child(node, "Baxh", row["number"])
    child(node, "Bbyhlx", xml.text_of(source, "Bbfs") or "1")
    copy_parts(node, source, "Tzr")
    child(node, "Scbbsj", bureau_time(row["reported_at"]))
    child(node, "Zjxgsj", bureau_time(row["changed_at"]))
    child(node, "Shsj", bureau_time(row["changed_at"]))
    copy_parts(node, source, "Bz")


def _website(connection: Connection, parent: Any, row: Row, isp_id: int) -> None:
    node, source = child(parent, "Wz_xx"), element_of(row["xml"])
    _own_id(node, "IspWzid", row, "isp_wzid", isp_id)
    child(node, "Wzid", row["id"])
    copy_parts(node, source, "Wzmc", "Nrlx", "Fwnr", "Yylb")
    domains = connection.execute(
        "SELECT * FROM domain WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
    )
    for domain in domains.fetchall():
        item = child(node, "Ym_xx")
        _own_id(item, "IspYmid", domain, "isp_ymid", isp_id)
        child(item, "Ymid", domain["id"])
        child(item, "Ym", domain["name"])
    accesses = connection.execute(
        "SELECT * FROM access WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
    )
    for access in accesses.fetchall():
        _access(connection, node, access, isp_id)
    copy_parts(node, source, "Wz_Fzr")
    if xml.text_of(source, "Syurl"):
        child(node, "Syurl", xml.text_of(source, "Syurl")[:TEXT_LIMIT])
    if xml.text_of(source, "Wz_Bz"):
        child(node, "Wz_Bz", xml.text_of(source, "Wz_Bz")[:OPINION_LIMIT])
    child(node, "Scbbsj", bureau_time(row["reported_at"]))
    child(node, "Zjxgsj", bureau_time(row["changed_at"]))
    child(node, "Baxh", row["number"])


def _access(connection: Connection, parent: Any, row: Row, isp_id: int) -> None:
    node = child(parent, "Jr_xx")
    _own_id(node, "IspJrid", row, "isp_jrid", isp_id)
    child(node, "Jrid", row["id"])
    child(node, "Ispid", row["isp_id"])
    places = child(node, "Wzfb")
    for code in row["locations"].split():
        child(places, "Fbdd", code)
    methods = child(node, "Wzjrfs")
    for code in row["methods"].split():
        child(methods, "Jrfs", code)
    ranges = connection.execute(
        "SELECT * FROM ip_range WHERE access_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
    )
    for addresses in ranges.fetchall():
        item = child(node, "Ip_xx")
        if row["isp_id"] == isp_id and addresses["isp_ipid"]:
            child(item, "IspIpid", addresses["isp_ipid"])
        child(item, "Ipid", addresses["id"])
        child(item, "Qsip", addresses["first"])
        child(item, "Zzip", addresses["last"])


# ---- the queue


def queue(connection: Connection, isp_id: int, roots: Iterable[Any]) -> list[str]:
    """Put files into a provider's queue, in order (or not, when that trouble is on). Inside a write transaction.

    Returns:
        The names under which they will be handed out.

    Raises:
        Unsendable: a file breaks the schema.
    """
    files = list(roots)
    for root in files:
        errors = schema.check_download(root)
        if errors:
            raise Unsendable("; ".join(f"{e.path}: {e.message}" for e in errors[:3]))
    if len(files) > 1 and troubles.spend(connection, "reverse_order"):
        files.reverse()
    if files and troubles.spend(connection, "duplicate_file"):
        files = [file for file in files for _ in range(2)]
    late = len(files) > 1 and troubles.spend(connection, "data_late")
    names = []
    province = connection.execute("SELECT province FROM account WHERE isp_id = ?", (isp_id,)).fetchone()["province"]
    for root in files:
        at = now()
        number = insert(connection, "download", isp_id=isp_id, file_name="", xml=xml.serialise(root), created_at=at)
        stamp = bureau_time(at).translate(str.maketrans("", "", "- :"))
        name = f"{stamp}_{ABBREVIATIONS.get(province[:2], 'cn')}_{number}.xml"
        connection.execute("UPDATE download SET file_name = ? WHERE id = ?", (name, number))
        if late and root.find("ICP/BAJG") is None:
            insert(connection, "held", download_id=number)
        names.append(name)
    return names
