"""What staff do for a customer (代为备案): one of them fills it in, another passes it, the customer sees it."""

from __future__ import annotations

from typing import Any

import pytest

from icp.demo.load import make_account
from icp.extensions import db
from icp.filings.operations.base import COMMISSION
from icp.loopback_bureau.enrol import ELSEWHERE
from tests.browser import people
from tests.browser.provider import COLLEAGUE, REVIEWER, Provider
from tests.browser.walking import begun, every_paper, find, give_password, passed, submit, write
from tests.bureau.travelling import OnRecord, address, company, principal, website
from tests.waiting import until

REASON = {"cancellation.reason": "1"}
SITE = "website[w1]"


@pytest.fixture
def files(tmp_path):
    return people.pictures(tmp_path / "papers", company(61))


@pytest.fixture
def staff(provider: Provider) -> Any:
    """Who fills it in, and who passes it."""
    return provider.signed_in(COLLEAGUE), provider.signed_in(REVIEWER)


def customer(serial: int) -> Any:
    """Somebody with an account."""
    host = company(serial)
    make_account("host", host.email, host.principal)
    db.session.commit()
    return host


def start(page: Any, provider: Provider, operation: str, email: str) -> str:
    """A filing on behalf of somebody who isn't in the register; its number."""
    page.goto(provider.site.url + "/desk/on-behalf")
    page.check(f"[name=operation][value={operation}]")
    page.fill("[name=email]", email)
    return begun(page, "开始填写")


def about(page: Any, provider: Provider, number: str, button: str, *sites: str) -> str:
    """A filing about what is on record; its number."""
    find(page, provider, number)
    for site in sites:
        page.check(f"[name=website][value='{site}']")
    return begun(page, button)


def commissioned(page: Any, provider: Provider, number: str, files: Any) -> None:
    """Every paper, the customer's signed commission among them."""
    every_paper(page, provider, number, files)
    assert page.locator(f'form[data-up] input[name=slot][value="{COMMISSION.path}"]').count()


def seen_by(host: Any, provider: Provider, number: str, *words: str) -> None:
    """The customer finds it among his filings, with these words."""
    page = provider.signed_in(host.email)
    page.goto(provider.site.url + "/filings")
    said = page.inner_text("main")
    assert all(word in said for word in (number, *words)), said
    page.context.close()


def test_from_the_first_filing_to_the_last(provider, staff, files):
    """A first filing, changes of subject and access, a website more, a website less, and gone."""
    host = customer(61)
    provider.site.start("site", "worker")
    page, reviewer = staff

    number = start(page, provider, "new_filing", host.email)
    write(page, provider, number, host.answers(address(host.serial)))
    commissioned(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files, ["w1"])
    (record,) = provider.approved(number).values()
    assert record.mode == "1"
    seen_by(host, provider, number)
    known = OnRecord(host, record.number, provider.desk.password_of(record.number))

    def done(number: str, *rows: str, answers: Any, confirm: str = "") -> Any:
        write(page, provider, number, answers)
        give_password(page, provider, number, known.password)
        commissioned(page, provider, number, files)
        submit(page, provider, number, confirm)
        passed(reviewer, provider, number, files, rows)
        record = provider.approved(number).get(known.number)
        seen_by(host, provider, number)
        return record

    number = about(page, provider, known.number, "信息变更")
    record = done(number, answers={"subject.mailing_address": "示例路28号青梧大厦7层"})
    assert record.mailing_address == "示例路28号青梧大厦7层"
    number = about(page, provider, known.number, "信息变更", f"{known.number}-1")
    before = record.websites[0].accesses[0].ranges
    record = done(number, answers={f"{SITE}.access.ip_addresses": ["203.0.113.99"]})
    assert record.websites[0].accesses[0].ranges != before

    number = about(page, provider, known.number, "新增网站")
    record = done(number, "w1", answers=website("w1", 62, "青梧二馆", "second-61.cn"))
    assert len(record.websites) == 2
    number = about(page, provider, known.number, "网站注销", f"{known.number}-1")
    record = done(number, answers=REASON, confirm=f"{known.number}-1")
    assert [site.number for site in record.websites] == [f"{known.number}-2"]
    number = about(page, provider, known.number, "主体注销")
    assert done(number, answers=REASON, confirm=known.number) is None


def test_from_another_provider_and_away_again(provider, staff, files):
    """An access for a website filed elsewhere, one website more of another, and the access given up."""
    host = customer(65)
    far, away = provider.desk.elsewhere(65, "far-65.cn"), provider.desk.elsewhere(66, "away-66.cn")
    provider.site.start("site", "worker")
    page, reviewer = staff

    number = start(page, provider, "new_access", host.email)
    write(page, provider, number, far.as_typed() | far.website("w1", host))
    give_password(page, provider, number, far.password)
    commissioned(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files, ["w1"])
    record = provider.approved(number)[far.number]
    assert len(record.websites[0].accesses) == 2
    seen_by(host, provider, number)

    number = start(page, provider, "new_website", host.email)
    write(page, provider, number, away.as_typed() | website("w1", 7, "远方三馆", "third-66.cn") | principal("w1", host))
    give_password(page, provider, number, away.password)
    commissioned(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files, ["w1"])
    record = provider.approved(number)[away.number]
    assert [site.number for site in record.websites] == [f"{away.number}-{n}" for n in (1, 2)]
    seen_by(host, provider, number)

    # no password, no visit; what follows is said first, and the host is told
    find(page, provider, far.number)
    page.get_by_role("button", name="取消接入").click()
    assert "另有其他接入商" in page.inner_text("main")
    number = begun(page, "去写理由")
    write(page, provider, number, REASON)
    submit(page, provider, number)
    passed(reviewer, provider, number, files)
    record = provider.approved(number)[far.number]
    assert [access.provider_id for access in record.websites[0].accesses] == [ELSEWHERE]
    provider.site.wait_letter(host.email, "您的网站将取消接入")
    seen_by(host, provider, number)


def test_a_change_and_then_a_new_website_on_behalf(provider, staff, files):
    """Staff write both at once; the second waits, is released by the approval of the first, and goes its way."""
    host = customer(63)
    known = provider.desk.filed(host, "0")
    provider.site.start("site", "worker")
    page, reviewer = staff

    first = about(page, provider, known.number, "信息变更")
    write(page, provider, first, {"subject.mailing_address": "示例路28号青梧大厦7层"})
    give_password(page, provider, first, known.password)
    commissioned(page, provider, first, files)
    submit(page, provider, first)
    second = about(page, provider, known.number, "新增网站")
    write(page, provider, second, website("w1", 64, "青梧二馆", "behind-63.cn"))
    give_password(page, provider, second, known.password)
    commissioned(page, provider, second, files)
    submit(page, provider, second, said="前一份办结后")
    assert provider.state(second) == "awaiting_release"
    seen_by(host, provider, second, "待前序办结")

    passed(reviewer, provider, first, files)
    assert provider.approved(first)[known.number].mailing_address == "示例路28号青梧大厦7层"
    until(lambda: provider.state(second) == "submitted", 30, "the second is never released")
    passed(reviewer, provider, second, files, ["w1"])
    record = provider.approved(second)[known.number]
    assert [site.number for site in record.websites] == [f"{known.number}-{n}" for n in (1, 2)]
    seen_by(host, provider, second, "网站已备案")
