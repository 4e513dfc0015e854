"""Writing a message: elements are written together with the place of the answer they hold, so that whatever is wrong
with an element can be shown at its field."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from icp.bureau.codec import schema, xml
from icp.bureau.codec.schema import SchemaError
from icp.bureau.messages.build import MessageRefused, asked_at
from icp.bureau.messages.mapping import Kind, Line, path_of
from icp.filings.answers import Answers
from icp.filings.paths import beside
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_, Message

SCHEMA_MESSAGE = N_("这一项不符合管局接口的格式。")
SCHEMA_REMEDY = N_("请核对内容和长度，改好后重新报送。")
GBK_MESSAGE = N_("管局系统写不出这些字：{characters}。")
GBK_REMEDY = N_("请改用管局系统认可的字，或按当地管局的要求用拼音代替，并在备注中说明。")
CONTROL_MESSAGE = N_("这一项含有看不见的控制字符。")
CONTROL_REMEDY = N_("请删除后重新输入。")
LONG_MESSAGE = N_("这一项有 {count} 个字，管局最多留 {longest} 个字。")
LONG_REMEDY = N_("请缩短后重新报送。")

JPEG = "1"
"""附件文件格式; papers are reduced to JPEG."""
OWNER_SUBJECT, OWNER_WEBSITE = "1", "2"


@dataclass(frozen=True)
class Owner:
    """Whom an attachment belongs to.

    Attributes:
        kind: 1 subject, 2 website (``Ssdxlx``).
        id: its enterprise id or the bureau's, by group; None when only the number is known.
        number: its filing number, taken when there is no id: the interface wants one of them, never both.
        plain: whether the id stands directly in ``Ssdxbs``, as in a first filing.
    """

    kind: str
    id: int | None
    number: str = ""
    plain: bool = False


class Writer:
    """Writes elements and remembers which instance path each belongs to.

    Args:
        answers: what is written.
        vocabulary: the tables they were checked with.
        names: elements that the group calls otherwise, '' for those it doesn't have.
    """

    def __init__(self, answers: Answers, vocabulary: Vocabulary, names: Mapping[str, str] | None = None) -> None:
        self.answers = answers
        self.vocabulary = vocabulary
        self.names = names or {}
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
            self.refuse(path, "control_character", Message(CONTROL_MESSAGE), Message(CONTROL_REMEDY))
            return
        self.places.append((element, path))

    def refuse(self, path: str, code: str, message: Message, remedy: Message) -> None:
        """Note what keeps the message from being sent, at an instance path."""
        self.refused.append(Correction(path, code, Severity.ERROR, message, remedy, source=Source.WHOLE))

    def lines(self, parent: Any, lines: Iterable[Line], anchor: str, answers: Answers | None = None) -> None:
        """Write the mapped answers below ``parent``.

        Args:
            parent: an element.
            lines: what stands below it.
            anchor: an instance path in the same rows.
            answers: where they come from, the writer's own when None.
        """
        for line in lines:
            *groups, name = (self.names.get(part, part) for part in line.element.split("/"))
            if "" in (*groups, name):
                continue
            path = beside(line.path, anchor)
            for text in filter(None, self._texts(line, path, self.answers if answers is None else answers)):
                if line.longest and len(text) > line.longest:
                    message = Message(LONG_MESSAGE, count=len(text), longest=line.longest)
                    self.refuse(path, "longer_than_kept", message, Message(LONG_REMEDY))
                self.value(self._below(parent, groups, path), name, text, path)

    def _below(self, parent: Any, groups: list[str], path: str) -> Any:
        for name in groups:
            last = parent[-1] if len(parent) else None
            parent = last if last is not None and last.tag == name else self.group(parent, name, path)
        return parent

    def _texts(self, line: Line, path: str, answers: Answers) -> list[str]:
        value = answers.get(path)
        if line.kind is Kind.CODES:
            return list(value) if isinstance(value, list) else [value]
        text = answers.text(path).strip()
        if line.kind is Kind.TEXT:
            return [text]
        region = self.vocabulary.regions.path(text)
        return [dict(zip((Kind.PROVINCE, Kind.CITY, Kind.DISTRICT), region, strict=True))[line.kind]]

    def attachment(
        self,
        parent: Any,
        purpose: str,
        content: str,
        owner: Owner,
        path: str,
        *,
        picture_format: str = JPEG,
        remark: str = "",
    ) -> None:
        """Append one ``Fjxx``.

        Args:
            parent: the ``Fj`` around it, or what stands in its place.
            purpose: the bureau's code of the purpose (附件用途).
            content: the picture as base64.
            owner: whom it belongs to.
            path: instance path of the paper's slot.
            picture_format: the bureau's code of the format (附件文件格式).
            remark: '' for none.
        """
        attachment = self.group(parent, "Fjxx", path)
        self.value(attachment, "Fjwjgs", picture_format, path)
        self.value(attachment, "Fjyt", purpose, path)
        self.value(attachment, "Fjnr", content, path)
        belongs_to = self.group(attachment, "Fjssdx", path)
        self.value(belongs_to, "Ssdxlx", owner.kind, path)
        if owner.plain:
            self.value(belongs_to, "Ssdxbs", owner.id, path)
        else:
            named = self.group(belongs_to, "Ssdxbs", path)
            self.value(named, "Jlid", owner.id, path)
            self.value(named, "Baxh", "" if owner.id is not None else owner.number, path)
        self.value(attachment, "Bz", remark, path)

    def finish(self, root: Any) -> bytes:
        """Check the document and write it in GBK.

        Raises:
            MessageRefused: something was refused while writing, characters outside GBK, or the schema.
        """
        by_place = {xml.place(element): path for element, path in self.places}
        found = list(self.refused)
        data = b""
        try:
            data = xml.serialise(root)
        except xml.XmlError as error:
            found += [_outside_gbk(by_place, place, characters) for place, characters in error.found]
        wrong = {c.path for c in found}
        against_schema = schema_corrections(root, by_place)
        # What was refused while writing may leave a group out; that it is missing then says nothing more.
        found += [c for c in against_schema if c.path not in wrong and ("." in c.path or not self.refused)]
        if found:
            shown = [dataclasses.replace(c, path=asked_at(c.path, self.answers)) for c in found]
            raise MessageRefused({(c.path, c.code): c for c in shown}.values())
        return data


def as_base64(data: bytes) -> str:
    """A picture as the text of an element."""
    return base64.b64encode(data).decode("ascii")


def _outside_gbk(by_place: dict[str, str], place: str, characters: str) -> Correction:
    message = Message(GBK_MESSAGE, characters=" ".join(characters))
    path = nearest(by_place, place)
    return Correction(path, "outside_gbk", Severity.ERROR, message, Message(GBK_REMEDY), source=Source.WHOLE)


def schema_corrections(root: Any, by_place: dict[str, str]) -> list[Correction]:
    """Violations of the schema as corrections at the answers they come from, one for each place."""
    found: dict[str, Correction] = {}
    for error in schema.check_upload(root):
        path = _named_in(root, error, by_place) or nearest(by_place, error.path)
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


def _named_in(root: Any, error: SchemaError, by_place: dict[str, str]) -> str:
    """The answer of a required element that is missing: the complaint is about its parent, or about a later sibling
    that stands in its place, and names what was expected."""
    expected = re.search(r"Expected is (?:one of )?\(([^)]*)\)", error.message)
    if not expected:
        return ""
    above = error.path if "Missing child" in error.message else error.path.rpartition("/")[0]
    group = re.sub(r"\[\d+\]", "", above)
    (parent,) = root.getroottree().xpath(above)
    for name in (n.strip() for n in expected.group(1).split(",")):
        if parent.find(name) is None and schema.required("upload", f"{group}/{name}"):
            path = path_of(name, group.rpartition("/")[2])
            if path:
                return beside(path, nearest(by_place, above))
    return ""
