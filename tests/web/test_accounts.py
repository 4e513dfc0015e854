"""Hosts: registration, signing in and out, what is limited, the language."""

import re

import pytest
import time_machine
from sqlalchemy import select

from icp.accounts import attempts
from icp.accounts.models import Account, MobileCode
from icp.audit import AuditEntry
from icp.extensions import db, now
from tests.conftest import both_databases, build
from tests.live import letters as letters_in
from tests.web.accounts_cases import (
    MOBILE,
    OTHER_PASSWORD,
    PASSWORD,
    host,
    mailed_link,
    may_enter,
    newest_letter,
    press,
    sign_in,
    sign_out,
    staff,
    texted_code,
)

EMAIL = "lin@qingwu.example"
NOBODY = "nobody@qingwu.example"


def without(text, *private):
    """A page without what differs by its nature: addresses typed, tokens."""
    for word in private:
        text = text.replace(word, "…")
    return re.sub(r'(name="csrf_token" value=|content=|X-CSRFToken": )"[^"]+"', "", text)


@both_databases
def test_a_host_registers_by_mail_and_mobile(app, client):
    client.look("/register")
    press(client, status=200, email=" lin@QINGWU.example ")
    assert "请看邮箱" in client.page.text
    link = mailed_link(app, EMAIL, "/register/confirm/")
    client.look(link)
    response = press(client, password=PASSWORD, mobile="+86 138-0013-8000")
    assert response.location == "/account/mobile/code"
    client.look(response.location)
    assert MOBILE in client.page.text
    response = press(client, "/account/mobile/code", code=texted_code(app, MOBILE))
    assert response.location == "/start"
    assert "138****8000" in client.look("/account").text
    sign_out(client)
    assert not may_enter(client)
    assert sign_in(client, MOBILE).location == "/filings"
    assert may_enter(client)
    assert client.look(link, status=410)


def test_nothing_exists_before_the_link_is_opened_and_a_button_pressed(app, client):
    client.look("/register")
    press(client, status=200, email=EMAIL)
    client.look(mailed_link(app, EMAIL, "/register/confirm/"))
    with app.app_context():
        assert db.session.scalars(select(Account)).all() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "short", "mobile": MOBILE}, "至少用 10 个字"),
        ({"password": "1234567890", "mobile": MOBILE}, "太容易猜到"),
        ({"password": EMAIL, "mobile": MOBILE}, "太容易猜到"),
        ({"password": PASSWORD, "mobile": "0591-87654321"}, "11 位数字"),
        ({"password": "", "mobile": ""}, "请写手机号"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_number_stays(app, client, typed, said):
    client.look("/register")
    press(client, status=200, email=EMAIL)
    client.look(mailed_link(app, EMAIL, "/register/confirm/"))
    press(client, status=200, **typed)
    wrong = client.page.all("div", class_="field--mend")
    assert any(said in client.page.words(field) for field in wrong)
    assert client.page.one("input", name="mobile").get("value") == typed["mobile"]
    assert client.page.one("input", name="password").get("value") is None


def test_a_link_ends(app, client):
    client.look("/register")
    press(client, status=200, email=EMAIL)
    link = mailed_link(app, EMAIL, "/register/confirm/")
    with time_machine.travel(now().timestamp() + 31 * 60):
        assert "链接已失效" in client.look(link, status=410).text
    assert client.look(link)


def test_a_number_given_to_somebody_else_is_no_longer_the_first_ones(app, client, people):
    first = host(people, "first@qingwu.example")
    second = host(people, "second@qingwu.example")
    for account in (first, second):
        client.sign_in(account).look("/account")
        press(client, "/account/mobile", mobile=MOBILE)
        client.look("/account/mobile/code")
        assert press(client, "/account/mobile/code", code=texted_code(app, MOBILE)).location == "/account"
    with app.app_context():
        assert db.session.get(Account, first).mobile is None
        assert db.session.get(Account, second).mobile == MOBILE


def test_a_wrong_code_is_refused_and_the_right_one_after_too_many(app, client, people):
    client.sign_in(host(people)).look("/account")
    press(client, "/account/mobile", mobile=MOBILE)
    code = texted_code(app, MOBILE)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    client.look("/account/mobile/code")
    for _ in range(attempts.LIMITS["code_account"][0]):
        press(client, "/account/mobile/code", status=200, code=wrong)
        assert "数字不对" in client.page.text
    press(client, "/account/mobile/code", status=200, code=code)
    assert "试的次数太多了" in client.page.text
    with app.app_context():
        assert db.session.scalars(select(MobileCode)).one().mobile == MOBILE


def test_a_wrong_password_is_told_without_telling_whether_the_address_is_known(client, people):
    host(people, EMAIL)
    sign_in(client, EMAIL, OTHER_PASSWORD, status=200)
    known = client.page
    assert client.page.one("input", id="login").get("value") == EMAIL
    sign_in(client, NOBODY, OTHER_PASSWORD, status=200)
    assert "还可以试 7 次" in known.text
    assert without(known.text, EMAIL) == without(client.page.text, NOBODY)


@pytest.mark.parametrize(
    ("page", "action"),
    [("/register", "/register"), ("/password/forgotten", "/password/forgotten"), ("/sign-in", "/sign-in/link")],
)
def test_asking_for_a_letter_tells_nothing_of_the_address(app, client, people, page, action):
    host(people, EMAIL)
    staff(people, "reviewer", "xu@desk.example")
    host(people, "gone@qingwu.example", disabled_at=now())
    answers = set()
    for email in (EMAIL, NOBODY, "xu@desk.example", "gone@qingwu.example"):
        client.look(page)
        press(client, action, status=200, email=email)
        answers.add(without(client.page.text, email))
        newest_letter(app, email)
    assert len(answers) == 1


def test_changing_to_a_known_address_looks_like_changing_to_a_free_one(app, client, people):
    host(people, "taken@qingwu.example")
    client.sign_in(host(people, EMAIL))
    answers = set()
    for email in ("taken@qingwu.example", NOBODY):
        client.look("/account")
        press(client, "/account/email", status=200, email=email, current=PASSWORD)
        answers.add(without(client.page.text, email))
    assert len(answers) == 1
    assert "已经注册过了" in newest_letter(app, "taken@qingwu.example")
    assert "确认新邮箱" in newest_letter(app, NOBODY)


def test_the_owner_of_a_known_address_is_told_by_letter(app, client, people):
    host(people, EMAIL)
    client.look("/register")
    press(client, status=200, email=EMAIL)
    assert "已经注册过了" in newest_letter(app, EMAIL)
    client.look("/password/forgotten")
    press(client, status=200, email=NOBODY)
    assert "没有可以这样登录的账号" in newest_letter(app, NOBODY)


@both_databases
def test_attempts_at_an_account_are_limited_in_the_database(app, client, people, tmp_path, database):
    host(people, EMAIL)
    for _ in range(attempts.LIMITS["sign_in_account"][0]):
        sign_in(client, EMAIL, OTHER_PASSWORD, status=200)
    assert "还可以试 0 次" in client.page.text
    # Another process, which shares nothing but the database.
    other = build(tmp_path / "instance", database_uri=database).test_client()
    sign_in(other, EMAIL.upper(), PASSWORD, status=200)
    assert "请过 15 分钟再试" in other.page.text
    sign_in(other, "other@qingwu.example", OTHER_PASSWORD, status=200)
    assert "还可以试 7 次" in other.page.text
    with other.application.app_context():
        db.engine.dispose()
    with time_machine.travel(now().timestamp() + 15 * 60):
        sign_in(client, EMAIL)


def test_attempts_from_a_network_are_limited_whatever_the_account(client, people, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "sign_in_address", (3, 900))
    host(people, EMAIL)
    for number in range(3):
        sign_in(client, f"a{number}@qingwu.example", OTHER_PASSWORD, status=200)
    sign_in(client, EMAIL, status=200)
    assert "试的次数太多了" in client.page.text
    client.look("/sign-in")
    values = {"login": EMAIL, "password": PASSWORD}
    elsewhere = client.post("/sign-in", data=values, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 302


def test_letters_to_an_address_are_limited(app, client):
    for _ in range(attempts.LIMITS["mail_account"][0]):
        client.look("/password/forgotten")
        press(client, status=200, email=EMAIL)
        assert "请看邮箱" in client.page.text
    client.look("/password/forgotten")
    press(client, status=200, email=EMAIL)
    assert "试的次数太多了" in client.page.words(client.page.one("div", class_="field--mend"))
    newest_letter(app, EMAIL)
    assert len(letters_in(app.extensions["settings"].instance, EMAIL)) == attempts.LIMITS["mail_account"][0]


def test_success_forgets_wrong_attempts(client, people):
    host(people, EMAIL)
    for _ in range(5):
        sign_in(client, EMAIL, OTHER_PASSWORD, status=200)
    sign_in(client, EMAIL)
    sign_out(client)
    sign_in(client, EMAIL, OTHER_PASSWORD, status=200)
    assert "还可以试 7 次" in client.page.text


def test_the_session_is_renewed_at_signing_in(client, people):
    host(people, EMAIL)
    client.look("/enter/bureau/350000")
    client.post("/language/en")
    with client.session_transaction() as session:
        session["left_by_a_stranger"] = True
    client.look("/sign-in")
    old_token = client.token
    press(client, "/sign-in", login=EMAIL, password=PASSWORD)
    with client.session_transaction() as session:
        assert (session["entrance"], session["province"], session["language"]) == ("bureau", "350000", "en")
        assert "left_by_a_stranger" not in session
    assert client.post("/sign-out", headers={"X-CSRFToken": old_token}).status_code == 400
    assert may_enter(client)


def test_signing_in_and_failing_is_recorded_without_the_address(app, client, people):
    account = host(people, EMAIL)
    sign_in(client, EMAIL, OTHER_PASSWORD, status=200)
    sign_in(client, EMAIL)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(e.verb, e.actor_id) for e in entries] == [
            ("account.sign_in_failed", None),
            ("account.signed_in", account),
        ]


def test_a_disabled_account_is_refused_like_a_wrong_password(client, people):
    host(people, EMAIL, disabled_at=now())
    sign_in(client, EMAIL, status=200)
    assert "密码不对" in client.page.text
    assert not may_enter(client.sign_in(people("host", "gone@qingwu.example", disabled_at=now())))


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_the_language_is_kept_for_pages_and_letters(app, client, people, language):
    account = host(people, EMAIL)
    client.sign_in(account).look("/account")
    response = client.post(f"/language/{language}", data={"next": "/account?x=1"})
    assert response.location == "/account?x=1"
    assert client.look("/account").one("html").get("lang") == {"en": "en", "zh_Hans_CN": "zh-CN"}[language]
    with app.app_context():
        assert db.session.get(Account, account).language == language
    sign_out(client)
    assert client.look("/sign-in").one("html").get("lang") == {"en": "en", "zh_Hans_CN": "zh-CN"}[language]


def test_only_languages_there_are(client):
    client.look("/help")
    assert client.post("/language/fr").status_code == 404
