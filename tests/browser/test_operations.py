"""What is done about a record, each from its page to its end in the register: change, website, access, going."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from icp.demo.load import make_account
from icp.extensions import db
from tests.browser import people
from tests.browser.provider import REVIEWER, Provider, opened
from tests.bureau.travelling import SELF_REPORTED, OnRecord, company

MOVED = "示例路28号青梧大厦7层"


@pytest.fixture
def provider(live_site, new_page) -> Iterator[Provider]:
    """A provider; nothing is on record yet."""
    with opened(live_site, new_page) as found:
        yield found


@pytest.fixture
def on_record(provider: Provider) -> OnRecord:
    """A company with two websites on record here."""
    host = company(41)
    make_account("host", host.email, host.principal)
    db.session.commit()
    found = provider.desk.filed(host, SELF_REPORTED, "second-41.cn")
    provider.site.start("site", "worker")
    return found


def begin(host: Any, provider: Provider, on_record: OnRecord, button: str) -> str:
    """From the list of records to the first page of what is to be done; its number."""
    host.goto(provider.site.url + "/records")
    host.get_by_role("link", name=on_record.host.company).click()
    host.get_by_role("button", name=button).first.click()
    host.wait_for_url("**/steps/**")
    return str(host.url.split("/")[4])


def give_password(host: Any, provider: Provider, number: str, password: str) -> None:
    """The filing password on its page; the bureau finds it right."""
    host.goto(f"{provider.site.url}/filings/{number}/password")
    host.fill("[name=filing_password]", password)
    host.get_by_role("button", name="核对密码").click()
    assert "密码正确" in host.inner_text("body")


def submit(host: Any, provider: Provider, number: str, confirm: str = "") -> None:
    """Read back, say that it is right, type the number where that is asked, and submit."""
    host.goto(f"{provider.site.url}/filings/{number}/check")
    host.locator("[name=declare]").check()
    if confirm:
        host.fill("[name=confirm]", confirm)
    host.locator("form[action$='/submit'] button").click()
    assert "我们收到了" in host.inner_text("h1"), host.inner_text("main")


def ended(host: Any, provider: Provider, number: str, words: str) -> None:
    """The page of the filing says how it ended."""
    host.goto(f"{provider.site.url}/filings/{number}")
    assert words in host.inner_text("h1")


def test_about_a_record(provider, on_record):
    host, reviewer = provider.signed_in(on_record.host.email), provider.signed_in(REVIEWER)

    # a new mailing address, without a visit
    number = begin(host, provider, on_record, "信息变更")
    people.fill_in(host, "subject.mailing_address", MOVED, script=True)
    host.locator(".acts button[value=next]").click()
    give_password(host, provider, number, on_record.password)
    host.goto(f"{provider.site.url}/filings/{number}/check")
    assert "登记的是" in host.inner_text("main")
    submit(host, provider, number)
    provider.accept(reviewer, number)
    record = provider.approved(number)[on_record.number]
    assert record.mailing_address == MOVED
    ended(host, provider, number, "变更完成")
    host.goto(provider.site.url + "/records")
    host.get_by_role("link", name=on_record.host.company).click()
    assert MOVED in host.inner_text("main")
