"""What the register says beside what the bureau says: record for record, until nothing differs."""

from __future__ import annotations

import dataclasses
from typing import Any

from lxml import etree
from sqlalchemy import select

from icp.bureau.messages.filing_data import filing
from icp.extensions import db
from icp.loopback_bureau import downloads
from icp.loopback_bureau.core import Bureau
from icp.register.models import Subject, Website
from icp.register.reading import as_record
from icp.register.records import SubjectRecord


def at_bureau(bureau: Bureau) -> dict[str, SubjectRecord]:
    """Every subject on record at the bureau, under its number, as this provider is told it."""
    found = {}
    with bureau.store.read() as connection:
        rows = connection.execute("SELECT id, number FROM sponsor WHERE cancelled_at IS NULL ORDER BY id").fetchall()
        for row in rows:
            top = etree.Element("BASJ")
            downloads.add_filing(top, connection, row["id"], bureau.config.isp_id)
            found[row["number"]] = filing(top[0])
    return found


def served(bureau: Bureau) -> set[str]:
    """Numbers of the subjects on record to whose websites this provider gives access."""
    with bureau.store.read() as connection:
        rows = connection.execute(
            "SELECT DISTINCT s.number FROM sponsor s JOIN website w ON w.sponsor_id = s.id"
            " JOIN access a ON a.website_id = w.id WHERE a.isp_id = ? AND a.cancelled_at IS NULL"
            " AND w.cancelled_at IS NULL AND s.cancelled_at IS NULL",
            (bureau.config.isp_id,),
        )
        return {row["number"] for row in rows}


def in_register() -> dict[str, SubjectRecord]:
    """Every subject on record here, under its number."""
    db.session.rollback()
    subjects = db.session.scalars(select(Subject).where(Subject.cancelled_at.is_(None)).order_by(Subject.id))
    return {subject.number: as_record(subject) for subject in subjects}


def agree(bureau: Bureau) -> dict[str, SubjectRecord]:
    """Fail where register and bureau differ; what is on record here.

    Every subject the provider serves is in the register, and what is in the register is what the bureau has, with
    every id. What was cancelled there is cancelled here.
    """
    there, here = at_bureau(bureau), in_register()
    missing = served(bureau) - set(here)
    assert not missing, f"not in the register: {sorted(missing)}"
    gone = set(here) - set(there)
    assert not gone, f"not on record at the bureau: {sorted(gone)}"
    for number, record in here.items():
        ours, theirs = plain(record), plain(there[number])
        assert ours == theirs, "\n".join([number, *differences(ours, theirs)])
    cancelled_alike(bureau)
    return here


def cancelled_alike(bureau: Bureau) -> None:
    """What is cancelled at the bureau isn't on record here any more, and the reverse."""
    with bureau.store.read() as connection:
        wanted = "SELECT number FROM {} WHERE cancelled_at IS NOT NULL"
        gone = {t: {r["number"] for r in connection.execute(wanted.format(t))} for t in ("sponsor", "website")}
    for table, model in (("sponsor", Subject), ("website", Website)):
        rows = db.session.execute(select(model.number, model.cancelled_at)).all()
        assert {r.number for r in rows if r.cancelled_at is not None} == gone[table] & {r.number for r in rows}


def plain(record: SubjectRecord) -> dict[str, Any]:
    """A record as plain data: its parts in the order of their ids, whatever order they came in."""
    data = dataclasses.asdict(record)
    data["websites"] = {site["number"]: site for site in data["websites"]}
    for site in data["websites"].values():
        site["domains"] = {domain["name"].lower(): domain for domain in site["domains"]}
        site["accesses"] = {access["bureau_id"]: access for access in site["accesses"]}
        for access in site["accesses"].values():
            access["ranges"] = {part["bureau_id"]: part for part in access["ranges"]}
    return data


def differences(here: Any, there: Any, place: str = "") -> list[str]:
    """Where two plain records differ, one line each."""
    if isinstance(here, dict) and isinstance(there, dict):
        names = list(dict.fromkeys([*here, *there]))
        return [d for n in names for d in differences(here.get(n), there.get(n), f"{place}/{n}")]
    return [] if here == there else [f"{place}: here {here!r}, at the bureau {there!r}"]
