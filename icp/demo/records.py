"""The second half of the demonstration: what is done about a record, and what the bureau wants to know of it."""

from __future__ import annotations

import email
import email.policy
import io
import re
import subprocess
import sys

from flask import current_app
from sqlalchemy import select

from icp import documents, vocabulary
from icp.accounts.models import Account
from icp.bureau.codec.auth import filing_password_hash
from icp.demo.drawings import PAPERS
from icp.demo.people import Company
from icp.extensions import db
from icp.filings import drafts, opening, operations, passwords, verbs
from icp.filings.models import Filing
from icp.filings.paths import type_path
from icp.filings.states import Actor
from icp.register.models import Subject
from icp.rules.correction import Value
from icp.rules.filing_numbers import canonical
from icp.settings import ROOT

ELSEWHERE = {
    "document": "1:91350100MA8T20260A",
    "domain": "shuangquan-tea.com.cn",
    "name": "福州双泉茶业有限公司",
    "number": "闽ICP备2025000088号",
    "password": "Demo2026",
}
"""Filed through another provider: what 新增接入 is tried with."""


def bureau(*words: str) -> str:
    """A command of the loopback bureau; gives what it prints."""
    command = [sys.executable, "-m", "icp.loopback_bureau", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603


def load(host: Company, account: Account, address: str) -> None:
    """A change under review, a new website that waits for it, and what the bureau asks about the record."""
    subject = db.session.scalars(select(Subject).where(Subject.name == host.company)).one()
    by = Actor("host", account.id)
    _file("change", host, by, subject, {"subject.mailing_address": f"{host.street}，收发室"})
    answers = {
        path: value
        for path, value in host.answers(address).items()
        if path.startswith("website[w1].") and operations.get("new_website").has_field(path)
    }
    answers |= {
        "website[w1].name": f"{host.website[:4]}文档中心",
        "website[w1].domain": f"docs-{host.domain}",
        "website[w1].home_url": f"www.docs-{host.domain}",
    }
    _file("new_website", host, by, subject, answers)
    website = subject.websites[0].number
    bureau("issue-task", website)
    bureau("notice", subject.number, "请核实主办单位通信地址，有变化的请在十个工作日内办理变更。")
    bureau("unfiled", "no-filing.example", address)
    bureau(
        "register",
        "--ip",
        "198.51.100.7",
        *(word for name, value in ELSEWHERE.items() for word in (f"--{name}", value)),
    )


def _file(operation: str, host: Company, by: Actor, subject: Subject, typed: dict[str, Value]) -> Filing:
    filing = opening.open_filing(operation, by, host_id=by.account_id, subject=subject)
    drafts.save(filing.id, by, {path: (None, value) for path, value in typed.items()})
    digest = filing_password_hash(_password(host))
    passwords.keep(filing.id, by, number=canonical(subject.number) or "", md5=digest, verdict=passwords.RIGHT)
    db.session.commit()
    declared = operations.get(operation)
    for slot in declared.papers(drafts.read(filing.id).answers, vocabulary.current()):
        if slot.required and type_path(slot.path) in PAPERS:
            picture = io.BytesIO(PAPERS[type_path(slot.path)](host))
            documents.store(picture, filing_id=filing.id, path=slot.path, by_id=by.account_id, purpose=slot.purpose)
    db.session.commit()
    verbs.submit(filing.id, by)
    db.session.commit()
    return filing


def _password(host: Company) -> str:
    """What the bureau mailed to the host."""
    for file in sorted((current_app.extensions["settings"].instance / "mail").glob("*.eml"), reverse=True):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = letter.get_body(("plain",))
        found = re.search(r"备案密码：(\S+)", body.get_content()) if body is not None else None
        if found and host.email in str(letter["To"]):
            return found.group(1)
    raise LookupError(f"no letter with a filing password for {host.email}")
