"""What the bureau's black lists say of a filing, before it is submitted and again before it is reported: a report would
come back with 1064 or 1065."""

from __future__ import annotations

from collections.abc import Sequence

from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.filings.states import WORKER, Action, move
from icp.register import blacklist
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import N_, Message

REASON = "R095"
STOPPED = ("record", "add_website", "add_access", "replace")
"""Effects on the register that the lists stop."""
DOMAIN = N_("域名 {domain} 在管局的黑名单里，现在报送会被退回（代码 1064）。")
SUBJECT = N_("这个证件号码的主体在管局的黑名单里，现在报送会被退回（代码 1065）。")
REMEDY = N_("名单由管局管理，我们改不了：请联系省通信管理局核实，移出名单后再提交。")


def corrections(operation: Operation, answers: Answers) -> list[Correction]:
    """Errors at the domains and the subject's document that are on the lists; none for what only ends.

    Args:
        operation: of the filing.
        answers: as typed.
    """
    if operation.register_effect not in STOPPED:
        return []
    found = []
    number = answers.text("subject.document_number")
    if number and blacklist.listed_subject(answers.text("subject.document_type"), number):
        found.append(_error("subject.document_number", SUBJECT))
    typed = {f"website[{row}].domain": answers.text(f"website[{row}].domain") for row in answers.rows("website")}
    listed = blacklist.listed_domains(typed.values())
    found += [_error(path, Message(DOMAIN, domain=name)) for path, name in typed.items() if name in listed]
    return found


def hold(filing: Filing, corrections: Sequence[Correction]) -> None:
    """What was accepted has come on a black list since: kept from being reported in vain, until a supervisor decides.

    Args:
        filing: locked, ready.
        corrections: what is on which list, as ``corrections`` gives them.
    """
    move(filing, Action.HOLD, WORKER, note=" ".join(str(correction.message) for correction in corrections))


def _error(path: str, text: str) -> Correction:
    return Correction(path, REASON, Severity.ERROR, text, REMEDY, source=Source.WHOLE)
