"""Uploading with script: how far it is, stopping, a lost connection, a lost session; and a phone beside the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from icp import create_app
from icp.demo.load import PASSWORD, make_account
from icp.extensions import db
from tests.live import LiveSite
from tests.web.paper_cases import COMPANY, drawn, open_draft

LICENCE = "#subject-papers-document"
CERTIFICATE = "#website-w1-papers-domain_certificate"
SLOW = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 20_000}
OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
USUAL = {**OFFLINE, "offline": False}


@pytest.fixture
def site_app(live_site: LiveSite) -> Iterator[Flask]:
    """The running site's database, to lay a draft into."""
    app = create_app(instance=live_site.instance)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(live_site: LiveSite, site_app: Flask, page: Any, tmp_path: Path) -> Any:
    """A host's browser on the papers page of a draft; ``desk.picture`` is a file to send."""
    with site_app.app_context():
        account_id = make_account("host", COMPANY.email, COMPANY.principal).id
        db.session.commit()
    number = open_draft(site_app, account_id)
    live_site.start("site")
    page.goto(f"{live_site.url}/sign-in?next=/filings/{number}/papers")
    sign_in(page, "#login", "#password")
    page.wait_for_selector(LICENCE)
    page.picture = str(tmp_path / "IMG_2031.jpg")
    Path(page.picture).write_bytes(drawn(1600, 1100))
    return page


def sign_in(page: Any, login: str, password: str) -> None:
    page.fill(login, COMPANY.email)
    page.fill(password, PASSWORD)
    page.press(password, "Enter")


def network(page: Any, conditions: dict[str, Any]) -> None:
    if not hasattr(page, "network"):  # the conditions end with the session they were set in
        page.network = page.context.new_cdp_session(page)
        page.network.send("Network.enable")
    page.network.send("Network.emulateNetworkConditions", conditions)


def choose(page: Any, slot: str, path: str) -> None:
    page.locator(f"{slot} input[type=file]").first.set_input_files(path)


def said(page: Any, slot: str) -> str:
    words: str = page.locator(f"{slot} .slot__head").inner_text()
    return words


def test_an_upload_shows_how_far_it_is_and_can_be_stopped_and_sent_again(desk):
    assert not desk.is_visible(f"{LICENCE}-send")
    network(desk, SLOW)
    choose(desk, LICENCE, desk.picture)
    desk.wait_for_function(f"() => document.querySelector('{LICENCE} progress').value > 10")
    assert "IMG_2031.jpg" in desk.inner_text(f"{LICENCE} .up")
    assert "MB" in desk.inner_text(f"{LICENCE} .up__num")
    desk.click(f"{LICENCE} .up button")
    desk.wait_for_selector(f"{LICENCE} .up", state="hidden")
    desk.wait_for_function("() => document.activeElement.type === 'file'")
    assert "未上传" in said(desk, LICENCE)

    network(desk, OFFLINE)
    choose(desk, LICENCE, desk.picture)
    desk.wait_for_selector(f"{LICENCE} [role=alert]")
    assert "没有传上" in desk.inner_text(f"{LICENCE} [role=alert]")
    network(desk, USUAL)
    desk.click(f"{LICENCE}-send")
    desk.wait_for_selector(f"{LICENCE} figure img")
    assert desk.locator(f"{LICENCE} [role=alert]").count() == 0
    desk.wait_for_function("() => document.getElementById('said').textContent.includes('可以用')")


def test_what_is_too_large_is_said_before_it_is_sent(desk, tmp_path):
    sent = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(11 << 20))
    choose(desk, LICENCE, str(large))
    desk.wait_for_selector(f"{LICENCE} [role=alert]")
    assert "图片超过 10 MB" in desk.inner_text(f"{LICENCE} [role=alert]")
    assert sent == []


def test_turning_removing_and_putting_back_without_leaving_the_page(desk, accessible):
    choose(desk, LICENCE, desk.picture)
    desk.wait_for_selector(f"{LICENCE} figure img[width='1600']")
    desk.click(f"{LICENCE}90")
    desk.wait_for_selector(f"{LICENCE} figure img[width='1100']")
    desk.wait_for_function(f"() => document.activeElement.id === '{LICENCE[1:]}90'")
    desk.click(f"{LICENCE}-away")
    desk.wait_for_selector(f"{LICENCE}-back")
    desk.wait_for_function(f"() => document.activeElement.id === '{LICENCE[1:]}-back'")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(f"{LICENCE} figure img[width='1100']")
    accessible(desk)


def test_the_session_ends_while_a_picture_is_sent(desk):
    desk.context.clear_cookies()
    choose(desk, LICENCE, desk.picture)
    desk.wait_for_selector("#here-password")
    sign_in(desk, "#here-login", "#here-password")
    desk.wait_for_selector(f"{LICENCE} figure img")


def test_somebody_signs_in_again_in_another_tab(live_site, desk):
    desk.context.clear_cookies()
    tab = desk.context.new_page()
    tab.goto(f"{live_site.url}/sign-in")
    sign_in(tab, "#login", "#password")
    tab.wait_for_url("**/filings")
    choose(desk, LICENCE, desk.picture)
    desk.wait_for_selector(f"{LICENCE} figure img")
    assert "已重新登录" in desk.inner_text("#sign-in-here")


def test_the_desk_follows_a_phone_until_it_is_done(live_site, desk, new_page, accessible):
    desk.click("#handoff button")
    code = desk.inner_text(".passcode").replace(" ", "")
    accessible(desk)
    phone = new_page(width=390, has_touch=True, is_mobile=True)
    phone.goto(f"{live_site.url}/m/{code}")
    phone.click("main button[type=submit]")
    phone.wait_for_selector("#slots")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    accessible(phone)
    choose(phone, CERTIFICATE, desk.picture)
    phone.wait_for_selector(f"{CERTIFICATE} figure img")
    desk.wait_for_selector(f"{CERTIFICATE} figure img")
    phone.click("form.acts button")
    phone.wait_for_url("**/m/end")
    assert "传好了" in phone.inner_text("h1")
    desk.wait_for_selector(".passcode", state="detached")
    assert desk.locator("#slots[hx-trigger]").count() == 0
