"""ZXSJ on the bureau's own initiative: a subject, a website or an access record is cancelled without being asked."""

from __future__ import annotations

from icp.loopback_bureau import downloads
from icp.loopback_bureau.concerning import Unissuable, concerned, is_website, send, sponsor_of, website_of, websites_of
from icp.loopback_bureau.store import Connection, now

KINDS = {"subject": 0, "website": 1, "access": 2}
"""What is cancelled → Zxlb."""


def cancel(connection: Connection, kind: str, number: str) -> list[str]:
    """ZXSJ: cancel a subject, a website or an access record, with all below it, and tell the providers concerned.

    Args:
        connection: inside a write transaction.
        kind: ``subject``, ``website`` or ``access``.
        number: the filing number; for an access its bureau id (Jrid).

    Raises:
        Unissuable: nothing of that kind is on record under the number.
    """
    if kind == "access":
        return _cancel_access(connection, number)
    at = now()
    if kind == "subject":
        if is_website(number):
            raise Unissuable(f"{number} 是网站备案号，不是主体备案号。")
        about = sponsor_of(connection, number)
    else:
        about = website_of(connection, number)
    websites = websites_of(connection, number)
    receivers = concerned(connection, websites, about["isp_id"])
    for website in websites:
        _end_website(connection, website["id"], at)
    if kind == "subject":
        connection.execute("UPDATE sponsor SET cancelled_at = ? WHERE id = ?", (at, about["id"]))
    return send(connection, receivers, downloads.cancelled(KINDS[kind], about["id"]))


def _cancel_access(connection: Connection, number: str) -> list[str]:
    row = connection.execute(
        "SELECT * FROM access WHERE id = ? AND cancelled_at IS NULL",
        (int(number) if number.strip().isdecimal() else 0,),
    ).fetchone()
    if row is None:
        raise Unissuable(f"没有主键为 {number} 的接入。")
    others = connection.execute(
        "SELECT 1 FROM access WHERE website_id = ? AND id <> ? AND cancelled_at IS NULL", (row["website_id"], row["id"])
    ).fetchone()
    if others is None:
        raise Unissuable("这是网站的最后一个接入，请注销网站。")
    _end_access(connection, row["id"], now())
    return send(connection, [row["isp_id"]], downloads.cancelled(KINDS["access"], row["id"]))


def _end_access(connection: Connection, access_id: int, at: float) -> None:
    for table, column in (("ip_range", "access_id"), ("access", "id")):
        sql = f"UPDATE {table} SET cancelled_at = ? WHERE {column} = ? AND cancelled_at IS NULL"  # noqa: S608 - names above
        connection.execute(sql, (at, access_id))


def _end_website(connection: Connection, website_id: int, at: float) -> None:
    for (access_id,) in connection.execute("SELECT id FROM access WHERE website_id = ?", (website_id,)).fetchall():
        _end_access(connection, access_id, at)
    for table, column in (("domain", "website_id"), ("website", "id")):
        sql = f"UPDATE {table} SET cancelled_at = ? WHERE {column} = ? AND cancelled_at IS NULL"  # noqa: S608 - names above
        connection.execute(sql, (at, website_id))
