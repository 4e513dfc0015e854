"""What the bureau says unasked: each file by the schema, what it changes in the registry, whom it reaches."""

from __future__ import annotations

import re

import pytest

from icp.bureau.codec import xml
from icp.bureau.codec.numbers import ip_to_int
from icp.loopback_bureau import __main__ as command_line
from icp.loopback_bureau import cancelling, codes, downloads, issuing, listing
from icp.loopback_bureau.codes import Change
from icp.loopback_bureau.concerning import Unissuable
from icp.loopback_bureau.issuing import Finding
from icp.loopback_bureau.listing import Listing
from icp.vocabulary import builtin
from tests.bureau.loopback_caller import Caller, unpacked
from tests.bureau.loopback_caller import codes as result_codes
from tests.bureau.loopback_filing import ISP, access, element, file, filing, other_sponsor, website

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@pytest.fixture
def filed(bureau, caller) -> str:
    """The number of a sponsor with two websites on record."""
    sites = [
        website(1, "qingwu.example", Jr_xx=access(1, ("192.0.2.1", "192.0.2.9"))),
        website(2, "b.example", Jr_xx=access(2, ("198.51.100.1", "198.51.100.1"))),
    ]
    caller.upload(file(filing(Wz_xx=sites, Fj=[])))
    bureau.bureau.settle()
    bureau.bureau.approve(bureau.bureau.requests("pending")[0]["number"])
    caller.take()
    return bureau.bureau.requests("approved")[0]["filing_number"]


def texts(root, path: str) -> list[str]:
    return [node.text for node in root.iterfind(f".//{path}")]


def only(root) -> str:
    """The one group of a file."""
    (group,) = root.find("ICP")
    return group.tag


def test_a_task_carries_the_filing_with_the_bureaus_ids_alone(bureau, caller, filed):
    bureau.bureau.issue(issuing.task, filed)
    (root,) = caller.take()
    assert only(root) == "HSRW"
    assert [node.tag for node in root.iter() if node.tag.startswith("Isp") or node.tag == "Ispid"] == []
    assert texts(root, "Ztid") == ["100001"]
    assert texts(root, "Wzid") == ["200001", "200002"]
    assert texts(root, "Jrid") == ["300001", "300002"]
    assert texts(root, "Ipid") == ["500001", "500002"]
    assert texts(root, "Bbyhid") == [str(ISP)] * 2
    assert texts(root, "Qsip")[0] == str(ip_to_int("192.0.2.1"))
    assert root.findtext(".//Zt_xx/Fzr/Fzr_sjhm") == "13800000000"
    assert TIME.fullmatch(root.findtext(".//Zt_xx/Scbbsj"))
    with bureau.bureau.store.read() as connection:
        (row,) = connection.execute("SELECT * FROM task").fetchall()
    assert (row["isp_id"], row["sponsor_id"], row["website_id"], row["answered_at"]) == (ISP, 100001, None, None)
    assert row["due_at"] > row["issued_at"] + 5 * 86400 - 86400


def test_a_task_about_one_website_names_that_one(bureau, caller, filed):
    bureau.bureau.issue(issuing.task, f"{filed}-2")
    (root,) = caller.take()
    assert texts(root, "Ym") == ["b.example"]


@pytest.mark.parametrize(
    ("suffix", "by", "kind", "record", "named"),
    [
        ("", "both", "0", "100001", True),
        ("", "number", "0", None, True),
        ("-2", "id", "1", "200002", False),
        ("-1", "both", "1", "200001", True),
    ],
)
def test_notices(bureau, caller, filed, suffix, by, kind, record, named):
    bureau.bureau.issue(issuing.notice, filed + suffix, "请更正联系电话🙂" * 40, by=by, remark="第二次")
    (root,) = caller.take()
    (entry,) = root.find("ICP/XGTZ")
    assert (entry.findtext("Tzlb"), entry.findtext("Jlid")) == (kind, record)
    assert entry.findtext("Baxh") == (filed + suffix if named else None)
    assert entry.findtext("Tznr") == ("请更正联系电话?" * 40)[:255]
    assert entry.findtext("Bz") == "第二次"


FINDINGS = (
    (Finding("subject", "", text="证件已注销"), "Zthc", {"Ztid": "100001", "Cwyy": "证件已注销", "Zjlx": "1"}),
    (
        Finding("access", "-2", under=True, ip="203.0.113.9"),
        "Jrhc",
        {"Hcjg": "2", "Jxip": str(ip_to_int("203.0.113.9")), "Ym": "b.example", "Jrid": None, "Bbisp": str(ISP)},
    ),
    (Finding("access", "-1"), "Jrhc", {"Hcjg": "1", "Jrid": "300001", "Jxip": None}),
    (Finding("shell", "-1"), "Kkwzhc", {"Hcjg": "1", "Syurl": "www.qingwu.example"}),
    (Finding("shell", "-1", dead=False), "Kkwzhc", {"Hcjg": "0", "Wzid": "200001"}),
    (Finding("liveness", "-2", text="无法打开"), "Wzch", {"Hcjg": None, "Bz": "无法打开"}),
)


@pytest.mark.parametrize(("finding", "element", "expected"), FINDINGS)
def test_check_results(bureau, caller, filed, finding, element, expected):
    full = Finding(finding.kind, filed + finding.number, finding.under, finding.dead, finding.ip, finding.text)
    bureau.bureau.issue(issuing.check_result, full)
    (root,) = caller.take()
    (found,) = root.find("ICP/HCJG/Jgxx")
    assert found.tag == element
    assert {name: found.findtext(name) for name in expected} == expected


def test_a_blacklisted_domain_is_refused_until_it_is_taken_off(bureau, caller):
    say = lambda how: bureau.bureau.issue(listing.blacklist, Listing(how, "domain", "Bad.example;c.example", "坏站"))  # noqa: E731
    answers = []
    for number, how in enumerate(("add", "change", "remove"), 1):
        say(how)
        (root,) = caller.take()
        (entry,) = root.find("ICP/HMDLB")
        assert (entry.tag, entry.findtext("Czlx")) == ("Wzhmdxxs", str(number - 1))
        assert (entry.findtext("Wz_xx/Wzmc"), texts(entry, "Ym")) == ("坏站", ["bad.example", "c.example"])
        caller.upload(file(filing(number, "bad.example", Fj=[])))
        answers.append([code for file in caller.take() for code in result_codes(file)])
    assert answers == [[1064], [1064], []]


def test_a_blacklisted_sponsor_is_refused_and_told_with_its_certificate(bureau, caller, filed):
    bureau.bureau.issue(listing.blacklist, Listing("add", "sponsor", "91350100m000100y43"))
    bureau.bureau.issue(
        listing.blacklist, Listing("add", "sponsor", "350200100012345", "厦门听潮海产有限公司", "1", "屡次违规")
    )
    known, new = caller.take()
    assert known.findtext(".//Dwmc") == "福州青梧文创有限公司"
    assert (new.findtext(".//Zjhm"), new.findtext(".//Dwxz"), new.findtext(".//Bz")) == (
        "350200100012345",
        "4",
        "屡次违规",
    )
    caller.upload(file(filing(3, "d.example", Zt_xx=other_sponsor(3), Fj=[])))
    assert result_codes(caller.take()[0]) == [1065]


def test_a_black_list_entry_may_name_nobody_or_be_told_to_nobody(bureau, caller):
    bureau.bureau.issue(listing.blacklist, Listing("add", "sponsor", "", remark="见公告"))
    bureau.bureau.issue(listing.blacklist, Listing("add", "domain", "quiet.example", quiet=True))
    (root,) = caller.take()
    (entry,) = root.find("ICP/HMDLB")
    assert [node.tag for node in entry] == ["Czlx", "Bz"]
    caller.upload(file(filing(1, "quiet.example", Fj=[])))
    assert result_codes(caller.take()[0]) == [1064]


def test_illegal_access_and_unfiled_sites(bureau, caller):
    bureau.bureau.issue(listing.illegal_access, "ghost.example", "203.0.113.7", ISP, "请断开")
    for _ in range(2):
        bureau.bureau.issue(listing.unfiled, "wild.example", "203.0.113.8", ISP, 350000000009, 3)
    illegal, first, second = caller.take()
    entry = illegal.find("ICP/FFJRHMD/Ffjrxx")
    assert (entry.findtext("Ym"), entry.findtext("Zjjrz"), entry.findtext("Szs")) == (
        "ghost.example",
        str(ISP),
        "350000",
    )
    entry = first.find("ICP/WBAWZLB/Wbawz_xx")
    assert (entry.findtext("Wzym_mc"), entry.findtext("IP")) == ("wild.example", str(ip_to_int("203.0.113.8")))
    assert (entry.findtext("Yys"), entry.findtext("Jrs"), entry.findtext("Jccs")) == ("350000000009", str(ISP), "3")
    assert first.findtext(".//Id") == second.findtext(".//Id")
    with bureau.bureau.store.read() as connection:
        (row,) = connection.execute("SELECT * FROM unfiled").fetchall()
    assert (row["domain"], row["answered_at"]) == ("wild.example", None)


def status(caller, domain: str):
    return caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition=domain).status.filed


@pytest.mark.parametrize(
    ("kind", "suffix", "number", "left"),
    [("subject", "", "0 100001", [False, False]), ("website", "-1", "1 200001", [False, True])],
)
def test_cancelling_takes_what_lies_below_along(bureau, caller, filed, kind, suffix, number, left):
    bureau.bureau.issue(cancelling.cancel, kind, filed + suffix)
    (root,) = caller.take()
    assert " ".join((root.findtext(".//Zxlb"), root.findtext(".//Jlid"))) == number
    assert [status(caller, domain) for domain in ("qingwu.example", "b.example")] == left
    with pytest.raises(Unissuable):
        bureau.bureau.issue(cancelling.cancel, kind, filed + suffix)


def test_cancelling_an_access_keeps_the_last_one(bureau, caller):
    two = [access(1), access(2, ("198.51.100.1", "198.51.100.1"))]
    caller.upload(file(filing(Wz_xx=[website(Jr_xx=two)], Fj=[])))
    bureau.bureau.settle()
    number = bureau.bureau.approve(bureau.bureau.requests("pending")[0]["number"])
    caller.take()
    bureau.bureau.issue(cancelling.cancel, "access", "300001")
    (root,) = caller.take()
    assert (root.findtext(".//Zxlb"), root.findtext(".//Jlid")) == ("2", "300001")
    with pytest.raises(Unissuable, match="最后一个接入"):
        bureau.bureau.issue(cancelling.cancel, "access", "300002")
    bureau.bureau.issue(issuing.task, number)
    assert texts(caller.take()[0], "Jrid") == ["300002"]


def test_providers_hear_of_their_own_and_nobody_elsewhere_is_written_to(bureau, caller, filed):
    other = ISP + 5
    with bureau.bureau.store.write() as connection:
        for isp_id in (other, ISP + 6):  # the second has no account here
            row = connection.execute(
                "INSERT INTO access (website_id, isp_id, locations, methods) VALUES (200001, ?, '4', '3') RETURNING id",
                (isp_id,),
            ).fetchone()
            connection.execute("INSERT INTO ip_range (access_id, first, last) VALUES (?, 1, 2)", (row["id"],))
    bureau.bureau.add_account(other, user_name="beian-desk")
    neighbour = Caller(bureau.url)
    bureau.bureau.issue(issuing.task, filed)
    mine, theirs = caller.take()[0], take_as(neighbour, other)[0]
    assert (texts(mine, "Jrid"), texts(theirs, "Jrid")) == (["300001", "300002"], ["300003"])
    assert texts(theirs, "Wzid") == ["200001"]
    bureau.bureau.issue(issuing.synchronise, other)
    assert texts(take_as(neighbour, other)[0], "Ispid") == [str(n) for n in (ISP, other, ISP + 6, ISP)]
    bureau.bureau.issue(cancelling.cancel, "subject", filed)
    assert len(caller.take()) == len(take_as(neighbour, other)) == 1


def take_as(caller: Caller, isp_id: int) -> list:
    roots = []
    while (reply := caller.call("isp_download", ispID=isp_id)).file is not None:
        roots.append(xml.parse(unpacked(reply.file).xml))
        caller.call("isp_downloadack", ispID=isp_id, fileName=reply.file.name)
    return roots


# ---- code tables and synchronisation


def table(root, name: str) -> dict[str, dict[str, str]]:
    """Rows of a table of JCDM, by Id."""
    (group,) = root.iterfind(f".//{name}")
    rows = [{node.tag: node.text for node in row} for row in group]
    return {row["Id"]: row for row in rows}


TABLES = {item.group: item.name for item in codes.TABLES if item.name in builtin().tables}


def test_all_code_tables_are_those_of_the_vocabulary(bureau, caller):
    bureau.bureau.issue(issuing.code_tables)
    root, apart = caller.take()
    assert [root[0].tag, apart[0].tag] == ["JCDM", "JCDM"]
    assert texts(root, "Ssdxlx") == [], "no value of it keeps to text and schema"
    for group, name in TABLES.items():
        assert list(table(apart if name == codes.APART else root, group)) == [
            row["code"] for row in builtin().tables[name]
        ], name
    assert texts(root, "Bbdwlb/Bbdw/Id") == [str(ISP)]
    assert table(root, "Yylb_dms")["1"] == {"Id": "1", "Mc": "中文简体", "Sfyx": "1"}
    assert table(root, "Zjlx_dms")["1"]["Dwflid"] == "4"
    assert table(root, "Qy_dms")["350102"] == {"Id": "350102", "Mc": "鼓楼区", "Lx": "3", "Sfyx": "1"}
    assert table(root, "Gj_dms")["4"] == {
        "Id": "4", "Ysid": "8", "Bm": "fj", "Mc": "福建", "Shengid": "350000", "Shengjc": "闽", "Sfyx": "1",
    }  # fmt: skip
    assert {row: table(root, "Wzjylx_dms")[row]["Ysid"] for row in ("1", "10", "11", "15")} == {
        "1": "1", "10": "512", "11": "2048", "15": "16384",
    }  # fmt: skip
    assert {row["Ssdxlx"] for row in table(apart, "Fjytlx_dms").values()} == {"0", "1"}
    assert (len(apart[0]), len(apart.find("JCDM/Jcdm_xx"))) == (1, 1)
    assert table(root, "Zxly_dms")["9"]["Nr"] == "其他"


def test_code_tables_with_changed_rows(bureau, caller):
    changes = [
        Change("languages", "18", "世界语"),
        Change("languages", "1", "中文（简体）"),
        Change("languages", "2", valid=False),
    ]
    bureau.bureau.issue(issuing.code_tables, ["languages", "access_methods"], changes)
    (root,) = caller.take()
    assert [group.tag for group in root.find("JCDM/Jcdm_xx")] == ["Wzjrfs_dms", "Yylb_dms"]
    rows = table(root, "Yylb_dms")
    assert rows["18"] == {"Id": "18", "Mc": "世界语", "Sfyx": "1"}
    assert (rows["1"]["Mc"], rows["2"]["Sfyx"], rows["3"]["Sfyx"]) == ("中文（简体）", "0", "1")
    for wrong in (["nonsense"], ["languages", "nonsense"]):
        with pytest.raises(Unissuable, match="nonsense"):
            bureau.bureau.issue(issuing.code_tables, wrong)


def test_what_was_changed_once_stays_so_in_later_tables(bureau, caller):
    bureau.bureau.issue(issuing.code_tables, [], [Change("languages", "18", "世界语")])
    bureau.bureau.issue(issuing.code_tables, ["access_methods"], [Change("languages", "3", valid=False)])  # not sent
    bureau.bureau.issue(issuing.code_tables, [], [Change("languages", "18", valid=False)])
    bureau.bureau.issue(issuing.synchronise, ISP, tables=True)
    rows = [table(root, "Yylb_dms") for root in caller.take() if root.find(".//Yylb_dms") is not None]
    assert [(row["18"]["Mc"], row["18"]["Sfyx"]) for row in rows] == [("世界语", "1"), ("世界语", "0"), ("世界语", "0")]
    assert {row["3"]["Sfyx"] for row in rows} == {"1"}


def test_a_region_that_would_lie_under_none_is_not_issued(bureau, caller):
    with pytest.raises(Unissuable, match="359901"):
        bureau.bureau.issue(issuing.code_tables, [], [Change("regions", "359901", "某区")])
    bureau.bureau.issue(
        issuing.code_tables,
        ["regions"],
        [Change("regions", "350100", "福州"), Change("regions", "350102", valid=False)],
    )
    rows = table(caller.take()[0], "Qy_dms")
    assert "359901" not in rows
    assert (rows["350100"]["Mc"], rows["350102"]["Sfyx"]) == ("福州", "0")


def test_synchronisation_sends_what_is_accessed_through_the_caller(bureau, caller, filed):
    bureau.bureau.issue(issuing.synchronise, ISP, tables=True)
    filings, *tables = caller.take()
    assert texts(filings, "SJTB/ICP/Baxx/Zt_xx/Baxh") == [filed]
    assert texts(filings, "Wzid") == ["200001", "200002"]
    assert texts(filings, "IspWzid") == ["80001", "80002"]
    assert [len(root.findall("SJTB/JCDM/Jcdm_xx/*")) for root in tables] == [len(codes.TABLES) - 1, 1]
    bureau.bureau.issue(cancelling.cancel, "website", f"{filed}-1")
    bureau.bureau.issue(issuing.synchronise, ISP)
    assert texts(caller.take()[-1], "Wzid") == ["200002"]
    bureau.bureau.issue(cancelling.cancel, "subject", filed)
    bureau.bureau.issue(issuing.synchronise, ISP)
    empty = caller.take()[-1]
    assert len(empty.find("SJTB")) == 0


@pytest.mark.parametrize(("limit", "value"), [("RECORD_LIMIT", 2), ("FILE_LIMIT", 4000)])
def test_a_synchronisation_takes_as_many_files_as_it_needs(bureau, caller, monkeypatch, limit, value):
    for number in range(1, 6):
        licence = {"Zjlx": 1, "Zjhm": f"35020010001{number:04d}", "Zjzs": "海沧"}
        bureau.bureau.register(
            element("Baxx", filing(number, f"d{number}.example", Zt_xx=other_sponsor(number, Zj=licence), Fj=[])), ISP
        )
    monkeypatch.setattr(codes, limit, value)
    bureau.bureau.issue(issuing.synchronise, ISP)
    files = caller.take()
    assert [len(root.find("SJTB/ICP")) for root in files] == [2, 2, 1]
    assert len({number for root in files for number in texts(root, "Zt_xx/Ztid")}) == 5


# ---- what can't be said, and the commands

REFUSALS = (
    (issuing.task, ("闽ICP备00000000号",), "没有备案号"),
    (issuing.notice, ("闽ICP备00000000号-1", "x"), "没有备案号"),
    (issuing.notice, ("闽ICP备00000000号", " "), "通知内容"),
    (cancelling.cancel, ("subject", "闽ICP备00000000号-1"), "网站备案号"),
    (cancelling.cancel, ("access", "闽"), "主键"),
    (listing.blacklist, (Listing("add", "domain", " ; "),), "域名"),
    (listing.blacklist, (Listing("add", "sponsor", "123"),), "名称和证件类型"),
    (listing.unfiled, ("wild", "203.0.113.8", ISP), "不是域名"),
    (listing.unfiled, ("wild.example", "203.0.113", ISP), "IPv4"),
    (listing.illegal_access, ("wild.example", "203.0.113.8", 7), "接入服务提供者"),
    (issuing.synchronise, (7,), "接入服务提供者"),
)


@pytest.mark.parametrize(("verb", "arguments", "words"), REFUSALS)
def test_what_cannot_be_said_is_refused_and_leaves_nothing(bureau, caller, verb, arguments, words):
    with pytest.raises(Unissuable, match=words):
        bureau.bureau.issue(verb, *arguments)
    assert caller.take() == []
    with bureau.bureau.store.read() as connection:
        assert connection.execute("SELECT count(*) FROM blacklist").fetchone()[0] == 0


def test_a_missing_access_needs_its_address(bureau, filed):
    with pytest.raises(Unissuable, match="IP"):
        bureau.bureau.issue(issuing.check_result, Finding("access", f"{filed}-1", under=True))


def test_a_file_against_the_schema_is_never_queued(bureau, caller):
    root, icp = downloads.document()
    downloads.child(icp, "XGTZ")
    with pytest.raises(downloads.Unsendable, match="XGTZ"), bureau.bureau.store.write() as connection:
        downloads.queue(connection, ISP, [root])
    assert caller.take() == []


COMMANDS = (
    (["issue-task", "{}"], "HSRW"),
    (["check-result", "subject", "{}", "--text", "证件已注销"], "HCJG"),
    (["check-result", "access", "{}-1", "--under", "--ip", "203.0.113.9"], "HCJG"),
    (["notice", "{}-1", "请更正", "--by", "id"], "XGTZ"),
    (["blacklist", "add", "domain", "bad.example", "--remark", "x"], "HMDLB"),
    (["blacklist", "remove", "sponsor"], "HMDLB"),
    (["illegal-access", "ghost.example", "203.0.113.7"], "FFJRHMD"),
    (["unfiled", "wild.example", "203.0.113.8", "--times", "2"], "WBAWZLB"),
    (["cancel", "website", "{}-2"], "ZXSJ"),
    (["codes", "languages", "--set", "languages:18=世界语", "--withdraw", "languages:2"], "Jcdm_xx"),
    (["synchronise"], "ICP"),
)


@pytest.mark.parametrize(("arguments", "group"), COMMANDS)
@pytest.mark.shows("HSRW", "HCJG", "XGTZ", "HMDLB", "FFJRHMD", "WBAWZLB", "ZXSJ", "JCDM", "SJTB")
def test_commands(bureau, caller, filed, capsys, arguments, group):
    instance = str(bureau.bureau.config.instance)
    assert command_line.main(["--instance", instance, *(text.format(filed) for text in arguments)]) == 0
    name = capsys.readouterr().out.strip()
    reply = caller.call("isp_download")
    assert reply.file.name == name
    (root,) = caller.take()
    assert root[0][0].tag == group


def test_a_command_that_cannot_be_done_says_why(bureau, capsys):
    instance = str(bureau.bureau.config.instance)
    assert command_line.main(["--instance", instance, "issue-task", "闽ICP备00000000号"]) == 2
    assert "没有备案号" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command_line.main(["codes", "--set", "languages"])
