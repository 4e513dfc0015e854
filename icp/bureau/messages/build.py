"""What a message is built from, and what comes out: a file with its records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from icp.bureau.codec import VERSION, xml
from icp.filings.answers import Answers
from icp.filings.paths import row_of
from icp.register.records import SubjectRecord
from icp.rules.correction import Correction
from icp.vocabulary import Vocabulary


class MessageRefused(Exception):
    """Our own check keeps a message from being sent; ``corrections`` say why, at their fields."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self.corrections = list(corrections)
        super().__init__(f"{len(self.corrections)} corrections")


@dataclass(frozen=True)
class Report:
    """What a filing's message is built from.

    Attributes:
        answers: the revision's answers, in canonical form.
        papers: instance path of each paper's slot → its JPEG as the bureau takes it.
        mode: 报备方式, "0" self-reported, "1" on behalf.
        isp_id: the caller (``Qqdwid``).
        vocabulary: the tables the revision was checked with.
        allot: gives a fresh enterprise id for a kind (``IspZtid``) and the instance path of what it stands for.
        stacked_identity: both sides of an ID as one picture.
        operation: code of the operation; one upload group serves all three cancellations.
        password_md5: MD5 of the filing password as 32 hexadecimal characters, '' when none was given.
        on_record: what the register holds of the subject, with the bureau's ids; None for a first filing.
        done: ids of the rows whose record the bureau has approved already; they are left out.
        access_papers: whether a new access is sent with pictures; some bureaus want none.
    """

    answers: Answers
    papers: dict[str, bytes]
    mode: str
    isp_id: int
    vocabulary: Vocabulary
    allot: Callable[[str, str], int]
    stacked_identity: bool = False
    operation: str = "new_filing"
    password_md5: str = field(default="", repr=False)
    on_record: SubjectRecord | None = field(default=None, repr=False)
    done: frozenset[str] = frozenset()
    access_papers: bool = True


@dataclass(frozen=True)
class BuiltRecord:
    """One record element of a message (``Baxx``, ``Xzxx``, ``Bgxx``, ``Zx_xx``): the bureau answers each by itself.

    Attributes:
        operation_type: 操作类型 (Czlx) its results carry, '' where the interface names none.
        record_key: what a result's ``Bs`` holds.
        path: instance path of what the record stands for, `subject` or `website[w2]`.
        ids: what a review's ``Jlid`` may hold.
    """

    operation_type: str
    record_key: str
    path: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Built:
    """A message that may be sent.

    Attributes:
        xml: the data file in GBK.
        root: the document.
        records: what it asks for, in the order of its record elements.
    """

    xml: bytes = field(repr=False)
    root: Any = field(repr=False)
    records: tuple[BuiltRecord, ...]


def document(group: str, isp_id: int) -> tuple[Any, Any]:
    """A new upload document: its root and the element of the operation's group."""
    root = xml.root("UploadData", VERSION)
    icp = xml.child(root, "ICP")
    operation = xml.child(icp, group)
    xml.child(icp, "Qqdwid", isp_id)
    return root, operation


def asked_at(path: str, answers: Answers) -> str:
    """Where an answer was given: a website may share the subject's principal, and the first website's access."""
    row, rows = row_of(path), answers.rows("website")
    if row is None or ".papers." in path or not rows:
        return path
    site, first = f"website[{row}]", rows[0]
    if path.startswith(f"{site}.principal.") and answers.get(f"{site}.principal.same_as_subject") != "no":
        return "subject.principal." + path.removeprefix(f"{site}.principal.")
    if path.startswith(f"{site}.access.") and row != first and answers.get(f"{site}.access.same_as_first") == "yes":
        return f"website[{first}].access." + path.removeprefix(f"{site}.access.")
    return path
