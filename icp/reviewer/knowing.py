"""What is known of a filing besides its answers: its password, other filings of the subject, what is to go."""

from __future__ import annotations

from dataclasses import dataclass

from icp.filings import outcome, passwords, preflight, wording
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.register.reading import other_access_known, ours
from icp.rules.correction import Correction
from icp.rules.domains import unicode
from icp.vocabulary.text import N_

PASSWORD = "filing_password"  # noqa: S105 # the path of its marks
PASSWORD_LABEL = N_("备案密码")
VERDICTS = {
    passwords.RIGHT: ("good", N_("管局核对过，正确")),
    passwords.UNCHECKED: ("ask", N_("还没有核对过，报送时由管局核对")),
    passwords.WRONG: ("mend", N_("不对，要主办者重新填写")),
    "": ("mend", N_("没有填写")),
    "erased": ("note", N_("办结后已删除")),
}
"""What is said of the password; the password itself nobody sees."""
QUEUES = ("R089", "R096")
"""Corrections about another filing of the subject."""
ELSEWHERE = {
    "yes": N_("别处还有接入"),
    "no": N_("别处没有接入：会成为空壳"),
    "unknown": N_("不知道别处有没有接入"),
}


def password(filing: Filing, operation: Operation) -> tuple[str, str] | None:
    """Kind and words on the password; None where the operation asks for none in this province."""
    if not passwords.needed(filing.province, operation):
        return None
    if filing.state not in preflight.UNDER_WAY:
        return VERDICTS["erased"]
    row = passwords.standing(filing.id)
    return VERDICTS[row.verdict if row is not None else ""]


def findings(filing: Filing, operation: Operation, answers: Answers) -> list[Correction]:
    """What was said before submission and holds still; of others, only those that came before this one."""
    if filing.state not in preflight.UNDER_WAY:
        return []
    other = preflight.predecessor(filing)
    later = other is not None and other.after_id == filing.id
    return [c for c in preflight.check(filing, operation, answers) if not (later and c.code in QUEUES)]


@dataclass(frozen=True)
class Going:
    """A website that a cancellation takes off the record, or takes access from."""

    name: str
    number: str
    domains: tuple[str, ...]
    ours: bool
    elsewhere: str


def going(filing: Filing, answers: Answers) -> list[Going] | None:
    """What a cancellation ends; None for operations that end nothing."""
    if not wording.of(filing).goes:
        return None
    return [
        Going(
            website.details.get("name", ""),
            website.number,
            tuple(unicode(domain.name) for domain in website.domains),
            ours(website),
            ELSEWHERE[other_access_known(website)],
        )
        for website in outcome.going(filing, answers)
    ]
