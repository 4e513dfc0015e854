"""The life of a filing at the bureau, over HTTP: what each decision does to what is on record, and who hears of it."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from typing import Any

import pytest

from icp.bureau.codec import schema
from icp.bureau.codec.numbers import ip_to_int
from icp.loopback_bureau import enrol, issuing, listing
from icp.loopback_bureau.decide import Undecidable
from icp.loopback_bureau.server import running
from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import (
    MD5,
    OTHER,
    cancellation,
    change,
    enter,
    grouped,
    handled,
    kept_access,
    kept_sponsor,
    kept_website,
    material,
    new_access,
    new_website,
    on_record,
    other_provider,
    verification,
)
from tests.bureau.loopback_filing import (
    ISP,
    access,
    element,
    file,
    filing,
    other_sponsor,
    picture,
    principal,
    website,
    xml_bytes,
)

LETTER = re.compile(r"主体备案号：(\S+)\n备案密码：(\S+)\n")


def pending(bureau) -> str:
    bureau.bureau.settle()
    return bureau.bureau.requests("pending")[0]["number"]


def settled(scene, group: str, record: dict[str, Any], how: str = "approve") -> list[Any]:
    """Report one record, decide it, and take what follows."""
    scene.waits(group, record)
    number = pending(scene.bureau)
    if how == "approve":
        scene.bureau.bureau.approve(number, "同意")
    else:
        scene.bureau.bureau.reject(number, "材料不清")
    return scene.caller.take()


def answers(root: Any) -> tuple[list[int], str, str, list[str], list[str]]:
    """Codes, Czlx and Bs of the result, Czlx and Jlid of the reviews."""
    reviews = root.findall(".//Gjsh")
    return (
        codes(root),
        root.findtext(".//Jg_xx/Czlx"),
        root.findtext(".//Jg_xx/Bs"),
        [review.findtext("Czlx") for review in reviews],
        [review.findtext("Jlid") for review in reviews],
    )


def cancelled(root: Any) -> list[tuple[str, str]]:
    return [(node.findtext("Zxlb"), node.findtext("Jlid")) for node in root.findall("ICP/ZXSJ/Zxxx")]


def test_new_websites_get_the_next_suffixes(scene):
    record = new_website(scene.site, Wz_xx=[website(5, "tea.example"), website(6, "pot.example")])
    results, data = settled(scene, "XZWZ", record)
    assert answers(results) == ([1001], "2", scene.site.number, ["2", "2"], ["80005", "80006"])
    filed = data.findall("ICP/BASJ/Baxx/Wz_xx")
    assert [site.findtext("Baxh") for site in filed] == [f"{scene.site.number}-{n}" for n in (1, 2, 3)]
    assert [site.findtext("IspWzid") for site in filed] == ["80001", "80005", "80006"]
    status = scene.caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition="POT.example").status
    assert (status.filed, status.website_number) == (True, f"{scene.site.number}-3")


def test_a_new_website_named_by_id_is_answered_by_id(scene):
    results, _ = settled(scene, "XZWZ", new_website(scene.site, Zt_xx={"Ztid": scene.site.ztid}, ICPmm=MD5.upper()))
    assert answers(results)[:3] == ([1001], "2", str(scene.site.ztid))


def test_a_suffix_is_never_given_again(scene):
    settled(scene, "XZWZ", new_website(scene.site))
    second = int(on_record(scene.bureau, scene.site.number).data.findall("Wz_xx")[1].findtext("Wzid"))
    settled(scene, "ZXBA", cancellation(1, second))
    _, data = settled(scene, "XZWZ", new_website(scene.site, 6, "pot.example"))
    assert [node.text for node in data.iterfind(".//Wz_xx/Baxh")] == [
        f"{scene.site.number}-1",
        f"{scene.site.number}-3",
    ]


@pytest.mark.parametrize("group", ["XZWZ", "XZJR", "BGBA", "ZXBA"])
def test_a_rejection_changes_nothing_and_lets_it_be_reported_again(scene, group):
    second = scene.second_access()
    build = {
        "XZWZ": lambda: new_website(scene.site),
        "XZJR": lambda: new_access(scene.site),
        "BGBA": lambda: change(scene.site, Zt_xx=kept_sponsor(scene.site, Tzr="另一家")),
        "ZXBA": lambda: cancellation(2, scene.site.jrid),
    }[group]
    before = scene.table_dump()
    (results,) = settled(scene, group, build(), "reject")
    assert codes(results) == [1002]
    assert results.findtext(".//Shjg") == "0"
    assert scene.table_dump() == before
    results, *data = settled(scene, group, build())
    assert (codes(results), len(data)) == ([1001], 0 if group == "ZXBA" else 1)
    assert second


def test_takeover_through_a_second_provider(scene):
    other = other_provider(scene.bureau)
    for password in ("0" * 32, MD5[::-1]):
        taken = new_access(scene.site, 31, ICPmm=password)
        other.upload(grouped("XZJR", taken, isp=OTHER))
        assert codes(other.take()[0]) == [1018]
    record = new_access(scene.site, 31, ICPmm=MD5.upper(), Wz_xx={"Wzid": scene.site.wzid})
    other.upload(grouped("XZJR", record, isp=OTHER))
    assert other.take() == []
    scene.bureau.bureau.approve(pending(scene.bureau))
    results, data = other.take()
    assert answers(results) == ([1001], "3", "95031", ["3"], ["95031"])
    subject = data.find("ICP/BASJ/Baxx/Zt_xx")
    assert (subject.find("IspZtid"), subject.findtext("Dwmc")) == (None, "福州青梧文创有限公司")
    seen = [(node.findtext("IspJrid"), node.findtext("Ispid")) for node in data.iter("Jr_xx")]
    assert seen == [(None, str(ISP)), ("95031", str(OTHER))]
    assert [node.text for node in data.iter("IspIpid")] == ["96310"]
    # The first provider leaves; its record goes, the site stays.
    (results,) = settled(scene, "ZXBA", cancellation(2, scene.site.jrid))
    assert answers(results) == ([1001], "5", str(scene.site.jrid), ["5"], [str(scene.site.jrid)])
    assert [node.findtext("Ispid") for node in on_record(scene.bureau, scene.site.number).data.iter("Jr_xx")] == [
        str(OTHER)
    ]
    (refused,) = scene.send("BGBA", change(scene.site))
    assert 1048 in codes(refused)


def test_a_change_replaces_the_record_and_keeps_numbers_and_ids(scene):
    old, new = "192.0.2.1", "192.0.2.60"
    scans = {"Nrlx_xx": {"Nrlx_id": 3, "Qzsph": "闽教 1 号", "Spwj": [picture()]}}
    ranges = [
        {"IspIpid": 96010, "Ipid": scene.site.ipid, "Qsip": ip_to_int(old), "Zzip": ip_to_int("192.0.2.9")},
        {"IspIpid": 96077, "Qsip": ip_to_int(new), "Zzip": ip_to_int(new)},
    ]
    record = change(
        scene.site,
        Zt_xx=kept_sponsor(scene.site, Dwmc="福州青梧文化有限公司", Fzr=principal(Fzr_xm="沈墨")),
        Wz_xx=[
            kept_website(
                scene.site,
                Wzmc="青梧书房",
                Nrlx=scans,
                Ym_xx=[{"IspYmid": 90044, "Ym": "shufang.example"}],
                Jr_xx=[kept_access(scene.site, Wzfb={"Fbdd": [4, 5]}, Ip_xx=ranges)],
                Syurl="www.shufang.example",
            )
        ],
        ICPmm=MD5,
    )
    results, data = settled(scene, "BGBA", record)
    assert answers(results) == ([1001], "4", str(scene.site.ztid), ["4"], [str(scene.site.ztid)])
    subject, site = data.find(".//Zt_xx"), data.find(".//Wz_xx")
    assert [subject.findtext(name) for name in ("Ztid", "IspZtid", "Baxh", "Dwmc", "Bbyhlx", "Fzr/Fzr_xm")] == [
        str(scene.site.ztid),
        "70001",
        scene.site.number,
        "福州青梧文化有限公司",
        "1",
        "沈墨",
    ]
    assert [site.findtext(name) for name in ("Wzid", "IspWzid", "Baxh", "Wzmc", "Syurl")] == [
        str(scene.site.wzid),
        "80001",
        scene.site.website_number,
        "青梧书房",
        "www.shufang.example",
    ]
    assert [(d.findtext("IspYmid"), d.findtext("Ym")) for d in site.findall("Ym_xx")] == [("90044", "shufang.example")]
    assert [node.text for node in site.findall("Jr_xx/Wzfb/Fbdd")] == ["4", "5"]
    assert [(r.findtext("IspIpid"), r.findtext("Zzip")) for r in site.findall("Jr_xx/Ip_xx")] == [
        ("96010", str(ip_to_int("192.0.2.9"))),
        ("96077", str(ip_to_int(new))),
    ]
    assert site.findtext("Jr_xx/Ip_xx/Ipid") == str(scene.site.ipid)
    for domain, filed in (("qingwu.example", False), ("shufang.example", True)):
        status = scene.caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition=domain).status
        assert (status.filed, status.subject_number) == (filed, scene.site.number if filed else "")


def test_what_a_change_does_not_name_stays(scene):
    settled(scene, "XZWZ", new_website(scene.site))
    other = scene.second_access()
    _, data = settled(scene, "BGBA", change(scene.site))
    assert len(data.findall(".//Wz_xx")) == 2
    assert str(other) in [node.text for node in data.iter("Jrid")]


def test_another_providers_access_may_be_sent_along_unaltered(scene):
    jrid = scene.second_access()
    address = ip_to_int("203.0.113.9")
    alien = kept_access(scene.site, Jrid=jrid, Ip_xx=[{"IspIpid": 96099, "Qsip": address, "Zzip": address}])
    record = change(scene.site, Wz_xx=[kept_website(scene.site, Jr_xx=[kept_access(scene.site), alien])])
    _, data = settled(scene, "BGBA", record)
    assert [node.findtext("Ispid") for node in data.iter("Jr_xx")] == [str(ISP), str(OTHER)]


def test_enterprise_ids_follow_a_change_of_what_the_provider_reported_itself(scene):
    kept = {"IspYmid": 90055, "Ymid": scene.site.ymid, "Ym": "qingwu.example"}
    record = change(scene.site, Wz_xx=[kept_website(scene.site, Ym_xx=[kept])])
    scene.sql("UPDATE domain SET isp_id = ?", OTHER)
    _, data = settled(scene, "BGBA", record)
    assert data.find(".//IspYmid") is None
    scene.sql("UPDATE domain SET isp_id = ?", ISP)
    _, data = settled(scene, "BGBA", record)
    assert (data.findtext(".//Ymid"), data.findtext(".//IspYmid")) == (str(scene.site.ymid), "90055")


def test_a_certificate_may_change_and_the_old_one_is_free(scene):
    licence = {"Zjlx": 1, "Zjhm": "350200100012345", "Zjzs": "海沧"}
    settled(scene, "BGBA", change(scene.site, Zt_xx=kept_sponsor(scene.site, Zj=licence)))
    for number, filed in (("91350100M000100Y43", False), ("350200100012345", True)):
        status = scene.caller.call("isp_querybeianstatus", queryConditionType=1, queryCondition=number).status
        assert status.filed is filed


@pytest.mark.parametrize("kind", [1, 0])
def test_what_is_cancelled_goes_with_all_below_and_every_provider_hears(scene, kind):
    other = other_provider(scene.bureau)
    scene.second_access()
    settled(scene, "XZWZ", new_website(scene.site))
    bureau_id, operation = ((scene.site.ztid, "6"), (scene.site.wzid, "7"))[kind]
    results, gone = settled(scene, "ZXBA", cancellation(kind, bureau_id))
    assert answers(results) == ([1001], operation, str(bureau_id), [operation], [str(bureau_id)])
    assert cancelled(gone) == [(str(kind), str(bureau_id))]
    (heard,) = other.take()
    assert cancelled(heard) == [(str(kind), str(bureau_id))]
    filed = [
        scene.caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition=name).status.filed
        for name in ("qingwu.example", "tea.example")
    ]
    assert filed == [False, kind == 1]
    document = scene.caller.call("isp_querybeianstatus", queryConditionType=1, queryCondition="91350100M000100Y43")
    assert document.status.filed is (kind == 1)
    verified = scene.caller.call("isp_verifybamm", baxh=scene.site.website_number, bamm="Bamm1234").verified
    assert verified is (kind == 1)
    with scene.bureau.bureau.store.read() as connection:
        left = connection.execute("SELECT count(*) FROM access WHERE cancelled_at IS NULL").fetchone()[0]
        assert left == (1 if kind else 0)


def test_a_cancelled_sponsor_may_file_anew_and_gets_another_number(scene):
    settled(scene, "ZXBA", cancellation(0, scene.site.ztid))
    _, data = settled(scene, "XZBA", filing(2))
    assert data.findtext(".//Zt_xx/Baxh") not in ("", scene.site.number)
    assert data.findtext(".//Wz_xx/Baxh").endswith("-1")


def test_material_on_its_own_is_kept_at_once(scene):
    (root,) = scene.send("XZHYD", material(2, {"Baxh": scene.site.website_number}), material(1, {"Jlid": 99}, 3))
    answer = root.find(".//Jg_xx")
    assert (codes(root), answer.findtext("Bs")) == ([1060, 1058], scene.site.website_number)
    assert {node.text for node in root.iter("Czlx")} == {"35"}
    with scene.bureau.bureau.store.read() as connection:
        (row,) = connection.execute("SELECT * FROM material").fetchall()
    assert (row["kind"], row["owner_id"], row["purpose"]) == (2, scene.site.wzid, "1")


def test_an_answer_settles_its_task_without_a_result(scene):
    scene.bureau.bureau.issue(issuing.task, scene.site.number)
    (task,) = scene.caller.take()
    assert task.findtext("ICP/HSRW/Baxx/Zt_xx/Ztid") == str(scene.site.ztid)
    assert scene.send("HSJG", verification(scene.site, Hsjg=1, Hsyj="电话无人接听")) == []
    with scene.bureau.bureau.store.read() as connection:
        rows = connection.execute("SELECT * FROM task").fetchall()
    assert [(row["verdict"], row["opinion"], row["answered_at"] is None) for row in rows] == [
        (1, "电话无人接听", False)
    ]
    (again,) = scene.send("HSJG", verification(scene.site))
    assert codes(again) == [1016]


def test_an_answer_about_an_unfiled_site_takes_it_off_the_list(scene):
    scene.bureau.bureau.issue(listing.unfiled, "unfiled.example", "192.0.2.200", ISP)
    scene.caller.take()
    assert scene.send("WBACLJG", handled()) == []
    (again,) = scene.send("WBACLJG", handled())
    assert (codes(again), again.findtext(".//Bs")) == ([5006], "unfiled.example")
    scene.bureau.bureau.issue(listing.unfiled, "unfiled.example", "192.0.2.200", ISP)
    scene.caller.take()
    assert scene.send("WBACLJG", handled(Cljg=2)) == []


# ---- what happens meanwhile


def test_an_officer_can_not_approve_what_is_gone_meanwhile(scene):
    scene.waits("XZWZ", new_website(scene.site))
    scene.sql("UPDATE sponsor SET cancelled_at = 1")
    with pytest.raises(Undecidable, match="主体已注销"):
        scene.bureau.bureau.approve(pending(scene.bureau))
    scene.bureau.bureau.reject(pending(scene.bureau), "主体已注销")
    assert codes(scene.caller.take()[0]) == [1002]


def test_the_policy_answers_what_is_gone_meanwhile_by_its_code(serve):
    bureau = serve(decision="approve", delay=3600)
    caller = Caller(bureau.url)
    site = enter(bureau, filing())
    caller.upload(grouped("XZWZ", new_website(site)))
    assert caller.take() == []
    with bureau.bureau.store.write() as connection:
        connection.execute("UPDATE sponsor SET cancelled_at = 1")
        connection.execute("UPDATE request SET decide_after = 0")
    (root,) = caller.take()
    assert (codes(root), root.findall(".//Gjsh")) == ([1049], [])
    assert bureau.bureau.requests()[0]["state"] == "failed"


@pytest.mark.shows("1045")
def test_a_provider_that_moved_reports_to_another_bureau(scene):
    assert scene.caller.upload(grouped("XZWZ", new_website(scene.site))).code == 0
    scene.bureau.bureau.set_account(ISP, province="110000")
    scene.bureau.bureau.settle()
    assert scene.caller.call("isp_download").code == 13
    scene.bureau.bureau.set_account(ISP, province="350000")
    assert codes(scene.caller.take()[0]) == [1045]


@pytest.mark.shows("5002")
def test_an_attribute_that_does_not_exist(scene):
    root = grouped("XZWZ", new_website(scene.site))
    root.find(".//Xzxx").set("id", "1")
    scene.caller.upload(root, name="a.xml")
    (answer,) = scene.caller.take()
    assert (codes(answer), answer.findtext(".//Dmms")) == ([5002], "a.xml")


def test_lengths_and_types_of_each_group(scene):
    long = "www.tea.example/" + "a" * 490
    assert scene.send("XZWZ", new_website(scene.site, Wz_xx=[website(5, "tea.example", Syurl=long)])) == []
    scene.bureau.bureau.approve(pending(scene.bureau))
    _, data = scene.caller.take()
    assert len(data.findall(".//Syurl")[1].text) == 255
    for spoiled in (
        change(scene.site, Wz_xx=[kept_website(scene.site, Syurl=long)]),
        change(scene.site, Zt_xx=kept_sponsor(scene.site, Zj={"Zjlx": 12, "Zjhm": "123456789", "Zjzs": "x"})),
    ):
        assert schema.check_upload(grouped("BGBA", spoiled)) != []
        assert codes(scene.send("BGBA", spoiled)[0]) == [5001]
    both = new_website(scene.site, Zt_xx={"Ztbah": scene.site.number, "Ztid": scene.site.ztid})
    assert codes(scene.send("XZWZ", both)[0]) == [5001]


# ---- the whole life, with restarts


def test_a_whole_life_with_a_restart_after_each_step(tmp_path):
    instance = tmp_path / "instance"
    caller, other = Caller(""), Caller("", isp=OTHER, user="other", password="other-password")

    def step(who: Caller, group: str, build: Any) -> list[Any]:
        with running(instance, background=False) as bureau:
            caller.url = other.url = bureau.url
            assert who.upload(grouped(group, build(bureau), isp=who.isp)).code == 0
            assert who.take() == []
        with running(instance, background=False) as bureau:
            caller.url = other.url = bureau.url
            bureau.bureau.approve(pending(bureau))
        with running(instance, background=False) as bureau:
            caller.url = other.url = bureau.url
            return who.take()

    with running(instance, background=False) as bureau:
        other_provider(bureau)
    _, data = step(caller, "XZBA", lambda bureau: filing())
    number = data.findtext(".//Zt_xx/Baxh")
    (letter,) = (tmp_path / "instance" / "mail").glob("*.eml")
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_content()
    md5 = hashlib.md5(LETTER.search(text).group(2).encode(), usedforsecurity=False).hexdigest()

    def site(bureau: Any) -> Any:
        return on_record(bureau, number)

    step(caller, "XZWZ", lambda bureau: new_website(site(bureau)))
    step(other, "XZJR", lambda bureau: new_access(site(bureau), 31, ICPmm=md5))
    step(caller, "BGBA", lambda bureau: change(site(bureau), Wz_xx=[kept_website(site(bureau), Wzmc="青梧书房")]))
    step(caller, "ZXBA", lambda bureau: cancellation(2, site(bureau).jrid))
    step(other, "ZXBA", lambda bureau: cancellation(1, site(bureau).wzid))
    _, gone = step(caller, "ZXBA", lambda bureau: cancellation(0, site(bureau).ztid, ICPmm=md5))
    assert cancelled(gone)[0][0] == "0"
    with running(instance, background=False) as bureau:
        caller.url = bureau.url
        assert [row["state"] for row in bureau.bureau.requests()] == ["approved"] * 7
        assert caller.call("isp_querypreviousupload").file.data_sequence == 5
        assert caller.call("isp_download").code == 2
        status = caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition="tea.example").status
        assert status.filed is False


def test_several_records_of_a_file_are_decided_one_by_one(scene):
    second = enter(scene.bureau, filing(2, "b.example", Zt_xx=other_sponsor(2)))
    scene.caller.upload(grouped("XZWZ", new_website(scene.site), new_website(second, 6, "pot.example")))
    scene.bureau.bureau.settle()
    first, other = scene.bureau.bureau.requests("pending")
    scene.bureau.bureau.approve(first["number"])
    scene.bureau.bureau.reject(other["number"], "材料不清")
    keys = [(codes(root), root.findtext(".//Bs")) for root in scene.caller.take() if codes(root)]
    assert keys == [([1001], scene.site.number), ([1002], second.number)]


def test_a_file_may_hold_several_groups(scene):
    root = grouped("XZWZ", new_website(scene.site))
    extra = element("XZHYD", {"Fjxx": material(2, {"Jlid": scene.site.wzid})})
    root.find("ICP").insert(1, extra)
    scene.caller.upload(root)
    assert [codes(answer) for answer in scene.caller.take()] == [[1060]]
    assert len(scene.bureau.bureau.requests("pending")) == 1


def test_a_filing_from_a_file_keeps_its_enterprise_ids(scene, tmp_path):
    other = filing(3, "c.example", Zt_xx=other_sponsor(3), Wz_xx=[website(3, "c.example", Jr_xx=access(3))])
    (record,) = enrol.from_file(xml_bytes(file(other)))
    done = scene.bureau.bureau.register(record, ISP)
    assert on_record(scene.bureau, done.number).data.findtext("Zt_xx/IspZtid") == "70003"
    with pytest.raises(ValueError, match="已有备案"):
        scene.bureau.bureau.register(record, ISP)
    with pytest.raises(ValueError, match="Zt_xx"):
        enrol.from_file(xml_bytes(file(filing(Zt_xx=None))))
