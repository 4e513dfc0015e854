"""Building a message: elements are written together with the place of the answer they hold, so that whatever is
wrong with an element can be shown at its field."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from icp.bureau.codec import VERSION, schema, xml
from icp.bureau.codec.schema import SchemaError
from icp.bureau.messages.mapping import Kind, Line, path_of
from icp.filings.answers import Answers
from icp.filings.paths import beside, row_of
from icp.register.records import SubjectRecord
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

SCHEMA_MESSAGE = N_("这一项不符合管局接口的格式。")
SCHEMA_REMEDY = N_("请核对内容和长度，改好后重新报送。")
GBK_MESSAGE = N_("管局系统写不出这些字：{characters}。")
GBK_REMEDY = N_("请改用管局系统认可的字，或按当地管局的要求用拼音代替，并在备注中说明。")
CONTROL_MESSAGE = N_("这一项含有看不见的控制字符。")
CONTROL_REMEDY = N_("请删除后重新输入。")


class MessageRefused(Exception):
    """Our own check keeps a message from being sent; ``corrections`` say why, at their fields."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self.corrections = list(corrections)
        super().__init__(f"{len(self.corrections)} corrections")


@dataclass(frozen=True)
class Report:
    """What a message is built from.

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


@dataclass(frozen=True)
class BuiltRecord:
    """One record element of a message (``Baxx``, ``Xzxx``, ``Bgxx``, ``Zx_xx``): the bureau answers each by itself.

    Attributes:
        operation_type: 操作类型 (Czlx) its results carry.
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

    xml: bytes
    root: Any = field(repr=False)
    records: tuple[BuiltRecord, ...]


class Writer:
    """Writes elements and remembers which instance path each belongs to."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.places: list[tuple[Any, str]] = []
        self.refused: list[Correction] = []

    def group(self, parent: Any, name: str, path: str) -> Any:
        """Append a group; ``path`` is the instance path complaints about it belong to."""
        element = xml.child(parent, name)
        self.places.append((element, path))
        return element

    def value(self, parent: Any, name: str, value: object, path: str) -> None:
        """Append an element with a value, unless the value is empty."""
        if value is None or value == "":
            return
        try:
            element = xml.child(parent, name, value)
        except xml.XmlError:
            message, remedy = Message(CONTROL_MESSAGE), Message(CONTROL_REMEDY)
            self.refused.append(Correction(path, "control_character", Severity.ERROR, message, remedy))
            return
        self.places.append((element, path))

    def lines(self, parent: Any, lines: Iterable[Line], anchor: str) -> None:
        """Write the mapped answers below ``parent``; ``anchor`` is an instance path in the same rows."""
        for line in lines:
            path = beside(line.path, anchor)
            texts = [text for text in self._texts(line, path) if text]
            *groups, name = line.element.split("/")
            for text in texts:
                self.value(self._below(parent, groups, path), name, text, path)

    def _below(self, parent: Any, groups: list[str], path: str) -> Any:
        for name in groups:
            last = parent[-1] if len(parent) else None
            parent = last if last is not None and last.tag == name else self.group(parent, name, path)
        return parent

    def _texts(self, line: Line, path: str) -> list[str]:
        value = self.report.answers.get(path)
        if line.kind is Kind.CODES:
            return list(value) if isinstance(value, list) else [value]
        text = self.report.answers.text(path).strip()
        if line.kind is Kind.TEXT:
            return [text]
        levels = dict(zip((Kind.PROVINCE, Kind.CITY, Kind.DISTRICT), self._region(text), strict=True))
        return [levels[line.kind]]

    def _region(self, code: str) -> tuple[str, str, str]:
        return self.report.vocabulary.regions.path(code)

    def attachment(self, record: Any, purpose: str, data: bytes, owner: tuple[str, int], path: str) -> None:
        """Append one ``Fj`` with its ``Fjxx``.

        Args:
            record: the record element.
            purpose: the bureau's code of the purpose (附件用途).
            data: a JPEG.
            owner: owner type (1 subject, 2 website) and its enterprise id.
            path: instance path of the paper's slot.
        """
        attachment = self.group(self.group(record, "Fj", path), "Fjxx", path)
        self.value(attachment, "Fjwjgs", JPEG, path)
        self.value(attachment, "Fjyt", purpose, path)
        self.value(attachment, "Fjnr", base64.b64encode(data).decode("ascii"), path)
        belongs_to = self.group(attachment, "Fjssdx", path)
        self.value(belongs_to, "Ssdxlx", owner[0], path)
        self.value(belongs_to, "Ssdxbs", owner[1], path)

    def finish(self, root: Any) -> bytes:
        """Check the document and write it in GBK.

        Raises:
            MessageRefused: characters outside GBK, or the schema.
        """
        by_place = {xml.place(element): path for element, path in self.places}
        found = list(self.refused)
        data = b""
        try:
            data = xml.serialise(root)
        except xml.XmlError as error:
            found += [_outside_gbk(by_place, place, characters) for place, characters in error.found]
        outside = {c.path for c in found}
        found += [c for c in schema_corrections(by_place, schema.check_upload(root)) if c.path not in outside]
        if found:
            shown = [dataclasses.replace(c, path=asked_at(c.path, self.report.answers)) for c in found]
            raise MessageRefused({(c.path, c.code): c for c in shown}.values())
        return data


JPEG = "1"  # 附件文件格式; papers are reduced to JPEG


def document(group: str, isp_id: int) -> tuple[Any, Any]:
    """A new upload document: its root and the element of the operation's group."""
    root = xml.root("UploadData", VERSION)
    icp = xml.child(root, "ICP")
    operation = xml.child(icp, group)
    xml.child(icp, "Qqdwid", isp_id)
    return root, operation


def asked_at(path: str, answers: Answers) -> str:
    """Where an answer was given: a website may share the subject's principal, and the first website's access."""
    row = row_of(path)
    if row is None or ".papers." in path:
        return path
    site, first = f"website[{row}]", answers.rows("website")[0]
    if path.startswith(f"{site}.principal.") and answers.get(f"{site}.principal.same_as_subject") != "no":
        return "subject.principal." + path.removeprefix(f"{site}.principal.")
    if path.startswith(f"{site}.access.") and row != first and answers.get(f"{site}.access.same_as_first") == "yes":
        return f"website[{first}].access." + path.removeprefix(f"{site}.access.")
    return path


def _outside_gbk(by_place: dict[str, str], place: str, characters: str) -> Correction:
    message = Message(GBK_MESSAGE, characters=" ".join(characters))
    path = nearest(by_place, place)
    return Correction(path, "outside_gbk", Severity.ERROR, message, Message(GBK_REMEDY), source=Source.WHOLE)


def schema_corrections(by_place: dict[str, str], errors: Iterable[SchemaError]) -> list[Correction]:
    """Violations of the schema as corrections at the answers they come from, one for each place."""
    found: dict[str, Correction] = {}
    for error in errors:
        path = _named_in(error, by_place) or nearest(by_place, error.path)
        if path not in found:
            found[path] = Correction(
                path, "schema", Severity.ERROR, Message(SCHEMA_MESSAGE), Message(SCHEMA_REMEDY), source=Source.WHOLE
            )
    return list(found.values())


def nearest(by_place: dict[str, str], place: str) -> str:
    """The instance path of an element, or of the nearest group around it; `filing` when there is none."""
    while place and place not in by_place:
        place = place.rpartition("/")[0]
    return by_place.get(place, "filing")


def _named_in(error: SchemaError, by_place: dict[str, str]) -> str:
    """The answer of a required element that is missing: the complaint is about its parent, or about a later sibling
    that stands in its place, and names what was expected."""
    expected = re.search(r"Expected is (?:one of )?\(([^)]*)\)", error.message)
    if not expected:
        return ""
    above = error.path if "Missing child" in error.message else error.path.rpartition("/")[0]
    group = re.sub(r"\[\d+\]", "", above)
    for name in (n.strip() for n in expected.group(1).split(",")):
        if schema.required("upload", f"{group}/{name}"):
            path = path_of(name, group.rpartition("/")[2])
            if path:
                return beside(path, nearest(by_place, above))
    return ""
