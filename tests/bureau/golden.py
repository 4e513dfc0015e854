"""Messages written by hand from the interface's description, and comparing a document with one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from icp.bureau.codec import schema, xml

FOLDER = Path(__file__).parent / "golden"


def golden(name: str) -> Any:
    """The document written by hand for ``name``."""
    root = xml.parse((FOLDER / f"{name}.xml").read_text(encoding="utf-8").encode("gbk"))
    assert schema.check_upload(root) == []
    return root


def same(one: Any, other: Any) -> bool:
    """Whether two upload documents say the same, in the same order where the order counts."""
    assert _plain(one) == _plain(other)
    return True


def _plain(element: Any, path: str = "") -> Any:
    path = f"{path}/{element.tag}"
    children = [_plain(child, path) for child in element]
    if path in _free():
        children.sort(key=lambda child: str(child[0]))
    text = re.sub(r"\s+", "", element.text or "")
    return (element.tag, dict(element.attrib), text, children)


def _free() -> set[str]:
    return {row.path for row in schema.rows("upload") if row.children == "all"}
