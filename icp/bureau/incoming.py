"""A received file while it is applied: every answer in it is kept, and what needs a person is told."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from icp.bureau import account as accounts
from icp.bureau.models import BureauAccount, BureauRecord, BureauResult, Download
from icp.extensions import db

NOTHING_FITS, SEVERAL_FIT, EARLIER, SETTLED, CONTRADICTS, INFORMATION, NO_NUMBER, ODD = (
    "nothing_fits",
    "several_fit",
    "earlier_report",
    "settled",
    "contradicts",
    "information",
    "no_number",
    "odd_value",
)
"""Why an answer is kept and not applied."""

TOLD = (NOTHING_FITS, SEVERAL_FIT, CONTRADICTS)


@dataclass
class Incoming:
    """The file being applied, and how many answers of it were kept."""

    account: BureauAccount
    download: Download
    position: int = 0

    def keep(
        self,
        kind: str,
        answer: Any,
        record: BureauRecord | None,
        why: str = "",
        *,
        upload_id: int | None = None,
        operation: str = "",
        key: str = "",
    ) -> BureauResult:
        """Keep one answer, whether or not it changed anything.

        Args:
            kind: processing, review, filing …, at most 12 characters.
            answer: a dataclass; its content is sealed.
            record: what it answers, when that is known.
            why: why it was not applied, '' when it was.
            upload_id: the file it is about, where it answers no single record.
            operation: 操作类型 (Czlx).
            key: the identifier it came with.
        """
        row = BureauResult(
            download_id=self.download.id,
            position=self.position,
            kind=kind,
            operation_type=operation,
            record_key=key,
            upload_id=record.upload_id if record else upload_id,
            record_id=record.id if record else None,
            filing_id=record.filing_id if record else None,
            revision=record.revision if record else None,
            applied=why == "",
            why=why,
            content=dataclasses.asdict(answer),
        )
        self.position += 1
        db.session.add(row)
        if why in TOLD:
            self.alert(why, f"{kind} {operation} {key}".strip())
        return row

    def alert(self, kind: str, detail: str) -> None:
        """Tell the operator about this file."""
        accounts.alert(self.account.id, kind, detail, self.download.file_name)
