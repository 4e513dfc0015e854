"""Coded fields: the value is one of the bureau's codes (R004, R036, R060), a region, or yes and no."""

from __future__ import annotations

from collections.abc import Callable

from icp.rules.canonical import as_list, as_text, plain, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings
from icp.vocabulary.text import Term

NONE = "none"
FOREIGN_DOCUMENTS = ("7", "11", "14", "30", "41", "42")
OTHER_CONTENT = "24"
PERSONAL_CONTENTS = ("6", OTHER_CONTENT)
MOST_CONTENTS = 5

PathRule = Callable[[str, Value, Context], Checked]


def code(table: str) -> PathRule:
    """A rule for one code of a table."""

    def rule(path: str, value: Value, context: Context) -> Checked:
        found = Findings(path)
        chosen = without_spaces(plain(as_text(value)))
        if not context.vocabulary.has(table, chosen):
            found.error("code.unknown", value=chosen[:20])
        return found.checked(chosen)

    return rule


def codes(table: str, *, none: bool = False) -> PathRule:
    """A rule for several codes of a table; with ``none`` the word `none` may stand alone instead."""

    def rule(path: str, value: Value, context: Context) -> Checked:
        found = Findings(path)
        chosen = list(dict.fromkeys(without_spaces(plain(item)) for item in as_list(value)))
        chosen = [item for item in chosen if item]
        unknown = [c for c in chosen if not (none and c == NONE) and not context.vocabulary.has(table, c)]
        if unknown:
            found.error("code.unknown", value=" ".join(unknown)[:20])
        elif none and NONE in chosen and len(chosen) > 1:
            found.error("pre_approvals.none_and_some")
        return found.checked(chosen)

    return rule


def choice(*words: str) -> PathRule:
    """A rule for one word out of some."""

    def rule(path: str, value: Value, context: Context) -> Checked:
        found = Findings(path)
        chosen = without_spaces(plain(as_text(value))).lower()
        if chosen not in words:
            found.error("code.unknown", value=chosen[:20])
        return found.checked(chosen)

    return rule


def subject_document_type(path: str, value: Value, context: Context) -> Checked:
    """The subject's document: one that its type of organisation may use (R004)."""
    checked = code("document_types")(path, value, context)
    kind = context.text("subject.organisation_type").strip()
    allowed = context.vocabulary.document_types_for(kind)
    if checked.refused or not allowed or checked.stored in {option.code for option in allowed}:
        return checked
    found = Findings(path)
    only = allowed[0].code if len(allowed) == 1 else None
    found.error(
        "R004",
        only,
        document=context.vocabulary.term("document_types", str(checked.stored)),
        organisation=context.vocabulary.term("organisation_types", kind),
        allowed=Term.listed(Term(option.zh, option.en) for option in allowed),
    )
    return found.checked(checked.stored)


def principal_document_type(path: str, value: Value, context: Context) -> Checked:
    """A principal's document: one of a person; where asked for, a mainland one (R036)."""
    checked = code("document_types")(path, value, context)
    if checked.refused:
        return checked
    found = Findings(path)
    vocabulary = context.vocabulary
    if checked.stored not in {option.code for option in vocabulary.principal_document_types()}:
        found.error("principal.document_type", document=vocabulary.term("document_types", str(checked.stored)))
    elif path.startswith("subject.") and checked.stored in FOREIGN_DOCUMENTS:
        organisation = not vocabulary.is_individual(context.text("subject.organisation_type").strip())
        if organisation and vocabulary.province_rules(context.text("subject.region_code")).mainland_principal:
            found.warn("R036")
    return found.checked(checked.stored)


def region_code(path: str, value: Value, context: Context) -> Checked:
    """The subject's region, down to the district."""
    found = Findings(path)
    chosen = without_spaces(plain(as_text(value)))
    regions = context.vocabulary.regions
    if not regions.exists(chosen):
        if chosen[:2] in ("71", "81", "82") and len(chosen) == 6:
            found.error("region.no_bureau")
        else:
            found.error("region.unknown", value=chosen[:20])
    elif not regions.is_district(chosen):
        found.error("region.incomplete", region=regions.full_name(chosen))
    return found.checked(chosen)


def service_content(path: str, value: Value, context: Context) -> Checked:
    """What the website does; of an individual a blog or something else (R060)."""
    checked = codes("service_contents")(path, value, context)
    if checked.refused or not isinstance(checked.stored, list) or not checked.stored:
        return checked
    found = Findings(path)
    if context.vocabulary.is_individual(context.text("subject.organisation_type").strip()):
        unfit = [c for c in checked.stored if c not in PERSONAL_CONTENTS]
        if unfit:
            found.warn("R060", contents=Term.listed(context.vocabulary.term("service_contents", c) for c in unfit))
    if len(checked.stored) > MOST_CONTENTS:
        found.warn("service_content.many", count=len(checked.stored))
    return found.checked(checked.stored)


def pre_approvals(path: str, value: Value, context: Context) -> Checked:
    """The kinds of approval the website needs, or `none`."""
    checked = codes("preapproval_types", none=True)(path, value, context)
    if checked.refused or not checked.stored or checked.stored == [NONE]:
        return checked
    found = Findings(path)
    if context.vocabulary.is_individual(context.text("subject.organisation_type").strip()):
        found.warn("pre_approvals.individual")
    return found.checked(checked.stored)
