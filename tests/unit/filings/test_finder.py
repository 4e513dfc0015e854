"""Which operation is proposed for what is known: the table of cases, told once more by hand."""

from itertools import product

import pytest

from icp.filings.finding import CASES, CLAIM, WHEN, Domain, Holds, Subject, find
from icp.filings.operations import OPERATIONS

S, D, H = Subject, Domain, Holds


@pytest.mark.parametrize(
    ("subject", "domain", "holds", "operation", "known"),
    [
        # domain filed under this number, with access here
        (S.MINE, D.ACCESS, H.YES, "change", True),
        # filed, and the access is somewhere else
        (S.MINE, D.RECORD, H.YES, "new_access", True),
        (S.MINE, D.FILED, H.NO, "new_access", True),
        (S.ELSEWHERE, D.FILED, H.UNKNOWN, "new_access", False),
        # a number, and a domain that isn't filed
        (S.MINE, D.NONE, H.YES, "new_website", True),
        (S.MINE, D.UNKNOWN, H.UNKNOWN, "new_website", True),
        (S.ELSEWHERE, D.NONE, H.NO, "new_website", False),
        (S.ELSEWHERE, D.UNKNOWN, H.YES, "new_website", False),
        # neither
        (S.NONE, D.NONE, H.NO, "new_filing", False),
        (S.NONE, D.NONE, H.YES, "new_filing", False),
        (S.NONE, D.UNKNOWN, H.UNKNOWN, "new_filing", False),
        # cancelled
        (S.GONE, D.NONE, H.YES, "new_filing", False),
        # on record here, and nobody's yet
        (S.HERE, D.ACCESS, H.YES, CLAIM, False),
        (S.HERE, D.NONE, H.NO, CLAIM, False),
        # nothing would do
        (S.MINE, D.OTHERS, H.YES, "", False),
        (S.HERE, D.OTHERS, H.YES, "", False),
        (S.NONE, D.FILED, H.NO, "", False),
        (S.CLASH, D.NONE, H.YES, "", False),
        (S.APART, D.NONE, H.YES, "", False),
        # the ministry doesn't answer: what the host says counts
        (S.UNKNOWN, D.UNKNOWN, H.NO, "new_filing", False),
        (S.UNKNOWN, D.UNKNOWN, H.UNKNOWN, "new_filing", False),
        (S.UNKNOWN, D.UNKNOWN, H.YES, "new_website", False),
        (S.UNKNOWN, D.FILED, H.NO, "new_access", False),
    ],
)
def test_what_is_proposed(subject, domain, holds, operation, known):
    case = find(subject, domain, holds)
    assert (case.operation, case.known) == (operation, known), case.name


def test_every_combination_has_a_case_and_every_case_a_combination():
    reached = {find(*facts).name for facts in product(Subject, Domain, Holds)}
    assert reached == {case.name for case in CASES}
    assert len(reached) == len(CASES)


def test_what_is_proposed_can_be_begun_by_a_host():
    for case in CASES:
        if case.operation not in ("", CLAIM):
            operation = OPERATIONS[case.operation]
            assert not operation.by_staff_only
            assert case.known or operation.begins != "record", case.name
    assert WHEN.keys() == OPERATIONS.keys()
