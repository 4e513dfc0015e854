"""What was on record when: every event is a version, and its differences lead from one to the next."""

import pytest
from sqlalchemy import event

from icp import vocabulary
from icp.drawing import on_record
from icp.extensions import db
from icp.register import reading, search, verbs, versions
from tests.unit.register.register_cases import OTHERS, access, record, subject, website

SECOND = website(
    "闽ICP备2026000001号-2", domain="haiyan.example", bureau_id=201, accesses=(access(302, provider=OTHERS),)
)


@pytest.mark.usefixtures("app_context")
class TestVersions:
    def test_differences_lead_from_each_version_to_the_next(self):
        found = record(subject())
        record(subject(name="福州青梧文化有限公司", supervisor=""))
        record(subject(SECOND, name="福州青梧文化有限公司", supervisor=""))
        verbs.cancel_access(300)
        verbs.cancel_website(200)
        verbs.cancel_subject(100)
        history = versions.of_subject(found)
        kinds = ["subject_cancelled", "website_cancelled", "access_cancelled", "replaced", "replaced", "recorded"]
        assert [version.event.kind for version in history] == kinds
        leaves = {}
        for version in reversed(history):
            for difference in version.differences:
                key = next(
                    key
                    for key, leaf in {
                        **versions.leaves(version.event.before),
                        **_after(version, history, found),
                    }.items()
                    if key[0] == difference.part and leaf in (difference.before, difference.after)
                )
                assert leaves.get(key) == difference.before
                if difference.after is None:
                    del leaves[key]
                else:
                    leaves[key] = difference.after
            assert leaves == _after(version, history, found)
        assert leaves == {}

    def test_pages_of_history_meet_without_a_gap(self, monkeypatch):
        found = record(subject())
        for name in ("一", "二", "三", "四"):
            record(subject(name=name))
        whole = versions.of_subject(found)
        monkeypatch.setattr(versions, "SHOWN", 2)
        first = versions.of_subject(found)
        second = versions.of_subject(found, first[-1].event.id)
        assert [(v.event.id, v.differences) for v in first + second] == [(v.event.id, v.differences) for v in whole[:4]]

    def test_the_order_of_lists_is_no_difference(self):
        before = reading.told(subject(website(accesses=(access(), access(301, first=1)))), 0)
        after = reading.told(subject(website(accesses=(access(301, first=1), access()))), 0)
        assert versions.differences(before, after) == ()

    @pytest.mark.parametrize(
        ("value", "said"),
        [("13900000000", "139****0000"), ("lin@qingwu.example", "l***@qingwu.example"),
         ("11010519491231002X", "110105********002X")],
    )  # fmt: skip
    def test_what_is_personal_is_masked_until_asked_for(self, value, said):
        found = record(subject())
        (masked, *_), (shown, *_) = on_record.sections(found), on_record.sections(found, {""})
        assert said in {line.text for line in masked.lines}
        assert value not in {line.text for line in masked.lines}
        assert value in {line.text for line in shown.lines}

    def test_a_persons_own_number_is_personal_as_a_subjects_too(self):
        found = record(subject(organisation_type="5", document_type="2", document_number="11010519491231002X"))
        assert "11010519491231002X" not in {line.text for line in on_record.sections(found)[0].lines}


def _after(version, history, found):
    place = history.index(version)
    return versions.leaves(history[place - 1].event.before if place else reading.snapshot(found))


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize(
    "text", ["闽ICP备2026000001号-1", "qingwu.example", "手作馆", "91350100M000100Y43", "闽ICP备2026000009号"]
)
def test_nothing_is_looked_up_by_reading_a_whole_table(text):
    record(subject(website(), SECOND))
    plans = []

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())
            cursor.execute(statement, parameters)

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        search.look_up(text, vocabulary.builtin())
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
