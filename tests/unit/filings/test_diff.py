from hypothesis import given
from hypothesis import strategies as st

from icp.filings import operations
from icp.filings.answers import Answers
from icp.filings.diff import Change, Kind, compare
from icp.filings.judge import written_out

NAME = "website[w1].name"
ANSWERS = st.dictionaries(
    st.sampled_from(["subject.name", NAME, "website[w1].domain", "website[w2].name", "website[w1].languages"]),
    st.sampled_from(["甲", "乙", ["1"], ["1", "2"]]),
)
PAPERS = st.dictionaries(
    st.sampled_from(["subject.papers.document", "website[w1].papers.domain_certificate"]), st.text()
)


def leaves(before, after, asked=()):
    return {c.path: (c.before, c.after, c.kind) for c in compare(Answers(before), Answers(after), {}, {}, asked)}


def test_what_stays_is_no_change():
    assert compare(Answers({NAME: "甲"}), Answers({NAME: "甲"}), {"p": "1"}, {"p": "1"}) == []


def test_changed_new_and_gone_leaves_are_told_with_both_values():
    assert leaves({"a": "1", "b": "2"}, {"a": "9", "c": "3"}) == {
        "a": ("1", "9", Kind.UNASKED),
        "c": ("", "3", Kind.UNASKED),
        "b": ("2", "", Kind.UNASKED),
    }


def test_the_order_is_that_of_the_newer_revision_and_gone_ones_come_last():
    found = compare(Answers({"gone": "1", "b": "1", "a": "1"}), Answers({"a": "2", "b": "2"}), {"p": "1"}, {"p": "2"})
    assert [change.path for change in found] == ["a", "b", "p", "gone"]


def test_a_mark_asks_for_what_lies_at_and_under_it():
    before = {NAME: "甲", "website[w1].names": "甲", "website[w12].name": "甲", "subject.name": "甲"}
    found = {path: kind for path, (_, _, kind) in leaves(before, {}, [NAME, "website[w12]"]).items()}
    assert found == {
        NAME: Kind.ASKED,
        "website[w1].names": Kind.UNASKED,
        "website[w12].name": Kind.ASKED,
        "subject.name": Kind.UNASKED,
    }
    grouped = {path: kind for path, (_, _, kind) in leaves(before, {}, ["website"]).items()}
    assert [kind for path, kind in grouped.items() if path.startswith("website")] == [Kind.ASKED] * 3
    assert grouped["subject.name"] is Kind.UNASKED


def test_papers_and_explanations_are_leaves_of_their_own():
    before, after = Answers({NAME: "甲"}, explanations={NAME: "一"}), Answers({NAME: "甲"}, explanations={NAME: "二"})
    found = compare(before, after, {"subject.papers.document": "a"}, {"subject.papers.document": "b"}, [NAME])
    assert found == [
        Change(f"{NAME}.explanation", "一", "二", Kind.ASKED),
        Change("subject.papers.document", "a", "b", Kind.UNASKED),
    ]


def test_a_copy_nobody_typed_is_told_only_where_it_was_typed():
    hidden = operations.get("new_filing").hidden

    def frozen(mobile, same="yes"):
        person = {"subject.principal.mobile": mobile, "website[w1].principal.same_as_subject": same}
        if same == "no":
            person["website[w1].principal.mobile"] = "13700000000"
        return written_out(Answers(person, {"website": ["w1"]}))

    one, two = frozen("13900000000"), frozen("13900001111")
    assert two.get("website[w1].principal.mobile") == "13900001111"
    assert [c.path for c in compare(one, two, {}, {}, hidden=hidden)] == ["subject.principal.mobile"]
    # typed before or after, it is a change of its own
    other = frozen("13900000000", same="no")
    for before, after in ((one, other), (other, one)):
        found = {c.path for c in compare(before, after, {}, {}, hidden=hidden)}
        assert found == {"website[w1].principal.same_as_subject", "website[w1].principal.mobile"}


@given(ANSWERS, ANSWERS, PAPERS, PAPERS)
def test_the_changes_lead_from_the_earlier_to_the_later_and_back(before, after, old, new):
    found = compare(Answers(before), Answers(after), old, new)
    patched = {**before, **old}
    for change in found:
        assert change.before == patched.get(change.path, "")
        patched[change.path] = change.after
    assert {p: v for p, v in patched.items() if v} == {p: v for p, v in {**after, **new}.items() if v}
    back = compare(Answers(after), Answers(before), new, old)
    assert {(c.path, c.after, c.before) for c in map(plain, back)} == {
        (c.path, c.before, c.after) for c in map(plain, found)
    }


def plain(change):
    def text(value):
        return value if isinstance(value, str) else "; ".join(value)

    return Change(change.path, text(change.before), text(change.after), change.kind)
