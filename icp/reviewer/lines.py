"""What the review page is made of: lines of answers and papers with everything said of them, in sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from icp.documents import Paper
from icp.filings.models import Mark
from icp.reviewer.words import anchor
from icp.rules.correction import Correction


@dataclass
class Line:
    """One answer with everything that is known about it.

    Attributes:
        path, anchor, label: its instance path, the id of its element, its name (marked text).
        value, old: in words; ``old`` is None when nothing changed since the revision before.
        was: what is on record, in words, where a change departs from it; None where it doesn't.
        told: whether it only tells the record, so that it is marked with its whole section.
        code: whether it is written in equal width.
        change: `asked`, `unasked` or ''.
        personal, hidden: whether it is a person's number, and masked now.
        checked: what the machine checked (marked text), '' when only a person can judge.
        corrections: what the machine says.
        explanation, explained_anew: the host's words on why a warned-of value is right.
        marks: remarks at this path, oldest first.
    """

    path: str
    label: str
    value: str = ""
    old: str | None = None
    was: str | None = None
    told: bool = False
    code: bool = False
    change: str = ""
    hidden: bool = False
    personal: bool = False
    where: int = 0
    checked: str = ""
    corrections: list[Correction] = field(default_factory=list)
    explanation: str = ""
    explained_anew: bool = False
    marks: list[Mark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The id of its element."""
        return anchor(self.path)

    @property
    def pressing(self) -> bool:
        """Whether an unsettled mark stands here."""
        return any(mark.settled_at is None for mark in self.marks)


@dataclass
class Section:
    """A step of the wizard, or one row of it; remarks on the whole row stand in its head.

    ``folded`` are the lines that stand as they are on record, where only what differs is reviewed.
    """

    title: str
    numeral: str
    name: str
    head: Line
    lines: list[Line] = field(default_factory=list)
    folded: list[Line] = field(default_factory=list)


@dataclass
class PaperLine(Line):
    """A slot of a paper; ``paper`` is None when the host gave none, ``origin`` the number of the filing it was taken
    over from."""

    paper: Paper | None = None
    origin: str = ""


@dataclass
class PasswordLine(Line):
    """The filing password: kind and words of what is known of it, never itself."""

    known: tuple[str, str] = ("", "")
