"""The life of a filing in the gateway's own messages at the loopback bureau, which shares none of their code: each is
taken without a complaint, and each answer fits its record."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from icp.bureau.messages import BUILDERS, TASK_BUILDERS, TaskReport, results
from icp.register.records import SubjectRecord
from icp.tasks.answers import MaterialAnswer, MaterialPicture
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import jpeg
from tests.bureau.gateway_filing import papers as all_papers
from tests.bureau.known_filing import ISP, Ids, report
from tests.bureau.loopback_caller import Caller
from tests.bureau.loopback_filing import picture

WHY = {"cancellation.reason": "1", "cancellation.remark": ""}


class Life:
    """Sends messages about one subject and keeps what comes on record."""

    def __init__(self, caller: Caller, folder) -> None:
        self.caller, self.folder, self.ids = caller, folder, Ids()
        self.record: SubjectRecord | None = None

    def send(self, group, built) -> results.Results:
        """Upload a message, and check that what comes back answers its records; what the bureau tells last."""
        assert self.caller.upload(built.xml).code == 0
        found = [results.read(root) for root in self.caller.take()]
        said = [one for part in found for one in part.processing]
        assert [line for one in said for line in one.complaints] == []
        keys = {(record.operation_type, record.record_key) for record in built.records}
        assert {(one.operation, one.key) for one in said} == keys, group
        ids = {(record.operation_type, name) for record in built.records for name in record.ids}
        assert {(one.operation, one.record_id) for part in found for one in part.reviews} == ids, group
        filings = [record for part in found for record in part.filings]
        self.record = filings[-1] if filings else self.record
        return results.Results(processing=tuple(said), filings=tuple(filings))

    def do(self, operation, group, *rows, numbers=(), **more) -> results.Results:
        """Build and send a filing's message; ``numbers`` are of the rows' websites on record."""
        said = {f"website[{row}].filing_number": number for row, number in zip(rows, numbers, strict=False)}
        said |= {"subject.filing_number": self.record.number if self.record else ""} | more.pop("answers", {})
        values = {"record": self.record, "allot": self.ids, "papers": {}} | more
        found = self.send(group, BUILDERS[group](report(operation, *rows, answers=said, **values)))
        assert [one.approved for one in found.processing] == [True] * len(found.processing)
        return found

    def password(self) -> str:
        """MD5 of the password in the newest letter that has one."""
        texts = [
            message_from_bytes(path.read_bytes(), policy=policy.default).get_body().get_content()
            for path in sorted((self.folder / "instance" / "mail").glob("*.eml"))
        ]
        (*_, found) = re.findall(r"备案密码：(\S+)", "\n".join(texts))
        return hashlib.md5(found.encode("gbk"), usedforsecurity=False).hexdigest()


@pytest.fixture
def life(serve, tmp_path):
    return Life(Caller(serve(decision="approve").url), tmp_path)


def sites(life) -> list[str]:
    return [site.number for site in life.record.websites]


def test_a_filing_from_its_first_day_to_its_last(life):
    none = {"website[w1].filing_number": "", "website[w2].filing_number": ""}
    life.do("new_filing", "XZBA", "w1", "w2", answers=none, papers=all_papers("w1", "w2"))
    first, second = sites(life)
    assert all(site.bureau_id and site.accesses[0].bureau_id for site in life.record.websites)
    password = life.password()

    scans = {f"website[w3].{slot}": data for slot, data in _site_papers()}
    ranges = {"website[w3].access.ip_addresses": ["203.0.113.60"]}
    life.do("new_website", "XZWZ", "w3", password_md5=password, papers=scans, answers=ranges)
    third = sites(life)[-1]
    assert third not in (first, second)

    more = {"website[w1].access.ip_addresses": ["203.0.113.70-203.0.113.72"]}
    scans = {f"website[w1].{slot}": data for slot, data in _site_papers()}
    life.do("new_access", "XZJR", "w1", numbers=[first], answers=more, password_md5=password, papers=scans)
    assert [len(site.accesses) for site in life.record.websites if site.number == first] == [2]

    said = {"subject.mailing_address": "示例路19号", "website[w1].name": "青梧工坊"}
    numbers = [first, second]
    life.do("change", "BGBA", "w1", "w2", numbers=numbers, answers=said, password_md5=password)
    assert life.record.mailing_address == "示例路19号"
    assert {site.name for site in life.record.websites if site.number == first} == {"青梧工坊"}
    kept = [site for site in life.record.websites if site.number == first]
    assert [len(site.accesses) for site in kept] == [2]

    owner = next(site for site in life.record.websites if site.number == first)
    form = MaterialPicture("2", first, owner.bureau_id, "1", "1", picture())
    material = MaterialAnswer((form, MaterialPicture("1", life.record.number, None, "3", "1", picture())))
    found = life.send("XZHYD", TASK_BUILDERS["XZHYD"](TaskReport(material, ISP, builtin())))
    assert {line.code for one in found.processing for line in one.lines} == {1060}

    second_access = replace(owner, accesses=owner.accesses[1:])
    one = replace(life.record, websites=(second_access,))
    life.do("cancel_access", "ZXBA", "w1", numbers=[first], answers=WHY, record=one)
    life.do("cancel_website", "ZXBA", "w1", numbers=[third], answers=WHY, password_md5=password)
    life.do("cancel_subject", "ZXBA", "w1", numbers=[first], answers=WHY, password_md5=password)


def _site_papers():
    return [
        ("papers.verification_form", jpeg("yellow")),
        ("principal.papers.identity_front", jpeg("green")),
        ("principal.papers.photo", jpeg("black", (800, 600))),
    ]
