"""What a result code of the bureau means for a filing: where it belongs, what to say, how to mend it.

The wording is ours; the bureau's own text, when it sent one, stands unchanged beside it. Codes are acted on by their
number (interface, list of return codes). ``website.*`` paths are put into the rows the bureau's text names, or all.
"""

from __future__ import annotations

from collections.abc import Iterable

from icp.bureau.messages.build import asked_at
from icp.bureau.messages.codes_table import CODES, Meaning
from icp.bureau.messages.results import ResultLine
from icp.filings.answers import Answers
from icp.filings.paths import in_row
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import N_, Message

WITH_TEXT = N_("{meaning}管局原文：“{text}”")
UNKNOWN = N_("管局返回了代码 {code}。")
UNKNOWN_REMEDY = N_("请按管局原文核对；看不明白时，请联系管局。")
OPINION = N_("管局审核意见：“{text}”")
NO_OPINION = N_("管局审核没有通过，也没有写明原因。")
OPINION_REMEDY = N_("请按意见逐项修改后重新报送。")
NO_OPINION_REMEDY = N_("请联系管局问明原因，再修改后重新报送。")


def corrections(lines: Iterable[ResultLine], answers: Answers) -> list[Correction]:
    """Complaints of the bureau's system as corrections, each at every field it may mean.

    Args:
        lines: codes with the bureau's texts; those that are no complaint are expected to be gone.
        answers: the revision that was sent.
    """
    return [
        Correction(path, str(line.code), Severity.ERROR, *_words(line), source=Source.BUREAU)
        for line in lines
        for path in paths(line, answers)
    ]


def rejection(opinion: str) -> Correction:
    """An officer's decision against the filing, in the officer's own words."""
    message = Message(OPINION, text=opinion) if opinion else Message(NO_OPINION)
    remedy = Message(OPINION_REMEDY if opinion else NO_OPINION_REMEDY)
    return Correction("filing", "1002", Severity.ERROR, message, remedy, source=Source.BUREAU)


def is_ours(code: int) -> bool:
    """Whether the provider alone can do something about a code: its account, its file, its right to report."""
    meaning = CODES.get(code)
    return meaning is not None and meaning.operator


def paths(line: ResultLine, answers: Answers) -> list[str]:
    """Instance paths a code belongs to; `filing` when it names no field."""
    meaning = CODES.get(line.code)
    found: list[str] = []
    for path in meaning.paths if meaning else ():
        if not path.startswith("website"):
            found.append(path)
            continue
        for row in _rows(line.text, answers):
            here = in_row(path, "website", row) if "." in path else f"website[{row}]"
            found.append(asked_at(here, answers))
    return list(dict.fromkeys(found)) or ["filing"]


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


def _words(line: ResultLine) -> tuple[Message, Message]:
    meaning = CODES.get(line.code) or Meaning((), UNKNOWN, UNKNOWN_REMEDY)
    ours = Message(meaning.message, code=line.code)
    message = Message(WITH_TEXT, meaning=ours, text=line.text) if line.text else ours
    return message, Message(meaning.remedy)


__all__ = ["CODES", "Meaning", "corrections", "is_ours", "paths", "rejection"]
