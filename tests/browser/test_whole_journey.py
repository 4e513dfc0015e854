"""A first filing from registration to its number, sent back once by the reviewer and once by the bureau."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import people
from tests.browser.people import HOST, reload_until

WRONG_ADDRESS = "示例路文创园北门"
REVIEWER, SUPERVISOR = "xu@desk.example", "gao@desk.example"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_registration_to_the_number(running, new_page, tmp_path, accessible, script):
    site, files = running, people.pictures(tmp_path / "papers")

    def look(page: Any) -> None:
        if script:
            accessible(page)

    # the host registers, fills in half, and pauses
    host = new_page(script)
    people.register(host, site)
    look(host)
    number = people.begin(host, site)
    answers = people.answers_of()
    answers["subject"]["subject.mailing_address"] = WRONG_ADDRESS
    look(host)
    people.fill_step(host, "subject", answers["subject"], script=script)
    people.fill_step(host, "principal", answers["principal"], script=script)
    host.goto(f"{site.url}/filings/{number}")
    look(host)
    host.get_by_role("button", name="把继续链接发到我的邮箱").click()

    # he goes on from the letter, on another device
    other = new_page(script, 390)
    other.goto(people.link_in_letter(site, HOST.email, "/resume/"))
    other.get_by_role("button", name="接着写").click()
    other.goto(f"{site.url}/filings/{number}/steps/subject")
    assert HOST.document_number not in other.content()
    other.goto(f"{site.url}/filings/{number}/steps/website/w1")
    people.fill_step(other, "website", answers["website"], script=script)
    look(other)
    other.goto(f"{site.url}/filings/{number}/check")
    other.get_by_role("link", name="登录后提交").click()
    people.sign_in(other, site, HOST.email)
    other.goto(f"{site.url}/filings/{number}/papers")
    people.upload_papers(other, files, script=script)
    look(other)
    people.submit(other, site, number)
    assert "我们收到了" in other.inner_text("h1")
    look(other)

    # the reviewer marks the address and sends it back
    desk = new_page(script)
    people.staff(desk, site, REVIEWER, "reviewer", "许闻")
    desk.goto(site.url + "/desk/")
    assert number in desk.inner_text("main")
    look(desk)
    people.take(desk, site, number)
    people.mark(desk, site, number, "subject.mailing_address", "门牌没有写全", "请补到房间号")
    look(desk)
    desk.locator("form[action$='/send-back'] button").click()
    site.wait_letter(HOST.email, "门牌没有写全")

    # the host mends and submits again
    other.goto(f"{site.url}/filings/{number}")
    look(other)
    assert "门牌没有写全" in other.inner_text("main")
    people.fill_in(other, "subject.mailing_address", HOST.answers("")["subject.mailing_address"], script=script)
    other.locator(".acts button[value=submit]").click()
    assert "我们收到了" in other.inner_text("h1")

    # the reviewer sees what changed, settles, accepts; the principal comes and is met
    people.take(desk, site, number)
    assert WRONG_ADDRESS in desk.inner_text("main")
    assert HOST.street in desk.inner_text("main")
    desk.get_by_role("button", name="答过的都妥").click()
    people.pass_on(desk)
    site.wait_letter(HOST.email, "当面核验")
    people.meet(desk, site, number, files)
    look(desk)

    # the worker reports; the officer rejects; staff correct and report again; the officer approves
    officer = new_page(script)
    officer.goto(site.bureau_url + "/")
    reload_until(officer, HOST.company)
    people.decide(officer, site, 0, "reject", "网站备注请写明网站用途")
    boss = new_page(script)
    people.staff(boss, site, SUPERVISOR, "supervisor", "高远")
    boss.goto(f"{site.url}/desk/filings/{number}")
    reload_until(boss, "网站备注请写明网站用途")
    look(boss)
    boss.goto(f"{site.url}/desk/filings/{number}/correct")
    look(boss)
    boss.locator("summary", has_text="网站信息").click()
    boss.locator('textarea[name="website[w1].remark"]').fill(
        "展示和销售本公司自己设计制作的文创手工艺品，提供产品介绍和门店信息。"
    )
    boss.locator("button[value=report]").click()
    officer.goto(site.bureau_url + "/")
    reload_until(officer, "待审事项（1）")
    people.decide(officer, site, 0, "approve")

    # the number is on record and reaches the host, from the provider and from the bureau
    other.goto(f"{site.url}/filings/{number}")
    reload_until(other, "闽ICP备")
    look(other)
    assert "备案成功" in other.inner_text("h1")
    found = site.wait_letter(HOST.email, r"闽ICP备\d+号-1")
    assert found[0] in other.inner_text("main")
    from_bureau = site.wait_letter(HOST.email, r"(?m)^备案密码：(\S+)$")
    assert from_bureau[1] not in other.content(), "the site never learns the filing password"
