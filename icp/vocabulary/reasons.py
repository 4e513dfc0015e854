"""The reasons why filings are refused: one row each, with what the host reads in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icp.vocabulary.text import Term


@dataclass(frozen=True)
class Reason:
    """One reason for which a filing is sent back.

    Attributes:
        id: `R001` to `R096`.
        paths: type paths it may be marked at; `filing` is the filing as a whole.
        machine: `yes` software alone can decide, `partly` it can warn, `no` a person looks.
        message_zh: what is wrong; remedy_zh: how to mend it. Likewise in English.
        bureau_codes: result codes of the bureau that say the same.
    """

    id: str
    paths: tuple[str, ...]
    machine: str
    message_zh: str
    remedy_zh: str
    message_en: str
    remedy_en: str
    bureau_codes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The first type path."""
        return self.paths[0]

    def message(self, language: str = "zh_Hans_CN") -> str:
        """What is wrong, in a language (`zh_Hans_CN` or `en`)."""
        return self.message_en if language.startswith("en") else self.message_zh

    def remedy(self, language: str = "zh_Hans_CN") -> str:
        """How to mend it, in a language (`zh_Hans_CN` or `en`)."""
        return self.remedy_en if language.startswith("en") else self.remedy_zh

    def said(self) -> tuple[Term, Term]:
        """What is wrong and how to mend it, to be said in the reader's language later."""
        return Term(self.message_zh, self.message_en), Term(self.remedy_zh, self.remedy_en)

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Reason:
        """Read one row of the table ``reasons``.

        Raises:
            KeyError: a column is missing.
            ValueError: no path is given.
        """
        paths = tuple(row["paths"].split())
        if not paths:
            raise ValueError(f"{row['id']} has no path")
        texts = {name: row[name] for name in ("message_zh", "remedy_zh", "message_en", "remedy_en")}
        return cls(row["id"], paths, row["machine"], bureau_codes=tuple(row["bureau_codes"].split()), **texts)
