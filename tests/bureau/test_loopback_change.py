"""Changes: each result code by a case."""

from __future__ import annotations

from typing import Any

import pytest

from icp.bureau.codec.numbers import ip_to_int
from tests.bureau.loopback_caller import codes
from tests.bureau.loopback_changes import (
    OTHER,
    cancellation,
    change,
    enter,
    kept_access,
    kept_sponsor,
    kept_website,
)
from tests.bureau.loopback_filing import (
    ISP,
    access,
    attachment,
    filing,
    other_sponsor,
    picture,
    principal,
    website,
)
from tests.bureau.loopback_scene import (
    BAD,
    LICENCE,
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


def subject(**changes: Any) -> Build:
    return lambda s: change(s.site, Zt_xx=kept_sponsor(s.site, **changes))


def person(**changes: Any) -> Build:
    return subject(Fzr=principal(**changes))


def one_site(**changes: Any) -> Build:
    return lambda s: change(s.site, Wz_xx=[kept_website(s.site, **changes)])


def one_access(**changes: Any) -> Build:
    return lambda s: change(s.site, Wz_xx=[kept_website(s.site, Jr_xx=[kept_access(s.site, **changes)])])


def addresses(first: str, last: str, **ids: Any) -> dict[str, Any]:
    return {"Ip_xx": [{"IspIpid": 96099, **ids, "Qsip": ip_to_int(first), "Zzip": ip_to_int(last)}]}


def domain(name: str, **ids: Any) -> dict[str, Any]:
    return {"Ym_xx": [{"IspYmid": 90099, **ids, "Ym": name}], "Syurl": None}


def foreign_in_change(locations: int) -> Build:
    def build(scene: Scene) -> dict[str, Any]:
        jrid = scene.second_access()
        own = addresses("203.0.113.9", "203.0.113.9")
        alien = kept_access(scene.site, Jrid=jrid, Wzfb={"Fbdd": locations}, **own)
        return change(scene.site, Wz_xx=[kept_website(scene.site, Jr_xx=[kept_access(scene.site), alien])])

    return build


def changed_often(scene: Scene) -> None:
    for _ in range(20):
        scene.approved("BGBA", change(scene.site))


BGBA = table(
    "BGBA",
    (1058, "no such id", lambda s: change(s.site, Zt_xx=kept_sponsor(s.site, Ztid=99), Wz_xx=[kept_website(s.site)])),
    (1016, "id and number differ", subject(Baxh="闽ICP备2026999999号")),
    (1049, "cancelled", then(lambda s: change(s.site), cancelled(0))),
    (1018, "wrong password", lambda s: change(s.site, ICPmm=BAD)),
    (1048, "not through the caller", then(lambda s: change(s.site), foreign)),
    (1017, "another waits", then(lambda s: change(s.site), waiting("BGBA", lambda s: change(s.site)))),
    (1051, "too often", then(lambda s: change(s.site), changed_often)),
    (1046, "province", subject(Txdz={"Shengid": 330000, "Shiid": 330100, "Xianid": 330102, "Xxdz": "x"})),
    (
        1052,
        "sponsor is being cancelled",
        then(lambda s: change(s.site), waiting("ZXBA", lambda s: cancellation(0, s.site.ztid))),
    ),
    (
        1052,
        "website is being cancelled",
        then(lambda s: change(s.site), waiting("ZXBA", lambda s: cancellation(1, s.site.wzid))),
    ),
    (1003, "another's certificate", then(subject(Zj={"Zjlx": 1, "Zjhm": LICENCE, "Zjzs": "x"}), elsewhere)),
    (
        1003,
        "a certificate that waits",
        then(
            subject(Zj={"Zjlx": 1, "Zjhm": LICENCE, "Zjzs": "x"}),
            waiting("XZBA", lambda s: filing(2, "c.example", Zt_xx=other_sponsor(2))),
        ),
    ),
    (1008, "certificate", subject(Zj={"Zjlx": 1, "Zjhm": "91350100M000100Y44", "Zjzs": "x"})),
    (1014, "organisation type", subject(Dwxz=7)),
    (1019, "region", subject(Txdz={"Shengid": 350000, "Shiid": 330100, "Xxdz": "x"})),
    (1065, "black list", then(lambda s: change(s.site), blacklisted("sponsor", "91350100M000100Y43"))),
    (1044, "principal's name", person(Fzr_xm=None)),
    (1010, "principal's telephone", person(Fzr_dhhm=None)),
    (1011, "mobile", person(Fzr_sjhm="23800000000")),
    (1009, "e-mail", person(Fzr_dzyj="lin@qingwu")),
    (1012, "MSN", person(Msn="nobody")),
    (1013, "QQ", person(Qq="0123456")),
    (1015, "identity card", person(Fzr_zjhm="110105194912310021")),
    (1031, "website principal's telephone", one_site(Wz_Fzr=principal(Fzr_dhhm=None))),
    (1059, "no such website", one_site(Wzid=99)),
    (1050, "website cancelled", then(lambda s: change(s.site), cancelled(1))),
    (1016, "website's id and number differ", one_site(Baxh="闽ICP备2026999999号-1")),
    (
        1067,
        "a website twice",
        lambda s: change(
            s.site, Wz_xx=[kept_website(s.site), kept_website(s.site, Wzmc="另一个", **domain("tea.example"))]
        ),
    ),
    (1016, "no such domain", one_site(**domain("tea.example", Ymid=99))),
    (1039, "domain on record without its id", one_site(**domain("qingwu.example"))),
    (
        1039,
        "domain id twice",
        one_site(Ym_xx=[{"IspYmid": 7, "Ym": "tea.example"}, {"IspYmid": 7, "Ym": "cup.example"}], Syurl=None),
    ),
    (
        1039,
        "a domain on record under two names",
        lambda s: one_site(
            Ym_xx=[{"IspYmid": n, "Ymid": s.site.ymid, "Ym": f"{name}.example"} for n, name in enumerate("ab", 7)],
            Syurl=None,
        )(s),
    ),
    (1039, "new domain with an id on record", one_site(**domain("tea.example", IspYmid=90001))),
    (
        1039,
        "kept domain with another's id",
        then(
            lambda s: one_site(Ym_xx=[{"IspYmid": 90005, "Ymid": s.site.ymid, "Ym": "qingwu.example"}])(s),
            Scene.second_website,
        ),
    ),
    (1040, "new address with an id on record", one_access(**addresses("192.0.2.7", "192.0.2.7", IspIpid=96010))),
    (1005, "domain elsewhere", then(one_site(**domain("b.example")), elsewhere)),
    (1004, "domain", one_site(**domain("-tea.example"))),
    (1064, "black list", then(one_site(**domain("tea.example")), blacklisted("domain", "tea.example"))),
    (1022, "home page", one_site(Syurl="http://")),
    (1041, "home page elsewhere", one_site(Syurl="www.tea.example")),
    (1999, "blank name of the subject", subject(Dwmc=" ")),
    (1020, "blank name", one_site(Wzmc=" ")),
    (1020, "name", then(one_site(Wzmc="青梧手作馆 9"), elsewhere)),
    (
        1021,
        "home page on record",
        then(
            one_site(Syurl="www.qingwu.example"),
            lambda s: enter(
                s.bureau,
                filing(
                    9,
                    "b.example",
                    Zt_xx=other_sponsor(9),
                    Wz_xx=[website(9, "b.example", Syurl="www.qingwu.example", Jr_xx=foreign_access())],
                ),
                OTHER,
            ),
        ),
    ),
    (1034, "service content", one_site(Fwnr={"Fwnr_id": 60})),
    (1066, "language", one_site(Yylb={"Yylb_id": 60})),
    (1033, "approval", one_site(Nrlx={"Nrlx_xx": {"Nrlx_id": 60, "Qzsph": "x", "Spwj": [picture()]}})),
    (1035, "method", one_access(Wzjrfs={"Jrfs": 60})),
    (1036, "location", one_access(Wzfb={"Fbdd": 60})),
    (1016, "no such access", one_access(Jrid=99)),
    (1016, "access cancelled", then(lambda s: change(s.site), lambda s: s.second_access(ISP), cancelled(2))),
    (
        1038,
        "an access twice",
        lambda s: change(
            s.site, Wz_xx=[kept_website(s.site, Jr_xx=[kept_access(s.site), kept_access(s.site, Wzfb={"Fbdd": 5})])]
        ),
    ),
    (1048, "another provider's access altered", foreign_in_change(5)),
    (1023, "no such range", one_access(**addresses("192.0.2.1", "192.0.2.1", Ipid=99))),
    (
        1040,
        "a range on record with two addresses",
        lambda s: one_access(
            Ip_xx=[addresses(ip, ip, Ipid=s.site.ipid)["Ip_xx"][0] for ip in ("192.0.2.1", "192.0.2.7")]
        )(s),
    ),
    (1006, "address", one_access(**addresses("10.0.0.1", "10.0.0.1"))),
    (1024, "another provider's address", then(one_access(**addresses("203.0.113.5", "203.0.113.5")), elsewhere)),
    (
        1040,
        "address twice",
        lambda s: change(
            s.site,
            Wz_xx=[
                kept_website(
                    s.site, Jr_xx=[kept_access(s.site, Ip_xx=addresses("192.0.2.1", "192.0.2.1")["Ip_xx"] * 2)]
                )
            ],
        ),
    ),
    (
        1063,
        "not own",
        then(lambda s: change(s.site), lambda s: s.bureau.bureau.set_account(ISP, ip_ranges="192.0.2.9")),
    ),
    (
        1029,
        "equal to another access",
        then(one_access(**addresses("203.0.113.9", "203.0.113.9")), lambda s: s.second_access(ISP)),
    ),
    (1056, "format", lambda s: change(s.site, Fj=[attachment(1, 2, {"Jlid": s.site.wzid}, Fjwjgs=9)])),
    (1057, "purpose", lambda s: change(s.site, Fj=[attachment(60, 2, {"Jlid": s.site.wzid})])),
    (1061, "sheet of a sponsor", lambda s: change(s.site, Fj=[attachment(1, 1, {"Jlid": s.site.ztid})])),
    (1055, "another website's", lambda s: change(s.site, Fj=[attachment(1, 2, {"Jlid": 99})])),
    (5010, "no picture", lambda s: change(s.site, Fj=[attachment(1, 2, {"Jlid": s.site.wzid}, Fjnr="AAAA")])),
)


@parametrized(BGBA)
@pytest.mark.shows(by=("group", "code"))
def test_a_record_is_answered_by_its_code(scene, code, group, name, build):
    check(scene, code, group, name, build)


@pytest.fixture
def renamed(scene):
    """A filing whose domain and address a change gave other ids of the provider's own."""
    here = ip_to_int("192.0.2.1")
    ranges = [{"IspIpid": 96077, "Ipid": scene.site.ipid, "Qsip": here, "Zzip": here}]
    names = [{"IspYmid": 90077, "Ymid": scene.site.ymid, "Ym": "qingwu.example"}]
    site = kept_website(scene.site, Ym_xx=names, Jr_xx=[kept_access(scene.site, Ip_xx=ranges)])
    scene.approved("BGBA", change(scene.site, Wz_xx=[site]))
    return scene


def elsewhere_with(domain_id: int, range_id: int, address: str) -> dict[str, Any]:
    ranges = {"Ip_xx": [{"IspIpid": range_id, "Qsip": ip_to_int(address), "Zzip": ip_to_int(address)}]}
    site = website(2, "b.example", Ym_xx={"IspYmid": domain_id, "Ym": "b.example"}, Jr_xx=access(2) | ranges)
    return filing(2, "b.example", Zt_xx=other_sponsor(2), Wz_xx=[site])


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (elsewhere_with(90001, 96020, "192.0.2.1"), [1039]),
        (elsewhere_with(90077, 96020, "192.0.2.1"), [1039]),
        (elsewhere_with(90002, 96010, "192.0.2.7"), [1040]),
        (elsewhere_with(90002, 96010, "192.0.2.1"), []),  # the same address still
    ],
    ids=["former domain", "domain", "former range", "the same range"],
)
def test_an_id_that_a_change_gave_up_names_nothing_else(renamed, record, expected):
    assert [code for root in renamed.send("XZBA", record) for code in codes(root)] == expected


def test_a_change_may_go_back_to_an_id_it_gave_up(renamed):
    renamed.waits("BGBA", change(renamed.site))
