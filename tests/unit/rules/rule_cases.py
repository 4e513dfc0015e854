"""What the tests of the rules share: judge a value, make valid numbers, hold answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from icp.rules import Checked, Context, Severity, Value, check
from icp.vocabulary import builtin

TODAY = dt.date(2026, 11, 24)
ID = "11010519491231002X"
CREDIT = "91350100M000100Y43"
OURS = ((0xCB007100, 0xCB0071FF),)  # 203.0.113.0/24


def context(answers: dict[str, Value] | None = None, *, today: dt.date = TODAY, ranges=()) -> Context:
    given = answers or {}
    return Context(builtin(), "new_filing", today, lambda path: given.get(path, ""), tuple(ranges))


def judge(path: str, value: Value, answers: dict[str, Value] | None = None, *, ranges=()) -> Checked:
    return check(path, value, context(answers, ranges=ranges))


def codes(checked: Checked, *severities: Severity) -> list[str]:
    wanted = severities or (Severity.ERROR, Severity.WARNING)
    return [c.code for c in checked.corrections if c.severity in wanted]


def suggestion(checked: Checked, code: str) -> str | None:
    return next(c.suggestion for c in checked.corrections if c.code == code)


class Held:
    """Answers as the checks of a whole filing see them."""

    def __init__(self, values: dict[str, Value], websites: Iterable[str] = ("w1",)) -> None:
        self.values, self.websites = values, list(websites)

    def get(self, path: str) -> Value:
        return self.values.get(path, "")

    def rows(self, group: str) -> list[str]:
        return self.websites if group == "website" else []

    def lookup_for(self, path: str) -> Callable[[str], Value]:
        row = re.match(r"website\[\w+\]", path)
        kind = re.search(r"\.pre_approvals\[\w+\]", path)

        def look_up(wanted: str) -> Value:
            if kind and row and wanted.startswith("website.pre_approvals."):
                return self.get(row.group() + kind.group() + wanted.removeprefix("website.pre_approvals"))
            if row and wanted.startswith("website."):
                return self.get(row.group() + wanted.removeprefix("website"))
            return self.get(wanted)

        return look_up


def company(**changes: Value) -> dict[str, Value]:
    """A filing of a company that nothing is wrong with; ``changes`` by path with `__` for the dots."""
    values: dict[str, Value] = {
        "subject.region_code": "350102",
        "subject.organisation_type": "4",
        "subject.document_type": "1",
        "subject.document_number": CREDIT,
        "subject.name": "福州青梧文创有限公司",
        "subject.document_address": "福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        "subject.document_valid_from": "2021-03-16",
        "subject.document_valid_to": "long",
        "subject.mailing_address": "示例路18号青梧大厦6层602室",
        "subject.supervisor": "林知夏",
        "subject.principal.name": "林知夏",
        "subject.principal.document_type": "2",
        "subject.principal.document_number": ID,
        "subject.principal.document_valid_from": "2016-05-20",
        "subject.principal.document_valid_to": "2036-05-20",
        "subject.principal.mobile": "13900000101",
        "subject.principal.landline": "0591-87650101",
        "subject.principal.email": "lin@qingwu.example",
        "website[w1].name": "青梧文创手作馆",
        "website[w1].domain": "qingwu-wenchuang.cn",
        "website[w1].home_url": "www.qingwu-wenchuang.cn",
        "website[w1].service_content": ["8"],
        "website[w1].languages": ["1"],
        "website[w1].pre_approvals": ["none"],
        "website[w1].principal.same_as_subject": "yes",
        "website[w1].access.access_method": "3",
        "website[w1].access.server_location": "4",
        "website[w1].access.ip_addresses": ["203.0.113.24"],
    }
    return values | changes
