"""New filings against what is on record and what waits: the same sponsor, domain, name, home page, id again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import OTHER, other_provider
from tests.bureau.loopback_filing import (
    access,
    file,
    filing,
    other_sponsor,
    website,
)


def other_filing(**changes: Any) -> dict[str, Any]:
    return filing(2, "b.example", Zt_xx=other_sponsor(2)) | changes


def numbered(*ranges: tuple[str, str]) -> dict[str, Any]:
    """An access record whose address ranges have the ids of those of the first filing."""
    return access(1, *ranges, IspJrid=95002)


@pytest.fixture
def filed(serve) -> Caller:
    """A caller whose first filing is approved, at a bureau that approves everything."""
    caller = Caller(serve(decision="approve").url)
    caller.upload(file(filing()))
    caller.take()
    return caller


@pytest.mark.parametrize(
    ("code", "record"),
    [
        (1003, filing(2, "b.example")),
        (1005, filing(2, "Qingwu.example", Zt_xx=other_sponsor(2), Wz_xx=[website(2, "Qingwu.example", Syurl=None)])),
        (1020, filing(2, "b.example", Zt_xx=other_sponsor(2), Wz_xx=[website(2, "b.example", Wzmc="青梧手作馆 1")])),
        (1003, other_filing(Zt_xx=other_sponsor(2, IspZtid=70001), Fj=[])),
        (1039, other_filing(Wz_xx=[website(2, "b.example", Ym_xx={"IspYmid": 90001, "Ym": "b.example"})])),
        (1040, other_filing(Wz_xx=[website(2, "b.example", Jr_xx=numbered(("192.0.2.7", "192.0.2.7")))])),
        (1037, filing(2, "b.example", Zt_xx=other_sponsor(2), Wz_xx=[website(2, "b.example", IspWzid=80001)], Fj=[])),
        (1038, filing(2, "b.example", Zt_xx=other_sponsor(2), Wz_xx=[website(2, "b.example", Jr_xx=access(1))])),
    ],
)
@pytest.mark.shows(by="code")
def test_conflicts_with_the_registry(filed, code, record):
    filed.upload(file(record))
    (root,) = filed.take()
    assert codes(root) == [code]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("www.qingwu.example", {1005, 1021}),
        ("HTTP://WWW.Qingwu.example:80/#top", {1005, 1021}),
        ("https://www.qingwu.example/", {1005, 1021}),
        ("b.qingwu.example;www.qingwu.example/", {1005, 1021}),
        ("www.qingwu.example/shop", {1005}),
        ("qingwu.example", {1005}),
    ],
)
def test_the_same_home_page_again_however_it_is_written(filed, url, expected):
    again = website(2, "qingwu.example", Syurl=url)
    filed.upload(file(filing(2, Zt_xx=other_sponsor(2), Wz_xx=[again])))
    (root,) = filed.take()
    assert set(codes(root)) == expected


def test_a_home_page_under_a_chinese_domain_is_the_same_in_its_ascii_form(filed):
    def paged(number: int, page: str) -> dict[str, Any]:
        domain = {"IspYmid": 90000 + number, "Ym": "青梧.中国"}
        return filing(number, Zt_xx=other_sponsor(number), Wz_xx=[website(number, Ym_xx=domain, Syurl=page)])

    filed.upload(file(paged(2, "www.青梧.中国/a")))
    assert codes(filed.take()[0]) == [1001]
    filed.upload(file(paged(3, "http://www.xn--20vn90h.xn--fiqs8s/a/")))
    assert set(codes(filed.take()[0])) == {1003, 1005, 1021}


def test_a_name_of_several_conflicts_with_one_of_several_on_record(filed):
    def named(number: int, domain: str, names: str) -> dict[str, Any]:
        return filing(number, Zt_xx=other_sponsor(number), Wz_xx=[website(number, domain, Wzmc=names)])

    filed.upload(file(named(2, "b.example", "听潮; 听潮海产")))
    assert codes(filed.take()[0]) == [1001]
    filed.upload(file(named(3, "c.example", "听潮海产;潮")))
    (root,) = filed.take()
    assert codes(root) == [1003, 1020]
    assert "听潮海产" in [node.text.partition("：")[2] for node in root.iter("Dmms")]


def under(*names: str) -> dict[str, Any]:
    own = [{"IspYmid": 90100 + n, "Ym": name} for n, name in enumerate(names)]
    return filing(2, Zt_xx=other_sponsor(2), Wz_xx=[website(2, Ym_xx=own, Syurl=None)])


def test_what_lies_under_a_domain_of_another_sponsor_is_filed(filed):
    filed.upload(file(under("shop.qingwu.example", "a.b.Qingwu.example", "notqingwu.example", "b.example")))
    (root,) = filed.take()
    assert codes(root) == [1005, 1005]
    assert [node.text.partition("：")[2] for node in root.iter("Dmms")] == ["shop.qingwu.example", "a.b.Qingwu.example"]


def test_what_lies_under_a_domain_that_waits_is_taken_until_it_is_decided(bureau, caller):
    caller.upload(file(filing()))
    caller.upload(file(under("shop.qingwu.example")))
    assert codes(caller.take()[0]) == [1005]
    bureau.bureau.reject(bureau.bureau.requests("pending")[0]["number"], "材料不清")
    caller.take()
    caller.upload(file(under("shop.qingwu.example")))
    assert caller.take() == []


def test_bodies_of_the_government_hold_domains_under_one_another(bureau, caller):
    city = filing(Wz_xx=[website(Ym_xx={"IspYmid": 1, "Ym": "fuzhou.gov.cn"}, Syurl=None)])
    caller.upload(file(city))
    caller.upload(file(under("tax.fuzhou.gov.cn")))
    assert caller.take() == []
    assert len(bureau.bureau.requests("pending")) == 2


def test_the_same_address_may_have_the_same_id_again(filed):
    filed.upload(file(other_filing(Wz_xx=[website(2, "b.example", Jr_xx=numbered())])))
    assert codes(filed.take()[0]) == [1001]


def test_ids_are_each_providers_own(serve):
    bureau = serve(decision="approve")
    first, second = Caller(bureau.url), other_provider(bureau)
    first.upload(file(filing()))
    foreign = access(1, ("203.0.113.5", "203.0.113.5"))
    second.upload(file(filing(1, "b.example", Zt_xx=other_sponsor(1), Wz_xx=[other_site(foreign)]), isp=OTHER))
    assert [codes(caller.take()[0]) for caller in (first, second)] == [[1001], [1001]]


def other_site(of: dict[str, Any]) -> dict[str, Any]:
    return website(1, "b.example", Wzmc="听潮", Jr_xx=of)


def test_sites_of_one_provider_may_share_an_address(filed):
    filed.upload(file(filing(2, "b.example", Zt_xx=other_sponsor(2))))
    assert codes(filed.take()[0]) == [1001]


def test_what_waits_conflicts_as_well_until_it_is_decided(bureau, caller):
    caller.upload(file(filing()))
    caller.upload(file(filing(2)))
    assert sorted(codes(caller.take()[0])) == [1003, 1005]
    bureau.bureau.reject(bureau.bureau.requests("pending")[0]["number"], "材料不清")
    caller.take()
    caller.upload(file(filing(3)))
    assert caller.take() == []


TAKEN = (
    (1037, website(2, "b.example", IspWzid=80001)),
    (1038, website(2, "b.example", Jr_xx=access(1))),
    (1039, website(2, "b.example", Ym_xx={"IspYmid": 90001, "Ym": "b.example"})),
    (1040, website(2, "b.example", Jr_xx=numbered(("192.0.2.7", "192.0.2.7")))),
)


@pytest.mark.parametrize(("code", "site"), TAKEN, ids=[str(code) for code, _ in TAKEN])
def test_the_ids_of_what_waits_are_taken_until_it_is_decided(bureau, caller, code, site):
    again = filing(2, Zt_xx=other_sponsor(2), Wz_xx=[site], Fj=[])
    caller.upload(file(filing()))
    caller.upload(file(again))
    assert codes(caller.take()[0]) == [code]
    bureau.bureau.reject(bureau.bureau.requests("pending")[0]["number"], "材料不清")
    caller.take()
    caller.upload(file(again))
    assert caller.take() == []
