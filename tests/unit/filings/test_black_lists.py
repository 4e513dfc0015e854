"""A filing with a domain or a subject on the bureau's black list isn't submitted, and says why."""

import pytest

from icp.filings import judge, operations
from icp.filings.answers import Answers
from icp.register import blacklist
from icp.register.blacklist import Change, Entry

pytestmark = pytest.mark.usefixtures("app_context")
ANSWERS = Answers(
    {
        "subject.document_type": "1",
        "subject.document_number": "91350100m000100y43",
        "website[w1].domain": "QINGWU.example",
        "website[w2].domain": "other.example",
    },
    {"website": ["w1", "w2"]},
)


def found(operation="new_filing"):
    whole = judge.judge_whole(operations.get(operation), ANSWERS, ())
    return [(c.path, c.message) for c in judge.blocking(whole) if c.code == "R095"]


def test_a_listed_domain_and_subject_stop_it():
    assert found() == []
    blacklist.put("domain", Entry(key="qingwu.example"), Change.ADD)
    blacklist.put("subject", Entry(key="91350100M000100Y43", document_type="1"), Change.ADD)
    (document, subject_text), (domain, domain_text) = found()
    assert (document, domain) == ("subject.document_number", "website[w1].domain")
    assert "1065" in subject_text
    assert "QINGWU.example" in domain_text
    assert "1064" in domain_text


def test_what_only_ends_is_not_stopped():
    blacklist.put("domain", Entry(key="qingwu.example"), Change.ADD)
    assert found("cancel_access") == []


def test_taken_off_the_list_it_goes_on():
    blacklist.put("domain", Entry(key="qingwu.example"), Change.ADD)
    blacklist.put("domain", Entry(key="qingwu.example"), Change.REMOVE)
    assert found() == []
