"""Codes and ids are numbers: they mean the same however an upload writes them."""

from __future__ import annotations

from typing import Any

import pytest

from icp.bureau.codec import schema
from icp.loopback_bureau.codes import Change, changed, withdrawn
from tests.bureau.loopback_caller import codes
from tests.bureau.loopback_changes import (
    cancellation,
    change,
    grouped,
    handled,
    material,
    new_access,
    new_website,
    verification,
)
from tests.bureau.loopback_filing import attachment, filing, individual, other_sponsor, picture, website
from tests.bureau.loopback_scene import Build, Scene, then

TEXTS = frozenset({"Zjhm", "Fzr_zjhm", "Fzr_sjhm", "sjhm", "Qq"})
"""Elements of text that may hold digits alone."""


def approved(scene: Scene) -> dict[str, Any]:
    approval = {"Nrlx_xx": {"Nrlx_id": 3, "Qzsph": "闽教 1 号", "Spwj": [picture()]}}
    site = website(2, "b.example", Nrlx=approval)
    return filing(2, Zt_xx=other_sponsor(2), Wz_xx=[site], Fj=[attachment(owner_id=80002), attachment(3, 1, 70002)])


def tasked(scene: Scene) -> None:
    scene.sql("INSERT INTO task (isp_id, sponsor_id, issued_at) SELECT isp_id, id, 1 FROM sponsor")


def listed(scene: Scene) -> None:
    record = handled()
    scene.sql("INSERT INTO unfiled (domain, ip, isp_id) VALUES (?, ?, ?)", record["Ym"], record["IP"], record["Jrs"])


GROUPS: dict[str, Build] = {
    "XZBA": approved,
    "XZWZ": lambda s: new_website(s.site),
    "XZWZ by id": lambda s: new_website(s.site, Zt_xx={"Ztid": s.site.ztid}),
    "XZJR": lambda s: new_access(s.site, Wz_xx={"Wzid": s.site.wzid}),
    "BGBA": lambda s: change(s.site),
    "ZXBA": lambda s: cancellation(0, s.site.ztid),
    "XZHYD": lambda s: material(2, {"Jlid": s.site.wzid}),
    "HSJG": then(lambda s: verification(s.site), tasked),
    "WBACLJG": then(lambda s: handled(), listed),
}


def written_oddly(root: Any) -> Any:
    for node in root.iter():
        if (node.text or "").isdecimal() and node.tag not in TEXTS:
            node.text = f" +0{node.text}\n"
    return root


@pytest.mark.parametrize("name", GROUPS)
def test_every_group(scene, name):
    root = written_oddly(grouped(name.partition(" ")[0], GROUPS[name](scene)))
    assert schema.check_upload(root) == []
    assert scene.caller.upload(root).code == 0
    assert [codes(answer) for answer in scene.caller.take()] == ([[1060]] if name == "XZHYD" else [])
    for row in scene.bureau.bureau.requests("pending"):
        scene.bureau.bureau.approve(row["number"])
    scene.caller.take()
    (row,) = scene.bureau.bureau.requests()
    assert row["state"] == "approved"


def test_a_certificate_on_record_is_the_same(scene):
    root = written_oddly(grouped("XZBA", filing(2, "b.example")))
    scene.caller.upload(root)
    assert codes(scene.caller.take()[0]) == [1003]


def test_a_person_is_one(scene):
    site = website(2, "b.example")
    site["Wz_Fzr"]["Fzr_dhhm"] = None
    scene.caller.upload(written_oddly(grouped("XZBA", filing(2, Zt_xx=individual(2), Wz_xx=[site]))))
    assert scene.caller.take() == []


def test_the_officer_may_write_codes_oddly_too():
    assert changed("languages:018=世界语") == Change("languages", "18", "世界语")
    assert withdrawn("languages:01") == Change("languages", "1", valid=False)
