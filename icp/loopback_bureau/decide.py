"""Decisions: by policy when their time has come, or by an officer. Each is one transaction with all that follows."""

from __future__ import annotations

from dataclasses import dataclass

from icp.loopback_bureau import checks, downloads, mailbox, registry, troubles
from icp.loopback_bureau.checks import Case, Group, Outcome
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.processing import code_text
from icp.loopback_bureau.store import Connection, Row, Store, now
from icp.vocabulary import builtin

APPROVE, REJECT, FAIL = "approve", "reject", "fail"
DONE = {APPROVE: "approved", REJECT: "rejected", FAIL: "failed"}
POLICY_OFFICER = "仿真审核员"
REJECTED_BY_POLICY = "材料不符合要求，请核对后重新报送。"


class Undecidable(Exception):
    """A decision can't be taken; the text says why, for the officer."""


@dataclass(frozen=True)
class Decision:
    """What an officer or the policy says about one request.

    Attributes:
        what: ``approve``, ``reject`` or ``fail`` (answered by a processing error, without a review record).
        opinion: the officer's words; needed with ``reject``.
        officer: the officer's name.
        number: filing number for a new sponsor; ``""`` takes the next one.
        code: result code for ``fail``.
    """

    what: str
    opinion: str = ""
    officer: str = POLICY_OFFICER
    number: str = ""
    code: int = 1999


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
        settle(connection, row["id"], Decision(what, opinion))
    return True


def take(store: Store, request_id: int, decision: Decision) -> str:
    """Take a decision in a transaction of its own.

    Returns:
        The filing number given or concerned, ``""`` when none.

    Raises:
        Undecidable: no such request, decided already, an opinion is missing, or the number can't be given.
    """
    with store.write() as connection:
        return settle(connection, request_id, decision)


def settle(connection: Connection, request_id: int, decision: Decision) -> str:
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
    case = Case(registry.element_of(request["xml"]), account, builtin(), connection, now())
    outcome = Outcome()
    if decision.what == APPROVE:
        _check_number(connection, group, case, decision.number)
        outcome = group.approve(case, decision.number)
        mailbox.number_and_password(connection, outcome, group.title(case))
    connection.execute(
        "UPDATE request SET state = ?, opinion = ?, officer = ?, filing_number = ?, decided_at = ? WHERE id = ?",
        (DONE[decision.what], decision.opinion, decision.officer, outcome.filing_number, case.at, request_id),
    )
    connection.execute("DELETE FROM claim WHERE request_id = ?", (request_id,))
    _announce(connection, request, decision, outcome, case.at)
    return outcome.filing_number


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
    answers = [downloads.Result([(code, code_text(code, decision.opinion))], operation, reference)]
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
        if outcome.cancelled is not None:
            files.append(downloads.cancelled(*outcome.cancelled))
    downloads.queue(connection, request["isp_id"], files)
