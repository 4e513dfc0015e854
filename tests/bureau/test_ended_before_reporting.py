"""What a filing is about ends before it is reported: it doesn't leave, and a person looks at it again."""

import pytest

from icp.extensions import begin_write, db
from icp.filings import history, verbs
from icp.filings.states import Action, Actor
from icp.reviewer.words import note_told
from tests.bureau.exchange_cases import account, member, state, uploads, work
from tests.bureau.gateway_filing import ready
from tests.web import operation_cases
from tests.web.ended_cases import TOLD, end
from tests.web.operation_cases import NUMBER, SITE

WHAT = {
    "change": ("access", SITE, "接入已经取消"),
    "new_website": ("subject", NUMBER, "已经注销"),
    "cancel_website": ("website", SITE, "已经注销"),
    "cancel_subject": ("subject", NUMBER, "已经注销"),
}


@pytest.fixture
def reviewer(site):
    return Actor("staff", member("xu@desk.example", "reviewer"))


def accepted(code, reviewer):
    begin_write()
    filing = operation_cases.accepted(code, reviewer)
    assert filing.state == "ready"
    return filing


def everything():
    while work():
        pass


@pytest.mark.parametrize("code", WHAT)
def test_what_ended_after_it_was_accepted_is_not_reported(site, remote, reviewer, code):
    filing = accepted(code, reviewer)
    what, number, words = WHAT[code]
    end(what, number)
    everything()
    assert (state(filing), filing.assignee_id) == ("submitted", None)
    assert (remote.taken, uploads()) == ([], [])
    event = history.last(filing, Action.LAPSED)
    assert event.actor_kind == "worker"
    assert words in event.note
    assert TOLD in event.note
    with site.test_request_context(headers={"Accept-Language": "en"}):
        english = note_told(event.note)
    assert f"{TOLD}, through the bureau’s notice of cancellation." in english
    verbs.take(filing.id, reviewer)
    assert filing.state == "in_review"


def test_what_nothing_ended_of_is_reported(site, remote, reviewer):
    filing = accepted("change", reviewer)
    everything()
    assert state(filing) == "at_bureau"


def test_a_file_that_never_left_is_given_up_and_the_others_leave_without_what_ended(site, remote, reviewer):
    going = accepted("cancel_website", reviewer)
    account_of_ready = ready()
    account().next_sequence = 1
    db.session.commit()
    address, account().base_url = account().base_url, "http://127.0.0.1:9"
    db.session.commit()
    work()
    assert uploads() == [(1, "prepared")]
    assert "reporting" in (state(going), state(account_of_ready))
    end("website", SITE)
    account().base_url = address
    db.session.commit()
    everything()
    assert state(going) == "submitted"
    assert state(account_of_ready) == "at_bureau"
    assert len(remote.taken) == 1
    assert "ZXBA" not in remote.taken[0][2]


def test_a_file_the_bureau_may_have_is_left_alone(site, remote, reviewer):
    going = accepted("cancel_website", reviewer)
    remote.trouble("isp_upload", "after")
    work()
    assert (state(going), uploads()) == ("reporting", [(1, "unclear")])
    end("website", SITE)
    everything()
    assert (state(going), uploads()) == ("at_bureau", [(1, "accepted")])
