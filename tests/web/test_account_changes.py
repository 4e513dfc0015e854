"""What ends sessions and what moves an account: forgotten and changed passwords, another address, links by mail."""

import pytest
import time_machine

from icp.accounts import links, verbs
from icp.accounts.models import Account
from icp.extensions import db, now
from tests.conftest import both_databases
from tests.web.accounts_cases import (
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
)

EMAIL = "lin@qingwu.example"
NEW = "zhixia@qingwu.example"


@pytest.fixture
def signed(client, people):
    """A host who has signed in by password."""
    host(people, EMAIL)
    sign_in(client, EMAIL)
    return client


@pytest.fixture
def elsewhere(app, signed):
    """The same host in another browser."""
    other = app.test_client()
    sign_in(other, EMAIL)
    return other


def ask_password(client, email=EMAIL):
    client.look("/password/forgotten")
    press(client, status=200, email=email)


@both_databases
def test_a_forgotten_password_is_set_anew_and_ends_every_session(app, client, signed, elsewhere):
    ask_password(client)
    link = mailed_link(app, EMAIL, "/password/")
    fresh = app.test_client()
    fresh.look(link)
    press(fresh, password=OTHER_PASSWORD)
    assert may_enter(fresh)
    assert not may_enter(signed)
    assert not may_enter(elsewhere)
    sign_in(elsewhere, EMAIL, PASSWORD, status=200)
    sign_in(elsewhere, EMAIL, OTHER_PASSWORD)
    assert "链接已失效" in fresh.look(link, status=410).text


def test_looking_at_a_link_uses_nothing_up(app, client, people):
    host(people, EMAIL)
    ask_password(client)
    link = mailed_link(app, EMAIL, "/password/")
    for _ in range(2):
        assert EMAIL in client.look(link).text
    press(client, status=200, password="short")
    assert "密码太短" in client.page.text
    press(client, password=OTHER_PASSWORD)


def test_only_the_newest_link_works(app, client, people):
    host(people, EMAIL)
    ask_password(client)
    first = mailed_link(app, EMAIL, "/password/")
    ask_password(client)
    second = mailed_link(app, EMAIL, "/password/")
    client.look(first, status=410)
    client.look(second)
    with time_machine.travel(now().timestamp() + 31 * 60):
        client.look(second, status=410)


def test_a_link_for_one_thing_opens_nothing_else(app, client, people):
    host(people, EMAIL)
    ask_password(client)
    code = mailed_link(app, EMAIL, "/password/").rpartition("/")[2]
    for page in ("/register/confirm/", "/sign-in/link/", "/staff/invitation/", "/staff/first/", "/account/email/"):
        client.look(page + code, status=410)


@both_databases
def test_a_link_found_by_two_serves_one(app, client, people):
    host(people, EMAIL)
    ask_password(client)
    code = mailed_link(app, EMAIL, "/password/").rpartition("/")[2]
    with app.app_context():
        link = links.find("password", code)
        for password, taken in ((OTHER_PASSWORD, True), (PASSWORD, False)):
            assert (verbs.set_password_by_link(link, password) is not None) is taken
            db.session.commit()
    sign_in(client, EMAIL, OTHER_PASSWORD)


def test_two_browsers_with_the_same_page_open(app, client, people):
    host(people, EMAIL)
    ask_password(client)
    link = mailed_link(app, EMAIL, "/password/")
    other = app.test_client()
    for browser in (client, other):
        browser.look(link)
    press(client, password=OTHER_PASSWORD)
    press(other, status=410, password=PASSWORD)
    assert not may_enter(other)


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(app, signed, elsewhere):
    signed.look("/account")
    old_token = signed.token
    press(signed, "/account/password", current=PASSWORD, password=OTHER_PASSWORD)
    assert "别处的登录都已退出" in signed.look("/account").text
    assert signed.post("/sign-out", headers={"X-CSRFToken": old_token}).status_code == 400
    assert not may_enter(elsewhere)
    assert "登录密码刚刚改了" in newest_letter(app, EMAIL)
    sign_in(elsewhere, EMAIL, OTHER_PASSWORD)


def test_a_changed_password_ends_links_mailed_before(app, client, signed):
    ask_password(app.test_client())
    link = mailed_link(app, EMAIL, "/password/")
    signed.look("/account")
    press(signed, "/account/password", current=PASSWORD, password=OTHER_PASSWORD)
    client.look(link, status=410)


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("/account/password", {"password": OTHER_PASSWORD}),
        ("/account/email", {"email": NEW}),
    ],
)
def test_who_finds_an_open_browser_changes_nothing(app, signed, action, typed):
    signed.look("/account")
    press(signed, action, status=422, current=OTHER_PASSWORD, **typed)
    assert "现在的密码不对" in signed.page.text
    for name, value in typed.items():
        if name == "email":
            assert signed.page.one("input", id="e-email").get("value") == value
    opened = [details for details in signed.page.all("details") if details.get("open") is not None]
    assert any(form.get("action") == action for details in opened for form in details.iter())
    sign_in(app.test_client(), EMAIL)


def test_guessing_the_present_password_is_limited(signed):
    signed.look("/account")
    for _ in range(6):
        press(signed, "/account/password", status=422, current="guess-guess-guess", password=OTHER_PASSWORD)
    press(signed, "/account/password", status=422, current=PASSWORD, password=OTHER_PASSWORD)
    assert "试的次数太多了" in signed.page.text


@both_databases
def test_another_address_counts_once_its_link_is_opened(app, signed):
    signed.look("/account")
    press(signed, "/account/email", status=200, email=NEW, current=PASSWORD)
    link = mailed_link(app, NEW, "/account/email/")
    assert EMAIL in signed.look("/account").text
    signed.look(link)
    press(signed)
    assert NEW in signed.look("/account").text
    assert "这个邮箱以后不再收到" in newest_letter(app, EMAIL)
    sign_out(signed)
    sign_in(signed, EMAIL, status=200)
    sign_in(signed, NEW)


def test_an_address_taken_meanwhile_stays_with_its_owner(app, signed, people):
    signed.look("/account")
    press(signed, "/account/email", status=200, email=NEW, current=PASSWORD)
    link = mailed_link(app, NEW, "/account/email/")
    owner = host(people, NEW)
    signed.look(link)
    press(signed, status=410)
    with app.app_context():
        assert db.session.get(Account, owner).email == NEW


def test_a_mailed_link_signs_a_host_in_by_a_button(app, client, people):
    host(people, EMAIL)
    client.look("/sign-in")
    press(client, "/sign-in/link", status=200, email=EMAIL)
    link = mailed_link(app, EMAIL, "/sign-in/link/")
    client.look(link)
    assert not may_enter(client)
    client.look(link)
    press(client)
    assert may_enter(client)
    app.test_client().look(link, status=410)


def test_staff_have_no_link_that_signs_them_in(app, client, people):
    staff(people, "reviewer", "xu@desk.example")
    client.look("/sign-in")
    press(client, "/sign-in/link", status=200, email="xu@desk.example")
    assert "/sign-in/link/" not in newest_letter(app, "xu@desk.example")


def test_a_page_asked_for_comes_after_signing_in(client, people):
    host(people, EMAIL)
    response = client.get("/account?from=letter")
    client.look(response.location)
    assert press(client, "/sign-in", login=EMAIL, password=PASSWORD).location == "/account?from=letter"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\n/b", ""]
)
def test_signing_in_leads_nowhere_else(client, people, elsewhere):
    host(people, EMAIL)
    client.look("/sign-in")
    data = {"login": EMAIL, "password": PASSWORD, "next": elsewhere}
    assert client.post("/sign-in", data=data).location == "/filings"


def handed_on(client, path, typed, **kwargs):
    """Post a form without a session; what the guard answers is followed as a browser does, with the form."""
    response = client.post(path, data=typed, **kwargs)
    assert response.status_code == 307
    return client.post(response.location, data=typed, **kwargs)


@pytest.mark.parametrize("cookie", ["kept", "lost"])
def test_what_was_typed_is_kept_while_signing_in(app, client, people, cookie):
    client.sign_in(host(people, EMAIL)).look("/account")
    if cookie == "kept":  # the session ended elsewhere; its CSRF token still fits
        with app.app_context():
            db.session.query(Account).update({"session_stamp": "another"})
            db.session.commit()
    else:
        client.delete_cookie("session")
    response = handed_on(client, "/account/email", {"email": NEW, "current": PASSWORD, "csrf_token": client.token})
    assert response.status_code == 401
    assert "刚才写的都还在" in client.page.text
    press(client, "/sign-in", status=200, login=EMAIL, password="wrong wrong wrong")
    press(client, "/sign-in", status=200, login=EMAIL, password=PASSWORD)
    assert "已重新登录" in client.page.text
    again = client.page.one("form", action="/account/email")
    assert client.page.form_values(again)["email"] == [NEW]
    assert "current" not in client.page.form_values(again)  # passwords are typed again
    press(client, "/account/email", status=422)
    assert client.page.one("input", id="e-email").get("value") == NEW


def test_a_page_older_than_the_session_is_offered_again(client, people):
    """Signing in again in another tab leaves a token here that no longer fits."""
    client.sign_in(host(people, EMAIL)).look("/account")
    typed = {"email": NEW, "csrf_token": "of an earlier session"}
    response = client.post("/account/email", data=typed, headers={"X-CSRFToken": ""})
    assert response.status_code == 400
    again = client.page.one("form", action="/account/email")
    assert client.page.form_values(again)["email"] == [NEW]
    press(client, "/account/email", status=422)
    assert client.page.one("input", id="e-email").get("value") == NEW


def test_no_password_is_carried_along(client):
    client.look("/help")
    typed = {"email": NEW, "password": OTHER_PASSWORD, "current": PASSWORD, "csrf_token": client.token}
    text = handed_on(client, "/account/email", typed).get_data(as_text=True)
    assert NEW in text
    assert PASSWORD not in text
    assert OTHER_PASSWORD not in text


FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]


@pytest.mark.parametrize("headers", [*FOREIGN, {"Origin": "null"}, {"Origin": ""}])
def test_another_site_puts_nothing_into_the_form_that_is_offered_again(client, people, headers):
    client.look("/help")
    evil = {"email": "evil@evil.example"}
    page = client.post("/sign-in?next=/account/email", data=evil, headers=headers)
    assert "evil@evil.example" not in page.get_data(as_text=True)
    assert "刚才写的都还在" not in client.page.text
    client.sign_in(host(people, EMAIL))
    page = client.post("/account/email", data=evil, headers={"X-CSRFToken": "", **headers})
    assert page.status_code == 400
    assert "evil@evil.example" not in page.get_data(as_text=True)


def test_our_own_forms_are_known_by_what_browsers_say(client):
    client.look("/help")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert NEW in handed_on(client, "/account/email", {"email": NEW}, headers=headers).get_data(as_text=True)
    client.look("/help")
    headers = {"Origin": "", "Referer": "http://localhost/account"}
    assert NEW in handed_on(client, "/account/email", {"email": NEW}, headers=headers).get_data(as_text=True)


def test_signing_out_needs_the_pages_token(client, people):
    client.sign_in(host(people, EMAIL))
    assert client.post("/sign-out").status_code == 400
    assert may_enter(client)
    sign_out(client)
    assert not may_enter(client)
