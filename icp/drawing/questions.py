"""The three questions that find an operation: what was typed, what is said of it, and what goes into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from icp.bureau import finding
from icp.bureau.finding import Found, Typed, kind_of
from icp.filings import judge, operations
from icp.filings.answers import Answers
from icp.filings.finding import Holds
from icp.i18n import tr
from icp.rules import filing_numbers
from icp.rules.correction import Correction, Severity
from icp.vocabulary.text import N_

LONGEST = 200
DOCUMENT_MISSING = N_("请填写证件号码：单位的统一社会信用代码，或个人的身份证号码。")
DOMAIN_MISSING = N_("请填写域名，例如 qingwu.example。")
NUMBER_SHAPE = N_("这不像备案号。主体备案号像 闽ICP备2026000001号，网站备案号在后面多“-1”；没有就空着。")
CARRIED = {
    "document_number": "subject.document_number",
    "domain": "website[w1].domain",
    "filing_number": "subject.filing_number",
    "website_number": "website[w1].filing_number",
    "website_name": "website[w1].name",
}
"""What was typed or found → the answer it becomes; nothing is typed twice."""
BEGINS = "new_filing"


@dataclass
class Asking:
    """The three questions as a page shows them: what was typed, and what is to be said of each."""

    typed: Mapping[str, str] = field(default_factory=dict)
    said: dict[str, list[Correction | str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was typed."""
        return self.typed.get(name, "")[:LONGEST].strip()


def read(asking: Asking) -> Typed | None:
    """What was typed in canonical form; None when something has to be mended first, which is then said."""
    document, domain, number = asking.get("document_number"), asking.get("domain"), asking.get("filing_number")
    holds = Holds(asking.get("holds")) if asking.get("holds") in set(Holds) else Holds.UNKNOWN
    canonical = filing_numbers.canonical(number) if number else ""
    stored = {
        "document_number": _judged(asking, "document_number", document, DOCUMENT_MISSING),
        "domain": _judged(asking, "domain", domain, DOMAIN_MISSING),
    }
    if canonical is None:
        asking.said["filing_number"] = [tr(NUMBER_SHAPE)]
    if canonical is None or "" in stored.values():
        return None
    document = finding.SIGNS_BETWEEN.sub("", stored["document_number"]).upper()
    return Typed(document, stored["domain"], Holds.YES if canonical else holds, canonical)


def _judged(asking: Asking, name: str, typed: str, missing: str) -> str:
    """The canonical form of a good value, '' for one that has to be mended; says what the wizard would say of it."""
    if not typed:
        asking.said[name] = [tr(missing)]
        return ""
    kind = kind_of(finding.SIGNS_BETWEEN.sub("", typed).upper())
    answers = Answers({"subject.document_type": kind} if kind else {})
    checked = judge.judge_field(operations.get(BEGINS), answers, CARRIED[name], typed).checked
    asking.said[name] = [c for c in checked.corrections if c.severity is not Severity.INFO]
    return "" if checked.refused else str(checked.stored)


def carried(asking: Asking, typed: Typed | None, found: Found | None) -> dict[str, str]:
    """What goes along into the draft, by the name of its control."""
    if typed is None or found is None:
        return {name: asking.get(name) for name in CARRIED if asking.get(name)}
    number = typed.number or (found.filed.subject_number if found.filed else "")
    along = {
        "document_number": asking.get("document_number"),
        "domain": asking.get("domain"),
        "filing_number": number,
        "website_number": found.filed.website_number if found.filed else "",
        "website_name": found.filed.website_name if found.filed else "",
    }
    return {name: value for name, value in _numbers_apart(along).items() if value}


def along(form: Mapping[str, str]) -> dict[str, str]:
    """What came along from the questions, by the path of the answer it becomes."""
    said = _numbers_apart({name: form.get(name, "")[:LONGEST].strip() for name in CARRIED})
    return {CARRIED[name]: value for name, value in said.items() if value}


def _numbers_apart(said: dict[str, str]) -> dict[str, str]:
    """A website's number typed as the subject's is both: the subject's part, and the website's where none is known."""
    number = filing_numbers.canonical(said["filing_number"])
    if number is None or not filing_numbers.is_of_website(number):
        return said
    return said | {
        "filing_number": filing_numbers.of_subject(number),
        "website_number": said["website_number"] or number,
    }
