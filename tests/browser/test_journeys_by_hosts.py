"""What a host does about websites filed elsewhere, about his access, and one thing after the other."""

from __future__ import annotations

import re

from icp.demo.load import make_account
from icp.extensions import db
from icp.loopback_bureau.enrol import ELSEWHERE
from tests.browser import people
from tests.browser.provider import REVIEWER
from tests.browser.walking import begin, begun, ended, every_paper, give_password, passed, submit, write
from tests.bureau.travelling import company, principal, website
from tests.waiting import until

SITE = "website[w1]"
OTHER_NAME = "另一个名字"
NEW_ADDRESS = "203.0.113.77"


def test_from_another_provider(provider, tmp_path):
    """An access here for a website filed elsewhere, found by three questions; its change; one website more for another
    subject unknown here."""
    host = company(51)
    make_account("host", host.email, host.principal)
    db.session.commit()
    far, away = provider.desk.elsewhere(51, "far-51.cn"), provider.desk.elsewhere(52, "away-52.cn")
    provider.site.start("site", "worker")
    files = people.pictures(tmp_path / "papers", host)
    page, reviewer = provider.signed_in(host.email), provider.signed_in(REVIEWER)

    # three questions lead to a new access; the subject's data aren't asked
    page.goto(provider.site.url + "/start")
    page.fill("[name=document_number]", host.document_number)
    page.fill("[name=domain]", "far-51.cn")
    page.check("[name=holds][value=yes]")
    page.fill("[name=filing_number]", far.number)
    page.get_by_role("button", name="查一查该办什么").click()
    assert "该办：新增接入" in page.inner_text("#finding")
    number = begun(page, "开始新增接入")
    answers = far.as_typed() | far.website("w1", host) | {f"{SITE}.name": OTHER_NAME}
    write(page, provider, number, answers)
    give_password(page, provider, number, far.password)
    every_paper(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files, ["w1"])
    record = provider.approved(number)[far.number]
    mine = provider.desk.bureau.config.isp_id
    assert sorted(access.provider_id for access in record.websites[0].accesses) == sorted([mine, ELSEWHERE])
    ended(page, provider, number, "接入")

    # what the host said differs from what is on record: a dated task for the provider, with a change filled in
    reviewer.goto(provider.site.url + "/desk/tasks")
    assert record.name in reviewer.inner_text("main")

    # the subject is visible now, and its access can be changed
    number = begin(page, provider, record.name, "信息变更")
    write(page, provider, number, {f"{SITE}.access.ip_addresses": [NEW_ADDRESS]})
    give_password(page, provider, number, far.password)
    every_paper(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files)
    record = provider.approved(number)[far.number]
    addresses = [r.first for a in record.websites[0].accesses if a.provider_id == mine for r in a.ranges]
    assert len(addresses) == 1
    ended(page, provider, number, "变更完成")

    # one website more of a subject that isn't known here
    page.goto(provider.site.url + "/start")
    number = begun(page, re.compile("^开始.*新增网站"))
    answers = away.as_typed() | website("w1", 7, "远方三馆", "third-52.cn") | principal("w1", host)
    write(page, provider, number, answers)
    give_password(page, provider, number, away.password)
    every_paper(page, provider, number, files)
    submit(page, provider, number)
    passed(reviewer, provider, number, files, ["w1"])
    record = provider.approved(number)[away.number]
    assert [site.number for site in record.websites] == [f"{away.number}-{n}" for n in (1, 2)]
    ended(page, provider, number, "网站已备案")
    page.goto(provider.site.url + "/records")
    assert record.name in page.inner_text("main")


def test_a_change_and_then_a_new_website(provider, tmp_path):
    """The second waits, is released by the approval of the first, and goes its way."""
    host = company(55)
    make_account("host", host.email, host.principal)
    db.session.commit()
    on_record = provider.desk.filed(host, "0")
    provider.site.start("site", "worker")
    files = people.pictures(tmp_path / "papers", host)
    page, reviewer = provider.signed_in(host.email), provider.signed_in(REVIEWER)

    first = begin(page, provider, host.company, "信息变更")
    write(page, provider, first, {"subject.mailing_address": "示例路28号青梧大厦7层"})
    give_password(page, provider, first, on_record.password)
    submit(page, provider, first)
    second = begin(page, provider, host.company, "新增网站")
    write(page, provider, second, website("w1", 56, "青梧二馆", "behind-55.cn"))
    give_password(page, provider, second, on_record.password)
    every_paper(page, provider, second, files)
    submit(page, provider, second, said="前一份办结后")
    assert provider.state(second) == "awaiting_release"
    page.goto(f"{provider.site.url}/filings")
    assert "待前序办结" in page.inner_text("main")

    passed(reviewer, provider, first, files)
    provider.approved(first)
    until(lambda: provider.state(second) == "submitted", 30, "the second is never released")
    passed(reviewer, provider, second, files, ["w1"])
    record = provider.approved(second)[on_record.number]
    assert [site.number for site in record.websites] == [f"{on_record.number}-{n}" for n in (1, 2)]
    ended(page, provider, second, "网站已备案")
