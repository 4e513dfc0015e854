"""Applying JCDM: each table that comes takes the place of ours, dated; what can't be used is told and kept aside."""

from __future__ import annotations

import json
from typing import Any

from icp import vocabulary
from icp.bureau.incoming import Incoming
from icp.bureau.messages import code_tables
from icp.bureau.messages.code_tables import Found
from icp.vocabulary.models import TableRefused, keep_unknown, replace_table, versions

REFUSED, UNKNOWN = "table_refused", "unknown_table"


def tables(incoming: Incoming, group: Any) -> None:
    """Apply the tables of a ``JCDM``: a table that says what it said before changes nothing, an empty one neither."""
    for element in code_tables.parts(group):
        found = code_tables.read(element, vocabulary.current())
        try:
            if found.rows:
                _apply(incoming, found)
        except TableRefused as refused:
            incoming.alert(REFUSED, str(refused))


def _apply(incoming: Incoming, found: Found) -> None:
    source = incoming.download.file_name
    if not found.table:
        if _differs(found.element, found):
            keep_unknown(found.element, found.rows, source)
            incoming.alert(UNKNOWN, found.element)
        return
    if _differs(found.table, found):
        replace_table(found.table, found.rows, source)


def _differs(name: str, found: Found) -> bool:
    last = versions(name, 1)
    return not last or json.loads(last[0].rows) != list(found.rows)
