"""The answers of a filing: instance path → value, with the order of the rows and the host's explanations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from icp.filings.paths import beside, type_path
from icp.rules.correction import Value

NESTED = {"website.pre_approvals": "none"}
"""Groups whose rows are the codes chosen in the field of the same path, and the code that is no row."""


BLOCKS = ("principal", "access", "pre_approvals")
"""Parts of the subject or a website that stand for themselves: changing one leaves the rest as it is."""


def block_of(path: str) -> str:
    """The block an instance path lies in: `subject`, `subject.principal`, `website[w1]`, `website[w1].access` …

    >>> block_of("website[w1].access.ip_addresses")
    'website[w1].access'
    """
    owner, _, rest = path.partition(".")
    part = rest.partition(".")[0].partition("[")[0]
    return f"{owner}.{part}" if part in BLOCKS else owner


@dataclass
class Answers:
    """What a host answered.

    Attributes:
        values: instance path → value; absent means ''.
        groups: group of rows → row ids in order (`{"website": ["w1", "w2"]}`).
        explanations: instance path → why a warned-of value is right.
        record: instance path → what was on record when the filing began; empty for a first filing.
        on_behalf: whether staff opened the filing for a customer (报备方式 1), which asks for one paper more.
    """

    values: dict[str, Value] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    record: dict[str, Value] = field(default_factory=dict)
    on_behalf: bool = False

    def get(self, path: str) -> Value:
        """The value at an instance path, '' when absent."""
        return self.values.get(path, "")

    def text(self, path: str) -> str:
        """The value at an instance path as one text; several values are joined by '; '."""
        value = self.get(path)
        return value if isinstance(value, str) else "; ".join(value)

    def rows(self, group: str) -> list[str]:
        """Row ids of a group, in the host's order; of `website[w1].pre_approvals`, the kinds chosen there."""
        none = NESTED.get(type_path(group))
        if none is not None:
            value = self.get(group)
            return [code for code in value if code != none] if isinstance(value, list) else []
        return list(self.groups.get(group, ()))

    def lookup_for(self, path: str) -> Callable[[str], Value]:
        """A function from type path to value, seen from ``path``: fields of a row come from the same row."""
        return lambda wanted: self.get(beside(wanted, path))

    def paths(self) -> Iterator[str]:
        """Every instance path that has an answer."""
        return iter(self.values)

    def was(self, path: str) -> Value:
        """What was on record at an instance path, '' when nothing was."""
        return self.record.get(path, "")

    def changed(self, path: str) -> bool:
        """Whether the answer differs from what was on record."""
        return (self.get(path) or "") != (self.was(path) or "")

    def changed_blocks(self) -> set[str]:
        """The blocks (``block_of``) in which an answer differs from what was on record."""
        return {block_of(path) for path in {*self.values, *self.record} if self.changed(path)}

    def as_json(self) -> dict[str, Any]:
        """Plain data for sealing."""
        plain: dict[str, Any] = {"values": self.values, "groups": self.groups, "explanations": self.explanations}
        # Only where there is something, so that the digest of a first filing is what it always was.
        more: dict[str, Any] = {"record": self.record, "on_behalf": self.on_behalf}
        return plain | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Answers:
        """The inverse of ``as_json``."""
        data = data or {}
        values, groups, told = (data.get(name, {}) for name in ("values", "groups", "explanations"))
        return cls(values, groups, told, data.get("record", {}), data.get("on_behalf", False))

    def copy(self) -> Answers:
        """An independent copy."""
        return Answers.from_json(json.loads(json.dumps(self.as_json())))

    def digest(self, papers: dict[str, str]) -> str:
        """SHA-256 (64 hex) of the answers and the papers that belong to them; printed on the 核验单."""
        plain = json.dumps([self.as_json(), papers], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()
