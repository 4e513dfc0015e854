"""What is done about a record, each from its page to its end in the register: change, website, access, going."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from icp.demo.load import make_account
from icp.extensions import db
from icp.filings.operations.base import COMMISSION
from tests.browser import people
from tests.browser.provider import COLLEAGUE, REVIEWER, Provider
from tests.browser.walking import begin, begun, ended, find, give_password, papers, step, submit
from tests.bureau.travelling import SELF_REPORTED, OnRecord, company, website

MOVED = "示例路28号青梧大厦7层"
REASON = {"cancellation.reason": "1"}


@pytest.fixture
def on_record(provider: Provider) -> OnRecord:
    """A company with two websites on record here."""
    host = company(41)
    make_account("host", host.email, host.principal)
    db.session.commit()
    found = provider.desk.filed(host, SELF_REPORTED, "second-41.cn")
    provider.site.start("site", "worker")
    return found


def certificate(files: Mapping[str, Path]) -> Path:
    """The drawn domain certificate."""
    return files["website-w1-papers-domain_certificate"]


def test_about_a_record(provider, on_record, tmp_path):
    """Changed by its host and on his behalf, a website more, a website less, and gone."""
    files = people.pictures(tmp_path / "papers", on_record.host)
    host, reviewer = provider.signed_in(on_record.host.email), provider.signed_in(REVIEWER)

    # a new mailing address, without a visit
    number = begin(host, provider, on_record.host.company, "信息变更")
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
    number = begin(host, provider, on_record.host.company, "新增网站")
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
    number = begin(host, provider, on_record.host.company, "注销这个网站")
    step(host, provider, number, "cancellation", REASON)
    give_password(host, provider, number, on_record.password)
    submit(host, provider, number, f"{on_record.number}-1")
    provider.accept(reviewer, number)
    record = provider.approved(number)[on_record.number]
    assert [site.number for site in record.websites] == [f"{on_record.number}-{n}" for n in (2, 3)]
    ended(host, provider, number, "网站已注销")
    number = begin(host, provider, on_record.host.company, "主体注销")
    step(host, provider, number, "cancellation", REASON)
    give_password(host, provider, number, on_record.password)
    submit(host, provider, number, on_record.number)
    provider.accept(reviewer, number)
    assert provider.approved(number) == {}
    ended(host, provider, number, "主体已注销")
