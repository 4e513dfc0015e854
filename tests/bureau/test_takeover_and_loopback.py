"""What two providers' gateways build about one filing, and answers to tasks, at the loopback bureau."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from icp.bureau.messages import BUILDERS, TASK_BUILDERS, TaskReport
from icp.bureau.messages.filing_data import filing
from icp.loopback_bureau import issuing, listing
from icp.tasks.answers import MaterialAnswer, MaterialPicture, UnfiledAnswer, VerifyAnswer
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import papers
from tests.bureau.known_filing import NUMBER, PASSWORD, Ids, report
from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import OTHER, on_record, other_provider
from tests.bureau.loopback_filing import ISP, picture

GROUPS = {"new_filing": "XZBA", "new_website": "XZWZ", "new_access": "XZJR", "change": "BGBA"}
WHY = {"cancellation.reason": "1", "cancellation.remark": "网站不再运营"}


class Gateway:
    """Builds, reports, has it approved, and looks at what comes back."""

    def __init__(self, bureau: Any) -> None:
        self.bureau, self.allot = bureau, Ids()
        self.callers = {ISP: Caller(bureau.url), OTHER: other_provider(bureau)}

    def record(self, isp: int = ISP) -> Any:
        return filing(on_record(self.bureau, NUMBER, isp).data)

    def does(self, operation: str, *rows: str, isp: int = ISP, known: bool = True, **more: Any) -> list[Any]:
        record = self.record(isp) if known else None
        said = report(operation, *rows, record=record, isp_id=isp, allot=self.allot, **more)
        built = BUILDERS[GROUPS.get(operation, "ZXBA")](said)
        caller = self.callers[isp]
        assert caller.upload(built.xml).code == 0
        assert [codes(root) for root in caller.take()] == []
        for row in self.bureau.bureau.requests("pending"):
            self.bureau.bureau.approve(row["number"], filing_number=NUMBER if operation == "new_filing" else "")
        roots = caller.take()
        results = [root for root in roots if codes(root)]
        assert [codes(root) for root in results] == [[1001]] * len(built.records)
        for root, expected in zip(results, built.records, strict=True):
            assert root.findtext(".//Bs") == expected.record_key
            assert {node.text for node in root.iter("Jlid")} <= set(expected.ids)
            assert {node.text for node in root.iter("Czlx")} == {expected.operation_type}
        return roots

    def answers(self, group: str, answer: Any) -> list[list[int]]:
        assert self.callers[ISP].upload(TASK_BUILDERS[group](TaskReport(answer, ISP, builtin())).xml).code == 0
        return [codes(root) for root in self.callers[ISP].take()]


@pytest.fixture
def gateway(bureau) -> Gateway:
    gateway = Gateway(bureau)
    gateway.does("new_filing", "w1", "w2", known=False, papers=papers("w1", "w2"))
    with bureau.bureau.store.write() as connection:
        connection.execute("UPDATE sponsor SET password_md5 = ?", (PASSWORD,))
    return gateway


def test_a_takeover_by_another_provider(gateway):
    moved = {"website[w1].access.ip_addresses": ["198.51.100.7"], "website[w2].access.ip_addresses": ["198.51.100.8"]}
    gateway.does("new_access", "w1", "w2", isp=OTHER, known=False, answers=moved, password_md5=PASSWORD)
    serving = [[access.provider_id for access in site.accesses] for site in gateway.record().websites]
    assert serving == [[ISP, OTHER], [ISP, OTHER]]
    gateway.does("cancel_access", "w1", answers=WHY)
    assert [access.provider_id for access in gateway.record().websites[0].accesses] == [OTHER]
    renamed = {"website[w1].name": "青梧书房", "website[w1].access.ip_addresses": ["198.51.100.7"]}
    gateway.does("change", "w1", isp=OTHER, answers=renamed)
    assert gateway.record(OTHER).websites[0].name == "青梧书房"


def test_answers(gateway):
    record = gateway.record()
    verified = VerifyAnswer(True, "郑核验", "2026-11-25", "与备案一致", errors="", filing=record)
    gateway.bureau.bureau.issue(issuing.task, NUMBER)
    gateway.callers[ISP].take()
    assert gateway.answers("HSJG", verified) == []
    assert gateway.answers("HSJG", replace(verified, passed=False)) == [[1016]]
    gateway.bureau.bureau.issue(listing.unfiled, "weibei.example", "203.0.113.24", ISP)
    gateway.callers[ISP].take()
    done = UnfiledAnswer(
        domain="weibei.example", address=3405803800, carrier=ISP, provider=ISP, province="350000", code="1",
        opinion="已停止接入", entered_on="2026-11-20", due_on="2026-11-30",
    )  # fmt: skip
    assert gateway.answers("WBACLJG", done) == []
    sheet = MaterialAnswer((MaterialPicture("2", f"{NUMBER}-1", None, "1", "1", picture()),))
    assert gateway.answers("XZHYD", sheet) == [[1060]]
