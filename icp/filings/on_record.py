"""What is on record as answers: where a filing that is about a record begins, and what its changes are told against."""

from __future__ import annotations

from collections.abc import Callable, Collection

from icp import rules
from icp.filings import judge
from icp.filings.answers import Answers
from icp.filings.operations import Operation
from icp.filings.paths import type_path
from icp.register.models import Access, Subject, Website
from icp.rules.addresses_ip import to_text
from icp.rules.correction import Value

SUBJECT = (
    "name",
    "organisation_type",
    "document_type",
    "document_number",
    "document_address",
    "region_code",
    "mailing_address",
    "supervisor",
    "remark",
)
PRINCIPAL = ("name", "document_type", "document_number", "landline", "mobile", "email")
WEBSITE = ("name", "home_url", "remark", "service_content", "languages")
ACCESS = ("access_method", "server_location", "ip_addresses")
SAID_OF_SUBJECT = ("organisation_type",)
"""What a host says of a subject that isn't known here, besides its number."""
COMPARED = (
    *WEBSITE,
    "domain",
    "pre_approvals",
    *(f"principal.{name}" for name in PRINCIPAL),
    *(f"access.{name}" for name in ACCESS),
)
"""What a host says of a website, and what is compared once the record can be seen."""


def begin(
    answers: Answers,
    operation: Operation,
    subject: Subject,
    websites: Collection[str] = (),
    *,
    row_for: Callable[[Website], str] | None = None,
) -> None:
    """Fill a new draft with what is on record.

    Args:
        answers: of the draft, empty.
        operation: its declaration.
        subject: the subject on record.
        websites: numbers of the websites it is about; none: every one with access here, unless websites are to be
            added.
        row_for: gives the row of a website; None: w1, w2 … in the order of the record.
    """
    answers.values.update(_subject(subject))
    for place, website in enumerate(named(operation, subject, websites), 1):
        row = f"w{place}" if row_for is None else row_for(website)
        answers.groups.setdefault("website", []).append(row)
        answers.values.update(website_values(website, row, subject))
    as_stored(answers, operation)
    known = {path for path in answers.values if operation.has_field(path)}
    answers.record = {path: answers.values[path] for path in answers.values if path in known}
    answers.values = {path: value for path, value in answers.values.items() if path in known}


def named(operation: Operation, subject: Subject, websites: Collection[str]) -> list[Website]:
    """The websites a draft begins with; see ``begin``."""
    adds = any(step.repeat and step.grows for step in operation.steps)
    return [w for w in _websites(subject) if w.number in websites or (not websites and not adds and ours(w))]


def refresh(answers: Answers, operation: Operation, subject: Subject) -> None:
    """Bring what is only told up to date with the record; what was typed stays."""
    fresh = Answers(values=_subject(subject))
    as_stored(fresh, operation)
    for path, value in fresh.values.items():
        if operation.has_field(path) and not operation.asks(path):
            answers.values[path] = answers.record[path] = value


def ours(website: Website) -> Access | None:
    """Its access on this provider's addresses, None when it has none."""
    return next((access for access in website.accesses if access.ours), None)


def _websites(subject: Subject) -> list[Website]:
    return [website for website in subject.websites if website.cancelled_at is None]


def _subject(subject: Subject) -> dict[str, Value]:
    details = subject.details
    found: dict[str, Value] = {"subject.filing_number": subject.number}
    found |= {f"subject.{name}": details.get(name, "") for name in SUBJECT}
    return _said(found | _principal("subject.principal", details.get("principal") or {}))


def website_values(website: Website, row: str, subject: Subject) -> dict[str, Value]:
    """A website on record as answers of a row."""
    details, at = website.details, f"website[{row}]"
    found: dict[str, Value] = {f"{at}.filing_number": website.number}
    found |= {f"{at}.{name}": details.get(name, "") for name in WEBSITE}
    found[f"{at}.domain"] = website.domains[0].name if website.domains else ""
    approvals = dict(details.get("pre_approvals") or [])
    found[f"{at}.pre_approvals"] = list(approvals) or ["none"]
    found |= {f"{at}.pre_approvals[{kind}].approval_number": number for kind, number in approvals.items()}
    own, principal = details.get("principal") or {}, subject.details.get("principal") or {}
    same = all(own.get(name) == principal.get(name) for name in PRINCIPAL)
    found[f"{at}.principal.same_as_subject"] = "yes" if same else "no"
    if not same:
        found |= _principal(f"{at}.principal", own)
    access = ours(website)
    if access is not None:
        found |= _access(f"{at}.access", access)
    return _said(found)


def principal_values(website: Website, row: str) -> dict[str, Value]:
    """The principal of a website on record as answers of a row, also where he is the subject's."""
    return _said(_principal(f"website[{row}].principal", website.details.get("principal") or {}))


def _principal(at: str, person: dict[str, str]) -> dict[str, Value]:
    return {f"{at}.{name}": person.get(name, "") for name in PRINCIPAL}


def _access(at: str, access: Access) -> dict[str, Value]:
    details = access.details
    ranges = details.get("ranges") or []
    assert isinstance(ranges, list)  # noqa: S101 # for the type checker
    return {
        f"{at}.access_method": _first(details.get("methods")),
        f"{at}.server_location": _first(details.get("locations")),
        f"{at}.ip_addresses": [to_text(int(r["first"]), int(r["last"])) for r in ranges],
    }


def _first(codes: object) -> str:
    return str(codes[0]) if isinstance(codes, list) and codes else ""


def _said(values: dict[str, Value]) -> dict[str, Value]:
    return {path: value for path, value in values.items() if value}


def as_stored(answers: Answers, operation: Operation) -> None:
    """Bring values into the form in which answers are stored, so that what nobody touches doesn't look changed."""
    for path, value in list(answers.values.items()):
        context = judge.context_for(operation, answers, path)
        answers.values[path] = rules.check(type_path(path), value, context).stored
