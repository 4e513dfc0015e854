"""A host's records: what is his, how he claims what came by download, and what stays out of the page."""

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import db
from icp.register import verbs
from tests.unit.register.register_cases import record, subject, website

NUMBER, PASSWORD = "闽ICP备2026000001号", "Bamm1234"


@pytest.fixture
def on_record(app):
    with app.app_context():
        return record(subject(website()), None).id


@pytest.fixture
def host(signed_in):
    return signed_in("host")


def claim(host, status=200, **typed):
    host.look("/records/claim")
    return host.send("/records/claim", {"number": NUMBER, "filing_password": PASSWORD, **typed}, status)


def test_nothing_is_anybodys_before_it_is_claimed(host, on_record):
    assert "这里还没有您的登记信息" in host.look("/records").text
    host.look(f"/records/{on_record}", 404)


@pytest.mark.parametrize("typed", [NUMBER, "闽icp备 2026000001", "闽ICP备2026000001号-1"])
def test_a_claimed_record_is_his_and_shown_masked(app, host, on_record, typed):
    page = claim(host, number=typed)
    assert "已归到您的账号" in page.text
    assert "qingwu.example" in page.text
    assert "13900000000" not in page.text
    assert NUMBER in host.look("/records").text
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.object_id).where(AuditEntry.verb == "claim")).one() == NUMBER


def test_one_hosts_record_is_not_anothers(host, on_record, signed_in):
    claim(host)
    signed_in("host", email="mei@other.example").look(f"/records/{on_record}", 404)


def test_a_wrong_password_tells_how_often_he_may_try_and_is_not_put_back(host, on_record):
    page = claim(host, 422, filing_password="Wrong-4711")
    assert "还可以试 4 次" in page.text
    assert "Wrong-4711" not in page.text
    assert page.one("input", id="number").get("value") == NUMBER
    host.look(f"/records/{on_record}", 404)


def test_after_five_tries_the_bureau_is_not_asked(host, on_record, remote):
    for _ in range(5):
        claim(host, 422, filing_password="wrong")
    assert "分钟后再试" in claim(host, 429).text
    assert remote.calls.count("isp_verifybamm") == 5


@pytest.mark.parametrize(
    ("trouble", "said"), [(22, "管局暂时不再核对"), ("lose", "联系不上管局"), (901, "联系不上管局")]
)
def test_what_the_bureau_says_instead(host, on_record, remote, trouble, said):
    remote.trouble("isp_verifybamm", trouble)
    assert said in claim(host, 503).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": ""}, "请填写备案号"),
        ({"number": "12345"}, "不像备案号"),
        ({"filing_password": " "}, "请填写备案密码"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_costs_no_try(host, remote, typed, said):
    assert said in claim(host, 422, **typed).text
    assert "isp_verifybamm" not in remote.calls


def test_a_right_password_for_a_subject_that_is_not_here(app, host, on_record):
    assert "新增接入" in claim(host, 422, number="闽ICP备2026000009号").text
    with app.app_context():
        verbs.cancel_subject(100)
        db.session.commit()
    assert "新增接入" in claim(host, 422).text
