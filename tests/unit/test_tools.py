"""The tools of the tests themselves."""

from __future__ import annotations

import socket

import pytest
from flask import Flask
from sqlalchemy import text

from icp.extensions import db
from tests.client import StrictClient
from tests.conftest import both_databases
from tests.html import check, parse
from tests.htmx import assert_same, update_page_with_htmx

PAGE = """<!doctype html><html lang="zh-CN"><head><title>一 · 备案台</title></head>
<body><main id="main"><h1>一</h1><p id="a">甲</p><p id="b">乙</p></main></body></html>"""


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ('<p id="x"></p><p id="x"></p>', "id x twice"),
        ('<input name="n">', "control n has no label"),
        ('<p onclick="f()">a</p>', "inline onclick"),
        ('<p style="color:red">a</p>', "inline style"),
        ("<script>f()</script>", "inline script"),
        ('<img alt="" src="//elsewhere.example/x.png">', "leads outside"),
        ('<img src="/x.png">', "without alt"),
        ('<form action="/x" method="post"></form>', "without CSRF token"),
        ("<form></form>", "form without action"),
        ("<b><p></b></p>", "not strict HTML"),
    ],
)
def test_the_client_finds_what_a_page_owes(part: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        check(parse(part, fragment=True), "/x", fragment=True)


def test_the_title_begins_with_the_heading() -> None:
    check(parse(PAGE), "/x")
    with pytest.raises(AssertionError, match="doesn't begin"):
        check(parse(PAGE.replace("<title>一", "<title>二")), "/x")


def test_what_htmx_does_is_done_to_the_page() -> None:
    answer = '<p id="a">丙</p><p id="b" hx-swap-oob="true">丁</p>'
    updated = update_page_with_htmx(parse(PAGE), answer, target="a")
    assert_same(updated, parse(PAGE.replace("甲", "丙").replace("乙", "丁")))
    with pytest.raises(AssertionError, match="丙"):
        assert_same(updated, parse(PAGE))


def test_no_test_leaves_the_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match="network"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(pytest.fail.Exception, match="looked up"):
        socket.getaddrinfo("elsewhere.example", 80)


@both_databases
def test_each_test_has_an_empty_database(app: Flask, database: str) -> None:
    with app.app_context():
        assert db.engine.dialect.name == ("postgresql" if database else "sqlite")
        assert db.session.execute(text("SELECT count(*) FROM account")).scalar() == 0


def test_monitors_are_answered(client: StrictClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["parts"]["database"] == {"status": "ok"}


def test_the_hue_is_a_style_sheet_of_its_own(client: StrictClient) -> None:
    sheet = client.get("/theme.css")
    assert "--brand-hue: 222" in sheet.get_data(as_text=True)
    assert sheet.headers["Cache-Control"] == "public, max-age=86400"
