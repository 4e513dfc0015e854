"""A site with everything on it: the demonstration, the longest names, every mailed link, who is signed in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from icp.accounts import factors, links
from icp.accounts.models import Account
from icp.accounts.people import by_email
from icp.demo import load
from icp.demo.people import COMPANIES
from icp.documents.models import Paper
from icp.extensions import begin_write, db
from icp.filings import drafts, marks, opening, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Filing, FilingHost
from icp.filings.states import CHINA, Actor, today
from icp.register import verbs as register
from icp.register.reading import as_record, of_filing
from icp.tasks import verbs as tasks
from icp.tasks.kinds import Kind
from icp.verification import bookings
from tests.live import LiveSite
from tests.waiting import until

LONG = replace(
    COMPANIES[0],
    key="long",
    company="福州市鼓楼区青梧梧桐里文化创意产业发展投资管理集团股份有限公司手工艺品设计分公司",
    principal="阿卜杜热西提·买买提依明",
    street="示例路18号青梧梧桐里文化创意产业园区第三期东侧十二号楼二单元三十六层3602室",
    domain="qingwu-wutongli-wenhua-chuangyi-chanye-fazhan-touzi-guanli.com.cn",
    website="青梧梧桐里手工艺品设计与文化创意产业展示馆",
    serial=120,
)
"""A host whose names are as long as they come."""
REMARKS = (
    ("subject.mailing_address", "门牌没有写全", "请补到楼层和房间号", ""),
    ("website[w1].name", "网站名称太宽泛，看不出网站是做什么的", "", "青梧梧桐里手作馆"),
    ("website[w1].access.ip_addresses", "这个地址不在您的订单里", "", ""),
    ("subject.papers.document", "营业执照左下角没有拍全", "请把四角都放进画面再拍一张", ""),
    ("website[w1]", "网站已经能打开了", "通过以前请先关闭", ""),
    ("filing", "材料里有两份不同日期的执照", "请只留最新的一份", ""),
)
WRONG = {
    "subject.document_number": "91350102MA00000000",
    "subject.name": "青梧",
    "subject.mailing_address": "园区北门",
    "subject.principal.mobile": "1390000",
    "website[w1].name": "青梧网",
    "website[w1].domain": "青梧",
}
LETTERS = ("qingwu", "yunlu", "haiyan", "beichen")
"""Whose newest letter is read: sent back, the visit, approved, the bureau's objection."""


@dataclass
class Stage:
    """The site as the walk finds it.

    Attributes:
        app: the site in this process, over the same instance.
        words: what stands in the braces of an address: numbers of filings by their host, codes of links, ids.
        people: what the session of each holds who walks.
    """

    app: Flask
    words: dict[str, str] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=lambda: {"visitor": {}})

    def cookie(self, person: str, language: str) -> str:
        """A session as after signing in and choosing a language."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(self.people[person], language=language)
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value


def fill(site: LiveSite, app: Flask) -> Stage:
    """Load the demonstration and what it lacks; the worker rests afterwards, so that nothing changes any more."""
    site.flask("demo", "load")
    stage = Stage(app)
    with app.app_context():
        stage.words |= {company.key: _filing_of(company.email).number for company in COMPANIES}
        _long_names(stage)
        _visit(stage)
        _people(stage)
        _records(stage)
        _links(stage)
        _pictures(stage)
        _tasks(stage)
        db.session.commit()
        db.engine.dispose()
    _letters(stage, site)
    site.stop("worker")
    return stage


def _account(email: str) -> Account:
    account = by_email(email)
    assert account is not None, email
    return account


def _filing_of(email: str) -> Filing:
    mine = select(Filing).join(FilingHost).where(FilingHost.account_id == _account(email).id)
    return db.session.scalars(mine.where(Filing.operation == "new_filing").order_by(Filing.id)).one()


def _filing(stage: Stage, word: str) -> Filing:
    return db.session.scalars(select(Filing).where(Filing.number == stage.words[word])).one()


def _long_names(stage: Stage) -> None:
    """Sent back with a remark of every kind; besides it drafts that are empty, half done with mistakes, and ready."""
    reviewer, long = (
        Actor("staff", _account("xu@desk.example").id),
        load.make_account("host", LONG.email, LONG.principal),
    )
    db.session.commit()
    by = Actor("host", long.id)
    filing = load.submit(LONG, long, "203.0.113.90")
    verbs.take(filing.id, reviewer)
    for remark in REMARKS:
        path, message, remedy, suggestion = remark
        marks.put(filing, reviewer, reviewer_correction(path, "", message, remedy, suggestion))
    verbs.send_back(filing.id, reviewer, filing.revision_no)
    db.session.commit()
    made = {"long": filing}
    for word, share in (("empty", 0.0), ("wrong", 0.7), ("ready", 1.0)):
        made[word] = load.open_draft(LONG, long, "203.0.113.91", share)
    drafts.add_row(made["wrong"].id, by, "website")
    drafts.save(made["wrong"].id, by, {path: (None, value) for path, value in WRONG.items()})
    drafts.explain(made["wrong"].id, by, "website[w1].name", "这是我们注册商标的简称，商标证书在附件里。")
    db.session.commit()
    stage.words |= {word: filing.number for word, filing in made.items()}


def _visit(stage: Stage) -> None:
    at = dt.datetime.combine(today() + dt.timedelta(days=2), dt.time(10, 30), CHINA)
    bookings.book(_filing(stage, "yunlu"), "w1", load.PLACE, at, None, "电话里说想上午来")
    db.session.commit()


def _people(stage: Stage) -> None:
    """Everybody's session. ``new`` has no filing and waits for the code of his number; ``many`` has all of them."""
    new, many = (load.make_account("host", f"{word}@host.example", "") for word in ("new", "many"))
    for company in COMPANIES:
        db.session.add(FilingHost(filing_id=_filing(stage, company.key).id, account_id=many.id))
    db.session.commit()
    factors.ask_mobile_code(new.id, "13900000001")
    db.session.commit()
    for account in db.session.scalars(select(Account)):
        word = account.role or str(account.email).partition("@")[0]
        stage.people[word] = {"_user_id": account.get_id(), "_fresh": True}
        stage.words[f"id_{word}"] = str(account.id)


def _records(stage: Stage) -> None:
    """What is done about a record: the demonstration's change and the website that waits for it, and two drafts."""
    begin_write()
    many = Actor("host", _account("many@host.example").id)
    subject = of_filing(_filing(stage, "haiyan").id)[0]
    for word, operation in (("change", "change"), ("queued", "new_website")):
        there = db.session.scalars(select(Filing).where(Filing.operation == operation)).one()
        db.session.add(FilingHost(filing_id=there.id, account_id=many.account_id))
        stage.words[word] = there.number
    for word, operation in (("renewal", "change"), ("ending", "cancel_subject")):
        filing = opening.open_filing(operation, many, host_id=many.account_id, subject=subject)
        stage.words[word] = filing.number
    db.session.commit()


def _links(stage: Stage) -> None:
    begin_write()
    day, long, ready = dt.timedelta(days=1), _account(LONG.email), _filing(stage, "ready")
    for purpose in ("confirm_email", "sign_in", "password", "staff_invitation", "first_administrator", "change_email"):
        stage.words[purpose] = links.issue(purpose, address=LONG.email, account=long, lifetime=day)
    stage.words["resume"] = links.issue("resume", account=long, filing_id=_filing(stage, "wrong").id, lifetime=day)
    link = links.find("resume", stage.words["resume"])
    assert link is not None
    stage.people["resumer"] = {"links": {stage.words["wrong"]: link.id}}
    code = stage.words["handoff"] = links.issue(
        "handoff", account=long, filing_id=ready.id, lifetime=day, code="4K7PQ2WX"
    )
    link = links.find("handoff", code)
    assert link is not None
    papers = db.session.scalars(select(Paper.id).where(Paper.filing_id == ready.id).limit(2)).all()
    stage.people["phone"] = {"phone": {"link": link.id, "papers": list(papers)}}
    stage.people["desktop"] = stage.people["long"] | {
        "handoff": {"number": ready.number, "link": link.id, "code": code}
    }


def _pictures(stage: Stage) -> None:
    """The licence of a filing that is in the queue."""
    wanted = select(Paper.id).where(Paper.filing_id == _filing(stage, "tinghe").id, Paper.path.like("subject.papers%"))
    stage.words["paper"] = db.session.scalars(wanted).first() or ""


def _tasks(stage: Stage) -> None:
    """What the bureau asks for: a notice the host was told of, an unfiled site and a filing to verify, both in hand."""
    reviewer, many = _account("xu@desk.example").id, _account("many@host.example").id
    subject = of_filing(_filing(stage, "haiyan").id)[0]
    record = as_record(subject)
    register.belongs_to(subject, many)
    stage.words["id_subject"] = str(subject.id)
    notice = {"kind": "0", "number": subject.number, "text": "负责人电话多次无人接听，请核实后更正", "remark": ""}
    verify = {"filing": json.loads(json.dumps(dataclasses.asdict(record))), "scans": []}
    verify["filing"] |= {"mailing_address": "示例路旧址三号楼", "number": ""}
    site = {
        "id": 7,
        "domain": LONG.domain,
        "address": 3405803800,
        "detections": 12,
        "carrier": 11,
        "remark": "多次发现",
    }
    for word, kind, said in (
        ("task_notice", Kind.NOTICE, notice),
        ("task_verify", Kind.VERIFY, verify),
        ("task_unfiled", Kind.UNFILED_SITE, site),
    ):
        on_record = None if kind == Kind.UNFILED_SITE else subject
        domain = LONG.domain if kind == Kind.UNFILED_SITE else ""
        task = tasks.open(kind, word, said, subject=on_record, domain=domain, download_id=1)
        tasks.take(task, reviewer)
        if kind == Kind.NOTICE:
            tasks.tell_host(task, reviewer, "请在本周内办理变更备案。")
        stage.words[word] = task.number
    tasks.open(Kind.ILLEGAL_ACCESS, "another", site, domain=LONG.domain, download_id=1)
    db.session.commit()


def _letters(stage: Stage, site: LiveSite) -> None:
    folder = site.instance / "mail"

    def newest(of: str, ending: str) -> Path | None:
        found = [path for path in folder.glob(f"*{ending}") if of in path.read_text(errors="replace")]
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    for key in LETTERS:
        found = until(lambda key=key: newest(f"{key}@host.example", ".eml"), 30, f"no letter to {key}")
        stage.words[f"letter_{key}"] = found.name
    stage.words["sms"] = until(lambda: newest("13900000001", ".txt"), 30, "no SMS").name
