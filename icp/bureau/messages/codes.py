"""What a result code of the bureau means for a filing: where it belongs, what to say, how to mend it.

The wording is ours; the bureau's own text, when it sent one, stands unchanged beside it. Codes are acted on by their
number (interface, list of return codes). ``website.*`` paths are put into the row of the record the bureau speaks of,
else into the rows its text names, or all. What the operation doesn't ask for can't be mended there: the remedy says
what can be done instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from icp.bureau.messages.codes_table import CALLS, CODES, Meaning
from icp.bureau.messages.placing import Place, Sent, Standing, places
from icp.bureau.messages.results import ResultLine
from icp.filings.answers import Answers
from icp.filings.operations.base import Operation
from icp.filings.operations.new_filing import NEW_FILING
from icp.filings.paths import row_of
from icp.rules.correction import Audience, Correction, Severity, Source
from icp.vocabulary.text import N_, Message

WITH_TEXT = N_("{meaning}管局原文：“{text}”")
UNKNOWN = N_("管局返回了代码 {code}。")
UNKNOWN_REMEDY = N_("请按管局原文核对；看不明白时，请联系管局。")
OURS = N_("这是接入商的事，主办者不用改。接入商：{remedy}")
SAME_PERSON = N_("网站负责人照登记的主体负责人报送。登记有误的，请先办信息变更；换了人的，请在这里改选。")
OPINION = N_("管局审核意见：“{text}”")
NO_OPINION = N_("管局审核没有通过，也没有写明原因。")
OPINION_REMEDY = N_("请按意见逐项修改后重新报送。")
NO_OPINION_REMEDY = N_("请联系管局问明原因，再修改后重新报送。")


def corrections(
    lines: Iterable[ResultLine],
    answers: Answers,
    *,
    operation: Operation = NEW_FILING,
    record: str = "",
    papers: Collection[str] = (),
) -> list[Correction]:
    """Complaints of the bureau's system as corrections, each at every place it may mean.

    Args:
        lines: codes with the bureau's texts; those that are no complaint are expected to be gone.
        answers: the revision that was sent.
        operation: what was asked for.
        record: instance path of the part of the filing that the bureau speaks of, '' for the whole.
        papers: slots of the revision's papers.
    """
    found = []
    for line in lines:
        meaning = CODES.get(line.code) or Meaning((), UNKNOWN, UNKNOWN_REMEDY)
        own = row_of(record)
        rows = [own] if own is not None else _rows(line.text, answers)
        at = places(meaning, line.text, Sent(operation, answers, rows, papers)) or [_whole(meaning)]
        found += [_correction(line, meaning, place) for place in at]
    return found


def rejection(opinion: str) -> Correction:
    """An officer's decision against the filing, in the officer's own words."""
    message = Message(OPINION, text=opinion) if opinion else Message(NO_OPINION)
    remedy = Message(OPINION_REMEDY if opinion else NO_OPINION_REMEDY)
    return Correction("filing", "1002", Severity.ERROR, message, remedy, source=Source.BUREAU)


def call(code: int) -> tuple[Message, Message] | None:
    """What a code that answers a call means to staff, and what to do; None for an unknown one."""
    meaning = CALLS.get(code) or CODES.get(code)
    return None if meaning is None else (Message(meaning.message), Message(meaning.remedy))


def is_ours(code: int) -> bool:
    """Whether the provider alone can do something about a code: its account, its file, its right to report."""
    meaning = CODES.get(code)
    return meaning is not None and meaning.operator


def _whole(meaning: Meaning) -> Place:
    """The filing as a whole, where nothing is mended that has a field elsewhere."""
    return Place("filing", Standing.AROUND if meaning.paths else Standing.ASKED)


def _rows(text: str, answers: Answers) -> list[str]:
    """The websites the bureau's text names by domain, name or address; all of them when it names none."""
    rows = answers.rows("website")
    named = [row for row in rows if any(hint in text for hint in _hints(answers, row))] if text else []
    return named or rows


def _hints(answers: Answers, row: str) -> list[str]:
    addresses = answers.get(f"website[{row}].access.ip_addresses")
    hints = [answers.text(f"website[{row}].domain"), answers.text(f"website[{row}].name")]
    hints += addresses if isinstance(addresses, list) else [addresses]
    return [hint for hint in hints if hint]


def _correction(line: ResultLine, meaning: Meaning, place: Place) -> Correction:
    ours = Message(meaning.message, code=line.code)
    message = Message(WITH_TEXT, meaning=ours, text=line.text) if line.text else ours
    remedy, audience = _remedy(meaning, place), Audience.PROVIDER if meaning.operator else Audience.HOST
    return Correction(
        place.path, str(line.code), Severity.ERROR, message, remedy, source=Source.BUREAU, audience=audience
    )


def _remedy(meaning: Meaning, place: Place) -> Message:
    if meaning.operator:
        return Message(OURS, remedy=Message(meaning.remedy))
    if meaning.kept and place.choice:
        return Message(SAME_PERSON)
    return Message(meaning.remedy if place.standing is Standing.ASKED else meaning.kept or meaning.remedy)


__all__ = ["CALLS", "CODES", "Meaning", "call", "corrections", "is_ours", "rejection"]
