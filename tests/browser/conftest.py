"""What browser tests share: a running site, and a browser of one's own for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from icp import create_app
from icp.demo.load import make_account
from icp.extensions import db
from tests.browser import people
from tests.browser.provider import Provider, opened
from tests.live import LiveSite


@pytest.fixture
def running(live_site: LiveSite) -> LiveSite:
    """Site, worker and a bureau whose officer decides by hand."""
    live_site.settings["ICP_LOOPBACK_DECISION"] = "manual"
    people.offer_ranges(live_site)
    live_site.start("bureau", "site", "worker")
    return live_site


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """``new_page(script=False, width=390)``: a page in a browser of its own, in Chinese."""
    contexts = []

    def open_(script: bool = True, width: int = 1280, **more: Any) -> Any:
        more = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **more}
        context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def provider(live_site: LiveSite, new_page: Callable[..., Any]) -> Iterator[Provider]:
    """A provider; nothing is on record yet."""
    with opened(live_site, new_page) as found:
        yield found


@pytest.fixture
def accounts(live_site: LiveSite) -> Iterator[Callable[..., int]]:
    """``accounts("staff", "xu@desk.example", "许闻", "reviewer")``: somebody who can sign in on the live site."""
    app = create_app(instance=live_site.instance)

    def make(kind: str, email: str, name: str, role: str = "") -> int:
        with app.app_context():
            account = make_account(kind, email, name, role)
            db.session.commit()
            return account.id

    yield make
    with app.app_context():
        db.engine.dispose()
