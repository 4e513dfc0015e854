"""Each test makes a site of its own; what is the same for all of them is compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Compiled templates, kept while the tests run: compiling them was two thirds of what a test of pages cost."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


def remember_routes(patch: pytest.MonkeyPatch) -> None:
    """Compile what builds an address once for each rule, not for each site: nine tenths of what making a site costs.

    What Werkzeug compiles for a rule takes the rule as its argument; it depends on the rule's text and defaults alone.
    """
    compile_builder = Rule._compile_builder
    known: dict[Any, Callable[..., tuple[str, str]]] = {}

    def remembered(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(self, append_unknown)
        return known[key]

    patch.setattr(Rule, "_compile_builder", remembered)
