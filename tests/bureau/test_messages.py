import base64
import io
from collections import Counter, defaultdict

import pytest
from PIL import Image

from icp.bureau.codec import schema, xml
from icp.bureau.messages import BUILDERS, BuiltRecord, Report, results
from icp.bureau.messages.build import MessageRefused
from icp.bureau.messages.results import ResultLine
from icp.register.records import IpRangeRecord
from icp.rules.correction import Severity
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import answers, jpeg, papers


class Ids:
    def __init__(self):
        self.counts, self.given = Counter(), {}

    def __call__(self, kind, path):
        self.counts[kind] += 1
        value = 10_000 + self.counts[kind]
        self.given[kind, value] = path
        return value


def report(*rows, stacked=False, without=(), mode="0", **changes):
    pictures = {path: data for path, data in papers(*rows).items() if path not in without}
    return Report(answers(*rows, **changes), pictures, mode, 350000000001, builtin(), Ids(), stacked)


def build(*rows, **changes):
    return BUILDERS["XZBA"](report(*rows, **changes))


def refused(*rows, **changes):
    with pytest.raises(MessageRefused) as error:
        build(*rows, **changes)
    return error.value.corrections


def test_a_new_filing_as_the_bureau_reads_it():
    ids = Ids()
    built = BUILDERS["XZBA"](Report(answers("w1"), papers("w1"), "1", 350000000001, builtin(), ids, False))
    root = xml.parse(built.xml)
    assert schema.check_upload(root) == []
    assert built.records == (BuiltRecord("1", "10001", "subject", ("10001",)),)
    assert xml.text_of(root, "ICP/Qqdwid") == "350000000001"
    subject, website = root.find("ICP/XZBA/Baxx/Zt_xx"), root.find("ICP/XZBA/Baxx/Wz_xx")
    expected = {
        "IspZtid": "10001", "Dwmc": "福州青梧文创有限公司", "Dwxz": "4", "Tzr": "林知夏", "Txdz/Shengid": "350000",
        "Txdz/Shiid": "350100", "Txdz/Xianid": "350102", "Txdz/Xxdz": "示例路18号青梧大厦6层602室", "Zj/Zjlx": "1",
        "Zj/Zjhm": "91350100M000100Y43", "Zj/Zjzs": "福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        "Fzr/Fzr_xm": "林知夏", "Fzr/Fzr_dhhm": "0591-87654321", "Fzr/Fzr_sjhm": "13900000000",
        "Fzr/Fzr_dzyj": "lin@qingwu.example", "Fzr/Fzr_zjlx": "2", "Fzr/Fzr_zjhm": "11010519491231002X", "Bbfs": "1",
        "Bz": "通信地址已为最详细地址",
    }  # fmt: skip
    assert {path: xml.text_of(subject, path) for path in expected} == expected
    assert [e.text for e in website.iterfind("Fwnr/Fwnr_id")] == ["8", "9"]
    assert [(xml.int_of(e, "Qsip"), xml.int_of(e, "Zzip")) for e in website.iterfind("Jr_xx/Ip_xx")] == [
        (3405803800, 3405803800),
        (3405803808, 3405803816),
    ]
    assert website.find("Nrlx") is None
    assert xml.text_of(website, "Wz_Fzr/Fzr_xm") == "林知夏"
    assert b"13600000000" not in built.xml  # the emergency telephone is not on this wire
    assert ids.given["IspIpid", 10_002] == "website[w1].access.ip_addresses[1]"


def test_attachments_belong_to_their_owners():
    built = build("w1", "w2")
    found = defaultdict(list)
    for paper in built.root.iterfind("ICP/XZBA/Baxx/Fj/Fjxx"):
        owner = (xml.text_of(paper, "Fjssdx/Ssdxlx"), xml.text_of(paper, "Fjssdx/Ssdxbs"))
        found[owner].append((xml.text_of(paper, "Fjyt"), base64.b64decode(xml.text_of(paper, "Fjnr"))))
        assert xml.text_of(paper, "Fjwjgs") == "1"
    identity = [jpeg("green"), jpeg("blue")]
    assert found.pop(("1", "10001")) == [("2", jpeg("red")), *(("3", side) for side in identity)]
    assert sorted(found) == [("2", "10001"), ("2", "10002")]
    for pictures in found.values():
        assert pictures == [
            ("1", jpeg("yellow")), *(("4", side) for side in identity), ("5", jpeg("black", (800, 600))),
        ]  # fmt: skip


def test_another_principal_sends_his_own_identity_and_a_person_his_own_document():
    site = "website[w1].principal"
    person = {f"{site}.same_as_subject": "no", "subject.organisation_type": "5"}
    changed = report(**person, without=("subject.papers.document",))
    changed.papers[f"{site}.papers.identity_front"] = jpeg("pink")
    built = BUILDERS["XZBA"](changed)
    found = [
        (xml.text_of(p, "Fjyt"), base64.b64decode(xml.text_of(p, "Fjnr")))
        for p in built.root.iterfind("ICP/XZBA/Baxx/Fj/Fjxx")
    ]
    assert [data for purpose, data in found if purpose == "4"] == [jpeg("pink")]
    assert [data for purpose, data in found if purpose == "2"] == [jpeg("green"), jpeg("blue")]


def test_both_sides_as_one_picture_where_the_bureau_wants_that():
    pictures = [
        base64.b64decode(xml.text_of(p, "Fjnr"))
        for p in build(stacked=True).root.iterfind("ICP/XZBA/Baxx/Fj/Fjxx")
        if xml.text_of(p, "Fjyt") == "3"
    ]
    assert len(pictures) == 1
    assert Image.open(io.BytesIO(pictures[0])).size == (64, 80)


def test_pre_approvals_carry_number_and_scan():
    approval = "website[w1].pre_approvals"
    wanted = report(**{approval: ["5"], f"{approval}[5].approval_number": "闽新广审字1号"})
    wanted.papers[f"{approval}[5].papers.document"] = jpeg("gray")
    built = BUILDERS["XZBA"](wanted)
    (entry,) = built.root.iterfind("ICP/XZBA/Baxx/Wz_xx/Nrlx/Nrlx_xx")
    assert [e.tag for e in entry] == ["Nrlx_id", "Qzsph", "Spwj"]
    assert base64.b64decode(xml.text_of(entry, "Spwj")) == jpeg("gray")
    assert schema.check_upload(xml.parse(built.xml)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject.name", ""),
        ("subject.principal.mobile", "123"),
        ("subject.principal.email", ""),
        ("subject.document_number", ""),
        ("subject.document_type", "x"),
        ("website[w2].name", ""),
        ("website[w2].domain", "a.b"),
        ("website[w2].languages", []),
        ("website[w1].access.ip_addresses", ["2001:db8::1"]),
        ("website[w2].access.server_location", "99"),
        ("website[w1].home_url", "x.y"),
    ],
)
def test_what_the_schema_refuses_is_shown_at_its_answer(path, value):
    found = refused("w1", "w2", **{path: value})
    assert [(c.path, c.code, c.severity) for c in found] == [(path, "schema", Severity.ERROR)]
    assert found[0].message
    assert found[0].remedy


def test_what_two_places_share_is_shown_where_it_was_asked():
    same = {"website[w2].access.same_as_first": "yes", "website[w2].access.ip_addresses": ["::1"]}
    found = refused("w1", "w2", **same, **{"website[w1].principal.email": "a@b"})
    assert sorted(c.path for c in found) == ["subject.principal.email", "website[w1].access.ip_addresses"]


def test_a_websites_principal_has_a_name_even_where_the_subject_needs_none():
    person = {"subject.organisation_type": "5", "subject.principal.name": "", "website[w1].principal.name": ""}
    assert [c.path for c in refused(**person)] == ["subject.principal.name"]
    other = person | {"website[w1].principal.same_as_subject": "no"}
    assert [c.path for c in refused(**other)] == ["website[w1].principal.name"]
    build(**other | {"website[w1].principal.name": "林知夏"})


def test_a_missing_scan_of_an_approval_is_shown_at_its_slot():
    approval = "website[w1].pre_approvals"
    found = refused(**{approval: ["5"], f"{approval}[5].approval_number": "闽新广审字1号"})
    assert [c.path for c in found] == [f"{approval}[5].papers.document"]


def test_characters_the_bureau_can_not_write_are_shown_at_their_answers():
    found = refused(**{"subject.name": "𠮷𠮷书店", "website[w1].remark": "开业酬宾😀"})
    assert [(c.path, c.code) for c in found] == [("subject.name", "outside_gbk"), ("website[w1].remark", "outside_gbk")]
    assert "𠮷" in found[0].message
    assert refused(**{"subject.remark": "a\x07b"})[0].path == "subject.remark"


def test_reading_results_and_reviews():
    root = xml.parse(
        """<DownloadData version="V.3.0"><ICP><HMDLB/><BAJG>
        <Jg_xx><Jgxx><Dmms> 域名冲突 </Dmms><Jgdm> 1005 </Jgdm></Jgxx><Jgxx><Jgdm>1062</Jgdm></Jgxx>
        <Czlx>1</Czlx><Bs>7</Bs></Jg_xx>
        <Jg_xx><Jgxx><Jgdm>5001</Jgdm><Dmms>a.xml</Dmms></Jgxx><Czlx>1</Czlx></Jg_xx>
        <Jg_xx><Jgxx><Jgdm>1001</Jgdm></Jgxx><Czlx>1</Czlx><Bs>8</Bs></Jg_xx>
        <GJSHS><Gjsh><Shsj>2030-01-02</Shsj><Shyj>材料不清</Shyj><Shjg>0</Shjg><Czlx>1</Czlx><Jlid>7</Jlid></Gjsh></GJSHS>
        </BAJG></ICP></DownloadData>""".encode("gbk")
    )
    found = results.read(root)
    first, second, third = found.processing
    assert first.complaints == (ResultLine(1005, "域名冲突"),)
    assert (first.operation, first.key, first.of_file, first.approved) == ("1", "7", False, False)
    assert second.of_file
    assert second.key == ""
    assert third.approved
    (review,) = found.reviews
    assert (review.approved, review.opinion, review.operation, review.record_id) == (False, "材料不清", "1", "7")
    assert found.groups == ("HMDLB", "BAJG")


def test_reading_a_filing_on_record():
    root = xml.parse(
        """<DownloadData><ICP><BASJ><Baxx><Zt_xx><IspZtid>1</IspZtid><Ztid>900</Ztid><Dwmc>甲</Dwmc><Dwxz>4</Dwxz>
        <Txdz><Shengid>350000</Shengid><Shiid>350100</Shiid></Txdz><Baxh>闽ICP备1号</Baxh><Bbyhlx>0</Bbyhlx></Zt_xx>
        <Wz_xx><Wzid>901</Wzid><Wzmc>网</Wzmc><Ym_xx><Ymid>5</Ymid><Ym>a.example</Ym></Ym_xx>
        <Jr_xx><Jrid>6</Jrid><Ispid>77</Ispid><Wzfb><Fbdd>4</Fbdd></Wzfb><Ip_xx><Ipid>1</Ipid>
        <Qsip>5</Qsip><Zzip>9</Zzip></Ip_xx></Jr_xx><Baxh>闽ICP备1号-1</Baxh></Wz_xx></Baxx></BASJ></ICP></DownloadData>""".encode(
            "gbk"
        )
    )
    (record,) = results.read(root).filings
    assert (record.number, record.bureau_id, record.isp_id, record.region_code) == ("闽ICP备1号", 900, 1, "350100")
    (website,) = record.websites
    assert (website.number, website.isp_id, website.domains[0].name) == ("闽ICP备1号-1", None, "a.example")
    assert website.accesses[0].provider_id == 77
    assert website.accesses[0].ranges == (IpRangeRecord(5, 9, 1, None),)
