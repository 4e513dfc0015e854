"""New websites and new access records: each result code by a case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bureau.loopback_changes import (
    cancellation,
    new_access,
    new_website,
)
from tests.bureau.loopback_filing import (
    ISP,
    access,
    attachment,
    heavy,
    picture,
    principal,
    website,
)
from tests.bureau.loopback_scene import (
    BAD,
    Build,
    Scene,
    blacklisted,
    cancelled,
    check,
    elsewhere,
    foreign,
    foreign_access,
    parametrized,
    table,
    then,
    waiting,
)


def sites(**changes: Any) -> Build:
    return lambda s: new_website(s.site, Wz_xx=[website(5, "tea.example", **changes)])


def content(purpose: int, owner: int, **changes: Any) -> list[dict[str, Any]]:
    return [attachment(purpose, owner, {"Jlid": 80005}, **changes)]


XZWZ = table(
    "XZWZ",
    (1058, "no such number", lambda s: new_website(s.site, Zt_xx={"Ztbah": "闽ICP备2026999999号"}, Fj=[])),
    (1058, "no such id", lambda s: new_website(s.site, Zt_xx={"Ztid": 99}, Fj=[])),
    (1049, "cancelled", then(lambda s: new_website(s.site), cancelled(0))),
    (1018, "wrong password", lambda s: new_website(s.site, ICPmm=BAD)),
    (1048, "unknown here and no password", then(sites(Jr_xx=access(5, ("192.0.2.50", "192.0.2.50"))), foreign)),
    (
        1052,
        "sponsor is being cancelled",
        then(lambda s: new_website(s.site), waiting("ZXBA", lambda s: cancellation(0, s.site.ztid))),
    ),
    (1065, "black list", then(lambda s: new_website(s.site), blacklisted("sponsor", "91350100M000100Y43"))),
    (1064, "black list", then(lambda s: new_website(s.site), blacklisted("domain", "tea.example"))),
    (1031, "organisation without telephone", sites(Wz_Fzr=principal(Fzr_dhhm=None))),
    (1009, "e-mail", sites(Wz_Fzr=principal(Fzr_dzyj="lin@qingwu"))),
    (1010, "telephone", sites(Wz_Fzr=principal(Fzr_dhhm="0591-8765432x"))),
    (1011, "mobile", sites(Wz_Fzr=principal(Fzr_sjhm="23800000000"))),
    (1012, "MSN", sites(Wz_Fzr=principal(Msn="nobody"))),
    (1013, "QQ", sites(Wz_Fzr=principal(Qq="0123456"))),
    (1015, "identity card", sites(Wz_Fzr=principal(Fzr_zjhm="110105194912310021"))),
    (1008, "principal's certificate type", sites(Wz_Fzr=principal(Fzr_zjlx=1))),
    (1004, "domain", sites(Ym_xx={"IspYmid": 1, "Ym": "-tea.example"}, Syurl=None)),
    (1039, "on record for this sponsor", sites(Ym_xx={"IspYmid": 1, "Ym": "qingwu.example"}, Syurl=None)),
    (1005, "on record elsewhere", then(sites(Ym_xx={"IspYmid": 1, "Ym": "b.example"}, Syurl=None), elsewhere)),
    (
        1005,
        "waits",
        then(
            lambda s: new_website(s.site, 6, Wz_xx=[website(6, "tea.example")], Fj=[]),
            waiting("XZWZ", lambda s: new_website(s.site)),
        ),
    ),
    (1022, "home page", sites(Syurl="http://")),
    (1041, "home page elsewhere", sites(Syurl="www.qingwu.example.org")),
    (
        1021,
        "home page on record",
        sites(
            Ym_xx=[{"IspYmid": 1, "Ym": "tea.example"}, {"IspYmid": 2, "Ym": "www.qingwu.example"}],
            Syurl="www.qingwu.example",
        ),
    ),
    (1020, "blank name", sites(Wzmc=" ")),
    (1020, "name on record", sites(Wzmc="青梧手作馆 1")),
    (1034, "service content", sites(Fwnr={"Fwnr_id": 60})),
    (1066, "language", sites(Yylb={"Yylb_id": 60})),
    (1033, "approval", sites(Nrlx={"Nrlx_xx": {"Nrlx_id": 60, "Qzsph": "x", "Spwj": [picture()]}})),
    (1035, "method", sites(Jr_xx=access(5, Wzjrfs={"Jrfs": 60}))),
    (1036, "location", sites(Jr_xx=access(5, Wzfb={"Fbdd": 60}))),
    (1037, "website id used", lambda s: new_website(s.site, Wz_xx=[website(5, "tea.example", IspWzid=80001)], Fj=[])),
    (1038, "access id used", sites(Jr_xx=access(1))),
    (1039, "domain id used", sites(Ym_xx={"IspYmid": 90001, "Ym": "tea.example"}, Syurl=None)),
    (1040, "address id used", sites(Jr_xx=access(1, ("192.0.2.7", "192.0.2.7"), IspJrid=95005))),
    (
        1040,
        "address id with two addresses",
        sites(Jr_xx=[access(5), access(5, ("192.0.2.7", "192.0.2.7"), IspJrid=95006)]),
    ),
    (
        1037,
        "website id waits",
        then(
            lambda s: new_website(s.site, 6, Wz_xx=[website(6, "b.example", IspWzid=80005)], Fj=[]),
            waiting("XZWZ", lambda s: new_website(s.site)),
        ),
    ),
    (
        1038,
        "access id waits as a new access",
        then(sites(Jr_xx=access(7, ("192.0.2.77", "192.0.2.77"))), waiting("XZJR", lambda s: new_access(s.site))),
    ),
    (1006, "address", sites(Jr_xx=access(5, ("10.0.0.1", "10.0.0.1")))),
    (1024, "another provider's address", then(sites(Jr_xx=access(5, ("203.0.113.5", "203.0.113.5"))), elsewhere)),
    (1040, "address twice", sites(Jr_xx=access(5, ("192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1")))),
    (1029, "access twice", sites(Jr_xx=[access(5), access(6)])),
    (1063, "not the provider's own", then(sites(), lambda s: s.bureau.bureau.set_account(ISP, ip_ranges="192.0.2.9"))),
    (1062, "the provider's own", then(sites(), lambda s: s.bureau.bureau.set_account(ISP, ip_ranges="192.0.2.1"))),
    (1056, "format", lambda s: new_website(s.site, Fj=content(1, 2, Fjwjgs=9))),
    (1057, "purpose", lambda s: new_website(s.site, Fj=content(60, 2))),
    (1061, "sheet of a sponsor", lambda s: new_website(s.site, Fj=[attachment(1, 1, {"Baxh": s.site.number})])),
    (1055, "another website's", lambda s: new_website(s.site, Fj=[attachment(1, 2, {"Jlid": 80001})])),
    (1055, "a website's number", lambda s: new_website(s.site, Fj=[attachment(1, 2, {"Baxh": s.site.website_number})])),
    (5010, "too large", lambda s: new_website(s.site, Fj=content(1, 2, Fjnr=heavy(151)))),
)

XZJR = table(
    "XZJR",
    (1059, "no such number", lambda s: new_access(s.site, Wz_xx={"Wzbah": s.site.number + "-9"}, Fj=[])),
    (1059, "no such id", lambda s: new_access(s.site, Wz_xx={"Wzid": 99}, Fj=[])),
    (
        1067,
        "a number without suffix",
        then(lambda s: new_access(s.site, Wz_xx={"Wzbah": s.site.number}, Fj=[]), Scene.second_website),
    ),
    (
        1068,
        "the same in another province",
        then(
            lambda s: new_access(s.site, Wz_xx={"Wzbah": s.site.number}, Fj=[]),
            Scene.second_website,
            lambda s: s.sql("UPDATE sponsor SET province = '110000'"),
        ),
    ),
    (1050, "cancelled", then(lambda s: new_access(s.site), cancelled(1))),
    (1049, "sponsor cancelled", then(lambda s: new_access(s.site), cancelled(0))),
    (1018, "wrong password", lambda s: new_access(s.site, ICPmm=BAD)),
    (
        1052,
        "sponsor is being cancelled",
        then(lambda s: new_access(s.site), waiting("ZXBA", lambda s: cancellation(0, s.site.ztid))),
    ),
    (
        1052,
        "website is being cancelled",
        then(lambda s: new_access(s.site), waiting("ZXBA", lambda s: cancellation(1, s.site.wzid))),
    ),
    (1038, "access id used", lambda s: new_access(s.site, IspJrid=95001)),
    (
        1038,
        "access id waits",
        then(lambda s: new_access(s.site, Wzfb={"Fbdd": 5}), waiting("XZJR", lambda s: new_access(s.site))),
    ),
    (
        1038,
        "access id waits with a new website",
        then(lambda s: new_access(s.site, IspJrid=95005), waiting("XZWZ", lambda s: new_website(s.site))),
    ),
    (
        1040,
        "address id used",
        lambda s: new_access(s.site, Ip_xx=access(1, ("192.0.2.7", "192.0.2.7"))["Ip_xx"], Wzfb={"Fbdd": 5}),
    ),
    (1029, "equal access on record", lambda s: new_access(s.site, Ip_xx=access(1)["Ip_xx"])),
    (
        1029,
        "equal access waits",
        then(lambda s: new_access(s.site, IspJrid=95008), waiting("XZJR", lambda s: new_access(s.site))),
    ),
    (1040, "address on record", lambda s: new_access(s.site, Ip_xx=access(1)["Ip_xx"], Wzfb={"Fbdd": 5})),
    (1006, "address", lambda s: new_access(s.site, Ip_xx=access(7, ("10.0.0.1", "10.0.0.1"))["Ip_xx"])),
    (
        1024,
        "another provider's address",
        then(lambda s: new_access(s.site, Ip_xx=foreign_access()["Ip_xx"]), elsewhere),
    ),
    (
        1063,
        "not own",
        then(lambda s: new_access(s.site), lambda s: s.bureau.bureau.set_account(ISP, ip_ranges="192.0.2.9")),
    ),
    (
        1062,
        "own",
        then(lambda s: new_access(s.site), lambda s: s.bureau.bureau.set_account(ISP, ip_ranges="192.0.2.77")),
    ),
    (1064, "black list", then(lambda s: new_access(s.site), blacklisted("domain", "qingwu.example"))),
    (1065, "black list", then(lambda s: new_access(s.site), blacklisted("sponsor", "91350100M000100Y43"))),
    (
        1999,
        "blank remark of a picture",
        lambda s: new_access(s.site, Fj=[attachment(1, 2, {"Jlid": s.site.wzid}, Bz=" ")]),
    ),
    (1035, "method", lambda s: new_access(s.site, Wzjrfs={"Jrfs": 60})),
    (1036, "location", lambda s: new_access(s.site, Wzfb={"Fbdd": 60})),
    (1056, "format", lambda s: new_access(s.site, Fj=[attachment(1, 2, {"Jlid": s.site.wzid}, Fjwjgs=9)])),
    (1057, "purpose", lambda s: new_access(s.site, Fj=[attachment(60, 2, {"Jlid": s.site.wzid})])),
    (1061, "sheet of a sponsor", lambda s: new_access(s.site, Fj=[attachment(1, 1, {"Jlid": s.site.ztid})])),
    (1055, "another website's", lambda s: new_access(s.site, Fj=[attachment(1, 2, {"Jlid": 80001})])),
    (5010, "no picture", lambda s: new_access(s.site, Fj=[attachment(1, 2, {"Jlid": s.site.wzid}, Fjnr="AAAA")])),
)


@parametrized((*XZWZ, *XZJR))
@pytest.mark.shows(by=("group", "code"))
def test_a_record_is_answered_by_its_code(scene, code, group, name, build):
    check(scene, code, group, name, build)
