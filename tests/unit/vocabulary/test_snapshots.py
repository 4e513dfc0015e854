import pytest

from icp import vocabulary
from icp.extensions import db
from icp.vocabulary import builtin
from icp.vocabulary.models import TableRefused, replace_table

REASONS = [{"code": "1", "zh": "不再经营", "en": "No longer trading", "provisional": "no"}]


def test_outside_the_application_the_package_serves():
    assert vocabulary.current() is builtin()


@pytest.mark.usefixtures("app_context")
class TestSnapshots:
    def test_without_rows_the_package_serves(self):
        assert vocabulary.current() is builtin()

    def test_a_table_replaces_the_one_before_and_the_old_one_can_be_built_again(self):
        replace_table("cancel_reasons", REASONS, "download of a test")
        first = vocabulary.current()
        assert first.id != builtin().id
        assert first.label("cancel_reasons", "1") == "不再经营"
        assert not first.has("cancel_reasons", "2")
        assert first.options("languages") == builtin().options("languages")
        replace_table("cancel_reasons", [*REASONS, {**REASONS[0], "code": "2"}], "again")
        second = vocabulary.current()
        assert second.id != first.id
        assert second.has("cancel_reasons", "2")
        assert vocabulary.at(first.id) is first
        assert vocabulary.at(builtin().id) is builtin()

    def test_the_same_number_after_a_rollback_is_another_snapshot(self):
        replace_table("cancel_reasons", REASONS, "first")
        assert vocabulary.current().label("cancel_reasons", "1") == "不再经营"
        db.session.rollback()
        assert vocabulary.current() is builtin()
        replace_table("cancel_reasons", [{**REASONS[0], "zh": "其他"}], "second")
        assert vocabulary.current().label("cancel_reasons", "1") == "其他"

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("no_such_table", REASONS),
            ("cancel_reasons", [{"code": "1"}]),
            ("cancel_reasons", []),
            ("regions", [{"code": "3501", "zh": "福州"}]),
            ("holidays", [{"day": "soon", "kind": "off", "zh": "x", "source": "x"}]),
            ("province_rules", [{**builtin().tables["province_rules"][0], "minimum_age": "old"}]),
            ("reasons", [{**builtin().tables["reasons"][0], "paths": ""}]),
        ],
    )
    def test_a_table_that_can_not_be_used_is_refused(self, name, rows):
        with pytest.raises(TableRefused):
            replace_table(name, rows, "test")
        assert vocabulary.current() is builtin()
