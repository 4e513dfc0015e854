"""The session ends while a host is typing: he signs in where he is, and nothing he typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from icp.demo.load import PASSWORD
from tests.browser import people
from tests.browser.people import HOST

NAME = "福州青梧文创有限公司"


@pytest.fixture
def site(live_site):
    live_site.start("site")
    return live_site


def enter(page: Any, site: Any) -> None:
    page.goto(site.url + "/sign-in")
    page.fill("#login", HOST.email)
    page.fill("#password", PASSWORD)
    page.click("button.btn--go >> text=登录")
    page.wait_for_url("**/filings")


def at_step(page: Any, site: Any, accounts: Any) -> Any:
    """The subject's page of a fresh filing; its name control."""
    accounts("host", HOST.email, "林知夏")
    enter(page, site)
    people.begin(page, site)
    return page.locator('input[name="subject.name"]')


def stored(page: Any) -> str:
    page.reload()
    return str(page.locator('input[name="subject.name"]').input_value())


def end_elsewhere(page: Any, site: Any) -> None:
    """A new password, set in another browser, ends this session; its cookie stays."""
    other = page.context.browser.new_context(locale="zh-CN").new_page()
    enter(other, site)
    other.goto(site.url + "/account")
    other.click("summary >> text=改密码")
    other.fill("#p-current", PASSWORD)
    other.fill("#p-password", PASSWORD + "!")
    other.click("button >> text=保存新密码")
    expect(other.locator("main")).to_contain_text("密码已改好")
    other.context.close()


@pytest.mark.parametrize("how", ["cookie lost", "ended elsewhere"])
def test_signing_in_beside_what_was_typed(site, new_page, accounts, accessible, how):
    page = new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Security" in message.text else None)
    name = at_step(page, site, accounts)
    password = PASSWORD
    if how == "cookie lost":
        page.context.clear_cookies()
    else:
        end_elsewhere(page, site)
        password = PASSWORD + "!"
    name.fill(NAME)
    name.blur()
    here = page.locator("#sign-in-here")
    expect(here).to_contain_text("登录过期了")
    expect(name).to_have_value(NAME)
    accessible(page)
    here.locator("[name=login]").fill(HOST.email)
    here.locator("[name=password]").fill("something else")
    here.locator("button").click()
    expect(here).to_contain_text("密码不对")
    expect(here.locator("[name=login]")).to_have_value(HOST.email)
    here.locator("[name=password]").fill(password)
    with page.expect_response("**/answers") as again:  # sent again by itself
        here.locator("button").click()
    assert again.value.ok
    expect(here).to_contain_text("已重新登录")
    expect(page.locator("#saved")).to_contain_text("已保存")
    # every later save carries the new token
    supervisor = page.locator('input[name="subject.supervisor"]')
    with page.expect_response("**/answers") as saved:
        supervisor.fill("林知夏")
        supervisor.blur()
    assert saved.value.ok
    assert stored(page) == NAME
    assert not said


def test_signing_in_again_in_another_tab_heals_this_one(site, new_page, accounts):
    page = new_page()
    name = at_step(page, site, accounts)
    tab = page.context.new_page()
    tab.goto(site.url + "/account")
    tab.click("button >> text=退出登录")
    enter(tab, site)
    with page.expect_response(lambda response: response.url.endswith("/answers") and response.ok):
        name.fill(NAME)
        name.blur()
    expect(page.locator("#saved")).to_contain_text("已保存")
    assert stored(page) == NAME


def test_without_script_the_whole_form_is_kept(site, new_page, accounts):
    page = new_page(script=False)
    name = at_step(page, site, accounts)
    name.fill(NAME)
    page.context.clear_cookies()
    page.click("button[value=stay]")
    expect(page.locator("main")).to_contain_text("刚才写的都还在")
    page.fill("#login", HOST.email)
    page.fill("#password", PASSWORD)
    page.click("button.btn--go")
    expect(page.locator("h1")).to_have_text("已重新登录")
    page.click("button >> text=继续")
    expect(page.locator("main")).to_contain_text("已保存，尚未提交")
    page.locator("a[href*='/steps/subject']").first.click()
    expect(page.locator('input[name="subject.name"]')).to_have_value(NAME)
