import filing_cases as cases
import pytest
from sqlalchemy import select

from icp.bureau.messages import codes
from icp.bureau.messages.results import ResultLine
from icp.extensions import db
from icp.filings import drafts, marks, verbs
from icp.filings.models import Mark
from icp.filings.states import BUREAU, State
from icp.i18n import tr
from icp.rules.correction import Audience, Correction, Severity, Source
from tests.conftest import both_databases

NAME, PLACE, DOMAIN = "website[w1].name", "subject.mailing_address", "website[w1].domain"


def objection(path=NAME, message="名称和内容不符", **more) -> Correction:
    return marks.reviewer_correction(path, "R043", message, more.get("remedy", "请用单位简称"), "青梧手作")


@pytest.fixture
def taken(draft, host, reviewer) -> int:
    """Submitted and in the reviewer's hands."""
    verbs.submit(draft, host)
    verbs.take(draft, reviewer)
    db.session.commit()
    return draft


@pytest.fixture
def returned(taken, reviewer) -> int:
    """Sent back with two marks."""
    for path in (NAME, PLACE):
        marks.put(cases.filing_of(taken), reviewer, objection(path))
    verbs.send_back(taken, reviewer, 1)
    db.session.commit()
    return taken


def at(filing_id, path) -> Mark:
    (found,) = (mark for mark in marks.of_filing(cases.filing_of(filing_id)) if mark.path == path)
    return found


@both_databases
def test_a_mark_keeps_its_words_sealed_and_its_revision(taken, reviewer):
    marks.put(cases.filing_of(taken), reviewer, objection())
    db.session.commit()
    db.session.expire_all()
    mark = at(taken, NAME)
    assert (mark.revision_no, mark.author_id, mark.source, mark.code) == (1, reviewer.account_id, "reviewer", "R043")
    assert mark.correction == Correction(
        NAME, "R043", Severity.ERROR, "名称和内容不符", "请用单位简称", "青梧手作", Source.REVIEWER
    )
    assert "名称".encode() not in mark.sealed_text
    assert mark.published_at is None


def test_words_of_ours_are_read_in_the_readers_language_and_the_bureaus_own_stand_in_them(taken, app):
    (bureaus,) = codes.corrections([ResultLine(1005, "域名冲突{x}")], cases.answers_of(taken))
    opinion = codes.rejection("字" * 1200)
    for correction in (bureaus, opinion):
        marks.add(cases.filing_of(taken), BUREAU, correction)
    db.session.commit()
    db.session.expire_all()
    kept = at(taken, DOMAIN).correction
    assert kept == bureaus
    assert at(taken, "filing").correction.message == opinion.message[: marks.TEXT_LIMIT]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        english = tr(kept.message)
        assert english.startswith("This domain has already been filed")
        assert "“域名冲突{x}”" in english
        assert "管局" not in english + tr(kept.remedy)


def test_words_are_trimmed_and_bounded(taken, reviewer):
    mark = marks.put(cases.filing_of(taken), reviewer, objection(message="  " + "错" * 1200, remedy=" 改 "))
    assert mark.correction.message == "错" * marks.TEXT_LIMIT
    assert mark.correction.remedy == "改"


def test_a_mark_says_something(taken, reviewer):
    with pytest.raises(marks.MarkRefused):
        marks.put(cases.filing_of(taken), reviewer, objection(message="  "))


@pytest.mark.parametrize("state", [s for s in State if s not in ("in_review", "verifying", "bureau_returned")])
def test_marks_are_made_under_review_only(taken, reviewer, state):
    filing = cases.filing_of(taken)
    filing.state = state
    db.session.commit()
    with pytest.raises(marks.MarkRefused):
        marks.put(filing, reviewer, objection())
    assert marks.of_filing(filing) == []


@both_databases
def test_the_host_sees_nothing_before_the_review_is_sent(taken, reviewer):
    filing = cases.filing_of(taken)
    marks.put(filing, reviewer, objection())
    db.session.commit()
    assert marks.open_for_host(filing) == []
    assert len(marks.unsettled(filing)) == 1
    verbs.send_back(taken, reviewer, 1)
    db.session.commit()
    assert [mark.path for mark in marks.open_for_host(cases.filing_of(taken))] == [NAME]


def test_a_withdrawn_mark_is_not_sent(taken, reviewer):
    filing = cases.filing_of(taken)
    mark = marks.put(filing, reviewer, objection())
    marks.put(filing, reviewer, objection(PLACE))
    marks.withdraw(filing, mark)
    verbs.send_back(taken, reviewer, 1)
    db.session.commit()
    assert [mark.path for mark in marks.open_for_host(cases.filing_of(taken))] == [PLACE]
    assert db.session.get_one(Mark, mark.id).withdrawn_at is not None


def test_sending_back_needs_a_mark(taken, reviewer):
    filing = cases.filing_of(taken)
    mark = marks.put(filing, reviewer, objection())
    marks.withdraw(filing, mark)
    with pytest.raises(verbs.NothingToSendBack):
        verbs.send_back(taken, reviewer, 1)


def test_accepting_needs_every_mark_settled(taken, reviewer):
    filing = cases.filing_of(taken)
    mark = marks.put(filing, reviewer, objection())
    db.session.commit()
    with pytest.raises(verbs.MarksOpen):
        verbs.accept(taken, reviewer, 1)
    db.session.rollback()
    marks.settle(filing, reviewer, [mark])
    verbs.accept(taken, reviewer, 1)
    db.session.commit()
    assert cases.filing_of(taken).state == "verifying"
    assert mark.settled_by_id == reviewer.account_id


@both_databases
def test_every_mark_is_answered_before_submitting_again(returned, host):
    with pytest.raises(verbs.Unanswered):
        verbs.submit(returned, host)
    db.session.rollback()
    filing = cases.filing_of(returned)
    marks.answer(filing, at(returned, NAME), "mended")
    db.session.commit()
    assert [mark.path for mark in marks.unanswered(filing)] == [PLACE]
    with pytest.raises(verbs.Unanswered):
        verbs.submit(returned, host)
    db.session.rollback()
    marks.answer(cases.filing_of(returned), at(returned, PLACE), "right", "  就是这里 ")
    db.session.commit()
    verbs.submit(returned, host)
    db.session.commit()
    filing = cases.filing_of(returned)
    assert (filing.state, filing.revision_no, filing.resubmitted) == ("submitted", 2, True)
    assert at(returned, PLACE).because == "就是这里"
    assert len(marks.unsettled(filing)) == 2, "answering settles nothing: the reviewer does"


def test_an_answer_is_mended_or_right_with_a_reason(returned):
    filing = cases.filing_of(returned)
    for kind, because in (("right", ""), ("right", "  "), ("", "x"), ("maybe", "x")):
        with pytest.raises(marks.MarkRefused):
            marks.answer(filing, at(returned, NAME), kind, because)
    assert len(marks.unanswered(filing)) == 2
    marks.answer(filing, at(returned, NAME), "mended", "这句不留")
    assert at(returned, NAME).because is None


def test_an_answer_can_be_taken_back(returned):
    filing = cases.filing_of(returned)
    mark = at(returned, NAME)
    marks.answer(filing, mark, "right", "就叫这个")
    assert "就叫".encode() not in mark.sealed_because
    marks.unanswer(filing, mark)
    assert (mark.answer, mark.because, mark.answered_at) == ("", None, None)
    assert len(marks.unanswered(filing)) == 2


@pytest.mark.parametrize("state", [s for s in State if s != "returned"])
def test_answers_are_given_while_the_host_has_it(returned, state):
    filing = cases.filing_of(returned)
    filing.state = state
    db.session.commit()
    mark = at(returned, NAME)
    with pytest.raises(marks.MarkRefused):
        marks.answer(filing, mark, "mended")
    with pytest.raises(marks.MarkRefused):
        marks.unanswer(filing, mark)
    assert mark.answer == ""


def test_a_mark_of_another_filing_is_refused(taken, returned, host, reviewer):
    other = cases.submitted(host, host.account_id)
    cases.filing_of(other).state = "returned"
    db.session.commit()
    filing, mark = cases.filing_of(other), at(returned, NAME)
    for attempt in (
        lambda: marks.answer(filing, mark, "mended"),
        lambda: marks.unanswer(filing, mark),
        lambda: marks.withdraw(filing, mark),
        lambda: marks.settle(filing, reviewer, [mark]),
    ):
        with pytest.raises(marks.MarkRefused):
            attempt()
    assert (mark.answer, mark.withdrawn_at, mark.settled_at) == ("", None, None)


def test_a_settled_mark_is_closed(taken, reviewer):
    filing = cases.filing_of(taken)
    mark = marks.put(filing, reviewer, objection())
    marks.settle(filing, reviewer, [mark])
    for attempt in (
        lambda: marks.settle(filing, reviewer, [mark]),
        lambda: marks.withdraw(filing, mark),
        lambda: marks.answer(filing, mark, "mended"),
    ):
        with pytest.raises(marks.MarkRefused):
            attempt()


@both_databases
def test_an_answer_that_does_not_do_is_asked_again(returned, host, reviewer):
    filing = cases.filing_of(returned)
    for path in (NAME, PLACE):
        marks.answer(filing, at(returned, path), "right", "没有错")
    drafts.save(returned, host, {NAME: (None, "青梧手作文创馆")})
    verbs.submit(returned, host)
    verbs.take(returned, reviewer)
    filing = cases.filing_of(returned)
    old = at(returned, NAME)
    marks.again(filing, reviewer, old, objection(message="还是不符"))
    verbs.send_back(returned, reviewer, 2)
    db.session.commit()
    filing = cases.filing_of(returned)
    assert old.settled_at is not None
    found = {mark.path: mark for mark in marks.open_for_host(filing)}
    assert (found[NAME].correction.message, found[NAME].revision_no) == ("还是不符", 2)
    # the one that was answered and neither settled nor repeated is asked again as well
    assert (found[PLACE].revision_no, found[PLACE].answer, found[PLACE].because) == (1, "", None)
    assert len(marks.unanswered(filing)) == 2


def test_withdrawing_the_filing_withdraws_its_open_marks(taken, host, reviewer):
    filing = cases.filing_of(taken)
    settled = marks.put(filing, reviewer, objection(DOMAIN))
    marks.settle(filing, reviewer, [settled])
    marks.put(filing, reviewer, objection())
    db.session.commit()
    verbs.withdraw(taken, host)
    db.session.commit()
    assert marks.of_filing(cases.filing_of(taken)) == [settled]
    verbs.submit(taken, host)
    assert cases.filing_of(taken).revision_no == 2


def test_the_bureaus_words_come_in_at_any_path(taken):
    filing = cases.filing_of(taken)
    marks.add(filing, BUREAU, Correction("filing", "1777", Severity.ERROR, "请核实", source=Source.BUREAU))
    mark = db.session.scalars(select(Mark)).one()
    assert (mark.source, mark.author_id, mark.path) == ("bureau", None, "filing")


# the provider's own


@pytest.fixture
def ours(taken) -> Mark:
    """A code of the bureau that only the provider can act on, before the review is sent."""
    (found,) = codes.corrections([ResultLine(1053, "")], cases.answers_of(taken))
    mark = marks.add(cases.filing_of(taken), BUREAU, found)
    db.session.commit()
    return mark


@both_databases
def test_a_mark_for_the_provider_is_kept_as_such_and_is_never_the_hosts(taken, ours, reviewer, host):
    filing = cases.filing_of(taken)
    his = marks.put(filing, reviewer, objection())
    db.session.commit()
    db.session.expire_all()
    assert (ours.audience, ours.correction.audience, ours.providers) == ("provider", Audience.PROVIDER, True)
    assert (his.audience, his.providers) == ("host", False)
    verbs.send_back(taken, reviewer, 1)
    assert marks.unsettled(filing) == [ours, his]
    assert marks.open_for_host(filing) == marks.unanswered(filing) == [his]
    assert ours.published_at is None
    for by_host in (lambda: marks.answer(filing, ours, "mended"), lambda: marks.unanswer(filing, ours)):
        with pytest.raises(marks.MarkRefused):
            by_host()


def test_a_mark_for_the_provider_holds_up_acceptance_and_not_the_hosts_answer(taken, ours, reviewer, host):
    filing = cases.filing_of(taken)
    marks.put(filing, reviewer, objection())
    verbs.send_back(taken, reviewer, 1)
    marks.answer(filing, at(taken, NAME), "right", "这是我们的商标")
    verbs.submit(taken, host)
    verbs.take(taken, reviewer)
    marks.settle(filing, reviewer, [at(taken, NAME)])
    with pytest.raises(verbs.MarksOpen):
        verbs.accept(taken, reviewer, 2)
    marks.settle(filing, reviewer, [ours])
    verbs.accept(taken, reviewer, 2)
    assert filing.state == State.VERIFYING


def test_nothing_is_sent_back_for_what_is_the_providers_own(taken, ours, reviewer):
    with pytest.raises(verbs.OnlyOurOwn):
        verbs.send_back(taken, reviewer, 1)
    assert cases.filing_of(taken).state == State.IN_REVIEW


def test_what_the_host_takes_back_leaves_the_provider_its_own(taken, ours, reviewer, host):
    marks.put(cases.filing_of(taken), reviewer, objection())
    verbs.withdraw(taken, host)
    assert marks.unsettled(cases.filing_of(taken)) == [ours]


def test_nobody_asks_again_what_nobody_was_asked(taken, ours, reviewer):
    with pytest.raises(marks.MarkRefused):
        marks.again(cases.filing_of(taken), reviewer, ours, objection("filing"))
    assert ours.settled_at is None
