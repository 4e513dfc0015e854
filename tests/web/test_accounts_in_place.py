"""Signing in where one types, and the mailbox of development."""

import json

import pyotp
import pytest
import time_machine

from icp.extensions import now
from tests.conftest import build
from tests.web.accounts_cases import MOBILE, PASSWORD, deliver, host, may_enter, press, staff, texted_code

EMAIL = "lin@qingwu.example"
HERE = {"HX-Retarget": "#sign-in-here", "HX-Reswap": "innerHTML", "HX-Reselect": "#here"}


def said(response, name):
    return json.loads(response.headers["HX-Trigger"])[name]


@pytest.mark.parametrize("cookie", ["kept", "lost"])
def test_a_field_saved_after_the_session_ended_brings_the_form_in_place(client, people, cookie):
    account = host(people, EMAIL)
    client.sign_in(account, stamp="old" if cookie == "kept" else "test").look("/help")
    if cookie == "lost":
        client.delete_cookie("session")
    response = client.htmx.post("/account/mobile", {"mobile": MOBILE})
    assert response.status_code == 401
    assert {name: response.headers[name] for name in HERE} == HERE
    form = client.page.one("form", id="here")
    assert form.get("hx-post") == form.get("action") == "/sign-in/here"
    typed = client.page.form_values(form)
    assert MOBILE not in str(typed)
    done = client.htmx.post("/sign-in/here", typed | {"login": EMAIL, "password": PASSWORD})
    assert done.status_code == 200
    assert "继续填写" in done.get_data(as_text=True)
    token = said(done, "signed-in")["csrf"]
    saved = client.post("/account/mobile", data={"mobile": MOBILE, "csrf_token": token}, headers={"X-CSRFToken": ""})
    assert saved.location == "/account/mobile/code"


def test_what_is_wrong_is_said_in_place_and_the_login_stays(client, people):
    host(people, EMAIL)
    client.get("/sign-in/here")
    for typed, problem in (
        ({"login": EMAIL, "password": "wrong wrong"}, "还可以试 7 次"),
        ({"login": EMAIL, "password": ""}, "请写密码"),
        ({"login": "", "password": PASSWORD}, "请写邮箱或手机号"),
    ):
        response = client.htmx.post("/sign-in/here", typed)
        assert response.status_code == 422
        assert "HX-Trigger" not in response.headers
        assert problem in client.page.text
        assert client.page.one("input", name="login").get("value") == typed["login"]


def test_the_second_factor_in_place(client, people):
    staff(people, "reviewer", "xu@desk.example", factor=(secret := pyotp.random_base32()))
    client.get("/sign-in/here")
    client.htmx.post("/sign-in/here", {"login": "xu@desk.example", "password": PASSWORD})
    assert client.page.one("input", name="code") is not None
    assert not may_enter(client)
    with time_machine.travel(now(), tick=False):
        assert client.htmx.post("/sign-in/here", {"code": ""}).status_code == 422
        done = client.htmx.post("/sign-in/here", {"code": pyotp.TOTP(secret).now()})
    assert said(done, "signed-in")["csrf"]
    assert may_enter(client)


def test_who_waits_too_long_with_the_code_begins_again(client, people):
    staff(people, "reviewer", "xu@desk.example", factor=(secret := pyotp.random_base32()))
    client.get("/sign-in/here")
    client.htmx.post("/sign-in/here", {"login": "xu@desk.example", "password": PASSWORD})
    with time_machine.travel(now().timestamp() + 11 * 60):
        response = client.htmx.post("/sign-in/here", {"code": pyotp.TOTP(secret).now()})
    assert response.status_code == 422
    assert client.page.one("input", name="password") is not None


def test_a_page_older_than_the_session_gets_the_new_token_and_sends_again(client, people):
    client.sign_in(host(people, EMAIL)).look("/account")
    headers = {"X-CSRFToken": "of an earlier session", "HX-Request": "true"}
    response = client.post("/account/mobile", data={"mobile": MOBILE}, headers=headers)
    assert response.status_code == 401
    assert {name: response.headers[name] for name in HERE} == HERE
    token = said(response, "signed-in")["csrf"]
    assert client.post("/account/mobile", data={"mobile": MOBILE}, headers={"X-CSRFToken": token}).status_code == 302
    foreign = client.post("/account/mobile", data={}, headers={**headers, "Sec-Fetch-Site": "cross-site"})
    assert (foreign.status_code, "HX-Trigger" in foreign.headers) == (400, False)


def test_signing_in_in_place_works_without_script(client, people):
    host(people, EMAIL)
    client.look("/help")
    client.get("/sign-in/here")
    typed = client.page.form_values(client.page.one("form"))
    assert client.post("/sign-in/here", data=typed | {"login": EMAIL, "password": PASSWORD}).status_code == 200
    assert may_enter(client)


def test_the_mailbox_of_development_shows_letters_and_messages(app, client, people):
    client.look("/register")
    press(client, status=200, email=EMAIL)
    client.sign_in(host(people, "su@qingwu.example")).look("/account")
    press(client, "/account/mobile", mobile=MOBILE)
    code = texted_code(app, MOBILE)
    page = client.look("/dev/mail")
    assert "请确认您的邮箱" in page.text
    assert code in page.text
    address = next(a.get("href") for a in page.all("a") if "请确认您的邮箱" in page.words(a))
    assert "/register/confirm/" in client.look(address).text
    html = client.get(f"{address}/html")
    assert html.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("name", ["..%2Fkeys%2Fseal.key", "nothing.eml", "..", "%2Fetc%2Fpasswd"])
def test_the_mailbox_opens_letters_alone(client, name):
    assert client.get(f"/dev/mail/{name}").status_code in (404, 308)


def test_production_has_no_mailbox(tmp_path, app, client):
    client.look("/register")
    press(client, status=200, email=EMAIL)
    deliver(app)
    letter = next((tmp_path / "instance" / "mail").iterdir()).name
    real = build(
        tmp_path / "instance",
        mode="production",
        mail="smtp",
        sms="http",
        external_url="https://beian.example",
        bureau_url="https://bureau.example",
        bureau_password="not the default",
        bureau_aes_key="0123456789abcdef",
    )
    production = real.test_client()
    for address in ("/dev/mail", f"/dev/mail/{letter}", f"/dev/mail/{letter}/html"):
        assert client.get(address).status_code == 200
        assert production.get(address, base_url="https://localhost").status_code == 404
    sent = production.get("/register", base_url="https://localhost").get_data(as_text=True)
    assert "/dev/mail" not in sent
