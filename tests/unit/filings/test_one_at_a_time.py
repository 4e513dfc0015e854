"""What is refused beside another filing of the subject, and what needs access here, by operation."""

import pytest

from icp.extensions import db
from icp.filings import drafts, opening, operations, preflight
from icp.filings.models import Filing
from tests.unit.register.register_cases import OTHERS, record, subject, website

ONCE = {"new_filing", "change", "cancel_subject"}


@pytest.mark.parametrize("first", operations.OPERATIONS)
@pytest.mark.parametrize("second", operations.OPERATIONS)
def test_what_can_wait_for_what(first, second):
    under_way = Filing(operation=first, domain="one.example")
    for domain, same in (("one.example", first == second), ("two.example", first == second and first in ONCE)):
        refused = preflight.refuses(Filing(operation=second, domain=domain), under_way)
        assert refused == (first == "cancel_subject" or same), domain


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ("change", "现在没有由我们接入的网站"),
        ("cancel_subject", "现在不由我们接入"),
        ("cancel_website", "现在不由我们接入"),
        ("new_website", ""),
    ],
)
def test_only_the_access_provider_changes_or_cancels(site, host, operation, wanted):
    known = record(subject(website(provider=OTHERS)), None)
    number = known.websites[0].number
    filing = opening.open_filing(
        operation, host, host_id=host.account_id, subject=known, websites=[number] if operation != "new_website" else []
    )
    db.session.commit()
    found = preflight.check(filing, operations.get(operation), drafts.read(filing.id).answers)
    said = [str(correction.message) for correction in found if correction.code == "1048"]
    assert [wanted in text for text in said] == [True] * bool(wanted)
