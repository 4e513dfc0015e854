"""An administrator changes a province's rules; everybody sees who changed what."""

import pytest

from icp import vocabulary
from icp.audit import AuditEntry
from icp.extensions import db
from icp.filings import operations, passwords
from icp.vocabulary.tables import builtin

HERE = "/desk/provinces/350000"


@pytest.fixture
def boss(app, people):
    return app.test_client().sign_in(people("staff", "chen@desk.example", "administrator", name="陈安"))


def save(boss, status=303, **typed):
    page = boss.look(HERE)
    form = page.one("form", action=HERE)
    values = {**page.form_values(form), **typed}
    return boss.send(HERE, {name: value for name, value in values.items() if value is not None}, status)


def rules(app):
    with app.app_context():
        return vocabulary.current().province_rules("350000")


def test_every_rule_survives_an_unchanged_form(app, boss):
    page = save(boss, 200)
    assert "没有改" in page.text
    for row in builtin().tables["province_rules"]:
        assert builtin().province_rules(row["province"]).to_row() == dict(row)
        assert boss.look(f"/desk/provinces/{row['province']}")


def test_password_and_sms_check_are_set_per_operation(app, boss):
    page = save(boss, 200, **{"password.change": None, "sms_check.cancel_website": "1"})
    assert "已改 2 项" in page.text
    found = rules(app)
    assert found.password_waived == ("change",)
    assert found.sms_check == ("cancel_website",)
    with app.app_context():
        assert not passwords.needed("350000", operations.get("change"))
        assert passwords.needed("350000", operations.get("cancel_website"))
        assert db.session.query(AuditEntry.object_id).filter_by(verb="edit_province").one().object_id == "350000"
    history = page.words(page.one("section", **{"aria-labelledby": "history"}))
    assert "陈安" in history
    assert "要备案密码：信息变更" in history
    assert "要短信核验：网站注销" in history
    listed = boss.look("/desk/provinces")
    assert "福建省要：网站注销不要：信息变更" in " ".join(listed.words(listed.one("main")).split())
    assert "人工修改" in boss.look("/desk/tables").text
    assert "还没有改过" in boss.look("/desk/provinces/110000").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"minimum_age": "abc"}, "minimum_age"),
        ({"minimum_age": "101"}, "minimum_age"),
        ({"review_working_days": "0"}, "review_working_days"),
        ({"websites_per_filing": "-1"}, "websites_per_filing"),
        ({"subject_principal": "anybody"}, "subject_principal"),
        ({"commitment_letter": "perhaps"}, "commitment_letter"),
        ({"checked_on": "2999-01-01"}, "checked_on"),
        ({"checked_on": "yesterday"}, "checked_on"),
    ],
)
def test_what_can_not_be_is_said_at_its_field_and_nothing_changes(app, boss, typed, field):
    before = rules(app)
    page = save(boss, 422, **typed)
    assert page.all("div", id=f"{field}-e")
    assert rules(app) == before


def test_two_administrators_do_not_undo_each_other_unseen(app, boss):
    page = boss.look(HERE)
    old = page.form_values(page.one("form", action=HERE))
    save(boss, 200, minimum_age="17")
    boss.look(HERE)
    page = boss.send(HERE, {**old, "minimum_age": "16"}, 409)
    assert "别人刚改过" in page.text
    assert page.one("input", id="minimum_age").get("value") == "16"
    assert rules(app).minimum_age == 17


@pytest.mark.parametrize("role", ["reviewer", "verifier", "supervisor"])
def test_only_administrators_change_rules(signed_in, role):
    signed_in("staff", role).look("/desk/provinces", 403)


def test_unknown_provinces_are_not_there(boss):
    boss.look("/desk/provinces/999999", 404)
