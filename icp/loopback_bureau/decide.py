"""Decisions: by policy when their time has come, or by an officer. Each is one transaction with all that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icp.loopback_bureau import checks, concerning, downloads, lookup, mailbox, registry, troubles
from icp.loopback_bureau.checks import Case, Finding, Group, Outcome
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.processing import case_of
from icp.loopback_bureau.store import Connection, Row, Store, now
from icp.loopback_bureau.texts import code_text
from icp.vocabulary import builtin

APPROVE, REJECT, FAIL = "approve", "reject", "fail"
DONE = {APPROVE: "approved", REJECT: "rejected", FAIL: "failed"}
POLICY_OFFICER = "仿真审核员"
REJECTED_BY_POLICY = "材料不符合要求，请核对后重新报送。"


class Undecidable(Exception):
    """A decision can't be taken; the text says why, for the officer."""


class Overtaken(Undecidable):
    """What is on record has changed since the request was checked; ``found`` is what a check finds now."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("；".join(code_text(code, about) for code, about in found))
        self.found = tuple(found)


@dataclass(frozen=True)
class Decision:
    """What an officer or the policy says about one request.

    Attributes:
        what: ``approve``, ``reject`` or ``fail`` (answered by a processing error, without a review record).
        opinion: the officer's words; needed with ``reject``.
        officer: the officer's name.
        number: filing number for a new sponsor; ``""`` takes the next one.
        code: result code for ``fail``.
        found: what is wrong with the request, in the place of ``code``.
    """

    what: str
    opinion: str = ""
    officer: str = POLICY_OFFICER
    number: str = ""
    code: int = 1999
    found: tuple[Finding, ...] = ()


def due(store: Store, config: Config) -> bool:
    """Take the oldest decision that the policy owes.

    Returns:
        Whether there was one.
    """
    if config.decision == "manual":
        return False
    with store.write() as connection:
        row = connection.execute(
            "SELECT id FROM request WHERE state = 'pending' AND decide_after <= ? ORDER BY id LIMIT 1", (now(),)
        ).fetchone()
        if row is None:
            return False
        what = APPROVE if config.decision == "approve" else REJECT
        opinion = config.opinion or (REJECTED_BY_POLICY if what == REJECT else "")
        try:
            settle(connection, config, row["id"], Decision(what, opinion))
        except Overtaken as overtaken:
            settle(connection, config, row["id"], Decision(FAIL, found=overtaken.found))
    return True


def take(store: Store, config: Config, request_id: int, decision: Decision) -> str:
    """Take a decision in a transaction of its own.

    Returns:
        The filing number given or concerned, ``""`` when none.

    Raises:
        Undecidable: no such request, decided already, an opinion is missing, the number can't be given, or what is on
            record has changed so that the request can't be approved any more.
    """
    with store.write() as connection:
        return settle(connection, config, request_id, decision)


def settle(connection: Connection, config: Config, request_id: int, decision: Decision) -> str:
    """As ``take``, inside the caller's write transaction."""
    request = connection.execute("SELECT * FROM request WHERE id = ?", (request_id,)).fetchone()
    if request is None:
        raise Undecidable("没有这件收文。")
    if request["state"] != "pending":
        raise Undecidable(f"收文 {request['number']} 已经办结。")
    if decision.what == REJECT and not decision.opinion.strip():
        raise Undecidable("退回须写明意见。")
    if decision.what == FAIL and not builtin().has("bureau_codes", str(decision.code)):
        raise Undecidable(f"没有代码 {decision.code}。")
    group = checks.GROUPS[request["group_name"]]
    account = connection.execute("SELECT * FROM account WHERE isp_id = ?", (request["isp_id"],)).fetchone()
    case = case_of(config, registry.element_of(request["xml"]), account, connection, now())
    outcome = Outcome()
    connection.execute("DELETE FROM claim WHERE request_id = ?", (request_id,))
    _keep_baseline(connection, group, case, request_id)
    if decision.what == APPROVE:
        found = checks.findings(case, group.checks)
        if found:
            raise Overtaken(found)
        _check_number(connection, group, case, decision.number)
        outcome = group.approve(case, decision.number)
        mailbox.number_and_password(connection, outcome, group.title(case))
    connection.execute(
        "UPDATE request SET state = ?, opinion = ?, officer = ?, filing_number = ?, decided_at = ? WHERE id = ?",
        (DONE[decision.what], decision.opinion, decision.officer, outcome.filing_number, case.at, request_id),
    )
    _announce(connection, request, decision, outcome, case.at)
    return outcome.filing_number


def baseline(group: Group, case: Case) -> Any:
    """The filing that a request concerns as it is on record, a ``Baxx`` of BASJ; None when it concerns none."""
    sponsor = group.target(case).sponsor
    if sponsor is None:
        return None
    _, icp = downloads.document()
    downloads.add_filing(icp, case.connection, sponsor["id"], case.isp_id)
    return icp[0]


def _keep_baseline(connection: Connection, group: Group, case: Case, request_id: int) -> None:
    found = baseline(group, case)
    if found is not None:
        connection.execute(
            "INSERT OR REPLACE INTO baseline (request_id, xml) VALUES (?, ?)", (request_id, registry.xml_text(found))
        )


def _check_number(connection: Connection, group: Group, case: Case, number: str) -> None:
    if not number:
        return
    if not registry.NUMBER.fullmatch(number) or not number.startswith(registry.prefix_of(group.province(case))):
        raise Undecidable(
            f"{number} 不是该省的主体备案号，例：{registry.prefix_of(group.province(case))}ICP备2026000001号。"
        )
    if connection.execute("SELECT 1 FROM sponsor WHERE number = ?", (number,)).fetchone() is not None:
        raise Undecidable(f"{number} 已经使用，请换一个。")


def _announce(connection: Connection, request: Row, decision: Decision, outcome: Outcome, at: float) -> None:
    """Queue the result file and, after an approval, the data file."""
    operation, reference = request["operation"], request["reference"]
    verdict = downloads.APPROVED if decision.what == APPROVE else downloads.REJECTED
    code = {APPROVE: 1001, REJECT: 1002}.get(decision.what, decision.code)
    found = decision.found or (Finding(code, decision.opinion),)
    answers = [downloads.Result([(item.code, code_text(*item)) for item in found], operation, reference)]
    reviews = [
        downloads.Review(verdict, operation, int(record_id), at, decision.opinion, decision.officer)
        for record_id in request["record_ids"].split()
    ]
    if decision.what == FAIL:
        reviews = []
    elif troubles.spend(connection, "gjsh_without_jg"):
        answers = []
    elif troubles.spend(connection, "jg_without_gjsh"):
        reviews = []
    files = [downloads.results(answers, reviews)]
    if not troubles.spend(connection, "results_without_data"):
        if outcome.sponsor_id is not None:
            files += downloads.filing(connection, outcome.sponsor_id, request["isp_id"])
        if outcome.cancelled is not None and _told_by_data(connection, outcome.cancelled[0]):
            files.append(downloads.cancelled(*outcome.cancelled))
    downloads.queue(connection, request["isp_id"], files)
    if outcome.cancelled is not None:
        for isp_id in set(outcome.told) & set(concerning.everyone(connection)):
            downloads.queue(connection, isp_id, [downloads.cancelled(*outcome.cancelled)])


def _told_by_data(connection: Connection, kind: int) -> bool:
    """Whether a cancellation is followed by ``ZXSJ``: that of an access, which the schema has no kind for, is told by
    its result and review alone unless that trouble is on."""
    return kind != lookup.ACCESS or troubles.spend(connection, "access_zxsj")
