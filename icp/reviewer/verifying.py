"""A filing that the bureau wants verified, line by line: what it says, what is on record here, what was verified."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from icp import vocabulary
from icp.bureau.codec.numbers import ip_range, range_text
from icp.filings import operations
from icp.i18n import language, tr
from icp.register.records import (
    PRINCIPAL_FIELDS,
    SUBJECT_FIELDS,
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)
from icp.rules.correction import Correction, Severity, Source
from icp.vocabulary import Option
from icp.vocabulary.text import N_, Message

SITE = ("name", "home_url", "service_content", "remark")
TABLES = {
    "organisation_type": "organisation_types",
    "document_type": "document_types",
    "service_content": "service_contents",
    "access_methods": "access_methods",
    "server_locations": "server_locations",
}
LISTS = ("service_content", "access_methods", "server_locations")
TYPE_PATHS = {
    "access_methods": "website.access.access_method",
    "server_locations": "website.access.server_location",
    "ranges": "website.access.ip_addresses",
    "domain": "website.domain",
}
BETWEEN = N_("、")
NO_CODE = N_("代码表里没有“{text}”。")
NO_RANGE = N_("“{text}”不是 IPv4 地址或地址段。")
CODES_REMEDY = N_("写代码，几个之间用分号隔开。")
RANGE_REMEDY = N_("写成 203.0.113.24 或 203.0.113.24-203.0.113.30，几段之间用分号隔开。")


@dataclass(frozen=True)
class Line:
    """One value.

    Attributes:
        name: of the control: the instance path, accesses counted from 0.
        label: what people call it, translated.
        value: as text, codes for coded ones.
        said: the value as people read it.
        table: of its codes, '' for none.
        several: whether it is a list of codes.
    """

    name: str
    label: str
    value: str
    said: str
    table: str = ""
    several: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen."""
        return vocabulary.current().options(self.table) if self.table and not self.several else ()


@dataclass(frozen=True)
class Part:
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


def parts(record: SubjectRecord) -> list[Part]:
    """The record as parts: the subject, its principal, then each website."""
    found = [
        Part(tr(N_("主体")), tuple(_lines("subject", SUBJECT_FIELDS, record))),
        Part(tr(N_("主体负责人")), tuple(_lines("subject.principal", PRINCIPAL_FIELDS, record.principal))),
    ]
    for n, site in enumerate(record.websites, start=1):
        path = f"website[w{n}]"
        lines = list(_lines(path, SITE, site))
        lines += [_line(f"{path}.domain[{i}]", "domain", domain.name) for i, domain in enumerate(site.domains)]
        for i, access in enumerate(site.accesses):
            at = f"{path}.access[{i}]"
            lines += _lines(at, ("access_methods", "server_locations"), access)
            lines.append(_line(f"{at}.ranges", "ranges", _ranges(access)))
        lines += _lines(f"{path}.principal", PRINCIPAL_FIELDS, site.principal)
        found.append(Part(tr(N_("网站")) + (f" {site.number}" if site.number else f" {site.name}"), tuple(lines)))
    return found


def values(record: SubjectRecord) -> dict[str, Line]:
    """Every line by its name."""
    return {line.name: line for part in parts(record) for line in part.lines}


def _lines(path: str, names: tuple[str, ...], of: object) -> Iterator[Line]:
    for name in names:
        value = getattr(of, name)
        yield _line(f"{path}.{name}", name, "; ".join(value) if isinstance(value, tuple) else value)


def _line(path: str, name: str, value: str) -> Line:
    words, table = vocabulary.current(), TABLES.get(name, "")
    type_path = TYPE_PATHS.get(name) or re.sub(r"\[\w+\]", "", path)
    said = value
    if name == "region_code":
        said = words.regions.full_name(value) or value
    elif table:
        said = tr(BETWEEN).join(words.label(table, code, language()) for code in _split(value))
    return Line(path, tr(operations.get("new_filing").label_of(type_path)), value, said, table, name in LISTS)


def _ranges(access: AccessRecord) -> str:
    return "; ".join(range_text(r.first, r.last) for r in access.ranges if 0 <= r.first <= r.last < 2**32)


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[;；,，、\s]+", text) if part]


def beside(said: SubjectRecord, known: SubjectRecord | None) -> SubjectRecord | None:
    """What is on record, with websites and accesses in the order in which the bureau names them; missing ones empty."""
    if known is None:
        return None
    sites = tuple(_site_beside(site, known) for site in said.websites)
    return dataclasses.replace(known, websites=sites)


def _site_beside(said: WebsiteRecord, known: SubjectRecord) -> WebsiteRecord:
    match = next((site for site in known.websites if site.bureau_id == said.bureau_id), None)
    if match is None:
        nobody = PrincipalRecord()
        return dataclasses.replace(
            said, name="", home_url="", service_content=(), remark="", principal=nobody, domains=(), accesses=()
        )
    accesses = {access.bureau_id: access for access in match.accesses}
    empty = AccessRecord(None, None, None, (), (), ())
    return dataclasses.replace(match, accesses=tuple(accesses.get(a.bureau_id, empty) for a in said.accesses))


def verified(said: SubjectRecord, posted: Mapping[str, str]) -> tuple[SubjectRecord, list[Correction]]:
    """The record with what was typed in place of what the bureau says; ids stay the bureau's.

    Args:
        said: the bureau's.
        posted: control → text; what isn't posted stays as the bureau says it.

    Returns:
        the record, and what can't be read of it.
    """
    reader = _Reader(posted)
    sites = tuple(reader.site(f"website[w{n}]", site) for n, site in enumerate(said.websites, start=1))
    texts: dict[str, Any] = {name: reader.text(f"subject.{name}", getattr(said, name)) for name in SUBJECT_FIELDS}
    record = dataclasses.replace(
        said,
        **texts,
        principal=reader.person("subject.principal", said.principal),
        websites=sites,
    )
    return record, reader.corrections


class _Reader:
    def __init__(self, posted: Mapping[str, str]) -> None:
        self.posted, self.corrections = posted, list[Correction]()

    def text(self, path: str, said: str) -> str:
        return self.posted.get(path, said).strip()

    def person(self, path: str, said: PrincipalRecord) -> PrincipalRecord:
        texts = {name: self.text(f"{path}.{name}", getattr(said, name)) for name in PRINCIPAL_FIELDS}
        return dataclasses.replace(said, **texts)

    def codes(self, path: str, said: tuple[str, ...], table: str) -> tuple[str, ...]:
        if path not in self.posted:
            return said
        found = tuple(_split(self.posted[path]))
        words = vocabulary.current()
        for code in found:
            if code not in said and not words.has(table, code):
                self.refuse(path, Message(NO_CODE, text=code), CODES_REMEDY)
        return found

    def site(self, path: str, said: WebsiteRecord) -> WebsiteRecord:
        return dataclasses.replace(
            said,
            name=self.text(f"{path}.name", said.name),
            home_url=self.text(f"{path}.home_url", said.home_url),
            remark=self.text(f"{path}.remark", said.remark),
            service_content=self.codes(f"{path}.service_content", said.service_content, "service_contents"),
            principal=self.person(f"{path}.principal", said.principal),
            domains=tuple(self._domain(f"{path}.domain[{i}]", d) for i, d in enumerate(said.domains)),
            accesses=tuple(self._access(f"{path}.access[{i}]", a) for i, a in enumerate(said.accesses)),
        )

    def _domain(self, path: str, said: DomainRecord) -> DomainRecord:
        return dataclasses.replace(said, name=self.text(path, said.name))

    def _access(self, path: str, said: AccessRecord) -> AccessRecord:
        at = f"{path}.server_locations"
        return dataclasses.replace(
            said,
            access_methods=self.codes(f"{path}.access_methods", said.access_methods, "access_methods"),
            server_locations=self.codes(at, said.server_locations, "server_locations"),
            ranges=self._ranges(f"{path}.ranges", said.ranges),
        )

    def _ranges(self, path: str, said: tuple[IpRangeRecord, ...]) -> tuple[IpRangeRecord, ...]:
        if path not in self.posted:
            return said
        known = {(r.first, r.last): r for r in said}
        found = []
        for n, text in enumerate(_split(self.posted[path])):
            try:
                pair = ip_range(text)
            except ValueError:
                self.refuse(path, Message(NO_RANGE, text=text), RANGE_REMEDY)
                continue
            same = known.get(pair) or (said[n] if n < len(said) else IpRangeRecord(0, 0))
            found.append(dataclasses.replace(same, first=pair[0], last=pair[1]))
        return tuple(found)

    def refuse(self, path: str, message: str, remedy: str) -> None:
        self.corrections.append(Correction(path, "unreadable", Severity.ERROR, message, remedy, source=Source.WHOLE))
