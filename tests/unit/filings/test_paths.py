import doctest
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp.filings import operations, paths
from icp.filings.answers import Answers
from icp.filings.operations.base import in_nested

names = st.text("abcxyz_", min_size=1, max_size=8)
row_ids = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
parts = st.tuples(names, st.none() | row_ids)
instances = st.lists(parts, min_size=1, max_size=4).map(
    lambda found: ".".join(name + (f"[{row}]" if row else "") for name, row in found)
)


def test_the_examples_in_the_module_hold():
    assert doctest.testmod(paths).failed == 0


@given(instances)
def test_a_type_path_has_no_rows_and_is_its_own_type_path(path):
    kind = paths.type_path(path)
    assert "[" not in kind
    assert paths.type_path(kind) == kind
    assert paths.well_formed(path)
    assert paths.well_formed(kind)


@given(instances)
def test_every_row_is_a_beginning_of_the_path_and_gives_it_back(path):
    for group, row in paths.rows_of(path).items():
        assert path.startswith(row)
        assert paths.type_path(row) == group
        assert paths.row_of(path, group) == row[row.rindex("[") + 1 : -1]


@given(names, row_ids, names)
def test_a_field_is_put_in_a_row_and_found_there(group, row, field):
    path = paths.in_row(f"{group}.{field}", group, row)
    assert path == f"{group}[{row}].{field}"
    assert paths.type_path(path) == f"{group}.{field}"
    assert paths.beside(f"{group}.{field}", path) == path


def test_a_field_outside_the_group_stays_where_it_is():
    assert paths.in_row("subject.name", "website", "w1") == "subject.name"
    assert paths.beside("subject.name", "website[w1].domain") == "subject.name"
    # a group whose name only begins alike is another group
    assert paths.beside("websites.count", "website[w1].domain") == "websites.count"


def test_beside_stays_in_the_innermost_row_it_can():
    anchor = "website[w1].pre_approvals[5].valid_to"
    assert paths.beside("website.pre_approvals.approval_number", anchor) == (
        "website[w1].pre_approvals[5].approval_number"
    )
    assert paths.beside("website.name", anchor) == "website[w1].name"
    assert paths.beside("website.pre_approvals.approval_number", "website[w2].name") == (
        "website[w2].pre_approvals.approval_number"
    )


def test_no_row_is_none():
    assert paths.row_of("subject.name") is None
    assert paths.row_of("website.name") is None
    assert paths.row_of("website[w1].pre_approvals[5].valid_to", "website.pre_approvals") == "5"


@pytest.mark.parametrize(
    "path",
    [
        "", ".", "subject.", ".name", "subject..name", "Subject.name", "subject name", "website[]", "website[w1",
        "website[w1]name", "website[[w1]]", "website[W1].name", "website[../x].name", "website[0123456789012]",
        "subject.name\n", "subject.名", "a" * 161,
    ],
)  # fmt: skip
def test_what_is_no_path_is_seen(path):
    assert not paths.well_formed(path)


def test_every_path_of_every_operation_is_well_formed_and_fits_its_column():
    for operation in operations.OPERATIONS.values():
        answers = Answers(
            {"website[w1].pre_approvals": ["5", "9"], "website[w22].principal.same_as_subject": "no"},
            {"website": ["w1", "w22"]},
        )
        found = operation.all_paths(answers)
        assert len(found) == len(set(found))
        for path in found:
            assert paths.well_formed(path), path
            assert operation.has_field(path), path


def test_a_nested_row_is_named_in_its_group():
    assert in_nested("website[w1].pre_approvals.valid_to", "website[w1].pre_approvals", "5") == (
        "website[w1].pre_approvals[5].valid_to"
    )
