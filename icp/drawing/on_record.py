"""Records of the register in words: sections of lines, what is a person's own masked until somebody asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from icp import vocabulary
from icp.i18n import language
from icp.register import reading, versions
from icp.register.models import Subject, Website
from icp.register.versions import Difference, Leaf, Version
from icp.rules import domains
from icp.verification.facts import masked
from icp.vocabulary.text import N_

KINDS = {
    "recorded": N_("登记"),
    "replaced": N_("更新"),
    "subject_cancelled": N_("注销主体"),
    "website_cancelled": N_("注销网站"),
    "access_cancelled": N_("取消接入"),
}
SOURCES = {"bureau": N_("管局"), "import": N_("导入")}


@dataclass(frozen=True)
class Line:
    """One value in words; ``old`` is what it was, in a difference."""

    label: str
    text: str
    code: bool = False
    old: str | None = None


@dataclass
class Section:
    """The subject (``website`` is None) or one of its websites; ``hidden`` when something in it is masked."""

    key: str
    lines: list[Line] = field(default_factory=list)
    website: Website | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Told:
    """A version in words."""

    version: Version
    lines: tuple[Line, ...]


def sections(subject: Subject, shown: Collection[str] = ()) -> list[Section]:
    """What is on record of a subject.

    Args:
        subject: whose.
        shown: keys of the sections in which nothing is masked.
    """
    found = {"": Section("")}
    for website in subject.websites:
        if website.cancelled_at is None:
            found[website.number] = Section(website.number, website=website)
    for (part, _), leaf in versions.leaves(reading.snapshot(subject)).items():
        section = found[part]
        section.lines.append(Line(leaf.label, say(leaf, part in shown), leaf.kind in ("code", "number", "phone")))
        section.hidden |= leaf.personal and part not in shown
    return list(found.values())


def history(subject: Subject, before: int | None = None) -> list[Told]:
    """The versions of a subject's record, newest first, everything personal masked."""
    return [
        Told(version, tuple(_difference(d) for d in version.differences if version.event.before))
        for version in versions.of_subject(subject, before)
    ]


def _difference(found: Difference) -> Line:
    leaf = found.leaf
    old, new = (say(side) if side else "" for side in (found.before, found.after))
    return Line(leaf.label, new, leaf.kind in ("code", "number", "phone"), old)


def say(leaf: Leaf, shown: bool = False) -> str:
    """A value in words, in the reader's language."""
    words, chosen = vocabulary.current(), language()
    if leaf.personal and not shown:
        return "; ".join(_MASKS[leaf.kind](value) for value in leaf.values)
    if leaf.kind == "region":
        return words.regions.full_name(leaf.values[0]) or leaf.values[0]
    if leaf.kind == "domain":
        return "; ".join(domains.unicode(name) for name in leaf.values)
    if leaf.kind == "access":
        methods, locations, *ranges = leaf.values
        named = [words.label("access_methods", code, chosen) for code in methods.split()]
        named += [words.label("server_locations", code, chosen) for code in locations.split()]
        return "; ".join(ranges + named)
    if leaf.kind == "preapproval_types":
        return f"{words.label(leaf.kind, leaf.values[0], chosen)} {leaf.values[1]}".strip()
    if leaf.kind in words.tables:
        return "; ".join(words.label(leaf.kind, code, chosen) for code in leaf.values)
    return "; ".join(leaf.values)


def _masked_mail(address: str) -> str:
    head, _, tail = address.partition("@")
    return f"{head[:1]}***@{tail}" if tail else masked(address)


def _masked_phone(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else masked(number)


_MASKS = {"number": masked, "phone": _masked_phone, "mail": _masked_mail}
