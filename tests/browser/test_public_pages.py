"""The pages of accounts and for everybody before a browser: nothing axe finds, nothing that sticks out."""

from __future__ import annotations

from icp.demo.load import PASSWORD
from tests import chromium

PUBLIC = (
    "/",
    "/enter/ministry",
    "/enter/bureau/350000",
    "/help",
    "/privacy",
    "/rules",
    "/sign-in",
    "/register",
    "/password/forgotten",
    "/password/a-dead-link",
    "/dev/mail",
    "/no-such-page",
)
MINE = ("/account",)
ADMINISTRATORS = ("/staff", "/staff/1", "/account", "/account/factor")
LOOKS = [(1280, "light"), (390, "dark"), (320, "light")]


def test_pages_of_accounts_and_for_everybody(live_site, accounts, new_page):
    accounts("staff", "chen@desk.example", "陈岸", "administrator")
    accounts("host", "lin@qingwu.example", "林知夏")
    live_site.start("site")
    problems = []

    def look(page, addresses, width, scheme):
        for address in addresses:
            page.goto(live_site.url + address)
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
            found = chromium.violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("wider than the screen")
            problems.extend(f"{address} {width} {scheme}: {what}" for what in found)

    def enter(page, email):
        page.goto(live_site.url + "/sign-in")
        page.fill("#login", email)
        page.fill("#password", PASSWORD)
        page.click("main button.btn--go")
        page.wait_for_url(lambda address: "/sign-in" not in address)

    for width, scheme in LOOKS:
        looks = {"width": width, "color_scheme": scheme}
        look(new_page(**looks), PUBLIC, width, scheme)
        for email, addresses in (("lin@qingwu.example", MINE), ("chen@desk.example", ADMINISTRATORS)):
            page = new_page(**looks)
            enter(page, email)
            look(page, addresses, width, scheme)
    assert problems == []
