"""What a result code of the bureau means for a filing: where it belongs, what to say, how to mend it.

The wording is ours; the bureau's own text, when it sent one, stands unchanged beside it. Codes are acted on by their
number (interface, list of return codes). ``website.*`` paths are put into the row of the record the bureau speaks of,
else into the rows its text names, or all. A path that the operation doesn't ask for is no place to mend anything: what
belongs there stands at the website, or at the filing as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from icp.bureau.messages.build import asked_at
from icp.bureau.messages.codes_table import CALLS, CODES, Meaning
from icp.bureau.messages.results import ResultLine
from icp.filings.answers import Answers
from icp.filings.operations.base import Operation
from icp.filings.operations.new_filing import NEW_FILING
from icp.filings.paths import in_row, row_of, type_path
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary.text import N_, Message

WITH_TEXT = N_("{meaning}管局原文：“{text}”")
UNKNOWN = N_("管局返回了代码 {code}。")
UNKNOWN_REMEDY = N_("请按管局原文核对；看不明白时，请联系管局。")
OPINION = N_("管局审核意见：“{text}”")
NO_OPINION = N_("管局审核没有通过，也没有写明原因。")
OPINION_REMEDY = N_("请按意见逐项修改后重新报送。")
NO_OPINION_REMEDY = N_("请联系管局问明原因，再修改后重新报送。")


def corrections(
    lines: Iterable[ResultLine], answers: Answers, *, operation: Operation = NEW_FILING, record: str = ""
) -> list[Correction]:
    """Complaints of the bureau's system as corrections, each at every field it may mean.

    Args:
        lines: codes with the bureau's texts; those that are no complaint are expected to be gone.
        answers: the revision that was sent.
        operation: what was asked for.
        record: instance path of the part of the filing that the bureau speaks of, '' for the whole.
    """
    return [
        Correction(path, str(line.code), Severity.ERROR, *_words(line), source=Source.BUREAU)
        for line in lines
        for path in paths(line, answers, operation=operation, record=record)
    ]


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


def paths(line: ResultLine, answers: Answers, *, operation: Operation = NEW_FILING, record: str = "") -> list[str]:
    """Instance paths a code belongs to; `filing` when it names no field."""
    meaning = CODES.get(line.code)
    own = row_of(record)
    rows = [own] if own is not None else _rows(line.text, answers)
    found: list[str] = []
    for path in meaning.paths if meaning else ():
        if path.startswith("website"):
            found += [_in_site(path, row, answers, operation) for row in rows]
        elif _asked(path, operation):
            found.append(path)
    sites = [path for path in found if path == f"website[{row_of(path)}]"]
    exact = [path for path in found if path not in sites]
    return list(dict.fromkeys(exact or sites)) or ["filing"]


def _in_site(path: str, row: str, answers: Answers, operation: Operation) -> str:
    """The path in a website's row, or that website where the operation doesn't ask for it."""
    if "." not in path or not _asked(path, operation):
        return f"website[{row}]"
    shown = asked_at(in_row(path, "website", row), answers)
    return shown if _asked(type_path(shown), operation) else f"website[{row}]"


def _asked(path: str, operation: Operation) -> bool:
    """Whether the operation asks for a type path: a field, a group of fields, a paper, or the filing password."""
    if path == "filing_password":
        return operation.password
    asked = [field for field in operation.fields if operation.asks(field)]
    return path in asked or path in operation.paper_labels or any(field.startswith(f"{path}.") for field in asked)


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


__all__ = ["CALLS", "CODES", "Meaning", "call", "corrections", "is_ours", "paths", "rejection"]
