"""What happens to a file after it was taken: the checks of the whole file, then of each record.

Driven by rows: a file is done when its row says so, in the same transaction as everything that followed from it. A
process killed half-way has done nothing, and the next one begins with the same file.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

from icp.bureau.codec import RECORD_LIMIT, VERSION, schema, xml
from icp.bureau.codec.xml import XmlError, XmlFault, int_of
from icp.loopback_bureau import checks, downloads, own_tables
from icp.loopback_bureau.checks import Case, Finding, Group, network
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.registry import xml_text
from icp.loopback_bureau.store import Connection, Row, Store, bureau_time, insert, now
from icp.loopback_bureau.texts import code_text

log = logging.getLogger("icp.loopback_bureau")
Work = Callable[[Connection, Config, Row, Row], None]

SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
NEW_ACCESS, BY_SPONSOR = 3, frozenset({4, 5, 6, 7, 35})
"""Operations whose results may name something else than what was uploaded."""

DEFAULT_OPERATION = 1
"""Whole-file results must name an operation though it means nothing there."""


class FileRefused(Exception):
    """A whole file is refused: nothing in it is looked at further."""

    def __init__(self, code: int, text: str, remark: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.remark = remark


def process_next(store: Store, config: Config) -> bool:
    """Process the oldest file that waits.

    Returns:
        Whether there was one.
    """
    with store.read() as connection:
        upload = connection.execute("SELECT * FROM upload WHERE processed_at IS NULL ORDER BY id LIMIT 1").fetchone()
    if upload is None:
        return False
    try:
        _process(store, config, upload, _judge)
    except FileRefused as refused:
        _refuse(store, config, upload, refused)
    except sqlite3.OperationalError:
        raise  # the database is busy or full: the file waits
    except Exception:
        # A file that trips the bureau itself must not stop those behind it.
        log.exception("file %s of %s can't be processed", upload["sequence"], upload["isp_id"])
        _refuse(store, config, upload, FileRefused(5999, upload["file_name"]))
    return True


def _process(store: Store, config: Config, upload: Row, work: Work) -> None:
    """Do the work on a file and mark it done, in one transaction; nothing when another process did so meanwhile."""
    with store.write() as connection:
        account = connection.execute("SELECT * FROM account WHERE isp_id = ?", (upload["isp_id"],)).fetchone()
        done = connection.execute(
            "UPDATE upload SET processed_at = ? WHERE id = ? AND processed_at IS NULL", (now(), upload["id"])
        )
        if done.rowcount:
            work(connection, config, upload, account)


def _judge(connection: Connection, config: Config, upload: Row, account: Row) -> None:
    answers: list[downloads.Result] = []
    for group, record in _records(upload, account):
        answers += _enter(connection, config, upload, account, group, record)
    if answers:
        downloads.queue(connection, account["isp_id"], [downloads.results(answers)])


def _refuse(store: Store, config: Config, upload: Row, refused: FileRefused) -> None:
    def answer(connection: Connection, config: Config, upload: Row, account: Row) -> None:
        result = downloads.Result([(refused.code, refused.text)], DEFAULT_OPERATION, remark=refused.remark)
        downloads.queue(connection, account["isp_id"], [downloads.results([result])])

    _process(store, config, upload, answer)


def _records(upload: Row, account: Row) -> list[tuple[Group, Any]]:
    """The records of a file, after the checks of the whole: version, schema, caller, characters, permission."""
    name = upload["file_name"]
    try:
        root = xml.parse(upload["xml"])
    except XmlError as error:
        code = 5008 if error.fault is XmlFault.ENCODING else 5001
        raise FileRefused(code, name, str(error)) from None
    if root.get("version") != VERSION:
        raise FileRefused(5004, f"{name} 当前版本 {VERSION}")
    strange = [f"{node.tag}/@{key}" for node in root.iter() for key in node.attrib if _strange(node, key)]
    if strange:
        raise FileRefused(5002, name, "；".join(strange[:3]))
    errors = schema.check_upload(root)
    if errors:
        raise FileRefused(5001, name, "；".join(f"{e.path}: {e.message}" for e in errors[:3]))
    icp = root.find("ICP")
    if icp is None:
        raise FileRefused(5011, name, root[0].tag)
    if int_of(icp, "Qqdwid") != account["isp_id"]:
        raise FileRefused(5003, name)
    encoding = xml.encoding_of(upload["xml"])
    if encoding in xml.UTF8_NAMES:
        raise FileRefused(5008, name, f"编码 {encoding}，应为 GBK")
    if any(xml.outside_gbk(node.text or "") for node in icp.iter()):
        raise FileRefused(5008, name)
    schema.write_numbers_plainly("upload", root)
    return _by_group(icp, account, name)


def _strange(node: Any, attribute: str) -> bool:
    """Whether the interface has no such attribute; those that lead to a schema are allowed everywhere."""
    return not attribute.startswith(SCHEMA_INSTANCE) and (attribute != "version" or node.getparent() is not None)


def _by_group(icp: Any, account: Row, name: str) -> list[tuple[Group, Any]]:
    found: list[tuple[Group, Any]] = []
    for section in icp:
        if section.tag == "Qqdwid":
            continue
        group = checks.GROUPS.get(section.tag)
        if group is None:
            raise FileRefused(5011, name, section.tag)
        if account["businesses"] and section.tag not in account["businesses"].split():
            raise FileRefused(5009, name, section.tag)
        found.extend((group, record) for record in section.findall(group.record))
    if not found:
        raise FileRefused(5999, name, "没有任何记录")
    if len(found) > RECORD_LIMIT:
        raise FileRefused(5001, name, f"{len(found)} 条记录，上限 {RECORD_LIMIT}")
    return found


def case_of(config: Config, record: Any, account: Row, connection: Connection, at: float) -> Case:
    """A record as the checks see it, at this bureau."""
    return Case(record, account, own_tables.in_force(connection), connection, at, config.province, config.change_limit)


def _enter(
    connection: Connection, config: Config, upload: Row, account: Row, group: Group, record: Any
) -> list[downloads.Result]:
    """Check one record; it then waits for a decision, is stored, or is answered by everything that is wrong with it.

    Returns:
        its answer, if it has one by now.
    """
    at = now()
    case = case_of(config, record, account, connection, at)
    found = checks.findings(case, group.checks)
    state = "failed" if found else "pending" if group.review else "approved"
    by_policy = state == "pending" and config.decision != "manual"
    request_id = insert(
        connection,
        "request",
        number=secrets.token_hex(),  # until the id is known, which the number is made of
        isp_id=account["isp_id"],
        upload_id=upload["id"],
        group_name=group.name,
        operation=group.operation(case),
        reference=reference(config, group, case),
        record_ids=" ".join(map(str, group.record_ids(case))),
        xml=xml_text(record),
        subject_name=group.title(case),
        domain=group.domain(case),
        state=state,
        received_at=upload["received_at"],
        decide_after=at + config.delay if by_policy else None,
        decided_at=None if state == "pending" else at,
    )
    day = bureau_time(upload["received_at"])[2:10].replace("-", "")
    connection.execute(
        "UPDATE request SET number = ? WHERE id = ?", (f"{account['province'][:2]}{day}{request_id:05d}", request_id)
    )
    if found:
        return _answer(config, case, group, found)
    if group.review:
        for claim in group.claims(case):
            insert(connection, "claim", request_id=request_id, kind=claim.kind, value=claim.value)
        return _answer(config, case, group, [Finding(1062)]) if network.compared(case) else []
    outcome = group.approve(case, "")
    return _answer(config, case, group, [Finding(outcome.code)]) if outcome.code else []


def reference(config: Config, group: Group, case: Case) -> str:
    """``Bs`` of a record's results, by the reading that this bureau has (``Config.reference``)."""
    operation, sponsor = group.operation(case), group.target(case).sponsor
    if config.reference == "sponsor":
        if operation == NEW_ACCESS:
            return str(group.record_ids(case)[0])
        if operation in BY_SPONSOR and sponsor is not None:
            return str(sponsor["id"])
    return group.reference(case)


def _answer(config: Config, case: Case, group: Group, found: list[Finding]) -> list[downloads.Result]:
    codes = [(finding.code, code_text(finding.code, finding.about)) for finding in found]
    return [downloads.Result(codes, group.operation(case), reference(config, group, case))]
