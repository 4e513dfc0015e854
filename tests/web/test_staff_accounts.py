"""Staff: invitations, roles and places, disabling, the second factor, the first administrator."""

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from icp.accounts import attempts
from icp.accounts.models import ROLES, Account
from icp.accounts.verbs import first_administrator_code
from icp.audit import AuditEntry
from icp.extensions import db, now
from icp.filings.models import Filing
from icp.verification import bookings
from tests.conftest import both_databases
from tests.unit.verification.verification_cases import HOST, waiting
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

XU = "xu@desk.example"
LANDINGS = {
    "reviewer": "/desk/",
    "supervisor": "/desk/",
    "verifier": "/desk/counter",
    "administrator": "/staff",
}


@pytest.fixture
def admin(app, people):
    """An administrator's browser."""
    return app.test_client().sign_in(staff(people, "administrator"))


def invite(admin, role="reviewer", email=XU, status=302, **more):
    admin.look("/staff")
    return press(admin, "/staff", status=status, email=email, name=more.pop("name", "许闻"), role=role, **more)


def first_code(app):
    with app.app_context():
        code = first_administrator_code()
        db.session.commit()
    return code


@both_databases
@pytest.mark.parametrize("role", ROLES)
def test_an_invited_colleague_sets_a_password_and_is_where_he_works(app, client, admin, role):
    invite(admin, role, place="福州服务点")
    assert "邀请信已寄给许闻" in admin.look("/staff").text
    assert "等着设密码" in admin.page.text
    link = mailed_link(app, XU, "/staff/invitation/")
    sign_in(client, XU, status=200)
    client.look(link)
    assert press(client, password=PASSWORD).location == LANDINGS[role]
    client.look(link, status=410)
    sign_out(client)
    assert sign_in(client, XU).location == LANDINGS[role]
    assert "等着设密码" not in admin.look("/staff").text
    with app.app_context():
        made = db.session.scalars(select(Account).where(Account.role == role, Account.name == "许闻")).one()
        assert (made.kind, made.place) == ("staff", "福州服务点")
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "staff.created")).one()
        assert entry.object_id == str(made.id)


def test_an_address_with_an_account_gets_no_second_one(admin, people):
    host(people, XU)
    invite(admin, status=422)
    assert "已经有账号了" in admin.page.words(admin.page.one("div", class_="field--mend"))
    assert admin.page.one("input", name="name").get("value") == "许闻"


def test_the_command_makes_staff_and_mails_the_link(app, client):
    run = app.test_cli_runner().invoke
    made = run(args=["staff", "create", "--email", XU, "--role", "reviewer", "--name", "许闻"])
    assert made.exit_code == 0, made.output
    link = mailed_link(app, XU, "/staff/invitation/")
    assert link in made.output
    client.look(link)
    press(client, password=PASSWORD)
    again = run(args=["staff", "create", "--email", XU.upper(), "--role", "reviewer"])
    assert again.exit_code == 1
    assert "has an account already" in again.output
    assert run(args=["staff", "create", "--email", "a@desk.example", "--role", "boss"]).exit_code == 2
    assert run(args=["staff", "create", "--email", "nobody", "--role", "reviewer"]).exit_code == 2


def test_who_lost_the_invitation_gets_another(app, client, admin):
    invite(admin)
    first = mailed_link(app, XU, "/staff/invitation/")
    with app.app_context():
        xu = db.session.scalars(select(Account.id).where(Account.name == "许闻")).one()
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}/invite")
    second = mailed_link(app, XU, "/staff/invitation/")
    client.look(first, status=410)
    client.look("/password/forgotten")  # asks for it himself
    press(client, status=200, email=XU)
    third = mailed_link(app, XU, "/staff/invitation/")
    client.look(second, status=410)
    client.look(third)
    press(client, password=PASSWORD)
    assert may_enter(client)


def test_disabling_ends_sessions_links_and_signing_in(app, client, admin, people):
    xu = staff(people, "reviewer", XU)
    sign_in(client, XU)
    asking = app.test_client()
    asking.look("/password/forgotten")
    press(asking, status=200, email=XU)
    link = mailed_link(app, XU, "/password/")
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}/disable")
    assert "已停用" in admin.look(f"/staff/{xu}").text
    assert not may_enter(client)
    sign_in(client, XU, status=200)
    asking.look(link, status=410)
    press(admin, f"/staff/{xu}/enable")
    assert not may_enter(client)
    sign_in(client, XU)


def test_another_role_ends_the_sessions_of_the_old_one(client, admin, people):
    xu = staff(people, "reviewer", XU)
    sign_in(client, XU)
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}", name="许闻", role="reviewer", place="福州服务点")
    assert may_enter(client)
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}", role="verifier")
    assert not may_enter(client)
    assert sign_in(client, XU).location == LANDINGS["verifier"]


def test_somebody_always_manages_the_staff(app, admin, people):
    with app.app_context():
        me = db.session.scalars(select(Account.id).where(Account.role == "administrator")).one()
    admin.look(f"/staff/{me}")
    press(admin, f"/staff/{me}", status=200, role="reviewer")
    assert "唯一的管理员" in admin.page.text
    press(admin, f"/staff/{me}/disable")
    assert "唯一的管理员" in admin.look("/staff").text
    staff(people, "administrator", "second@desk.example")
    admin.look(f"/staff/{me}")
    assert press(admin, f"/staff/{me}/disable").location == "/sign-in"
    assert not may_enter(admin)


def test_hosts_are_no_staff_to_manage(admin, people):
    lin = host(people)
    assert admin.get(f"/staff/{lin}").status_code == 404
    admin.look("/staff")
    assert admin.post(f"/staff/{lin}/disable").status_code == 404


@both_databases
def test_the_first_administrator_comes_by_a_link_that_works_once(app, client):
    link = f"/staff/first/{first_code(app)}"
    client.look(link)
    press(client, status=200, name="", email="boss", password="short")
    assert len(client.page.all("div", class_="field--mend")) == 3
    assert press(client, name="陈岸", email="chen@desk.example", password=PASSWORD).location == "/staff"
    assert "陈岸" in client.look("/staff").text
    app.test_client().look(link, status=410)
    assert first_code(app) is None


def test_a_link_for_the_first_administrator_ends_when_there_is_staff(app, client, people):
    link = f"/staff/first/{first_code(app)}"
    client.look(link)
    staff(people, "reviewer", XU)
    press(client, status=410, name="陈岸", email="chen@desk.example", password=PASSWORD)
    assert not may_enter(client)


def test_a_verifier_sees_the_bookings_of_his_place_and_follows_when_it_changes(app, client, admin, people):
    with app.app_context():
        waiting()
        bookings.book(db.session.scalars(select(Filing)).one(), "w1", "厦门服务点", now(), None)
        db.session.commit()
    xu = staff(people, "verifier", XU, place="福州服务点")
    sign_in(client, XU)
    assert HOST.company not in client.look("/desk/counter").text
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}", name="许闻", place="厦门服务点")
    assert HOST.company in client.look("/desk/counter").text


def begin_factor(client):
    """Set the second factor up as on the page; its secret."""
    client.look("/account/factor")
    secret = client.page.words(client.page.one("p", class_="code"))
    press(client, code=pyotp.TOTP(secret).now(), current=PASSWORD)
    return secret


def test_the_second_factor(app, client, people):
    staff(people, "reviewer", XU)
    sign_in(client, XU)
    elsewhere = app.test_client()
    sign_in(elsewhere, XU)
    with time_machine.travel(now(), tick=False) as clock:
        secret = begin_factor(client)
        used = pyotp.TOTP(secret).now()
        assert may_enter(client)
        assert not may_enter(elsewhere)
        assert "动态口令设置刚刚改了" in newest_letter(app, XU)
        sign_in(elsewhere, XU, status=200)
        assert not may_enter(elsewhere)
        sign_in(elsewhere, XU, status=200)
        press(elsewhere, "/sign-in/code", status=200, code=used)  # the code it was begun with is used
        assert "已经用过" in elsewhere.page.text
        clock.shift(30)
        fresh = pyotp.TOTP(secret).now()
        press(elsewhere, "/sign-in/code", code=f"{fresh[:3]} {fresh[3:]}")
        assert may_enter(elsewhere)
        third = app.test_client()
        sign_in(third, XU, status=200)
        press(third, "/sign-in/code", status=200, code=fresh)
        assert not may_enter(third)


def test_a_code_needs_the_password_first_and_soon(client, people):
    staff(people, "reviewer", XU, factor=(secret := pyotp.random_base32()))
    client.look("/sign-in")
    assert client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).now()}).location == "/sign-in"
    sign_in(client, XU, status=200)
    with time_machine.travel(now().timestamp() + 11 * 60):
        code = pyotp.TOTP(secret).now()
        assert press(client, "/sign-in/code", code=code).location == "/sign-in"
    assert not may_enter(client)


def test_guessing_codes_is_limited(client, people):
    staff(people, "reviewer", XU, factor=(secret := pyotp.random_base32()))
    with time_machine.travel(now(), tick=False):
        right = pyotp.TOTP(secret).now()
        near = {pyotp.TOTP(secret).at(now(), counter_offset=offset) for offset in (-1, 0, 1)}
        wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in near)
        sign_in(client, XU, status=200)
        for _ in range(attempts.LIMITS["code_account"][0]):
            press(client, "/sign-in/code", status=200, code=wrong)
        press(client, "/sign-in/code", status=200, code=right)
        assert "试的次数太多了" in client.page.text
        assert not may_enter(client)


def test_the_mailed_link_does_not_stand_in_for_the_second_factor(app, client, people):
    staff(people, "reviewer", XU, factor=pyotp.random_base32())
    client.look("/password/forgotten")
    press(client, status=200, email=XU)
    client.look(mailed_link(app, XU, "/password/"))
    assert press(client, password=OTHER_PASSWORD).location == "/sign-in"
    assert not may_enter(client)


def test_an_administrator_ends_the_factor_of_who_lost_the_phone(client, admin, people):
    xu = staff(people, "reviewer", XU, factor=pyotp.random_base32())
    admin.look(f"/staff/{xu}")
    press(admin, f"/staff/{xu}/factor")
    sign_in(client, XU)
    assert "没有启用" in client.look("/account").text


def test_ending_the_factor_oneself_needs_the_password(client, people):
    staff(people, "reviewer", XU)
    sign_in(client, XU)
    begin_factor(client)
    client.look("/account")
    press(client, "/account/factor/end", status=422, current=OTHER_PASSWORD)
    assert "已启用" in client.look("/account").text
    press(client, "/account/factor/end", current=PASSWORD)
    assert "没有启用" in client.look("/account").text


def test_the_picture_to_scan_carries_the_secret_and_is_the_visitors_alone(app, client, people):
    staff(people, "reviewer", XU)
    sign_in(client, XU)
    assert client.get("/account/factor.svg").status_code == 404
    client.look("/account/factor")
    first = client.get("/account/factor.svg")
    assert (first.status_code, first.mimetype, first.headers["Cache-Control"]) == (200, "image/svg+xml", "no-store")
    assert app.test_client().get("/account/factor.svg").status_code == 302


def test_hosts_have_no_second_factor(client, people):
    client.sign_in(host(people)).look("/account")
    assert "动态口令" not in client.page.text
    assert client.get("/account/factor").status_code == 404
