"""What differs between what a host said and what came on record."""

from icp.filings import effects
from icp.filings.answers import Answers
from tests.unit.register.register_cases import record, subject, website

SITE = "闽ICP备2026000001号-1"


def said(**values):
    answers = Answers(groups={"website": ["w1"]})
    answers.values = {"website[w1].filing_number": SITE} | {f"website[w1].{k}": v for k, v in values.items()}
    return answers


def test_a_principal_who_is_the_subjects_is_compared_by_who_he_is(app):
    with app.app_context():
        found = record(subject(website()))
        principal = found.websites[0].details["principal"]
        assert principal["name"]
        same = {f"principal.{name}": principal[name] for name in ("name", "mobile")}
        assert effects.differences(said(**same), found) == []
        (other,) = effects.differences(said(**{**same, "principal.name": "沈知秋"}), found)
        assert (other["path"], other["on_record"]) == ("website.principal.name", principal["name"])
