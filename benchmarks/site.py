"""A site to measure: a host with a filled-in draft, a reviewer with a queue, and the requests they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import insert

from icp import create_app
from icp.accounts.models import Account
from icp.accounts.verbs import email_hash
from icp.demo.people import COMPANIES
from icp.extensions import db, now
from icp.filings import drafts, opening
from icp.filings.models import Filing
from icp.filings.numbering import filing_number
from icp.filings.states import Actor, today

FIRST = 10_000
QUEUE = 2000
"""Filings that wait for review, unless told otherwise."""
DEEP = 10
"""The deep page of the queue is the one after so many."""


@dataclass(frozen=True)
class Target:
    """One request to measure.

    Attributes:
        floor: what it is compared with: hello or write.
        other: a second body that is sent in turn with the first, so that each request changes something.
        most: bytes the answer should have at most, 0 for no goal.
    """

    name: str
    path: str
    floor: str
    goal: float
    cookie: str = ""
    body: str = ""
    token: str = ""
    status: int = 200
    htmx: bool = False
    other: str = ""
    most: int = 0


def prepare(instance: Path, filings: int = QUEUE) -> tuple[Flask, list[Target]]:
    """Fill a fresh site and give the requests.

    Args:
        instance: folder of the site; its database is ``ICP_DATABASE_URI`` where that is set.
        filings: how many wait in the queue.
    """
    app = create_app(instance=instance)
    with app.app_context():
        db.create_all()
        host = _account("host", "bench@host.example")
        reviewer = _account("staff", "bench@desk.example", "reviewer")
        db.session.commit()
        number, written = _draft(host), _draft(host)
        _fill_queue(filings)
        db.session.commit()
        ids = host.id, reviewer.id
    cookie, token, page = _session(app, ids[0], f"/filings/{number}/steps/subject")
    desk, _, first = _session(app, ids[1], "/desk/")
    deep = _deep(app, desk, first)
    step = f"/filings/{number}/steps/subject"
    valid = _form(page)
    wrong = [(k, "9135O1OOM000100Y43" if k == "subject.document_number" else v) for k, v in valid]
    name = "subject.name"
    one = [(name, "福州青梧文创有限公司"), (f"shown:{name}", "福州青梧文创有限公司")]
    field = [_turned([], name, *pair) for pair in (("甲", "乙"), ("乙", "甲"))]
    whole = [_turned(valid, "subject.supervisor", *pair) for pair in (("林知夏", "陈望舒"), ("陈望舒", "林知夏"))]
    ask, write = f"/filings/{number}/answers", f"/filings/{written}"
    return app, [
        Target("step", step, "hello", 0.35, cookie, most=8192),
        Target("check", ask, "hello", 0.30, cookie, urlencode(one), token, htmx=True, most=400),
        Target("check and save", f"{write}/answers", "write", 0.0, cookie, field[0], token, htmx=True, other=field[1]),
        Target("save step", f"{write}/steps/subject", "write", 0.30, cookie, whole[0], token, 303, other=whole[1]),
        Target("invalid step", step, "hello", 0.17, cookie, urlencode(wrong), token, 422),
        Target("queue", "/desk/", "hello", 0.25, desk, most=12_288),
        Target("queue, deep", deep, "hello", 0.25, desk, most=12_288),
        Target("domain", f"/desk/?q=site{FIRST + 7}.example", "hello", 0.40, desk),
    ]


def _deep(app: Flask, cookie: str, page: str) -> str:
    """The address of a page of the queue far from the first."""
    client, address = app.test_client(), "/desk/"
    client.set_cookie("session", cookie.partition("=")[2])
    for _ in range(DEEP):
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
        page = client.get(address).get_data(as_text=True)
    return address


def _draft(host: Account) -> str:
    """A first filing, filled in, with one correction to draw; its number. What is written to is another than what is
    read, so that nothing read is in conflict with what was written meanwhile."""
    by = Actor("host", host.id)
    filing = opening.open_filing("new_filing", by, host_id=host.id)
    answers = COMPANIES[0].answers("203.0.113.24")
    answers["subject.mailing_address"] = "示例路文创园北门"
    drafts.save(filing.id, by, {path: (None, value) for path, value in answers.items()})
    return filing.number


def _account(kind: str, email: str, role: str = "") -> Account:
    account = Account(kind=kind, role=role, name=email, email=email, email_hash=email_hash(email), session_stamp="b")
    account.email_confirmed_at = now()
    db.session.add(account)
    db.session.flush()
    return account


def _fill_queue(filings: int) -> None:
    """Narrow rows only; the queue reads nothing else."""
    rows = []
    for serial in range(FIRST, FIRST + filings):
        host = COMPANIES[serial % len(COMPANIES)]
        rows.append(
            {
                "number": filing_number(serial, today()),
                "operation": "new_filing",
                "state": "submitted",
                "province": "350000",
                "subject_name": host.company or host.principal,
                "domain": f"site{serial}.example",
                "website_name": host.website,
                "revision_no": 1,
                "due_on": today(),
                "resubmitted": serial % 7 == 0,
            }
        )
    if rows:
        db.session.execute(insert(Filing), rows)


def _session(app: Flask, account_id: int, path: str) -> tuple[str, str, str]:
    """Cookie, CSRF token and a page of somebody who signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{account_id}.b", True
    page = client.get(path).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    cookie = client.get_cookie("session")
    return f"session={cookie.value}" if cookie else "", token.group(1) if token else "", page


def _turned(form: list[tuple[str, str]], path: str, value: str, shown: str) -> str:
    """A form with another value at ``path``, and the value its page was shown."""
    kept = [(name, text) for name, text in form if name not in (path, f"shown:{path}")]
    return urlencode([*kept, (path, value), (f"shown:{path}", shown)])


def _form(page: str) -> list[tuple[str, str]]:
    """The main form of a page as a browser would post it."""
    from html5lib import parse

    from tests.client import Page

    parsed = Page(page, parse(page))
    form = max(parsed.all("form", method="post"), key=lambda f: len(list(f.iter())))
    return [(name, value) for name, values in parsed.form_values(form).items() for value in values]
