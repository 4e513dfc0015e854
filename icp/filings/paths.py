"""Paths name answers.

A *type path* (`website.access.ip_addresses`) names a field once, for rules, reasons and the wire. An *instance path*
(`website[w1].access.ip_addresses`) names one answer: the form control, the key in answers, corrections and diffs. Row
ids are stable and never reused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_ROW = re.compile(r"\[[^\[\]]*\]")
_SHAPE = re.compile(r"[a-z_]+(\[[a-z0-9]{1,12}\])?(\.[a-z_]+(\[[a-z0-9]{1,12}\])?)*")


@lru_cache(maxsize=8192)
def well_formed(path: str) -> bool:
    """Whether ``path`` has the shape of an instance path or a type path."""
    return len(path) <= 160 and _SHAPE.fullmatch(path) is not None


@lru_cache(maxsize=8192)
def type_path(path: str) -> str:
    """The type path of an instance path: the same without row ids."""
    return _ROW.sub("", path)


@lru_cache(maxsize=8192)
def rows_of(path: str) -> Mapping[str, str]:
    """The rows an instance path lies in: type path of the row's group → instance path of the row.

    >>> rows_of("website[w1].pre_approvals[5].valid_to")
    {'website': 'website[w1]', 'website.pre_approvals': 'website[w1].pre_approvals[5]'}
    """
    return {type_path(path[: match.end()]): path[: match.end()] for match in _ROW.finditer(path)}


@lru_cache(maxsize=8192)
def row_of(path: str, group: str = "website") -> str | None:
    """The row id of ``group`` in an instance path, or None when the path lies in no such row."""
    row = rows_of(path).get(group)
    return row[row.rindex("[") + 1 : -1] if row else None


@lru_cache(maxsize=8192)
def beside(type_path_: str, anchor: str) -> str:
    """The instance path of a type path in the same rows as ``anchor``.

    >>> beside("website.domain", "website[w1].access.ip_addresses")
    'website[w1].domain'
    """
    for group, row in sorted(rows_of(anchor).items(), key=lambda item: -len(item[0])):
        if type_path_.startswith(group + "."):
            return row + type_path_[len(group) :]
    return type_path_


@lru_cache(maxsize=8192)
def in_row(type_path_: str, group: str, row: str) -> str:
    """The instance path of a type path in the row ``row`` of ``group`` (unchanged when it lies outside the group)."""
    return beside(type_path_, f"{group}[{row}]")
