"""ZXSJ on the bureau's own initiative: a subject, a website or an access record is cancelled without being asked."""

from __future__ import annotations

from icp.loopback_bureau import downloads, effects, lookup
from icp.loopback_bureau.concerning import Unissuable, concerned, is_website, send, sponsor_of, website_of, websites_of
from icp.loopback_bureau.store import Connection, now

KINDS = {"subject": lookup.SPONSOR, "website": lookup.WEBSITE, "access": lookup.ACCESS}
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
    if kind == "subject":
        if is_website(number):
            raise Unissuable(f"{number} 是网站备案号，不是主体备案号。")
        about = sponsor_of(connection, number)
    else:
        about = website_of(connection, number)
    receivers = concerned(connection, websites_of(connection, number), about["isp_id"])
    effects.cancel(connection, KINDS[kind], about["id"], now())
    return send(connection, receivers, downloads.cancelled(KINDS[kind], about["id"]))


def _cancel_access(connection: Connection, number: str) -> list[str]:
    row = lookup.access(connection, int(number)) if number.strip().isdecimal() else None
    if row is None or row["cancelled_at"] is not None:
        raise Unissuable(f"没有主键为 {number} 的接入。")
    if len(lookup.accesses_of(connection, row["website_id"])) == 1:
        raise Unissuable("这是网站的最后一个接入，请注销网站。")
    effects.cancel(connection, KINDS["access"], row["id"], now())
    return send(connection, [row["isp_id"]], downloads.cancelled(KINDS["access"], row["id"]))
