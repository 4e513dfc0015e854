"""The officer's pages of the bureau's own word, by HTTP and without JavaScript."""

from __future__ import annotations

import html5lib
import pytest
import requests

from icp.loopback_bureau import commands, issue_forms, issuing, listing
from icp.loopback_bureau.codes import NAMES, UNITS
from tests.bureau.loopback_changes import enter, grouped, handled, material, verification
from tests.bureau.loopback_filing import ISP, file, filing
from tests.bureau.test_loopback_officer import token

PAGES = ("/", "/issue", "/answers", "/sent", "/registry", "/registry?q=nothing")


@pytest.fixture
def officer():
    with requests.Session() as session:
        yield session


@pytest.fixture
def filed(bureau, caller) -> str:
    caller.upload(file(filing(Fj=[])))
    bureau.bureau.settle()
    number = bureau.bureau.approve(bureau.bureau.requests("pending")[0]["number"])
    caller.take()
    return number


def sound(session: requests.Session, address: str) -> str:
    """A page that parses strictly, has a label for every control and no inline script or style."""
    answer = session.get(address, timeout=20)
    assert answer.status_code == 200
    return strict(answer.text)


def strict(text: str) -> str:
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    ids = [node.get("id") for node in document.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {node.get("for") for node in document.iter("label")}
    for node in document.iter():
        assert node.tag not in ("script", "style")
        assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
        for name in (node.get("aria-describedby") or "").split():
            assert name in ids
        hidden = node.get("type") in ("hidden", "checkbox", "radio")
        assert node.tag not in ("select", "textarea", "input") or hidden or node.get("id") in labelled
    return text


def send(session: requests.Session, url: str, command: str, **values: str) -> requests.Response:
    form = {"token": token(session, url + "/issue")}
    for field in issue_forms.BY_COMMAND[command].fields:
        if field.kind != issue_forms.TICK:
            form[field.name] = next(iter(field.choices)) if field.choices else ""
    if "provider" in form:
        form["provider"] = str(ISP)
    return session.post(f"{url}/issue/{command}", form | values, timeout=20)


def test_pages_of_an_empty_bureau(bureau, officer):
    for page in PAGES:
        sound(officer, bureau.url + page)
    assert "没有核实任务" in officer.get(bureau.url + "/answers", timeout=20).text
    assert "还没有要下发的文件" in officer.get(bureau.url + "/sent", timeout=20).text
    assert "备案库是空的" in officer.get(bureau.url + "/registry", timeout=20).text


def test_every_command_has_a_form_and_every_table_a_name():
    assert issue_forms.BY_COMMAND.keys() == commands.ISSUES.keys()
    assert set(issue_forms.TABLES) == {*NAMES, UNITS}


FORMS = (
    ("issue-task", {"filing": "{}-1"}, "HSRW"),
    ("check-result", {"kind": "access", "filing": "{}-1", "under": "on", "ip": "203.0.113.9"}, "HCJG"),
    ("notice", {"filing": "{}", "text": "请更正<b>联系电话</b>", "by": "id"}, "XGTZ"),
    ("cancel", {"kind": "website", "filing": "{}-1"}, "ZXSJ"),
    ("blacklist", {"kind": "domain", "value": "bad.example"}, "HMDLB"),
    ("illegal-access", {"domain": "ghost.example", "ip": "203.0.113.7"}, "FFJRHMD"),
    ("unfiled", {"domain": "wild.example", "ip": "203.0.113.8", "times": "3"}, "WBAWZLB"),
    ("codes", {"table": "languages", "change": "languages:18=世界语", "withdraw": "languages:2"}, "JCDM"),
    ("synchronise", {"codes": "on"}, "SJTB"),
)


@pytest.mark.parametrize(("command", "values", "group"), FORMS)
def test_issuing(bureau, caller, officer, filed, command, values, group):
    page = send(officer, bureau.url, command, **{name: text.format(filed) for name, text in values.items()})
    assert page.url == bureau.url + "/issue"
    assert f"{group} " in page.text
    assert "已列入下发" in page.text
    sent = sound(officer, bureau.url + "/sent")
    assert group in sent
    name = caller.call("isp_download").file.name
    assert f"{name}</a>" in sent
    roots = caller.take()
    assert roots[0][0].tag == (group if group in ("JCDM", "SJTB") else "ICP")
    assert "未回执" not in sound(officer, bureau.url + "/sent")
    with bureau.bureau.store.read() as connection:
        number = connection.execute("SELECT max(id) FROM download").fetchone()[0]
    assert "&lt;DownloadData" in sound(officer, f"{bureau.url}/sent/{number}")


def test_a_file_that_was_taken_is_sent_again_from_its_page(bureau, caller, officer):
    (name,) = bureau.bureau.issue(issuing.code_tables, ["languages"])
    assert "再次下发" not in sound(officer, bureau.url + "/sent/1")
    caller.take()
    assert "再次下发" in sound(officer, bureau.url + "/sent/1")
    page = send(officer, bureau.url, "send-again", file=name)
    assert f"再次下发已列入下发：{name}" in page.text
    assert caller.call("isp_download").file.name == name


REFUSED = (
    ("send-again", {"file": "nothing.xml"}, "file", "没有名为"),
    ("issue-task", {"filing": "闽ICP备00000000号"}, "filing", "没有备案号"),
    ("notice", {"filing": "{}", "text": " "}, "text", "通知内容"),
    ("check-result", {"kind": "access", "filing": "{}-1", "under": "on"}, "ip", "漏报"),
    ("blacklist", {"kind": "sponsor", "value": "123"}, "name", "名称和证件类型"),
    ("blacklist", {"kind": "domain", "value": "x"}, "value", "不是域名"),
    ("unfiled", {"domain": "wild", "ip": "203.0.113.8"}, "domain", "不是域名"),
    ("unfiled", {"domain": "wild.example", "ip": "203.0.113"}, "ip", "IPv4"),
    ("unfiled", {"domain": "wild.example", "ip": "203.0.113.1", "times": "many"}, "times", "数字"),
    ("codes", {"change": "languages"}, "change", "写法不对"),
    ("synchronise", {"provider": "7"}, "provider", "接入服务提供者"),
)


@pytest.mark.parametrize(("command", "values", "field", "words"), REFUSED)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    bureau, caller, officer, filed, command, values, field, words
):
    values = {name: text.format(filed) for name, text in values.items()}
    page = send(officer, bureau.url, command, **values)
    assert page.status_code == 422
    document = html5lib.parse(strict(page.text), namespaceHTMLElements=False)
    controls = {node.get("id"): node for node in document.iter() if node.get("id")}
    wrong = controls[f"{command}-{field}"]
    assert wrong.get("aria-invalid") == "true"
    assert words in "".join(controls[f"{command}-{field}-e"].itertext())
    assert [node.get("id") for node in document.iter("details") if node.get("open") is not None] == [command]
    for name, value in values.items():
        control = controls.get(f"{command}-{name}")
        if control is not None and control.tag == "input":
            assert control.get("value") == value.strip()
    assert caller.take() == []


def test_answers_that_wait(bureau, officer, filed):
    bureau.bureau.issue(issuing.task, filed)
    bureau.bureau.issue(listing.unfiled, "wild.example", "203.0.113.8", ISP)
    text = sound(officer, bureau.url + "/answers")
    assert "核实任务（1）" in text
    assert filed in text
    assert "203.0.113.8" in text
    assert text.count("未答复") == 2


def test_answers_that_came(bureau, caller, officer):
    site = enter(bureau, filing(Fj=[]))
    bureau.bureau.issue(issuing.task, site.number)
    bureau.bureau.issue(listing.unfiled, "unfiled.example", "192.0.2.200", ISP)
    caller.take()
    caller.upload(grouped("HSJG", verification(site, Hsjg=1, Hsyj="电话无人接听")))
    caller.upload(grouped("WBACLJG", handled(Cljg=2, Clyj="正在办理")))
    caller.upload(grouped("XZHYD", material(2, {"Jlid": site.wzid})))
    text = sound(officer, bureau.url + "/answers")
    assert "未答复" not in text
    for words in ("不通过", "电话无人接听", "已办理备案", "正在办理", "收到的答复（3）", "已收存"):
        assert words in text
    for row in bureau.bureau.requests()[-3:]:
        assert row["number"] in text
        assert officer.get(f"{bureau.url}/requests/{row['id']}", timeout=20).status_code == 200


def test_the_registry_is_searched(bureau, officer, filed):
    for wanted in ("", filed, "qingwu", "青梧文创"):
        text = sound(officer, f"{bureau.url}/registry?q={wanted}")
        assert f"{filed}-1" in text
        assert "300001" in text
    assert filed not in officer.get(f"{bureau.url}/registry?q=nobody", timeout=20).text


def test_a_large_file_is_shown_by_its_beginning(bureau, officer):
    bureau.bureau.issue(issuing.code_tables, ["regions"])
    assert "只显示开头" in sound(officer, f"{bureau.url}/sent/1")
    assert officer.get(f"{bureau.url}/sent/2", timeout=20).status_code == 404


def test_forged_forms_and_unknown_choices_are_refused(bureau, officer):
    assert officer.post(bureau.url + "/issue/codes", {"token": "x"}, timeout=20).status_code == 403
    assert send(officer, bureau.url, "check-result", kind="weather").status_code == 400
    good = {"token": token(officer, bureau.url + "/issue")}
    assert officer.post(bureau.url + "/issue/nothing", good, timeout=20).status_code == 404


def test_pages_in_a_browser(bureau, caller, filed, page, accessible):
    """At the width of a telephone, in the dark, everything opened: axe finds nothing and nothing sticks out."""
    bureau.bureau.issue(issuing.task, filed)
    bureau.bureau.issue(listing.unfiled, "wild.example", "203.0.113.8", ISP)
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")
    for path in (*PAGES, "/sent/3", "/requests/1"):
        page.goto(bureau.url + path)
        for closed in page.query_selector_all("details:not([open]) > summary"):
            closed.click()
        accessible(page)
        wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert page.evaluate(wide) is False, path
