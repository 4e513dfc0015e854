"""Issuing on the bureau's own initiative: verification tasks, notices, check results, code tables, synchronisation.

The verbs take a connection inside a write transaction and give the names of the files queued.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from icp.loopback_bureau import codes, downloads, notices, own_tables
from icp.loopback_bureau.codes import Change
from icp.loopback_bureau.concerning import (
    Unissuable,
    accessed,
    account_of,
    address,
    concerned,
    everyone,
    is_website,
    providers,
    send,
    sponsor_of,
    website_of,
    websites_of,
)
from icp.loopback_bureau.downloads import clean
from icp.loopback_bureau.store import CHINA, Connection, Row, bureau_time, insert, now
from icp.vocabulary import builtin
from icp.vocabulary.calendar import add_working_days

SPONSOR, WEBSITE = 0, 1
FINDINGS = {"subject": "Zthc", "access": "Jrhc", "shell": "Kkwzhc", "liveness": "Wzch"}
TASK_WORKING_DAYS = 5  # our own: the interface names no day by which a task is to be answered
OVER_REPORTED, UNDER_REPORTED = 1, 2


def due_day(at: float, working_days: int) -> float:
    """The end of the day that lies so many working days after ``at``, in seconds since 1970."""
    day = add_working_days(dt.datetime.fromtimestamp(at, CHINA).date(), working_days, builtin())
    return dt.datetime.combine(day, dt.time(23, 59, 59), CHINA).timestamp()


def task(connection: Connection, number: str) -> list[str]:
    """HSRW: ask every provider with a live access to verify a filing (or the one website of a website's number).

    Raises:
        Unissuable: nothing on record under the number, or nothing of it is accessed.
    """
    sponsor = sponsor_of(connection, number)
    asked = accessed(connection, websites_of(connection, number))
    if not asked:
        raise Unissuable(f"{number} 没有接入信息，无法下发核实任务。")
    names, at = [], now()
    for isp_id, websites in asked.items():
        insert(
            connection,
            "task",
            isp_id=isp_id,
            sponsor_id=sponsor["id"],
            website_id=websites[0]["id"] if is_website(number) else None,
            issued_at=at,
            due_at=due_day(at, TASK_WORKING_DAYS),
        )
        names += send(connection, [isp_id], notices.task(connection, sponsor, websites, isp_id))
    return names


def notice(connection: Connection, number: str, text: str, *, by: str = "both", remark: str = "") -> list[str]:
    """XGTZ: tell providers that the data of a sponsor or website must be corrected.

    Args:
        connection: inside a write transaction.
        number: filing number of a sponsor or, with its suffix, of a website.
        text: what is to be corrected, at most 255 characters.
        by: ``number``, ``id`` or ``both``: how the notice names what it is about.
        remark: a remark.

    Raises:
        Unissuable: nothing on record under the number, or no text.
    """
    if not clean(text):
        raise Unissuable("请填写通知内容。", "text")
    website = website_of(connection, number) if is_website(number) else None
    about = website or sponsor_of(connection, number)
    entry = {
        "Tzlb": SPONSOR if website is None else WEBSITE,
        "Baxh": about["number"] if by != "id" else "",
        "Jlid": about["id"] if by != "number" else "",
        "Tznr": clean(text),
        "Bz": clean(remark),
    }
    receivers = concerned(connection, websites_of(connection, number), about["isp_id"])
    return send(connection, receivers, notices.notices([entry]))


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        kind: ``subject``, ``access``, ``shell`` or ``liveness``.
        number: filing number of the sponsor (``subject``) or of the website (all others).
        under: for ``access``: True an access is missing at the bureau, False one too many is on record.
        dead: for ``shell``: whether the site no longer answers.
        ip: for ``access``: where the domain resolves to, needed with ``under``.
        text: the reason of the error (``subject``) or a remark.
    """

    kind: str
    number: str
    under: bool = False
    dead: bool = True
    ip: str = ""
    text: str = ""


def check_result(connection: Connection, finding: Finding) -> list[str]:
    """HCJG: tell providers what a check found.

    Raises:
        Unissuable: nothing on record under the number, or the address is missing or none.
    """
    if finding.kind == "subject":
        about = sponsor_of(connection, finding.number)
        values = _subject_finding(about, finding)
    else:
        about = website_of(connection, finding.number)
        values = _website_finding(connection, about, finding)
    receivers = concerned(connection, websites_of(connection, finding.number), about["isp_id"])
    return send(connection, receivers, notices.check_results({FINDINGS[finding.kind]: [values]}))


def _subject_finding(row: Row, finding: Finding) -> notices.Values:
    return {
        "Ztid": row["id"],
        "Dwmc": row["name"],
        "Zjlx": row["document_type"],
        "Zjhm": row["document_number"],
        "Cwyy": clean(finding.text, 512),
    }


def _website_finding(connection: Connection, row: Row, finding: Finding) -> notices.Values:
    values: dict[str, object] = {"Wzid": row["id"], "Wz_Baxh": row["number"]}
    if finding.kind == "access":
        domain = connection.execute(
            "SELECT name FROM domain WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
        ).fetchone()
        access = connection.execute(
            "SELECT id, isp_id FROM access WHERE website_id = ? AND cancelled_at IS NULL ORDER BY id", (row["id"],)
        ).fetchone()
        if finding.under and not finding.ip:
            raise Unissuable("漏报须写明解析到的 IP 地址。", "ip")
        values |= {
            "Ym": domain["name"] if domain else "",
            "Jxip": address(finding.ip) if finding.ip else None,
            "Bbisp": access["isp_id"] if access else None,
            "Hcjg": UNDER_REPORTED if finding.under else OVER_REPORTED,
            "Hcsj": bureau_time(now()),
            "Jrid": access["id"] if access and not finding.under else None,
        }
    else:
        url = row["home_url"][: downloads.TEXT_LIMIT]
        shell = finding.kind == "shell"
        values |= {
            "Hcjg": int(finding.dead) if shell else None,
            "Hcsj": bureau_time(now()),
            "Syurl": url if len(url) >= (7 if shell else 4) else "",
        }
    return values | {"Bz": clean(finding.text)}


def again(connection: Connection, file_name: str) -> list[str]:
    """Hand a file out once more, as when a provider says that it couldn't be read.

    Raises:
        Unissuable: no file has this name.
    """
    done = connection.execute("UPDATE download SET acked_at = NULL WHERE file_name = ?", (file_name.strip(),))
    if not done.rowcount:
        raise Unissuable(f"没有名为 {file_name} 的文件。", "file")
    return [file_name.strip()]


# ---- JCDM, SJTB


def code_tables(connection: Connection, only: Sequence[str] = (), changes: Sequence[Change] = ()) -> list[str]:
    """JCDM: send every provider the code tables, all or some, with changed rows. Changes of the tables that are sent
    hold from now on, in what is checked as well.

    Raises:
        Unissuable: no such table, or a region would lie under none.
    """
    try:
        codes.must_be_known([*only, *(change.table for change in changes)])
        own_tables.keep(connection, [change for change in changes if not only or change.table in only])
        own_tables.in_force(connection)
    except ValueError as error:
        raise Unissuable(str(error), "table") from None
    roots = codes.codes(builtin(), providers(connection), only, own_tables.kept(connection))
    return send(connection, everyone(connection), *roots)


def synchronise(connection: Connection, isp_id: int, *, tables: bool = False) -> list[str]:
    """SJTB: send a provider every filing it gives access to, and the code tables with ``tables``.

    Raises:
        Unissuable: no such provider.
    """
    account_of(connection, isp_id)
    roots = codes.synchronise_filings(connection, isp_id)
    if tables:
        kept = own_tables.kept(connection)
        roots += codes.synchronise_codes(builtin(), providers(connection), kept)
    return send(connection, [isp_id], *roots)
