"""The officer's pages of the bureau's own word: issuing, what was answered, what was sent, what is on record."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from lxml import etree

from icp.bureau.codec import xml
from icp.bureau.codec.numbers import int_to_ip
from icp.loopback_bureau import checks, commands, concerning, issue_forms
from icp.loopback_bureau.concerning import Unissuable
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.issue_forms import BY_COMMAND, FORMS, Form, Unreadable
from icp.loopback_bureau.officer import bp
from icp.loopback_bureau.store import Connection, Row
from icp.vocabulary import builtin

SHOWN = 100
ANSWERS = ("HSJG", "WBACLJG", "XZHYD")
GROUP = re.compile(rb"<DownloadData[^>]*>\s*<(\w+)>?\s*(?:/>|<(\w+))")
LONGEST = 200_000


def bureau() -> Bureau:
    """The bureau behind the page."""
    found: Bureau = current_app.extensions["bureau"]
    return found


@bp.app_template_filter("groups")
def groups(data: bytes) -> str:
    """What a download file holds: its first group, or its module."""
    found = GROUP.search(data[:400])
    if found is None:
        return ""
    module, group = ((part or b"").decode() for part in found.groups())
    return group if module == "ICP" else module


bp.add_app_template_filter(int_to_ip, "ip")


@bp.get("/issue")
def issuing() -> str:
    """The forms."""
    return _forms()


def _forms(failed: str = "", error: Unissuable | Unreadable | None = None) -> str:
    with bureau().store.read() as connection:
        providers = {str(row["isp_id"]): row["name"] for row in concerning.providers(connection) if not row["retired"]}
        filings = _numbers(connection)
    return render_template(
        "issue.html",
        place="officer.issuing",
        forms=FORMS,
        failed=failed,
        error=error,
        typed=request.form if failed else {},
        filings=filings,
        offered=lambda field: issue_forms.choices(field, builtin(), providers),
    )


def _numbers(connection: Connection) -> list[Row]:
    """Numbers on record with their names, newest first, for completing what is typed."""
    return connection.execute(
        "SELECT number, name, changed_at FROM sponsor WHERE cancelled_at IS NULL"
        " UNION ALL SELECT number, name, changed_at FROM website WHERE cancelled_at IS NULL"
        " ORDER BY changed_at DESC, number LIMIT ?",
        (SHOWN,),
    ).fetchall()


@bp.post("/issue/<command>")
def issue(command: str) -> Any:
    """Issue what a form says; what keeps it from being said stands at its field."""
    form: Form | None = BY_COMMAND.get(command)
    if form is None:
        abort(404)
    for field in form.fields:
        if field.choices and request.form.get(field.name, "") not in field.choices:
            abort(400)
    try:
        names = commands.run(bureau(), issue_forms.options(form, request.form))
    except (Unissuable, Unreadable) as error:
        return _forms(command, error), 422
    sent = f"{form.group} {form.zh}".strip()
    flash(f"{sent}已列入下发：{'、'.join(names)}" if names else f"{sent}已记下，没有下发文件。")
    return redirect(url_for("officer.issuing"), 303)


@bp.get("/answers")
def answers() -> str:
    """What providers answered, and what still waits for an answer."""
    bureau().settle()
    with bureau().store.read() as connection:
        tasks = connection.execute(
            "SELECT t.*, s.number AS sponsor_number, s.name AS sponsor_name, w.number AS website_number,"
            " a.name AS provider FROM task t JOIN sponsor s ON s.id = t.sponsor_id"
            " LEFT JOIN website w ON w.id = t.website_id LEFT JOIN account a ON a.isp_id = t.isp_id"
            " ORDER BY t.answered_at IS NOT NULL, t.id DESC LIMIT ?",
            (SHOWN,),
        ).fetchall()
        sites = connection.execute(
            "SELECT u.*, n.result, n.opinion, a.name AS provider FROM unfiled u"
            " LEFT JOIN unfiled_answer n ON n.domain = u.domain AND n.ip = u.ip"
            " LEFT JOIN account a ON a.isp_id = u.isp_id ORDER BY u.answered_at IS NOT NULL, u.rowid DESC LIMIT ?",
            (SHOWN,),
        ).fetchall()
    rows = [row for row in bureau().requests() if row["group_name"] in ANSWERS][-SHOWN:][::-1]
    handled = {option.code: option.zh for option in builtin().options("unfiled_results")}
    titles = {name: group.zh for name, group in checks.GROUPS.items()}
    return render_template("answers.html", tasks=tasks, sites=sites, rows=rows, handled=handled, titles=titles)


@bp.get("/sent")
def sent() -> str:
    """The files the bureau has for its providers, newest first."""
    with bureau().store.read() as connection:
        rows = connection.execute(
            "SELECT d.*, a.name AS provider, EXISTS (SELECT 1 FROM held h WHERE h.download_id = d.id) AS held"
            " FROM download d LEFT JOIN account a ON a.isp_id = d.isp_id ORDER BY d.id DESC LIMIT ?",
            (SHOWN,),
        ).fetchall()
    return render_template("sent.html", rows=rows)


@bp.get("/sent/<int:file_id>")
def sent_file(file_id: int) -> str:
    """One file as it is handed out, before packing."""
    with bureau().store.read() as connection:
        row = connection.execute(
            "SELECT d.*, a.name AS provider, 0 AS held FROM download d LEFT JOIN account a ON a.isp_id = d.isp_id"
            " WHERE d.id = ?",
            (file_id,),
        ).fetchone()
    if row is None:
        abort(404)
    text = _readable(row["xml"])
    return render_template(
        "sent_file.html", place="officer.sent", row=row, text=text[:LONGEST], whole=len(text) <= LONGEST
    )


def _readable(data: bytes) -> str:
    """The XML of a file in lines; a large one as it is."""
    if len(data) > LONGEST:
        return data.decode("gbk")
    root = xml.parse(data)
    etree.indent(root)
    text: str = etree.tostring(root, encoding="unicode")
    return text


@bp.get("/registry")
def registry() -> str:
    """What is on record: sponsors with their websites, domains and access records."""
    wanted = request.args.get("q", "").strip()
    with bureau().store.read() as connection:
        rows = connection.execute(
            "SELECT s.number AS sponsor_number, s.name AS sponsor_name, w.number, w.name, a.id AS access_id,"
            " c.name AS provider, a.isp_id,"
            " (SELECT group_concat(d.name, ' ') FROM domain d WHERE d.website_id = w.id AND d.cancelled_at IS NULL)"
            " AS domains"
            " FROM sponsor s LEFT JOIN website w ON w.sponsor_id = s.id AND w.cancelled_at IS NULL"
            " LEFT JOIN access a ON a.website_id = w.id AND a.cancelled_at IS NULL"
            " LEFT JOIN account c ON c.isp_id = a.isp_id"
            " WHERE s.cancelled_at IS NULL AND instr(s.number || ' ' || s.name || ' ' || coalesce(w.number, '') || ' '"
            " || coalesce(domains, ''), ?) ORDER BY s.changed_at DESC, s.id, w.suffix, a.id LIMIT ?",
            (wanted, SHOWN),
        ).fetchall()
    return render_template("registry.html", rows=rows, q=wanted)
