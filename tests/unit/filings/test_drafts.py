import datetime as dt

import filing_cases as cases
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from icp.extensions import db
from icp.filings import drafts, numbering, opening, verbs
from icp.filings.answers import Answers
from icp.filings.models import Draft, Event, Filing, FilingHost
from icp.filings.states import WORKER, Actor, State, counts
from tests.conftest import both_databases

NAME = "website[w1].name"


@pytest.fixture
def empty(host) -> int:
    """A draft just opened."""
    filing_id = opening.open_filing("new_filing", host, host_id=host.account_id).id
    db.session.commit()
    return filing_id


def save(filing_id, by, path, shown, typed):
    (result,) = drafts.save(filing_id, by, {path: (shown, typed)})
    db.session.commit()
    return result


def stored(filing_id, path):
    return cases.answers_of(filing_id).get(path)


@both_databases
def test_opening_makes_a_draft_with_one_row_and_its_history(empty, host):
    filing = cases.filing_of(empty)
    assert (filing.state, filing.mode, filing.revision_no, filing.assignee_id) == ("draft", "0", 0, None)
    assert numbering.well_formed(filing.number)
    assert cases.answers_of(empty).rows("website") == ["w1"]
    assert db.session.scalars(select(FilingHost.account_id)).all() == [host.account_id]
    (event,) = db.session.scalars(select(Event))
    assert (event.action, event.before, event.after, event.actor_id) == ("open", "", "draft", host.account_id)
    assert counts()[State.DRAFT] == 1


def test_staff_open_on_behalf_and_may_fill_in(reviewer, host):
    filing = opening.open_filing("new_filing", reviewer, host_id=None, entrance="bureau", province="350000")
    assert (filing.mode, filing.entrance, filing.province) == ("1", "bureau", "350000")
    save(filing.id, reviewer, NAME, "", "青梧文创手作馆")
    assert stored(filing.id, NAME) == "青梧文创手作馆"
    assert db.session.scalars(select(FilingHost)).all() == []


@both_databases
def test_a_value_is_kept_sealed_and_dated(empty, host):
    with time_machine.travel(dt.datetime(2026, 11, 18, 4, 27, tzinfo=dt.UTC), tick=False):
        saved = save(empty, host, NAME, "", "青梧文创手作馆")
    assert (saved.path, saved.value, saved.conflict) == (NAME, "青梧文创手作馆", None)
    buffer = drafts.read(empty)
    assert buffer.saved == {NAME: "2026-11-18T04:27:00+00:00"}
    row = db.session.get_one(Draft, empty)
    assert row.saved_at == dt.datetime(2026, 11, 18, 4, 27, tzinfo=dt.UTC)
    assert "青梧".encode() not in row.sealed


def test_a_value_taken_back_leaves_nothing(empty, host):
    save(empty, host, NAME, "", "青梧文创手作馆")
    save(empty, host, NAME, "青梧文创手作馆", "")
    assert list(cases.answers_of(empty).paths()) == []


@both_databases
def test_a_conflict_shows_both_and_overwrites_nothing(empty, host):
    save(empty, host, NAME, "", "第一个窗口")
    late = save(empty, host, NAME, "", "第二个窗口")
    assert (late.value, late.conflict) == ("第一个窗口", "第一个窗口")
    assert stored(empty, NAME) == "第一个窗口"
    # told of it, the host may insist
    assert save(empty, host, NAME, None, "第二个窗口").conflict is None
    assert stored(empty, NAME) == "第二个窗口"


def test_emptying_what_somebody_else_filled_in_is_a_conflict_too(empty, host):
    save(empty, host, NAME, "", "第一个窗口")
    assert save(empty, host, NAME, "旧的", "").conflict == "第一个窗口"
    save(empty, host, NAME, None, "")
    late = save(empty, host, NAME, "第一个窗口", "第二个窗口")
    assert late.conflict == ""
    assert stored(empty, NAME) == ""


def test_one_conflict_leaves_the_other_fields_of_the_page_saved(empty, host):
    save(empty, host, NAME, "", "第一个窗口")
    results = drafts.save(
        empty,
        host,
        {NAME: ("", "第二个窗口"), "website[w1].domain": ("", "qingwu.example"), "subject.name": ("", "林")},
    )
    db.session.commit()
    assert [bool(r.conflict) for r in results] == [True, False, False]
    assert stored(empty, "website[w1].domain") == "qingwu.example"
    assert stored(empty, NAME) == "第一个窗口"


def test_a_websites_number_typed_for_the_subjects_stands_at_the_website_too(site, host):
    filing_id = opening.open_filing("new_access", host, host_id=host.account_id).id
    drafts.add_row(filing_id, host, "website")
    subject, first, second = "subject.filing_number", "website[w1].filing_number", "website[w2].filing_number"
    drafts.save(filing_id, host, {subject: ("", "闽icp备2026000001号-2")})
    found = cases.answers_of(filing_id)
    assert (found.get(subject), found.get(first)) == ("闽icp备2026000001号-2", "闽ICP备2026000001号-2")
    for typed, there in (
        ("闽ICP备2026000001-2", ""),
        ("闽ICP备2026000001", ""),
        ("闽ICP备2026000001-4", "闽ICP备2026000001号-4"),
    ):
        drafts.save(filing_id, host, {subject: (None, typed)})
        found = cases.answers_of(filing_id)
        assert [found.get(first), found.get(second)] == ["闽ICP备2026000001号-2", there]
    drafts.save(filing_id, host, {subject: (None, "闽ICP备2026000001-9")})  # both stand: nothing is overwritten
    assert cases.answers_of(filing_id).get(second) == "闽ICP备2026000001号-4"


@pytest.mark.parametrize(
    ("path", "there", "shown"),
    [
        ("website[w1].remark", "两行\n文字", "两行\r\n文字"),
        ("website[w1].languages", ["1", "2"], ["2", "1"]),
        ("website[w1].name", "一样", "别的"),
    ],
)
def test_what_is_the_same_is_no_conflict(empty, host, path, there, shown):
    save(empty, host, path, "", there)
    typed = there if shown == "别的" else (["3"] if isinstance(there, list) else "新的")
    assert save(empty, host, path, shown, typed).conflict is None
    assert stored(empty, path) == typed


texts = st.sampled_from(["", "甲", "乙", "丙"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves=st.lists(st.tuples(st.integers(0, 2), texts, st.booleans()), min_size=1, max_size=8))
def test_no_window_ever_overwrites_what_it_was_not_shown(host, saves):
    filing_id = opening.open_filing("new_filing", host, host_id=host.account_id).id
    shown = [""] * 3
    for window, typed, reload in saves:
        there = stored(filing_id, NAME)
        if reload:
            shown[window] = there
        result = save(filing_id, host, NAME, shown[window], typed)
        after = stored(filing_id, NAME)
        assert result.value == after
        if result.conflict is None:
            assert after == typed
            assert shown[window] == there or typed == there
            shown[window] = typed
        else:
            assert after == there == result.conflict
            assert shown[window] != there != typed


@pytest.mark.parametrize(
    "path",
    [
        "subject.nothing", "nothing", "", "subject", "website.name", "website[w2].name", "website[].name",
        "website[w1].principal", "website[w1].pre_approvals[5].approval_number", "subject[w1].name",
        "website[w1].name.explanation", "subject.papers.nothing", "website[w1][w1].name",
    ],
)  # fmt: skip
def test_a_path_that_names_no_answer_is_refused_and_nothing_is_kept(empty, host, path):
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.save(empty, host, {NAME: ("", "青梧"), path: ("", "x")})
    db.session.rollback()
    assert list(cases.answers_of(empty).paths()) == []
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.explain(empty, host, path, "因为")


def test_a_pre_approval_exists_once_it_is_chosen(empty, host):
    save(empty, host, "website[w1].pre_approvals", "", ["5"])
    number = "website[w1].pre_approvals[5].approval_number"
    save(empty, host, number, "", "(闽)-2026-0001")
    assert stored(empty, number) == "(闽)-2026-0001"
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.save(empty, host, {"website[w1].pre_approvals[9].approval_number": ("", "x")})


def test_the_narrow_row_follows_the_answers(empty, host):
    cases.type_in(empty, host, **cases.values(**{"website[w1].domain": " QingWu.Example "}))
    db.session.commit()
    filing = cases.filing_of(empty)
    assert (filing.subject_name, filing.province) == (cases.HOST.company, "350000")
    assert (filing.domain, filing.website_name) == ("qingwu.example", cases.HOST.website)
    long = {"subject.name": "青" * 400, NAME: "手" * 400, "website[w1].domain": "x" * 300}
    cases.type_in(empty, host, **long)
    db.session.commit()
    filing = cases.filing_of(empty)
    assert (len(filing.subject_name), len(filing.website_name), len(filing.domain)) == (255, 255, 128)
    assert stored(empty, "subject.name") == "青" * 400


@both_databases
def test_row_ids_are_never_used_again(empty, host):
    assert drafts.add_row(empty, host, "website") == "w2"
    assert drafts.add_row(empty, host, "website") == "w3"
    drafts.remove_row(empty, host, "website", "w3")
    assert drafts.add_row(empty, host, "website") == "w4"
    drafts.remove_row(empty, host, "website", "w2")
    db.session.commit()
    assert cases.answers_of(empty).rows("website") == ["w1", "w4"]


@settings(max_examples=80, deadline=None)
@given(moves=st.lists(st.integers(-3, 3), max_size=30))
def test_no_order_of_adding_and_removing_repeats_an_id(moves):
    buffer = drafts.Buffer(Answers(), {}, 1)
    given_out = []
    for move in moves:
        rows = buffer.answers.groups.get("website", [])
        if move > 0 or len(rows) < 2:
            given_out.append(buffer.add_row("website"))
        else:
            rows.remove(rows[move % len(rows)])
    assert len(given_out) == len(set(given_out))
    assert set(buffer.answers.groups.get("website", [])) <= set(given_out)


def test_a_removed_row_can_be_put_back_where_it_was(empty, host):
    row = drafts.add_row(empty, host, "website")
    last = drafts.add_row(empty, host, "website")
    path = f"website[{row}]."
    cases.type_in(empty, host, **{f"{path}name": "第二个", f"{path}domain": "b.example", NAME: "第一个"})
    drafts.explain(empty, host, f"{path}name", "就叫这个")
    drafts.remove_row(empty, host, "website", row)
    db.session.commit()
    answers = cases.answers_of(empty)
    assert list(answers.paths()) == [NAME]
    assert answers.explanations == {}
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.save(empty, host, {f"{path}name": ("", "x")})
    db.session.rollback()
    drafts.put_back_row(empty, host, row)
    db.session.commit()
    answers = cases.answers_of(empty)
    assert answers.rows("website") == ["w1", row, last]
    assert answers.explanations == {f"{path}name": "就叫这个"}
    assert stored(empty, f"website[{row}].domain") == "b.example"
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.put_back_row(empty, host, row)
    db.session.rollback()


def test_removing_the_first_row_tells_the_queue_of_the_next(empty, host):
    row = drafts.add_row(empty, host, "website")
    cases.type_in(empty, host, **{"website[w1].domain": "a.example", f"website[{row}].domain": "b.example"})
    drafts.remove_row(empty, host, "website", "w1")
    db.session.commit()
    assert cases.filing_of(empty).domain == "b.example"


@pytest.mark.parametrize(("group", "row"), [("website", "w1"), ("website", "w9"), ("subject", "w1"), ("", "")])
def test_the_last_row_and_no_row_stay(empty, host, group, row):
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.remove_row(empty, host, group, row)
    db.session.rollback()
    assert cases.answers_of(empty).rows("website") == ["w1"]


@pytest.mark.parametrize("group", ["", "subject", "websites", "website[w1].pre_approvals"])
def test_no_row_is_added_to_what_does_not_repeat(empty, host, group):
    with pytest.raises(drafts.NoSuchAnswer):
        drafts.add_row(empty, host, group)
    db.session.rollback()
    assert cases.answers_of(empty).groups == {"website": ["w1"]}


@both_databases
def test_an_explanation_travels_with_its_field(empty, host):
    drafts.explain(empty, host, NAME, "  " + "就" * 600)
    db.session.commit()
    assert cases.answers_of(empty).explanations == {NAME: "就" * 500}
    drafts.explain(empty, host, NAME, "  ")
    db.session.commit()
    assert cases.answers_of(empty).explanations == {}


HOSTS, STAFF, NOBODY = "host", "staff", "nobody"
OPEN = {State.DRAFT: HOSTS, State.RETURNED: HOSTS, State.BUREAU_RETURNED: STAFF}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("mode", ["0", "1"])
def test_only_who_has_the_filing_edits_it(draft, host, reviewer, state, mode):
    filing = cases.filing_of(draft)
    filing.state, filing.mode = state, mode
    db.session.commit()
    allowed = {
        host: OPEN.get(state) == HOSTS,
        reviewer: OPEN.get(state) == STAFF or (mode == "1" and OPEN.get(state) == HOSTS),
        WORKER: OPEN.get(state) == STAFF,
    }
    before = cases.answers_of(draft).as_json()
    for by, may in allowed.items():
        assert drafts.may_edit(cases.filing_of(draft), by) is may, by
        if may:
            continue
        for attempt in (
            lambda by=by: drafts.save(draft, by, {NAME: (None, "别人的")}),
            lambda by=by: drafts.add_row(draft, by, "website"),
            lambda by=by: drafts.remove_row(draft, by, "website", "w1"),
            lambda by=by: drafts.explain(draft, by, NAME, "因为"),
        ):
            with pytest.raises(drafts.NotEditable):
                attempt()
            db.session.rollback()
    assert cases.answers_of(draft).as_json() == before


def test_a_submitted_draft_can_be_read_but_not_written(draft, host):
    verbs.submit(draft, host)
    db.session.commit()
    assert stored(draft, NAME) == cases.HOST.website
    with pytest.raises(drafts.NotEditable):
        drafts.save(draft, host, {NAME: (cases.HOST.website, "新的名称")})


def test_one_draft_is_not_another(host, draft):
    other = cases.draft(host, host.account_id, **{NAME: "另一个网站"})
    save(draft, host, NAME, cases.HOST.website, "改了的名称")
    assert stored(other, NAME) == "另一个网站"
    assert db.session.scalar(select(Filing.website_name).where(Filing.id == other)) == "另一个网站"


def test_a_copied_draft_does_not_open_in_another_row(host, draft):
    other = cases.draft(Actor("host", host.account_id), None)
    one, two = db.session.get_one(Draft, draft), db.session.get_one(Draft, other)
    two.sealed = one.sealed
    db.session.commit()
    with pytest.raises(Exception, match="doesn't open"):
        drafts.read(other)
