"""Cancellations, material on its own, and answers to the bureau: each result code by a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from icp.bureau.codec.numbers import ip_to_int
from tests.bureau.loopback_changes import (
    OTHER,
    cancellation,
    change,
    handled,
    material,
    new_access,
    person_as_verified,
    verification,
)
from tests.bureau.loopback_filing import (
    ISP,
)
from tests.bureau.loopback_scene import (
    BAD,
    Build,
    Scene,
    cancelled,
    check,
    foreign,
    parametrized,
    table,
    then,
    waiting,
)


def of_sponsor(**changes: Any) -> Build:
    return lambda s: cancellation(0, s.site.ztid, **changes)


def of_website(**changes: Any) -> Build:
    return lambda s: cancellation(1, s.site.wzid, **changes)


def of_access(**changes: Any) -> Build:
    return lambda s: cancellation(2, s.site.jrid, **changes)


ZXBA = table(
    "ZXBA",
    (1058, "no such sponsor", of_sponsor(Jlid=99)),
    (1059, "no such website", of_website(Jlid=99)),
    (1016, "no such access", of_access(Jlid=99)),
    (1058, "a website's id", lambda s: cancellation(0, s.site.wzid)),
    (1049, "sponsor cancelled", then(of_sponsor(), cancelled(0))),
    (1049, "website of a cancelled sponsor", then(of_website(), cancelled(0))),
    (1050, "website cancelled", then(of_website(), cancelled(1))),
    (1050, "access of a cancelled website", then(of_access(), Scene.second_access, cancelled(1))),
    (1016, "access cancelled", then(of_access(), Scene.second_access, cancelled(2))),
    (1026, "reason", of_website(Zxly=77)),
    (1018, "no password", of_sponsor(ICPmm=None)),
    (1018, "wrong password", of_sponsor(ICPmm=BAD)),
    (1018, "blank password", of_website(ICPmm=" ")),
    (1999, "blank remark", of_website(Zxlybz=" ")),
    (1018, "wrong password for a website", of_website(ICPmm=BAD)),
    (1048, "sponsor not through the caller", then(of_sponsor(), foreign)),
    (1048, "website not through the caller", then(of_website(), foreign)),
    (1047, "another provider's access", lambda s: cancellation(2, s.second_access())),
    (1025, "last access", of_access()),
    (
        1025,
        "last access but for one that is being cancelled",
        then(of_access(), lambda s: s.waits("ZXBA", cancellation(2, s.second_access(ISP)))),
    ),
    (1027, "again", then(of_sponsor(), waiting("ZXBA", of_sponsor()))),
    (1030, "again", then(of_website(), waiting("ZXBA", of_website()))),
    (1032, "again", then(of_access(), Scene.second_access, waiting("ZXBA", of_access()))),
    (1042, "sponsor is being cancelled", then(of_website(), waiting("ZXBA", of_sponsor()))),
    (1043, "a website is being cancelled", then(of_sponsor(), waiting("ZXBA", of_website()))),
    (1052, "a change waits", then(of_sponsor(), waiting("BGBA", lambda s: change(s.site)))),
    (1052, "a new access waits", then(of_website(), waiting("XZJR", lambda s: new_access(s.site)))),
    (1052, "sponsor is being cancelled", then(of_access(), Scene.second_access, waiting("ZXBA", of_sponsor()))),
    (1052, "website is being cancelled", then(of_access(), Scene.second_access, waiting("ZXBA", of_website()))),
)

XZHYD = table(
    "XZHYD",
    (1060, "a website's by number", lambda s: material(2, {"Baxh": s.site.website_number})),
    (1060, "a website's by id", lambda s: material(2, {"Jlid": s.site.wzid})),
    (1060, "a sponsor's", lambda s: material(1, {"Baxh": s.site.number}, 3)),
    (1058, "no such sponsor", lambda s: material(1, {"Baxh": "闽ICP备2026999999号"}, 3)),
    (1059, "no such website", lambda s: material(2, {"Jlid": 99})),
    (1055, "a website's id as a sponsor's", lambda s: material(1, {"Jlid": s.site.wzid}, 3)),
    (1055, "a sponsor's id as a website's", lambda s: material(2, {"Jlid": s.site.ztid})),
    (1067, "a number of several", then(lambda s: material(2, {"Baxh": s.site.number}), Scene.second_website)),
    (1049, "sponsor cancelled", then(lambda s: material(1, {"Jlid": s.site.ztid}, 3), cancelled(0))),
    (1050, "website cancelled", then(lambda s: material(2, {"Jlid": s.site.wzid}), cancelled(1))),
    (1048, "not through the caller", then(lambda s: material(2, {"Jlid": s.site.wzid}), foreign)),
    (1061, "purpose", lambda s: material(2, {"Jlid": s.site.wzid}, 3)),
    (1061, "owner of a third kind", lambda s: material(3, {"Jlid": s.site.wzid})),
    (1056, "format", lambda s: material(2, {"Jlid": s.site.wzid}, Fjwjgs=9)),
    (1057, "purpose code", lambda s: material(2, {"Jlid": s.site.wzid}, 60)),
    (5010, "no picture", lambda s: material(2, {"Jlid": s.site.wzid}, Fjnr="AAAA")),
    (1999, "blank remark", lambda s: material(2, {"Jlid": s.site.wzid}, Bz=" ")),
)


def issued(scene: Scene) -> None:
    scene.sql("INSERT INTO task (isp_id, sponsor_id, issued_at) VALUES (?, ?, 1)", ISP, scene.site.ztid)


def verified(**changes: Any) -> Build:
    return then(lambda s: verification(s.site, **changes), issued)


def verified_sponsor(**changes: Any) -> Build:
    def build(scene: Scene) -> dict[str, Any]:
        record = verification(scene.site)
        record["Baxx"]["Zt_xx"] |= changes
        return record

    return then(build, issued)


def verified_site(**changes: Any) -> Build:
    def build(scene: Scene) -> dict[str, Any]:
        record = verification(scene.site)
        record["Baxx"]["Wz_xx"][0] |= changes
        return record

    return then(build, issued)


def verified_access(**changes: Any) -> Build:
    def build(scene: Scene) -> dict[str, Any]:
        record = verification(scene.site)
        record["Baxx"]["Wz_xx"][0]["Jr_xx"][0] |= changes
        return record

    return then(build, issued)


def plain_address(text: str, ipid: int) -> dict[str, Any]:
    return {"Ip_xx": [{"Ipid": ipid, "Qsip": ip_to_int(text), "Zzip": ip_to_int(text)}]}


HSJG = table(
    "HSJG",
    (1016, "no task", lambda s: verification(s.site)),
    (
        1058,
        "no such sponsor",
        lambda s: (
            verification(s.site)
            | {
                "Baxx": {
                    "Zt_xx": verification(s.site)["Baxx"]["Zt_xx"] | {"Ztid": 99},
                    "Wz_xx": verification(s.site)["Baxx"]["Wz_xx"],
                }
            }
        ),
    ),
    (1049, "sponsor cancelled", then(verified(), cancelled(0))),
    (1054, "no such unit", verified(Bbdw=42)),
    (1053, "a deleted unit", then(verified(Bbdw=OTHER), lambda s: s.bureau.bureau.retire_account(OTHER))),
    (1999, "date", verified(Hssj="2026-13-01")),
    (1999, "blank opinion", verified(Hsyj=" ")),
    (1004, "blank domain", then(lambda s: verified_site(Ym_xx=[{"Ymid": s.site.ymid, "Ym": " " * 4}])(s))),
    (1008, "certificate", verified_sponsor(Zj={"Zjlx": 1, "Zjhm": "91350100M000100Y44", "Zjzs": "x"})),
    (1014, "organisation type", verified_sponsor(Dwxz=7)),
    (1019, "region", verified_sponsor(Txdz={"Shengid": 350000, "Shiid": 330100, "Xxdz": "x"})),
    (1011, "mobile", verified_sponsor(Fzr=person_as_verified(Fzr_sjhm="23800000000"))),
    (1009, "e-mail", verified_site(Wz_Fzr=person_as_verified(Fzr_dzyj="lin@qingwu"))),
    (1059, "no such website", verified_site(Wzid=99)),
    (1050, "website cancelled", then(verified(), cancelled(1))),
    (1048, "not through the caller", then(verified(), foreign)),
    (1016, "no such domain", verified_site(Ym_xx=[{"Ymid": 99, "Ym": "qingwu.example"}])),
    (1016, "no such access", verified_access(Jrid=99)),
    (1023, "no such range", verified_access(**plain_address("192.0.2.1", 99))),
    (1006, "address", then(lambda s: verified_access(**plain_address("10.0.0.1", s.site.ipid))(s))),
    (1034, "service content", verified_site(Fwnr={"Fwnr_id": 60})),
)


def listed(isp: int = ISP) -> Callable[[Scene], None]:
    sql = "INSERT INTO unfiled (domain, ip, isp_id) VALUES ('unfiled.example', ?, ?)"
    return lambda s: s.sql(sql, ip_to_int("192.0.2.200"), isp)


WBACLJG = table(
    "WBACLJG",
    (5005, "not listed", lambda s: handled()),
    (5005, "at another address", then(lambda s: handled(ip="192.0.2.201"), listed())),
    (5005, "another provider's", then(lambda s: handled(), listed(OTHER))),
    (5005, "in another provider's name", then(lambda s: handled(Jrs=OTHER), listed())),
    (5006, "again", then(lambda s: handled(), listed(), lambda s: s.send("WBACLJG", handled("Unfiled.example")))),
    (5007, "result code", then(lambda s: handled(Cljg=77), listed())),
    (1019, "province", then(lambda s: handled(Shengid=990000), listed())),
    (1007, "reporter's telephone", then(lambda s: handled(Sbrdh="0591-8765432x"), listed())),
    (1007, "reporter's e-mail", then(lambda s: handled(Sbrdzyj="lin@qingwu"), listed())),
    (5999, "date", then(lambda s: handled(Rbsj="2026-13-01"), listed())),
    (1007, "blank telephone", then(lambda s: handled(Sbrdh=" " * 11), listed())),
    (1999, "blank opinion", then(lambda s: handled(Clyj=" "), listed())),
)


@parametrized((*ZXBA, *XZHYD, *HSJG, *WBACLJG))
@pytest.mark.shows(by=("group", "code"))
def test_a_record_is_answered_by_its_code(scene, code, group, name, build):
    check(scene, code, group, name, build)


def test_data_of_a_cancelled_access_is_sent_when_asked_for(scene):
    scene.second_access()
    scene.bureau.bureau.trouble("access_zxsj", 1)
    scene.waits("ZXBA", cancellation(2, scene.site.jrid))
    scene.bureau.bureau.approve(scene.bureau.bureau.requests("pending")[0]["number"])
    _, gone = scene.caller.take()
    assert (gone.findtext("ICP/ZXSJ/Zxxx/Zxlb"), gone.findtext("ICP/ZXSJ/Zxxx/Jlid")) == ("2", str(scene.site.jrid))
