"""Finding what a record names: sponsors, websites and access records by bureau id or number, cancelled ones as well."""

from __future__ import annotations

from icp.loopback_bureau.registry import SUFFIX
from icp.loopback_bureau.store import Connection, Row

SPONSOR, WEBSITE, ACCESS = 0, 1, 2
"""Kinds of cancellation (Zxlb), and of what they concern."""


def sponsor(connection: Connection, *, bureau_id: int | None = None, number: str = "") -> Row | None:
    """A sponsor by its id (Ztid) or filing number, whether cancelled or not."""
    row: Row | None = connection.execute(
        "SELECT * FROM sponsor WHERE id = ? OR number = ?", (bureau_id, number.strip())
    ).fetchone()
    return row


def websites(connection: Connection, *, bureau_id: int | None = None, number: str = "") -> list[Row]:
    """The websites that an id (Wzid) or a number names, whether cancelled or not.

    A number without its suffix is the sponsor's and names all its websites on record.
    """
    if bureau_id is not None:
        return list(connection.execute("SELECT * FROM website WHERE id = ?", (bureau_id,)))
    if SUFFIX.search(number.strip()):
        return list(connection.execute("SELECT * FROM website WHERE number = ?", (number.strip(),)))
    return list(
        connection.execute(
            "SELECT w.* FROM website w JOIN sponsor s ON s.id = w.sponsor_id"
            " WHERE s.number = ? AND w.cancelled_at IS NULL ORDER BY w.suffix",
            (number.strip(),),
        )
    )


def websites_of(connection: Connection, sponsor_id: int) -> list[Row]:
    """A sponsor's websites on record, by their suffix."""
    return list(
        connection.execute(
            "SELECT * FROM website WHERE sponsor_id = ? AND cancelled_at IS NULL ORDER BY suffix", (sponsor_id,)
        )
    )


def access(connection: Connection, bureau_id: int | None) -> Row | None:
    """An access record by its id (Jrid), with ``sponsor_id``, whether cancelled or not."""
    row: Row | None = connection.execute(
        "SELECT a.*, w.sponsor_id FROM access a JOIN website w ON w.id = a.website_id WHERE a.id = ?", (bureau_id,)
    ).fetchone()
    return row


def accesses_of(connection: Connection, website_id: int, isp_id: int | None = None) -> list[Row]:
    """A website's access records in force, of one provider or of all."""
    return list(
        connection.execute(
            "SELECT * FROM access WHERE website_id = ? AND cancelled_at IS NULL AND ifnull(?, isp_id) = isp_id"
            " ORDER BY id",
            (website_id, isp_id),
        )
    )


def ranges_of(connection: Connection, access_id: int) -> list[Row]:
    """The address ranges of an access record in force."""
    return list(
        connection.execute(
            "SELECT * FROM ip_range WHERE access_id = ? AND cancelled_at IS NULL ORDER BY id", (access_id,)
        )
    )


def domains_of(connection: Connection, website_id: int) -> list[Row]:
    """A website's domains on record."""
    return list(
        connection.execute(
            "SELECT * FROM domain WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (website_id,)
        )
    )


def serves(connection: Connection, isp_id: int, sponsor_id: int) -> bool:
    """Whether a provider gives access to a website of the sponsor."""
    return isp_id in providers(connection, sponsor_id)


def providers(connection: Connection, sponsor_id: int, website_id: int | None = None) -> list[int]:
    """The providers that give access to a sponsor's websites, or to one of them."""
    rows = connection.execute(
        "SELECT DISTINCT a.isp_id FROM access a JOIN website w ON w.id = a.website_id"
        " WHERE w.sponsor_id = ? AND ifnull(?, w.id) = w.id AND a.cancelled_at IS NULL AND w.cancelled_at IS NULL"
        " ORDER BY a.isp_id",
        (sponsor_id, website_id),
    )
    return [row["isp_id"] for row in rows]
