"""Old beside new: what a record says of a filing against what is on record, and what on record it concerns."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from icp.bureau.codec.xml import text_of
from icp.loopback_bureau.checks import Target
from icp.loopback_bureau.reading import Fact, Section

SAME = {"sjhm": "Fzr_sjhm"}
"""Elements that a group has another name for."""

BOOKS = frozenset(
    {
        "IspZtid",
        "IspWzid",
        "IspYmid",
        "IspJrid",
        "IspIpid",
        "Ispid",
        "Ztid",
        "Wzid",
        "Ymid",
        "Jrid",
        "Ipid",
        "Baxh",
        "Bbfs",
        "Bbyhlx",
        "Scbbsj",
        "Zjxgsj",
        "Shsj",
    }
)
"""What the bureau keeps about a filing and no change alters."""


def compared(sections: Iterable[Section], on_record: Sequence[Section], *, whole: bool) -> list[Section]:
    """The sections of a record, with what is on record beside each value that differs.

    Sections of objects that aren't on record are left as they are.

    Args:
        sections: of the record.
        on_record: of the filing.
        whole: whether what the record doesn't name will be gone; it is then shown as empty.
    """
    known = {section.key: section for section in on_record if section.key[0]}
    return [_compared(section, known[section.key], whole) if section.key in known else section for section in sections]


def _compared(section: Section, old: Section, whole: bool) -> Section:
    before = {fact.element: fact for fact in old.facts if fact.element not in BOOKS}
    facts: list[Fact] = []
    for fact in section.facts:
        was = before.pop(SAME.get(fact.element, fact.element), None)
        if fact.element in BOOKS or (was is not None and was.value == fact.value):
            facts.append(fact)
        else:
            facts.append(replace(fact, before=was.value if was is not None else ""))
    gone = (replace(fact, value="", before=fact.value) for fact in before.values() if whole)
    return replace(section, facts=(*facts, *gone))


def concerned(filing: Any, target: Target) -> Any:
    """The part of a filing (``Baxx`` of BASJ) that a request concerns: one website, one access record, or the sponsor.

    Args:
        filing: everything on record of the sponsor.
        target: what the request names; with a sponsor alone its websites are kept.
    """
    part = copy.deepcopy(filing)
    if target.website is None:
        return part
    for website in part.findall("Wz_xx"):
        if text_of(website, "Wzid") != str(target.website["id"]):
            part.remove(website)
            continue
        for access in website.findall("Jr_xx") if target.access is not None else ():
            if target.access is not None and text_of(access, "Jrid") != str(target.access["id"]):
                website.remove(access)
    return part
