"""A filing of every operation about one subject on record, brought about by the same verbs as a person's clicks."""

from __future__ import annotations

from typing import Any

from icp import vocabulary
from icp.demo.load import RANGES
from icp.extensions import begin_write, db
from icp.filings import drafts, opening, operations, passwords, verbs
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from icp.register import verbs as register
from icp.register.models import Subject
from tests.unit.register.register_cases import OURS, access, subject, website
from tests.web import desk_cases

NUMBER, SITE = "闽ICP备2026000001号", "闽ICP备2026000001号-1"
MD5 = "0123456789abcdef0123456789abcdef"
OPERATIONS = tuple(operations.OPERATIONS)
STRANGER = {
    "subject.filing_number": NUMBER,
    "subject.organisation_type": "4",
}
PERSON = {
    "principal.name": "林知夏",
    "principal.document_type": "2",
    "principal.document_number": "11010519491231002X",
    "principal.document_valid_from": "2020-01-01",
    "principal.document_valid_to": "long",
    "principal.landline": "0591-87654321",
    "principal.mobile": "13900000000",
    "principal.email": "lin@qingwu.example",
    "access.access_method": "3",
    "access.server_location": "4",
    "access.ip_addresses": ["203.0.113.24"],
}
SITE_HERE = {"filing_number": SITE, "name": "青梧文创手作馆", "domain": "qingwu.example", **PERSON}
ANOTHER = {
    "name": "青梧陶艺工坊",
    "domain": "taoyi.example",
    "home_url": "www.taoyi.example",
    "service_content": ["8"],
    "languages": ["1"],
    "pre_approvals": ["none"],
    "principal.same_as_subject": "yes",
    **{path: value for path, value in PERSON.items() if path.startswith("access.")},
}
TYPED: dict[str, dict[str, Any]] = {
    "change": {"subject.mailing_address": "示例路19号"},
    "new_access": STRANGER | {f"website[w1].{path}": value for path, value in SITE_HERE.items()},
    "new_website": {f"website[w1].{path}": value for path, value in ANOTHER.items()},
    "cancel_access": {"cancellation.reason": "1"},
    "cancel_website": {"cancellation.reason": "1", "cancellation.remark": "店铺关了"},
    "cancel_subject": {"cancellation.reason": "1"},
}
"""What is typed in each operation that isn't the first filing; `new_access` is about a record unknown here."""


def on_record() -> Subject:
    """The subject all filings but the first are about, with one website that has access here."""
    offer()
    site = website(accesses=(access(provider=OURS),))
    recorded = register.record(subject(site), filing_id=None, our_isp_id=OURS)
    db.session.flush()
    return recorded


def offer() -> None:
    """The provider's addresses."""
    begin_write()
    if not ranges.offered_to(""):
        ranges.import_csv(RANGES)


def acting(code: str, by: Actor) -> Actor:
    """Who fills an operation in: the host, or the provider where only he does it."""
    return Actor("staff", by.account_id) if operations.get(code).by_staff_only else by


def opened(code: str, by: Actor, known: Subject | None = None) -> Filing:
    """A draft of an operation, complete, with its password and papers."""
    by = acting(code, by)
    offer()
    about = None if code == "new_access" else known or on_record()
    numbers = [SITE] if code in ("cancel_website", "cancel_access") else []
    filing = opening.open_filing(code, by, host_id=by.account_id, subject=about, websites=numbers)
    keep(filing, by, TYPED[code])
    operation = operations.get(code)
    if passwords.needed("350000", operation):
        passwords.keep(filing.id, by, number=NUMBER, md5=MD5, verdict=passwords.RIGHT)
    for slot in operation.papers(drafts.read(filing.id).answers, vocabulary.current()):
        if slot.required:
            desk_cases.keep_paper(filing.id, slot.path)
    return filing


def keep(filing: Filing, by: Actor, typed: dict[str, Any]) -> None:
    """Save values, whatever is there."""
    drafts.save(filing.id, by, {path: (None, value) for path, value in typed.items()})


def submitted(code: str, known: Subject | None = None) -> Filing:
    """A filing of any operation in the queue."""
    if code == "new_filing":
        return desk_cases.submitted()
    begin_write()
    by = desk_cases.host_of(desk_cases.HOST)
    filing = opened(code, by, known)
    verbs.submit(filing.id, acting(code, by))
    db.session.commit()
    return filing


def accepted(code: str, reviewer: Actor) -> Filing:
    """Passed by a reviewer; its visit, where it has one, is done."""
    filing = submitted(code)
    verbs.take(filing.id, reviewer)
    verbs.accept(filing.id, reviewer, filing.revision_no)
    if filing.state == "verifying":
        verbs.verified(filing.id, reviewer)
    db.session.commit()
    return filing


def at_bureau(code: str, reviewer: Actor) -> Filing:
    """Taken by the bureau's system."""
    filing = drafts.lock(accepted(code, reviewer).id)
    verbs.report_started(filing)
    verbs.taken(filing)
    db.session.commit()
    return filing


def approved(code: str, reviewer: Actor) -> Filing:
    """Approved by the bureau; the register is left as it was."""
    filing = drafts.lock(at_bureau(code, reviewer).id)
    verbs.approved(filing)
    db.session.commit()
    return filing
