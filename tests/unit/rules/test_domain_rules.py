import pytest
from rule_cases import OURS, codes, judge, suggestion

from icp.rules import Severity, unicode

DOMAIN = "website.domain"
HOME = "website.home_url"
IP = "website.access.ip_addresses"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("example.com", "example.com"),
        ("my-shop-2026.com.cn", "my-shop-2026.com.cn"),
        ("foo.gd.cn", "foo.gd.cn"),
        ("foo.org.cn", "foo.org.cn"),
        ("163.com", "163.com"),
        ("a.cn", "a.cn"),
        ("EXAMPLE.COM", "example.com"),
        ("www.example.com", "example.com"),
        ("WWW.Example.Com.", "example.com"),
        ("https://www.example.com/index.html?a=1#b", "example.com"),
        ("http://example.com:8080", "example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("example。com", "example.com"),
        ("青梧.中国", "xn--20vn90h.xn--fiqs8s"),
        ("青梧。中国", "xn--20vn90h.xn--fiqs8s"),
        ("www.青梧.公司", "xn--20vn90h.xn--55qx5d"),
        ("青梧.网络", "xn--20vn90h.xn--io0a7i"),
        ("青梧.公益", "xn--20vn90h.xn--55qw42g"),
        ("青梧.政务", "xn--20vn90h.xn--zfr164b"),
        ("青梧.cn", "xn--20vn90h.cn"),
        ("xn--20vn90h.cn", "xn--20vn90h.cn"),
        ("www.com", "www.com"),
        ("www.cn", "www.cn"),
        ("foo.gov.cn", "foo.gov.cn"),
        ("zwfw.foo.gov.cn", "zwfw.foo.gov.cn"),
        ("www.zwfw.foo.gov.cn", "zwfw.foo.gov.cn"),
        ("qingwu.example", "qingwu.example"),
    ],
)
def test_domains_are_accepted_and_stored_as_a_labels(typed, stored):
    checked = judge(DOMAIN, typed)
    assert checked.stored == stored
    assert codes(checked) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("example", "domain.no_suffix"),
        ("com.cn", "domain.suffix_only"),
        ("公司.cn", "domain.suffix_only"),
        ("shop.example.com", "domain.sub_domain"),
        ("www.shop.example.com.cn", "domain.sub_domain"),
        ("my_shop.com", "domain.underscore"),
        ("-shop.com", "R047"),
        ("sh op!.com", "R047"),
        ("a..com", "R047"),
        ("a.com b.com", "R046"),
        ("a.com,b.com", "R046"),
        ("a.com；b.com", "R046"),
        ("1.2.3.4", "domain.is_ip"),
        ("lin@example.com", "domain.is_mail"),
        ("example.notatld", "R048"),
        ("example.lan", "R048"),
        ("x" * 64 + ".com", "R047"),
    ],
)
def test_wrong_domains_are_refused(typed, code):
    assert codes(judge(DOMAIN, typed), Severity.ERROR) == [code]


def test_what_was_meant_is_suggested():
    assert suggestion(judge(DOMAIN, "shop.my-shop.com.cn"), "domain.sub_domain") == "my-shop.com.cn"
    assert suggestion(judge(DOMAIN, "my_shop.com"), "domain.underscore") == "my-shop.com"
    assert [c.suggestion for c in judge(DOMAIN, "http://www.example.com").corrections] == ["example.com"]


def test_chinese_domains_are_shown_in_chinese():
    checked = judge(DOMAIN, "青梧.中国")
    assert unicode(str(checked.stored)) == "青梧.中国"
    assert [(c.code, c.suggestion) for c in checked.corrections] == [("domain.idn", None)]


@pytest.mark.parametrize(
    ("kind", "domain", "expected"),
    [
        ("2", "foo.gov.cn", []),
        ("2", "青梧.政务", []),
        ("2", "example.com", ["R062"]),
        ("3", "example.cn", []),
        ("3", "example.org.cn", []),
        ("3", "青梧.公益", []),
        ("3", "example.com", ["R062"]),
        ("4", "example.com", []),
    ],
)
def test_public_bodies_use_endings_of_their_own(kind, domain, expected):
    checked = judge(DOMAIN, domain, {"subject.organisation_type": kind})
    assert codes(checked) == expected
    assert not checked.refused


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.example.com", "www.example.com"),
        ("example.com", "example.com"),
        ("http://www.example.com", "www.example.com"),
        ("https://www.example.com/", "www.example.com"),
        ("https://m.example.com/cn/index.html", "m.example.com/cn/index.html"),
        ("WWW.EXAMPLE.COM/About", "www.example.com/About"),
        ("ｗｗｗ．example。com", "www.example.com"),
        ("www.example.com:443", "www.example.com"),
    ],
)
def test_home_pages_are_stored_without_scheme(typed, stored):
    checked = judge(HOME, typed, {DOMAIN: "https://www.example.com"})
    assert checked.stored == stored
    assert codes(checked) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("www.other.com", "R054"),
        ("badexample.com", "R054"),
        ("example.com.evil.cn", "R054"),
        ("首页", "home_url.shape"),
        ("1.2.3.4", "home_url.is_ip"),
    ],
)
def test_home_pages_elsewhere_are_refused(typed, code):
    checked = judge(HOME, typed, {DOMAIN: "example.com"})
    assert codes(checked) == [code]


def test_home_pages_of_chinese_domains():
    for typed in ("www.青梧.中国", "http://www.xn--20vn90h.xn--fiqs8s/"):
        checked = judge(HOME, typed, {DOMAIN: "青梧.中国"})
        assert checked.stored == "www.xn--20vn90h.xn--fiqs8s"
        assert codes(checked) == []
    assert suggestion(judge(HOME, "a.com", {DOMAIN: "青梧.中国"}), "R054") == "www.xn--20vn90h.xn--fiqs8s"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (["8.8.8.8"], ["8.8.8.8"]),
        (["８.８.８.８"], ["8.8.8.8"]),
        (["1.2.3.4-1.2.3.9"], ["1.2.3.4-1.2.3.9"]),
        (["1.2.3.4 － 1.2.3.9"], ["1.2.3.4-1.2.3.9"]),
        (["1.2.3.4～1.2.3.9"], ["1.2.3.4-1.2.3.9"]),
        (["1.2.3.4-9"], ["1.2.3.4-1.2.3.9"]),
        (["1.2.3.0/24"], ["1.2.3.0-1.2.3.255"]),
        (["1.2.3.4-1.2.3.4"], ["1.2.3.4"]),
        (["001.002.003.004"], ["1.2.3.4"]),
        (["1.2.3.4", "1.2.3.4"], ["1.2.3.4"]),
        ("1.2.3.4\n1.2.3.5，1.2.3.6", ["1.2.3.4", "1.2.3.5", "1.2.3.6"]),
    ],
)
def test_addresses_are_stored_in_one_form(typed, stored):
    checked = judge(IP, typed)
    assert checked.stored == stored
    assert codes(checked) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10.0.0.1", "R066"),
        ("192.168.1.1", "R066"),
        ("172.16.0.1", "R066"),
        ("100.64.0.1", "R066"),
        ("127.0.0.1", "R066"),
        ("169.254.1.1", "R066"),
        ("224.0.0.1", "R066"),
        ("255.255.255.255", "R066"),
        ("9.255.255.255-10.0.0.1", "R066"),
        ("203.0.113.24", "ip.documentation"),
        ("1.2.3.9-1.2.3.4", "ip.reversed"),
        ("1.2.3.256", "ip.octet"),
        ("1.2.3", "ip.shape"),
        ("www.example.com", "ip.shape"),
        ("2001:db8::1", "ip.v6"),
        ("[::1]", "ip.v6"),
        ("1.2.3.0/33", "ip.shape"),
    ],
)
def test_wrong_addresses_are_refused(typed, code):
    assert codes(judge(IP, [typed])) == [code]


def test_the_provider_ranges_decide_once_they_are_known():
    assert codes(judge(IP, ["203.0.113.24"], ranges=OURS)) == []
    assert codes(judge(IP, ["203.0.113.24-203.0.113.30"], ranges=OURS)) == []
    assert codes(judge(IP, ["198.51.100.7"], ranges=OURS)) == ["R065"]
    assert codes(judge(IP, ["8.8.8.8"], ranges=OURS)) == ["R065"]
    assert codes(judge(IP, ["203.0.112.255-203.0.113.1"], ranges=OURS)) == ["R066"]
    assert suggestion(judge(IP, ["1.2.3.9-1.2.3.4"]), "ip.reversed") == "1.2.3.4-1.2.3.9"
