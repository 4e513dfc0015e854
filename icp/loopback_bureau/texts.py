"""The bureau's words for its codes, of method calls and of results."""

from __future__ import annotations

import re

from icp.vocabulary import builtin

NOTE = re.compile(r"（消息[^）]*）")
"""What the table of codes notes about a variable part: said by the part itself in a message."""


def code_text(code: int, about: str = "") -> str:
    """The text of a code, with what it refers to."""
    text = NOTE.sub("", builtin().bureau_code(str(code)).zh)
    return f"{text}：{about}" if about else text
