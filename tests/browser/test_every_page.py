"""Every page, as the person who opens it: accessible, inside the screen, and asking nobody else for anything."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from icp import create_app
from icp.extensions import db
from icp.loopback_bureau.app import create_bureau
from tests import chromium
from tests.browser import places, stage
from tests.browser.stage import Stage
from tests.live import LiveSite

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
LOOKS = {"zh": ((1280, "light"), (390, "dark")), "en": ((390, "dark"), (1280, "light"))}
"""Each language at two widths; axe looks at the first."""
SHOTS = os.environ.get("ICP_SHOTS", "")
"""A folder for pictures of every page, for people who want to look."""
SEND = """([action, fields]) => {
  const form = document.createElement('form');
  const token = document.querySelector('meta[name=csrf-token], input[name=token]');
  const all = {csrf_token: token.content, token: token.value, ...fields};
  form.method = 'post';
  form.action = action;
  for (const [name, value] of Object.entries(all)) {
    const box = document.createElement('textarea');
    [box.name, box.value] = [name, typeof value === 'number' ? 'x'.repeat(value) : value || ''];
    form.append(box);
  }
  document.body.append(form);
  form.submit();
}"""


class Walk:
    """One browser that goes from page to page and writes down what is wrong."""

    def __init__(self, browser: Any, stage: Stage, site: LiveSite) -> None:
        self.browser, self.stage, self.site = browser, stage, site
        self.problems: list[str] = []
        self.context: Any = None
        self.at, self.status = "", 200

    def as_(self, person: str, language: str) -> None:
        """Go on as somebody else."""
        if self.context:
            self.context.close()
        looks = {"locale": "zh-CN" if language == "zh" else "en-GB", "reduced_motion": "reduce"}
        self.context = self.browser.new_context(viewport={"width": 1280, "height": 900}, **looks)
        cookie = self.stage.cookie(person, LANGUAGES[language])
        self.context.add_cookies([{"name": "session", "value": cookie, "url": self.site.url}])
        self.context.add_init_script(path=chromium.AXE)
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.note(f"script: {error}"))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)
        self.person, self.language = person, language

    def note(self, what: str) -> None:
        self.problems.append(f"{self.person} {self.language} {self.at}: {what}")

    def _said(self, said: Any) -> None:
        own = self.status >= 400 and "Failed to load resource" in said.text
        if said.type in ("error", "warning") and not own:
            self.note(f"console: {said.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, self.site.bureau_url, "blob:")):
            self.note(f"asks {request.url}")

    def open(self, address: str, status: int = 200, base: str = "") -> None:
        """Open a page and look at it."""
        self.at, self.status = address, status
        url = (base or self.site.url) + address.format(**self.stage.words)
        answer = self.page.goto(url)
        if answer.status != status:
            self.note(f"status {answer.status}, not {status}")
        if self.page.url != url and status < 400 and urlsplit(self.page.url).path != urlsplit(url).path:
            self.note(f"led to {self.page.url}")
        if "sandbox" in answer.headers["content-security-policy"]:  # no script may look at it where it is
            letter = answer.text()
            self.page.goto("about:blank")
            self.page.set_content(letter)
        self.look()

    def send(self, action: str, fields: dict[str, Any], status: int, base: str = "", start: str = "/help") -> None:
        """Send a form and look at the answer."""
        self.at, self.status = f"{action} {json.dumps(fields, ensure_ascii=False)[:60]}", status
        self.page.goto((base or self.site.url) + start)
        with self.page.expect_navigation() as led:
            self.page.evaluate(SEND, [action.format(**self.stage.words), fields])
        if led.value.status != status:
            self.note(f"status {led.value.status}, not {status}")
        self.look()

    def look(self) -> None:
        """Wide and narrow, light and dark."""
        page = self.page
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        first, second = LOOKS[self.language]
        self.see(*first)
        self.axe()
        self.see(*second)
        self.see(320, "light")

    def see(self, width: int, scheme: str) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.note(f"{wide} px wide on a screen of {width} px")
        if SHOTS:
            name = re.sub(r"[^\w]+", "-", self.at).strip("-") or "home"
            path = f"{name}-{self.person}-{self.language}-{width}-{scheme}.png"
            self.page.screenshot(path=Path(SHOTS) / path, full_page=True)

    def axe(self) -> None:
        for found in chromium.violations(self.page, rules=chromium.EVERYTHING):
            self.note(found)


@pytest.fixture
def walk(live_site: LiveSite, browser: Any) -> Iterator[Walk]:
    """A walk through a site in full use."""
    live_site.settings |= {"ICP_LOOPBACK_DECISION": "manual", "ICP_UPLOAD_LIMIT_MB": "1"}
    live_site.start("bureau", "site", "worker")
    app = create_app(instance=live_site.instance)
    found = Walk(browser, stage.fill(live_site, app), live_site)
    yield found
    if found.context:
        found.context.close()
    with app.app_context():
        db.engine.dispose()


def pages_of(app: Flask, none: set[str]) -> set[str]:
    """The rules of an app under which there are pages."""
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in none}


def opened(app: Flask, addresses: list[str]) -> set[str]:
    """The rules under which these addresses are."""
    finder = app.url_map.bind("")
    return {finder.match(urlsplit(address).path, return_rule=True)[0].rule for address in addresses}


def test_every_page_is_in_the_table(tmp_path):
    app = create_app(instance=tmp_path)
    words = dict.fromkeys(re.findall(r"{(\w+)}", str(places.PLACES)), "1")
    addresses = [address.format(**words) for some in places.PLACES.values() for address in some]
    assert pages_of(app, places.NO_PAGES) == opened(app, addresses)
    officers = create_bureau(tmp_path)
    pages = {f"officer.{name}" for name in ("waiting", "one", "issuing", "answers", "registry", "sent", "sent_file")}
    no_pages = {rule.endpoint for rule in officers.url_map.iter_rules()} - pages
    assert pages_of(officers, no_pages) == opened(officers, list(places.OFFICER))


def test_every_page(walk):
    for language in LANGUAGES:
        for person in places.PLACES:
            walk.as_(person, language)
            for address in places.PLACES[person]:
                walk.open(address)
            for address, status in places.GONE.get(person, ()):
                walk.open(address, status)
            for who, action, fields, status in places.FORMS:
                if who == person:
                    walk.send(action, fields, status)
        walk.as_("visitor", language)
        for address in places.OFFICER:
            walk.open(address, base=walk.site.bureau_url)
        walk.send("/requests/2/decision", {"what": "reject"}, 422, base=walk.site.bureau_url, start="/")
    assert walk.problems == [], "\n".join(walk.problems)
