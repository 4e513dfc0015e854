"""What is done about a record, each from its page to its end in the register: change, website, access, going."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from icp.demo.load import make_account
from icp.extensions import db
from icp.filings.operations.base import COMMISSION
from tests.browser import people
from tests.browser.provider import COLLEAGUE, REVIEWER, Provider, opened
from tests.bureau.travelling import SELF_REPORTED, OnRecord, company, website
from tests.waiting import until

MOVED = "示例路28号青梧大厦7层"
REASON = {"cancellation.reason": "1"}


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
    return begun(host, button)


def begun(page: Any, button: str) -> str:
    """Press a button that opens a filing; its number."""
    page.get_by_role("button", name=button).first.click()
    page.wait_for_url("**/filings/**")
    return str(page.url.split("/")[4])


def find(page: Any, provider: Provider, number: str) -> None:
    """Look a record up at the desk and open it."""
    page.goto(provider.site.url + "/desk/register")
    page.fill("main [name=q]", number)
    page.locator("main form:has([name=q]) button").first.click()
    page.locator("main table.rows th a").first.click()


def certificate(files: Mapping[str, Path]) -> Path:
    """The drawn domain certificate."""
    return files["website-w1-papers-domain_certificate"]


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


def step(page: Any, provider: Provider, number: str, name: str, answers: Mapping[str, Any]) -> None:
    """Fill in a section and go on."""
    page.goto(f"{provider.site.url}/filings/{number}/steps/{name}")
    for path, value in answers.items():
        people.fill_in(page, path, value, script=True)
    with page.expect_navigation():
        page.locator(".acts button[value=next]").click()
    assert f"/steps/{name}" not in page.url, page.inner_text("main")


def papers(page: Any, provider: Provider, number: str, files: Mapping[str, Path]) -> None:
    """Give pictures to slots, by their path; choosing a file sends it."""
    page.goto(f"{provider.site.url}/filings/{number}/papers")
    there = page.locator("figure.slot__pic img")
    for done, (path, file) in enumerate(files.items()):
        slot = page.locator(f'form[data-up]:has(input[name=slot][value="{path}"])')
        slot.locator("input[type=file]").last.set_input_files(str(file))
        until(lambda: there.count() > done, 30, f"{path} never came")  # noqa: B023 # called at once


def test_about_a_record(provider, on_record, tmp_path):
    """Changed by its host and on his behalf, a website more, a website less, and gone."""
    files = people.pictures(tmp_path / "papers", on_record.host)
    host, reviewer = provider.signed_in(on_record.host.email), provider.signed_in(REVIEWER)

    # a new mailing address, without a visit
    number = begin(host, provider, on_record, "信息变更")
    step(host, provider, number, "subject", {"subject.mailing_address": MOVED})
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

    # a third website, whose principal is met
    number = begin(host, provider, on_record, "新增网站")
    give_password(host, provider, number, on_record.password)
    step(host, provider, number, "website/w1", website("w1", 43, "青梧三馆", "third-41.cn"))
    papers(host, provider, number, {"website[w1].papers.domain_certificate": certificate(files)})
    submit(host, provider, number)
    provider.accept(reviewer, number)
    people.meet(reviewer, provider.site, number, files)
    record = provider.approved(number)[on_record.number]
    assert [site.number for site in record.websites] == [f"{on_record.number}-{n}" for n in (1, 2, 3)]
    ended(host, provider, number, "网站已备案")
    assert f"{on_record.number}-3" in host.inner_text("main")

    # on his behalf: who filled it in can't pass it
    colleague = provider.signed_in(COLLEAGUE)
    find(colleague, provider, on_record.number)
    colleague.locator("[name=website]").first.check()
    number = begun(colleague, "信息变更")
    step(colleague, provider, number, "website/w1", {"website[w1].name": "青梧新馆"})
    papers(colleague, provider, number, {COMMISSION.path: files["scan"]})
    give_password(colleague, provider, number, on_record.password)
    submit(colleague, provider, number)
    people.take(colleague, provider.site, number)
    assert "您代填的，要由另一位通过" in colleague.inner_text("main")
    colleague.get_by_role("button", name="放回队列").click()
    provider.accept(reviewer, number)
    record = provider.approved(number)[on_record.number]
    assert record.websites[0].name == "青梧新馆"
    ended(host, provider, number, "变更完成")

    # the first website goes, then everything
    number = begin(host, provider, on_record, "注销这个网站")
    step(host, provider, number, "cancellation", REASON)
    give_password(host, provider, number, on_record.password)
    submit(host, provider, number, f"{on_record.number}-1")
    provider.accept(reviewer, number)
    record = provider.approved(number)[on_record.number]
    assert [site.number for site in record.websites] == [f"{on_record.number}-{n}" for n in (2, 3)]
    ended(host, provider, number, "网站已注销")
    number = begin(host, provider, on_record, "主体注销")
    step(host, provider, number, "cancellation", REASON)
    give_password(host, provider, number, on_record.password)
    submit(host, provider, number, on_record.number)
    provider.accept(reviewer, number)
    assert provider.approved(number) == {}
    ended(host, provider, number, "主体已注销")
