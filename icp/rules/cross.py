"""Answers that must go together: the two principals, the websites of a filing, the person and the province."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Protocol

from icp.rules import numbers
from icp.rules.ages import number_of
from icp.rules.canonical import one_line, plain
from icp.rules.correction import Context, Correction, Severity, Source
from icp.rules.documents import RESIDENT_ID
from icp.rules.domains import ascii_form, split_address
from icp.rules.findings import correction
from icp.rules.mail import canonical as same_mail
from icp.rules.names import canonical_person
from icp.rules.phones import digits_of


class WholeView(Protocol):
    """What the checks between answers need of ``icp.rules.whole.Whole``."""

    @property
    def context(self) -> Context:
        """The vocabulary, the operation and the day."""

    def at(self, path: str, /) -> Context:
        """The context of an answer."""

    def text(self, path: str, /) -> str:
        """The answer at an instance path as text."""

    def websites(self) -> list[str]:
        """The instance paths of the websites."""


SUBJECT = "subject.principal"


def cross_checks(whole: WholeView, wanted: Collection[str]) -> Iterator[Correction]:
    """All checks between answers whose fields this operation asks for.

    Args:
        whole: the filing.
        wanted: the type paths asked for.
    """
    if "subject.name" in wanted:
        yield from _individual(whole)
    if "website.principal.mobile" in wanted and "subject.principal.mobile" in wanted:
        for website in whole.websites():
            yield from _two_principals(whole, f"{website}.principal")
    if "website.domain" in wanted:
        yield from _doubles(whole, "domain", "domain.twice", _domain)
        yield from _doubles(whole, "name", "website_name.twice", one_line, Severity.WARNING)
        yield from _numbers_of_websites(whole)


def _say(path: str, code: str, severity: Severity = Severity.ERROR, **values: Any) -> Correction:
    return correction(path, code, severity, source=Source.WHOLE, **values)


def _individual(whole: WholeView) -> Iterator[Correction]:
    """An individual is its own principal, and files where its ID card was issued unless the province is open."""
    context = whole.at("subject.name")
    if not context.vocabulary.is_individual(whole.text("subject.organisation_type")):
        return
    number = number_of("subject.document_number", context)
    same_kind = whole.text("subject.document_type") == whole.text(f"{SUBJECT}.document_type")
    other = number_of(f"{SUBJECT}.document_number", context)
    if same_kind and number and other and number != other:
        yield _say(f"{SUBJECT}.document_number", "principal.number_not_individual")
    region = whole.text("subject.region_code")
    if whole.text("subject.document_type") != RESIDENT_ID or not numbers.id_fits(number) or len(region) != 6:
        return
    regions = context.vocabulary.regions
    issued = number[:2] + "0000"
    if issued[:2] == region[:2] or not regions.exists(issued):
        return
    rule = context.vocabulary.province_rules(region).outside_individuals
    if rule != "accepted":
        code = "R018" if rule == "permit" else "outside_individual.refused"
        names = {"issued": regions.name(issued), "chosen": regions.name(region[:2] + "0000")}
        yield _say("subject.region_code", code, Severity.WARNING, **names)


def _two_principals(whole: WholeView, other: str) -> Iterator[Correction]:
    """Two different people have numbers of their own (R031, R032); in some provinces they are one person (R037)."""
    context = whole.at(other)
    if whole.text(f"{other}.same_as_subject") != "no":
        return
    names = [canonical_person(whole.text(f"{p}.name")) for p in (SUBJECT, other)]
    ids = [number_of(f"{SUBJECT}.document_number", context), number_of("website.principal.document_number", context)]
    if ids[0] and ids[0] == ids[1]:
        if all(names) and names[0] != names[1]:
            yield _say(f"{other}.document_number", "principals.same_number")
        return
    yield from _shared(whole, other)
    rules = context.vocabulary.province_rules(whole.text("subject.region_code"))
    representative = canonical_person(whole.text("subject.legal_representative.name"))
    organisation = not context.vocabulary.is_individual(whole.text("subject.organisation_type"))
    bound = rules.one_principal_unless_legal_representative and organisation
    if bound and all(names) and representative and names[0] != representative:
        yield _say(f"{other}.same_as_subject", "R037", Severity.WARNING)


def _shared(whole: WholeView, other: str) -> Iterator[Correction]:
    def pair(field: str, form: Callable[[str], str]) -> tuple[str, str]:
        return form(whole.text(f"{SUBJECT}.{field}")), form(whole.text(f"{other}.{field}"))

    mobiles, emergencies = pair("mobile", digits_of), pair("emergency_phone", digits_of)
    if mobiles[0] and mobiles[0] == mobiles[1]:
        yield _say(f"{other}.mobile", "R032")
    first, second = pair("email", same_mail)
    if first and first.lower() == second.lower():
        yield _say(f"{other}.email", "principals.same_email")
    if emergencies[0] and emergencies[0] == emergencies[1]:
        rules = whole.context.vocabulary.province_rules(whole.text("subject.region_code"))
        severity = Severity.ERROR if rules.emergency_phones_differ else Severity.WARNING
        yield _say(f"{other}.emergency_phone", "R031", severity)
    for path, emergency, mobile in (
        (f"{SUBJECT}.emergency_phone", emergencies[0], mobiles[1]),
        (f"{other}.emergency_phone", emergencies[1], mobiles[0]),
    ):
        if emergency and emergency == mobile:
            yield _say(path, "principals.emergency_is_mobile", Severity.WARNING)


def _domain(text: str) -> str:
    host = split_address(plain(text))[0].removeprefix("www.")
    return ascii_form(host) or host


def _doubles(
    whole: WholeView, field: str, code: str, form: Callable[[str], str], severity: Severity = Severity.ERROR
) -> Iterator[Correction]:
    """The second and later websites with the same value."""
    seen: set[str] = set()
    for website in whole.websites():
        value = form(whole.text(f"{website}.{field}"))
        if value and value in seen:
            yield _say(f"{website}.{field}", code, severity)
        seen.add(value)


def _numbers_of_websites(whole: WholeView) -> Iterator[Correction]:
    """How many websites a filing and a subject may have (R064), and when a plan is asked for (R082)."""
    count = len(whole.websites())
    vocabulary = whole.context.vocabulary
    rules = vocabulary.province_rules(whole.text("subject.region_code"))
    individual = vocabulary.is_individual(whole.text("subject.organisation_type"))
    of_subject = rules.websites_per_individual if individual else rules.websites_per_organisation
    if rules.websites_per_filing and count > rules.websites_per_filing:
        yield _say("website", "R064", count=count, limit=rules.websites_per_filing)
    elif of_subject and count > of_subject:
        yield _say("website", "websites.subject_limit", Severity.WARNING, count=count, limit=of_subject)
    if not individual and rules.construction_plan_from and count >= rules.construction_plan_from:
        yield _say("website", "R082", Severity.INFO, count=count)
