"""The officer's pages by HTTP: what waits, one filing, decisions, switches, forged forms."""

from __future__ import annotations

import base64

import html5lib
import pytest
import requests

from tests.bureau.loopback_filing import access, attachment, file, filing, picture, website


@pytest.fixture
def officer():
    with requests.Session() as session:
        yield session


def token(session: requests.Session, url: str) -> str:
    document = html5lib.parse(session.get(url, timeout=20).text, namespaceHTMLElements=False)
    return document.find(".//input[@name='token']").get("value")


@pytest.fixture
def waiting(bureau, caller) -> str:
    approvals = {"Nrlx_xx": {"Nrlx_id": 3, "Qzsph": "闽教 1 号", "Spwj": [picture()]}}
    site = website(Nrlx=approvals, Jr_xx=access(1, ("192.0.2.1", "192.0.2.9")), Wz_Bz="<script>alert(1)</script>")
    caller.upload(file(filing(Wz_xx=[site], Fj=[attachment(), attachment(3, 1, 70001)])))
    bureau.bureau.settle()
    return f"{bureau.url}/requests/1"


def test_an_empty_desk(bureau, officer):
    page = officer.get(bureau.url + "/", timeout=20)
    assert "待审事项（0）" in page.text
    assert "不是任何行政机关的网站" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_are_sound_html_without_inline_script_or_style(bureau, officer, waiting):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    for address in (bureau.url + "/", waiting):
        document = parser.parse(officer.get(address, timeout=20).text)
        assert not document.findall(".//script")
        assert not document.findall(".//style")
        for node in document.iter():
            assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
        labelled = {node.get("for") for node in document.iter("label")}
        for control in [*document.iter("select"), *document.iter("textarea")]:
            assert control.get("id") in labelled
        for link in document.iter("link"):
            assert officer.get(bureau.url + link.get("href"), timeout=20).status_code == 200


def test_a_filing_is_shown_with_all_data_and_pictures(bureau, officer, waiting):
    assert "待审事项（1）" in officer.get(bureau.url + "/", timeout=20).text
    text = officer.get(waiting, timeout=20).text
    for expected in (
        "福州青梧文创有限公司",
        "91350100M000100Y43",
        "企业（4）",
        "鼓楼区（350102）",
        "qingwu.example",
        "192.0.2.1-192.0.2.9",
        "教育（3）",
        "闽教 1 号",
        "&lt;script&gt;",
        "网站备案信息真实性核验单",
        "附件（3 件",
    ):
        assert expected in text
    for index in range(3):
        answer = officer.get(f"{waiting}/pictures/{index}", timeout=20)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.content == base64.b64decode(picture())
    assert officer.get(f"{waiting}/pictures/3", timeout=20).status_code == 404
    assert officer.get(f"{bureau.url}/requests/2", timeout=20).status_code == 404


def test_approving_on_the_page(bureau, caller, officer, waiting):
    form = {"token": token(officer, waiting), "what": "approve", "number": "闽ICP备2026000123号", "opinion": "同意"}
    page = officer.post(f"{waiting}/decision", form, timeout=20)
    assert page.url == bureau.url + "/"
    assert "已准予 闽ICP备2026000123号" in page.text
    assert len(caller.take()) == 2
    assert "同意" in officer.get(waiting, timeout=20).text
    again = officer.post(f"{waiting}/decision", form, timeout=20)
    assert again.status_code == 422
    assert "已经办结" in again.text


def test_rejecting_needs_an_opinion(bureau, caller, officer, waiting):
    form = {"token": token(officer, waiting), "what": "reject", "opinion": " "}
    page = officer.post(f"{waiting}/decision", form, timeout=20)
    assert page.status_code == 422
    assert "退回须写明意见" in page.text
    officer.post(f"{waiting}/decision", form | {"opinion": "照片不清"}, timeout=20)
    (root,) = caller.take()
    assert root.findtext(".//Shyj") == "照片不清"


def test_a_processing_error_on_the_page(caller, officer, waiting):
    officer.post(f"{waiting}/decision", {"token": token(officer, waiting), "what": "fail", "code": "1020"}, timeout=20)
    (root,) = caller.take()
    assert root.findtext(".//Jgdm") == "1020"


def test_switches_on_the_page(bureau, officer):
    home = bureau.url + "/"
    form = {"token": token(officer, home), "bad_hash": "once", "slow": "on", "code_14": "off"}
    assert "已开 2 项" in officer.post(bureau.url + "/troubles", form, timeout=20).text
    form = {"token": token(officer, home), "bad_hash": "off", "slow": "off"}
    assert "已开" not in officer.post(bureau.url + "/troubles", form, timeout=20).text


def test_forged_forms_are_refused(bureau, officer, waiting):
    for form in ({}, {"token": ""}, {"token": "x"}):
        assert officer.post(f"{waiting}/decision", form | {"what": "approve"}, timeout=20).status_code == 403
        assert requests.post(bureau.url + "/troubles", form, timeout=20).status_code == 403
    good = token(officer, waiting)
    assert officer.post(f"{waiting}/decision", {"token": good, "what": "burn"}, timeout=20).status_code == 400
    assert bureau.bureau.requests("pending")
